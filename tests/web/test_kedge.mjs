// test_kedge.mjs - the page that 'kedge report' writes: its data are those of the run, all the way.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { near, open, rowOf, settle, until } from './browser.mjs';

const BEYOND = ['pruned', 'two']; // other shapes than the page's records have, more than one edit

/** Shape and float32 or integer values of an .npy file. */
function npy(path) {
  const bytes = readFileSync(path), head = 10 + bytes.readUInt16LE(8), text = bytes.toString('latin1', 10, head);
  const shape = text.match(/'shape': \(([^)]*)\)/)[1].split(',').filter((s) => s.trim()).map(Number);
  const type = text.match(/'descr': '([^']*)'/)[1], body = bytes.subarray(head), view = new DataView(body.buffer,
    body.byteOffset, body.length), size = Number(type.at(-1));
  const read = { '<f4': (at) => view.getFloat32(at, true), '<i4': (at) => view.getInt32(at, true),
    '<i8': (at) => Number(view.getBigInt64(at, true)) }[type];
  return { shape, values: Array.from({ length: body.length / size }, (_, i) => read(i * size)) };
}

/** What the reader sees of each plan: how the page computes it, beside what was stored. */
async function plansAsSeen(page, truth, test) {
  const panel = page.getByRole('tabpanel', { name: 'Intervene' }), choice = panel.getByLabel('Intervention');
  await page.getByRole('tab', { name: 'Intervene' }).click();
  const options = await choice.evaluate((e) => [...e.options].slice(1, -1)
    .map(({ value, text, disabled }) => ({ value, name: text.replace(' (scored)', ''), disabled })));
  await test('every plan can be chosen, or is said not to be computable', () => {
    assert.deepEqual(options.map(({ name }) => name), Object.keys(truth.plans));
    assert.deepEqual(options.filter(({ disabled }) => disabled).map(({ name }) => name), BEYOND);
  });
  for (const { value, name, disabled } of options) {
    if (disabled) continue;
    await test(`plan '${name}' as seen`, async () => {
      await choice.selectOption(value);
      await settle(page);
      const errors = truth.plans[name].map((row) => row[3]), mean = errors.reduce((a, b) => a + b) / errors.length;
      near([(await rowOf(page, 'Mean error'))[1]], [mean], 6e-3 * mean, 'mean error');
      for (const [row, absolute] of [['At red', 1e-5], ['Collateral', 1e-5], ['r', 1e-3], ['R²', 1e-3]]) {
        const [, now, stored] = await rowOf(page, row);
        near([now], [stored], absolute + 6e-3 * Math.abs(stored), row); // as they are rounded
      }
    });
  }
  await test('its knobs say where it operates on weights as well', async () => {
    await choice.selectOption(options.find(({ name }) => name === 'both').value);
    assert.match(await panel.innerText(), /operates on the trained weights too/);
    await panel.getByRole('slider', { name: 'Reach (°)' }).fill('40'); // the surgery stays
    const now = await page.evaluate(() => window.kedge.viewer.scenery()[0].change);
    assert.deepEqual([now.edit.from, now.parameters !== null], [40, true]);
  });
  await test('it says what it cannot compute', async () => {
    const at = Number(options.find(({ name }) => name === 'pruned').value);
    await page.evaluate((plan) => window.kedge.viewer.set({ plan, edit: null, on: true }), at);
    await settle(page);
    assert.match(await panel.innerText(), /cannot be recomputed here; its numbers are those that were stored/);
    assert.ok(Number.isNaN((await rowOf(page, 'Mean error'))[1]));
    const { change, note } = await page.evaluate(() => window.kedge.viewer.scenery()[0]);
    assert.deepEqual({ change, note }, { change: { edit: null, parameters: null }, note: '' });
  });
}

export default async function tests({ folder, test, launch }) {
  const browser = await launch(), page = await open(browser, `file://${folder}/kedge.html`);
  const truth = JSON.parse(readFileSync(`${folder}/kedge.json`, 'utf8'));
  delete truth.plans.baseline; // no plan: the model as it is
  const result = (record, set, plan) => page.evaluate(([r, s, p]) => {
    const { engine } = window.kedge, at = r < 0 ? engine.records(0).length - 1 : r;
    const got = p < 0 ? engine.evaluate(0, at, s) : engine.evaluatePlan(0, at, s, p);
    return Object.fromEntries(Object.entries(got).map(([key, values]) => [key, Array.from(values)]));
  }, [record, set, plan]);
  await test('its end is the trained model', async () =>
    near((await result(-1, 0, -1)).latents, truth.latents.flatMap((row) => row.slice(0, 4)), 1e-5));
  const seed = await page.evaluate(() => window.kedge.data.runs[0].seed);
  await test('its steps are those of the run', async () => {
    const at = npy(`${folder}/plans/seed-${seed}/latents-steps.npy`).values;
    const { shape: [, points, dims], values } = npy(`${folder}/plans/seed-${seed}/latents.npy`);
    const records = await page.evaluate(() => window.kedge.engine.records(0));
    const both = records.map((step, i) => [i, at.indexOf(step)]).filter(([, k]) => k >= 0);
    assert.ok(both.length >= 4, `${both.length} steps in common of ${records.join()} and ${at.join()}`);
    for (const [i, k] of both)
      near((await result(i, 0, -1)).latents, values.slice(k * points * dims, (k + 1) * points * dims), 2e-5,
        `step ${at[k]}`);
  });
  await test('every plan is computed as it was, or not at all', async () => {
    const plans = await page.evaluate(() => window.kedge.data.runs[0].plans
      .map(({ name, edit, parameters }) => ({ name, able: edit !== null || parameters !== null })));
    assert.deepEqual(plans.map(({ name }) => name), Object.keys(truth.plans));
    assert.deepEqual(plans.filter(({ able }) => !able).map(({ name }) => name), BEYOND);
    for (const [i, { name, able }] of plans.entries())
      if (able) near((await result(-1, 0, i)).errors, truth.plans[name].map((row) => row[3]), 1e-5, name);
  });
  await plansAsSeen(page, truth, test);
  await test('numbers for a closer look are shown on request', async () => {
    const bins = () => page.locator('.plans th', { hasText: /^bin/ }).count(), before = await bins();
    await page.getByRole('button', { name: 'All numbers' }).click();
    assert.deepEqual([before, await bins() >= 4], [0, true]);
    await page.getByRole('button', { name: 'Fewer numbers' }).click();
    assert.equal(await bins(), 0);
  });
  await test('all figures can be seen, in both themes', async () => {
    for (let theme = 0; theme < 2; theme++) {
      const broken = await page.evaluate(() => Promise.all([...document.querySelectorAll('.figures img')]
        .map((image) => image.decode().then(() => '', () => image.alt.slice(0, 60))))
        .then((all) => ({ n: all.length, broken: all.filter(Boolean) })));
      assert.ok(broken.n >= 5);
      assert.deepEqual(broken.broken, []);
      await page.getByRole('button', { name: /^Change to/ }).click();
      await settle(page);
    }
  });
  await test('its words tell where red is', () => until(page, () =>
    /red is \d+° from its anchor/.test(document.querySelector('.words').textContent)));
  await test('no error, no request', () => assert.deepEqual(page.faults, []));
  await browser.close();
}
