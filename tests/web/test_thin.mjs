// test_thin.mjs - histories of a run that is training stay bounded, and as dense at the beginning as at the end.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

const web = fileURLToPath(new URL('../../web/', import.meta.url));

/** A module of the page's sources, in this process. */
async function load(path) {
  const { build } = await import(createRequire(`${web}package.json`).resolve('vite').replace(/^\//, 'file:///'));
  const [{ output }] = await build({ root: web, configFile: false, logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: `${web}src/${path}`, formats: ['es'] } } });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

const largest = (at) => at.slice(1).reduce((most, step, i) => Math.max(most, step - at[i]), 0);

export default async function tests({ test }) {
  const { Thinning } = await load('base/thin.ts'), { Curves } = await load('model/curves.ts');
  /** Steps kept of 'count' that come 'by' apart; each has its own number beside it. */
  const grow = (count, by, room, from = new Thinning()) => {
    const at = [], values = [];
    for (let i = 0; i < count; i++) from.append(at, [values], i * by, [i * by], room);
    return { at, values };
  };
  for (const [count, by, room] of [[10000, 1, 400], [10000, 7, 400], [4000, 1, 400], [10000, 1, 4096], [1000, 3, 10]])
    await test(`${count} steps, ${by} apart, in ${room}`, () => {
      const { at, values } = grow(count, by, room), end = (count - 1) * by, mean = end / (at.length - 1);
      assert.ok(at.length <= room && at.length >= room / 3, `${at.length} kept`);
      assert.ok(largest(at) <= 3 * mean, `the largest gap is ${largest(at)}, the mean ${mean}`);
      assert.deepEqual([at[0], at.at(-1)], [0, end]);
      assert.deepEqual(values, at);
    });
  await test('ever one more keeps it so', () => {
    const from = new Thinning(), at = [], values = [];
    for (let step = 0; step < 10000; step++) {
      from.append(at, [values], step, [step], 100);
      assert.ok(at.length <= 100 && at.at(-1) === step && largest(at) <= Math.max(1, (4 * step) / at.length), step);
    }
  });
  await test('powers of 2 stay', () => {
    const { at } = grow(10000, 1, 400);
    assert.deepEqual(at.slice(0, 5), [0, 1, 2, 4, 8]);
  });
  await test('steps from a known one on are forgotten', () => {
    const from = new Thinning(), at = [], values = [];
    for (const step of [0, 5, 9, 12, 9]) from.append(at, [values], step, [`${step}`], 400);
    assert.deepEqual([at, values], [[0, 5, 9], ['0', '5', '9']]);
  });
  await test('a run that is begun again has every step', () => {
    const from = new Thinning(), at = [], values = [];
    for (const steps of [10000, 300])
      for (let step = 0; step < steps; step++) from.append(at, [values], step, [step], 400);
    assert.equal(at.length, 300);
  });
  await test('curves have each value at its step', () => {
    const curves = new Curves(['a', 'b'], [], new Float32Array(0));
    for (let step = 0; step < 10000; step++) curves.append(step, [step, -step], 400);
    assert.deepEqual(curves.curves.map(({ values }) => values), [curves.at, curves.at.map((step) => -step)]);
    assert.ok(curves.at.length <= 400 && curves.at.length > 130);
  });
}
