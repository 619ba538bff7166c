"""The sections of docs/reproduction.md on single models: labels drawn, errors by colour, pruning."""
import csv
import io
import json
import math
import statistics
import struct

from reproduce_published import COLOURS, GREYS, HUES, LABELLED_UPDATES, LABELS, RUNS, UPDATES
from reproduce_statistics import STANDARD_ERRORS


def metadata(path):
    """The text stored in a model file."""
    with open(path, 'rb') as file:
        size, = struct.unpack('<Q', file.read(8))
        return json.loads(file.read(size))['__metadata__']


def labels(directory):
    """Lines on the labels drawn in the runs of a directory."""
    texts = [metadata(directory / f'seed-{seed}' / 'model.safetensors') for seed in range(RUNS)]
    lines = ['## Labels', '',
             'How many samples were said to carry a concept, as `kedge show runs/2.4.1/seed-0/model.safetensors` '
             'tells for each model:', '',
             '| label of 2.4.1 | kedge, mean and sd a run | published | published, scaled to all updates | |',
             '|---|---|---|---|---|']
    for label, (mean, deviation) in LABELS.items():
        drawn = [float(text[f'labels.{label}']) for text in texts]
        scaled = mean * UPDATES / LABELLED_UPDATES
        own, spread = statistics.fmean(drawn), statistics.stdev(drawn)
        away = (own - scaled) / (spread * math.sqrt(2 / RUNS))
        verdict = 'agrees' if abs(away) <= STANDARD_ERRORS else '**differs**'
        lines.append(f'| {label} | {own:.1f} +- {spread:.1f} | {mean} +- {deviation} | {scaled:.1f} '
                     f'| {verdict}: {abs(away):.1f} standard errors |')
    return [*lines, '', f'The published counts stop when the terms do, after {LABELLED_UPDATES} updates; kedge counts '
            f'all {UPDATES}.', '']


# --- errors by colour ----------------------------------------------------------------------------------------------

def errors(found):
    """{plan: {colour: error of the baseline, else increase}} of what kedge evaluate prints as JSON."""
    plans = {'baseline': {colour['name']: colour['baseline'] for colour in found['colours']}}
    for i, plan in enumerate(found['plans']):
        plans[plan['name']] = {colour['name']: colour['plans'][i]['increase'] for colour in found['colours']}
    return plans


def published(name, plan):
    """{colour: figure} with 'greys' for the most of the five; empty where none is printed."""
    if plan not in COLOURS[name]:
        return {}
    hues, greys = COLOURS[name][plan]
    return {**dict(zip(HUES, hues.split())), 'greys': f'<= {greys}'}


def value(error, plan):
    return f"{error:.{4 if plan == 'baseline' else 3}f}".replace('-0.000', '0.000')


def colour_table(name, found):
    plans = errors(found)
    known = {plan: published(name, plan) for plan in plans}
    head = ['colour']
    for plan in plans:
        head += [plan, 'published'] if known[plan] else [plan]
    lines = [f"| {' | '.join(head)} |", '|---' * len(head) + '|']
    for colour in (*HUES, 'greys'):
        cells = ['five greys, the most' if colour == 'greys' else colour]
        for plan, have in plans.items():
            worst = max(have[grey] for grey in GREYS) if colour == 'greys' else have[colour]
            cells.append(value(worst, plan))
            if known[plan]:
                cells.append(known[plan][colour])
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def colours(evaluations):
    """Lines on {experiment: (seed, what kedge evaluate prints of its best run)}."""
    lines = ['## Error by colour in the best run', '',
             'Of each experiment the run with the best score among the first seeds, as `kedge evaluate runs/2.4.1` '
             'picks it: the mean squared error of a colour as the model is (`baseline`), and the increase under each '
             'plan. The published columns are those of the best published run, which is another model: what is to '
             'agree is the pattern, not the digits.', '']
    for name, (seed, found) in evaluations.items():
        scores = ', '.join(f"{plan['name']} {plan['r2']:.3f}" for plan in found['plans'])
        lines += [f'**{name}**, seed {seed}, r^2 with the target: {scores}.', '', *colour_table(name, found), '']
    return lines


# --- pruning -------------------------------------------------------------------------------------------------------

def outputs(text):
    """Rows of the out_ columns of what kedge latents prints."""
    reader = csv.reader(io.StringIO(text))
    head = next(reader)
    chosen = [i for i, name in enumerate(head) if name.startswith('out_')]
    return [[float(row[i]) for i in chosen] for row in reader]


def pruning(pairs):
    """Lines on {experiment: (seed, dims, latents of the ablated model, of the pruned one)}."""
    lines = ['## Pruned equals ablated', '', 'The same models after surgery on their weights:', '', '```sh',
             'kedge edit ablate runs/2.9.1/seed-N/model.safetensors --dims 0 -o ablated.safetensors',
             'kedge edit prune  runs/2.9.1/seed-N/model.safetensors --dims 0 -o pruned.safetensors',
             'kedge latents ablated.safetensors', 'kedge latents pruned.safetensors', '```', '',
             '| experiment | seed | dims | outputs compared | largest output | largest difference |', '|---' * 6 + '|']
    for name, (seed, dims, ablated, pruned) in pairs.items():
        one, other = ([x for row in outputs(text) for x in row] for text in (ablated, pruned))
        if len(one) != len(other):
            raise ValueError(f"experiment '{name}': the pruned model has other outputs than the ablated one")
        away = max(abs(a - b) for a, b in zip(one, other))
        lines.append(f'| {name} | {seed} | {dims} | {len(one):,} | {max(map(abs, one)):.3f} | {away:.2g} |')
    return [*lines, '', 'Published: equal to 7 digits.', '']
