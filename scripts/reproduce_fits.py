"""The section of docs/reproduction.md on what is measured of every run: reconstruction, angles, the wheel.

Of these only a mean is published, often with a range. Some runs of 2.9.1 fail in a way of their own and carry the
mean, so those are set apart, named, and not forgotten: means without them are compared with means without them.
"""
import math
import statistics

from reproduce_published import METRICS, RUNS, WHEELS
from reproduce_statistics import STANDARD_ERRORS, chance_outside, describe, half_unit, number

UNLIKELY = 0.01  # a range that leaves out more seeds than chance does this often is another one
WRECKED = 20     # interquartile ranges above the upper quartile: a seed that failed in a way of its own
FAR = 10         # times the largest published value: worse in kind
NAMED = 5        # seeds that are named one by one; more are counted
SHOWN = ('min', '5%', '25%', 'median', 'mean', '75%', 'max', 'sd')


class Sample:
    """A metric over seeds, with what fails in a way of its own set apart."""

    def __init__(self, rows, column):
        self.values = [float(row[column]) for row in rows]
        self.statistics = describe(self.values)
        bound = self.statistics['75%'] + WRECKED * (self.statistics['75%'] - self.statistics['25%'])
        self.wrecked = [row['seed'] for row, value in zip(rows, self.values) if value > bound]
        self.rest = [value for value in self.values if value <= bound]


def told(seeds):
    if len(seeds) > NAMED:
        return f'{len(seeds)} seeds'
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(seeds)}"


def compare_mean(sample, published, high, old):
    """(whether the means agree, a sentence). Where seeds are wrecked, means without them are compared, and without
    the published largest value where that carries the published mean."""
    values, n = sample.rest, len(sample.rest)
    mean, slack, what = float(published), half_unit(published), 'mean'
    if sample.wrecked:
        what = f"mean without {told(sample.wrecked)} {number(statistics.fmean(values))}"
        if high and float(high) > 10 * mean:
            slack = (old * slack + half_unit(high)) / (old - 1)
            mean = (old * mean - float(high)) / (old - 1)
            what += f', published without its largest {number(mean)}'
        what += ':'
    error = statistics.stdev(values) * math.sqrt(1 / n + 1 / old)
    gap = statistics.fmean(values) - mean
    away = max(0.0, abs(gap) - slack) / error
    side = 'above' if gap > 0 else 'below'
    return away <= STANDARD_ERRORS, f'{what} {away:.1f} standard errors {side}' if away >= 0.05 else f'{what} equal'


def compare_range(sample, low, high, old):
    """(whether as many lie outside the published range as chance allows, a sentence)."""
    n = len(sample.values)
    slack_low, slack_high = half_unit(low), half_unit(high)
    outside = sum(not float(low) - slack_low <= value <= float(high) + slack_high for value in sample.values)
    return chance_outside(n, old, outside) >= UNLIKELY, f'{n - outside} of {n} in the range'


def compare(sample, published, low, high, old):
    """The verdict on a metric, with its reasons."""
    good, words = compare_mean(sample, published, high, old)
    if low:
        inside, more = compare_range(sample, low, high, old)
        good, words = good and inside, f'{words}; {more}'
        if sample.wrecked and max(sample.values) > FAR * float(high):
            good, words = False, f'its worst seeds are worse than any published; {words}'
    verdict = 'agrees' if good else '**differs**'
    if good and sample.wrecked and not high:  # the published mean is of all seeds, this one is not
        verdict = '**unclear**'
    return f'{verdict}: {words}'


def table(runs):
    """(the lines, what was set apart) of {experiment: its rows}."""
    lines = [f"| experiment | metric | {' | '.join(SHOWN)} | published mean (range) | |",
             '|---' * (len(SHOWN) + 4) + '|']
    wrecks = []
    for name, rows in runs.items():
        old = WHEELS if name == '1.7' else RUNS
        for column, title, published, low, high in METRICS[name]:
            sample = Sample(rows, column)
            figures = [number(sample.statistics[what]) for what in SHOWN]
            known = f'{published} ({low} to {high})' if low else published
            lines.append(f"| {name} | {title} | {' | '.join(figures)} | {known} "
                         f"| {compare(sample, published, low, high, old)} |")
            if sample.wrecked:
                wrecks.append(f'* {name}, {title}: {told(sample.wrecked)}.')
    return lines, wrecks


def wheel_line(rows):
    ordered = sum(float(row['wheel_ordered']) == 1 for row in rows)
    verdict = 'as published' if ordered == WHEELS == len(rows) else f'**differs**: published {WHEELS} of {WHEELS}'
    return f'Colour wheel, 1.7: hues in cyclic order in {ordered} of {len(rows)} runs ({verdict}).'


def section(few, many):
    """Lines, from the rows of the published number of seeds and from those of fresh ones."""
    first, wrecks = table(few)
    second, more = table(many)
    return [
        '## Reconstruction, angles, wheel', '',
        'Columns `recon_mse`, `anchor_anchor`, `red_cos`, `wheel_worst_gap` and `wheel_radius` of the same runs; '
        f'those of 1.7 come from `kedge run experiments/1.7 -o runs/1.7`, {WHEELS} seeds as published. e0 is the first '
        'axis.', '',
        *first, '', wheel_line(few['1.7']), '', 'The fresh seeds:', '', *second, '',
        f'A metric *agrees* if its mean lies within {STANDARD_ERRORS} standard errors of the published one, and no '
        f'more seeds lie outside the published range than chance puts there once in {round(1 / UNLIKELY)} times: new '
        'seeds do exceed the extremes of old ones. The standard error is that of a difference of two means, with the '
        'spread that kedge has on both sides, since the published one is not printed; figures that were rounded in '
        'print get half of their last digit. *Unclear*: seeds of kedge were set apart, but the published mean is of '
        'all seeds, failed ones too, so that the two are not alike.', '',
        f'Set apart, because a metric lies more than {WRECKED} interquartile ranges above its upper quartile and so '
        'carries the mean; compare the medians and quartiles there:', '',
        *(wrecks or ['* of the first seeds: none.']), *[f'{line[:-1]} of the fresh ones.' for line in more]]
