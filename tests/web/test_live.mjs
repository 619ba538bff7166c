// test_live.mjs - a run that is training: its stream, its controls, and a server that goes away and comes back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { open, places, settle, until } from './browser.mjs';
import { Server } from './server.mjs';

const step = (page) => page.evaluate(() => window.kedge.viewer.state().step);
const records = (page) => page.evaluate(() => window.kedge.engine.records(0).length);
const status = (page) => page.getByRole('status').first().innerText();

function early(data) { // as after the first 100 steps
  const run = data.runs[0], keep = run.records.at.filter((at) => at < 100).length;
  run.records.at = run.records.at.slice(0, keep);
  run.records.parameters = Buffer.from(run.records.parameters, 'base64').subarray(0, 4 * keep * run.model.parameters)
    .toString('base64');
  return data;
}

async function streaming(page, server, test) {
  await test('it says what is going on', async () => {
    await until(page, () => /training: seed 0, step 0 of 1501/.test(document.querySelector('.live').textContent));
  });
  await test('points follow the stream', async () => {
    const before = await places(page);
    server.frame(400, 20);
    await until(page, () => window.kedge.viewer.state().step === 400);
    await settle(page);
    assert.notDeepEqual(await places(page), before);
  });
  await test('many frames at once are one picture', async () => {
    const [frames, count] = [await page.evaluate(() => window.kedge.viewer.frames), await records(page)];
    for (let i = 1; i <= 40; i++) server.frame(400 + i);
    await until(page, () => window.kedge.viewer.state().step === 440);
    await settle(page);
    assert.ok((await page.evaluate(() => window.kedge.viewer.frames)) - frames <= 25);
    assert.ok((await records(page)) - count <= 25);
  });
  await test('a frame of another epoch is left alone', async () => {
    server.frame(900, 1, 7);
    await page.waitForTimeout(150);
    assert.equal(await step(page), 440);
  });
  await test('whoever scrubs back is left in peace', async () => {
    await page.evaluate(() => window.kedge.viewer.seek(50));
    server.frame(500);
    await until(page, () => window.kedge.engine.records(0).at(-1) === 500);
    assert.equal(await step(page), 50);
    await page.getByRole('button', { name: 'Newest' }).click();
    await settle(page);
    assert.equal(await step(page), 500);
  });
}

async function steering(page, server, test) {
  const sent = async (act) => {
    server.commands = [];
    await act();
    for (let i = 0; i < 100 && !server.commands.length; i++) await page.waitForTimeout(20);
    return server.commands;
  };
  await test('pause, and go on', async () => {
    assert.deepEqual(await sent(() => page.getByRole('button', { name: 'Pause' }).click()), [{ do: 'pause' }]);
    server.tell({ paused: true });
    assert.deepEqual(await sent(() => page.getByRole('button', { name: 'Go on' }).click()), [{ do: 'resume' }]);
    server.tell({ paused: false });
  });
  await test('step and pace', async () => {
    assert.deepEqual(await sent(() => page.getByRole('button', { name: '+10', exact: true }).click()),
      [{ do: 'step', steps: 10 }]);
    assert.deepEqual(await sent(() => page.getByLabel('Pace', { exact: true }).selectOption('100')), [{ do: 'pace', value: 100 }]);
  });
  await test('a pace that was chosen elsewhere is shown', async () => {
    server.tell({ pace: 60 });
    await page.getByRole('slider', { name: 'Weight of anchor' }).focus();
    server.tell({ pace: 60 });
    await until(page, () => [...document.querySelectorAll('select')].some((s) => s.value === '60'));
  });
  await test('a weight is changed once, when the slider is let go', async () => {
    await page.getByLabel('Changes ease in over (steps)').fill('50');
    await page.getByLabel('Changes ease in over (steps)').press('Tab');
    await page.getByRole('checkbox', { name: /Hold/ }).check();
    const commands = await sent(() => page.getByRole('slider', { name: 'Weight of anchor' }).press('ArrowRight'));
    assert.equal(commands.length, 1);
    const { value, ...rest } = commands[0];
    assert.deepEqual(rest, { do: 'set', column: 'anchor', over: 50, hold: true });
    assert.ok(value > 0.09 && value < 0.12, String(value));
  });
  await test('sliders follow the run', async () => {
    server.tell({ controls: server.state.controls.map((c) => (c.column === 'lr' ? { ...c, value: 0.1 } : c)) });
    await until(page, () => [...document.querySelectorAll('.control-value')].some((o) => o.textContent === '0.100'));
  });
  await test('a refusal is told', async () => {
    server.refusal = "unknown column 'ancor'; did you mean 'anchor'?";
    await sent(() => page.getByRole('button', { name: '+1', exact: true }).click());
    await until(page, () =>
      /unknown column 'ancor'/.test(document.querySelector('.panel [role=alert]').textContent));
    server.refusal = null;
  });
  await test('changes are listed, and the schedule is fetched anew', async () => {
    server.run.schedule.columns = [...server.run.schedule.columns];
    server.tell({ version: 2, changes: [{ step: 500, column: 'anchor', value: 0.2, over: 50, hold: true }] });
    await until(page, () =>
      /step 500: anchor to 0\.200 over 50, held/.test(document.querySelector('.changes').textContent));
  });
  await test('begin again with another seed', async () => {
    await page.getByLabel('Seed', { exact: true }).fill('3');
    assert.deepEqual(await sent(() => page.getByRole('button', { name: 'Begin again' }).click()),
      [{ do: 'restart', seed: 3 }]);
    const pages = server.pages;
    server.tell({ epoch: 2, seed: 3, step: 0 });
    await until(page, () => window.kedge.engine.records(0).at(-1) < 100);
    assert.equal(server.pages, pages + 1);
    server.frame(120);
    await until(page, () => window.kedge.viewer.state().step === 120);
  });
}

async function losing(page, server, test) {
  await test('a lost connection is told, and found again', async () => {
    const { port } = server, pages = server.pages;
    await server.stop();
    await until(page, () => /connection lost/.test(document.querySelector('.live').textContent));
    await page.waitForTimeout(600);
    await server.start(port);
    await until(page, () => /training: seed 3/.test(document.querySelector('.live').textContent), null, 15000);
    assert.ok(server.pages > pages);
    server.frame(800);
    await until(page, () => window.kedge.viewer.state().step === 800);
  });
  await test('the end is told', async () => {
    server.tell({ done: true, step: 1501, directory: 'runs/live' });
    await until(page, () => /done: .*written to runs\/live/.test(document.querySelector('.live').textContent));
  });
}

export default async function tests({ folder, test, launch }) {
  const browser = await launch();
  const data = early(JSON.parse(readFileSync(`${folder}/live.json`, 'utf8')));
  const server = new Server(readFileSync(`${folder}/empty.html`), data);
  await server.start();
  try {
    const page = await open(browser, `http://127.0.0.1:${server.port}/`);
    await streaming(page, server, test);
    await steering(page, server, test);
    const faults = page.faults.filter((text) => !/400 \(Bad Request\)/.test(text)); // the refusal above
    await test('no error', () => assert.deepEqual(faults, []));
    await losing(page, server, test);
    await test('it says where it is', async () => assert.match(await status(page), /done/));
  } finally {
    await browser.close();
    await server.stop();
  }
}
