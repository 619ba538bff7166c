#!/usr/bin/env python3
"""test_models.py KEDGE SOURCE - what show, latents, draw and schedule give, and the documents made from the program."""
import csv
import io
import json
import math
import struct
import subprocess
import sys
from pathlib import Path

from support import expect, expect_equal, run_tests, tests_of

SHORT = ('--set', 'steps=200', '--set', 'hold=199')
MODEL = 'run/seed-4/model.safetensors'


def train(bench):
    bench.kedge('run', 'red', *SHORT, '-o', 'run', '--seeds', '4..5', '--record', '100')


def test_the_reader_of_its_own_agrees(bench):
    train(bench)
    done = subprocess.run([sys.executable, bench.source / 'tests' / 'reader' / 'read_run.py', '--kedge',
                           bench.folder / 'bin' / 'kedge', bench.folder / 'run'], capture_output=True, check=False)
    expect(done.returncode == 0, done.stdout.decode() + done.stderr.decode())


def recipe_of(checked):
    """What 'kedge check' prints, without the comments below the recipe."""
    return ''.join(line for line in checked.splitlines(True) if not line.startswith('#'))


def test_show_lists_tensors_and_ends_with_the_recipe(bench):
    train(bench)
    lines = bench.text('show', MODEL).splitlines()
    for line in ('features    3: r g b', 'latents     4', 'targets     3: r g b', 'parameters  263',
                 '  encoder.0.weight  [16, 3]', '  encoder.0.bias    [16]', '  decoder.2.weight  [3, 16]', '  seed: 4'):
        expect(line in lines, f"'{line}' is not in\n" + '\n'.join(lines))
    resolved = recipe_of(bench.text('check', 'red', *SHORT)).splitlines()
    expect_equal(lines[lines.index('recipe') + 1:], [f'  {line}' for line in resolved], 'what follows "recipe"')


def test_show_as_json_says_the_same(bench):
    train(bench)
    shown = json.loads(bench.text('show', MODEL, '--format', 'json'))
    expect_equal(list(shown), ['features', 'latents', 'targets', 'parameters', 'tensors', 'metadata'], 'keys')
    expect_equal(sum(math.prod(shape) for shape in shown['tensors'].values()), shown['parameters'], 'parameters')
    expect_equal(list(shown['metadata'])[-1], 'recipe', 'last of the metadata')
    expect_equal(shown['metadata']['recipe'], recipe_of(bench.text('check', 'red', *SHORT)), 'recipe')
    expect_equal(shown['metadata']['seed'], '4', 'seed')


def test_names_are_escaped_in_json_and_quoted_in_csv(bench):
    (bench.folder / 'own.csv').write_text('"a ""b""","c,d\\e"\n0,1\n1,0\n0.5,0.25\n0.25,1\n')
    (bench.folder / 'own.yaml').write_text(
        'title: "a \\"title\\"\\twith \\\\"\n'
        'data: {kind: csv, file: own.csv, features: [\'a "b"\', \'c,d\\e\'], batch: 4}\n'
        'model: {kind: autoencoder, bottleneck: 2}\nschedule: {lr: 0.01}\nsteps: 3\n')
    bench.kedge('run', 'own.yaml', '-o', 'own', '--seeds', '1')
    model = 'own/seed-0/model.safetensors'
    expect_equal(json.loads(bench.text('show', model, '--format', 'json'))['features'], ['a "b"', 'c,d\\e'], 'features')
    header = next(csv.reader(io.StringIO(bench.text('latents', model))))
    expect_equal(header, ['in_a "b"', 'in_c,d\\e', 'z0', 'z1', 'out_a "b"', 'out_c,d\\e'], 'header')


def test_latents_as_csv_and_npy_are_the_same_numbers(bench):
    train(bench)
    rows = list(csv.reader(io.StringIO(bench.text('latents', MODEL))))
    expect_equal(rows[0], 'in_r in_g in_b z0 z1 z2 z3 out_r out_g out_b'.split(), 'header')
    raw = bench.kedge('latents', MODEL, '--format', 'npy').stdout
    expect_equal(raw[:8], b'\x93NUMPY\x01\x00', 'magic')
    (length,) = struct.unpack('<H', raw[8:10])
    expect_equal((10 + length) % 64, 0, 'place of the numbers')
    expect_equal(raw[10:10 + length].rstrip(b' \n'), b"{'descr': '<f4', 'fortran_order': False, 'shape': (512, 10), }",
                 'header')
    values = struct.unpack('<5120f', raw[10 + length:])
    for value, cell in zip(values, [cell for row in rows[1:] for cell in row]):
        expect(struct.pack('<f', float(cell)) == struct.pack('<f', value), f'csv {cell}, npy {value!r}')
    expect_equal(len(rows), 513, 'rows')


def test_latents_go_to_a_file(bench):
    train(bench)
    for form in ('csv', 'npy'):
        printed = bench.kedge('latents', MODEL, '--format', form).stdout
        done = bench.kedge('latents', MODEL, '--format', form, '-o', f'x.{form}')
        expect_equal((done.stdout, done.stderr), (b'', b''), 'output')
        expect((bench.folder / f'x.{form}').read_bytes() == printed, f'x.{form} differs from standard output')


def test_a_device_is_written_not_replaced(bench):
    train(bench)
    bench.kedge('latents', MODEL, '-o', '/dev/null')
    expect(not Path('/dev/null').is_file(), '/dev/null became a file')
    done = bench.kedge('latents', MODEL, '-o', '/dev/stdout').stdout
    expect_equal(done, bench.kedge('latents', MODEL).stdout, 'what came by /dev/stdout')


def test_draw_takes_a_file_or_a_seed_of_a_directory(bench):
    train(bench)
    for name, arguments in (('lowest', ['run']), ('fourth', ['run', '--seed', '4']), ('file', [MODEL]),
                            ('fifth', ['run', '--seed=5'])):
        done = bench.kedge('draw', 'latents', *arguments, '-o', f'{name}.svg')
        expect_equal((done.stdout, done.stderr), (b'', b''), 'output')
    pictures = bench.files('.', but=())
    expect(pictures['lowest.svg'] == pictures['fourth.svg'] == pictures['file.svg'], 'seed 4 in three ways')
    expect(pictures['fifth.svg'] != pictures['fourth.svg'], 'seeds 4 and 5 look the same')


def test_the_lowest_seed_is_the_lowest_number(bench):
    bench.kedge('run', 'red', *SHORT, '-o', 'run', '--seeds', '9..10')
    (bench.folder / 'run' / 'seed-8').mkdir()  # begun, but without a model
    for name, arguments in (('a', ['run']), ('b', ['run', '--seed', '9'])):
        bench.kedge('draw', 'latents', *arguments, '-o', f'{name}.svg')
    expect((bench.folder / 'a.svg').read_bytes() == (bench.folder / 'b.svg').read_bytes(), 'not seed 9')


def test_draw_writes_png_svg_and_pdf(bench):
    train(bench)
    for suffix, begins in (('png', b'\x89PNG\r\n\x1a\n'), ('svg', b'<?xml'), ('pdf', b'%PDF-')):
        bench.kedge('draw', 'latents', 'run', '-o', f'x.{suffix}')
        expect((bench.folder / f'x.{suffix}').read_bytes().startswith(begins), f'x.{suffix}')


def test_options_of_draw_change_the_picture(bench):
    train(bench)
    options = {'plain': [], 'dark': ['--dark'], 'title': ['--title', 'another'], 'one': ['--axes', '0,1'],
               'two': ['--axes', '0,1;3,2']}
    for name, given in options.items():
        bench.kedge('draw', 'latents', 'run', *given, '-o', f'{name}.svg')
    pictures = {(bench.folder / f'{name}.svg').read_bytes() for name in options}
    expect_equal(len(pictures), len(options), 'different pictures')


def test_schedule_prints_a_row_per_step(bench):
    rows = list(csv.DictReader(io.StringIO(bench.text('schedule', 'red/schedule.csv'))))
    expect_equal(list(rows[0]), ['step', 'phase', 'action', 'lr', 'separate', 'anchor', 'subspace'], 'header')
    expect_equal([row['step'] for row in rows], [str(i) for i in range(1501)], 'steps')
    expect_equal(rows[750], {'step': '750', 'phase': 'Heat', 'action': '', 'lr': '0.1', 'separate': '0.01',
                             'anchor': '0.1', 'subspace': '0.1'}, 'step 750')


def test_check_prints_a_recipe_that_checks(bench):
    resolved = bench.text('check', 'red')
    (bench.folder / 'red' / 'again.yaml').write_text(resolved)
    expect_equal(bench.text('check', 'red/again.yaml'), resolved, 'the resolved recipe of the resolved recipe')


def expect_document(bench, name, *command):
    have, want = bench.text(*command), (bench.source / 'docs' / name).read_text()
    expect(have == want, f"docs/{name} is not what 'kedge {' '.join(command)}' prints; write it anew with that command")


def test_docs_cli_is_what_the_program_prints(bench):
    expect_document(bench, 'cli.md', 'help', '--format', 'markdown')


def test_docs_reference_is_what_the_program_prints(bench):
    expect_document(bench, 'reference.md', 'help', 'recipe', '--format', 'markdown')


def test_the_man_page_is_roff(bench):
    page = bench.text('help', '--format', 'man')
    expect(page.startswith('.TH KEDGE 1 '), page[:40])
    requests = {line.split()[0] for line in page.splitlines() if line.startswith(('.', "'"))}
    expect_equal(requests - {'.TH', '.SH', '.SS', '.PP', '.TP', '.B', '.I', '.EX', '.EE'}, set(), 'unknown requests')
    for command in ('run', 'check', 'schedule', 'show', 'latents', 'draw', 'help', 'version'):
        expect(f'\n.SS kedge {command}' in page, f'no section on {command}')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
