// Takes the pictures of README.md: `node server/tests/browser/pictures.mjs FOLDER`. Reduced to 256 colours they lie in docs/pictures.
import { DESK, PHONE, open } from './browser.mjs';
import { House } from './house.mjs';

const [folder] = process.argv.slice(2);
if (!folder) { console.error('say into which folder the pictures go'); process.exit(2); }
const house = new House('danang');
const browser = await open();
try {
  await house.open();
  const take = async (someone, name, { top = 0, height }) => {
    await someone.page.evaluate(() => document.fonts.ready);
    await someone.page.waitForFunction(() => Array.from(document.images).every((one) => one.complete || !one.offsetParent));
    const { width } = someone.page.viewportSize();
    const whole = await someone.page.evaluate(() => document.documentElement.scrollHeight);
    await someone.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true, clip: { x: 0, y: top, width, height: Math.min(height, whole - top) } });
  };
  // A resident, half way through the form.
  const fill = async (lan) => {
    await lan.to(`${house.origin}/report`);
    const field = lan.page.locator('details.kind').nth(1);
    await field.locator('summary').click();
    await field.locator('label.tile').first().click();
    await lan.page.fill('#text', 'Ba hôm nay chưa ai thu gom, rác tràn xuống lòng đường, mùi rất nặng. Sáng nay xe máy phải tránh ra giữa đường.');
    await lan.page.fill('#address', 'cho han');
    await lan.page.click('button[value=find]');
    await lan.page.locator('.found button').first().click();
    await lan.page.locator('input[name=point][value]:not([value=""])').waitFor({ state: 'attached' });
    await lan.page.locator('.tap').scrollIntoViewIfNeeded();
    await lan.page.waitForTimeout(500);
    await lan.page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await lan.page.mouse.move(2, 2);
  };
  for (const [size, name, height] of [[DESK, 'report-1440', 2460], [PHONE, 'report-375', 1700]]) {
    const lan = await browser.person({ size });
    await fill(lan);
    await take(lan, name, { height });
  }
  const lan = await browser.person({ size: DESK });
  const list = await (await fetch(`${house.origin}/reports`)).text();
  await lan.to(`${house.origin}${/href="(\/r\/[A-Z0-9-]+)"/.exec(list)[1]}`);
  await take(lan, 'follow-1440', { height: 1100 });
  await lan.to(house.origin);
  await take(lan, 'home-1440', { height: 1240 });
  await lan.page.emulateMedia({ colorScheme: 'dark' });
  await lan.to(house.origin);
  await take(lan, 'home-1440-dark', { height: 1240 });
  // An official.
  const { code } = await house.report('Vỉa hè đường Bạch Đằng bị lấn chiếm hết chỗ đi bộ, xe máy đậu kín. Người già và trẻ em phải đi xuống lòng đường.', { category: 'sidewalk', address: '32 Bạch Đằng', lat: 16.0678, long: 108.2245, contact: { phone: '0905 222 333' } });
  const hoa = await browser.person({ size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  await hoa.to(`${house.origin}/desk/reports`);
  // One report is looked at beside the list.
  const second = await hoa.page.locator('a.row-title').nth(1).getAttribute('href');
  await hoa.to(`${house.origin}/desk/reports?see=${second.split('/').pop()}`);
  await take(hoa, 'queue-1440', { height: 1000 });
  await hoa.to(`${house.origin}/desk/reports/${code}`);
  await hoa.page.fill('#answer', 'Đội quy tắc đô thị đã nhắc nhở và kẻ lại vạch dành cho người đi bộ sáng nay. Tuần tới sẽ kiểm tra lại vào giờ cao điểm.');
  await hoa.press('button[name=go][value=save]');
  await hoa.to(`${house.origin}/desk/reports/${code}`);
  await take(hoa, 'work-1440', { height: 1300 });
} finally {
  await browser.close();
  await house.close();
}
