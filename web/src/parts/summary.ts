// summary.ts - sections of words, numbers and pictures: plans, seeds, figures, recipe, glossary.

import type { FigureData, Metric, PageData, RunData } from '../data';
import { h, replaceChildren } from '../base/dom';
import { number } from '../base/format';
import { series, type Theme } from '../theme';
import type { App } from '../app';
import { sortableTable, type Cell } from './table';

function metricCards(metrics: Metric[]): HTMLElement {
  return h('dl', { class: 'cards' }, metrics.map((metric) => h('div', { title: metric.doc },
    h('dt', null, metric.name.replaceAll('_', ' ')), h('dd', null, metric.text || number(metric.value, 3)))));
}

/** Verdict and key numbers of the present run. */
export class Headline {
  readonly element = h('div', { class: 'headline' });

  constructor(private readonly app: App) {
    app.store.on(['run'], () => this.draw());
  }

  private draw(): void {
    const { run } = this.app, word = run.verdict?.split(/[ ,:;]/)[0].toLowerCase() ?? '';
    replaceChildren(this.element,
      h('p', { class: 'verdict-row' },
        run.verdict ? h('span', { class: 'verdict', 'data-verdict': word }, run.verdict) : null,
        h('span', { class: 'fact' }, this.app.data.kind === 'live' ? `seed ${run.seed}` : run.name),
        h('span', { class: 'fact' }, `${run.model.bottleneck} latent dims, ${number(run.model.parameters)} parameters`),
        this.app.data.kind === 'live' ? null : h('span', { class: 'fact' }, run.exact ? `repeated bit for bit (${run.kernels})`
          : `repeated with ${run.kernels}; the last digits may differ from the stored run`)),
      this.key(run).length ? metricCards(this.key(run)) : null);
  }

  /** How well it learned, the score, and what the scored plan does: what one asks first. */
  private key(run: RunData): Metric[] {
    const plan = run.plans.find((p) => p.scored), concept = run.anchors[0]?.label ?? 'the concept';
    const named = (metrics: Metric[], name: string, words: string): Metric[] =>
      metrics.filter((m) => m.name === name && m.value !== null).map((m) => ({ ...m, name: words }));
    const first = [...named(run.metrics, 'recon_mse', 'reconstruction error'),
      ...named(run.metrics, 'score', 'score, R² of damage with target'),
      ...named(plan?.metrics ?? [], 'damage', `error at ${concept}, ${plan?.name}`),
      ...named(plan?.metrics ?? [], 'collateral', 'worst damage elsewhere')];
    const others = run.metrics.filter((m) => m.value !== null && !/^(verdict|leak|recon_mse|score)/.test(m.name));
    return [...first, ...others].slice(0, 4);
  }
}

/** Every plan in words, with its numbers side by side. */
export class Plans {
  readonly element = h('section', { class: 'card', 'aria-labelledby': 'plans-head' });
  private readonly body = h('tbody', null);
  private readonly more = h('button', { type: 'button', class: 'quiet', onclick: () => {
    this.all = !this.all;
    this.drawRows();
  } });
  private all = false; // with the details

  constructor(private readonly app: App) {
    app.store.on(['run'], () => this.draw());
  }

  private draw(): void {
    const { plans } = this.app.run;
    this.element.hidden = plans.length === 0;
    this.drawRows();
    replaceChildren(this.element, h('h2', { id: 'plans-head' }, 'Plans'),
      h('p', { class: 'lead' }, 'What each plan does to the trained model, as it was measured.'),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Plans and their numbers' },
        h('table', { class: 'plans' },
          h('thead', null, h('tr', null, h('td', null), plans.map((plan) => h('th', { scope: 'col' }, plan.name,
            plan.scored ? h('span', { class: 'tag' }, 'scored') : null)))),
          this.body)),
      this.buttons());
  }

  /** What they do, then a row for each metric, whichever plans have it. */
  private drawRows(): void {
    const { plans } = this.app.run, metrics = new Map<string, Metric>();
    for (const metric of plans.flatMap((plan) => plan.metrics)) metrics.set(metric.name, metric);
    const shown = [...metrics.values()].filter(({ detail }) => this.all || !detail);
    this.more.hidden = ![...metrics.values()].some(({ detail }) => detail);
    this.more.setAttribute('aria-pressed', String(this.all));
    this.more.textContent = this.all ? 'Fewer numbers' : 'All numbers';
    replaceChildren(this.body,
      h('tr', { class: 'words-row' }, h('th', { scope: 'row' }, 'what it does'),
        plans.map((plan) => h('td', null, plan.text))),
      shown.map(({ name, doc }) => h('tr', null, h('th', { scope: 'row', title: doc }, name.replaceAll('_', ' '),
        h('span', { class: 'doc' }, doc)),
      plans.map((plan) => {
        const metric = plan.metrics.find((m) => m.name === name);
        return h('td', { class: 'number' }, metric ? metric.text || number(metric.value, 3) : '–');
      }))));
  }

  private buttons(): HTMLElement {
    const { app } = this;
    return h('p', { class: 'after' }, this.more, app.run.plans.map((plan, i) => app.engine().canCompute(plan)
      ? h('button', { type: 'button', class: 'quiet', onclick: () => {
        app.choosePlan(i);
        app.store.set({ on: true });
        document.querySelector('.stage')?.scrollIntoView({ behavior: app.still.matches ? 'auto' : 'smooth' });
      } }, `Show ${plan.name} above`) : null));
  }
}

export function seedsSection(app: App): HTMLElement | null {
  const { seeds, runs } = app.data;
  if (!seeds || !seeds.rows.length) return null;
  const at = seeds.columns.indexOf('seed');
  const runOf = (row: Cell[]) => (at < 0 ? -1 : runs.findIndex((run) => run.seed === Number(row[at].value)));
  const box = h('div', null);
  app.store.on(['run'], () => replaceChildren(box, sortableTable({ caption: 'Seeds', columns: seeds.columns,
    details: seeds.details, opens: (row) => runOf(row) >= 0,
    rows: seeds.rows.map((row) => row.map((value, c) => ({ value,
      now: c === 0 && at >= 0 && row[at] === app.run.seed }))),
    onrow: (row) => {
      app.chooseRun(runOf(row));
      document.querySelector('.stage')?.scrollIntoView({ behavior: app.still.matches ? 'auto' : 'smooth' });
    } })));
  return h('section', { class: 'card', 'aria-labelledby': 'seeds-head' }, h('h2', { id: 'seeds-head' }, 'Seeds'), box);
}

/** Drawings keep to themselves as images: their inner names would clash in one document. */
class Figures {
  private readonly urls = new Map<string, string>();

  source(figure: FigureData, theme: Theme): string {
    const key = `${figure.name}/${theme}`;
    let url = this.urls.get(key);
    if (!url) {
      url = URL.createObjectURL(new Blob([figure[theme]], { type: 'image/svg+xml' }));
      this.urls.set(key, url);
    }
    return url;
  }
}

export function figuresSection(app: App): HTMLElement | null {
  const { figures } = app.data;
  if (!figures.length) return null;
  const sources = new Figures();
  const big = h('img', null), title = h('h2', null), words = h('p', null);
  const dialog = h('dialog', { class: 'enlarged', 'aria-label': 'Figure', onclick: (event: Event) => {
    if (event.target === dialog) dialog.close();
  } }, h('form', { method: 'dialog' }, title, h('button', { class: 'quiet', autofocus: true }, 'Close')), big, words);
  let open: FigureData | null = null;
  const images = figures.map((figure) => {
    const image = h('img', { alt: figure.alt, decoding: 'async' });
    const button = h('button', { type: 'button', class: 'enlarge', 'aria-label': `Enlarge ${figure.title}`,
      onclick: () => {
        open = figure;
        draw();
        dialog.showModal();
      } }, image);
    return { figure, image, element: h('figure', null, button, h('figcaption', null, h('strong', null, figure.title),
      h('details', null, h('summary', null, 'In words'), h('p', null, figure.alt)))) };
  });
  function draw(): void {
    for (const { figure, image } of images) image.src = sources.source(figure, app.state.theme);
    if (!open) return;
    big.src = sources.source(open, app.state.theme);
    big.alt = open.alt;
    title.textContent = open.title;
    words.textContent = open.alt;
  }
  app.store.on(['theme'], draw);
  return h('section', { class: 'card', 'aria-labelledby': 'figures-head' }, h('h2', { id: 'figures-head' }, 'Figures'),
    h('div', { class: 'figures' }, images.map(({ element }) => element)), dialog);
}

const WORDS: [string, string][] = [
  ['latent', 'What the encoder makes of an input: a few numbers, here a place in the picture.'],
  ['anchor', 'A place chosen before training. A term draws what carries the label towards it, so that afterwards ' +
    'it is known where the concept lives.'],
  ['plan', 'Something done to the trained model: an edit of its latents while it runs, or surgery on its weights.'],
  ['target', 'How much an input has of the concept. A selective plan does damage in proportion to it, and none ' +
    'where it is 0.'],
];

/** What the words on this page mean: the run's terms, then those of the method. */
export class Glossary {
  readonly element = h('section', { class: 'card', 'aria-labelledby': 'glossary-head' });

  constructor(private readonly app: App) {
    app.store.on(['run', 'theme'], () => this.draw());
  }

  private draw(): void {
    replaceChildren(this.element, h('h2', { id: 'glossary-head' }, 'Words'),
      h('dl', { class: 'glossary' },
        this.app.run.terms.map((term, i) => [h('dt', null, h('i', { style: { background: series(i) } }), term.name,
          term.kind !== term.name ? h('span', { class: 'fact' }, ` (${term.kind})`) : null), h('dd', null, term.text)]),
        WORDS.map(([word, text]) => [h('dt', null, word), h('dd', null, text)])));
  }
}

export class Recipe {
  readonly element = h('section', { class: 'card', 'aria-labelledby': 'recipe-head' });

  constructor(app: App) {
    const code = h('code', null);
    replaceChildren(this.element, h('h2', { id: 'recipe-head' }, 'Recipe'),
      h('p', { class: 'lead' }, 'All that decides this run, with every default written out.'),
      h('details', null, h('summary', null, 'Show it'), h('pre', { tabindex: 0 }, code)));
    app.store.on(['run'], () => (code.textContent = app.run.recipe));
  }
}

export function foot(data: PageData): HTMLElement {
  return h('footer', { class: 'foot' },
    `kedge ${data.kedge}. Drag to turn; Shift and drag brings in the fourth axis; ` +
    'two fingers or Ctrl and the wheel zoom; space plays; [ and ] step; E switches the intervention.');
}
