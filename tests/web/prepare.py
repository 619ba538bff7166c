#!/usr/bin/env python3
"""prepare.py KEDGE FOLDER - runs, their pages and the numbers that kedge has for them, for the tests of the page."""
import csv
import json
import subprocess
import sys
from pathlib import Path

from fixture import kedge, pack, page_data, write_page

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = {'wheel': ('2.4.1', 2), 'plain': ('1.7', 1), 'isolated': ('2.9.1', 1)}

# Every edit that the page recomputes, with numbers that nothing else has; red lies near dim 0 of these models.
PLANS = '''plans:
  cone:     {edit: suppress, direction: [1, 0.2, 0, -0.1], from: 65, strength: 0.8, power: 1.7}
  over:     {edit: suppress, direction: [1, 0, 0, 0], from: 90, strength: 1.5, power: 1}
  linear:   {edit: repel, direction: [1, 0, 0, 0], map: linear, from: 90, to: 60}
  bezier:   {edit: repel, direction: [0.9, 0.1, 0, 0.3], map: bezier, from: 80, to: 35}
  flat:     {edit: zero, dims: [1, 3]}
  shifted:  {edit: add, direction: [0, 1, -1, 0], strength: 0.4}
  suppressed: {edit: suppress, direction: [1, 0, 0, 0], from: 90, strength: 1, power: 0}
  ablated:  {surgery: ablate, dims: [0]}
score: {plan: suppressed, target: similarity(red)^2}
'''

# Likewise what only kedge prepares for the page: surgery beside an edit, which the page computes where the model keeps
# its shape, and must not take for the edit alone where it does not.
BOTH = '''  both:   [{surgery: ablate, dims: [1]}, {edit: suppress, direction: [1, 0, 0, 0], from: 90}]
  repelled: [{surgery: ablate, dims: [2]}, {edit: repel, direction: [1, 0, 0, 0], map: bezier, from: 80, to: 50}]
  pruned: [{surgery: prune, dims: [0]}, {edit: suppress, direction: [1, 0, 0], from: 90}]
  two:    [{edit: zero, dims: [1]}, {edit: add, direction: [0, 0, 1, 0], strength: 0.3}]
'''


def with_plans(folder, name, plans):
    """The recipe of 2.4.1 with other plans."""
    source = ROOT / 'experiments' / '2.4.1'
    recipe = (source / 'recipe.yaml').read_text(encoding='utf-8')
    (folder / 'schedule.csv').write_bytes((source / 'schedule.csv').read_bytes())
    path = folder / f'{name}.yaml'
    path.write_text(recipe[:recipe.index('\nplans:') + 1] + plans, encoding='utf-8')
    return path


def numbers_of(program, model, recipe):
    """What kedge says of a model: latents and outputs of every point, and the same under every plan."""
    rows = csv.DictReader(kedge(program, 'latents', model).splitlines())
    latents = [[float(row[key]) for key in row if not key.startswith('in_')] for row in rows]
    more = ('--recipe', recipe) if recipe else ()
    plans = {}
    for row in csv.DictReader(kedge(program, 'evaluate', model, '--format', 'csv', *more).splitlines()):
        plans.setdefault(row['plan'], []).append([float(row[key]) for key in ('out_r', 'out_g', 'out_b', 'error')])
    return {'latents': latents, 'plans': plans}


def no_colours(data):
    """The same as if it were a table of numbers with a label."""
    for run in data['runs']:
        run['model'].update(inputs=['a', 'b', 'c'], outputs=['a', 'b', 'c'], colour=False)
        for points in run['points']:
            points.update(shade=pack([i / points['n'] for i in range(points['n'])]), shadeName='red')
        run['points'][0]['names'] = [f'row {i}' for i in range(run['points'][0]['n'])]
    return data


def report(program, folder):
    """What 'kedge report' itself writes, of a run with every kind of plan."""
    recipe = with_plans(folder, 'plans', PLANS.replace('score:', BOTH + 'score:'))
    kedge(program, 'run', recipe, '--seeds', '1', '--record', '20', '-o', folder / 'plans', '--quiet')
    kedge(program, 'report', folder / 'plans', '--seed', '0', '-o', folder / 'kedge.html')
    truth = numbers_of(program, folder / 'plans' / 'seed-0' / 'model.safetensors', None)
    (folder / 'kedge.json').write_text(json.dumps(truth), encoding='utf-8')


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    page = ROOT / 'web' / 'dist' / 'page.html'
    for name, (experiment, seeds) in RUNS.items():
        subprocess.run([program, 'run', ROOT / 'experiments' / experiment, '--seeds', str(seeds), '--record', '20',
                        '-o', folder / name, '--quiet'], check=True, stdout=subprocess.DEVNULL)
        model = folder / name / 'seed-0' / 'model.safetensors'
        recipe = with_plans(folder, 'edits', PLANS) if name == 'wheel' else None
        data = page_data(program, folder / name, 'report', tuple(range(seeds)), recipe)
        write_page(page, data, folder / f'{name}.html')
        (folder / f'{name}.json').write_text(json.dumps(numbers_of(program, model, recipe)), encoding='utf-8')
    report(program, folder)
    write_page(page, no_colours(page_data(program, folder / 'wheel')), folder / 'table.html')
    write_page(page, page_data(program, folder / 'wheel', 'list'), folder / 'list.html')
    (folder / 'live.json').write_text(json.dumps(page_data(program, folder / 'wheel', 'live')), encoding='utf-8')
    (folder / 'empty.html').write_bytes(page.read_bytes())


if __name__ == '__main__':
    main()
