"""What the tests of the command line share: a folder to work in, the program, TAP lines.

Every script is called with the program's path and the root of the sources. Standard library only.
"""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

TIMEOUT = 300  # seconds; far more than any command here takes, under an emulator too


class Bench:
    """A folder that is removed again, with 'red' in it, experiment 2.4.1, and the program as 'kedge' on PATH."""

    def __init__(self, program, source):
        self.program = Path(program).resolve()
        self.source = Path(source).resolve()
        self.folder = Path(tempfile.mkdtemp(prefix='kedge-cli-'))
        shutil.copytree(self.source / 'experiments' / '2.4.1', self.folder / 'red')
        # Meson names the emulator of a cross build in this variable.
        self.command = [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), str(self.program)]
        bin_folder = self.folder / 'bin'
        bin_folder.mkdir()
        script = bin_folder / 'kedge'
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self.command)} "$@"\n')
        script.chmod(0o755)
        self.environment = {**os.environ, 'PATH': f"{bin_folder}:{os.environ['PATH']}", 'LC_ALL': 'C',
                            'KEDGE_SOURCE': str(self.source)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def kedge(self, *arguments, status=0, **keywords):
        """Runs the program in the folder; its exit status must be 'status'. Standard output as text."""
        done = subprocess.run([*self.command, *map(str, arguments)], cwd=self.folder, env=self.environment, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, **keywords)
        expect(done.returncode == status, f'kedge {shlex.join(map(str, arguments))}: exit status {done.returncode}, '
                                          f'expected {status}\n{done.stderr.decode(errors="replace")}')
        return done

    def text(self, *arguments, **keywords):
        return self.kedge(*arguments, **keywords).stdout.decode()

    def files(self, directory, but=('timing.json',)):
        """{path: bytes} of all files in a directory of the folder."""
        top = self.folder / directory
        return {str(path.relative_to(top)): path.read_bytes() for path in sorted(top.rglob('*'))
                if path.is_file() and path.name not in but}


class Failed(Exception):
    """An expectation that did not hold."""


def expect(good, what):
    if not good:
        raise Failed(what)


def expect_equal(have, want, what):
    if have != want:
        raise Failed(f'{what}:\n  have {have!r}\n  want {want!r}')


def run_tests(tests):
    """Runs (name, function of a Bench) pairs, each on a bench of its own. Prints TAP; exits with 1 if one failed."""
    program, source = sys.argv[1:3]
    print(f'1..{len(tests)}')
    failures = 0
    for number, (name, test) in enumerate(tests, 1):
        why = None
        try:
            with Bench(program, source) as bench:
                test(bench)
        except Failed as failed:
            why = str(failed)
        except Exception:  # a test that breaks is a test that fails
            why = traceback.format_exc()
        failures += why is not None
        print(f"{'not ok' if why else 'ok'} {number} - {name}", flush=True)
        for line in (why or '').splitlines():
            print(f'# {line}', flush=True)
    sys.exit(1 if failures else 0)


def tests_of(module):
    """The functions of a script whose names begin with test_, in their order, with their names in words."""
    return [(name[len('test_'):].replace('_', ' '), value) for name, value in vars(module).items()
            if name.startswith('test_') and callable(value)]
