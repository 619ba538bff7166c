// words.ts - what the pictures show, in sentences.

import { fixed, number } from '../base/format';
import { NAMED, rgbOf } from '../maths/colour';
import type { App, Scenery } from '../app';
import { acts, NO_CHANGE, type Engine } from './engine';
import { largest } from './measure';

/** The point of the run's own that carries a label most surely; -1 where that is not known. */
export function carrierOf(engine: Engine, label: string): number {
  const points = engine.points[0];
  const named = points.names?.indexOf(label) ?? -1;
  if (named >= 0) return named;
  const colour = points.hsv && NAMED.find((other) => other.name === label);
  if (colour) {
    const rgb = rgbOf(colour.hsv);
    let best = 0, least = Infinity;
    for (let i = 0; i < points.n; i++) {
      let d = 0;
      for (let k = 0; k < 3; k++) d += (points.inputs[3 * i + k] - rgb[k]) ** 2;
      if (d < least) [best, least] = [i, d];
    }
    return best;
  }
  return points.shade && points.shadeName === label ? largest(points.shade) : -1;
}

export function angleBetween(z: ArrayLike<number>, at: number, direction: ArrayLike<number>): number {
  let dot = 0, zz = 0, vv = 0;
  for (let k = 0; k < direction.length; k++) {
    dot += z[at + k] * direction[k];
    zz += z[at + k] ** 2;
    vv += direction[k] ** 2;
  }
  const cosine = dot / Math.sqrt(zz * vv);
  return Number.isFinite(cosine) ? (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI : NaN;
}

function stepText(app: App, scenery: Scenery): string {
  const steps = app.data.runs[scenery.run].schedule.steps, step = Math.round(scenery.step);
  return step >= steps ? `At the end, after ${steps} steps` : `At step ${step} of ${steps}`;
}

/** Angles of the anchored concepts, as in "red is 12° from its anchor". */
function anchorText(engine: Engine, scenery: Scenery): string[] {
  const points = engine.points[0], { latents } = engine.evaluateAt(scenery.step, points);
  const texts: string[] = [];
  for (const { label, at } of engine.run.anchors) {
    const carrier = carrierOf(engine, label);
    if (carrier < 0) continue;
    const angle = angleBetween(latents, carrier * engine.dims, at);
    if (Number.isFinite(angle)) texts.push(`${label} is ${fixed(angle, 0)}° from its anchor`);
  }
  return texts;
}

/** A text that says what the picture shows. */
export function narrate(app: App, scenery: Scenery): string {
  const engine = app.engine(scenery.run);
  if (!engine.at.length) return 'Nothing has been recorded yet.';
  const parts = anchorText(engine, scenery);
  const before = engine.measureAt(scenery.step, NO_CHANGE, null);
  parts.push(`the mean error is ${number(before.mean, 2)}`);
  let text = `${stepText(app, scenery)}, ${parts.length > 1 ? parts.slice(0, -1).join(', ') + ', and ' : ''}` +
    `${parts[parts.length - 1]}.`;
  if (acts(scenery.change)) {
    const target = scenery.run === app.state.run ? app.target : null;
    const after = engine.measureAt(scenery.step, scenery.change, target?.values ?? null);
    const concept = app.run.anchors[0]?.label ?? 'the concept';
    text += ` Under intervention it is ${number(after.mean, 2)}`;
    if (after.concept !== null) text += `; at ${concept} ${number(after.concept, 2)}`;
    if (after.collateral !== null) text += `, while what is unrelated gains at most ${number(after.collateral, 2)}`;
    text += '.';
  }
  return text;
}
