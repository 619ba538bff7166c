// gestures.ts - pointers and keys on a picture of latents.

import { clamp } from '../maths/ease';
import { NONE, type App } from '../app';
import type { Pane } from './pane';

const TURN = 0.0085; // radians a pixel
const KEY_TURN = Math.PI / 36;
const TAP = 6; // pixels that a tap may move

export class Gestures {
  private readonly held = new Map<number, { x: number; y: number }>();
  private moved = 0;
  private speed = { x: 0, y: 0, at: 0 };

  constructor(private readonly app: App, private readonly pane: Pane) {
    const { canvas } = pane;
    canvas.addEventListener('pointerdown', (event) => this.down(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    canvas.addEventListener('pointercancel', (event) => this.held.delete(event.pointerId));
    canvas.addEventListener('pointerleave', () => app.store.set({ hovered: NONE }));
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('dblclick', () => app.camera.glideHome(performance.now()));
    canvas.addEventListener('keydown', (event) => this.key(event));
  }

  private where(event: PointerEvent | WheelEvent): { x: number; y: number } {
    const box = this.pane.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private changed(): void {
    this.app.store.set({ tour: this.app.camera.touring });
    this.app.store.touch('view');
  }

  /** The axis that a drag brings in: depth, or with Shift the fourth. */
  private axis(event: { shiftKey: boolean; altKey: boolean }): number {
    return event.altKey ? 4 : event.shiftKey ? 3 : this.app.state.dragAxis;
  }

  private down(event: PointerEvent): void {
    this.pane.canvas.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, this.where(event));
    this.moved = 0;
    this.speed = { x: 0, y: 0, at: event.timeStamp };
    if (!this.app.camera.touring) this.app.camera.stop();
  }

  private move(event: PointerEvent): void {
    const before = this.held.get(event.pointerId), now = this.where(event);
    if (!before) {
      if (event.pointerType !== 'touch')
        this.app.store.set({ hovered: this.pane.pick(now.x, now.y, 5) });
      return;
    }
    const dx = now.x - before.x, dy = now.y - before.y;
    this.moved += Math.hypot(dx, dy);
    if (this.held.size === 1) this.drag(dx, dy, event);
    else this.pinch(event.pointerId, now);
    this.held.set(event.pointerId, now);
  }

  private drag(dx: number, dy: number, event: PointerEvent): void {
    const { camera } = this.app;
    if (this.moved < TAP) return;
    if (camera.touring) camera.stop();
    camera.drag(dx * TURN, dy * TURN, this.axis(event));
    const seconds = Math.max(0.004, (event.timeStamp - this.speed.at) / 1000);
    const keep = Math.exp(-seconds / 0.05);
    this.speed.x = this.speed.x * keep + ((dx * TURN) / seconds) * (1 - keep);
    this.speed.y = this.speed.y * keep + ((dy * TURN) / seconds) * (1 - keep);
    this.speed.at = event.timeStamp;
    this.changed();
  }

  private pinch(id: number, now: { x: number; y: number }): void {
    const others = [...this.held].filter(([other]) => other !== id).map(([, place]) => place);
    const before = this.held.get(id)!, other = others[0];
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    if (was > 0) this.zoom(is / was);
  }

  private zoom(by: number): void {
    this.app.camera.zoom = clamp(this.app.camera.zoom * by, 0.4, 8);
    this.changed();
  }

  private up(event: PointerEvent): void {
    const place = this.where(event);
    if (this.held.size === 1 && this.moved < TAP) {
      const reach = event.pointerType === 'touch' ? 22 : 7, point = this.pane.pick(place.x, place.y, reach);
      this.app.store.set({ selected: point === this.app.state.selected ? NONE : point });
    } else if (this.held.size === 1 && event.timeStamp - this.speed.at < 60) {
      this.app.camera.release(clamp(this.speed.x, -6, 6), clamp(this.speed.y, -6, 6), this.axis(event));
      this.changed();
    }
    this.held.delete(event.pointerId);
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && document.activeElement !== this.pane.canvas) return; // the page scrolls
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const { app } = this, turns: { [key: string]: [number, number] } = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const by = turns[event.key];
    if (by) {
      app.camera.touring = false;
      app.camera.drag(by[0] * KEY_TURN, by[1] * KEY_TURN, this.axis(event));
      this.changed();
    } else if (event.key === '+' || event.key === '=') this.zoom(1.15);
    else if (event.key === '-') this.zoom(1 / 1.15);
    else if (event.key === 'Home') app.camera.glideHome(performance.now());
    else if (event.key === '.' || event.key === ',') this.walk(event.key === '.' ? 1 : -1);
    else if (event.key === 'Escape') app.store.set({ selected: NONE });
    else return;
    this.changed();
    event.preventDefault();
  }

  private walk(by: number): void {
    const n = this.app.points.n, { selected } = this.app.state;
    this.app.store.set({ selected: selected === NONE ? (by > 0 ? 0 : n - 1) : (selected + by + n) % n });
  }
}
