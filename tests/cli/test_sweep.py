#!/usr/bin/env python3
"""test_sweep.py KEDGE SOURCE - kedge sweep: what the store holds, Ctrl-C and kills, messages, attribution."""
import csv
import io
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time

from support import expect, expect_equal, run_tests, tests_of

SHORT = ('--set', 'steps=100', '--set', 'hold=99')
GRID = ('--over', 'optimizer.beta1=0.5,0.9', '--over', 'terms.separate.power=10..100:log:2', '--seeds', '5')


def content(bench, store):
    """All rows of a store, as its reader sees them."""
    return bench.text('runs', store, '--format', 'csv')


def sweep(bench, store, *arguments, **keywords):
    return bench.kedge('sweep', 'red', *SHORT, '-o', store, *arguments, **keywords)


def start(bench, store, *arguments):
    return subprocess.Popen([*bench.command, 'sweep', 'red', '-o', store, *arguments], cwd=bench.folder,
                            env=bench.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def wait_for_a_run(store):
    """Until the store holds a finished run, or for a minute."""
    for _ in range(600):
        time.sleep(0.1)
        try:
            with sqlite3.connect(f'file:{store}?mode=ro', uri=True) as database:
                if database.execute("SELECT count(*) FROM run WHERE status = 'done'").fetchone()[0]:
                    return
        except sqlite3.Error:
            pass  # not there yet


def test_every_point_and_seed_is_there(bench):
    done = sweep(bench, 'a.kedge', *GRID)
    expect_equal(done.stdout, b'', 'standard output')
    expect_equal(done.stderr.decode(),
                 "kedge: 20 runs at 4 points: 20 computed, 0 there before; 'kedge runs' shows them\n", 'standard error')
    rows = list(csv.DictReader(io.StringIO(content(bench, 'a.kedge'))))
    have = [(row['optimizer.beta1'], row['terms.separate.power'], row['seed'], row['status']) for row in rows]
    want = [(beta, power, str(seed), 'done') for beta in ('0.5', '0.9') for power in ('10', '100') for seed in range(5)]
    expect_equal(have, want, 'rows')


def test_optimizers_are_points(bench):
    sweep(bench, 'a.kedge', '--over', 'optimizer.kind=adam,adamw,sgd', '--seeds', '1')
    sweep(bench, 'a.kedge', '--over', 'optimizer={kind: sgd},{kind: sgd, nesterov: true}', '--seeds', '1')
    rows = list(csv.DictReader(io.StringIO(content(bench, 'a.kedge'))))
    expect_equal([row['optimizer.kind'] for row in rows], ['adam', 'adamw', 'sgd', '', ''], 'kinds')
    expect_equal(len({row['recon_mse'] for row in rows}), 4, 'all differ but sgd, which is there twice')


def test_quiet_says_nothing(bench):
    done = sweep(bench, 'a.kedge', '--seeds', '1', '--quiet')
    expect_equal((done.stdout, done.stderr), (b'', b''), 'output')


def test_threads_do_not_change_the_content(bench):
    for threads in ('1', '2', '5'):
        sweep(bench, threads, *GRID, '--threads', threads)
    for threads in ('2', '5'):
        expect_equal(content(bench, threads), content(bench, '1'), f'{threads} threads')


def test_a_store_is_continued(bench):
    sweep(bench, 'whole', *GRID)
    sweep(bench, 'a.kedge', *GRID[:-1], '2')
    done = sweep(bench, 'a.kedge', *GRID[:-1], '5')
    expect(b': 12 computed, 8 there before' in done.stderr, done.stderr)
    have, want = (sorted(line.split(',', 2)[2] for line in content(bench, name).splitlines())
                  for name in ('a.kedge', 'whole'))
    expect_equal(have, want, 'rows but for their ids')


def test_ctrl_c_keeps_what_is_finished(bench):
    process = start(bench, 'a.kedge', '--seeds', '100000')
    wait_for_a_run(bench.folder / 'a.kedge')
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    expect_equal((process.returncode, output), (1, b''), 'exit status and standard output')
    lines = errors.decode().splitlines()
    expect(lines[-1].startswith('kedge: stopped with ') and
           lines[-1].endswith(' of 100000 runs to do; the same command goes on with them'), errors)
    states = [row['status'] for row in csv.DictReader(io.StringIO(content(bench, 'a.kedge')))]
    expect_equal(len(states), 100000, 'rows')
    expect(0 < states.count('done') < 100000, f"{states.count('done')} runs done")
    expect(lines[-1].startswith(f"kedge: stopped with {states.count('pending')} of "), lines[-1])


def test_killed_sweeps_go_on(bench):
    arguments = ('--set', 'steps=1000', '--set', 'hold=999', '--seeds', '150')
    began = time.monotonic()
    bench.kedge('sweep', 'red', *arguments, '-o', 'whole')
    seconds = time.monotonic() - began
    want = content(bench, 'whole')
    for i in range(5):
        process = start(bench, f'{i}', *arguments)
        time.sleep(random.uniform(0, seconds))
        process.kill()
        process.communicate()
        bench.kedge('sweep', 'red', *arguments, '-o', f'{i}')
        expect_equal(content(bench, f'{i}'), want, f'content after kill {i}')


def test_two_sweeps_at_once_share_the_work(bench):
    arguments = ('--set', 'steps=1000', '--set', 'hold=999', '--seeds', '150', '--threads', '1')
    bench.kedge('sweep', 'red', *arguments, '-o', 'whole')
    processes = [start(bench, 'a.kedge', *arguments) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        expect_equal(process.returncode, 0, errors)
    expect_equal(content(bench, 'a.kedge'), content(bench, 'whole'), 'content')


def test_samples_are_points_of_the_sequence(bench):
    sweep(bench, 'a.kedge', '--sobol', '4', '--over', 'optimizer.beta1=0..0.8', '--over',
          'optimizer.epsilon=1e-10..1e-6:log', '--seeds', '1')
    rows = list(csv.DictReader(io.StringIO(content(bench, 'a.kedge'))))
    have = [(float(row['optimizer.beta1']), float(row['optimizer.epsilon'])) for row in rows]
    expect_equal(have, [(0, 1e-10), (0.4, 1e-8), (0.6, 1e-9), (0.2, 1e-7)], 'points')


def test_a_run_that_fails_is_stored_and_told(bench):
    failing = ('--set', 'schedule={lr: 1e30, anchor: 1}', '--set', 'steps=20', '--set', 'hold=19')
    done = bench.kedge('sweep', 'red', *failing, '--seeds', '3', '-o', 'a.kedge', status=1)
    expect(b'3 of them failed: their loss became infinite or no number' in done.stderr, done.stderr)
    rows = list(csv.DictReader(io.StringIO(content(bench, 'a.kedge'))))
    expect_equal([row['status'] for row in rows], ['failed'] * 3, 'status')
    expect('try a lower learning rate' in rows[0]['message'], rows[0]['message'])
    again = bench.kedge('sweep', 'red', *failing, '--seeds', '3', '-o', 'a.kedge', status=1)
    expect(b'0 computed, 3 there before' in again.stderr, again.stderr)
    retried = bench.kedge('sweep', 'red', *failing, '--seeds', '3', '-o', 'a.kedge', '--retry', status=1)
    expect(b'3 computed, 0 there before' in retried.stderr, retried.stderr)


def test_mistakes_of_all_settings_come_at_once(bench):
    done = sweep(bench, 'a.kedge', '--over', 'optimizer.beta1=0.5,2', '--over', 'terms.separate.power=0,x', status=1)
    lines = done.stderr.decode().splitlines()
    for value in ('optimizer.beta1=2', 'terms.separate.power=0', 'terms.separate.power=x'):
        expect_equal(sum(line.startswith(f'kedge: --set {value}: ') for line in lines), 1, f'lines on {value}')
    expect(not (bench.folder / 'a.kedge').exists(), 'a store was made')


def test_usage(bench):
    for arguments, message in (
            (('red',), 'no store; give -o STORE, a file that is made if it is not there'),
            (('red', '-o', 'a', '--sobol', '4'), '--sobol samples ranges; give --over path=lo..hi'),
            (('red', '-o', 'a', '--set', 'steps'), "--set 'steps' has no '='; write path=value"),
            (('red', '-o', 'a', '--metric', 'score'), '--metric belongs to --attribute'),
            (('red', '-o', 'a', '--fail-below', '1'), '--fail-below belongs to --attribute'),
            (('red', '-o', 'a', '--attribute', '--fail-below', '1x'), "--fail-below '1x' must be a number"),
            (('red', '-o', 'a', '--seeds', '0'), "--seeds '0' must be how many, 1 to 10000000, or the first and the "
                                                 'last, A..B, with as many at most')):
        done = bench.kedge('sweep', *arguments, status=2)
        expect_equal(done.stderr.decode(), f'kedge: sweep: {message}\n', f'{arguments}')
        expect(not (bench.folder / 'a').exists(), f'{arguments}: a store was made')


def test_attribution_in_every_format(bench):
    common = ('--attribute', '--seeds', '4', '--metric', 'recon_mse', '--fail-below', '0')
    table = sweep(bench, 'a.kedge', *common).stdout.decode()
    expect(table.startswith('group 1, recon_mse of 16 runs: of the variance initial weights explain '), table)
    rows = list(csv.DictReader(io.StringIO(sweep(bench, 'a.kedge', *common, '--format', 'csv').stdout.decode())))
    expect_equal([(row['of'], row['source']) for row in rows],
                 [(of, source) for of in ('recon_mse', 'failure') for source in ('weights', 'stream', 'rest')], 'rows')
    expect(abs(sum(float(row['share']) for row in rows[:3]) - 1) < 1e-6, rows)
    entries = json.loads(sweep(bench, 'a.kedge', *common, '--format', 'json').stdout)
    expect_equal([entry['share'] for entry in entries[3:]], [None] * 3, 'shares of failures, of which there are none')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
