// test_list.mjs - a browsable list of runs.

import assert from 'node:assert/strict';
import { open } from './browser.mjs';

export default async function tests({ folder, test, launch }) {
  const browser = await launch(), page = await open(browser, `file://${folder}/list.html`);
  const scores = async () => (await page.locator('tbody tr').allInnerTexts()).map((line) => line.split('\t')[1]);
  await test('every run is there', async () => assert.equal((await scores()).length, 24));
  await test('a run that can be opened is a link', async () => {
    assert.equal(await page.getByRole('link', { name: 'seed 1', exact: true }).getAttribute('href'), 'run/1');
    assert.equal(await page.getByRole('link', { name: 'seed 5', exact: true }).count(), 0);
  });
  await test('it sorts, what is unknown last both ways', async () => {
    for (const sign of [1, -1]) {
      await page.getByRole('button', { name: 'score' }).click();
      const seen = await scores(), known = seen.filter((text) => text !== '–').map(Number);
      assert.deepEqual(known, [...known].sort((a, b) => sign * (a - b)));
      assert.ok(seen.slice(known.length).every((text) => text === '–') && known.length < 24);
    }
  });
  await test('no error', () => assert.deepEqual(page.faults, []));
  await browser.close();
}
