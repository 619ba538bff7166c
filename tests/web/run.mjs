// run.mjs FOLDER [NAME]... - runs the test files of this folder against the pages in FOLDER; TAP.

import { launch } from './browser.mjs';

const NAMES = ['engine', 'report', 'edits', 'small', 'plain', 'list', 'thin', 'live', 'kedge', 'view'];
const [folder, ...wanted] = process.argv.slice(2);
let count = 0, failed = 0;

/** One test: it fails if 'run' throws. */
async function test(name, run) {
  count++;
  try {
    await run();
    console.log(`ok ${count} - ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${count} - ${name}`);
    console.log(String(error.stack ?? error).split('\n').slice(0, 8).map((line) => `# ${line}`).join('\n'));
  }
}

for (const name of wanted.length ? wanted : NAMES) {
  const { default: tests } = await import(`./test_${name}.mjs`);
  await tests({ folder, test: (what, run) => test(`${name}: ${what}`, run), launch });
}
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
