// Lan's bus goes through tunnels: what she typed survives a closed tab, and a send that the network lost arrives by itself, once.
import { chooseCategory } from './resident.mjs';
import { inQueue, DESK } from '../browser.mjs';

let counter = 0;
/** A sentence that no other report has. */
const sentence = (what) => `Việc ${what} số ${process.pid}-${(counter += 1)} cần xem: cây đổ chắn vỉa hè.`;

async function fill(lan, house, words) {
  await lan.to(`${house.origin}/report`);
  await chooseCategory(lan.page);
  await lan.page.fill('#text', words);
  await lan.page.fill('#address', '12 Lê Lợi');
  await lan.page.selectOption('#ward', { index: 1 });
}

/** How many reports the city holds with these words. */
async function filed({ houses, person }, words) {
  const house = houses.sample;
  const hoa = await person({ size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  return inQueue(hoa, house, words.split(' cần')[0]);
}

async function closedTab({ houses, person, check }) {
  const lan = await person();
  const house = houses.sample;
  const words = sentence('giữ lại');
  await fill(lan, house, words);
  await lan.page.locator('[data-draft-note]').waitFor({ state: 'visible' });
  check(true, 'she reads that her words are kept on this telephone');
  await lan.page.close();
  lan.adopt(await lan.context.newPage());
  await lan.to(`${house.origin}/report`);
  check((await lan.page.inputValue('#text')) === words, 'her words are back in a new tab');
  check((await lan.page.inputValue('#address')) === '12 Lê Lợi', 'and the address');
  check(await lan.page.locator('input[name=category]:checked').count() === 1, 'and the category');
  check(await lan.page.locator('input[name=category]:checked').isVisible().catch(() => false) || await lan.page.locator('details[open] input[name=category]:checked').count() === 1, 'whose field is open');
  check(await lan.page.locator('.sending').isVisible(), 'and she is told where they come from');
  check((await lan.page.inputValue('#ward')) !== '', 'the ward is still chosen');
  // Closed within a breath of the last letter.
  await lan.page.fill('#text', `${words} Thêm.`);
  await lan.page.close({ runBeforeUnload: true });
  lan.adopt(await lan.context.newPage());
  await lan.to(`${house.origin}/report`);
  check((await lan.page.inputValue('#text')) === `${words} Thêm.`, 'the last letters survive too');
  await lan.press('.send button');
  check(lan.page.url().includes('/f/'), 'it is sent');
  await lan.to(`${house.origin}/report`);
  check((await lan.page.inputValue('#text')) === '', 'after that nothing is left on the telephone');
  check(await lan.page.evaluate(() => Object.keys(localStorage).length) === 0, 'nothing at all');
  check(await filed({ houses, person }, words) === 1, 'and the city has it once');
  const complaints = lan.complaints();
  check(complaints.length === 0, `nothing was complained about: ${complaints.join(' | ')}`);
}

async function noNetwork({ houses, person, check, say }) {
  const lan = await person();
  const house = houses.sample;
  const words = sentence('mất mạng');
  await fill(lan, house, words);
  await lan.context.setOffline(true);
  await lan.page.click('.send button');
  await lan.page.locator('.sending p', { hasText: /mạng/ }).waitFor();
  check(true, 'without a network she is told that it will be sent later');
  check((await lan.page.inputValue('#text')) === words, 'and her words stay where they are');
  const back = Date.now();
  await lan.context.setOffline(false);
  await lan.page.waitForURL('**/f/**');
  const seconds = (Date.now() - back) / 1000;
  check(seconds <= 10, `back in the network it is sent by itself within ten seconds (${seconds.toFixed(1)} s)`);
  say(`sent ${seconds.toFixed(1)} s after the network came back`);
  check(await filed({ houses, person }, words) === 1, 'and the city has it once');
}

async function lostAnswer({ houses, person, check }) {
  const lan = await person();
  const house = houses.sample;
  const words = sentence('mất tin');
  await fill(lan, house, words);
  // The city hears her, and the network loses what it says: twice.
  let lost = 0;
  await lan.page.route('**/report', async (route) => {
    if (route.request().method() !== 'POST' || lost >= 2) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await lan.page.click('.send button');
  await lan.page.waitForURL('**/f/**', { timeout: 40_000 });
  check(lost === 2, `the answer was lost twice (${lost})`);
  check((await lan.text('.thanks')).match(/[A-Z]{2}-\d\d-\d{6}/), 'in the end she has her code');
  check(await filed({ houses, person }, words) === 1, 'and the city has it once');
}

async function impatient({ houses, person, check }) {
  const house = houses.sample;
  for (const script of [true, false]) {
    const lan = await person({ script });
    const words = sentence(`nhấn hai lần ${script ? 'có' : 'không'} kịch bản`);
    await fill(lan, house, words);
    await Promise.all([lan.page.waitForURL('**/f/**'), lan.page.locator('.send button').dblclick()]);
    await lan.page.waitForLoadState('load');
    const first = lan.page.url().replace(/\?.*/, '');
    check(await filed({ houses, person }, words) === 1, `${script ? 'with' : 'without'} script: pressing twice files once`);
    // Back, and sent again as it stands: the same report, not a second one.
    await lan.page.goBack({ waitUntil: 'load' });
    if ((await lan.page.inputValue('#text')) === words) {
      await lan.press('.send button');
      check(lan.page.url().replace(/\?.*/, '') === first, `${script ? 'with' : 'without'} script: back and sent again leads to the same page`);
    } else check((await lan.page.inputValue('#text')) === '', `${script ? 'with' : 'without'} script: after going back the form is empty`);
    check(await filed({ houses, person }, words) === 1, `${script ? 'with' : 'without'} script: and the city still has it once`);
  }
}

async function photosSurvive({ houses, person, check }) {
  // A send that comes back with a mistake keeps its photos: the server holds them for the next try.
  const { photo } = await import('../photo.mjs');
  const house = houses.sample;
  for (const script of [true, false]) {
    const lan = await person({ script });
    const words = sentence('có ảnh');
    await fill(lan, house, words);
    await lan.page.setInputFiles('input[type=file]', [{ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photo(lan.page, 700, 500, 120) }]);
    await lan.page.fill('#phone', 'sai');
    if (script) { await lan.page.locator('.shot').waitFor(); await lan.page.click('.send button'); await lan.page.locator('#mistakes').waitFor(); } else await lan.press('.send button');
    check((await lan.page.inputValue('#text')) === words, 'a mistake loses no word');
    await lan.page.fill('#phone', '');
    await lan.press('.send button');
    check(await lan.page.locator('main .photos img').count() === 1, `${script ? 'with' : 'without'} script: nor the photo`);
  }
}

export const parts = {
  'through a closed tab': closedTab,
  'through a lost network': noNetwork,
  'through lost answers': lostAnswer,
  'with impatient fingers': impatient,
  'with photos and a mistake': photosSurvive,
};
