#!/usr/bin/env python3
"""test_links.py SOURCE - every relative link of the documentation leads to a file, and to a heading in it."""
import re
import sys
from pathlib import Path

SKIPPED = {'.git', 'node_modules', 'runs'}
LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')


def prose(text):
    """Without what is fenced or quoted as code."""
    return re.sub(r'`[^`\n]*`', '', re.sub(r'^```.*?^```$', '', text, flags=re.M | re.S))


def anchor(heading):
    """What a heading is called in a link: lower case, punctuation dropped, blanks as hyphens."""
    return re.sub(r'[^\w\- ]', '', heading.strip().lower()).replace(' ', '-')


def anchors(path):
    text = re.sub(r'^```.*?^```$', '', path.read_text(encoding='utf-8'), flags=re.M | re.S)
    places = re.findall(r'<a id="([\w-]+)">', text)  # a page's own short names
    return {anchor(found) for found in re.findall(r'^#+ (.*)$', text, re.M)} | set(places)


def fault(page, link):
    """What is wrong with a link, or nothing."""
    target, _, place = link.partition('#')
    path = (page.parent / target).resolve() if target else page
    if not path.exists():
        return f"'{link}' leads nowhere"
    if place and path.suffix == '.md' and place not in anchors(path):
        return f"'{link}': there is no such heading"
    return ''


def main():
    source = Path(sys.argv[1]).resolve()
    pages = [path for path in sorted(source.rglob('*.md'))
             if not any(part in SKIPPED or part.startswith('build') for part in path.relative_to(source).parts)]
    print(f'1..{len(pages)}')
    failed = 0
    for number, page in enumerate(pages, 1):
        links = [link for link in LINK.findall(prose(page.read_text(encoding='utf-8'))) if '://' not in link]
        faults = [text for text in (fault(page, link) for link in links) if text]
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} - links of {page.relative_to(source)}")
        for text in faults:
            print(f'# {text}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
