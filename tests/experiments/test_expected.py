#!/usr/bin/env python3
"""test_expected.py KEDGE SOURCE - every folder of experiments/ runs as it is and gives what its expected.json says."""
import re
import shlex
import os
import sys
from pathlib import Path

KEDGE, SOURCE = (Path(argument).resolve() for argument in sys.argv[1:3])
sys.path.insert(0, str(SOURCE / 'scripts'))
sys.dont_write_bytecode = True
import experiments_measure as lab  # noqa: E402: its folder is known only now

COMMAND = [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), str(KEDGE)]


def faults_of_list(folders):
    """The table that leads a new user to a recipe names each folder, and no other."""
    text = (SOURCE / 'experiments' / 'README.md').read_text(encoding='utf-8')
    named = set(re.findall(r'\]\(([\w.-]+)/README\.md\)', text))
    have = {folder.name for folder in folders}
    yield from (f'experiments/README.md does not name {name}' for name in sorted(have - named))
    yield from (f'experiments/README.md names {name}, which is not there' for name in sorted(named - have))
    for folder in folders:
        for needed in ('README.md', 'expected.json'):
            if not (folder / needed).exists():
                yield f'experiments/{folder.name} has no {needed}'


def faults_of(folder):
    try:
        told = lab.load(folder)
        yield from lab.faults(told, lab.measure(COMMAND, folder, told, told['tested']))
    except (OSError, lab.Wrong) as error:
        yield str(error)


def report(number, name, faults):
    print(f"{'not ok' if faults else 'ok'} {number} - {name}")
    for fault in faults:
        print('\n'.join(f'# {line}' for line in fault.splitlines()), flush=True)
    return bool(faults)


def main():
    folders = sorted(path.parent for path in (SOURCE / 'experiments').glob('*/recipe.yaml'))
    print(f'1..{1 + len(folders)}')
    failed = report(1, 'every experiment is listed and says what it expects', list(faults_of_list(folders)))
    for number, folder in enumerate(folders, 2):
        failed += report(number, folder.name, list(faults_of(folder)) if (folder / 'expected.json').exists() else
                         ['no expected.json'])
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
