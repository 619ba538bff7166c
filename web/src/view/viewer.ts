// viewer.ts - the latent viewer: one picture or two that turn together, and what they show in words.

import { h, setText, replaceChildren, uniqueId } from '../base/dom';
import { narrate } from '../model/words';
import { palette } from '../theme';
import type { App } from '../app';
import { Pane } from './pane';
import { Player } from './player';

const QUIET = 700; // ms without a change until the words are renewed

export class Viewer {
  readonly element: HTMLElement;
  readonly player: Player;
  readonly panes: Pane[] = [];
  private readonly row = h('div', { class: 'panes' });
  private readonly words: HTMLElement;
  private dirty = true;
  private timer = 0;

  constructor(private readonly app: App) {
    const id = uniqueId('words');
    this.words = h('p', { class: 'words', id, 'aria-live': 'polite' });
    this.element = h('div', { class: 'viewer' }, this.row, this.words);
    this.player = new Player(app);
    app.store.on(['theme', 'run', 'step', 'records', 'set', 'paint', 'fourth', 'circles', 'cone', 'move', 'view',
      'plan', 'edit', 'on', 'compare', 'otherRun', 'otherPlan', 'otherStep', 'selected', 'hovered'], () => {
      this.dirty = true;
    });
    app.store.on(['run', 'step', 'records', 'plan', 'edit', 'on', 'compare', 'otherRun', 'otherPlan', 'otherStep'],
      () => this.tellSoon());
    app.store.on(['compare'], () => this.arrange(app.state.compare === 'none' ? 1 : 2));
    app.store.on(['tour'], () => {
      if (app.state.tour && !app.camera.touring) app.camera.startTour();
      else if (!app.state.tour && app.camera.touring) app.camera.stop();
    });
    app.frames.add((now) => this.tick(now));
  }

  private arrange(n: number): void {
    while (this.panes.length < n) this.panes.push(new Pane(this.app, this.words.id));
    replaceChildren(this.row, this.panes.slice(0, n).map((pane) => pane.element));
    this.row.dataset.count = String(n);
    this.dirty = true;
    this.app.frames.ask();
  }

  private tick(now: number): void {
    const { app } = this;
    if (app.camera.advance(now)) {
      this.dirty = true;
      app.frames.ask();
    }
    if (!this.dirty) return;
    this.dirty = false;
    const inks = palette(), dark = app.state.theme === 'dark';
    app.scenery().forEach((scenery, i) => this.panes[i].draw(scenery, inks, dark));
  }

  /** Words follow when the picture has come to rest, or now and then while it plays; then nobody speaks them. */
  private tellSoon(): void {
    const moving = this.app.state.playing || this.app.state.follow;
    this.words.setAttribute('aria-live', moving ? 'off' : 'polite');
    if (moving && this.timer) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      const all = this.app.scenery();
      const named = all.length > 1 && this.app.state.compare !== 'step';
      setText(this.words, all.map((scenery) =>
        `${named ? `${scenery.title}: ` : ''}${narrate(this.app, scenery)}`).join(' '));
    }, this.words.textContent ? QUIET : 0);
  }
}
