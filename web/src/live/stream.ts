// stream.ts - a run that is training elsewhere: its states as they come, and commands to it. When the connection is
// lost it is sought again, at growing intervals; then the page asks for everything anew, so that nothing is missing.

import { FRAME_MAGIC, type Command, type PageData, type ScheduleData, type StateMessage } from '../data';
import { littleEndian } from '../base/bytes';
import { h, setText } from '../base/dom';
import { Curves } from '../model/curves';
import type { App } from '../app';
import type { Timeline } from '../parts/timeline';

const RECORDS = 400; // kept, thinned out beyond
const ROWS = 4096;
const MOST_WAITING = 64; // frames
const FIRST_WAIT = 250, LONGEST_WAIT = 8000; // ms until the next attempt

export class Stream {
  readonly element: HTMLElement;
  state: StateMessage | null = null;
  private readonly status = h('span', null); // counts: to be seen
  private readonly spoken = h('span', { role: 'status', class: 'unseen' }); // what it has come to: to be heard
  private readonly listeners: (() => void)[] = [];
  private socket: WebSocket | null = null;
  private wait = FIRST_WAIT;
  private epoch = -1;
  private version = -1;
  private waiting: ArrayBuffer | null = null; // the newest frame; older ones are not worth drawing
  private rows: ArrayBuffer[] = []; // frames whose curves are still to be taken

  constructor(private readonly app: App, private readonly timeline: Timeline) {
    this.element = h('p', { class: 'live' }, h('i', { 'aria-hidden': 'true' }), this.status, this.spoken);
    app.frames.add(() => this.take());
    this.tell('connecting', 'connecting');
  }

  onstate(run: () => void): void {
    this.listeners.push(run);
  }

  open(): void {
    const url = new URL('api/stream', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => (this.wait = FIRST_WAIT);
    socket.onmessage = (event) => {
      if (typeof event.data === 'string') this.onmessage(JSON.parse(event.data) as StateMessage);
      else this.onframe(event.data as ArrayBuffer);
    };
    socket.onclose = () => this.again();
  }

  private tell(state: string, text: string): void {
    if (this.element.dataset.state !== state) setText(this.spoken, text);
    this.element.dataset.state = state;
    setText(this.status, text);
  }

  private again(): void {
    const seconds = this.wait / 1000;
    this.tell('lost', `connection lost; trying again in ${seconds < 1 ? 'a moment' : `${Math.round(seconds)} s`}`);
    setTimeout(() => {
      this.reload().then(() => this.open(), () => this.again());
    }, this.wait);
    this.wait = Math.min(LONGEST_WAIT, 2 * this.wait);
  }

  /** Everything anew: after a loss, or when the run was begun again. */
  private async reload(): Promise<void> {
    const answer = await fetch('api/page', { credentials: 'same-origin', cache: 'no-store' });
    if (!answer.ok) throw new Error(`api/page: ${answer.status}`);
    const data = (await answer.json()) as PageData;
    const { app } = this;
    this.waiting = null;
    this.rows = [];
    app.replaceRun(0, data.runs[0]);
    this.timeline.schedule = Curves.ofSchedule(data.runs[0].schedule);
    this.timeline.losses = Curves.ofLosses(data.runs[0].losses);
    this.version = this.state?.version ?? -1;
    app.store.touch('schedule');
    app.store.touch('records');
    app.store.set({ step: app.state.follow ? app.engine().last : Math.min(app.state.step, app.engine().last) });
  }

  private onmessage(state: StateMessage): void {
    const older = this.epoch < 0 && state.step < this.app.engine().last; // begun again since the page was made
    const begun = older || (this.epoch >= 0 && state.epoch !== this.epoch);
    this.epoch = state.epoch;
    this.state = state;
    const where = `seed ${state.seed}, step ${state.step} of ${state.steps}`;
    if (state.message) this.tell('failed', state.message);
    else if (state.done) this.tell('done', `done: ${where}${state.directory ? `; written to ${state.directory}` : ''}`);
    else if (state.paused) this.tell('paused', `paused: ${where}`);
    else this.tell('running', `training: ${where}`);
    if (begun) void this.reload().catch(() => this.socket?.close());
    else if (this.version >= 0 && state.version !== this.version) void this.fetchSchedule();
    this.version = state.version;
    for (const run of this.listeners) run();
  }

  private async fetchSchedule(): Promise<void> {
    const answer = await fetch('api/schedule', { credentials: 'same-origin', cache: 'no-store' });
    if (!answer.ok) return;
    const schedule = (await answer.json()) as ScheduleData;
    this.app.run.schedule = schedule;
    this.timeline.schedule = Curves.ofSchedule(schedule);
    this.app.store.touch('schedule');
  }

  private onframe(frame: ArrayBuffer): void {
    const head = new DataView(frame);
    if (frame.byteLength < 32 || head.getUint32(0, true) !== FRAME_MAGIC) return;
    if (head.getUint32(4, true) !== this.epoch) return;
    this.waiting = frame;
    this.rows.push(frame);
    /* A page in the background draws nothing, but goes on receiving. */
    if (this.rows.length >= MOST_WAITING) for (const waiting of this.rows.splice(0)) this.takeRows(waiting);
    this.app.frames.ask();
  }

  /** Once per animation frame: the curves of all frames that came, the parameters of the newest. */
  private take(): void {
    if (!this.waiting) return;
    const { app } = this, newest = this.waiting;
    this.waiting = null;
    for (const frame of this.rows.splice(0)) this.takeRows(frame);
    const head = new DataView(newest), step = head.getUint32(8, true), n = head.getUint32(12, true);
    const rows = head.getUint32(16, true), columns = head.getUint32(20, true), at = 32 + 4 * rows * (1 + columns);
    if (n !== app.run.model.parameters || newest.byteLength < at + 4 * n) return;
    app.engine().append(step, littleEndian(new DataView(newest, at, 4 * n)), RECORDS);
    app.store.touch('records');
    if (app.state.follow) app.store.set({ step });
  }

  /** Rows are step, lr, weights [terms], recon, losses [terms]. */
  private takeRows(frame: ArrayBuffer): void {
    const head = new DataView(frame), rows = head.getUint32(16, true), columns = head.getUint32(20, true);
    if (frame.byteLength < 32 + 4 * rows * (1 + columns)) return;
    const first = 1 + (columns - 2) / 2; // of the losses
    for (let r = 0; r < rows; r++) {
      const at = 32 + 4 * r * (1 + columns), step = head.getUint32(at, true), losses: number[] = [];
      for (let c = first; c < columns; c++) losses.push(head.getFloat32(at + 4 * (1 + c), true));
      this.timeline.losses.append(step, losses, ROWS);
    }
  }

  /** Null, or why it was refused. */
  async send(command: Command): Promise<string | null> {
    try {
      const answer = await fetch('api/command', { method: 'POST', credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(command) });
      if (answer.ok) return null;
      const { error } = (await answer.json()) as { error?: string };
      return error ?? `refused: ${answer.status}`;
    } catch {
      return 'the run cannot be reached';
    }
  }
}
