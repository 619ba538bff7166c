// test_small.mjs - a phone: 360 px, touch, dark.

import assert from 'node:assert/strict';
import { open, places, settle } from './browser.mjs';

const LEAST = 44; // px that a finger needs

export default async function tests({ folder, test, launch }) {
  const browser = await launch();
  const page = await open(browser, `file://${folder}/wheel.html`, { viewport: { width: 360, height: 740 },
    hasTouch: true, isMobile: true, deviceScaleFactor: 2, colorScheme: 'dark' });
  await test('nothing is wider than the screen', async () =>
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360));
  await test('it is dark where the system is', async () =>
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark'));
  for (const tab of ['View', 'Intervene', 'Point'])
    await test(`a finger finds every control of '${tab}'`, async () => {
      await page.getByRole('tab', { name: tab }).tap();
      await settle(page);
      const small = await page.evaluate((least) => [...document.querySelectorAll('button, select, input, summary')]
        .filter((e) => e.offsetParent !== null)
        .map((e) => (e.matches('[type=checkbox], [type=radio]') ? e.closest('label') : e))
        .map((e) => [e, e.getBoundingClientRect()]).filter(([, box]) => box.height < least || box.width < least)
        .map(([e, box]) => `${e.outerHTML.slice(0, 70)} ${box.width}x${box.height}`), LEAST);
      assert.deepEqual(small, []);
    });
  const touch = await page.context().newCDPSession(page);
  await page.locator('.pane canvas').scrollIntoViewIfNeeded();
  const box = await page.locator('.pane canvas').boundingBox();
  const fingers = (type, points) => touch.send('Input.dispatchTouchEvent', { type,
    touchPoints: points.map(([x, y], id) => ({ x: box.x + x, y: box.y + y, id })) });
  await test('one finger turns', async () => {
    const before = await places(page);
    await fingers('touchStart', [[100, 100]]);
    for (let i = 1; i <= 6; i++) await fingers('touchMove', [[100 + 15 * i, 100 + 4 * i]]);
    await fingers('touchEnd', []);
    await settle(page);
    assert.notDeepEqual(await places(page), before);
  });
  await test('two fingers zoom', async () => {
    const spread = async () => {
      const x = (await places(page)).filter((_, i) => i % 4 === 0);
      return Math.max(...x) - Math.min(...x);
    };
    const before = await spread();
    await fingers('touchStart', [[140, 150], [180, 150]]);
    for (let i = 1; i <= 5; i++) await fingers('touchMove', [[140 - 8 * i, 150], [180 + 8 * i, 150]]);
    await fingers('touchEnd', []);
    await settle(page);
    assert.ok((await spread()) > 1.5 * before);
  });
  await test('a tap chooses a point', async () => {
    const p = await places(page), inside = (x, size) => x > 20 && x < size - 20;
    let i = 0;
    while (!inside(p[4 * i], box.width) || !inside(p[4 * i + 1], box.height)) i++;
    await page.touchscreen.tap(box.x + p[4 * i], box.y + p[4 * i + 1]);
    await settle(page);
    assert.ok((await page.evaluate(() => window.kedge.viewer.state().selected)) >= 0);
  });
  await test('no error', () => assert.deepEqual(page.faults, []));
  await browser.close();
}
