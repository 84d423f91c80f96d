// Journeys: people of every kind walk through the running program in a real browser. Start here; each file in journeys/ is one of them.
//
// `node run.mjs` runs all, `node run.mjs draft hostile` only these. SONGHAN_PROGRAM is the program to try (target/debug/songhan).
// SONGHAN_PICTURES is a folder: what a person saw when her journey failed is put there.
// The last line is `N passed, N failed` over all of them.
import { readdirSync } from 'node:fs';
import { open } from './browser.mjs';
import { House } from './house.mjs';

const WORKERS = 2;
const folder = new URL('./journeys/', import.meta.url);
const wanted = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -4));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length) {
  console.error(`there is no journey ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

// A journey without an exclusive wish shares the machine with another; those that measure time run alone, at the end.
const journeys = [];
for (const name of wanted.length ? wanted : names) {
  const journey = await import(new URL(`${name}.mjs`, folder));
  for (const [part, walk] of Object.entries(journey.parts)) journeys.push({ name, part, walk, alone: !!journey.alone, weight: journey.weight || 1 });
}
journeys.sort((a, b) => b.weight - a.weight);

const houses = { sample: new House('sample'), danang: new House('danang') };
const browser = await open();
const totals = { passed: 0, failed: 0 };
const began = Date.now();

async function run({ name, part, walk }) {
  const at = Date.now();
  const tally = { passed: 0, failed: 0, said: [] };
  const check = (ok, what) => {
    if (ok) tally.passed += 1;
    else { tally.failed += 1; tally.said.push(`  failed: ${what}`); }
    return !!ok;
  };
  const say = (text) => tally.said.push(`  ${text}`);
  const opened = [];
  // person(options): a browser of somebody's own, closed when the journey ends.
  const person = async (options) => { const one = await browser.person(options); opened.push(one); return one; };
  try { await walk({ houses, person, check, say }); }
  catch (trouble) { check(false, `it broke off: ${String(trouble.stack || trouble).split('\n').slice(0, 6).join('\n    ')}`); }
  if (tally.failed && process.env.SONGHAN_PICTURES) {
    await Promise.all(opened.map((one, n) => one.page.screenshot({ path: `${process.env.SONGHAN_PICTURES}/${name}-${part.replace(/\W+/g, '-')}-${n}.png`, fullPage: true }).catch(() => {})));
  }
  await Promise.all(opened.map((one) => one.close().catch(() => {})));
  totals.passed += tally.passed;
  totals.failed += tally.failed;
  console.log([`${name}, ${part}: ${tally.passed} passed, ${tally.failed} failed (${((Date.now() - at) / 1000).toFixed(1)} s)`, ...tally.said].join('\n'));
}

let status = 1;
try {
  await Promise.all(Object.values(houses).map((house) => house.open()));
  const line = journeys.filter((journey) => !journey.alone);
  await Promise.all(Array.from({ length: WORKERS }, async () => { while (line.length) await run(line.shift()); }));
  for (const journey of journeys.filter((one) => one.alone)) await run(journey);
  for (const house of Object.values(houses)) {
    const wrong = house.faults();
    if (wrong.length) { totals.failed += 1; console.log(`the log of packs/${house.pack} speaks of faults:\n  ${wrong.slice(0, 5).join('\n  ')}`); } else totals.passed += 1;
  }
  status = totals.failed ? 1 : 0;
} catch (trouble) {
  console.error(trouble);
  totals.failed += 1;
} finally {
  await browser.close().catch(() => {});
  await Promise.all(Object.values(houses).map((house) => house.close()));
}
console.log(`all journeys took ${((Date.now() - began) / 1000).toFixed(0)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(status);
