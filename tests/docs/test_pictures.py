#!/usr/bin/env python3
"""test_pictures.py KEDGE SOURCE COMPARE - docs/figures.md shows every figure that there is, as it is drawn now.

The page's own commands are run, as scripts/pictures does, and each picture is compared with the committed one on a
coarse grid: letters may differ from machine to machine, what is seen may not.
"""
import re
import subprocess
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

KEDGE, SOURCE, COMPARE = (Path(argument).resolve() for argument in sys.argv[1:4])
PAGE, IMAGES = SOURCE / 'docs' / 'figures.md', SOURCE / 'docs' / 'images'
# Other kernels differ by less than 1e-5, another seed by .005 or more; sides as a line of text more makes them.
MEAN, SIDES = 0.004, 1.08
BYTES = 2_900_000  # of all pictures of the documentation


def load(path):
    """A script without a suffix as a module."""
    spec = spec_from_loader(path.name, SourceFileLoader(path.name, str(path)))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures():
    """Names of all figures, from the program's own list."""
    text = subprocess.run([KEDGE, 'help', 'draw'], capture_output=True, text=True, check=True).stdout
    part = text.split('\nFigures:\n', 1)[1].split('\n\n', 1)[0]
    return re.findall(r'^  ([\w-]+)', part, re.M)


def faults_of_page(page, names, drawn):
    shown = set(re.findall(r'!\[[^\]]+\]\(images/([\w.-]+)\.png\)', page))
    sections = dict(re.findall(r'^### `([\w-]+)`\n(.*?)(?=^##|\Z)', page, re.M | re.S))
    for name in names:
        if f'kedge draw {name} ' not in sections.get(name, '') or '](images/' not in sections.get(name, ''):
            yield f"figure '{name}' has no section '### `{name}`' with its command and its picture"
    yield from (f"section '{name}' is of no figure" for name in sections if name not in names)
    yield from (f"picture '{name}' is shown and not made, or made and not shown" for name in shown ^ set(drawn))


def fault_of_picture(name, folder):
    committed = IMAGES / f'{name}.png'
    if not committed.exists():
        return f'{name}: not committed; scripts/pictures makes it'
    done = subprocess.run([COMPARE, committed, folder / f'{name}.png'], capture_output=True, text=True, check=False)
    if done.returncode:
        return f'{name}: {done.stderr.strip()}'
    mean, most, sides = map(float, done.stdout.split())
    if mean > MEAN or sides > SIDES:
        return (f'{name}: not what is drawn now (mean difference {mean:.4f}, largest {most:.2f}, sides {sides:.3f}); '
                'look at both, and if the new one is right, run scripts/pictures')
    return ''


def report(number, name, faults):
    print(f"{'not ok' if faults else 'ok'} {number} - {name}")
    for fault in faults:
        print(f'# {fault}')
    return bool(faults)


def main():
    pictures = load(SOURCE / 'scripts' / 'pictures')
    names = figures()
    with tempfile.TemporaryDirectory() as folder:
        try:
            drawn = pictures.make(KEDGE, Path(folder))
        except subprocess.CalledProcessError as error:
            print(f'1..1\nnot ok 1 - {error.cmd[-1].strip()}')
            print('\n'.join(f'# {line}' for line in error.stderr.splitlines()))
            return 1
        print(f'1..{2 + len(drawn)}')
        failed = report(1, 'every figure has its section', list(faults_of_page(PAGE.read_text(encoding='utf-8'), names,
                                                                             drawn)))
        size = sum(path.stat().st_size for path in IMAGES.glob('*'))
        failed |= report(2, 'pictures are small', [f'{size} bytes; at most {BYTES}'] if size > BYTES else [])
        for number, name in enumerate(drawn, 3):
            fault = fault_of_picture(name, Path(folder))
            failed |= report(number, f'picture {name}', [fault] if fault else [])
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
