// test_engine.mjs - the page computes what kedge computes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { near, open } from './browser.mjs';

const TOLERANCE = 1e-5;

/** What the page makes of the run's own points at the end; plan -1: of the model as it is. */
function evaluate(page, plan) {
  return page.evaluate((p) => {
    const { engine } = window.kedge, last = engine.records(0).length - 1;
    const result = p < 0 ? engine.evaluate(0, last, 0) : engine.evaluatePlan(0, last, 0, p);
    return Object.fromEntries(Object.entries(result).map(([key, values]) => [key, Array.from(values)]));
  }, plan);
}

const clamp = (x) => Math.min(1, Math.max(0, x));

export default async function tests({ folder, test, launch }) {
  const browser = await launch();
  for (const name of ['wheel', 'plain', 'isolated']) {
    const page = await open(browser, `file://${folder}/${name}.html`);
    const truth = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
    const plain = await evaluate(page, -1), dims = plain.latents.length / truth.latents.length;
    await test(`${name}: latents`, () =>
      near(plain.latents, truth.latents.flatMap((row) => row.slice(0, dims)), TOLERANCE));
    await test(`${name}: outputs`, () =>
      near(plain.outputs, truth.latents.flatMap((row) => row.slice(dims)), TOLERANCE));
    const plans = await page.evaluate(() => window.kedge.data.runs[0].plans.map((plan) => plan.name));
    for (const [i, plan] of plans.entries()) {
      const rows = truth.plans[plan], result = await evaluate(page, i);
      await test(`${name}: plan '${plan}', colours`, () =>
        near(result.outputs.map(clamp), rows.flatMap((row) => row.slice(0, 3)), TOLERANCE));
      await test(`${name}: plan '${plan}', errors`, () => near(result.errors, rows.map((row) => row[3]), TOLERANCE));
    }
    if (name === 'wheel') await test('all edits are among the plans', () => assert.ok(plans.length >= 8, plans.join()));
    await page.context().close();
  }
  await browser.close();
}
