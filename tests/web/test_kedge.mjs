// test_kedge.mjs - the page that 'kedge report' writes: its data are those of the run, all the way.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { near, open, settle, until } from './browser.mjs';

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

export default async function tests({ folder, test, launch }) {
  if (!existsSync(`${folder}/kedge.html`)) return; // this kedge writes no pages
  const browser = await launch(), page = await open(browser, `file://${folder}/kedge.html`);
  const truth = JSON.parse(readFileSync(`${folder}/wheel.json`, 'utf8'));
  const result = (record, set, plan) => page.evaluate(([r, s, p]) => {
    const { engine } = window.kedge, at = r < 0 ? engine.records(0).length - 1 : r;
    const got = p < 0 ? engine.evaluate(0, at, s) : engine.evaluatePlan(0, at, s, p);
    return Object.fromEntries(Object.entries(got).map(([key, values]) => [key, Array.from(values)]));
  }, [record, set, plan]);
  await test('its end is the trained model', async () =>
    near((await result(-1, 0, -1)).latents, truth.latents.flatMap((row) => row.slice(0, 4)), 1e-5));
  const seed = await page.evaluate(() => window.kedge.data.runs[0].seed);
  await test('its steps are those of the run', async () => {
    const at = npy(`${folder}/wheel/seed-${seed}/latents-steps.npy`).values;
    const { shape: [, points, dims], values } = npy(`${folder}/wheel/seed-${seed}/latents.npy`);
    const records = await page.evaluate(() => window.kedge.engine.records(0));
    const both = records.map((step, i) => [i, at.indexOf(step)]).filter(([, k]) => k >= 0);
    assert.ok(both.length >= 4, `${both.length} steps in common of ${records.join()} and ${at.join()}`);
    for (const [i, k] of both)
      near((await result(i, 0, -1)).latents, values.slice(k * points * dims, (k + 1) * points * dims), 2e-5,
        `step ${at[k]}`);
  });
  await test('every plan is computed as it was', async () => {
    const plans = await page.evaluate(() => window.kedge.data.runs[0].plans.map((plan) => plan.name));
    assert.ok(plans.length >= 3);
    for (const [i, name] of plans.entries())
      if (truth.plans[name]) near((await result(-1, 0, i)).errors, truth.plans[name].map((row) => row[3]), 1e-5, name);
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
