// Somebody types 200 attacks into every field of every form. Whoever opens a page that shows them reads them as text, and nothing runs.
import { DESK } from '../browser.mjs';

export const weight = 8;

/** 200 texts that run somewhere when they are not treated as text. None is longer than 64 letters, so that several fit a field. */
export const ATTACKS = (() => {
  const calls = ['alert(1)', 'alert`1`', 'confirm(1)', 'prompt(1)', 'top.x=1'];
  const shapes = [
    (c) => `<script>${c}</script>`, (c) => `"><script>${c}</script>`, (c) => `'><script>${c}</script>`, (c) => `</textarea><script>${c}</script>`,
    (c) => `</title><script>${c}</script>`, (c) => `<img src=x onerror=${c}>`, (c) => `"><img src=x onerror=${c}>`, (c) => `<svg onload=${c}>`,
    (c) => `<svg/onload=${c}//`, (c) => `<body onload=${c}>`, (c) => `<iframe src=javascript:${c}>`, (c) => `<a href=javascript:${c}>x</a>`,
    (c) => `javascript:${c}`, (c) => `" onfocus=${c} autofocus x="`, (c) => `' onfocus=${c} autofocus x='`, (c) => `" onmouseover=${c} x="`,
    (c) => `<details open ontoggle=${c}>`, (c) => `<video><source onerror=${c}>`, (c) => `<math><mi xlink:href=javascript:${c}>`, (c) => `<input autofocus onfocus=${c}>`,
    (c) => `<marquee onstart=${c}>`, (c) => `<object data=javascript:${c}>`, (c) => `<form action=javascript:${c}><button>`, (c) => `<style>@import'x';*{x:${c}}</style>`,
    (c) => `<link rel=stylesheet href=//x.test/${c}>`, (c) => `<base href=//x.test/><!--${c}`, (c) => `<meta http-equiv=refresh content=0;url=//x.test>`, (c) => `\${${c}}`,
    (c) => `{{${c}}}`, (c) => `{{constructor.constructor('${c}')()}}`, (c) => `<%= ${c} %>`, (c) => `--><script>${c}</script>`,
    (c) => `]]><script>${c}</script>`, (c) => `<scr<script>ipt>${c}</script>`, (c) => `&lt;script&gt;${c}&lt;/script&gt;`, (c) => `%3Cscript%3E${c}%3C/script%3E`,
    (c) => `\\u003cscript\\u003e${c}`, (c) => `<ScRiPt>${c}</sCrIpT>`, (c) => `<noscript><p title="</noscript><img src=x onerror=${c}>`, (c) => `<template><script>${c}</script></template>`,
  ];
  return shapes.flatMap((shape) => calls.map((call) => shape(call))).map((text, n) => `${n}|${text}`);
})();

/** The texts joined into pieces of at most so many letters: all of them, in few forms. */
function pieces(most, joint = '\n') {
  const out = [];
  for (const attack of ATTACKS) {
    const last = out[out.length - 1];
    if (last && last.length + attack.length + joint.length <= most) out[out.length - 1] = last + joint + attack;
    else out.push(attack);
  }
  return out;
}

async function watched(person, options) {
  const one = await person(options);
  await one.context.addInitScript(() => {
    window.brokenPromises = [];
    document.addEventListener('securitypolicyviolation', (e) => window.brokenPromises.push(`${e.violatedDirective} ${e.sourceFile || ''}`));
  });
  return one;
}

/** After a page was opened: nothing ran, and the texts stand there as texts. */
async function unharmed(someone, texts, check, what) {
  const { page } = someone;
  const state = await page.evaluate((all) => {
    const fields = Array.from(document.querySelectorAll('input, textarea')).map((el) => el.value).join('\n');
    const shown = `${document.body.innerText}\n${document.body.textContent}\n${fields}\n${document.title}`.replace(/\s+/g, ' ');
    return {
      broken: window.brokenPromises || [],
      ran: 'x' in window && typeof window.x === 'number',
      missing: all.filter((text) => !shown.includes(text.replace(/\s+/g, ' ').trim())),
      foreign: document.querySelectorAll('main script, main iframe, main object, main style, main base, main marquee, main math, main [onerror], main [onload], main [onfocus], main [ontoggle], a[href^="javascript:"]').length,
    };
  }, texts);
  const heard = someone.complaints();
  return check(
    state.broken.length === 0 && !state.ran && state.foreign === 0 && state.missing.length === 0 && heard.length === 0,
    `${what}: ${JSON.stringify({ ...state, missing: state.missing.slice(0, 2), heard: heard.slice(0, 3) }).slice(0, 600)}`,
  );
}

const lines = (text) => text.split('\n');

async function stored({ houses, person, check, say }) {
  const house = houses.sample;
  const mallory = await watched(person);
  const hoa = await watched(person, { size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  const texts = pieces(980);
  const places = pieces(195, ' ');
  const reasons = pieces(900);
  let opened = 0;
  const forms = Math.max(texts.length, places.length);
  for (let n = 0; n < forms; n += 1) {
    const text = texts[n % texts.length];
    const address = places[n % places.length];
    const name = ATTACKS[n % ATTACKS.length];
    const { code, follow } = await house.report(text, { address, contact: { email: `m${n}@vidu.vn`, name } });
    const say = (page, what) => { opened += 1; return unharmed(page, what.texts, check, `${what.at} (${n})`); };
    // The holder of the link adds a word.
    if (n < texts.length) {
      await mallory.to(house.origin + follow);
      await mallory.page.fill('#word', text);
      await mallory.press('#add form button');
      await say(mallory, { at: 'the private page', texts: [...lines(text), address] });
    }
    // The officials read, look, forward, write.
    await hoa.to(`${house.origin}/desk/reports/${code}`);
    await say(hoa, { at: 'the work page', texts: [...lines(text), address] });
    await hoa.page.fill('#purpose', address);
    await hoa.press('form[action$="/contact"] button');
    await say(hoa, { at: 'the opened contact', texts: [name] });
    await hoa.page.evaluate(() => document.querySelectorAll('details.act').forEach((one) => { one.open = true; }));
    if (n < texts.length) {
      await hoa.page.selectOption('#unit', 'drainage-company');
      await hoa.page.fill('#note', text);
      await hoa.press('form[action$="/forward"] button');
      await say(hoa, { at: 'the queue', texts: [] });
      await hoa.to(`${house.origin}/desk/reports/${code}`);
      await hoa.page.fill('#answer', text);
      await hoa.press('button[name=go][value=publish]');
      await say(hoa, { at: 'the preview', texts: [...lines(text), address] });
      await hoa.press('main form button');
      await mallory.to(`${house.origin}/r/${code}`);
      await say(mallory, { at: 'the public page', texts: [...lines(text), address] });
    } else if (n - texts.length < reasons.length) {
      // Some are put away, with a reason that their sender reads.
      const reason = reasons[n - texts.length];
      await hoa.page.fill('#reason', reason);
      await hoa.press('form[action$="/archive"] button');
      await mallory.to(house.origin + follow);
      await say(mallory, { at: 'the private page of a report put away', texts: lines(reason) });
      await mallory.to(`${house.origin}/r/${code}`);
      await say(mallory, { at: 'the public page of a report put away', texts: [] });
      await hoa.to(`${house.origin}/desk/reports/${code}`);
      await say(hoa, { at: 'the work page of a report put away', texts: lines(reason) });
    }
  }
  check(forms >= texts.length + reasons.length, 'there are reports enough for all texts and reasons');
  for (const path of ['/', '/reports', '/reports?state=answered']) { await mallory.to(house.origin + path); await unharmed(mallory, [], check, path); }
  for (const path of ['/desk', '/desk/reports', '/desk/outbox']) { await hoa.to(house.origin + path); await unharmed(hoa, [], check, path); }
  say(`${ATTACKS.length} texts in ${forms} reports, ${opened} pages opened`);
}

async function reflected({ houses, person, check }) {
  const house = houses.sample;
  const mallory = await watched(person);
  const { page } = mallory;
  // The form comes back with what was typed, in each of its fields.
  for (const text of pieces(3500)) {
    await mallory.to(`${house.origin}/report`);
    await page.fill('#text', text);
    for (const id of ['phone', 'email', 'name', 'address']) await page.fill(`#${id}`, text.replace(/\n/g, ' '));
    const drawn = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await page.locator('.send button').click();
    await drawn;
    await page.locator('#mistakes').waitFor();
    await unharmed(mallory, lines(text), check, 'the form with its mistakes');
    await mallory.to(`${house.origin}/`);
    await page.evaluate(() => localStorage.clear());
  }
  for (const text of pieces(600, ' ')) {
    for (const path of [`/reports?q=${encodeURIComponent(text)}`, `/r?code=${encodeURIComponent(text)}`, `/sign-in?name=${encodeURIComponent(text)}&next=${encodeURIComponent(text)}`]) {
      await mallory.to(house.origin + path);
      await unharmed(mallory, [], check, path.slice(0, 12));
    }
  }
  // Every parameter of the lists, and paths themselves.
  for (const attack of ATTACKS.filter((_, n) => n % 10 === 0)) {
    const mark = encodeURIComponent(attack);
    for (const path of [`/reports?category=${mark}&area=${mark}&state=${mark}&before=${mark}`, `/r/${mark}`, `/map?${mark}`, `/?lang=${mark}&theme=${mark}`]) {
      await mallory.to(house.origin + path);
      await unharmed(mallory, [], check, path.slice(0, 20));
    }
  }
}

async function names({ houses, person, check }) {
  // Names and forms of the house itself: an administrator who was tricked, or is none.
  const house = houses.sample;
  const admin = await watched(person, { size: DESK });
  const { page } = admin;
  await admin.signIn(house, house.people('administrator')[0]);
  // Too long is a mistake, and what was typed comes back whole.
  for (const text of pieces(900, ' ')) {
    await admin.to(`${house.origin}/desk/people/add`);
    await page.fill('#name', text);
    await page.fill('#sign_in', text);
    await admin.press('.slim-form form button');
    await unharmed(admin, [text], check, 'the form for a colleague');
    await admin.to(`${house.origin}/desk/people/of/${encodeURIComponent(text.slice(0, 400))}`);
    await unharmed(admin, [], check, 'a person who is none');
  }
  // Some are really added: each costs a password's worth of work.
  const real = pieces(95, ' ').filter((_, n) => n % 20 === 0);
  for (const [n, text] of real.entries()) {
    await admin.to(`${house.origin}/desk/people/add`);
    await page.fill('#name', text);
    await page.fill('#sign_in', `mal${n}`);
    await page.selectOption('#role', 'officer');
    await page.selectOption('#unit', { index: 1 });
    await page.fill('#own', 'xem-thu-songhan');
    await admin.press('.slim-form form button');
    await unharmed(admin, [], check, 'the one-time password');
    await admin.to(`${house.origin}/desk/people/of/mal${n}`);
    await unharmed(admin, [text], check, "a colleague's page");
  }
  await admin.to(`${house.origin}/desk/people`);
  await unharmed(admin, real, check, 'the list of people');
  const vinh = await watched(person, { size: DESK });
  await vinh.signIn(house, house.people('auditor')[0]);
  for (const text of pieces(1500, ' ')) {
    await vinh.to(`${house.origin}/desk/looks?case=${encodeURIComponent(text)}`);
    await unharmed(vinh, [], check, 'the log of looks');
  }
}

export const parts = { 'in what is kept': stored, 'in what comes back': reflected, 'in names': names };
