"""The page docs/results.md: how fast kedge is on this machine, and how much memory it takes.

A step is timed by the benchmarks of bench/, whole commands from outside: the wall clock around a process, its
processor time, and its peak memory as the kernel counts it.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTS = 50      # of 'kedge version'
REPEATS = 7      # of a run over 60 seeds
MANY = 10000     # seeds of the long run
RECIPES = ('2.4.1', '2.9.1')
STEP = re.compile(r'a step: min (\d+), median (\d+) ns; min (\d+), median (\d+) cycles; ([\d.]+) seeds/s')
CPU_KEYS = ('model name', 'Model', 'cpu model')


def output(*command):
    return subprocess.run([str(part) for part in command], check=True, text=True, stdout=subprocess.PIPE).stdout


# --- the machine -------------------------------------------------------------------------------------------------

def first_line(*command):
    try:
        return output(*command).splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return 'unknown'


def compiler(build):
    """As Meson found it, so that it is the one that built the library."""
    log = build / 'meson-logs' / 'meson-log.txt'
    found = re.search(r'^C compiler for the host machine: [^(]*\((\S+ \S+)', log.read_text(errors='replace'), re.M)
    return found.group(1) if found else first_line('cc', '--version')


def processor():
    text = Path('/proc/cpuinfo').read_text(errors='replace')
    pairs = [line.split(':', 1) for line in text.splitlines() if ':' in line]
    names = {key.strip(): value.strip() for key, value in reversed(pairs)}
    return next((names[key] for key in CPU_KEYS if key in names), os.uname().machine)


def machine(build):
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
    return f'{processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB of memory; {compiler(build)}.'


# --- the benchmarks ------------------------------------------------------------------------------------------------

def usable_kernels(kedge):
    """Those that run here, plain ones first: what 'kedge run --kernels' accepts."""
    names = re.search(r'^kernels: (.*)$', output(kedge, 'version'), re.M).group(1)
    names = [name.split()[0] for name in names.split(',')]
    recipe = ROOT / 'experiments' / RECIPES[0]
    return [name for name in names
            if subprocess.run([kedge, 'run', recipe, '--seeds', '1', '--kernels', name, '--quiet'], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0]


def step_rows(bench, kernels):
    """(lines of the table, median ns of each recipe with the last kernels, what the benchmark printed then)."""
    lines = ['| recipe | kernels | ns a step, min | median | cycles a step, min | median | seeds a second |',
             '|---|---|---|---|---|---|---|']
    medians, printed = {}, {}
    for recipe in RECIPES:
        for name in kernels:
            text = output(bench, ROOT / 'experiments' / recipe, name)
            found = STEP.search(text)
            if not found:
                raise ValueError(f'{bench}: no times in what it printed')
            lines.append(f"| {recipe} | {name} | {' | '.join(f'{int(part):,}' for part in found.groups()[:4])} "
                         f'| {float(found.group(5)):.0f} |')
            medians[recipe], printed[recipe] = int(found.group(2)), text
    return lines, medians, printed


def parts_of(text):
    """The lines of a benchmark that stand below the whole step."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if STEP.search(line))
    return [line[4:] for line in lines[start + 1:]]


def torch_lines(medians):
    """The PyTorch loop, where there is one to run."""
    for python in (sys.executable, '/usr/bin/python3'):
        found = subprocess.run([python, ROOT / 'bench' / 'pytorch_loop.py'], text=True, check=False,
                               stdout=subprocess.PIPE)
        measured = json.loads(found.stdout) if found.returncode == 0 else {}
        if 'ms_per_step' in measured:
            rows = [f"| {recipe} | {ms * 1e3:,.0f} | {medians[recipe] / 1e3:.2f} | {ms * 1e6 / medians[recipe]:.0f} |"
                    for recipe, ms in measured['ms_per_step'].items()]
            return [f"The same step as a plain PyTorch loop (`bench/pytorch_loop.py`, PyTorch {measured['torch']}, one "
                    'thread; wanted: a ratio of 350 at 2.4.1):', '',
                    '| recipe | PyTorch, us a step | kedge, us a step | ratio |', '|---|---|---|---|', *rows]
    return ['PyTorch is not installed here, so `bench/pytorch_loop.py` was not measured.']


def wide_lines(build):
    bench = build / 'bench' / 'bench_wide'
    if not bench.is_file():
        return []
    text = output(bench, ROOT / 'experiments' / RECIPES[0])
    return ['A wide model, one core (`bench/wide.c`; wanted: 60% of what sgemm reaches):', '', '```', text.strip(),
            '```', '']


# --- whole commands ------------------------------------------------------------------------------------------------

def timed(command):
    """Wall-clock and processor seconds of a process."""
    began = time.perf_counter()
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ValueError(f"'{command[0]}' ended with status {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def peak_memory(command):
    """Peak resident MiB. Asked of /proc while it runs: what wait4 reports includes the process that started it."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    peak, status = 0, Path(f'/proc/{child.pid}/status')
    while child.poll() is None:
        found = re.search(r'^VmHWM:\s*(\d+)', status.read_text(), re.M)
        peak = max(peak, int(found.group(1)) if found else 0)
        time.sleep(0.001)
    if child.returncode:
        raise ValueError(f"'{command[0]}' ended with status {child.returncode}")
    return peak / 1024


def spread(values, scale, digits):
    return f'{statistics.median(values) * scale:.{digits}f} ({min(values) * scale:.{digits}f})'


def run_command(kedge, directory, seeds):
    return [kedge, 'run', ROOT / 'experiments' / RECIPES[0], '-o', directory, '--seeds', seeds, '--quiet']


def command_lines(kedge):
    with tempfile.TemporaryDirectory() as folder:
        fresh = iter(Path(folder) / str(i) for i in range(10**6))
        starts = [timed([kedge, 'version'])[0] for _ in range(STARTS)]
        short = [timed(run_command(kedge, next(fresh), 60)) for _ in range(REPEATS)]
        short_memory = peak_memory(run_command(kedge, next(fresh), 60))
        long_wall, long_cpu = timed(run_command(kedge, next(fresh), MANY))
        long_memory = peak_memory(run_command(kedge, next(fresh), MANY))
    return [
        '| command | wall clock | wanted | processor time | peak memory | wanted |', '|---|---|---|---|---|---|',
        f'| `kedge version` | {spread(starts, 1e3, 1)} ms | 5 ms | | | |',
        f'| `kedge run experiments/2.4.1 -o DIR` (60 seeds) | {spread([wall for wall, _ in short], 1, 2)} s | 0.6 s '
        f'| {statistics.median(cpu for _, cpu in short):.2f} s | {short_memory:.1f} MiB | 30 MB |',
        f'| `kedge run experiments/2.4.1 -o DIR --seeds {MANY}` | {long_wall:.1f} s | 90 s | {long_cpu:.1f} s '
        f'| {long_memory:.1f} MiB | no more |', '',
        'Where a command ran several times, its median and, in brackets, its best.']


def measure(build, _docs):
    """The part as Markdown."""
    kedge, bench = build / 'kedge', build / 'bench' / 'bench_step'
    if not bench.is_file():
        raise ValueError(f"'{bench}' is missing; configure with -Dbench=true and build")
    kernels = usable_kernels(kedge)
    steps, medians, printed = step_rows(bench, kernels)
    lines = ['## Speed', '', machine(build), '',
             'A step is one update: draw a batch of 64 and its labels, forward, backward, Adam. One core '
             '(`bench/step.c`, 61 runs; cycles are those of the core, counted by a chain of additions):', '', *steps,
             '',
             *torch_lines(medians), '', *wide_lines(build), 'Whole commands, files included, on all cores:', '',
             *command_lines(kedge), '']
    for recipe in RECIPES:
        lines += [f'Where the time of a step of {recipe} goes, kernels {kernels[-1]}, each part alone, at its best:',
                  '', '```', *parts_of(printed[recipe]), '```', '']
    return '\n'.join(lines)
