#!/usr/bin/env python3
"""test_mpi.py KEDGE SOURCE - kedge sweep among the ranks of an MPI job. Needs mpirun and a kedge built with MPI."""
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from support import TIMEOUT, expect, expect_equal, run_tests, tests_of

SWEEP = ('--set', 'steps=300', '--set', 'hold=299', '--over', 'optimizer.beta1=0.5,0.9', '--seeds', '40')
LONG = ('--set', 'steps=1500', '--set', 'hold=1499', '--seeds', '1500')
# More ranks than cores, as root in a container.
ENVIRONMENT = {'OMPI_ALLOW_RUN_AS_ROOT': '1', 'OMPI_ALLOW_RUN_AS_ROOT_CONFIRM': '1',
               'OMPI_MCA_rmaps_base_oversubscribe': '1', 'OMPI_MCA_hwloc_base_binding_policy': 'none'}


def start(bench, ranks, store, *arguments):
    command = ['mpirun', '--oversubscribe', '-n', str(ranks), *bench.command, 'sweep', 'red', '-o', store, *arguments]
    return subprocess.Popen(command, cwd=bench.folder, env={**bench.environment, **ENVIRONMENT}, start_new_session=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def mpirun(bench, ranks, store, *arguments, status=0):
    process = start(bench, ranks, store, *arguments)
    output, errors = process.communicate(timeout=TIMEOUT)
    expect_equal(process.returncode, status, f'exit status of {ranks} ranks: {errors.decode()}')
    return output.decode(), errors.decode()


def content(bench, store):
    return bench.text('runs', store, '--format', 'csv')


def children(pid):
    """Processes that a process has started, by /proc."""
    found = []
    for entry in Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = entry.read_text().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return sorted(found)


def test_any_number_of_ranks_gives_the_same_content(bench):
    bench.kedge('sweep', 'red', *SWEEP, '-o', 'alone')
    want = content(bench, 'alone')
    for ranks in (1, 2, 4):
        _, errors = mpirun(bench, ranks, f'{ranks}', *SWEEP)
        expect('80 runs at 2 points: 80 computed, 0 there before' in errors, errors)
        expect_equal(errors.count('kedge:'), 1, f'lines of {ranks} ranks')
        expect_equal(content(bench, f'{ranks}'), want, f'content of {ranks} ranks')


def test_ranks_with_threads(bench):
    bench.kedge('sweep', 'red', *SWEEP, '-o', 'alone')
    mpirun(bench, 2, 'threads', *SWEEP, '--threads', '2')
    expect_equal(content(bench, 'threads'), content(bench, 'alone'), 'content')


def test_ranks_continue_what_one_process_began(bench):
    bench.kedge('sweep', 'red', *SWEEP[:-1], '40', '-o', 'alone')
    bench.kedge('sweep', 'red', *SWEEP[:-1], '7', '-o', 'first')
    _, errors = mpirun(bench, 2, 'first', *SWEEP)
    expect('66 computed, 14 there before' in errors, errors)


def test_a_mistake_is_told_once(bench):
    _, errors = mpirun(bench, 3, 'a.kedge', '--over', 'optimizer.beta1=0.5,2', status=1)
    expect_equal(errors.count("'beta1' in optimizer is '2'"), 1, errors)
    expect(not (bench.folder / 'a.kedge').exists(), 'a store was made')


def test_attribution_is_printed_once(bench):
    output, _ = mpirun(bench, 2, 'a.kedge', '--set', 'steps=100', '--set', 'hold=99', '--seeds', '4', '--attribute',
                       '--metric', 'recon_mse')
    expect_equal(output.count('group 1, recon_mse of 16 runs'), 1, output)


def test_a_killed_rank_costs_only_its_unfinished_runs(bench):
    bench.kedge('sweep', 'red', *LONG, '-o', 'alone')
    want = content(bench, 'alone')
    for victim in range(3):  # rank 0, which has the store, is among them
        store = f'{victim}'
        process = start(bench, 3, store, *LONG)
        deadline = time.monotonic() + 60
        while len(children(process.pid)) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(random.uniform(0.5, 1.5))
        ranks = children(process.pid)
        if process.poll() is None and len(ranks) == 3:
            os.kill(ranks[victim], signal.SIGKILL)
        process.communicate(timeout=TIMEOUT)
        mpirun(bench, 2, store, *LONG)
        expect_equal(content(bench, store), want, f'content after rank {victim} was killed')


def test_an_interrupted_job_keeps_what_is_finished(bench):
    process = start(bench, 2, 'a.kedge', *LONG)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=TIMEOUT)
    states = [line.split(',') for line in content(bench, 'a.kedge').splitlines()]
    column = states[0].index('status')
    expect(any(row[column] == 'done' for row in states[1:]), 'nothing was kept')
    bench.kedge('sweep', 'red', *LONG, '-o', 'alone')
    mpirun(bench, 2, 'a.kedge', *LONG)
    expect_equal(content(bench, 'a.kedge'), content(bench, 'alone'), 'content after the interruption')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
