#!/usr/bin/env python3
"""test_store.py KEDGE SOURCE - docs/store.md shows the schema that stores have, and its questions are answered."""
import re
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from load_store import load  # noqa: E402 - found by the line above
from support import expect, expect_equal, run_tests, tests_of  # noqa: E402

FENCE = re.compile(r'^```sql\n(.*?)^```$', re.M | re.S)


def blocks(bench):
    return FENCE.findall((bench.source / 'docs' / 'store.md').read_text(encoding='utf-8'))


def schema(db):
    """Tables and indices as they were made, and the marks of the file."""
    made = [sql for sql, in db.execute('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid')]
    return made, db.execute('PRAGMA application_id').fetchone(), db.execute('PRAGMA user_version').fetchone()


def swept(bench):
    bench.kedge('sweep', 'red', '--seeds', '1', '-o', 'made.kedge', '--quiet')
    return sqlite3.connect(bench.folder / 'made.kedge')


def test_the_schema_is_that_of_the_page(bench):
    shown = [part.strip() for part in blocks(bench)[0].split(';') if part.strip()]
    expect_equal(schema(swept(bench))[0], shown, 'schema')


def test_the_marks_are_those_of_the_page(bench):
    page = (bench.source / 'docs' / 'store.md').read_text(encoding='utf-8')
    _, application, version = schema(swept(bench))
    expect(f'`PRAGMA application_id` is {application[0]:#x} ' in page, 'application_id')
    expect(f'the version of the schema, {version[0]}.' in page, 'user_version')


def test_the_recorded_store_is_of_this_version(bench):
    expect_equal(schema(load(bench.folder / 'small.kedge')), schema(swept(bench)), 'tests/cli/store.sql')


def test_the_questions_are_answered(bench):
    db = load(bench.folder / 'small.kedge')
    questions = blocks(bench)[1:]
    expect(len(questions) >= 5, 'the page has questions')
    for question in questions:
        expect(db.execute(question).fetchall(), f'no answer to:\n{question}')


def test_a_question_agrees_with_kedge(bench):
    db = load(bench.folder / 'small.kedge')
    group = next(question for question in blocks(bench) if 'AS worst' in question)
    rows = [(n, failed, f'{mean:.9g}', f'{worst:.9g}') for _, n, failed, mean, worst in db.execute(group)]
    lines = bench.text('runs', 'small.kedge', '--group', '--metric', 'score', '--sort', 'mean:desc', '--format', 'csv')
    names, *table = [line.split(',') for line in lines.splitlines()]
    column = {name: i for i, name in enumerate(names)}
    have = [(int(row[column['n']]), int(row[column['failed']]), row[column['mean']], row[column['min']])
            for row in table]
    expect_equal(have, rows, 'groups')


run_tests(tests_of(sys.modules[__name__]))
