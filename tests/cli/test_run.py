#!/usr/bin/env python3
"""test_run.py KEDGE SOURCE - what kedge run leaves behind: the same bytes each time, directories that are continued."""
import csv
import io
import json
import sys

from support import expect, expect_equal, run_tests, tests_of

SHORT = ('--set', 'steps=200', '--set', 'hold=199')  # a run of 2.4.1 that takes no time


def run(bench, directory, *arguments, **keywords):
    """A short run of three seeds; its files."""
    bench.kedge('run', 'red', *SHORT, '-o', directory, '--seeds', '3', *arguments, **keywords)
    return bench.files(directory)


def expect_same(have, want, what):
    expect_equal(sorted(have), sorted(want), f'{what}: names')
    for name, content in want.items():
        expect(have[name] == content, f'{what}: {name} differs')


def test_a_run_twice_gives_the_same_bytes(bench):
    expect_same(run(bench, 'a', '--record', '50'), run(bench, 'b', '--record', '50'), 'second run')


def test_a_run_writes_the_files_of_the_contract(bench):
    seed = ['latents-steps.npy', 'latents.npy', 'ledger.csv', 'metrics.csv', 'model.safetensors']
    names = ['recipe.yaml', 'schedule.csv', 'summary.csv', 'summary.json']
    expect_equal(sorted(run(bench, 'a', '--record', '50')),
                 sorted(names + ['ledger.json'] + [f'seed-{i}/{name}' for i in range(3) for name in seed]),
                 'files with --record')
    expect_equal(sorted(run(bench, 'b')), sorted(names + [f'seed-{i}/model.safetensors' for i in range(3)]), 'files')
    timing = json.loads((bench.folder / 'a' / 'timing.json').read_text())
    expect(timing['seeds_trained'] == 3 and timing['seconds'] >= 0, f'timing.json: {timing}')


def test_a_control_changes_nothing_else(bench):
    plain, beside = run(bench, 'a'), run(bench, 'b', '--control')
    expect_equal(beside['seed-2/model.safetensors'], plain['seed-2/model.safetensors'], 'model')
    without, rows = (list(csv.DictReader(io.StringIO(files['summary.csv'].decode()))) for files in (plain, beside))
    for old, row in zip(without, rows):
        cost = float(row['recon_mse']) / float(row.pop('control_mse'))
        expect(abs(float(row.pop('control_ratio')) / cost - 1) < 1e-6 and 0 < cost < 100, f'ratio {cost} in {row}')
        expect_equal(row, old, 'the other metrics')


def test_no_directory_leaves_no_file(bench):
    before = bench.files('.', but=())
    bench.kedge('run', 'red', *SHORT, '--seeds', '2')
    expect_same(bench.files('.', but=()), before, 'folder')


def test_1_2_and_7_threads_give_the_same_bytes(bench):
    one = run(bench, 'one', '--threads', '1', '--record', '50')
    expect_same(run(bench, 'two', '--threads', '2', '--record', '50'), one, '2 threads')
    expect_same(run(bench, 'seven', '--threads', '7', '--record', '50'), one, '7 threads')


def test_a_seed_alone_is_the_seed_among_others(bench):
    among = run(bench, 'among', '--record', '50')
    bench.kedge('run', 'red', *SHORT, '-o', 'alone', '--seeds', '1..1', '--record', '50')
    alone = bench.files('alone')
    for name in ('model.safetensors', 'metrics.csv', 'ledger.csv', 'latents.npy', 'latents-steps.npy'):
        expect(alone[f'seed-1/{name}'] == among[f'seed-1/{name}'], f'{name} differs')
    rows = [alone['summary.csv'].splitlines()[1], among['summary.csv'].splitlines()[2]]
    expect_equal(rows[0], rows[1], 'row of seed 1')


def test_seeds_are_a_number_or_a_range(bench):
    def seeds(*arguments):
        text = bench.text('run', 'red', *SHORT, '--format', 'csv', *arguments)
        return [row['seed'] for row in csv.DictReader(io.StringIO(text))]
    expect_equal(seeds('--seeds', '2'), ['0', '1'], '--seeds 2')
    expect_equal(seeds('--seeds', '5..7'), ['5', '6', '7'], '--seeds 5..7')
    expect_equal(seeds('--seeds=9..9'), ['9'], '--seeds=9..9')
    expect_equal(seeds('--set', 'seeds={first: 4, count: 9}', '--seeds', '2'), ['4', '5'], 'from the first of the recipe')
    expect_equal(seeds('--set', 'seeds={first: 4, count: 2}'), ['4', '5'], 'the seeds of the recipe')
    expect_equal(seeds('--seeds', '7', '--seeds', '1'), ['0'], 'the last of two options')


def test_a_directory_is_continued(bench):
    run(bench, 'a')
    whole = bench.files('a')
    bench.kedge('run', 'red', *SHORT, '-o', 'b', '--seeds', '0..0')
    bench.kedge('run', 'red', *SHORT, '-o', 'b', '--seeds', '2..2')
    first = (bench.folder / 'b' / 'seed-0' / 'model.safetensors').stat()
    continued = run(bench, 'b')
    expect_same(continued, whole, 'continued run')
    again = (bench.folder / 'b' / 'seed-0' / 'model.safetensors').stat()
    expect_equal((again.st_ino, again.st_mtime_ns), (first.st_ino, first.st_mtime_ns), 'file of a seed that was there')
    trained = json.loads((bench.folder / 'b' / 'timing.json').read_text())['seeds_trained']
    expect_equal(trained, 1, 'seeds trained by the last run')


def test_the_table_has_all_seeds_of_the_directory(bench):
    run(bench, 'a')
    text = bench.text('run', 'red', *SHORT, '-o', 'a', '--seeds', '5..5', '--format', 'csv')
    expect_equal([line.split(',')[0] for line in text.splitlines()], ['seed', '0', '1', '2', '5'], 'rows')


def test_a_directory_of_another_recipe_is_refused_and_replaced_by_force(bench):
    run(bench, 'a')
    before = bench.files('a', but=())
    other = ['run', 'red', *SHORT, '--set', 'terms.separate.power=10', '-o', 'a', '--seeds', '1']
    refused = bench.kedge(*other, status=1)
    expect_equal(refused.stdout, b'', 'standard output')
    expect_equal(refused.stderr.decode(), 'kedge: a: holds a run with another recipe; choose another directory, or replace '
                                          'it with --force\n', 'standard error')
    expect_same(bench.files('a', but=()), before, 'directory after the refusal')
    bench.kedge(*other, '--force')
    after = bench.files('a')
    expect(b'power: 10\n' in after['recipe.yaml'], 'recipe.yaml is not the new one')
    expect('seed-1/model.safetensors' not in after, 'a seed of the replaced run is left')


def test_a_directory_that_holds_no_run_is_refused_even_by_force(bench):
    (bench.folder / 'precious').mkdir()
    (bench.folder / 'precious' / 'thesis.txt').write_text('years')
    for force in ((), ('--force',)):
        bench.kedge('run', 'red', *SHORT, '-o', 'precious', '--seeds', '1', *force, status=1)
        expect_equal(bench.files('precious', but=()), {'thesis.txt': b'years'}, 'the folder')


def test_set_changes_the_resolved_recipe(bench):
    resolved = bench.text('check', 'red', '--set', 'steps=77', '--set', 'hold=9', '--set', 'model.hidden=[8, 8]',
                          '--set', 'labels.red=0.5 * redness')
    for line in ('steps: 77', '  hidden: [8, 8]', '    rate: 0.5 * redness'):
        expect(line in resolved.splitlines(), f"'{line}' is not in the resolved recipe:\n{resolved}")


def test_the_resolved_recipe_runs_as_the_recipe(bench):
    first = run(bench, 'a')
    bench.kedge('run', 'a', '-o', 'b', '--seeds', '3')
    expect_same(bench.files('b'), first, 'run of the resolved recipe')


def test_csv_json_and_table_say_the_same(bench):
    common = ('run', 'red', *SHORT, '--seeds', '3', '--format')
    table, rows = bench.text(*common, 'table'), list(csv.DictReader(io.StringIO(bench.text(*common, 'csv'))))
    entries = json.loads(bench.text(*common, 'json'))
    expect_equal(len(rows), 3, 'rows of the CSV')
    for row, entry in zip(rows, entries):
        expect_equal(list(row), list(entry), 'names')
        for name, value in row.items():
            have = entry[name]
            expect(value == '' if have is None else str(have) == value or float(value) == have, f'{name}: csv {value}, json {have}')
    lines = [line.split() for line in table.splitlines()]
    expect_equal(lines[0][:2], ['seed', 'recon_mse'], 'header of the table')
    expect_equal([line[0] for line in lines[1:4]], ['0', '1', '2'], 'seeds of the table')
    for line, row in zip(lines[1:4], rows):
        expect(abs(float(line[1]) / float(row['recon_mse']) - 1) < 1e-3, f'table {line[1]}, csv {row["recon_mse"]}')


def test_the_files_of_a_run_are_what_it_prints(bench):
    done = bench.text('run', 'red', *SHORT, '-o', 'a', '--seeds', '2', '--format', 'csv')
    expect_equal((bench.folder / 'a' / 'summary.csv').read_text(), done, 'summary.csv')
    again = bench.text('run', 'red', *SHORT, '-o', 'a', '--seeds', '2', '--format', 'json')
    expect_equal((bench.folder / 'a' / 'summary.json').read_text(), again, 'summary.json')


def test_every_kernel_of_this_machine_runs_and_is_named_in_the_model(bench):
    line = bench.text('version').splitlines()[1]
    for entry in line.removeprefix('kernels: ').split(', '):
        name = entry.split(' ')[0]
        if 'not on this machine' in entry:
            refused = bench.kedge('run', 'red', '--kernels', name, status=1)
            expect(name in refused.stderr.decode(), f'message: {refused.stderr}')
            continue
        bench.kedge('run', 'red', *SHORT, '--kernels', name, '-o', name, '--seeds', '1')
        shown = json.loads(bench.text('show', f'{name}/seed-0/model.safetensors', '--format', 'json'))
        expect_equal(shown['metadata']['kernels'], name, 'kernels in the metadata')


def test_256_assignments_are_taken_and_no_more(bench):
    many = ['--set', 'title=x'] * 256
    expect(bench.text('check', 'red', *many).startswith('title: x\n'), 'the title')
    over = bench.kedge('check', 'red', *many, '--set', 'title=y', status=2)
    expect_equal(over.stderr.decode(), 'kedge: check: --set is given too often; at most 256 times\n', 'standard error')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
