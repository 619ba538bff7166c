// data.ts - what a page is given, by 'kedge report' inside the file or by 'kedge view' over HTTP: the contract with
// src/show/page.c and src/serve. All times are schedule steps, all angles degrees, all colours sRGB in [0, 1].

/** Little-endian float32, base64. Undefined numbers are NaN. Row-major where it has rows. */
export type Floats = string;

export interface PageData {
  format: 1;
  kedge: string; // version
  kind: 'report' | 'live' | 'list';
  title: string;
  runs: RunData[]; // what the viewer can show, the first one first; kind 'live': one
  seeds: TableData | null; // all seeds of the directory
  figures: FigureData[];
  entries: Entry[]; // kind 'list': the runs of a directory or store
}

/** One link of a browsable list. */
export interface Entry {
  name: string; // "experiments/2.4.1", "seed 7"
  href: string; // relative; "" where there is nothing to open
  values: { [column: string]: number | string | null };
}

export interface TableData {
  columns: string[]; // "seed", "verdict", "score", ...
  details: boolean[]; // columns shown only on request
  rows: (number | string | null)[][];
}

/** An SVG drawn by kedge, light and dark: its text, or, as it is five times smaller, 'deflate,' and the base64 of a zlib
 * stream of it. 'alt' says what it shows, with the numbers. */
export interface FigureData {
  name: string; // "losses"
  title: string;
  alt: string;
  light: string;
  dark: string;
}

export interface Metric {
  name: string;
  value: number | null;
  text: string; // how it reads
  doc: string;
  detail: boolean; // shown only on request
}

export interface RunData {
  name: string; // "seed 0", "2.4.1, seed 0"
  recipe: string; // resolved YAML
  seed: number;
  kernels: string;
  exact: boolean; // whether repeating the run gave the stored weights bit for bit; live: true
  verdict: string | null; // "clean, held from step 812" and the like, in words
  metrics: Metric[];
  model: ModelData;
  points: PointSet[]; // the recipe's own points first ("data"), then its test set, then further grids
  anchors: { label: string; at: number[] }[];
  labels: string[];
  terms: { name: string; kind: string; text: string }[]; // text: what it does, one line
  plans: PlanData[];
  schedule: ScheduleData;
  losses: LossData;
  records: RecordData;
}

/** A multilayer perceptron with a bottleneck. Layers are "encoder.0", "encoder.1", ..., "decoder.0", ...: each a linear
 * map (weight [out][in], bias [out]), the activation between them, none after the last of each half. */
export interface ModelData {
  inputs: string[];
  outputs: string[];
  colour: boolean; // inputs and outputs are r, g, b of one colour: outputs are clamped to [0, 1] before E
  bottleneck: number;
  normalize: boolean; // latents to unit length (divided by max(|u|, 1e-12)) before the decoder
  activation: string; // "gelu" (exact: u/2 (1 + erf(u / sqrt 2))), "relu", "tanh", ...
  output: string; // "linear" or "sigmoid"
  encoder: LayerData[];
  decoder: LayerData[];
  parameters: number; // floats of one record
}

export interface LayerData {
  inputs: number;
  outputs: number;
  weight: number; // offsets into a record
  bias: number;
}

export interface PointSet {
  name: string;
  n: number;
  inputs: Floats; // [n][inputs]
  targets: Floats | null; // [n][outputs]; null: the inputs
  shade: Floats | null; // [n] in [0, 1], for data that is no colour: the first label's rate
  shadeName: string | null;
  names: string[] | null; // of the points, where they have any ("red", ...)
}

/** One edit at the bottleneck that the page can recompute. */
export interface EditData {
  kind: 'suppress' | 'repel' | 'zero' | 'add';
  direction: number[] | null;
  dims: number[] | null;
  from: number; // degrees: the cone's half angle
  to: number; // repel
  map: string; // repel: "linear", "bezier"
  strength: number;
  power: number;
}

export interface PlanData {
  name: string;
  text: string; // in words
  scored: boolean;
  edit: EditData | null; // its only edit; both null: the page cannot compute it, and must not compute half of it
  parameters: Floats | null; // after its surgery; null: it has none
  metrics: Metric[];
  target: { formula: string; values: Floats } | null; // at the points of points[0]
}

export interface ScheduleData {
  steps: number; // updates of a run
  columns: string[]; // "lr", terms, "recon" if named, "labels.NAME" and "data-NAME" factors; in the sheet's unit
  at: number[]; // sampled steps, ascending
  values: Floats; // [columns][at]
  keys: { column: number; step: number; value: number }[];
  phases: { step: number; name: string }[];
  actions: { step: number; name: string }[];
}

export interface LossData {
  names: string[]; // "recon", then terms
  at: number[]; // steps
  values: Floats; // [names][at]; NaN where a term was not active
}

export interface RecordData {
  at: number[]; // the state before the update of this step; the last one may be 'steps': the end
  parameters: Floats; // [at][model.parameters]
}

// ---- live ('kedge view'): GET api/page has a PageData of kind 'live', its records those kept so far; the WebSocket
// api/stream then sends StateMessage as text whenever something changes, and frames as binary.

export interface StateMessage {
  type: 'state';
  epoch: number; // counts restarts; a frame of another epoch than the page's data: get api/page again
  seed: number;
  step: number;
  steps: number;
  paused: boolean;
  pace: number; // steps a second; 0: as fast as it goes
  done: boolean;
  message: string; // why it failed, or ""
  directory: string; // where it is written at the end, or ""
  controls: { column: string; kind: 'lr' | 'weight' | 'rate'; value: number }[]; // at the present step
  changes: { step: number; column: string; value: number; over: number; hold: boolean }[];
  version: number; // of the schedule: fetch api/schedule (a ScheduleData) when it changes
}

/** A binary frame, little-endian: 8 uint32: magic 0x3146454B ("KEF1"), epoch, step, parameters P, rows R, columns C
 * (= 2 + 2 terms), 0, 0; then R rows of uint32 step, float32 lr, weights [terms], recon, losses [terms] (NaN: not
 * active), which are all steps since this client's last frame, thinned to at most 512; then P float32 parameters: the
 * state before the update of 'step' (of the end, where step equals steps). */
export const FRAME_MAGIC = 0x3146454b;

/** POST api/command, JSON; answers {"ok": true} or status 400 and {"error": "..."}. */
export type Command =
  | { do: 'pause' }
  | { do: 'resume' }
  | { do: 'step'; steps: number }
  | { do: 'pace'; value: number }
  | { do: 'set'; column: string; value: number; over: number; hold: boolean }
  | { do: 'restart'; seed: number };
