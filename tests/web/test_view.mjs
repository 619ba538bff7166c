// test_view.mjs - 'kedge view' itself in the browser: what was changed by hand is repeated to the same bytes, and a
// page outlives its server.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, until } from './browser.mjs';

const { KEDGE } = process.env;

/** A running 'kedge view', once its address can be opened. */
async function view(...words) {
  const child = spawn(KEDGE, ['view', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '', wrong = '';
  child.stderr.on('data', (part) => (wrong += part));
  const gone = new Promise((done) => child.on('close', (status) => done(status)));
  const url = await new Promise((done, fail) => {
    child.stdout.on('data', (part) => {
      said += part;
      const found = said.match(/^kedge: (http:\S+)\n/m);
      if (found) done(found[1]);
    });
    child.on('error', fail);
    void gone.then((status) => fail(new Error(`kedge view: status ${status}, ${wrong}`)));
  });
  const end = async (signal) => {
    child.kill(signal);
    return { status: await gone, wrong };
  };
  return { url, port: new URL(url).port, end };
}

/** Every file below a folder but its times. */
function filesOf(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'timing.json')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name))]));
}

/** The tensors of a model file, without what is said about them. */
function tensorsOf(path) {
  const bytes = readFileSync(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

const trained = (page, step) => until(page, (least) => window.kedge.engine.records(0).at(-1) >= least, step, 20000);

async function steered({ folder, test, browser }) {
  const [there, again] = [`${folder}/steered`, `${folder}/again`];
  const server = await view(`${folder}/edits.yaml`, '--seed', '0', '--pace', '40', '-o', there);
  let ended = null;
  try {
    const page = await open(browser, server.url);
    await test('it trains while one looks on', () => trained(page, 10));
    await test('weight, learning rate and label rate are changed as it trains', async () => {
      for (const [i, name] of ['Weight of anchor', 'Learning rate', 'Rate of red (factor)'].entries()) {
        const slider = page.getByRole('slider', { name });
        await slider.fill(String(Number(await slider.inputValue()) + 17));
        await until(page, (n) => document.querySelectorAll('.changes li').length === n, i + 1);
      }
      const told = await page.locator('.changes li').allInnerTexts();
      for (const [i, column] of ['anchor', 'lr', 'labels.red'].entries())
        assert.match(told[i], new RegExp(`^step \\d+: ${column} to [0-9.]+ over 50$`));
    });
    await test('it comes to its end', async () => {
      await page.getByLabel('Pace', { exact: true }).selectOption({ label: 'full speed' });
      await until(page, () => document.querySelector('.live').dataset.state === 'done', null, 20000);
      assert.match(await page.locator('.live').innerText(), /done: seed 0, step 1501 of 1501; written to .*steered/);
    });
    await test('no error', () => assert.deepEqual(page.faults, []));
    await page.context().close();
  } finally {
    ended = await server.end('SIGINT');
  }
  await test('its end is told where it was begun', () => {
    assert.equal(ended.status, 0);
    assert.match(ended.wrong, /seed 0 is written to/);
  });
  await test('kedge run repeats it to the same bytes', () => {
    execFileSync(KEDGE, ['run', `${there}/recipe.yaml`, '-o', again, '--quiet'], { stdio: 'pipe' });
    const [have, want] = [filesOf(there), filesOf(again)];
    assert.deepEqual(Object.keys(have), Object.keys(want));
    assert.deepEqual(Object.keys(have).filter((name) => !have[name].equals(want[name])), []);
    assert.ok(['recipe.yaml', 'schedule.csv', 'seed-0/model.safetensors'].every((name) => have[name]));
  });
  await test('it is another run than the recipe alone', () => {
    const model = 'seed-0/model.safetensors', [one, other] = [`${there}/${model}`, `${folder}/wheel/${model}`];
    assert.equal(tensorsOf(one).length, tensorsOf(other).length);
    assert.ok(!tensorsOf(one).equals(tensorsOf(other)));
  });
}

async function restarted({ folder, test, browser }) {
  const words = [`${folder}/edits.yaml`, '--seed', '3', '--pace', '100'];
  let server = await view(...words);
  try {
    const page = await open(browser, server.url);
    await trained(page, 30);
    await page.evaluate(() => (window.mark = 'the same page'));
    await test('a server that is killed is missed', async () => {
      await server.end('SIGKILL');
      await until(page, () => /connection lost/.test(document.querySelector('.live').textContent));
    });
    const before = await page.evaluate(() => window.kedge.engine.records(0).at(-1));
    server = await view(...words, '--port', server.port, '--paused');
    await test('the page finds the next one by itself, and shows its run', async () => {
      await until(page, () => document.querySelector('.live').dataset.state === 'paused', null, 20000);
      assert.match(await page.locator('.live').innerText(), /paused: seed 3, step 0 of 1501/);
      await until(page, () => window.kedge.engine.records(0).join() === '0');
    });
    await test('it can be steered, and points follow', async () => {
      await page.getByRole('button', { name: 'Go on' }).click();
      await trained(page, before + 1);
      assert.equal(await page.evaluate(() => window.mark), 'the same page');
    });
    const faults = page.faults.filter((text) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET/.test(text));
    await test('no error but that nobody was there', () => assert.deepEqual(faults, []));
  } finally {
    await server.end('SIGINT');
  }
}

export default async function tests({ folder, test, launch }) {
  const browser = await launch();
  try {
    await steered({ folder, test, browser });
    await restarted({ folder, test, browser });
  } finally {
    await browser.close();
  }
}
