// test_report.mjs - the page of a run: steps, turning, points, sections.

import assert from 'node:assert/strict';
import { near, open, places, settle, until } from './browser.mjs';

const orthogonality = (page) => page.evaluate(() => {
  const m = window.kedge.viewer.matrix(), n = Math.sqrt(m.length);
  let worst = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let k = 0; k < n; k++) dot += m[i * n + k] * m[j * n + k];
      worst = Math.max(worst, Math.abs(dot - (i === j ? 1 : 0)));
    }
  return worst;
});
const step = (page) => page.evaluate(() => window.kedge.viewer.state().step);
const moved = (a, b) => a.some((x, i) => Math.abs(x - b[i]) > 1);

async function steps(page, test) {
  await test('it opens at the end', async () => assert.equal(await step(page), 1501));
  await test('scrubbing moves the points', async () => {
    const before = await places(page);
    await page.getByRole('slider', { name: 'Step', exact: true }).fill('300');
    await settle(page);
    assert.equal(await step(page), 300);
    assert.ok(moved(before, await places(page)));
  });
  await test('between two records points are between', async () => {
    const at = await page.evaluate(() => window.kedge.engine.records(0).slice(10, 12));
    const seen = [];
    for (const s of [at[0], (at[0] + at[1]) / 2, at[1]]) {
      await page.evaluate((to) => window.kedge.viewer.seek(to), s);
      await settle(page);
      seen.push(await places(page));
    }
    const apart = (a, b) => Math.hypot(...a.map((x, i) => (i % 4 < 2 ? x - b[i] : 0)));
    assert.ok(apart(seen[0], seen[1]) < apart(seen[0], seen[2]) && apart(seen[1], seen[2]) < apart(seen[0], seen[2]));
  });
  await test('a click on a chart goes to its step', async () => {
    const chart = page.locator('.chart .u-over').last();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await settle(page);
    assert.ok(Math.abs((await step(page)) - 750) < 8, String(await step(page)));
  });
  await test('brackets go from record to record', async () => {
    await page.evaluate(() => window.kedge.viewer.seek(window.kedge.engine.records(0)[5]));
    await page.keyboard.press(']');
    const [five, six] = await page.evaluate(() => window.kedge.engine.records(0).slice(5, 7));
    assert.equal(await step(page), six);
    await page.keyboard.press('[');
    assert.equal(await step(page), five);
  });
  await test('space plays, to the end and no further', async () => {
    await page.evaluate(() => {
      window.kedge.viewer.seek(1300);
      window.kedge.viewer.set({ speed: 4 });
    });
    await page.locator('h1').click();
    await page.keyboard.press(' ');
    await until(page, () => window.kedge.viewer.state().step > 1300);
    await until(page, () => !window.kedge.viewer.state().playing);
    assert.equal(await step(page), 1501);
  });
  await test('nothing is drawn while nothing changes', async () => {
    const frames = () => page.evaluate(() => window.kedge.viewer.frames);
    await page.waitForTimeout(200);
    const before = await frames();
    await page.waitForTimeout(300);
    assert.equal(await frames(), before);
  });
}

async function turning(page, test) {
  const canvas = page.locator('.pane canvas').first();
  await test('dragging turns, and the axes stay at right angles', async () => {
    const before = await places(page), box = await canvas.boundingBox();
    await page.mouse.move(box.x + 60, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 220, box.y + 140, { steps: 6 });
    await page.mouse.up();
    await settle(page);
    assert.ok(moved(before, await places(page)));
    assert.ok((await orthogonality(page)) < 1e-9);
  });
  await test('arrow keys turn, with Shift in the fourth axis', async () => {
    await canvas.focus();
    const before = await page.evaluate(() => Array.from(window.kedge.viewer.matrix()));
    await page.keyboard.press('Shift+ArrowRight');
    await settle(page);
    const after = await page.evaluate(() => Array.from(window.kedge.viewer.matrix()));
    near(before.slice(8, 12), after.slice(8, 12), 1e-12, 'depth');
    assert.ok(moved(before.map((x) => 100 * x), after.map((x) => 100 * x)));
  });
  await test('a view looks along its axes', async () => {
    await page.getByRole('button', { name: 'View z0 and z2' }).click();
    await settle(page);
    const m = await page.evaluate(() => Array.from(window.kedge.viewer.matrix()));
    near(m.slice(0, 8), [1, 0, 0, 0, 0, 0, 1, 0], 1e-12);
  });
  await test('the plane slider turns two axes and leaves the others', async () => {
    await page.getByRole('slider', { name: 'Turn the plane (°)' }).fill('90');
    await settle(page);
    const m = await page.evaluate(() => Array.from(window.kedge.viewer.matrix()));
    near([Math.abs(m[0]), Math.abs(m[1]), m[6]], [0, 1, 1], 1e-9);
  });
  await test('plus and minus zoom', async () => {
    await canvas.focus();
    const spread = async () => {
      const p = await places(page);
      return Math.max(...p.filter((_, i) => i % 4 === 0)) - Math.min(...p.filter((_, i) => i % 4 === 0));
    };
    const before = await spread();
    await page.keyboard.press('+');
    await settle(page);
    assert.ok((await spread()) > 1.1 * before);
    await page.keyboard.press('Home');
    await settle(page);
  });
}

async function points(page, test) {
  await test('a point can be chosen with the keyboard, and is described', async () => {
    await page.locator('.pane canvas').first().focus();
    await page.keyboard.press('.');
    await settle(page);
    assert.equal(await page.evaluate(() => window.kedge.viewer.state().selected), 0);
    const panel = page.getByRole('tabpanel', { name: 'Point' });
    assert.match(await panel.innerText(), /black[\s\S]*error[\s\S]*from red's anchor[\s\S]*z3/);
    await page.keyboard.press('Escape');
  });
  await test('hovering shows what a point is', async () => {
    const [x, y] = await places(page).then((p) => p.slice(4 * 448, 4 * 448 + 2));
    const box = await page.locator('.pane canvas').first().boundingBox();
    await page.mouse.move(box.x + x - 30, box.y + y);
    await page.mouse.move(box.x + x, box.y + y, { steps: 3 });
    await settle(page);
    assert.match(await page.locator('.tip').innerText(), /error 0\.\d+/);
    await page.mouse.move(2, 2);
  });
  await test('the finer cube has 4096 points', async () => {
    await page.getByRole('tab', { name: 'View' }).click();
    await page.getByLabel('Points', { exact: true }).selectOption({ label: 'Fine colour cube (4096)' });
    await settle(page);
    assert.equal((await places(page)).length, 4 * 4096);
    await page.getByLabel('Points', { exact: true }).selectOption({ index: 0 });
  });
  await test('words say where red is', async () => {
    await page.evaluate(() => window.kedge.viewer.seek(1501));
    await until(page, () => /At the end, after 1501 steps, red is \d+° from its anchor/
      .test(document.querySelector('.words').textContent));
  });
}

async function comparing(page, test) {
  await test('two steps stand side by side and turn together', async () => {
    await page.getByLabel('Beside it').selectOption('step');
    await settle(page);
    assert.equal(await page.locator('.pane').count(), 2);
    const before = [await places(page, 0), await places(page, 1)];
    assert.ok(moved(before[0], before[1]));
    await page.locator('.pane canvas').nth(1).focus();
    await page.keyboard.press('ArrowLeft');
    await settle(page);
    assert.ok(moved(before[0], await places(page, 0)) && moved(before[1], await places(page, 1)));
  });
  await test('another run stands beside', async () => {
    await page.getByLabel('Beside it').selectOption('run');
    await settle(page);
    assert.deepEqual(await page.evaluate(() => window.kedge.viewer.scenery().map(({ run }) => run)), [0, 1]);
    await page.getByLabel('Beside it').selectOption('none');
    await settle(page);
    assert.equal(await page.locator('.pane').count(), 1);
  });
}

async function sections(page, test) {
  await test('the table of seeds sorts', async () => {
    const seeds = page.getByRole('region', { name: 'Seeds' });
    const score = seeds.getByRole('columnheader', { name: 'score' });
    const order = async () => (await seeds.locator('tbody tr th').allInnerTexts()).join();
    await score.getByRole('button').click();
    const up = await order();
    await score.getByRole('button').click();
    assert.equal(await score.getAttribute('aria-sort'), 'descending');
    assert.equal(await order(), up.split(',').reverse().join());
  });
  await test('details come on request', async () => {
    const head = page.locator('th', { hasText: 'bin0 suppressed' });
    assert.equal(await head.isVisible(), false);
    await page.getByRole('button', { name: 'All columns' }).click();
    assert.equal(await head.isVisible(), true);
  });
  await test('a figure follows the theme, and can be enlarged and closed', async () => {
    const image = page.getByRole('img', { name: /Four panels/ }).first();
    const before = await image.getAttribute('src');
    await page.getByRole('button', { name: 'Change to dark colours' }).click();
    await settle(page);
    assert.notEqual(await image.getAttribute('src'), before);
    await page.getByRole('button', { name: 'Enlarge Latents' }).click();
    assert.ok(await page.getByRole('dialog').isVisible());
    const large = page.getByRole('dialog').locator('img');
    assert.ok(await large.evaluate((img) => img.decode().then(() => img.naturalWidth > 0)));
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
  });
  await test('whatever can be used has a name', async () => {
    const nameless = await page.evaluate(() => [...document.querySelectorAll('button, select, input, canvas, a')]
      .filter((e) => e.offsetParent !== null)
      .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length))
      .map((e) => e.outerHTML.slice(0, 90)));
    assert.deepEqual(nameless, []);
  });
}

async function motion(folder, browser, test) {
  const page = await open(browser, `file://${folder}/isolated.html`, { reducedMotion: 'no-preference' });
  const matrix = () => page.evaluate(() => Array.from(window.kedge.viewer.matrix()));
  await test('a view is reached by gliding', async () => {
    await page.getByRole('button', { name: 'View z3 and z4' }).click();
    await page.waitForTimeout(120);
    assert.ok((await matrix())[3] < 0.99);
    await until(page, () => window.kedge.viewer.matrix()[3] > 1 - 1e-9 && window.kedge.viewer.matrix()[9] > 1 - 1e-9);
  });
  await test('the tour goes through all dims, until it is stopped', async () => {
    const before = await matrix();
    await page.getByRole('button', { name: 'Tour' }).click();
    await until(page, (m) => window.kedge.viewer.matrix().filter((x, i) => Math.abs(x - m[i]) > 0.02).length > 20, before);
    await page.getByRole('button', { name: 'Tour' }).click();
    await settle(page);
    const stopped = await matrix();
    await page.waitForTimeout(150);
    near(await matrix(), stopped, 0);
    assert.ok((await orthogonality(page)) < 1e-9);
  });
  await page.context().close();
}

export default async function tests({ folder, test, launch }) {
  const browser = await launch();
  const page = await open(browser, `file://${folder}/wheel.html`);
  await test('it draws with WebGL', async () =>
    assert.equal(await page.evaluate(() => window.kedge.viewer.painter()), 'webgl'));
  await test('what is drawn is to be seen', async () => {
    const picture = await page.locator('.pane canvas').first().screenshot();
    assert.ok(picture.length > 20000, `a picture of ${picture.length} bytes`);
  });
  for (const part of [steps, turning, points, comparing, sections]) await part(page, test);
  await test('no error, no request', () => assert.deepEqual(page.faults, []));
  await motion(folder, browser, test);
  await test('the tour rests where motion is not wanted', async () =>
    assert.ok(await page.getByRole('button', { name: 'Tour' }).isDisabled()));
  const empty = await open(browser, `file://${folder}/empty.html`);
  await test('a page without data says so', async () =>
    assert.match(await empty.getByRole('alert').innerText(), /no data in this file/));
  await browser.close();
}
