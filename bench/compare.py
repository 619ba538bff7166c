#!/usr/bin/env python3
"""Puts the PyTorch loop's time a step beside kedge's: compare.py BUILD_DIRECTORY. Python standard library only."""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def python_with_torch():
    """The first Python that has torch; the distribution's modules belong to /usr/bin/python3."""
    for python in (sys.executable, '/usr/bin/python3'):
        found = subprocess.run([python, '-c', 'import torch'], capture_output=True, check=False)
        if found.returncode == 0:
            return python
    return None


def kedge_step_ns(build, recipe):
    """Median ns of a step, one thread, the kernels that kedge chooses by itself."""
    out = subprocess.run([build / 'bench' / 'bench_step', HERE.parent / 'experiments' / recipe, 'auto', '61'],
                         capture_output=True, text=True, check=True).stdout
    return float(re.search(r'median (\d+) ns', out).group(1)), re.search(r'kernels (\w+)', out).group(1)


def main():
    build = pathlib.Path(sys.argv[1])
    python = python_with_torch()
    if not python:
        print('PyTorch: not installed, so there is nothing to compare with (Debian: python3-torch)')
        return 0
    for recipe in ('2.4.1', '2.9.1'):
        loop = subprocess.run([python, HERE / 'pytorch_loop.py', '--recipe', recipe, '--warmup', '50', '--steps', '600'],
                              capture_output=True, text=True, check=True).stdout
        torch_ns = json.loads(loop)['ms_per_step'][recipe] * 1e6
        own_ns, kernels = kedge_step_ns(build, recipe)
        print(f'{recipe}: PyTorch {torch_ns / 1e3:.0f} us a step, kedge ({kernels}) {own_ns / 1e3:.2f} us: '
              f'{torch_ns / own_ns:.0f} times as fast, one thread each')
    return 0


if __name__ == '__main__':
    sys.exit(main())
