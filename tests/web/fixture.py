#!/usr/bin/env python3
"""fixture.py KEDGE RUN PAGE OUT [--kind KIND] [--seeds 0,1] [--recipe FILE] - a page of real models, for tests of it.

Trains nothing: the end of each run is its stored model, whose numbers under each plan are those of 'kedge evaluate';
the records before are drawn towards it from small random weights, by minimum jerk. With --kind live the data alone are
written, for a server that stands in for 'kedge view'. Also a library: 'page_data', 'write_page'.
"""
import argparse
import base64
import csv
import html
import json
import math
import random
import re
import struct
import subprocess
from array import array
from pathlib import Path

MARKER = '<script type="application/json" id="kedge-data">null</script>'
RECORDS = 40
DOCS = {'r': 'correlation of the error with the target', 'r2': 'its square',
        'damage': 'error at the concept', 'collateral': 'largest increase where the target is 0',
        'opposite': 'increase at the opposite hue', 'spoof': 'how surely the concept turned into another hue'}


def pack(values):
    """Little-endian float32, base64."""
    return base64.b64encode(struct.pack(f'<{len(values)}f', *values)).decode()


def kedge(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def minimum_jerk(t):
    return t ** 3 * (10 - 15 * t + 6 * t * t)


def read_model(path):
    """(metadata, layers of each half with their offsets, all numbers in the file's order)"""
    data = path.read_bytes()
    n = struct.unpack('<Q', data[:8])[0]
    head = json.loads(data[8:8 + n])
    numbers = array('f', data[8 + n:])
    halves = {'encoder': [], 'decoder': []}
    for name, entry in head.items():
        if name == '__metadata__':
            continue
        half, _, part = name.split('.')
        start = entry['data_offsets'][0] // 4
        if part == 'weight':
            rows, columns = entry['shape']
            halves[half].append({'outputs': rows, 'inputs': columns, 'weight': start, 'bias': -1})
        else:
            halves[half][-1]['bias'] = start
    return head['__metadata__'], halves, list(numbers)


def records_of(end, steps, seed):
    """States of a run that ended with these numbers."""
    draw = random.Random(seed)
    start = [draw.uniform(-0.4, 0.4) for _ in end]
    at = sorted({round(steps * (i / (RECORDS - 1)) ** 1.5) for i in range(RECORDS)})
    states = []
    for step in at:
        share = minimum_jerk(min(1, step / (0.9 * steps)))
        states += [a + (b - a) * share for a, b in zip(start, end)] if step < steps else end
    return {'at': at, 'parameters': pack(states)}


def hsv(r, g, b):
    high, span = max(r, g, b), max(r, g, b) - min(r, g, b)
    if span == 0:
        return 0, 0, high
    h = (g - b) / span if high == r else 2 + (b - r) / span if high == g else 4 + (r - g) / span
    return (h % 6) / 6, span / high, high


def similarity_to_red(rgb):
    h, s, v = hsv(*rgb)
    hues = max(0, (90 - 360 * min(h, 1 - h)) / 90)
    q = (s * v + 1) / 2
    return s * v * (q * hues + 1 - q)


def schedule_of(folder, metrics, steps):
    rows = list(csv.DictReader(open(folder / 'schedule.csv', encoding='utf-8')))
    columns = [name for name in rows[0] if name not in ('STEP', 'PHASE', 'ACTION')]
    at = [int(row['step']) for row in metrics]
    values = [float(row['lr' if name == 'lr' else f'weight_{name}']) for name in columns for row in metrics]
    keys = [{'column': c, 'step': int(row['STEP']), 'value': float(row[name])}
            for c, name in enumerate(columns) for row in rows if row[name]]
    phases = [{'step': int(row['STEP']), 'name': row['PHASE']} for row in rows if row['PHASE']]
    return {'steps': steps, 'columns': columns, 'at': at, 'values': pack(values), 'keys': keys, 'phases': phases,
            'actions': []}


def losses_of(metrics, columns):
    names = ['recon'] + [name for name in columns if name != 'lr']
    values = []
    for name in names:
        for row in metrics:
            silent = name != 'recon' and (float(row[f'weight_{name}']) == 0 or float(row[name] or 0) == 0)
            values.append(math.nan if silent else float(row[name]))
    return {'names': names, 'at': [int(row['step']) for row in metrics], 'values': pack(values)}


def value(text):
    """A scalar or a list of the resolved recipe."""
    if text.startswith('['):
        return [value(part) for part in text[1:-1].split(', ') if part]
    try:
        return float(text)
    except ValueError:
        return {'true': True, 'false': False}.get(text, text)


def section(recipe, name):
    """The entries of a section, each a dict of its keys: enough YAML for what 'kedge check' prints."""
    entries = {}
    body = re.search(rf'^{name}:\n((?:  .*\n)*)', recipe, re.M)
    for line in body.group(1).splitlines() if body else ():
        entry, key = re.match(r'  (\S+):\s*(.*)', line), re.match(r'    (\S+): (.*)', line)
        if key:
            entries[last][key.group(1)] = value(key.group(2))
        elif entry:
            last = entry.group(1)
            entries[last] = {} if entry.group(2) == '' else value(entry.group(2))
    return entries


def ablated(layers, end, dims):
    numbers = list(end)
    last, first = layers['encoder'][-1], layers['decoder'][0]
    for dim in dims:
        for i in range(last['inputs']):
            numbers[last['weight'] + dim * last['inputs'] + i] = 0
        numbers[last['bias'] + dim] = 0
        for i in range(first['outputs']):
            numbers[first['weight'] + i * first['inputs'] + dim] = 0
    return numbers


def plan_data(name, plan, scores, formula, target, layers, end):
    edit = None
    if 'edit' in plan:
        edit = {'kind': plan['edit'], 'direction': plan.get('direction'), 'map': plan.get('map', 'linear'),
                'dims': [int(dim) for dim in plan['dims']] if 'dims' in plan else None, 'from': plan.get('from', 90),
                'to': plan.get('to', 60), 'strength': plan.get('strength', 1), 'power': plan.get('power', 0)}
    surgery = None if edit else pack(ablated(layers, end, [int(dim) for dim in plan['dims']]))
    words = ', '.join(f'{key} {text:g}' if isinstance(text, float) else f'{key} {text}' for key, text in plan.items()
                      if key not in ('site', 'direction', 'dims'))
    return {'name': name, 'text': words, 'scored': bool(scores.get('scored')), 'edit': edit, 'parameters': surgery,
            'metrics': [{'name': key, 'value': scores[key], 'text': f'{scores[key]:.4g}', 'doc': DOCS[key],
                         'detail': key == 'r2'}
                        for key in DOCS if isinstance(scores.get(key), (int, float))],
            'target': {'formula': formula, 'values': target} if target else None}


def plans_of(program, path, recipe_file, points, layers, end):
    """Every plan of the recipe with what 'kedge evaluate' says of it."""
    more = ('--recipe', recipe_file) if recipe_file else ()
    plans = section(kedge(program, 'check', recipe_file), 'plans') if recipe_file else \
        section(read_model(path)[0]['recipe'], 'plans')
    if not plans:
        return []
    told = json.loads(kedge(program, 'evaluate', path, '--format', 'json', *more))['plans']
    told = {plan['name']: plan for plan in told}
    made = []
    for name, plan in plans.items():
        formula = told[name].get('target') or ''
        power = re.fullmatch(r'similarity\(red\)\^(\d)', formula)
        target = pack([similarity_to_red(rgb) ** int(power.group(1)) for rgb in points]) if power else None
        made.append(plan_data(name, plan, told[name], formula, target, layers, end))
    return made


def anchors_of(terms):
    at = {}
    for term in terms.values():
        if term['kind'] == 'anchor':
            at[re.match(r'\{(\w+)', term['labels']).group(1)] = term['at']
    return [{'label': label, 'at': place} for label, place in at.items()]


def model_data(model, layers, end):
    return {'inputs': ['r', 'g', 'b'], 'outputs': ['r', 'g', 'b'], 'colour': True,
            'bottleneck': int(model['bottleneck']), 'normalize': model['normalize'], 'activation': model['activation'],
            'output': model['output'], **layers, 'parameters': len(end)}


def run_data(program, folder, seed, recipe_file=None):
    path = folder / f'seed-{seed}' / 'model.safetensors'
    metadata, layers, end = read_model(path)
    recipe = metadata['recipe']
    metrics = list(csv.DictReader(open(path.parent / 'metrics.csv', encoding='utf-8')))
    steps = int(metrics[-1]['step']) + 1
    rows = list(csv.DictReader(kedge(program, 'latents', path).splitlines()))
    points = [[float(row[f'in_{c}']) for c in 'rgb'] for row in rows]
    test = [[(1 + 2 * x) / 16 for x in (r, g, b)] for r in range(8) for g in range(8) for b in range(8)]
    schedule = schedule_of(folder, metrics, steps)
    summary = next(row for row in csv.DictReader(open(folder / 'summary.csv', encoding='utf-8'))
                   if row['seed'] == str(seed))
    terms = section(recipe, 'terms')
    point_set = {'targets': None, 'shade': None, 'shadeName': None, 'names': None}
    return {
        'name': f'seed {seed}', 'recipe': recipe, 'seed': seed, 'kernels': metadata['kernels'], 'exact': True,
        'verdict': 'clean: red is held at its anchor',
        'metrics': [{'name': name, 'value': float(summary[name]), 'text': f'{float(summary[name]):.4g}', 'doc': name,
                     'detail': False}
                    for name in ('recon_mse', 'score', 'wheel_radius', 'red_cos') if summary.get(name)],
        'model': model_data(section(recipe, 'model'), layers, end),
        'points': [{'name': 'data', 'n': len(points), 'inputs': pack(sum(points, [])), **point_set},
                   {'name': 'test', 'n': len(test), 'inputs': pack(sum(test, [])), **point_set}],
        'anchors': anchors_of(terms), 'labels': list(section(recipe, 'labels')),
        'terms': [{'name': name, 'kind': term['kind'], 'text': f"does what '{term['kind']}' does"}
                  for name, term in terms.items()],
        'plans': plans_of(program, path, recipe_file, points, layers, end), 'schedule': schedule,
        'losses': losses_of(metrics, schedule['columns']), 'records': records_of(end, steps, seed)}


def figure(name, title, alt):
    """A drawing that stands in for one of kedge's."""
    def drawing(paper, ink):
        marks = ''.join(f'<circle cx="{40 + 44 * i}" cy="{150 - 30 * math.sin(i)}" r="9" fill="hsl({50 * i} 70% 50%)"/>'
                        for i in range(7))
        return ('<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240" viewBox="0 0 360 240">'
                f'<desc>{html.escape(alt)}</desc><rect width="360" height="240" fill="{paper}"/>'
                f'<path d="M20 200H340M20 200V20" stroke="{ink}" fill="none"/>{marks}'
                f'<text x="20" y="225" fill="{ink}" font-size="12">{title}</text></svg>')
    return {'name': name, 'title': title, 'alt': alt, 'light': drawing('#fff', '#1a1c20'),
            'dark': drawing('#15171b', '#eceef1')}


def table_of(folder):
    rows = list(csv.DictReader(open(folder / 'summary.csv', encoding='utf-8')))
    columns = list(rows[0])
    read = {'status': str, 'verdict': lambda value: ('clean', 'leaky', 'lost', 'crumpled')[int(value)]}
    body = [[None if row[c] == '' else read.get(c, float)(row[c]) for c in columns] for row in rows]
    return {'columns': columns, 'details': [c.startswith(('bin', 'r2_', 'wheel')) for c in columns], 'rows': body}


def page_data(program, folder, kind='report', seeds=(0, 1), recipe_file=None):
    folder = Path(folder)
    data = {'format': 1, 'kedge': '0.1.0', 'kind': kind, 'title': 'red anchored, hues on a wheel', 'runs': [],
            'seeds': None, 'figures': [], 'entries': []}
    if kind == 'list':
        data['title'] = 'runs'
        data['entries'] = [{'name': f'seed {i}', 'href': f'run/{i}' if i % 5 else '',
                            'values': {'score': (37 * i % 101) / 101 if i % 7 else None,
                                       'verdict': ('clean', 'leaky')[i % 3 == 0]}} for i in range(24)]
        return data
    data['runs'] = [run_data(program, folder, seed, recipe_file) for seed in seeds[:1 if kind == 'live' else None]]
    if kind == 'report':
        data['seeds'] = table_of(folder)
        data['figures'] = [figure('latents', 'Latents', 'Four panels; red stands at (0.96, 0.1) in z0 and z1 <end>.'),
                           figure('losses', 'Losses', 'recon falls from 0.21 to 5e-05.'),
                           figure('schedule', 'Schedule', 'The learning rate peaks at 0.1 at step 750.')]
    return data


def write_page(page, data, out):
    text = Path(page).read_text(encoding='utf-8')
    if text.count(MARKER) != 1:
        raise SystemExit(f'fixture: {text.count(MARKER)} places for data in {page}; must be 1')
    body = json.dumps(data, allow_nan=False).replace('<', '\\u003c')
    Path(out).write_text(text.replace(MARKER, MARKER.replace('null', body)), encoding='utf-8')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('kedge')
    parser.add_argument('run')
    parser.add_argument('page')
    parser.add_argument('out')
    parser.add_argument('--kind', choices=('report', 'list', 'live'), default='report')
    parser.add_argument('--seeds', default='0,1')
    parser.add_argument('--recipe', help='take plans from this recipe')
    args = parser.parse_args()
    data = page_data(args.kedge, args.run, args.kind, tuple(int(seed) for seed in args.seeds.split(',')), args.recipe)
    if args.kind == 'live':
        Path(args.out).write_text(json.dumps(data), encoding='utf-8')
    else:
        write_page(args.page, data, args.out)


if __name__ == '__main__':
    main()
