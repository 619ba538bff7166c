#!/usr/bin/env python3
"""test_findings.py KEDGE SOURCE - docs/findings.md answers every question of scripts/findings, and the script can be run.

The whole takes minutes; here the page is looked through, and the quickest question is asked again of a few seeds.
"""
import re
import subprocess
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

KEDGE, SOURCE = (Path(argument).resolve() for argument in sys.argv[1:3])
PAGE = SOURCE / 'docs' / 'findings.md'
QUICKEST, SEEDS = 'planes', '20000..20007'
BYTES = 1_500_000  # of all pictures of the page
sys.path.insert(0, str(SOURCE / 'scripts'))
sys.dont_write_bytecode = True


def script():
    """scripts/findings as a module."""
    path = SOURCE / 'scripts' / 'findings'
    spec = spec_from_loader('findings', SourceFileLoader('findings', str(path)))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def faults_of_page(findings):
    have = findings.sections(PAGE)
    for name, (title, _) in findings.QUESTIONS.items():
        text = have.get(name, '')
        for needed in (f'## {title}\n', '**Asked.**', '**Answer.**', '```sh\n', '|---|'):
            if needed not in text:
                yield f'{name}: its section lacks {needed!r}'
        if '![' not in text:
            yield f'{name}: no picture'
    yield from (f'{name}: a section that scripts/findings does not write' for name in have.keys() - findings.QUESTIONS.keys())
    if 'nan' in PAGE.read_text(encoding='utf-8').split():
        yield 'a number is missing (nan)'


def faults_of_pictures():
    text = PAGE.read_text(encoding='utf-8')
    shown = {path for path in re.findall(r'!\[[^\]]+\]\(images/findings/([\w.-]+)\)', text)}
    have = {path.name for path in (PAGE.parent / 'images' / 'findings').glob('*')}
    yield from (f'{name}: shown and not there, or there and not shown' for name in sorted(shown ^ have))
    size = sum((PAGE.parent / 'images' / 'findings' / name).stat().st_size for name in have)
    if size > BYTES:
        yield f'{size} bytes of pictures; at most {BYTES}'


def faults_of_run():
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / 'page.md'
        done = subprocess.run([SOURCE / 'scripts' / 'findings', QUICKEST, '--build', KEDGE.parent, '--seeds', SEEDS, '--page', page],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            yield from done.stderr.splitlines() or ['it failed without a word']
        elif '**Answer.**' not in page.read_text(encoding='utf-8'):
            yield 'the page has no answer'


def main():
    tests = [('every question has its section', faults_of_page(script())), ('its pictures are there', faults_of_pictures()),
             ('a question can be asked again', faults_of_run())]
    failed = 0
    print(f'1..{len(tests)}')
    for number, (name, found) in enumerate(tests, 1):
        faults = list(found)
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {name}", flush=True)
        for fault in faults:
            print(f'# {fault}', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
