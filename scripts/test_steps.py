#!/usr/bin/env python3
"""The steps of scripts/test, one after the other; each failure is named again at the end.

Unit tests count one by one (their TAP lines in Meson's testlog.json); every other check counts as one. A step
whose ground is missing (the unit tests of a tree that does not build) counts as failed. The last line is
'N passed, N failed'; exit status 1 if anything failed. With names as arguments only those steps run.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAP = re.compile(r'^(not )?ok\b\s*\d*\s*-?\s*(.*)$', re.M)
OUTPUT_LINES = 60  # of a failed command
SKIPPED = 77  # a command's exit status where this machine lacks what it needs


class Tally:
    """What passed, and the names of what failed."""

    def __init__(self):
        self.passed = 0
        self.failures = []
        self.built = {}  # build directory: whether it was built in this run

    def check(self, good, name):
        if good:
            self.passed += 1
        else:
            self.failures.append(name)
        return good


def run(*command, **changes):
    """(whether it succeeded, what it printed). The environment is this one with 'changes'."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, text=True, errors='replace', check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          env={**os.environ, **changes})
    if done.returncode == SKIPPED:
        print(f'   skipped: {done.stdout.strip()}')
    return done.returncode in (0, SKIPPED), done.stdout


def command(tally, name, *parts, **changes):
    """One check: a command that has to succeed. Prints its last lines where it does not."""
    good, output = run(*parts, **changes)
    if not good:
        print('\n'.join(output.rstrip().splitlines()[-OUTPUT_LINES:]))
    return tally.check(good, name)


def build(tally, directory, compiler):
    """Configures and builds a directory; counted, and done, once."""
    if directory in tally.built:
        return tally.built[directory]
    good, output = run('scripts/configure', directory, '--buildtype=release', '-Dwerror=true', CC=compiler)
    if good:
        good, output = run('ninja', '-C', directory, '--quiet')
    if not good:
        print('\n'.join(output.rstrip().splitlines()[-OUTPUT_LINES:]))
    tally.built[directory] = tally.check(good, f'{directory}: builds with {compiler} without a warning')
    return good


def count_tests(tally, directory):
    """Runs the tests of a build directory and counts their sub-tests, as Meson's log has them."""
    log = ROOT / directory / 'meson-logs' / 'testlog.json'
    log.unlink(missing_ok=True)
    _, output = run('meson', 'test', '-C', directory, '--no-rebuild')
    if not log.is_file():
        print(output)
        tally.check(False, f'{directory}: the unit tests run')
        return
    for line in log.read_text().splitlines():
        entry = json.loads(line)
        name, results = entry['name'].split(' / ')[-1], TAP.findall(entry.get('stdout', ''))
        failed = [what for bad, what in results if bad]
        tally.passed += len(results) - len(failed)
        tally.failures += [f'{directory}: {name}: {what}' for what in failed]
        if entry['result'] == 'OK' and not results:
            tally.passed += 1  # a program that tells by its exit status alone, as the replay of a corpus does
        if failed or entry['result'] != 'OK':
            print('\n'.join((entry.get('stdout', '') + entry.get('stderr', '')).splitlines()[-OUTPUT_LINES:]))
        if not failed and entry['result'] != 'OK':
            tally.failures.append(f"{directory}: {name}: {entry['result']} after {len(results)} sub-tests")


# --- the steps -----------------------------------------------------------------------------------------------

def layers(tally):
    command(tally, 'layers: includes only go down', 'scripts/check_layers')


def house(tally):
    command(tally, 'house: rules that a compiler does not know', 'scripts/check_house')


def checkers(tally):
    command(tally, 'checkers: each planted fault is caught', sys.executable, 'tests/checks/test_checks.py')
    command(tally, 'checkers: set-up and configuration', sys.executable, 'tests/checks/test_setup.py')


def gcc(tally):
    if build(tally, 'build-gcc', 'gcc'):
        count_tests(tally, 'build-gcc')


def clang(tally):
    build(tally, 'build-clang', 'clang')


def sanitize(tally):
    command(tally, 'sanitize: unit tests under ASan and UBSan', 'scripts/sanitize')


def threads(tally):
    command(tally, 'threads: what starts threads under TSan', 'scripts/sanitize', 'thread')


def mpi(tally):
    command(tally, 'mpi: sweeps among the ranks of a job', 'scripts/mpi')


def fuzz(tally):
    command(tally, 'fuzz: corpora, then a few seconds of each target', 'scripts/fuzz',
            TIME=os.environ.get('FUZZ_SECONDS', '3'))


def reader(tally):
    script = 'tests/reader/read_run.py'
    command(tally, 'reader: its self-test', sys.executable, script, '--self-test')
    kedge = kedge_binary() if build(tally, 'build-gcc', 'gcc') else None
    if not tally.check(kedge is not None, 'reader: a kedge binary in build-gcc'):
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ('2.4.1', '2.9.1', '1.7'):
            out = Path(folder) / name
            if command(tally, f'reader: kedge run experiments/{name}', kedge, 'run', f'experiments/{name}', '-o', out,
                       '--seeds', '2', '--record', '500', '--quiet'):
                command(tally, f'reader: the models of {name} computed again', sys.executable, script, '--kedge', kedge,
                        out)


def install(tally):
    """Into a temporary directory: the exported symbols, the headers alone, a C example through pkg-config."""
    if not tally.check(build(tally, 'build-gcc', 'gcc'), 'install: a build to install'):
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        if command(tally, 'install: meson install', 'meson', 'install', '-C', 'build-gcc', '--no-rebuild', '--quiet',
                   DESTDIR=folder):
            check_exports(tally, tree)
            check_headers(tally, tree)
            check_example(tally, tree)


def web(tally):
    command(tally, 'web: the committed page is of these sources', 'scripts/web', '--check')
    command(tally, 'web: a new build of the page has the same bytes', 'scripts/web', '--verify')
    kedge = kedge_binary() if build(tally, 'build-gcc', 'gcc') else None
    if not tally.check(kedge is not None, 'web: a kedge binary in build-gcc'):
        return
    good, output = run('tests/web/run', kedge)
    results = TAP.findall(output)
    failed = [what for bad, what in results if bad]
    tally.passed += len(results) - len(failed)
    tally.failures += [f'web: {what}' for what in failed]
    if not good:
        print('\n'.join(output.rstrip().splitlines()[-OUTPUT_LINES:]))
        if not failed:
            tally.failures.append('web: the page in a browser')


STEPS = (layers, house, checkers, gcc, clang, reader, install, web, sanitize, threads, fuzz)
EXTRA = (mpi,)  # only where they are named: they need more packages


# --- what the installation is checked for ----------------------------------------------------------------------

def kedge_binary():
    places = (ROOT / 'build-gcc' / name for name in ('kedge', 'cli/kedge'))
    return next((path for path in places if path.is_file()), None)


def declared():
    """The names that the public headers declare KEDGE_API."""
    names = set()
    for path in sorted((ROOT / 'include' / 'kedge').glob('*.h')):
        text = re.sub(r'/\*.*?\*/|//[^\n]*|^\s*#(?:[^\n]*\\\n)*[^\n]*', ' ', path.read_text(), flags=re.S | re.M)
        for found in re.finditer(r'\bKEDGE_API\b([^;{]*)', text):
            before = found.group(1).split('(')[0]
            names.add(re.findall(r'\w+', before)[-1])
    return names


def symbols(path, *options):
    """(name, kind) of the global symbols that a library defines."""
    good, output = run('nm', '--defined-only', *options, path)
    lines = [line.split() for line in output.splitlines()] if good else []
    return {(parts[-1].split('@')[0], parts[-2]) for parts in lines if len(parts) == 3 and parts[-2].isupper()}


def one_of(tree, pattern):
    return next(iter(sorted(tree.rglob(pattern))), None)


def listed(what, names):
    for name in sorted(names):
        print(f'{what}: {name}')


def check_exports(tally, tree):
    shared, static = one_of(tree, 'libkedge.so'), one_of(tree, 'libkedge.a')
    if not tally.check(shared and static, 'install: a shared and a static library'):
        return
    exported = {name for name, _ in symbols(shared, '-D')}
    listed('exported, but in no public header', exported - declared())
    listed('declared KEDGE_API, but not exported', declared() - exported)
    tally.check(bool(exported) and exported == declared(), 'install: exports just what the public headers declare')
    foreign = {name for name, _ in symbols(static, '-g') if not name.startswith('kedge_')}
    listed('global name without kedge_', foreign)
    tally.check(not foreign, 'install: every global name of the static library begins with kedge_')


def check_headers(tally, tree):
    headers = sorted(tree.rglob('include/kedge/*.h'))
    want = {path.name for path in (ROOT / 'include' / 'kedge').glob('*.h')}
    listed('not installed', want - {path.name for path in headers})
    tally.check({path.name for path in headers} == want, 'install: every public header')
    alone = tree / 'alone.c'
    for path in headers:
        alone.write_text(f'#include "kedge/{path.name}"\nextern int not_empty;\n')
        command(tally, f'install: kedge/{path.name} compiles alone', 'gcc', '-std=c11', '-Wall', '-Wextra', '-Wpedantic',
                '-Wstrict-prototypes', '-Werror', '-fsyntax-only', '-I', path.parent.parent, alone)


def check_example(tally, tree):
    """Builds and runs each example against the installed tree, as a user's Makefile would."""
    described = one_of(tree, 'kedge.pc')
    if not tally.check(described, 'install: a pkg-config file'):
        return
    # The file names the final place; while the tree lies elsewhere, only the prefix differs.
    moved = tree / 'kedge.pc'
    text = described.read_text()
    prefix = re.search(r'^prefix=(.*)$', text, re.M)
    if not tally.check(prefix, 'install: kedge.pc has a prefix'):
        return
    moved.write_text(re.sub(r'^prefix=.*$', f'prefix={tree}{prefix.group(1)}', text, flags=re.M))
    good, flags = run('pkg-config', '--cflags', '--libs', 'kedge', PKG_CONFIG_PATH=str(tree))
    if not tally.check(good, 'install: pkg-config finds kedge'):
        print(flags)
        return
    examples = sorted((ROOT / 'examples').glob('*.c'))
    tally.check(bool(examples), 'install: there is an example')
    library = one_of(tree, 'libkedge.so').parent
    for source in examples:
        program = tree / source.stem
        if command(tally, f'install: examples/{source.name} compiles against it', 'gcc', '-std=c11', '-Wall', '-Wextra',
                   '-Werror', source, '-o', program, *flags.split(), '-lm'):
            command(tally, f'install: examples/{source.name} runs', program, LD_LIBRARY_PATH=str(library))


def main():
    chosen = sys.argv[1:]
    unknown = set(chosen) - {step.__name__ for step in STEPS + EXTRA}
    if unknown:
        known = ' '.join(step.__name__ for step in STEPS + EXTRA)
        print(f"test: no step '{sorted(unknown)[0]}'; the steps are {known}", file=sys.stderr)
        return 2
    tally = Tally()
    for step in STEPS + EXTRA if chosen else STEPS:
        if chosen and step.__name__ not in chosen:
            continue
        began, passed, failed = time.monotonic(), tally.passed, len(tally.failures)
        print(f'== {step.__name__}', flush=True)
        try:
            step(tally)
        except (OSError, ValueError, AttributeError, LookupError) as error:  # a step that breaks is a step that fails
            tally.check(False, f'{step.__name__}: {type(error).__name__}: {error}')
        print(f'   {tally.passed - passed} passed, {len(tally.failures) - failed} failed '
              f'({time.monotonic() - began:.1f} s)', flush=True)
    if tally.failures:
        print('\nFailed:')
        for name in tally.failures:
            print(f'  {name}')
    print(f'{tally.passed} passed, {len(tally.failures)} failed')
    return 1 if tally.failures else 0


if __name__ == '__main__':
    sys.exit(main())
