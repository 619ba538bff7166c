// test_plain.mjs - a browser without WebGL, and a model whose latents are not of unit length.

import assert from 'node:assert/strict';
import { open, places, settle } from './browser.mjs';

export default async function tests({ folder, test, launch }) {
  const browser = await launch({ webgl: false });
  for (const name of ['plain', 'isolated', 'table']) {
    const page = await open(browser, `file://${folder}/${name}.html`);
    await test(`${name}: it draws without WebGL`, async () => {
      assert.equal(await page.evaluate(() => window.kedge.viewer.painter()), 'canvas');
      const inked = await page.locator('.pane canvas').first().evaluate((canvas) =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
          .filter((x, i) => i % 4 === 3 && x).length);
      assert.ok(inked > 5000, `${inked} pixels`);
    });
    await test(`${name}: nearly all points are in the picture`, async () => {
      const box = await page.locator('.pane canvas').first().boundingBox(), p = await places(page);
      let out = 0;
      for (let i = 0; i < p.length; i += 4)
        if (p[i] < 0 || p[i + 1] < 0 || p[i] > box.width || p[i + 1] > box.height) out++;
      assert.ok(out < 0.02 * (p.length / 4), `${out} are not`);
    });
    await test(`${name}: it turns`, async () => {
      const before = await places(page);
      await page.locator('.pane canvas').first().focus();
      await page.keyboard.press('ArrowUp');
      await settle(page);
      assert.notDeepEqual(await places(page), before);
    });
    await test(`${name}: no error`, () => assert.deepEqual(page.faults, []));
    await page.context().close();
  }
  await browser.close();
}
