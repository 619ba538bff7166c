// list.ts - the page of a directory or store: a list of runs to open.

import type { PageData } from './data';
import { h, replaceChildren } from './base/dom';
import { masthead } from './parts/masthead';
import { sortableTable, type Cell } from './parts/table';

export function openList(data: PageData, page: HTMLElement): void {
  const columns = [...new Set(data.entries.flatMap((entry) => Object.keys(entry.values)))];
  const rows = data.entries.map((entry): Cell[] => [
    { value: entry.name, href: entry.href || undefined },
    ...columns.map((column) => ({ value: entry.values[column] ?? null })),
  ]);
  const noun = data.entries.every(({ name }) => name.startsWith('seed ')) ? 'seed' : 'run';
  replaceChildren(page, masthead(data, () => undefined),
    h('section', { class: 'card list', 'aria-labelledby': 'list-head' },
      h('h2', { id: 'list-head' }, `${rows.length} ${noun}${rows.length === 1 ? '' : 's'}`), rows.length ? sortableTable({ caption: 'Runs', columns: [noun, ...columns], rows,
        details: [false, ...columns.map(() => false)] }) : h('p', null, 'There are no runs here.')));
}
