"""Questions on training: curricula, transitions, which terms are needed."""
import itertools
import math
import statistics

from findings_lab import column, groups, mean, percent, pm, share, short, table

TERMS = ('separate', 'reg-polar', 'reg-planar', 'reg-norm-v', 'reg-norm')


def degrees(losses):
    """Angles of losses 1 - cos."""
    return [math.degrees(math.acos(max(-1.0, min(1.0, 1 - loss)))) for loss in losses]


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
    'terms': ('Which terms are needed?', terms),
}
