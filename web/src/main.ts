// main.ts - finds the page's data and opens the page that they ask for.

import './style.css';
import type { PageData } from './data';
import { h, replaceChildren } from './base/dom';
import { unpack } from './base/unpack';
import { openList } from './list';
import { openReport } from './report';

function show(data: PageData, page: HTMLElement): void {
  if (data.format !== 1) throw new Error(`data of format ${data.format}; this page reads format 1`);
  document.title = `${data.title} · kedge`;
  if (data.kind === 'list') openList(data, page);
  else openReport(data, page);
}

async function load(): Promise<PageData> {
  const text = document.getElementById('kedge-data')?.textContent ?? 'null';
  const inside = JSON.parse(text) as PageData | null;
  if (inside) return inside;
  if (!location.protocol.startsWith('http')) throw new Error('there are no data in this file');
  const answer = await fetch('api/page', { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`api/page: ${answer.status} ${answer.statusText}`);
  return (await answer.json()) as PageData;
}

const page = document.getElementById('page')!;
load().then(async (data) => show({ ...data, figures: await unpack(data.figures) }, page)).catch((error: Error) => {
  replaceChildren(page, h('div', { class: 'failure', role: 'alert' }, h('h1', null, 'This page cannot be shown'),
    h('p', null, error.message)));
});
