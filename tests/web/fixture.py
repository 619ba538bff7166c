#!/usr/bin/env python3
"""fixture.py KEDGE RUN PAGE OUT [--kind report|list|live] [--seeds 0,1] - a page of real models, for tests of the page.

Trains nothing: the end of each run is its stored model, whose numbers under each plan are those of 'kedge evaluate';
the records before are drawn towards it from small random weights, by minimum jerk. With --kind live the data alone are
written, for a server that stands in for 'kedge view'. Also a library: 'page_data', 'write_page'.
"""
import argparse
import base64
import csv
import json
import math
import random
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
            halves[half].append({'outputs': entry['shape'][0], 'inputs': entry['shape'][1], 'weight': start, 'bias': -1})
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
            silent = name != 'recon' and (float(row[f'weight_{name}']) == 0 or float(row[name]) == 0)
            values.append(math.nan if silent else float(row[name]))
    return {'names': names, 'at': [int(row['step']) for row in metrics], 'values': pack(values)}


def plans_of(program, path, points, layers, end):
    scores = json.loads(kedge(program, 'evaluate', path, '--format', 'json'))
    target = pack([similarity_to_red(rgb) ** 2 for rgb in points])
    edit = {'direction': [1, 0, 0, 0], 'dims': None, 'from': 90, 'to': 89, 'map': 'linear', 'strength': 1, 'power': 0}
    ablated = list(end)
    for layer, rows in ((layers['encoder'][-1], True), (layers['decoder'][0], False)):
        for i in range(layer['inputs'] if rows else layer['outputs']):
            ablated[layer['weight'] + (i if rows else i * layer['inputs'])] = 0
        if rows:
            ablated[layer['bias']] = 0
    texts = {'suppressed': 'removes all of the part along z0 within 90°',
             'repelled': 'turns what is within 90° of z0 away, to 89° at least', 'ablated': 'ablates dim 0'}
    plans = []
    for plan in scores['plans']:
        name = plan['name']
        kind = {'suppressed': 'suppress', 'repelled': 'repel'}.get(name)
        plans.append({
            'name': name, 'text': texts[name], 'scored': plan['scored'],
            'edit': {'kind': kind, **edit} if kind else None, 'parameters': None if kind else pack(ablated),
            'metrics': [{'name': key, 'value': plan[key], 'text': f'{plan[key]:.4g}', 'doc': DOCS[key]} for key in DOCS],
            'target': {'formula': plan['target'], 'values': target}})
    return plans


def run_data(program, folder, seed):
    path = folder / f'seed-{seed}' / 'model.safetensors'
    metadata, layers, end = read_model(path)
    metrics = list(csv.DictReader(open(path.parent / 'metrics.csv', encoding='utf-8')))
    steps = int(metrics[-1]['step']) + 1
    rows = list(csv.DictReader(kedge(program, 'latents', path).splitlines()))
    points = [[float(row[f'in_{c}']) for c in 'rgb'] for row in rows]
    test = [[(1 + 2 * x) / 16 for x in (r, g, b)] for r in range(0, 8) for g in range(0, 8) for b in range(0, 8)]
    schedule = schedule_of(folder, metrics, steps)
    summary = next(row for row in csv.DictReader(open(folder / 'summary.csv', encoding='utf-8'))
                   if row['seed'] == str(seed))
    terms = {'separate': 'pushes latents of a batch apart', 'anchor': 'draws red to its anchor at (1, 0, 0, 0)',
             'subspace': 'draws vibrant colours into dims 0 and 1'}
    point_set = {'targets': None, 'shade': None, 'shadeName': None, 'names': None}
    return {
        'name': f'seed {seed}', 'recipe': metadata['recipe'], 'seed': seed, 'kernels': metadata['kernels'], 'exact': True,
        'verdict': 'clean: red is held at its anchor',
        'metrics': [{'name': name, 'value': float(summary[name]), 'text': f'{float(summary[name]):.4g}', 'doc': doc}
                    for name, doc in (('recon_mse', 'mean squared error over the test set'),
                                      ('score', 'squared correlation of the error with its target'),
                                      ('damage_suppressed', 'error at the concept under the plan'),
                                      ('collateral_suppressed', 'largest increase where the target is 0'))],
        'model': {'inputs': ['r', 'g', 'b'], 'outputs': ['r', 'g', 'b'], 'colour': True, 'bottleneck': 4,
                  'normalize': True, 'activation': 'gelu', 'output': 'linear', **layers, 'parameters': len(end)},
        'points': [{'name': 'data', 'n': len(points), 'inputs': pack(sum(points, [])), **point_set},
                   {'name': 'test', 'n': len(test), 'inputs': pack(sum(test, [])), **point_set}],
        'anchors': [{'label': 'red', 'at': [1, 0, 0, 0]}], 'labels': ['red', 'vibrant'],
        'terms': [{'name': name, 'kind': name, 'text': text} for name, text in terms.items()],
        'plans': plans_of(program, path, points, layers, end), 'schedule': schedule,
        'losses': losses_of(metrics, schedule['columns']), 'records': records_of(end, steps, seed)}


def figure(name, title, alt):
    """A drawing that stands in for one of kedge's."""
    def drawing(paper, ink):
        marks = ''.join(f'<circle cx="{40 + 44 * i}" cy="{150 - 30 * math.sin(i)}" r="9" fill="hsl({50 * i} 70% 50%)"/>'
                        for i in range(7))
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240" viewBox="0 0 360 240"><desc>{alt}'
                f'</desc><rect width="360" height="240" fill="{paper}"/><path d="M20 200H340M20 200V20" stroke="{ink}" '
                f'fill="none"/>{marks}<text x="20" y="225" fill="{ink}" font-size="12">{title}</text></svg>')
    return {'name': name, 'title': title, 'alt': alt, 'light': drawing('#fff', '#1a1c20'),
            'dark': drawing('#15171b', '#eceef1')}


def table_of(folder):
    rows = list(csv.DictReader(open(folder / 'summary.csv', encoding='utf-8')))
    columns = list(rows[0])
    read = {'status': str, 'verdict': lambda value: ('clean', 'leaky', 'lost', 'crumpled')[int(value)]}
    body = [[None if row[c] == '' else read.get(c, float)(row[c]) for c in columns] for row in rows]
    return {'columns': columns, 'details': [c.startswith(('bin', 'r2_', 'wheel')) for c in columns], 'rows': body}


def page_data(program, folder, kind='report', seeds=(0, 1)):
    folder = Path(folder)
    data = {'format': 1, 'kedge': '0.1.0', 'kind': kind, 'title': 'red anchored, hues on a wheel', 'runs': [],
            'seeds': None, 'figures': [], 'entries': []}
    if kind == 'list':
        data['title'] = 'runs'
        data['entries'] = [{'name': f'seed {i}', 'href': f'run/{i}' if i % 5 else '',
                            'values': {'score': (37 * i % 101) / 101 if i % 7 else None,
                                       'verdict': ('clean', 'leaky')[i % 3 == 0]}} for i in range(24)]
        return data
    data['runs'] = [run_data(program, folder, seed) for seed in seeds[:1 if kind == 'live' else None]]
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
    args = parser.parse_args()
    data = page_data(args.kedge, args.run, args.kind, tuple(int(seed) for seed in args.seeds.split(',')))
    if args.kind == 'live':
        Path(args.out).write_text(json.dumps(data), encoding='utf-8')
    else:
        write_page(args.page, data, args.out)


if __name__ == '__main__':
    main()
