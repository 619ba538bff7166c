#!/usr/bin/env python3
"""load_store.py FILE - makes a small store from store.sql, the same on every machine."""
import sqlite3
import sys
from pathlib import Path


def load(path):
    """The store in a new file, open."""
    db = sqlite3.connect(path)
    db.executescript((Path(__file__).resolve().parent / 'store.sql').read_text(encoding='utf-8'))
    db.commit()
    return db


if __name__ == '__main__':
    load(sys.argv[1]).close()
