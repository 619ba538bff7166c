// app.ts - what the parts of the page share: the data, the computed runs, and what the reader has chosen.

import type { EditData, PageData, PlanData, RunData } from './data';
import { floatsOf } from './base/bytes';
import { Frames, Store } from './base/store';
import { clamp } from './maths/ease';
import { EDITS } from './model/edits';
import { acts, Engine, NO_CHANGE, type Change } from './model/engine';
import { titleOf, type Points } from './model/points';
import { Camera } from './view/camera';

export type Paint = 'input' | 'output' | 'error' | 'shade';
export type Comparison = 'none' | 'plan' | 'run' | 'step';
export const NONE = -1; // no plan
export const OWN = -2; // an edit of the reader's own

export interface State {
  theme: 'light' | 'dark';
  run: number;
  step: number; // may lie between records
  playing: boolean;
  speed: number;
  follow: boolean; // live: stay at the newest step
  records: number; // changes when a record arrives
  schedule: number; // changes when the schedule does
  set: number;
  paint: Paint;
  fourth: boolean;
  circles: boolean;
  cone: boolean;
  move: boolean; // show the points where the edit puts them
  view: number; // changes when the camera moves
  tour: boolean;
  dragAxis: number;
  plan: number; // or NONE, or OWN
  edit: EditData | null; // of the plan, as turned by the reader
  on: boolean; // whether it acts
  compare: Comparison;
  otherRun: number;
  otherPlan: number;
  otherStep: number;
  selected: number;
  hovered: number;
}

/** One picture's share of the choices. */
export interface Scenery { run: number; step: number; change: Change; title: string; note: string }

export class App {
  readonly frames = new Frames();
  readonly store: Store<State>;
  readonly camera: Camera;
  readonly still = matchMedia('(prefers-reduced-motion: reduce)');
  private readonly engines = new Map<number, Engine>();
  private readonly targets = new Map<PlanData, Float32Array>();

  constructor(readonly data: PageData) {
    const engine = this.engine(0), scored = data.runs[0].plans.findIndex((plan) => plan.scored);
    const plan = scored >= 0 ? scored : data.runs[0].plans.length ? 0 : NONE;
    const colour = engine.run.model.colour;
    this.camera = new Camera(engine.dims, () => this.still.matches);
    this.store = new Store<State>({
      theme: 'light', run: 0, step: engine.last, playing: false, speed: 1, follow: data.kind === 'live', records: 0,
      schedule: 0, set: 0, paint: colour ? 'input' : engine.points[0].shade ? 'shade' : 'error', fourth: false,
      circles: true, cone: true, move: true, view: 0, tour: false, dragAxis: 2, plan, edit: null, on: false,
      compare: 'none', otherRun: Math.min(1, data.runs.length - 1), otherPlan: plan, otherStep: 0, selected: NONE,
      hovered: NONE,
    }, this.frames);
    this.choosePlan(plan);
  }

  get state(): Readonly<State> {
    return this.store.state;
  }

  engine(run = this.store.state.run): Engine {
    let engine = this.engines.get(run);
    if (!engine) this.engines.set(run, (engine = new Engine(this.data.runs[run])));
    return engine;
  }

  /** Live: the same run, or another, told anew. */
  replaceRun(run: number, data: RunData): void {
    this.data.runs[run] = data;
    this.engines.delete(run);
  }

  get run(): RunData {
    return this.data.runs[this.state.run];
  }

  get points(): Points {
    return this.engine().points[this.state.set];
  }

  /** Runs that can be shown beside the present one: with as many dims, on the same kind of data. */
  comparableRuns(): number[] {
    const model = this.run.model;
    return this.data.runs.map((_, i) => i).filter((i) => {
      const other = this.data.runs[i].model;
      return i !== this.state.run && other.bottleneck === model.bottleneck &&
        other.inputs.length === model.inputs.length;
    });
  }

  chooseRun(run: number): void {
    const engine = this.engine(run), set = Math.min(this.state.set, engine.points.length - 1);
    this.store.set({ run, set, step: clamp(this.state.step, 0, engine.last), selected: NONE, hovered: NONE,
      compare: 'none' });
    this.choosePlan(Math.min(this.state.plan, this.run.plans.length - 1));
  }

  /** Takes a plan, or an edit of the reader's own, as the intervention. */
  choosePlan(plan: number): void {
    if (plan === OWN) {
      this.store.set({ plan, edit: this.state.edit ?? this.freshEdit('suppress') });
    } else {
      const edit = plan >= 0 ? this.run.plans[plan].edit : null;
      this.store.set({ plan, edit: edit ? { ...edit } : null });
    }
  }

  freshEdit(kind: EditData['kind']): EditData {
    const dims = this.engine().dims, anchor = this.run.anchors[0]?.at;
    const direction = anchor ?? Array.from({ length: dims }, (_, k) => (k === 0 ? 1 : 0));
    return { kind, direction: EDITS[kind].directed ? direction : null, dims: kind === 'zero' ? [0] : null, from: 90,
      to: 60, map: 'linear', strength: kind === 'add' ? 0.5 : 1, power: 0 };
  }

  /** The chosen plan; null where there is none, or it is the reader's own. */
  get plan(): PlanData | null {
    return this.state.plan >= 0 ? this.run.plans[this.state.plan] : null;
  }

  /** Whether the reader has turned the plan's own numbers. */
  get turned(): boolean {
    return this.plan !== null && JSON.stringify(this.plan.edit) !== JSON.stringify(this.state.edit);
  }

  /** What acts on the model, whether or not it is switched on. */
  get intervention(): Change {
    const { plan } = this, { edit } = this.state;
    return plan ? this.engine().changeOf(plan, edit) : { edit, parameters: null };
  }

  get change(): Change {
    return this.state.on ? this.intervention : NO_CHANGE;
  }

  get interventionName(): string {
    if (this.state.plan === OWN) return 'your own edit';
    return this.plan ? (this.turned ? `${this.plan.name}, changed` : this.plan.name) : 'no intervention';
  }

  /** What the error is measured against: the plan's target, or that of the first plan that has one. */
  get target(): { formula: string; values: Float32Array } | null {
    const plan = this.plan?.target ? this.plan : this.run.plans.find((other) => other.target);
    if (!plan?.target) return null;
    let values = this.targets.get(plan);
    if (!values) {
      values = floatsOf(plan.target.values, this.engine().points[0].n, `target of plan '${plan.name}'`);
      this.targets.set(plan, values);
    }
    return { formula: plan.target.formula, values };
  }

  /** The pictures to be shown: one, or two that are compared. */
  scenery(): Scenery[] {
    const { state } = this, acting = acts(this.change);
    const base: Scenery = { run: state.run, step: state.step, change: this.change, title: this.run.name,
      note: acting ? this.interventionName : '' };
    if (this.change.parameters) base.step = this.engine().last;
    if (state.compare === 'none') return [base];
    const other = { ...base };
    if (state.compare === 'run') {
      other.run = state.otherRun;
      other.title = this.data.runs[state.otherRun].name;
      const twin = this.data.runs[state.otherRun].plans.find((plan) => plan.name === this.plan?.name);
      if (this.change.parameters) { // what the other run's weights become
        other.step = this.engine(other.run).last;
        other.change = twin ? this.engine(other.run).changeOf(twin, this.change.edit) : NO_CHANGE;
      }
    } else if (state.compare === 'step') {
      base.title = `step ${Math.round(base.step)}`;
      other.step = state.otherStep;
      if (this.change.parameters) { // surgery is done at the end alone
        other.change = NO_CHANGE;
        other.note = '';
      }
      other.title = `step ${Math.round(other.step)}`;
    } else {
      const plan = state.otherPlan >= 0 ? this.run.plans[state.otherPlan] : null;
      other.change = plan ? this.engine().changeOf(plan) : NO_CHANGE;
      if (other.change.parameters) other.step = this.engine().last;
      [base.title, other.title] = [acting ? this.interventionName : 'as trained', plan ? plan.name : 'as trained'];
      base.note = other.note = '';
    }
    return [base, other];
  }

  /** Latents are drawn this much larger: 1 on the unit sphere, else so that nearly all of the end is inside it. */
  scaleOf(run: number): number {
    const engine = this.engine(run);
    if (engine.run.model.normalize || !engine.at.length) return 1;
    const { latents } = engine.evaluateAt(engine.last, engine.points[0]), n = engine.points[0].n;
    const lengths = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < engine.dims; k++) lengths[i] += latents[i * engine.dims + k] ** 2;
    lengths.sort();
    const long = Math.sqrt(lengths[Math.floor(0.98 * (n - 1))]);
    return long > 1.2 || (long > 0 && long < 0.5) ? 1 / long : 1;
  }

  setTitles(): string[] {
    return this.engine().points.map(titleOf);
  }
}
