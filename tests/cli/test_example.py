#!/usr/bin/env python3
"""test_example.py EXAMPLE SOURCE - the program of examples/: it trains, loads and asks, and leaves nothing behind."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from support import TIMEOUT, expect, run_tests


def trains_and_reads(bench):
    before = set(Path(tempfile.gettempdir()).glob('kedge-example-*'))
    done = subprocess.run([*bench.command, bench.folder / 'red'], capture_output=True, check=False, timeout=TIMEOUT)
    expect(done.returncode == 0, done.stderr.decode())
    number = r'-?\d+(\.\d+)?(e-\d+)?'
    expect(re.fullmatch(''.join(rf'seed {i}: recon_mse {number}\n' for i in range(3)) +
                        rf'red lies at( {number}){{4}} and comes back as( {number}){{3}}\n', done.stdout.decode()),
           f'it printed {done.stdout.decode()!r}')
    expect(set(Path(tempfile.gettempdir()).glob('kedge-example-*')) <= before, 'its directory is left')


def says_what_is_wrong(bench):
    done = subprocess.run([*bench.command, 'nowhere'], cwd=bench.folder, capture_output=True, check=False)
    expect(done.returncode == 1 and done.stdout == b'', f'exit status {done.returncode}')
    expect(done.stderr == b'nowhere: cannot open: No such file or directory\n', f'it said {done.stderr!r}')


if __name__ == '__main__':
    run_tests([('train_and_read trains and reads', trains_and_reads),
               ('train_and_read says what is wrong', says_what_is_wrong)])
