// masthead.ts - the head of every page: what it is about, and how it came out.

import type { PageData } from '../data';
import { h, icon } from '../base/dom';
import { followTheme, type Theme } from '../theme';

const MOON = 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z';
const SUN = 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19' +
  'M5 19l1.4-1.4M17.6 6.4 19 5';

export function themeButton(tell: (theme: Theme) => void): HTMLElement {
  const button = h('button', { type: 'button', class: 'icon-button' });
  const toggle = followTheme((theme) => {
    const other = theme === 'dark' ? 'light' : 'dark';
    button.replaceChildren(icon(other === 'dark' ? MOON : SUN));
    button.setAttribute('aria-label', `Change to ${other} colours`);
    button.title = `Change to ${other} colours`;
    tell(theme);
  });
  button.addEventListener('click', toggle);
  return button;
}

export function masthead(data: PageData, tell: (theme: Theme) => void, ...more: (Node | null)[]): HTMLElement {
  return h('header', { class: 'masthead' },
    h('div', { class: 'masthead-top' },
      h('div', null, h('p', { class: 'brand' }, 'kedge'), h('h1', null, data.title)), themeButton(tell)),
    more);
}
