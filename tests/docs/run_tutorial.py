#!/usr/bin/env python3
"""run_tutorial.py KEDGE SOURCE FILE... - does what a page of the documentation tells its reader to do.

All blocks of a page share a folder, in which 'kedge' and 'build/kedge' are the program and 'experiments' is that of
the sources. Fenced blocks are taken in their order, one TAP test each:

    sh          run by sh, and must succeed
    text        right behind a block that ran: what it prints, standard output and error together
    others      shown, not run

A comment on the line above a fence changes that:

    <!-- file: NAME -->     saved as that file
    <!-- not run -->        shown only
    <!-- fails -->          must end with a status other than 0

In expected output '...' stands for any text, on a line of its own for any lines, and numbers of spaces do not
matter. Numbers with a point or an exponent depend on the kernels: they agree within a factor of 3, or 0.1.
"""
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from support import TIMEOUT, Bench  # noqa: E402 - found by the line above

FENCE = re.compile(r'^(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<kind>\w*)\n(?P<body>.*?)^```$', re.M | re.S)
DECIMAL = re.compile(r'[-+]?\d+(?:\.\d+(?:e[-+]?\d+)?|e[-+]?\d+)')
FACTOR, NEAR = 3.0, 0.1


def near(have, want):
    a, b = float(have), float(want)
    return abs(a - b) <= NEAR and (abs(b) >= NEAR / 10 or max(abs(a), abs(b)) <= FACTOR * min(abs(a), abs(b)))


def line_matches(have, want):
    numbers = DECIMAL.findall(want)
    pattern = DECIMAL.sub('\0', want)
    pattern = re.escape(' '.join(pattern.split())).replace('\0', f'({DECIMAL.pattern}|[-+]?\\d+)')
    found = re.fullmatch(pattern.replace(re.escape('...'), '.*'), ' '.join(have.split()))
    return bool(found) and all(map(near, found.groups(), numbers))


def matches(have, want):
    """Whether lines agree; a '...' among the wanted ones takes as many as it needs."""
    if not want:
        return not have
    if want[0].strip() == '...':
        return any(matches(have[i:], want[1:]) for i in range(len(have) + 1))
    return bool(have) and line_matches(have[0], want[0]) and matches(have[1:], want[1:])


def execute(bench, body, must_fail):
    """(what it printed, what is wrong with its status)."""
    done = subprocess.run(['sh', '-eu', '-c', body], cwd=bench.folder, env=bench.environment, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT)
    wrong = (done.returncode != 0) != must_fail
    return done.stdout, f'exit status {done.returncode}\n{done.stdout}' if wrong else ''


def differ(have, want):
    return '' if matches(have.splitlines(), want.splitlines()) else f'printed:\n{have}expected:\n{want}'


def tests_of(bench, text):
    """Yields what was tried, and what is wrong with it."""
    printed = None
    for fence in FENCE.finditer(text):
        note, kind, body = fence['note'] or '', fence['kind'], fence['body']
        if note.startswith('file: '):
            (bench.folder / note[len('file: '):]).write_text(body, encoding='utf-8')
        elif kind == 'sh' and note != 'not run':
            printed, wrong = execute(bench, body, note == 'fails')
            yield body.strip().splitlines()[-1], wrong
        elif kind == 'text' and printed is not None:
            yield f'prints {body.splitlines()[0].strip()}', differ(printed, body)
        printed = printed if kind == 'sh' and note != 'not run' else None


def main():
    program, source, *pages = sys.argv[1:]
    number = failed = 0
    for page in pages:
        with Bench(program, source) as bench:
            (bench.folder / 'build').mkdir()
            (bench.folder / 'build' / 'kedge').symlink_to(bench.folder / 'bin' / 'kedge')
            (bench.folder / 'experiments').symlink_to(bench.source / 'experiments')
            for what, wrong in tests_of(bench, Path(page).read_text(encoding='utf-8')):
                number += 1
                failed += bool(wrong)
                name = f'{Path(page).name}: {what}'.replace('#', ' ')
                print(f"{'not ok' if wrong else 'ok'} {number} - {name}", flush=True)
                for line in wrong.splitlines():
                    print(f'# {line}', flush=True)
    print(f'1..{number}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
