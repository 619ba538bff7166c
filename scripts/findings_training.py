"""Questions on training: curricula, transitions, which terms are needed."""
import itertools
import math
import statistics

from findings_lab import between, column, groups, mean, median, paired, percent, pm, share, short, table

TERMS = ('separate', 'reg-polar', 'reg-planar', 'reg-norm-v', 'reg-norm')


def degrees(losses):
    """Angles of losses 1 - cos."""
    return [math.degrees(math.acos(max(-1.0, min(1.0, 1 - loss)))) for loss in losses]


# ---- curricula ----

CURRICULA = (('1.3, by steps, 3-D', '1.3', []), ('1.5, smooth', '1.5', []), ('1.6, smooth', '1.6', []),
             ('1.6, by steps', '1.6', ['schedule=stepped.csv']))
FORMS = {'inverse square': [], 'cosine^10': ['terms.separate={kind: separate, power: 10, shift: false}']}


def run_rows(lab, recipe, sets, key):
    """All runs of one setting; the sweep has a store of its own."""
    lab.sweep(f'{key}.db', recipe, sets=sets)
    return lab.runs(f'{key}.db')


def curriculum_cells(lab):
    """{(title, form): rows}, and those of selective training on all colours."""
    cells = {}
    for title, name, sets in CURRICULA:
        for form, more in FORMS.items():
            key = f"curriculum-{name}-{'steps' if sets else 'own'}-{form.split('^')[0].replace(' ', '-')}"
            cells[title, form] = run_rows(lab, f'experiments/{name}', sets + more, key)
    cells['1.7, selective, all colours at once', 'cosine^10'] = run_rows(lab, 'experiments/1.7', [], 'curriculum-1.7')
    return cells


def crumpled(rows):
    return share([row['wheel_ordered'] == 0 for row in rows])


def curricula(lab):
    cells = curriculum_cells(lab)
    lines = [[title, form, percent(crumpled(rows)), between(median(column(rows, 'wheel_worst_gap'))),
              between(median([1e5 * x for x in column(rows, 'recon_mse')])), between(median(column(rows, 'spike')))]
             for (title, form), rows in cells.items()]
    early = [row for (title, form), rows in cells.items() if form == 'inverse square' and title != '1.7' for row in rows]
    selective = cells['1.7, selective, all colours at once', 'cosine^10']
    text = f"""
**Asked.** Does a curriculum that starts from six colours crumple, and how often, against selective training on all colours at
once? The posts: about a quarter against none.

**Answer.** That selective training on all colours never crumples holds: {percent(crumpled(selective))}. How often a curriculum
does is no one number: {percent(crumpled(cells['1.5, smooth', 'inverse square']))} of 1.5, {percent(crumpled(
        cells['1.3, by steps, 3-D', 'inverse square']))} of 1.3, {percent(crumpled(
        cells['1.6, smooth', 'inverse square']))} of 1.6 eased and {percent(crumpled(
        cells['1.6, by steps', 'inverse square']))} by steps; over all four {percent(crumpled(early))}. It depends on how the six
are spread at first: with the later form of `separate` (cosine^10 without the shift, which pushes opposite colours apart as it
does equal ones) the same schedules crumple in {percent(crumpled(cells['1.5, smooth', 'cosine^10']))},
{percent(crumpled(cells['1.3, by steps, 3-D', 'cosine^10']))}, {percent(crumpled(cells['1.6, smooth', 'cosine^10']))} and
{percent(crumpled(cells['1.6, by steps', 'cosine^10']))}. A curriculum can be made safe; but selective training needs no care.

{table(['recipe', '`separate`', 'crumpled', 'worst gap, degrees', 'MSE x 1e5', 'spike'], lines)}

Medians but for the share; *spike* is the largest rise of the loss over its least so far, in powers of ten. The schedules of 1.5 and
1.6 are the published ones; which form of `separate` they had is not said, nor is 1.3's schedule, which is ours.
"""
    return text, []


def smooth(lab):
    lines, compared = [], {}
    cells = curriculum_cells(lab)
    for form in FORMS:
        eased, steps = cells['1.6, smooth', form], cells['1.6, by steps', form]
        compared[f'1.6, `separate` as {form}'] = ('smooth', eased, 'by steps', steps)
    lab.commands.clear()
    for title, name, sets in CURRICULA[2:]:
        lab.commands.append(f"kedge sweep experiments/{name} {''.join(f'--set {one} ' for one in sets)}--seeds {lab.seeds} -o "
                            f"curriculum-{name}-{'steps' if sets else 'own'}-inverse-square.db")
    eased = run_rows(lab, 'experiments/1.4', [], 'changes-eased')
    jump = run_rows(lab, 'experiments/1.4', ['schedule=jump.csv'], 'changes-at-once')
    compared['1.4, changes under way'] = ('eased', eased, 'at once', jump)
    for title, (one, a, other, b) in compared.items():
        for metric, factor in (('spike', 1), ('recon_mse', 1e5), ('wheel_worst_gap', 1), ('score', 1)):
            have = {row['seed']: row for row in b}
            pairs = [(row[metric], have[row['seed']][metric]) for row in a if row['seed'] in have and metric in row
                     and isinstance(row[metric], float) and isinstance(have[row['seed']][metric], float)
                     and math.isfinite(row[metric]) and math.isfinite(have[row['seed']][metric])]
            if not pairs:
                continue
            x, y = [factor * p for p, _ in pairs], [factor * q for _, q in pairs]
            gap = paired(x, y)
            lines.append([title, metric + (' x 1e5' if factor > 1 else ''), pm(mean(x)), pm(mean(y)),
                          f'**{pm(gap)}**' if abs(gap[0]) > gap[1] else pm(gap)])
    spike = {title: paired([row['spike'] for row in a], [row['spike'] for row in b]) for title, (_, a, _, b) in
             compared.items()}
    form = next(iter(compared))
    text = f"""
**Asked.** Smooth against stepped transitions: are there loss spikes, and does the final structure differ? The posts: no
difference.

**Answer.** There is one, on the way and at the end. Steps spike: {pm(spike[form])} less in powers of ten for the smooth schedule of
1.6, as the loss jumps when a set of colours comes in all at once. At the end reconstruction is alike, but the stepped runs keep
their hues in order more often (see [above](#curricula)), with gaps nearer to 30 degrees. In 1.4, where values change and no
data, easing a change over 100 steps or making it at once changes the spike by {pm(spike['1.4, changes under way'])}. So easing
is for the eyes of whoever watches the loss; it does not buy structure.

Differences are between runs of the same seed, smooth less stepped; those beyond their interval are bold:

{table(['recipe', 'metric', 'smooth or eased', 'by steps or at once', 'difference'], lines)}
"""
    return text, []


# ---- which terms ----

MEASURES = (('hues in order', lambda rows: column(rows, 'wheel_ordered'), '%'),
            ('worst gap, degrees', lambda rows: column(rows, 'wheel_worst_gap'), ''),
            ('red to its anchor, degrees', lambda rows: degrees(column(rows, 'anchor_reg-polar')), ''),
            ('reconstruction MSE x 1e5', lambda rows: [1e5 * x for x in column(rows, 'recon_mse')], ''))


def contrast(cells, take, sign):
    """Mean over the cells of sign 1 less that over those of sign -1, and half of its 95% interval."""
    total, variance = 0.0, 0.0
    for key, rows in cells.items():
        have = take(rows)
        weight = 2 * sign(key) / len(cells)
        total += weight * statistics.fmean(have)
        variance += weight ** 2 * statistics.variance(have) / len(have)
    return total, 1.97 * math.sqrt(variance)


def effect(pair, unit):
    scale = 100 if unit == '%' else 1
    value, half = pair[0] * scale, pair[1] * scale
    text = f'{value:+.2g} ± {half:.1g}' if abs(value) < 100 else f'{value:+.0f} ± {half:.1g}'
    return f'**{text}**' if abs(value) > half else text


def terms(lab):
    lab.sweep('terms.db', 'experiments/1.8', [f'terms.{term}.scale=0,1' for term in TERMS])
    rows = lab.runs('terms.db')
    cells = groups(rows, *(f'terms.{term}.scale' for term in TERMS))
    names = [name for name, _, _ in MEASURES]
    single = [[f'`{term}`'] + [effect(contrast(cells, take, lambda key, i=i: 1 if key[i] else -1), unit)
                               for _, take, unit in MEASURES] for i, term in enumerate(TERMS)]
    pairs = []
    for i, j in itertools.combinations(range(len(TERMS)), 2):
        have = [contrast(cells, take, lambda key, i=i, j=j: 1 if bool(key[i]) == bool(key[j]) else -1)
                for _, take, _ in MEASURES]
        pairs.append([f'`{TERMS[i]}` and `{TERMS[j]}`'] + [effect(one, unit) for one, (_, _, unit) in
                                                           zip(have, MEASURES, strict=True)])
    every = []
    for key in sorted(cells, reverse=True):
        on = [term for term, scale in zip(TERMS, key, strict=True) if scale]
        rows = cells[key]
        every.append([', '.join(on) or 'none', percent(share(column(rows, 'wheel_ordered'))),
                      pm(mean(column(rows, 'wheel_worst_gap'))), pm(mean(degrees(column(rows, 'anchor_reg-polar')))),
                      short(1e5 * statistics.fmean(column(rows, 'recon_mse')))])
    order = {key: statistics.fmean(column(rows, 'wheel_ordered')) for key, rows in cells.items()}
    both = [value for key, value in order.items() if key[0] and key[2]]
    either = [value for key, value in order.items() if not (key[0] and key[2])]
    text = f"""
**Asked.** Of the five terms of 1.7, which are needed, and for what? The posts keep all five.

**Answer.** Order needs two: with `separate` and `reg-planar` hues are in order in {100 * min(both):.0f} to
{100 * max(both):.0f}% of the runs, whatever else is on; without one of them in {100 * min(either):.0f} to
{100 * max(either):.0f}%. The anchor needs `reg-polar` alone. The two terms for the length are not needed for either, and
`reg-norm` is what reconstruction pays most for.

The effect of each term (mean over the sixteen combinations with it less that without; what is beyond its interval is bold):

{table(['term', *names], single)}

Of each pair (how much more one does where the other is on, halved):

{table(['pair', *names], pairs)}

All 32:

{table(['terms', *names], every)}

![Hues in order, by combination](images/findings-terms.png)
"""
    picture = lab.draw('terms.db', 'terms', '--metric', 'recon_mse', '--metric', 'wheel_worst_gap')
    return text, [picture]


QUESTIONS = {
    'curricula': ('Does a curriculum crumple?', curricula),
    'smooth': ('Smooth against stepped transitions', smooth),
    'terms': ('Which terms are needed?', terms),
}
