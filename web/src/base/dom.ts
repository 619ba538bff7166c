// dom.ts - elements in one call.

export type Child = Node | string | number | null | undefined | false | Child[];
type Props = { [name: string]: unknown };

function append(to: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(to, child);
    else if (child instanceof Node) to.append(child);
    else if (child !== null && child !== undefined && child !== false) to.append(String(child));
  }
}

function apply(to: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) to.addEventListener(name.slice(2), value as EventListener);
    else if (name === 'style') for (const [key, v] of Object.entries(value as object)) style(to, key, String(v));
    else to.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Through the object model: an attribute would need a content policy that lets styles in. */
function style(of: Element, name: string, value: string): void {
  (of as HTMLElement).style.setProperty(name, value);
}

/** An HTML element: attributes by name, listeners as 'onclick', then what is in it. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props | null, ...children: Child[]):
HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props) apply(element, props);
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon of one path in a box of 24. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  apply(svg, { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' });
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

let count = 0;
/** An id that is on the page once. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${++count}`;
}

export function replaceChildren(of: Element, ...children: Child[]): void {
  of.textContent = '';
  append(of, children);
}

/** Sets text only where it differs: screen readers announce what changes. */
export function setText(of: Element, text: string): void {
  if (of.textContent !== text) of.textContent = text;
}
