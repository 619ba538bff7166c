"""results_seeing.py - how long pictures, pages and videos take, for scripts/results."""
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from results_speed import ROOT, spread, timed

REPEATS = 3
FRAMES = 1000
CROSSED = ('--attribute', '--seeds', '12')


def figures(kedge):
    """Names of all figures, from the program's own list."""
    text = subprocess.run([kedge, 'help', 'draw'], capture_output=True, text=True, check=True).stdout
    part = text.split('\nFigures:\n', 1)[1].split('\n\n', 1)[0]
    return re.findall(r'^  ([\w-]+)', part, re.M)


def inputs(kedge, folder):
    """What figures are made of: {figure: argument}; a run directory where nothing else is said."""
    run, store, crossed = folder / 'run', folder / 'sweep.kedge', folder / 'crossed.kedge'
    recipe = ROOT / 'experiments' / '2.4.1'
    subprocess.run([kedge, 'run', recipe, '-o', run, '--quiet'], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([kedge, 'sweep', recipe, '-o', store, '--seeds', '40', '--over', 'terms.separate.power=10,100',
                    '--quiet'], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([kedge, 'sweep', recipe, '-o', crossed, *CROSSED, '--quiet'], check=True,
                   stdout=subprocess.DEVNULL)
    return run, {'sweep': [store], 'attribution': [crossed], 'terms': []}


def repeated(command, times=REPEATS):
    return [timed(command)[0] for _ in range(times)]


def figure_lines(kedge, folder, run, others):
    lines = ['| figure | PNG, ms | SVG, ms |', '|---|---|---|']
    for name in figures(kedge):
        cells = [spread(repeated([kedge, 'draw', name, *others.get(name, [run]), '-o', folder / f'x.{suffix}']), 1e3, 0)
                 for suffix in ('png', 'svg')]
        lines.append(f'| `{name}` | {cells[0]} | {cells[1]} |')
    return lines


def page_lines(kedge, folder, run):
    page = folder / 'report.html'
    walls = repeated([kedge, 'report', run, '-o', page], 3)
    lines = ['| what | wall clock | wanted | size |', '|---|---|---|---|',
             f'| `kedge report`, 60 seeds | {spread(walls, 1, 2)} s | | {page.stat().st_size / 1e6:.1f} MB |']
    for suffix, wanted in (('mp4', '20 s'), ('webm', '20 s')):
        film = folder / f'film.{suffix}'
        command = [kedge, 'video', run, '-o', film, '--frames', FRAMES, '--quiet']
        try:
            wall = timed(command)[0]
        except ValueError:  # built without FFmpeg, or its libraries are not here
            lines.append(f'| `kedge video`, .{suffix} | cannot be made here | {wanted} | |')
            continue
        lines.append(f'| `kedge video`, {FRAMES} frames of 1280 x 720, .{suffix} | {wall:.1f} s | {wanted} '
                     f'| {film.stat().st_size / 1e6:.0f} MB |')
    return lines


def measure(build):
    """The part as Markdown."""
    kedge = build / 'kedge'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run, others = inputs(kedge, folder)
        drawn = figure_lines(kedge, folder, run, others)
        pages = page_lines(kedge, folder, run)
    return '\n'.join([
        '## Pictures, pages, videos', '',
        f'Of the 60 seeds of 2.4.1, as whole processes: the median of {REPEATS}, in brackets the best (wanted: 100 ms). '
        '`sweep` has 80 runs, `attribution` 144; `trajectory` trains all 60 seeds again.', '', *drawn, '', *pages, '',
        'What being looked at costs a run is measured by `tests/serve/measure_view.py`.', ''])
