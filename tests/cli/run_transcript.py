#!/usr/bin/env python3
"""run_transcript.py KEDGE SOURCE FILE... [--write] - runs the commands of transcripts and compares what they print.

A transcript holds commands for sh, and what comes of them, in this order:

    # a comment, or the title of what follows
    $ kedge rum
    | a line of standard output
    ! a line of standard error
    ? 2                             the exit status; 0 where it is left out

'[...]' in an expected line stands for any text. The commands of one file share a folder with 'red' in it,
experiment 2.4.1. Each command is one TAP test. With --write the files are written anew with what was printed.
"""
import re
import subprocess
import sys
from pathlib import Path

from support import TIMEOUT, Bench


def parse(text):
    """[(lines above, command, expected lines)] and the lines at the end."""
    blocks, above = [], []
    for line in text.splitlines():
        if line.startswith('$ '):
            blocks.append((above, line[2:], []))
            above = []
        elif line.startswith(('| ', '! ', '? ')) or line in ('|', '!'):
            blocks[-1][2].append(line)
        else:
            above.append(line)
    return blocks, above


def run(bench, command):
    """What a command prints, as lines of a transcript."""
    done = subprocess.run(['sh', '-c', command], cwd=bench.folder, env=bench.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False, timeout=TIMEOUT)
    lines = []
    for mark, raw in (('|', done.stdout), ('!', done.stderr)):
        text = raw.decode(errors='replace').replace(str(bench.folder), 'FOLDER')
        lines += [f'{mark} {line}'.rstrip() for line in text.split('\n')[:-1]]
        if not text.endswith('\n') and text:
            lines.append(f'{mark} {text.splitlines()[-1]} (no newline)')
    if done.returncode:
        lines.append(f'? {done.returncode}')
    return lines


def matches(have, want):
    if len(have) != len(want):
        return False
    return all(re.fullmatch('.*'.join(map(re.escape, w.split('[...]'))), h) for h, w in zip(have, want))


def main():
    write = '--write' in sys.argv
    program, source, *files = [argument for argument in sys.argv[1:] if argument != '--write']
    number = failed = 0
    for name in files:
        blocks, rest = parse(Path(name).read_text())
        written = []
        with Bench(program, source) as bench:
            for above, command, want in blocks:
                number += 1
                have = run(bench, command)
                good = matches(have, want)
                written += [*above, f'$ {command}', *(want if good else have)]
                failed += not good
                print(f"{'ok' if good else 'not ok'} {number} - {command.replace('#', ' ')}", flush=True)
                if not good:
                    print('\n'.join(['# expected', *(f'#   {line}' for line in want),
                                     '# printed', *(f'#   {line}' for line in have)]), flush=True)
        if write:
            Path(name).write_text('\n'.join([*written, *rest]) + '\n')
    print(f'1..{number}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
