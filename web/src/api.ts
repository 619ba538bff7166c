// api.ts - window.kedge: the page as a program sees it, for tests and for who wants to look closer.

import type { EditData, PageData } from './data';
import type { Result } from './model/engine';
import type { App, Scenery, State } from './app';
import type { Viewer } from './view/viewer';

export interface Kedge {
  data: PageData;
  engine: {
    /** Points of set 'set' (0: the recipe's own) through run 'run' at record 'record', under an edit or none: latents
     * as encoded, edited as decoded, outputs not clamped, errors after clamping. */
    evaluate(run: number, record: number, set: number, edit?: EditData | null): Result;
    /** The same after the surgery of a plan, or under its edit. */
    evaluatePlan(run: number, record: number, set: number, plan: number): Result;
    records(run: number): number[];
  };
  viewer: {
    state(): Readonly<State>;
    set(patch: Partial<State>): void;
    scenery(): Scenery[];
    seek(step: number): void;
    /** Places of the points of picture 'pane' on the screen: x, y, depth, radius of each. */
    screen(pane: number): Float32Array;
    matrix(): Float64Array; // the rotation, row-major
    painter(): 'webgl' | 'canvas';
    readonly frames: number; // animation frames drawn so far
  };
}

declare global {
  interface Window { kedge: Kedge }
}

export function expose(app: App, viewer: Viewer): void {
  window.kedge = {
    data: app.data,
    engine: {
      evaluate: (run, record, set, edit = null) => app.engine(run).evaluate(record, set, { edit, parameters: null }),
      evaluatePlan: (run, record, set, plan) => {
        const engine = app.engine(run);
        return engine.evaluate(record, set, engine.changeOf(engine.run.plans[plan]));
      },
      records: (run) => app.engine(run).at,
    },
    viewer: {
      state: () => app.state,
      set: (patch) => app.store.set(patch),
      scenery: () => app.scenery(),
      seek: (step) => viewer.player.seek(step),
      screen: (pane) => viewer.panes[pane].scene.screen,
      matrix: () => app.camera.matrix,
      painter: () => viewer.panes[0].painter.kind,
      get frames() {
        return app.frames.count;
      },
    },
  };
}
