#!/usr/bin/env python3
"""test_reproduce.py SOURCE - the statistics of scripts/reproduce on samples with known answers."""
import math
import statistics
import sys
from pathlib import Path

SOURCE = Path(sys.argv[1]).resolve()
sys.path.insert(0, str(SOURCE / 'scripts'))
import reproduce_published as published  # noqa: E402 - found by the line above
import reproduce_statistics as tested  # noqa: E402

SAMPLE = [0.9, 0.1, 0.4, 0.8, 0.5, 0.3, 0.7]


def quantiles_are_of_type_7():
    low, middle, high = statistics.quantiles(SAMPLE, n=4, method='inclusive')
    found = tested.describe(SAMPLE)
    return all(map(math.isclose, (found['25%'], found['median'], found['75%']), (low, middle, high)))


def extremes_are_quantiles():
    ordered = sorted(SAMPLE)
    return tested.quantile(ordered, 0) == 0.1 and tested.quantile(ordered, 1) == 0.9


def rounding_is_half_of_the_last_digit():
    return [tested.half_unit(text) for text in ('.954', '4.1e-5', '15.6', '12')] == [0.0005, 0.5e-6, 0.05, 0.5]


def bootstrap_of_equal_values_is_exact():
    return set(tested.bootstrap([0.25] * 9, 9).values()) == {0.0}


def bootstrap_comes_near_theory():
    """The median of 400 even values: sqrt(p (1 - p) / n) over a density of 1."""
    error = tested.bootstrap([(i + 0.5) / 400 for i in range(400)], 400)['median']
    return abs(error - 0.5 / math.sqrt(400)) < 0.1 * 0.5 / math.sqrt(400)


def bootstrap_repeats():
    return tested.bootstrap(SAMPLE, 7) == tested.bootstrap(SAMPLE, 7)


def a_mean_is_measured_in_errors_of_both():
    values, figures = [1.0, 2.0, 3.0], {'mean': '5.00', 'sd': '1.0'}
    errors = tested.standard_errors(values)
    away = tested.distances(values, errors, figures, 4)['mean']
    return math.isclose(away, -(3 - 0.005) / math.hypot(1 / math.sqrt(3), 1 / math.sqrt(4)))


def what_rounding_explains_is_no_distance():
    values, figures = [1.0, 2.0, 3.0], {'mean': '2.0', 'sd': '1.0'}
    return tested.distances([x + 0.04 for x in values], tested.standard_errors(values), figures, 4)['mean'] == 0


def a_fresh_value_is_an_extreme_as_often_as_an_old_one():
    return math.isclose(tested.chance_outside(1, 9, 1), 2 / 10)


def numbers_have_short_exponents():
    return [tested.number(x) for x in (4.12e-5, 0.0312, 2e6)] == ['4.12e-5', '0.0312', '2e6']


def each_published_column_has_all_hues():
    return all(len(hues.split()) == len(published.HUES) for plans in published.COLOURS.values()
               for hues, _ in plans.values())


TESTS = (quantiles_are_of_type_7, extremes_are_quantiles, rounding_is_half_of_the_last_digit,
         bootstrap_of_equal_values_is_exact, bootstrap_comes_near_theory, bootstrap_repeats,
         a_mean_is_measured_in_errors_of_both, what_rounding_explains_is_no_distance,
         a_fresh_value_is_an_extreme_as_often_as_an_old_one, numbers_have_short_exponents,
         each_published_column_has_all_hues)


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    for number, test in enumerate(TESTS, 1):
        good = test()
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {test.__name__.replace('_', ' ')}")
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
