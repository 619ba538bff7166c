"""Questions on places: metrics and norms, how many anchors fit, what structure costs."""
import csv
import io
import math
import statistics

from findings_lab import between, column, groups, mean, median, number, percent, pm, share, short, table
from findings_training import degrees

# ---- metric and norm ----

NORMS = {'explicit: scaled to length 1': ['model.normalize=true', 'terms.reg-norm.scale=0', 'terms.reg-norm-v.scale=0'],
         'regularized: two terms for the length': [],
         'none': ['terms.reg-norm.scale=0', 'terms.reg-norm-v.scale=0']}


def norms(lab):
    rows, cells = [], {}
    for norm, sets in NORMS.items():
        store = f"norm-{norm.split(':')[0]}.db"
        lab.sweep(store, 'experiments/2.2', ['terms.reg-polar.metric=euclidean,angular'], sets)
        for (metric,), have in groups(lab.runs(store), 'terms.reg-polar.metric').items():
            cells[norm.split(':')[0], metric] = have
            rows.append([norm, metric, between(median(column(have, 'score'))),
                         short(sorted(column(have, 'score'))[len(have) // 20]),
                         percent(share(column(have, 'wheel_ordered'))),
                         pm(mean(degrees(column(have, 'anchor_reg-polar')))),
                         between(median(column(have, 'collateral_suppressed'))),
                         pm(mean([1e5 * x for x in column(have, 'recon_mse')]))])

    def score(norm, metric):
        return between(median(column(cells[norm, metric], 'score')))

    def low(norm, metric):
        have = sorted(column(cells[norm, metric], 'score'))
        return short(have[len(have) // 20])

    def angle(norm, metric):
        return pm(mean(degrees(column(cells[norm, metric], 'anchor_reg-polar'))))

    lab.draw('norm-explicit.db', 'norms', '--metric', 'score')

    text = f"""
**Asked.** Anchor by distance or by angle; latents scaled to length 1, drawn to it by a term, or left alone?

**Answer.** They decide the bad runs more than the typical one. Medians lie between {score('regularized', 'angular')} (regularized,
angular) and {score('none', 'angular')} (left alone, angular). But the worst twentieth of the runs is best where latents are scaled to
length 1 and the anchor is euclidean ({low('explicit', 'euclidean')}; left alone {low('none', 'euclidean')}, regularized
{low('regularized', 'euclidean')}), and there red is nearest to its place ({angle('explicit', 'euclidean')} degrees). On scaled latents the two
are one and the same but for a factor, |z - v|^2 = 2 (1 - cos): what looks like the metric there is twice the weight. They differ
where lengths are free: left alone the angular one has fewer bad runs ({low('none', 'angular')} against {low('none', 'euclidean')}), with terms
for the length more ({low('regularized', 'angular')} against {low('regularized', 'euclidean')}). Terms for the length are the worst of both: they cost the most reconstruction and gain nothing that the norm does not give.
Hues come in order in all six.

The recipe is 2.2 (3,600 colours, 10,001 updates, red suppressed):

{table(['length', 'anchor', 'score, median', '5% of runs below', 'hues in order', 'red to its anchor, degrees',
        'collateral', 'MSE x 1e5'], rows)}

![The score of scaled latents by the metric of the anchor: every seed](images/findings/norms.png)
"""
    return text, ['norms.png']


# ---- how many anchors ----

COLOURS = ('red', 'cyan', 'green', 'magenta', 'blue', 'yellow', 'white', 'black')
APART = ('red', 'green', 'blue', 'white', 'yellow', 'cyan', 'magenta', 'black')


def axis(i, dims, sign=1):
    return [sign if k == i else 0 for k in range(dims)]


def simplex(n, dims):
    """The corners of a regular simplex, in the first n - 1 dims: all pairs at the same angle, as far apart as n can be."""
    corners = [[0.0] * dims for _ in range(n)]
    for i in range(n - 1):
        corners[i][i] = math.sqrt(1 - sum(x * x for x in corners[i][:i]))
        for j in range(i + 1, n):
            dot = sum(corners[i][k] * corners[j][k] for k in range(i))
            corners[j][i] = (-1 / (n - 1) - dot) / corners[i][i]
    return corners


def places(kind, n, dims):
    if kind == 'axes':
        return APART[:n], [axis(i, dims) for i in range(n)]
    if kind == 'both ends of axes':
        return COLOURS[:n], [axis(i // 2, dims, 1 - 2 * (i % 2)) for i in range(n)]
    if kind == 'a diagonal':
        return APART[:1], [[dims ** -0.5] * dims]
    return APART[:n], simplex(n, dims)


def vector(at):
    return '[' + ', '.join(f'{x:.6g}' for x in at) + ']'


def many_recipe(kind, n, dims):
    """Recipe and sheet with so many colours anchored."""
    names, at = places(kind, n, dims)
    both = list(zip(names, at, strict=True))
    recipe = f"""title: {n} anchors in {dims} dims, {kind}
data: {{kind: rgb-grid, points: 8, batch: 64}}
labels:
""" + ''.join(f'  {name}: 0.08 * similarity({name})^8\n' for name in names) + f"""
model: {{kind: autoencoder, hidden: [16, 16], bottleneck: {dims}}}
terms:
  separate: {{kind: separate, power: 100}}
""" + ''.join(f'  {name}: {{kind: anchor, at: {vector(place)}, labels: {{{name}: 1}}}}\n' for name, place in both) + """
schedule: schedule.csv
hold: 1499
plans:
""" + ''.join(f'  no-{name}: {{edit: suppress, direction: {vector(place)}, target: similarity({name})^2}}\n'
              for name, place in both) + f'score: {{plan: no-{names[0]}}}\n'
    sheet = 'STEP,lr,separate,' + ','.join(names) + '\n' + '0,1e-8,' + ',0.01' * n + '\n10,0.01,' + ',' * n + \
        '\n750,0.1,0.01' + ',0.1' * n + '\n1425,0.1,0' + ',0' * n + '\n1500,0.05,' + ',' * n + '\n'
    return names, recipe, sheet


CELLS = (('axes', 1, 4), ('a diagonal', 1, 4), ('axes', 2, 4), ('axes', 3, 4), ('axes', 4, 4), ('axes', 1, 8), ('axes', 2, 8),
         ('axes', 4, 8), ('axes', 6, 8), ('axes', 8, 8), ('axes', 3, 3), ('axes', 6, 6), ('both ends of axes', 2, 4),
         ('both ends of axes', 6, 3), ('both ends of axes', 6, 4), ('both ends of axes', 8, 4), ('simplex', 4, 3),
         ('simplex', 4, 4), ('simplex', 6, 5), ('simplex', 8, 7))


def many(lab):
    lines, have = [], {}
    for kind, n, dims in CELLS:
        names, recipe, sheet = many_recipe(kind, n, dims)
        folder = lab.work / f"many-{kind.replace(' ', '-')}-{n}-{dims}"
        folder.mkdir(exist_ok=True)
        (folder / 'recipe.yaml').write_text(recipe, encoding='utf-8')
        (folder / 'schedule.csv').write_text(sheet, encoding='utf-8')
        text = lab.run('run', folder.name, '--seeds', lab.seeds, '--control', '--format', 'csv', '--quiet', shown=False)
        rows = [{key: number(cell) for key, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]
        scores = [statistics.fmean(row[f'r2_no-{name}'] for name in names) for row in rows]
        worst = [max(row[f'collateral_no-{name}'] for name in names) for row in rows]
        angle = [statistics.fmean(degrees([row[f'anchor_{name}'] for name in names])) for row in rows]
        lost = [any(row[f'anchor_{name}'] > 0.1 for name in names) for row in rows]
        ratio = column(rows, 'control_ratio')
        have[kind, n, dims] = (scores, worst, angle, lost, ratio)
        lines.append([kind, n, dims, pm(mean(scores)), between(median(worst)), pm(mean(angle)), percent(share(lost)),
                      between(median(ratio))])

    def score(*key):
        return pm(mean(have[key][0]))

    def harm(*key):
        return between(median(have[key][1]))

    def lost(*key):
        return percent(share(have[key][3]))

    text = f"""
**Asked.** How many concepts can be anchored at once: on axes, at both ends of axes, on a simplex, anywhere else? What does
each take from the others, and from reconstruction?

**Answer.** As many as there is room for, at a price that grows. On eight axes the mean score of all falls from {score('axes', 1, 8)}
with one anchor to {score('axes', 4, 8)} with four and {score('axes', 8, 8)} with eight, the largest collateral damage rises from
{harm('axes', 1, 8)} to {harm('axes', 8, 8)}, and with eight {lost('axes', 8, 8)} of the runs lose one. Room is what counts: four in four
dims score {score('axes', 4, 4)}, in eight {score('axes', 4, 8)}; in three dims nothing works, wherever the anchors are (three on axes
{score('axes', 3, 3)}, six at both ends {score('both ends of axes', 6, 3)}), as the colours alone need as many. Further apart is better:
four on a simplex (109 degrees) score {score('simplex', 4, 4)} where four on axes (90) do {score('axes', 4, 4)}, and two opposite colours at
both ends of one axis {score('both ends of axes', 2, 4)}, better than one alone ({score('axes', 1, 4)}); with six or eight anchors that gain
is gone. A place on a diagonal is nearly as good as one on an axis ({score('a diagonal', 1, 4)} against {score('axes', 1, 4)}). Two
layers of 16 reconstruct no worse with one to six anchors than without any term (the last column; see [below](#cost)).

A colour is *lost* beyond 26 degrees; collateral is the largest rise of the error among colours orthogonal to the one suppressed,
over all of them; cost is the reconstruction error divided by that of a model trained without terms from the same seed. Two
hidden layers of 16, 1,501 updates:

{table(['places', 'anchors', 'dims', 'score, mean of all', 'worst collateral', 'degrees off', 'runs that lose one', 'cost'],
       lines)}

![Error by hue without red, and without white, of four anchors on a simplex](../experiments/anchors/picture.png)
"""
    lab.commands.append('scripts/findings many   # writes a recipe for each row and runs it')
    return text, []


# ---- what structure costs ----

SIZES = (('2.4.1', '[8]', 0), ('2.4.1', '[16]', 0), ('2.4.1', '[32]', 0), ('2.4.1', '[64]', 0), ('2.4.1', '[16, 16]', 0),
         ('2.4.1', '[32, 32]', 0), ('2.4.1', '[16]', 0.2), ('2.4.1', '[64]', 0.2), ('2.4.1', '[16, 16]', 0.2),
         ('2.4.1', '[32, 32]', 0.2), ('2.9.1', '[8, 8]', 0), ('2.9.1', '[16, 16]', 0), ('2.9.1', '[32, 32]', 0), ('2.9.1', '[64]', 0),
         ('2.9.1', '[16, 16]', 0.2), ('2.9.1', '[32, 32]', 0.2))
WRECKED = 1e-3  # reconstruction error beyond which a network has come to nothing


def cost(lab):
    lines, have = [], {}
    for name, hidden, clip in SIZES:
        sets = ['--set', f'model.hidden={hidden}'] + (['--set', f'optimizer.clip={clip}'] if clip else [])
        text = lab.run('run', f'experiments/{name}', *sets, '--seeds', lab.seeds, '--control', '--format', 'csv', '--quiet')
        rows = [{key: number(cell) for key, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]
        wrecks = [share([x > WRECKED for x in column(rows, metric)]) for metric in ('recon_mse', 'control_mse')]
        have[name, hidden, clip] = between(median(column(rows, 'control_ratio'))), *map(percent, wrecks)
        lines.append([name, hidden, clip or 'none', between(median([1e5 * x for x in column(rows, 'recon_mse')])),
                      between(median([1e5 * x for x in column(rows, 'control_mse')])),
                      have[name, hidden, clip][0], percent(wrecks[0]), percent(wrecks[1]),
                      between(median(column(rows, 'score')))])
    lab.sweep('cost.db', 'experiments/2.4.1', ['model.hidden=[8],[16],[32],[64]'])
    picture = lab.draw('cost.db', 'cost', '--metric', 'recon_mse')
    text = f"""
**Asked.** What does structure cost in reconstruction, against the same network trained without any term?

**Answer.** Between nothing and a factor of three of a small error, by size. 2.4.1 at its own size reconstructs with {have['2.4.1',
        '[16]', 0][0]} times the error of its un-anchored control; with 8 hidden units it is {have['2.4.1', '[8]', 0][0]}, with 64
{have['2.4.1', '[64]', 0][0]}, and {have['2.4.1', '[64]', 0.2][0]} with gradients clipped at .2. Two layers of 16 cost {have['2.4.1',
        '[16, 16]', 0.2][0]} (clipped). In five dims the terms of 2.9.1 even lower the error ({have['2.9.1', '[16, 16]', 0.2][0]} with two
layers of 16, clipped, {have['2.9.1', '[64]', 0][0]} with one of 64), though hardly a control is wrecked there: terms shape the way of the
training as well as its end, and why this one is better was not looked into. What wrecks is heat: two layers of 32 at this learning
rate come to nothing in {have['2.4.1', '[32, 32]', 0][2]} of the runs without terms, and in {have['2.4.1', '[32, 32]', 0][1]} with those of
2.4.1.

Medians but for shares; a run's cost is its error divided by that of a model trained from the same seed without terms; wrecked is an
error above .001:

{table(['recipe', 'hidden', 'clip', 'MSE x 1e5', 'un-anchored, x 1e5', 'cost', 'wrecked', 'wrecked, un-anchored', 'score'], lines)}

![Reconstruction error of 2.4.1 by hidden units: every seed](images/findings/cost.png)
"""
    return text, [picture]


QUESTIONS = {
    'norms': ('Anchor metric and normalization', norms),
    'many': ('How many concepts fit?', many),
    'cost': ('What does structure cost?', cost),
}
