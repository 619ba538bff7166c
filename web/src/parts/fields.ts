// fields.ts - labelled controls.

import { h, uniqueId, type Child } from '../base/dom';

export function field(label: string, control: HTMLElement, ...more: Child[]): HTMLElement {
  const id = control.id || (control.id = uniqueId('field'));
  return h('div', { class: 'field' }, h('label', { for: id }, label), control, more);
}

export function select(options: { value: string; text: string; off?: boolean }[], value: string,
  change: (value: string) => void): HTMLSelectElement {
  const element = h('select', { onchange: () => change(element.value) },
    options.map((o) => h('option', { value: o.value, disabled: o.off }, o.text)));
  element.value = value;
  return element;
}

export function checkbox(label: string, value: boolean, change: (value: boolean) => void): HTMLElement {
  const input = h('input', { type: 'checkbox', onchange: () => change(input.checked) });
  input.checked = value;
  return h('label', { class: 'check' }, input, h('span', null, label));
}

export interface Slider { element: HTMLElement; set: (value: number) => void; input: HTMLInputElement }

/** A slider with its value beside it, which can be typed as well. */
export function slider(label: string, range: { min: number; max: number; step: number; unit?: string; help?: string },
  value: number, change: (value: number) => void): Slider {
  const id = uniqueId('field');
  const bounds = { min: range.min, max: range.max, step: range.step };
  const input = h('input', { type: 'range', id, ...bounds });
  const box = h('input', { type: 'number', ...bounds, 'aria-label': `${label}, as a number` });
  const set = (to: number) => {
    input.value = String(to);
    if (document.activeElement !== box) box.value = String(Number(to.toPrecision(6)));
    const share = (Number(input.value) - range.min) / (range.max - range.min);
    input.style.setProperty('--share', `${(100 * share).toFixed(1)}%`);
  };
  input.addEventListener('input', () => {
    set(Number(input.value));
    change(Number(input.value));
  });
  box.addEventListener('change', () => {
    const typed = Number(box.value);
    if (box.value === '' || !Number.isFinite(typed)) return set(Number(input.value));
    const held = Math.min(range.max, Math.max(range.min, typed));
    box.value = String(held);
    set(held);
    change(held);
  });
  set(value);
  const element = h('div', { class: 'field slider', title: range.help },
    h('label', { for: id }, label, range.unit ? ` (${range.unit})` : ''), input, box);
  return { element, set, input };
}

/** Buttons of which one is pressed. */
export function segmented(label: string, options: { value: string; text: string }[], value: string,
  change: (value: string) => void): HTMLElement {
  const group = uniqueId('group');
  return h('fieldset', { class: 'segmented' }, h('legend', null, label), h('div', null, options.map((o) => {
    const input = h('input', { type: 'radio', name: group, value: o.value, onchange: () => change(o.value) });
    input.checked = o.value === value;
    return h('label', null, input, h('span', null, o.text));
  })));
}

/** One panel at a time: a tab each, moved among by arrow keys. */
export function tabs(label: string, panels: { name: string; panel: HTMLElement }[]): { element: HTMLElement;
  open: (name: string) => void } {
  const buttons = panels.map(({ name, panel }, i) => {
    const id = uniqueId('tab');
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    panel.id ||= uniqueId('panel');
    return h('button', { type: 'button', role: 'tab', id, 'aria-controls': panel.id, onclick: () => choose(i),
      onkeydown: (event: KeyboardEvent) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (!by) return;
        choose((i + by + panels.length) % panels.length);
        buttons[(i + by + panels.length) % panels.length].focus();
        event.preventDefault();
      } }, name);
  });
  function choose(at: number): void {
    buttons.forEach((button, i) => {
      button.setAttribute('aria-selected', String(i === at));
      button.tabIndex = i === at ? 0 : -1;
      panels[i].panel.hidden = i !== at;
    });
  }
  choose(0);
  return { element: h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label }, buttons),
    panels.map(({ panel }) => panel)), open: (name) => choose(panels.findIndex((p) => p.name === name)) };
}
