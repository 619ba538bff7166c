#!/usr/bin/env python3
"""test_names.py KEDGE SOURCE - the tables of named colours are what their names give, and teach what their page says."""
import csv
import importlib.machinery
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

PROGRAM, SOURCE = (Path(argument).resolve() for argument in sys.argv[1:3])
FOLDER = SOURCE / 'experiments' / 'names'
CONCEPTS = ('dark', 'pale', 'warm', 'earthy')
SEEDS = range(1000, 1004)  # of those that the page reports


def load_script():
    loader = importlib.machinery.SourceFileLoader('colour_names', str(SOURCE / 'scripts' / 'colour_names'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def rows(name):
    return list(csv.DictReader((FOLDER / f'{name}.csv').read_text(encoding='utf-8').splitlines()))


def page():
    return (FOLDER / 'README.md').read_text(encoding='utf-8')


def tables_follow_from_their_names(script):
    return [f'{name}.csv' for name in script.LISTS if (FOLDER / f'{name}.csv').read_text(encoding='utf-8') !=
            script.table([(row['name'], row['hex']) for row in rows(name)])]


def words_are_whole_and_may_rule_out(script):
    names = list(script.WORDS)

    def concepts(name):
        return {word for word, cell in zip(names, script.row(name, '#000000')[5:]) if cell}

    expected = {'Dark Reddish Brown': {'dark', 'brown', 'warm', 'earthy'}, 'reddish purple': {'purple'},
                'yellow green': {'yellow', 'green'}, 'Darkness': set(), 'warm grey': {'warm', 'grey'}}
    return [f'{name}: {concepts(name)}' for name, words in expected.items() if concepts(name) != words]


def remarks_behind_a_name_are_left_out(script):
    got = script.row('Vivid Yellowish Green see #115', '#27A64C')
    return [] if got[:5] == ['Vivid Yellowish Green', '#27a64c', '0.1529', '0.651', '0.298'] else [str(got)]


def the_page_lists_the_words(script):
    def line(name):
        some, none = (', '.join(words.split()) or 'none' for words in script.WORDS[name])
        return f'| `{name}` | {some} | {none} |'
    return [line(name) for name in CONCEPTS if line(name) not in page()]


def the_page_counts_right(script):
    def cells(name):
        found = rows(name)
        return f"| {len(found):,} | {', '.join(str(sum(row[word] == '1' for row in found)) for word in CONCEPTS)} |"
    return [f'{name}: {cells(name)}' for name in script.LISTS if f'| `{name}.csv` {cells(name)}' not in page()]


def the_tables_are_small(script):
    size = sum((FOLDER / f'{name}.csv').stat().st_size for name in script.LISTS)
    return [] if size < 200000 else [f'{size} bytes']


def names_teach_what_the_page_says(_):
    """Within the worst and the best seed that it reports."""
    text = page()
    lows, highs = zip(*(pair.split(', ') for pair in
                        re.search(r'\| its worst and best seed \| (.*) \|', text).group(1).split(' | ')))
    command = [*shlex.split(os.environ.get('MESON_EXE_WRAPPER', '')), str(PROGRAM), 'run', str(FOLDER), '--format', 'csv',
               '--seeds', f'{SEEDS[0]}..{SEEDS[-1]}']
    found = list(csv.DictReader(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()))
    half = 0.0005 + 0.01  # of the last digit; and other kernels give other last digits of a run
    return [f"seed {row['seed']}: {name} {row['auroc_' + name]}, not from {low} to {high}" for row in found
            for name, low, high in zip(CONCEPTS, lows, highs)
            if not float(low) - half <= float(row['auroc_' + name]) <= float(high) + half]


def main():
    script = load_script()
    tests = [tables_follow_from_their_names, words_are_whole_and_may_rule_out, remarks_behind_a_name_are_left_out,
             the_page_lists_the_words, the_page_counts_right, the_tables_are_small, names_teach_what_the_page_says]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        faults = test(script)
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - {test.__name__}")
        for fault in faults:
            print(f'# {fault}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
