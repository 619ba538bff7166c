// browser.mjs - a headless browser that can reach nothing but loopback, and pages in it that keep count of mistakes.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../../web/package.json', import.meta.url)));
const { chromium } = require('playwright-core');

const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** A browser; without WebGL where it is not wanted. */
export function launch({ webgl = true } = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM,
    args: [...QUIET, ...(webgl ? WEBGL : ['--disable-3d-apis'])] });
}

/** Opens a page. 'page.faults' collects errors of its console, exceptions, and requests to anywhere but itself. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('request', (request) => {
    const to = request.url();
    if (to !== url && !/^(data|blob):/.test(to) && !to.startsWith(new URL('api/', url).href))
      page.faults.push(`request to ${to}`);
  });
  if (url.startsWith('file:')) await context.setOffline(true);
  await page.goto(url);
  await page.waitForFunction(() => !document.querySelector('#page > noscript'));
  await settle(page);
  return page;
}

/** Until two animation frames have passed. */
export function settle(page) {
  return page.evaluate(() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done())))));
}

/** Until 'what' (a function in the page) is true. */
export function until(page, what, argument, timeout = 8000) {
  return page.waitForFunction(what, argument, { timeout, polling: 30 });
}

export function near(a, b, tolerance, what = 'values') {
  assert.equal(a.length, b.length, `${what}: ${a.length} numbers, not ${b.length}`);
  let worst = 0, at = 0;
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i]);
    if (!(apart <= worst)) [worst, at] = [apart, i];
  }
  assert.ok(worst <= tolerance, `${what}: ${a[at]} and ${b[at]} at ${at} are ${worst} apart; at most ${tolerance}`);
}

/** Points of the first picture on the screen: x and y of each. */
export function places(page, pane = 0) {
  return page.evaluate((i) => Array.from(window.kedge.viewer.screen(i)), pane);
}

/** A row of the table of measures, as numbers: without, with, stored. */
export async function rowOf(page, name) {
  const cells = await page.locator('.measures tr', { has: page.getByRole('rowheader', { name, exact: true }) })
    .locator('td').allInnerTexts();
  return cells.map((text) => Number(text.replaceAll('−', '-')));
}
