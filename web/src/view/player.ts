// player.ts - moves through the steps of a run: slowly at first, where most happens.

import { clamp } from '../maths/ease';
import type { App } from '../app';

const SECONDS = 14; // of a whole run at speed 1
const EARLY = 1.7; // the step is the share of time to this power
const START = 0.5; // seconds until full speed

export class Player {
  private before = 0;
  private since = 0;

  constructor(private readonly app: App) {
    app.frames.add((now) => this.tick(now));
  }

  toggle(): void {
    const { app } = this, { state } = app, end = app.engine().last;
    if (!state.playing && state.step >= end) app.store.set({ step: app.engine().at[0] ?? 0 });
    this.before = this.since = 0;
    app.store.set({ playing: !state.playing, follow: false });
  }

  /** To a step; playing stops, as when a hand is laid on it. */
  seek(step: number): void {
    const { app } = this, end = app.engine().last;
    const to = clamp(step, app.engine().at[0] ?? 0, end);
    app.store.set({ step: to, playing: false, follow: app.data.kind === 'live' && to >= end });
  }

  /** To the next or previous record. */
  nudge(by: number): void {
    const { at } = this.app.engine(), { low, high } = this.app.engine().locate(this.app.state.step);
    const from = by > 0 ? low : high, to = low !== high && by < 0 ? low : from + by;
    this.seek(at[clamp(low !== high && by > 0 ? high : to, 0, at.length - 1)]);
  }

  private tick(now: number): void {
    const { app } = this, { state } = app;
    if (!state.playing) return;
    const seconds = this.before ? Math.min(0.1, (now - this.before) / 1000) : 0;
    this.before = now;
    this.since += seconds;
    const end = app.engine().last, ramp = Math.min(1, this.since / START);
    const share = (state.step / end) ** (1 / EARLY) + (ramp * state.speed * seconds) / SECONDS;
    const step = end * share ** EARLY;
    if (step >= end || !(end > 0)) app.store.set({ step: end, playing: false });
    else app.store.set({ step });
    app.frames.ask();
  }
}
