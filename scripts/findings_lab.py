"""What the questions of scripts/findings share: sweeps with the program, their runs as rows, intervals, Markdown.

Standard library only; all training, scoring and drawing is kedge's.
"""
import csv
import io
import math
import os
import shlex
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Lab:
    """A folder to work in that sees 'experiments', and the program. Sweeps that are there are taken as they are."""

    def __init__(self, kedge, work, seeds):
        self.kedge, self.work, self.seeds = kedge, work, seeds
        work.mkdir(parents=True, exist_ok=True)
        if not (work / 'experiments').exists():
            (work / 'experiments').symlink_to(ROOT / 'experiments')
        self.commands = []  # of the present question

    def run(self, *words, shown=True):
        """kedge with these words; its standard output. A run that failed by itself is a result."""
        if shown:
            self.commands.append('kedge ' + ' '.join(shlex.quote(word) for word in words))
        done = subprocess.run([self.kedge, *words], cwd=self.work, check=False, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'})
        if done.returncode not in (0, 1) or (done.returncode == 1 and 'failed' not in done.stderr):
            raise subprocess.SubprocessError(f"kedge {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def sweep(self, store, recipe, over=(), sets=(), shown=True, seeds=None):
        """All runs of a recipe over what is varied, into a store."""
        words = ['sweep', str(recipe)]
        for one in over:
            words += ['--over', one]
        for one in sets:
            words += ['--set', one]
        self.run(*words, '--seeds', seeds or self.seeds, '-o', store, '--quiet', shown=shown)

    def runs(self, store, *where):
        """The runs of a store: {column: number, or text where it is none}."""
        words = ['runs', store, '--format', 'csv']
        for one in where:
            words += ['--where', one]
        return [{key: number(text) for key, text in row.items()}
                for row in csv.DictReader(io.StringIO(self.run(*words, shown=False)))]

    def draw(self, store, name, *words):
        """A picture of a store, docs/images/findings/NAME.png."""
        to = self.work / f'{name}.png'
        self.run('draw', 'sweep', store, *words, '--width', '400', '-o', to.name)
        to.with_suffix('.txt').unlink(missing_ok=True)
        return to.name


def number(text):
    try:
        return float(text)
    except ValueError:
        return text or math.nan


def groups(rows, *keys):
    """{values of the keys: rows}, in order of appearance."""
    found = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def column(rows, metric):
    return [row[metric] for row in rows if isinstance(row.get(metric), float) and math.isfinite(row[metric])]


def mean(values):
    """Mean and half of its 95% interval (Student's t; n is 300 or more, so 1.97 standard errors)."""
    if not values:
        return math.nan, math.nan
    return statistics.fmean(values), 1.97 * statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def share(values):
    """A share of runs and its 95% interval (Wilson 1927)."""
    n, k, z = len(values), sum(values), 1.96
    if n == 0:
        return math.nan, math.nan, math.nan
    p = k / n
    middle, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (
        1 + z * z / n)
    return p, max(0.0, middle - half), min(1.0, middle + half)


def median(values):
    """Median and its 95% interval by order statistics."""
    n = len(values)
    if n == 0:
        return math.nan, math.nan, math.nan
    ordered, half = sorted(values), 0.98 * n ** 0.5
    low, high = max(0, math.floor(n / 2 - half)), min(n - 1, math.ceil(n / 2 + half))
    return statistics.median(ordered), ordered[low], ordered[high]


def difference(a, b):
    """Mean of a less that of b, and half of its 95% interval (Welch)."""
    (x, _), (y, _) = mean(a), mean(b)
    spread = math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return x - y, 1.97 * spread


def paired(a, b):
    """The same of pairs (one seed under both)."""
    return mean([x - y for x, y in zip(a, b, strict=True)])


# ---- words ----

def short(value, digits=3):
    """A number for reading: .952, 12.3, 4.1e-5."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return '-'
    if abs(value) >= 1:
        return f'{value:.{max(0, digits - len(str(int(abs(value)))))}f}'
    text = f'{value:.{digits}g}'
    if 'e' in text:
        base, power = text.split('e')
        return f'{base}e{int(power)}'
    text = f'{value:.3f}' if digits == 3 and abs(value) >= 0.01 else text
    return text.replace('0.', '.', 1)


def pm(pair):
    return f'{short(pair[0])} ± {short(pair[1], 2)}'


def between(triple):
    return f'{short(triple[0])} ({short(triple[1])} to {short(triple[2])})'


def percent(triple):
    return f'{100 * triple[0]:.1f}% ({100 * triple[1]:.1f} to {100 * triple[2]:.1f})'


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    return '\n'.join(lines + ['| ' + ' | '.join(map(str, row)) + ' |' for row in rows])
