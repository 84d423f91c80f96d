// Minh uses no mouse, and his browser no script: he reports with the keyboard alone, on 320 pixels, with letters twice as large.
import { SMALL } from '../browser.mjs';

/** Presses Tab until the focus stands on what is wanted; the focus must be seen all the way. */
async function reach(page, wanted, check, most = 120) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab');
    const at = page.locator(':focus');
    if (!(await at.count())) continue;
    const found = await at.evaluate((el, selector) => el.matches(selector), wanted);
    const seen = await at.evaluate((el) => {
      const box = (el.matches('.tile input') ? el.closest('.tile') : el.matches('input[type=file]') ? el.parentElement : el).getBoundingClientRect();
      return { inside: box.bottom > 0 && box.top < innerHeight && box.width > 0, name: el.outerHTML.slice(0, 90) };
    });
    if (!seen.inside) check(false, `the focus is out of sight on ${seen.name}`);
    if (found) return true;
  }
  check(false, `the keyboard does not reach ${wanted}`);
  return false;
}

async function reports({ houses, person, check }, script) {
  const house = houses.sample;
  const minh = await person({ script, size: SMALL });
  const { page } = minh;
  const words = `Đèn đường tắt cả đoạn ${script ? 'có' : 'không'} kịch bản, đi bằng bàn phím.`;
  await minh.to(`${house.origin}/report`);
  await page.keyboard.press('Tab');
  check(await page.locator('a.skip:focus').count() === 1, 'the first stop leads past the head of the page');
  await page.keyboard.press('Enter');
  await reach(page, 'details.kind > summary', check);
  await page.keyboard.press('Enter');
  await reach(page, '.tile input', check);
  await page.keyboard.press('Space');
  check(await page.locator('input[name=category]:checked').count() === 1, 'a category is chosen by the space bar');
  await reach(page, '#text', check);
  await page.keyboard.type(words);
  await reach(page, '#address', check);
  await page.keyboard.type('12 Lê Lợi');
  await reach(page, '#ward', check);
  await page.keyboard.press('ArrowDown');
  await reach(page, '.send button', check);
  await Promise.all([page.waitForURL('**/f/**'), page.keyboard.press('Enter')]);
  check((await minh.text('.thanks')).match(/[A-Z]{2}-\d\d-\d{6}/), 'he has his code');
  await reach(page, '#word', check);
  await page.keyboard.type('Đoạn này dài chừng hai trăm mét.');
  await reach(page, '#add button', check);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  check((await minh.text()).includes('hai trăm mét'), 'and his word is added');
  check(await minh.tooWide() <= 0, 'nothing scrolls sideways on 320 pixels');
  const complaints = minh.complaints();
  check(complaints.length === 0, `nothing was complained about: ${complaints.join(' | ')}`);
}

async function mistakes({ houses, person, check }) {
  for (const script of [true, false]) {
    const house = houses.sample;
    const minh = await person({ script, size: SMALL });
    const { page } = minh;
    await minh.to(`${house.origin}/report`);
    await page.fill('#phone', 'không có');
    await page.fill('#address', 'Chợ');
    if (script) { await page.click('.send button'); await page.locator('#mistakes').waitFor(); } else await minh.press('.send button');
    const links = await page.locator('#mistakes a').all();
    check(links.length >= 3, `the summary names each mistake (${links.length})`);
    for (const link of links) {
      const id = (await link.getAttribute('href')).slice(1);
      check(await page.locator(`[id="${id}"]`).count() === 1, `a mistake leads to ${id}`);
    }
    check((await page.inputValue('#phone')) === 'không có' && (await page.inputValue('#address')) === 'Chợ', 'what he typed is still there');
    check(/^Lỗi|chỗ cần sửa|cần sửa/i.test(await page.title()) || (await page.title()).includes('('), `the title says so: ${await page.title()}`);
    if (script) check(await page.evaluate(() => document.activeElement && document.activeElement.id) === 'mistakes', 'the summary has the focus');
  }
}

async function large({ houses, person, check }) {
  const house = houses.danang;
  const minh = await person({ size: { width: 375, height: 740 } });
  for (const path of ['/', '/report', '/reports', '/r', '/sign-in', '/privacy']) {
    await minh.to(house.origin + path);
    await minh.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    check(await minh.tooWide() <= 0, `${path} with letters twice as large does not scroll sideways (${await minh.tooWide()} px)`);
    const cut = await minh.page.evaluate(() => Array.from(document.querySelectorAll('main h1, main h2, main p, main label, main a, main button, main summary, header a')).filter((el) => {
      const box = el.getBoundingClientRect();
      return box.width > 0 && !el.closest('.vh') && !el.matches('.vh, .skip') && (box.right > innerWidth + 1 || box.left < -1);
    }).map((el) => el.outerHTML.slice(0, 80)));
    check(cut.length === 0, `${path}: nothing is cut off: ${cut.slice(0, 3)}`);
  }
}

export const parts = {
  'without script': (world) => reports(world, false),
  'with script': (world) => reports(world, true),
  'with mistakes': mistakes,
  'with large letters': large,
};
