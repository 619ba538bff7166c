"""What scripts/experiments and the tests share: an experiment's folder, its runs, and whether they give what it says.

A folder's expected.json:

    {"seeds": "0..59", "tested": "0..19",                         of the table; of the tests, where those are too many
     "runs": {"eased": [], "at once": ["schedule=jump.csv"]},      assignments for --set; without it the recipe alone
     "expect": [{"run": "eased", "metric": "score", "statistic": "median", "least": 0.93, "most": 0.97}],
     "picture": {"figure": "latents", "arguments": ["--seed", "3"], "says": "what one sees"}}

Standard library only.
"""
import csv
import io
import json
import math
import random
import statistics
import subprocess

FRESH = '1000..1299'  # the seeds that bounds are taken from; those of the tests are others
RESAMPLES = 4000
STATISTICS = {'mean': statistics.fmean, 'median': statistics.median, 'min': min, 'max': max}
KEYS = {'seeds', 'tested', 'runs', 'expect', 'picture'}


class Wrong(Exception):
    """An expected.json that cannot be used."""


def load(folder):
    """The expectations of an experiment."""
    path = folder / 'expected.json'
    try:
        told = json.loads(path.read_text(encoding='utf-8'))
    except ValueError as error:
        raise Wrong(f'{path}: {error}') from error
    for key in told.keys() - KEYS:
        raise Wrong(f"{path}: unknown key '{key}'; there are {', '.join(sorted(KEYS))}")
    for key in ('seeds', 'expect'):
        if not told.get(key):
            raise Wrong(f"{path}: no '{key}'")
    told.setdefault('runs', {'': []})
    told.setdefault('tested', told['seeds'])
    for wanted in told['expect']:
        if wanted.get('statistic') not in STATISTICS:
            raise Wrong(f"{path}: unknown statistic in {wanted}; there are {', '.join(STATISTICS)}")
        if wanted.get('run', '') not in told['runs']:
            raise Wrong(f"{path}: unknown run in {wanted}; there are {', '.join(told['runs'])}")
    return told


def arguments(folder, sets, seeds):
    """The words of a run's command behind 'kedge'."""
    words = ['run', str(folder)]
    for one in sets:
        words += ['--set', one]
    return [*words, '--seeds', seeds]


def rows(kedge, folder, sets, seeds):
    """A summary's rows: {column: text} for each seed."""
    done = subprocess.run([*kedge, *arguments(folder, sets, seeds), '--format', 'csv', '--quiet'], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode not in (0, 1) or not done.stdout:
        raise Wrong(f"kedge {' '.join(arguments(folder, sets, seeds))}: {done.stderr.strip()}")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def values(summary, metric):
    """A metric's values over the seeds that have one."""
    if summary and metric not in summary[0]:
        raise Wrong(f"no metric '{metric}'; there are {', '.join(summary[0])}")
    numbers = [float(row[metric]) for row in summary if row[metric] not in ('', 'nan')]
    return [number for number in numbers if math.isfinite(number)]


def measure(kedge, folder, told, seeds=None):
    """{run: rows} of all runs of an experiment."""
    return {name: rows(kedge, folder, sets, seeds or told['seeds']) for name, sets in told['runs'].items()}


def faults(told, measured):
    """What does not hold, a line each."""
    for wanted in told['expect']:
        name = f"{wanted.get('run', '')} {wanted['statistic']} {wanted['metric']}".strip()
        have = values(measured[wanted.get('run', '')], wanted['metric'])
        if not have:
            yield f'{name}: no seed has a value'
            continue
        value = STATISTICS[wanted['statistic']](have)
        if 'least' not in wanted and 'most' not in wanted:
            yield f"{name}: neither 'least' nor 'most' is said"
        if value < wanted.get('least', -math.inf):
            yield f"{name} is {value:.4g}; expected at least {wanted['least']:g}"
        if value > wanted.get('most', math.inf):
            yield f"{name} is {value:.4g}; expected at most {wanted['most']:g}"


def outward(value, up):
    """Rounded to three digits, away from what is inside the bound."""
    if value == 0:
        return 0.0
    scale = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    rounded = (math.ceil if up else math.floor)(value / scale) * scale
    return float(f'{rounded:.3g}')


def bounds(have, statistic, n):
    """Where a statistic of n seeds comes to lie, as drawn from 'have' again and again; a little wider, for kernels that
    add in another order. A metric that is 0 or 1 gets one run of either more: what did not happen in 300 may yet."""
    draw = random.Random(1)
    is_share = set(have) <= {0.0, 1.0}
    have = [*have, 0.0, 1.0] if is_share else have
    seen = [STATISTICS[statistic](draw.choices(have, k=n)) for _ in range(RESAMPLES)]
    low, high = min(seen), max(seen)
    slack = 0.05 * (high - low) + 0.01 * max(abs(low), abs(high))
    least, most = outward(low - slack, False), outward(high + slack, True)
    if min(have) >= 0:
        least = max(0.0, least)
    return least, min(1.0, most) if is_share else most
