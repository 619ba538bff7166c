"""Statistics of a sample of runs beside published ones: quantiles, standard errors, how far apart, how likely."""
import math
import random
import statistics

STANDARD_ERRORS = 2.5  # a figure further away differs
RESAMPLES = 2000       # of a bootstrap
SEED = 20251122        # of its random numbers: the page is the same every time
QUANTILES = {'5%': 0.05, '25%': 0.25, 'median': 0.5, '75%': 0.75}


def number(value, digits=3):
    """So many significant digits, without padding in the exponent."""
    return f'{value:.{digits}g}'.replace('e-0', 'e-').replace('e+0', 'e')


def half_unit(text):
    """Half of the last printed digit: how far a rounded figure may be from the true one."""
    digits, _, exponent = text.partition('e')
    places = len(digits.partition('.')[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - places)


def quantile(ordered, share):
    """Of sorted values, by type 7: linear between the order statistics."""
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def describe(values):
    """All statistics by name."""
    ordered = sorted(values)
    found = {name: quantile(ordered, share) for name, share in QUANTILES.items()}
    return {**found, 'min': ordered[0], 'max': ordered[-1], 'mean': statistics.fmean(values),
            'sd': statistics.stdev(values)}


def bootstrap(values, size):
    """Standard error of each quantile of 'size' draws from the values."""
    draws = random.Random(SEED)
    found = {name: [] for name in QUANTILES}
    for _ in range(RESAMPLES):
        ordered = sorted(draws.choices(values, k=size))
        for name, share in QUANTILES.items():
            found[name].append(quantile(ordered, share))
    return {name: statistics.stdev(sample) for name, sample in found.items()}


def standard_errors(values):
    """Of the mean, by its formula, and of the quantiles, by bootstrap."""
    return {**bootstrap(values, len(values)), 'mean': statistics.stdev(values) / math.sqrt(len(values))}


def distances(values, errors, published, old):
    """How many standard errors of a difference the values' statistics lie above the published ones, by name.

    The published sample is one of 'old' runs. Of its mean the standard error follows from the sd printed with it; of
    its quantiles from kedge's runs, 'old' of them drawn at a time. What was rounded gets half of its last digit.
    """
    old_errors = errors if len(values) == old else bootstrap(values, old)
    old_errors = {**old_errors, 'mean': float(published['sd']) / math.sqrt(old)}
    have = describe(values)
    found = {}
    for name in (*QUANTILES, 'mean'):
        if name in published:
            gap = have[name] - float(published[name])
            size = max(0.0, abs(gap) - half_unit(published[name])) / math.hypot(errors[name], old_errors[name])
            found[name] = math.copysign(size, gap)
    return found


def chance_outside(n, old, count):
    """How likely it is that at least 'count' of n fresh values lie outside the range of 'old' values alike."""
    ways = math.comb(n + old, n)
    return sum((k + 1) * math.comb(n - k + old - 2, old - 2) for k in range(count, n + 1)) / ways
