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
    early = [row for (title, form), rows in cells.items() if form == 'inverse square' for row in rows]
    selective = cells['1.7, selective, all colours at once', 'cosine^10']

    def of(title, form='inverse square'):
        return percent(crumpled(cells[title, form]))

    text = f"""
**Asked.** Does a curriculum that starts from six colours crumple, and how often, against selective training on all colours at
once? The posts: about a quarter against none.

**Answer.** Selective training on all colours all but never does: {sum(row['wheel_ordered'] == 0 for row in selective)} run of
{len(selective)}, {of('1.7, selective, all colours at once', 'cosine^10')}. How often a curriculum does is no one number: {of(
        '1.5, smooth')} of 1.5, {of('1.3, by steps, 3-D')} of 1.3, {of('1.6, smooth')} of 1.6 eased and {of('1.6, by steps')} by
steps; over all four {percent(crumpled(early))}. So "about a quarter" holds for some schedules and not for others. The form of
`separate` matters as much: with the later one (cosine^10 without the shift, which pushes opposite colours off each
other as it does equal ones) the same schedules crumple in {of('1.5, smooth', 'cosine^10')}, {of('1.3, by steps, 3-D',
        'cosine^10')}, {of('1.6, smooth', 'cosine^10')} and {of('1.6, by steps', 'cosine^10')}. A curriculum can be made safe; selective
training is safe as it is, and its loss hardly rises on the way ({short(median(column(selective, 'spike'))[0])} powers of ten in the
median run, against 1.4 to 4).

{table(['recipe', '`separate`', 'crumpled', 'worst gap, degrees', 'MSE x 1e5', 'spike'], lines)}

Medians but for the share; *spike* is the largest rise of the loss over its least so far, in powers of ten. The schedules of 1.5 and
1.6 are the published ones; which form of `separate` they had is not said, nor is 1.3's schedule, which is ours. 1.7 is not one of them
without its curriculum: it has labels and an anchor, which curricula do without.

![How a run of 1.5 takes shape: six colours, all hues, all colours](../experiments/1.5/picture.png)
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
            apart = paired(x, y)
            lines.append([title, metric + (' x 1e5' if factor > 1 else ''), pm(mean(x)), pm(mean(y)),
                          f'**{pm(apart)}**' if abs(apart[0]) > apart[1] else pm(apart)])
    def gap(title, metric, factor=1):
        _, a, _, b = compared[title]
        have = {row['seed']: row for row in b}
        return pm(paired([factor * row[metric] for row in a], [factor * have[row['seed']][metric] for row in a]))

    early, late = list(compared)[:2]
    changes = '1.4, changes under way'
    share_of = {key: percent(crumpled(rows)) for key, rows in cells.items()}
    lab.run('draw', 'losses', 'experiments/1.6', '--width', '400', '-o', 'smooth.png')
    (lab.work / 'smooth.txt').unlink(missing_ok=True)
    text = f"""
**Asked.** Smooth against stepped transitions: are there loss spikes, and does the final structure differ? The posts: no
difference.

**Answer.** On the way they differ by a power of ten: the loss of 1.6 rises less when eased ({gap(early, 'spike')}
powers of ten). At the end easing buys nothing. With the early form of `separate` the wheels are alike ({share_of['1.6, smooth', 'inverse square']} against
{share_of['1.6, by steps', 'inverse square']} crumpled, worst gaps {gap(early, 'wheel_worst_gap')} degrees apart) and the eased runs
reconstruct a little worse ({gap(early, 'recon_mse', 1e5)}, x 1e5); with the later form they crumple far more often
({share_of['1.6, smooth', 'cosine^10']} against {share_of['1.6, by steps', 'cosine^10']}); why was not looked into. In 1.4, where values change and
no data, easing a change over 100 steps instead of making it at once changes the spike by {gap(changes, 'spike')} and leaves the score as it is ({gap(changes, 'score')}). So "no difference" holds for the structure at the end
where either works, and not for the way there.

Differences are between runs of the same seed, smooth less stepped; those beyond their interval are bold:

{table(['recipe', 'metric', 'smooth or eased', 'by steps or at once', 'difference'], lines)}

![Losses of one smooth run of 1.6: what rises as hues, then all colours come in](images/findings/smooth.png)
"""
    return text, ['smooth.png']


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
    text = f'{value:+.3g} ± {half:.2g}'
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
    plain = {key: share(column(cells[key], 'wheel_ordered')) for key in cells}
    alone = plain[(0.0, 0.0, 1.0, 0.0, 0.0)]
    folded = [value for key, value in order.items() if not key[0] and key[2] and sum(key) > 1]
    flat = [value for key, value in order.items() if not key[2]]
    text = f"""
**Asked.** Of the five terms of 1.7, which are needed, and for what? The posts keep all five.

**Answer.** The plane makes the wheel, and separation makes it sure. `reg-planar` alone brings hues in order in {percent(alone)} of the
runs; with `separate` beside it {100 * min(both):.0f} to {100 * max(both):.0f}%, whatever else is on; with other terms but without
`separate` hues are in order in {100 * min(folded):.0f} to {100 * max(folded):.0f}% only; without the plane in at most
{100 * max(flat):.0f}%. `reg-polar` puts red at its place ({effect(contrast(cells, MEASURES[2][1],
        lambda key: 1 if key[1] else -1), '').strip('*')} degrees). Of the terms for the length `reg-norm` adds nothing once plane and
separation are there, and costs a third of the error; `reg-norm-v`, of the vibrant alone, evens the gaps out, brings red nearer and
reconstructs better than without. So of five terms four are worth having, and two are needed.

The effect of each term (mean over the sixteen combinations with it less that without; what is beyond its interval is bold):

{table(['term', *names], single)}

<details><summary>Of each pair (how much more one does where the other is on, halved)</summary>

{table(['pair', *names], pairs)}

</details>

<details><summary>All 32 combinations</summary>

{table(['terms', *names], every)}

</details>

![Reconstruction error against the worst gap: 32 combinations, a mark each](images/findings/terms.png)
"""
    picture = lab.draw('terms.db', 'terms', '--metric', 'recon_mse', '--metric', 'wheel_worst_gap')
    return text, [picture]


QUESTIONS = {
    'curricula': ('Does a curriculum crumple?', curricula),
    'smooth': ('Smooth against stepped transitions', smooth),
    'terms': ('Which terms are needed?', terms),
}
