// A report's way through the house: the dispatcher forwards, another body drafts, previews, leaves a photo out, publishes; Lan reads it.
import { DESK, PHONE, inQueue } from '../browser.mjs';
import { chooseCategory } from './resident.mjs';
import { photo } from '../photo.mjs';

async function wholeWay({ houses, person, check, say }) {
  const house = houses.sample;
  const mark = `Bồn hoa quảng trường số ${process.pid}`;
  const words = `${mark} bị xe tải húc đổ, gạch vụn chắn lối đi bộ. Gọi chú Bảy 0905 000 111.`;
  const lan = await person();
  await lan.to(`${house.origin}/report`);
  await chooseCategory(lan.page);
  await lan.page.fill('#text', words);
  await lan.page.fill('#address', '3 Lê Lợi');
  await lan.page.selectOption('#ward', { index: 1 });
  await lan.page.setInputFiles('input[type=file]', await Promise.all([10, 200].map(async (hue, n) => ({ name: `${n}.jpg`, mimeType: 'image/jpeg', buffer: await photo(lan.page, 800, 600, hue) }))));
  await lan.page.locator('.shot').nth(1).waitFor();
  await lan.page.fill('#email', 'lan@vidu.vn');
  await lan.press('.send button');
  const link = lan.page.url().replace(/\?.*/, '');
  const code = /[A-Z]{2}-\d\d-\d{6}/.exec(await lan.text('.thanks'))[0];

  // The dispatcher.
  const hoa = await person({ size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  await hoa.to(`${house.origin}/desk/reports`);
  check(await hoa.page.locator('main table tbody tr').count() > 0, 'the queue holds open reports');
  check(await inQueue(hoa, house, code) === 1, `${code} is in it`);
  check(await inQueue(hoa, house, code, 'untaken') === 1, 'and among what nobody took');
  check(await inQueue(hoa, house, code, 'overdue') === 0 && await inQueue(hoa, house, code, 'mine') === 0, 'but neither overdue nor hers');
  await hoa.page.fill('#search', ` ${code.toLowerCase().replace(/-/g, '')} `);
  await Promise.all([hoa.page.waitForURL(`**/desk/reports/${code}`), hoa.page.press('#search', 'Enter')]);
  check((await hoa.text()).includes(words), 'her words can be read on the work page');
  check(await hoa.page.locator('main img').count() === 2, 'and her photos seen');
  check(!(await hoa.page.content()).includes('lan@vidu.vn'), 'but not her address');
  const forward = hoa.page.locator('details.act').filter({ has: hoa.page.locator('#unit') });
  await forward.locator('summary').click();
  // A due day in the past is refused, and what was typed stays.
  await hoa.page.selectOption('#unit', 'drainage-company');
  await hoa.page.fill('#due', '01/01/2020');
  await hoa.page.fill('#note', 'Nhờ công ty dọn gạch trước giờ tan trường.');
  await hoa.press(forward.locator('button'));
  check(await hoa.page.locator('#mistakes').isVisible(), 'a due day in the past is refused');
  check((await hoa.page.inputValue('#due')) === '01/01/2020' && (await hoa.page.inputValue('#note')).startsWith('Nhờ công ty') && (await hoa.page.inputValue('#unit')) === 'drainage-company', 'and what he typed is still there');
  // The day that the term falls on stands in the hint.
  const day = /(\d{1,2}\/\d{1,2}\/\d{4})/.exec(await hoa.text('#due-hint').then((text) => text.replace(/Ví dụ\s+\S+/, '')));
  check(day, 'the hint names the term of the answer');
  await hoa.page.fill('#due', day ? day[1] : '');
  await hoa.press(hoa.page.locator('details.act[open] button'));
  check((await hoa.text()).includes(code), `he is told that ${code} was forwarded`);
  check(await hoa.page.locator('.flash').isVisible(), 'on a strip at the top');

  // The body that got it.
  const ngoc = await person({ size: DESK });
  await ngoc.signIn(house, 'ngoc');
  await ngoc.to(`${house.origin}/desk/reports`);
  await ngoc.press(ngoc.page.locator('main a', { hasText: mark }));
  check((await ngoc.text()).includes('Nhờ công ty dọn gạch'), 'the note is read by whom it was written for');
  check(!(await ngoc.page.content()).includes('lan@vidu.vn'), "the reporter's address is closed");
  await ngoc.page.fill('#answer', 'Xong.');
  await ngoc.page.click('button[name=go][value=save]');
  await ngoc.page.locator('#mistakes').waitFor();
  check((await ngoc.page.inputValue('#answer')) === 'Xong.', 'an answer that is too short is kept, and refused');
  const answer = 'Công ty đã dọn gạch và dựng lại bồn hoa lúc 9 giờ sáng nay. Lối đi bộ đã thông.';
  await ngoc.page.fill('#answer', answer);
  await ngoc.press('button[name=go][value=save]');
  check((await ngoc.page.inputValue('#answer')) === answer, 'the draft is kept');
  check(!(await (await lan.context.request.get(`${house.origin}/r/${code}`)).text()).includes('dựng lại bồn hoa'), 'and is not public');
  await ngoc.press('button[name=go][value=publish]');
  check(ngoc.page.url().endsWith(`/${code}/publish`), 'then she sees what becomes public');
  check((await ngoc.page.content()).includes('dựng lại bồn hoa'), 'the answer');
  const ticks = ngoc.page.locator('input[name=photo]');
  check(await ticks.count() === 2, 'each photo has its own tick');
  for (const tick of await ticks.all()) await tick.check();
  await ticks.nth(1).uncheck();
  await ngoc.page.fill('#text', words.replace(/ Gọi chú Bảy.*/, ''));
  await ngoc.press('main form button');
  check(await ngoc.page.locator('.flash').isVisible(), 'published');

  // Lan, and everybody.
  await lan.to(link);
  check((await lan.text()).includes(answer), 'Lan reads the answer on her page');
  check(await lan.page.locator('.photos img').count() === 2, 'where both photos still are');
  await lan.to(`${house.origin}/r/${code}`);
  const open = await lan.page.content();
  check(open.includes('dựng lại bồn hoa') && open.includes('gạch vụn'), 'everybody reads words and answer');
  for (const out of ['0905 000 111', 'chú Bảy', 'lan@vidu.vn']) check(!open.includes(out), `and not ${out}, which was left out`);
  check(await lan.page.locator('.photos img').count() === 1, 'one photo');
  const source = await lan.page.locator('.photos img').getAttribute('src');
  check((await lan.context.request.get(new URL(source, house.origin).href)).ok(), 'which can be seen');
  const other = (await ngoc.page.content()) && (await lan.context.request.get(link).then((answer) => answer.text())).match(/photo\/([^"/?]+)/g).map((one) => one.slice(6)).find((hash) => !source.includes(hash));
  check(other && (await lan.context.request.get(`${house.origin}/r/${code}/photo/${other}`)).status() === 404, 'the other photo cannot, not even by its address');

  // List and search.
  for (const asked of ['bồn hoa quảng trường', 'bon hoa quang truong', 'BON HOA']) {
    await lan.to(`${house.origin}/reports?q=${encodeURIComponent(asked)}`);
    check((await lan.text()).includes(mark), `"${asked}" finds it`);
    check((await lan.page.inputValue('input[name=q]')) === asked, 'and stays in its field');
  }
  await lan.to(`${house.origin}/reports?q=khongcogiohet`);
  check(!(await lan.text()).includes(mark), 'another word does not');
  await lan.to(`${house.origin}/reports`);
  check((await lan.text()).includes(mark), 'it stands in the list');
  const select = lan.page.locator('select[name=state]');
  await select.selectOption({ index: 1 });
  await lan.press('main form button[type=submit]');
  check(/state=/.test(lan.page.url()), 'the list is filtered without script of its own');
  await lan.to(`${house.origin}/`);
  check((await lan.text()).includes(mark), 'and on the front page');

  // The message, the log of looks, the pages of the house.
  await hoa.to(`${house.origin}/desk/outbox`);
  const outbox = await hoa.text();
  check(outbox.includes('lan@vidu.vn') && outbox.includes(code), 'the outbox shows the message to Lan');
  check((outbox.match(new RegExp(code, 'g')) || []).length >= 2, 'when it was received and when it was answered');
  await ngoc.to(`${house.origin}/desk/reports/${code}`);
  check((await ngoc.text()).includes(answer), 'a closed report can still be read by its officials');
  say(`${code} went its whole way`);
  for (const [who, one] of [['Lan', lan], ['Hoa', hoa], ['Ngọc', ngoc]]) {
    const complaints = one.complaints();
    check(complaints.length === 0, `${who} sees no complaint: ${complaints.join(' | ')}`);
  }
}

async function onAPhone({ houses, person, check }) {
  const house = houses.danang;
  for (const script of [true, false]) {
    const ha = await person({ size: PHONE, touch: true, script });
    await ha.signIn(house, house.people('dispatcher')[0]);
    await ha.to(`${house.origin}/desk/reports`);
    check(await ha.tooWide() <= 0, 'the queue is as wide as the telephone');
    const low = await ha.page.evaluate(() => {
      // A card is tapped anywhere: its link lies over all of it.
      const size = (one) => (one.matches('.row-title') ? one.closest('tr') : one).getBoundingClientRect();
      return [...document.querySelectorAll('main a, main button, main select, main input:not([type=hidden])')].filter((one) => one.getClientRects().length && size(one).height < 44).map((one) => one.outerHTML.slice(0, 90));
    });
    check(low.length === 0, `all that is tapped is 44 pixels high: ${low.slice(0, 3).join(' | ')}`);
    const cards = ha.page.locator('main tbody tr');
    check(await cards.count() === 25, 'a page of cards');
    check(/Còn|Quá hạn/.test(await cards.first().innerText()), 'which say what is left in words');
    const code = /[A-Z]{2}-\d\d-\d{6}/.exec(await cards.first().innerText())[0];
    const box = await cards.first().boundingBox();
    await Promise.all([ha.page.waitForURL(`**/desk/reports/${code}`), ha.page.touchscreen.tap(box.x + box.width - 12, box.y + box.height - 12)]);
    await ha.to(`${house.origin}/desk/reports`);
    await ha.page.selectOption('#filter-field', { index: 1 });
    await ha.press('.filters button');
    check(/field=/.test(ha.page.url()), 'the queue is narrowed to a field');
    await ha.press(ha.page.locator('.tabs a', { hasText: 'Chưa nhận' }));
    check(/view=untaken/.test(ha.page.url()) && /field=/.test(ha.page.url()), 'and a view keeps that');
    await ha.to(`${house.origin}/desk/reports?view=untaken`);
    const untaken = await ha.page.locator('main tbody tr').allInnerTexts();
    check(untaken.length > 0 && untaken.every((row) => row.includes('Chưa ai nhận')), 'what nobody took stands together');
    await ha.to(`${house.origin}/desk/reports?code=PA-26-999999`);
    check((await ha.text()).includes('không có phản ánh nào mang mã này'), 'a code that is not there is said so');
  }
}

async function beside({ houses, person, check }) {
  const house = houses.danang;
  for (const script of [true, false]) {
    const ha = await person({ size: DESK, script });
    const { page } = ha;
    await ha.signIn(house, house.people('dispatcher')[0]);
    await ha.to(`${house.origin}/desk/reports`);
    const rows = page.locator('main tbody tr');
    const codeOf = async (n) => /[A-Z]{2}-\d\d-\d{6}/.exec(await rows.nth(n).innerText())[0];
    const counts = await page.locator('.tabs a').allInnerTexts();
    check(counts.length === 5 && counts.every((one) => /\d/.test(one)), `each view says how many it has: ${counts}`);
    check(await page.locator('.glance').count() === 0, 'nothing is looked at unasked');
    const first = await codeOf(0);
    if (script) {
      let loads = 0;
      page.on('load', () => { loads += 1; });
      const shown = (code) => page.locator(`.glance[data-code="${code}"]:not([aria-busy])`).waitFor();
      const box = await rows.nth(0).boundingBox();
      await page.mouse.click(box.x + box.width * 0.75, box.y + 12);
      await shown(first);
      check(page.url().endsWith(`see=${first}`), 'a tap on a row shows its report, and the address says so');
      await page.keyboard.press('j');
      await shown(await codeOf(1));
      await page.keyboard.press('ArrowDown');
      await shown(await codeOf(2));
      await page.keyboard.press('k');
      await shown(await codeOf(1));
      check(await page.evaluate(() => document.activeElement.matches('tr.chosen a.see')), 'the focus goes along');
      check(await page.locator('tr[aria-current=true]').count() === 1, 'one row is chosen');
      check((await page.locator('[data-beside] [role=status]').innerText()).startsWith(await codeOf(1)), 'and said aloud');
      const before = page.url();
      await page.fill('#search', 'jk');
      await page.press('#search', 'j');
      check(page.url() === before && (await page.inputValue('#search')) === 'jkj', 'a letter in a field is a letter');
      await rows.nth(1).locator('a.see').focus();
      await page.keyboard.press('Escape');
      check(await page.locator('.glance').count() === 0 && !/see=/.test(page.url()), 'Escape gives the list its room back');
      check(loads === 0, 'all of it on one page');
      await page.route('**/desk/reports?see=*', (route) => (route.request().resourceType() === 'fetch' ? route.abort() : route.continue()));
      await Promise.all([page.waitForNavigation(), rows.nth(2).locator('a.see').click()]);
      check(await page.locator('.glance').count() === 1, 'when the line fails, the link leads there');
      await page.unroute('**/desk/reports?see=*');
    } else {
      await ha.press(rows.nth(0).locator('a.see'));
      check(await page.locator(`.glance[data-code="${first}"]`).isVisible(), 'a link in the row shows its report without script');
      await ha.press('.glance-close');
      check(await page.locator('.glance').count() === 0, 'and another closes it');
      await ha.press(rows.nth(0).locator('a.see'));
    }
    const torn = await page.locator('main tbody .num').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.parentElement.clientWidth).length);
    check(torn === 0, 'no code runs into its neighbour');
    for (const width of [1440, 1280, 1024, 375]) {
      await page.setViewportSize({ width, height: 900 });
      check(await ha.tooWide() <= 0, `nothing scrolls sideways at ${width} px`);
      check(await page.locator('.glance').isVisible() === width >= 1280, `at ${width} px the report stands ${width >= 1280 ? 'beside the list' : 'on its own page only'}`);
    }
    const complaints = ha.complaints();
    check(complaints.length === 0 || script, `nothing was complained about: ${complaints.join(' | ')}`);
    await page.setViewportSize(DESK);
    await ha.press('.glance-acts a.btn');
    check(/\/desk\/reports\/[A-Z]{2}-/.test(page.url()), 'and opens it whole');
  }
}

async function contact({ houses, person, check }) {
  const house = houses.sample;
  const { code } = await house.report('Một con chó lớn chạy rông ở công viên, trẻ em sợ.', { contact: { phone: '0905 222 333', name: 'Nguyễn Thị Sen' } });
  const hoa = await person({ size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  await hoa.to(`${house.origin}/desk/reports/${code}`);
  check(!(await hoa.page.content()).includes('Nguyễn Thị Sen'), 'the contact is closed');
  await hoa.press('form[action$="/contact"] button');
  check(await hoa.page.locator('#mistakes').isVisible(), 'it is not opened without a purpose');
  await hoa.page.fill('#purpose', 'hỏi thêm về con chó');
  await hoa.press('form[action$="/contact"] button');
  check((await hoa.text('aside.case')).includes('Nguyễn Thị Sen'), `with a purpose it is: ${await hoa.text('aside.case')}`);
  const vinh = await person({ size: DESK });
  await vinh.signIn(house, house.people('auditor')[0]);
  await vinh.to(`${house.origin}/desk/looks`);
  check((await vinh.text()).includes(code), 'and the auditor reads who looked');
  check(!(await vinh.page.content()).includes('Nguyễn Thị Sen'), 'but not what she saw');
}

async function everybody({ houses, person, check }) {
  const house = houses.sample;
  for (const role of ['dispatcher', 'officer', 'head', 'call-agent', 'auditor', 'administrator']) {
    const one = await person({ size: DESK });
    await one.signIn(house, house.people(role)[0]);
    const places = await one.page.locator('.rail-nav a').evaluateAll((all) => all.map((a) => a.href));
    check(places.length > 0, `${role} has somewhere to go`);
    for (const place of places) {
      const answer = await one.to(place);
      check(answer.ok(), `${role} opens ${new URL(place).pathname} (${answer.status()})`);
      check(await one.page.locator('h1').count() === 1, `which has one heading`);
    }
    await one.press('.me form button');
    check(!(await one.page.content()).includes('/sign-out'), `${role} signs out`);
    check((await one.to(`${house.origin}/desk/me`)).status() !== 200 || one.page.url().includes('/sign-in'), 'and is out');
  }
}

async function newColleague({ houses, person, check }) {
  const house = houses.sample;
  const admin = await person({ size: DESK });
  const { page } = admin;
  await admin.signIn(house, house.people('administrator')[0]);
  await admin.to(`${house.origin}/desk/people/add`);
  await page.fill('#name', 'Trịnh Thị Bưởi');
  await page.fill('#sign_in', `buoi${process.pid}`);
  await page.selectOption('#role', 'officer');
  await page.selectOption('#unit', 'drainage-company').catch(() => page.selectOption('#unit', { index: 1 }));
  await page.fill('#own', 'xem-thu-songhan');
  await admin.press('.slim-form form button');
  const once = (await admin.text('.plate')).trim();
  check(once.length >= 12, 'a one-time password is shown');
  const buoi = await person({ size: DESK });
  await buoi.to(`${house.origin}/sign-in`);
  await buoi.page.fill('input[name=sign_in]', `buoi${process.pid}`);
  await buoi.page.fill('input[name=password]', once);
  await buoi.press('main form button');
  check(buoi.page.url().includes('/password'), 'it leads to a password of her own, and nowhere else');
  await buoi.page.fill('#old', once);
  await buoi.page.fill('#new', 'mot-cau-de-nho-2026');
  await buoi.page.fill('#again', 'mot-cau-de-nho-2026');
  await buoi.press('main form button');
  const answer = await buoi.to(`${house.origin}/desk/reports`);
  check(answer.ok() && buoi.page.url().endsWith('/desk/reports'), 'then she works');
}

export const parts = {
  'the whole way of a report': wholeWay,
  'the queue on a telephone': onAPhone,
  'a report beside the queue': beside,
  'a look at a contact': contact,
  'everybody opens what is hers': everybody,
  'a new colleague': newColleague,
};
