// test_edits.mjs - interventions on the page: their controls, what they change, and their numbers.

import assert from 'node:assert/strict';
import { near, open, places, rowOf, settle, until } from './browser.mjs';

const plan = (page, name) => page.evaluate((n) => window.kedge.data.runs[0].plans.find((p) => p.name === n), name);

export default async function tests({ folder, test, launch }) {
  const browser = await launch(), page = await open(browser, `file://${folder}/wheel.html`);
  const panel = page.getByRole('tabpanel', { name: 'Intervene' });
  await page.getByRole('tab', { name: 'Intervene' }).click();
  const choose = async (label) => {
    await panel.getByLabel('Intervention').selectOption({ label });
    await settle(page);
  };
  await test('the scored plan is at hand, and off', async () => {
    const chosen = await panel.getByLabel('Intervention').evaluate((e) => e.selectedOptions[0].text);
    assert.equal(chosen, 'suppressed (scored)');
    assert.equal(await panel.getByRole('switch').getAttribute('aria-checked'), 'false');
  });
  await test('a plan moves the points and changes their colours', async () => {
    const before = await places(page);
    await panel.getByRole('switch').click();
    await settle(page);
    assert.notDeepEqual(await places(page), before);
  });
  await test('it measures what was stored', async () => {
    const stored = Object.fromEntries((await plan(page, 'suppressed')).metrics.map((m) => [m.name, m.value]));
    near([(await rowOf(page, 'At red'))[1]], [stored.damage], 5e-4);
    near([(await rowOf(page, 'Collateral'))[1]], [stored.collateral], 5e-6);
    near([(await rowOf(page, 'r'))[1], (await rowOf(page, 'R²'))[1]], [stored.r, stored.r2], 1e-3);
  });
  await test('every plan measures what was stored', async () => {
    for (const { name, metrics } of await page.evaluate(() => window.kedge.data.runs[0].plans)) {
      await choose(name === 'suppressed' ? 'suppressed (scored)' : name);
      const stored = Object.fromEntries(metrics.map((m) => [m.name, m.value]));
      near([(await rowOf(page, 'At red'))[1]], [stored.damage], 1e-3 * Math.max(1, stored.damage), name);
    }
  });
  await test('a narrower cone does less, as the slider is dragged', async () => {
    await choose('suppressed (scored)');
    const before = (await rowOf(page, 'Mean error'))[1];
    await panel.getByRole('slider', { name: 'Reach (°)' }).fill('30');
    await settle(page);
    const [without, now] = await rowOf(page, 'Mean error');
    assert.ok(without < now && now < before, `${without} < ${now} < ${before}`);
  });
  await test('what the slider asks for is what is computed', async () => {
    const same = await page.evaluate(() => {
      const { engine, viewer, data } = window.kedge, last = engine.records(0).length - 1;
      const edit = { ...data.runs[0].plans.find((p) => p.name === 'suppressed').edit, from: 30 };
      const a = engine.evaluate(0, last, 0, edit).outputs, shown = viewer.scenery()[0].change.edit;
      const b = engine.evaluate(0, last, 0, shown).outputs;
      return shown.from === 30 && a.every((x, i) => x === b[i]);
    });
    assert.ok(same);
  });
  await test('the plan can be had back', async () => {
    await panel.getByRole('button', { name: 'Back to the plan' }).click();
    await settle(page);
    assert.equal(await page.evaluate(() => window.kedge.viewer.state().edit.from), 90);
  });
  await test('strength 0 changes nothing', async () => {
    await panel.getByRole('slider', { name: 'Strength' }).fill('0');
    await settle(page);
    const [without, now] = await rowOf(page, 'Mean error');
    assert.equal(without, now);
  });
  await test('an edit of one\'s own: zero', async () => {
    await choose('your own');
    await panel.getByLabel('Kind').selectOption('zero');
    await settle(page);
    const { scenery } = await page.evaluate(() => ({ scenery: window.kedge.viewer.scenery()[0].change.edit }));
    assert.deepEqual([scenery.kind, scenery.dims], ['zero', [0]]);
    await panel.getByRole('checkbox', { name: 'z2' }).check();
    await settle(page);
    assert.deepEqual(await page.evaluate(() => window.kedge.viewer.state().edit.dims), [0, 2]);
  });
  await test('E switches it off and on', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('e');
    assert.equal(await page.evaluate(() => window.kedge.viewer.state().on), false);
    await page.keyboard.press('e');
    assert.equal(await page.evaluate(() => window.kedge.viewer.state().on), true);
  });
  await test('patches follow', async () => {
    const pixels = () => page.locator('.slices canvas').first().evaluate((c) => c.toDataURL());
    await page.locator('.slices').scrollIntoViewIfNeeded();
    await settle(page);
    const before = await pixels();
    await page.keyboard.press('e');
    await settle(page);
    assert.notEqual(await pixels(), before);
  });
  await test('words tell of it', async () => {
    await page.keyboard.press('e');
    await until(page, () => /Under intervention it is .*; at red /.test(document.querySelector('.words').textContent));
  });
  await test('no error', () => assert.deepEqual(page.faults, []));
  await browser.close();
}
