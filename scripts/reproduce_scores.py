"""The sections of docs/reproduction.md on scores, verdicts and failures."""
import random
import statistics
from collections import Counter

from reproduce_published import RUNS, SCORES
from reproduce_statistics import RESAMPLES, SEED, STANDARD_ERRORS, describe, distances, quantile, standard_errors

SHOWN = ('min', '5%', '25%', 'median', '75%', 'max', 'mean', 'sd')
VERDICTS = ('clean', 'leaky', 'lost', 'crumpled')  # by number, as include/kedge/evaluate.h has them
PLAN = {'2.4.1': 'suppressed', '2.5.1': 'suppressed', '2.7.1': 'ablated', '2.9.1': 'ablated'}  # the scored ones
COLOURED = ('2.4.1', '2.5.1', '2.9.1')  # where it is about a colour, which has an opposite
LEAST_DAMAGE = {'suppressed': 0.18, 'ablated': 0.25}  # what red's error is to be
MOST_OPPOSITE = 0.003  # increase at cyan
MOST_COLLATERAL = 0.003  # as KEDGE_VERDICT_COLLATERAL


class Scores:
    """The scores of one experiment over some seeds, beside the published ones."""

    def __init__(self, name, rows):
        self.values = [float(row['score']) for row in rows]
        self.statistics = describe(self.values)
        self.errors = standard_errors(self.values)
        self.away = distances(self.values, self.errors, SCORES[name].figures, RUNS)

    def cells(self, what):
        error = f'{self.errors[what]:.4f}' if what in self.errors else ''
        return f'{self.statistics[what]:.4f} | {error} | {distance(self.away.get(what))}'


def distance(away):
    if away is None:
        return ''
    if abs(away) < 0.05:
        return 'equal'
    words = f"{abs(away):.1f} {'above' if away > 0 else 'below'}"
    return words if abs(away) <= STANDARD_ERRORS else f'**{words}**'


def table(name, few, many, titles):
    lines = [f'**{name}**, {SCORES[name].edit}:', '',
             f'| score | published, {RUNS} seeds | kedge, {titles[0]} | standard error | away | {titles[1]} '
             '| standard error | away |', '|---' * 8 + '|']
    for what in SHOWN:
        known = SCORES[name].figures.get(what, '')
        lines.append(f'| {what} | {known} | {few.cells(what)} | {many.cells(what)} |')
    return [*lines, '']


def outside(found):
    """Names of the statistics that differ, of {experiment: Scores}."""
    return [f'{name} {what} ({abs(away):.1f} {"above" if away > 0 else "below"})' for name, scores in found.items()
            for what, away in scores.away.items() if abs(away) > STANDARD_ERRORS]


def summary(found, title):
    total = sum(len(scores.away) for scores in found.values())
    far = outside(found)
    end = f'outside: **{"; ".join(far)}**' if far else 'none is outside'
    return f'* {title}: {total - len(far)} of {total} figures lie within {STANDARD_ERRORS} standard errors; {end}.'


def alone(found):
    """Those that would differ if the published figures were exact."""
    far = []
    for name, scores in found.items():
        for what in scores.away:
            away = (scores.statistics[what] - float(SCORES[name].figures[what])) / scores.errors[what]
            if abs(away) > STANDARD_ERRORS:
                far.append(f'{name} {what} ({abs(away):.1f})')
    return ', '.join(far) or 'none'


def blocks(few, many):
    """How many blocks of as many fresh seeds as were published have all their figures within the bound, and how
    often so many fresh seeds, drawn at random, have a mean as far off as the first ones."""
    lines = []
    for name, rows in many.items():
        first = statistics.fmean(float(row['score']) for row in few[name])
        parts = [rows[i:i + RUNS] for i in range(0, len(rows) - RUNS + 1, RUNS)]
        found = [Scores(name, part) for part in parts]
        whole = sum(all(abs(away) <= STANDARD_ERRORS for away in scores.away.values()) for scores in found)
        means = [scores.statistics['mean'] for scores in found]
        low = min(scores.statistics['min'] for scores in found)
        high = max(scores.statistics['min'] for scores in found)
        lines.append(f"| {name} | {whole} of {len(parts)} | {min(means):.4f} to {max(means):.4f} "
                     f"| {first:.4f} | {100 * chance_of_mean(rows, first):.1f}% "
                     f"| {SCORES[name].figures['mean']} | {low:.3f} to {high:.3f} | {SCORES[name].figures['min']} |")
    return ['| experiment | blocks that agree in every figure | means of the blocks | mean of the first seeds '
            '| so far off by chance | published mean | lowest scores of the blocks | published lowest |',
            '|---' * 8 + '|', *lines]


def chance_of_mean(rows, mean):
    """How often the mean of as many rows as were published, drawn at random, lies as far from theirs as 'mean'."""
    values, draws = [float(row['score']) for row in rows], random.Random(SEED)
    centre = statistics.fmean(values)
    return sum(abs(statistics.fmean(draws.choices(values, k=RUNS)) - centre) >= abs(mean - centre)
               for _ in range(RESAMPLES)) / RESAMPLES


def section(few, many, titles):
    """Lines, from {experiment: rows} of the published seeds and of fresh ones."""
    first = {name: Scores(name, rows) for name, rows in few.items()}
    second = {name: Scores(name, rows) for name, rows in many.items()}
    lines = ['## Scores', '', summary(first, titles[0].capitalize()), summary(second, titles[1].capitalize()), '']
    for name in few:
        lines += table(name, first[name], second[name], titles)
    return [
        *lines,
        "*Standard error* is that of kedge's figure: of the mean s / sqrt(n), of quantiles by bootstrap. *Away* "
        'counts standard errors of the difference from the published figure, whose own error follows from the '
        f"published sd for the mean, and for quantiles from drawing {RUNS} of kedge's runs at a time; printed figures "
        f"get half of their last digit. With kedge's error alone, as if the published figures were exact, {titles[0]} "
        f'would differ in: {alone(first)}. Extremes and the sd have no such error and stand beside each other '
        'only.', '',
        f'{RUNS} seeds are few. The fresh seeds in blocks of {RUNS}, each compared with the published figures as the '
        f'first {RUNS} are:', '', *blocks(few, many), '']


def digest(few, many):
    """Lines of the table in the README."""
    lines = [f'| experiment | score | median of {RUNS} published runs | of the same number here | of 1,000 others '
             '| worst of these |', '|---' * 6 + '|']
    for name in few:
        first, second = (describe([float(row['score']) for row in rows[name]]) for rows in (few, many))
        known = SCORES[name]
        lines.append(f"| [{name}](experiments/{name}/README.md) | {known.edit} | {known.figures['median']} "
                     f"| {first['median']:.3f} | {second['median']:.3f} | {second['min']:.3f} |")
    return lines


# --- verdicts and failures -----------------------------------------------------------------------------------------

def verdict_rows(runs, title):
    lines = []
    for name, rows in runs.items():
        counts = Counter(int(float(row['verdict'])) for row in rows)
        scores = describe([float(row['score']) for row in rows])
        leak = statistics.median(float(row[f'collateral_{PLAN[name]}']) for row in rows)
        hundredth = quantile(sorted(float(row['score']) for row in rows), 0.01)
        lines.append(f"| {name} | {title} | {' | '.join(str(counts[i]) for i in range(len(VERDICTS)))} "
                     f"| {scores['min']:.3f} | {hundredth:.3f} | {leak:.4f} | {harm(name, rows)} |")
    return lines


def harm(name, rows):
    """Of the scored plan: the range of the damage to red, and how many runs fail by it or by harm to cyan."""
    if name not in COLOURED:
        return ' | '
    plan = PLAN[name]
    red = [float(row[f'damage_{plan}']) for row in rows]
    cyan = [float(row[f'opposite_{plan}']) for row in rows]
    bad = sum(r < LEAST_DAMAGE[plan] or c > MOST_OPPOSITE for r, c in zip(red, cyan))
    return f'{min(red):.3f} to {max(red):.3f}, cyan +{max(cyan):.3f} | {bad}'


def leaking(few, many):
    """A sentence: how many of the leaky runs are so by harm to what has none of the concept."""
    leaky = [(name, row) for runs in (few, many) for name, rows in runs.items() for row in rows
             if VERDICTS[int(float(row['verdict']))] == 'leaky']
    collateral = sum(float(row[f'collateral_{PLAN[name]}']) > MOST_COLLATERAL for name, row in leaky)
    return (f'Of the {len(leaky):,} *leaky* runs {collateral:,} are so because some colour without any of the concept '
            f'gets worse by more than {MOST_COLLATERAL} (`collateral`), which the published recipes were not made to '
            'prevent.')


def verdicts(few, many, titles):
    return [
        '## Verdicts and failures', '',
        f"| experiment | runs | {' | '.join(VERDICTS)} | worst score | 1% | collateral, median "
        '| error of red, most harm to cyan | fail |',
        '|---' * 11 + '|', *verdict_rows(few, titles[0]), *verdict_rows(many, titles[1]), '',
        'The verdict is the column `verdict` ([the method](method.md) defines it). '
        f'{leaking(few, many)} The last two columns are those of the '
        f'scored plan: a run *fails* if red\'s error stays below {LEAST_DAMAGE["suppressed"]} (suppressed) or '
        f'{LEAST_DAMAGE["ablated"]} (ablated), or if cyan gets worse by more than {MOST_OPPOSITE}. Of the published '
        'runs these counts are not known; 4 of 32 runs of 2.9.1 are said to reach the anchor and to lose it while the '
        'learning rate is at its peak.', '']
