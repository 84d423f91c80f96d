// Lan has a telephone of 375 pixels: she reports, keeps her private link, adds a word, and follows by the code.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { photo, look } from '../photo.mjs';

/** A landmark of the pack, and how somebody in a hurry types it. */
function landmark(pack) {
  const text = readFileSync(fileURLToPath(new URL(`../../../../packs/${pack}/places.toml`, import.meta.url)), 'utf8');
  const place = text.split('[[place]]').find((one) => /kind = "(landmark|market)"/.test(one));
  const name = /name = \{ vi = "([^"]+)"/.exec(place)[1];
  return { name, typed: name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase() };
}

export async function chooseCategory(page, { script = true } = {}) {
  const field = page.locator('details.kind').filter({ has: page.locator('input:not([data-urgent]):not([data-contact])') }).first();
  await field.locator('summary').click();
  const tile = field.locator('label.tile').filter({ has: page.locator('input:not([data-urgent]):not([data-contact])') }).first();
  await tile.click();
  if (script) return (await tile.innerText()).trim();
  return (await tile.textContent()).trim();
}

async function reports(pack, { houses, person, check, say }, script) {
  const house = houses[pack];
  const lan = await person({ script });
  const { page } = lan;
  const words = `Nắp cống trước cổng chợ bị vỡ từ tối qua ${pack} ${script ? 'có' : 'không'} kịch bản, xe máy dễ sụp bánh.`;

  await lan.to(`${house.origin}/`);
  await lan.press('main a[href="/report"]');
  check(await page.locator('h1').count() === 1, 'the form has one heading');
  for (const number of ['112', '113', '114', '115']) check(await page.locator(`main a[href="tel:${number}"]`).first().isVisible(), `${number} can be called from the top of the form`);

  const category = await chooseCategory(page, { script });
  await page.fill('#text', words);

  // An address without tone marks, then a tap on the map.
  const place = landmark(pack);
  await page.fill('#address', place.typed);
  const drawn = () => (script ? page.waitForResponse((answer) => answer.request().method() === 'POST') : page.waitForNavigation());
  await Promise.all([drawn(), page.click('button[value=find]')]);
  const suggestion = page.locator('.found button', { hasText: place.name }).first();
  await suggestion.waitFor();
  check(true, `"${place.typed}" finds ${place.name}`);
  await Promise.all([drawn(), suggestion.click()]);
  await page.locator('input[name=point][value]:not([value=""])').waitFor({ state: 'attached' });
  const first = await page.inputValue('input[name=point]');
  const ward = await page.inputValue('#ward');
  check(/^-?\d+\.\d+,\d+\.\d+$/.test(first), `the place sets the point: ${first}`);
  check(ward !== '', 'and a ward is chosen for her to confirm');
  check((await page.inputValue('#text')) === words, 'what she wrote is still there');
  check(await page.locator('input[name=category]:checked').count() === 1, 'and so is the category');
  const map = page.locator('.tap-s input');
  check(await map.isVisible(), 'the map fits the telephone');
  await map.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => { const seen = document.querySelector('.tap-s img'); return seen.complete && seen.naturalWidth > 0; });
  const box = await map.boundingBox();
  await Promise.all([drawn(), map.click({ position: { x: box.width * 0.62, y: box.height * 0.4 } })]);
  await page.waitForFunction((before) => { const point = document.querySelector('input[name=point]'); return point && point.value && point.value !== before; }, first);
  const tapped = await page.inputValue('input[name=point]');
  check(tapped !== first, `a tap on the map moves the point to ${tapped}`);

  // Two photos with their place written into them.
  const shots = [await photo(page, 2600, 1950, 200), await photo(page, 900, 1200, 30)];
  const files = shots.map((buffer, n) => ({ name: `IMG_${n}.jpg`, mimeType: 'image/jpeg', buffer }));
  check(look(shots[0]).hidden.length > 0, 'the photos do carry their place before they are sent');
  await page.setInputFiles('input[type=file]', files);
  if (script) {
    await page.locator('.shot').nth(1).waitFor();
    check(await page.locator('.shot').count() === 2, 'both photos are shown before they are sent');
  }
  await page.fill('#phone', '0905 123 456');
  check(await lan.tooWide() <= 0, 'the filled form does not scroll sideways');
  await lan.press('.send button');

  // Sent: code, holder, due date and why.
  check(new URL(page.url()).pathname.startsWith('/f/'), `sending leads to the private page (${page.url().replace(house.origin, '').slice(0, 3)}…)`);
  const thanks = await lan.text('.thanks');
  const code = (/[A-Z]{2}-\d\d-\d{6}/.exec(thanks) || [''])[0];
  check(code, `she reads her code: ${code}`);
  check(/\d{1,2}\/\d{1,2}\/\d{4}/.test(thanks), 'she reads the due date');
  check(thanks.includes(category), `she reads the category ${category}`);
  check(/ngày|giờ|phút|tháng/.test(await page.locator('.thanks .hint').first().innerText()), 'she reads why that is the due date');
  check(await page.locator('main time').count() > 0, 'times are marked as times');
  const link = page.url().replace(/\?.*/, '');

  // The photos that are served have nothing hidden in them and are bounded.
  const sources = await page.locator('main img').evaluateAll((all) => all.map((one) => one.src));
  check(sources.length === 2, `both photos are on her page (${sources.length})`);
  for (const href of await page.locator('.photos a').evaluateAll((all) => all.map((one) => one.href)).then((all) => [...new Set([...all, ...sources])])) {
    const answer = await lan.context.request.get(href);
    const served = look(await answer.body());
    check(served.jpeg && served.hidden.length === 0, `a served photo carries nothing hidden: ${served.hidden}`);
    check(served.width > 0 && Math.max(served.width, served.height) <= 1600, `a served photo is bounded: ${served.width} × ${served.height}`);
  }

  // The private link opens later, and a word is added.
  await lan.to(link);
  check((await lan.text()).includes(words), 'the private link shows what she wrote');
  const word = 'Sáng nay có thêm một chị ngã xe ở đúng chỗ này.';
  await page.fill('#word', word);
  await lan.press('#add form button');
  check((await lan.text()).includes(word), 'the word she added is there');
  check(await page.locator('[role=status]').first().isVisible(), 'and she is told that it was sent');

  // By code: where it stands, and nothing of what she wrote before somebody looked at it.
  await lan.to(`${house.origin}/r`);
  await page.fill('main input[name=code]', code.toLowerCase());
  await page.locator('main input[name=code]').press('Enter');
  await page.waitForURL(`**/r/${code}`);
  const follow = await page.content();
  check((await lan.text()).includes(code), 'the code leads to the public page');
  check(!follow.includes('Nắp cống trước cổng chợ') && !follow.includes('0905 123') && !follow.includes('905123456'), 'which tells nothing that is not public yet');
  check(/\d{1,2}\/\d{1,2}\/\d{4}/.test(await lan.text()), 'and says the due date');
  await lan.to(`${house.origin}/r?code=PA-99-999999`);
  check((await lan.text()).includes('PA-99-999999') || (await page.inputValue('main input[name=code]')) === 'PA-99-999999', 'a wrong code stays in its field');
  const complaints = lan.complaints();
  check(complaints.length === 0, `nothing was complained about: ${complaints.join(' | ')}`);
  say(`${pack}: ${code}`);
}

/** What she corrects is not complained about any longer, also when she looks for the place in between. */
async function corrects({ houses, person, check }) {
  const house = houses.sample;
  for (const script of [true, false]) {
    const lan = await person({ script });
    const { page } = lan;
    const how = script ? 'with script' : 'without script';
    const wrong = async () => (await page.locator('p.wrong').evaluateAll((all) => all.map((one) => one.id.replace('-error', '')))).join(' ');
    const listed = async () => (await page.locator('#mistakes a').evaluateAll((all) => all.map((one) => one.hash.slice(1)))).join(' ');
    const drawn = async (button) => {
      if (!script) return lan.press(button);
      const answer = page.waitForResponse((one) => one.request().method() === 'POST');
      await page.click(button);
      await answer;
      await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
    };
    await lan.to(`${house.origin}/report`);
    await page.fill('#address', 'Chợ Sao Mai');
    await page.fill('#phone', 'sai');
    await drawn('.send button');
    await page.locator('#mistakes').waitFor();
    const before = await wrong();
    check(before === await listed() && /text/.test(before) && /phone/.test(before), `${how}: each mistake stands beside its field and in the list: ${before}`);
    await page.fill('#text', 'Nắp cống trước cổng chợ đã mất, đêm tối rất nguy hiểm.');
    await page.fill('#phone', '0905 123 456');
    await drawn('button[value=find]');
    await page.locator('.found').waitFor();
    const after = await wrong();
    check(!/text|phone/.test(after), `${how}: what was corrected is not complained about: ${after}`);
    check(after === await listed(), `${how}: the list says what the fields say: ${await listed()}`);
    const count = after ? after.split(' ').length : 0;
    if (count) check((await page.locator('#mistakes h2').innerText()).includes(` ${count} `), `${how}: and how many are left`);
    check(await page.locator('#text[aria-invalid], #phone[aria-invalid], [aria-describedby~=text-error]').count() === 0, `${how}: and no field says that it is wrong`);
    const complaints = lan.complaints();
    check(complaints.length === 0, `${how}: nothing was complained about: ${complaints.join(' | ')}`);
  }
}

export const parts = {
  'on a telephone': (world) => reports('sample', world, true),
  'on a telephone in the reference city': (world) => reports('danang', world, true),
  'without script': (world) => reports('sample', world, false),
  'without script in the reference city': (world) => reports('danang', world, false),
  'correcting what was wrong': corrects,
};
