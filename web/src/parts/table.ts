// table.ts - a table that sorts by any column, and shows its details when asked to.

import { h, replaceChildren } from '../base/dom';
import { number } from '../base/format';

export interface Cell { value: number | string | null; href?: string; now?: boolean }

export interface TableOptions {
  caption: string;
  columns: string[];
  details: boolean[]; // columns shown only on request
  rows: Cell[][];
  onrow?: (row: Cell[]) => void; // a row can be opened
  opens?: (row: Cell[]) => boolean;
}

/** Empty cells come last, whichever way it is sorted; numbers before words. */
function compare(a: Cell['value'], b: Cell['value'], sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return sign * a.localeCompare(b, 'en', { numeric: true });
}

export function sortableTable(options: TableOptions): HTMLElement {
  const { columns, details } = options;
  const state = { column: -1, sign: 1, all: false };
  const heads: HTMLTableCellElement[] = [];
  const body = h('tbody', null);
  const numeric = columns.map((_, c) => options.rows.some((row) => typeof row[c].value === 'number'));

  function cellOf(cell: Cell, c: number): HTMLElement {
    const text = typeof cell.value === 'number' ? number(cell.value, 4) : cell.value ?? '–';
    const shown = cell.href ? h('a', { href: cell.href }, text) : text;
    const props = { class: numeric[c] ? 'number' : null, hidden: details[c] && !state.all };
    return c === 0 ? h('th', { scope: 'row', ...props }, shown) : h('td', props, shown);
  }

  function rowOf(row: Cell[]): HTMLElement {
    const opens = options.onrow && (options.opens?.(row) ?? true);
    const cells = row.map(cellOf);
    if (opens) {
      const button = h('button', { type: 'button', class: 'link', onclick: () => options.onrow!(row) });
      button.append(...cells[0].childNodes);
      cells[0].append(button);
    }
    return h('tr', { class: row[0].now ? 'now' : null }, cells);
  }

  function draw(): void {
    const rows = [...options.rows];
    const { column, sign } = state;
    if (column >= 0) rows.sort((a, b) => compare(a[column].value, b[column].value, sign));
    replaceChildren(body, rows.map(rowOf));
    heads.forEach((head, c) => {
      head.hidden = details[c] && !state.all;
      head.setAttribute('aria-sort', c === column ? (sign > 0 ? 'ascending' : 'descending') : 'none');
    });
  }

  const headRow = h('tr', null, columns.map((name, c) => {
    const head = h('th', { scope: 'col', class: numeric[c] ? 'number' : null },
      h('button', { type: 'button', onclick: () => {
        state.sign = state.column === c ? -state.sign : 1;
        state.column = c;
        draw();
      } }, name.replaceAll('_', ' ')));
    heads.push(head);
    return head;
  }));
  draw();
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': options.caption },
    h('table', null, h('caption', { class: 'unseen' }, `${options.caption}; the heads sort`),
      h('thead', null, headRow), body));
  if (!details.some(Boolean)) return table;
  const more = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => {
    state.all = !state.all;
    more.setAttribute('aria-pressed', String(state.all));
    more.textContent = state.all ? 'Fewer columns' : 'All columns';
    draw();
  } }, 'All columns');
  return h('div', null, table, h('p', { class: 'after' }, more));
}
