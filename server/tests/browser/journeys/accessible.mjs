// Everybody can use every page: axe finds nothing, light and dark, on 320, 375 and 1440 pixels; nothing scrolls sideways; no page
// breaks a promise of the content policy. Every page door of the door table must have an address below, or this fails.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { DESK, SMALL } from '../browser.mjs';
import { doors } from '../house.mjs';

export const weight = 9;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** An address for each page door: `who` is a role, or nobody. More than one address where a page has more than one face. */
const PAGES = {
  '/': [{ at: '/' }, { at: '/?lang=en', name: 'front page, English' }],
  '/accessibility': [{ at: '/accessibility' }],
  '/privacy': [{ at: '/privacy' }],
  '/preferences': [],
  '/report': [{ at: '/report' }, { at: '/report?lang=en', name: 'form, English' }, { at: '/report', name: 'form, everything open', then: openAll }, { at: '/report', name: 'form with mistakes', then: (page) => send(page, '.send button') }, { at: '/report', name: 'form with a place', then: findPlace }],
  '/reports': [{ at: '/reports' }, { at: '/reports?q=khongcogiohet', name: 'list with nothing in it' }, { at: '/reports?lang=en', name: 'list, English' }],
  '/r': [{ at: '/r' }, { at: '/r?code=PA-99-999999', name: 'a code that is none' }],
  '/r/{code}': [{ at: '/r/{published}' }, { at: '/r/{fresh}', name: 'before anybody looked' }],
  '/f/{token}': [{ at: '{link}' }, { at: '{link}?new', name: 'just sent' }, { at: '{link}', name: 'with a mistake', then: (page) => send(page, '#add button') }],
  '/samples': [{ at: '/samples' }, { at: '/samples?frame=desk', name: 'samples on the desk' }],
  '/sign-in': [{ at: '/sign-in' }, { at: '/sign-in', name: 'with a mistake', then: (page) => send(page, 'main form button') }],
  '/desk': [{ at: '/desk', who: 'dispatcher' }, { at: '/desk', who: 'administrator' }],
  '/desk/house': [{ at: '/desk/house', who: 'administrator' }],
  '/desk/looks': [{ at: '/desk/looks', who: 'auditor' }],
  '/desk/me': [{ at: '/desk/me', who: 'officer' }],
  '/desk/me/password': [{ at: '/desk/me/password', who: 'officer' }],
  '/desk/outbox': [{ at: '/desk/outbox', who: 'dispatcher' }],
  '/desk/pack': [{ at: '/desk/pack', who: 'administrator' }],
  '/desk/people': [{ at: '/desk/people', who: 'administrator' }],
  '/desk/people/add': [{ at: '/desk/people/add', who: 'administrator' }, { at: '/desk/people/add', name: 'with mistakes', who: 'administrator', then: (page) => send(page, 'main form button') }],
  '/desk/people/of/{sign_in}': [{ at: '/desk/people/of/{colleague}', who: 'administrator' }],
  '/desk/reports': [{ at: '/desk/reports', who: 'dispatcher' }, { at: '/desk/reports?lang=en', name: 'queue, English', who: 'dispatcher' }, { at: '/desk/reports?see={fresh}', name: 'a report beside the queue', who: 'dispatcher' }],
  '/desk/reports/{code}': [{ at: '/desk/reports/{fresh}', who: 'dispatcher' }, { at: '/desk/reports/{fresh}', name: 'work page, everything open', who: 'dispatcher', then: openAll }, { at: '/desk/reports/{published}', name: 'a closed report', who: 'dispatcher' }],
  '/desk/reports/{code}/publish': [{ at: '/desk/reports/{drafted}/publish', who: 'dispatcher' }],
  'none': [{ at: '/no-such-page', name: 'a page that is not there' }, { at: '/desk/reports/PA-99-999999', name: 'a report that is not there', who: 'dispatcher' }],
};

async function send(page, button) {
  const target = page.locator(button).first();
  // With script the same page is drawn in place.
  const drawn = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await target.click();
  await drawn;
  await page.locator('#mistakes').waitFor();
}
async function openAll(page) {
  await page.evaluate(() => document.querySelectorAll('main details').forEach((one) => { one.open = true; }));
}
async function findPlace(page) {
  await page.fill('#address', 'cho');
  const drawn = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.click('button[value=find]');
  await drawn;
  await page.locator('.found, [role=status]').first().waitFor();
}

/** What the addresses need: a report in each state, and a colleague. */
async function stage(house, person) {
  const { code: fresh, follow } = await house.report('Vỉa hè bị lấn chiếm hết chỗ đi bộ, xe máy đậu kín.', { address: '12 Lê Lợi', contact: { phone: '0905 222 333' } });
  const { code: drafted } = await house.report('Đèn tín hiệu ở ngã tư nhấp nháy vàng suốt ngày.', { contact: { email: 'minh@vidu.vn' } });
  const hoa = await person({ size: DESK });
  await hoa.signIn(house, house.people('dispatcher')[0]);
  await hoa.to(`${house.origin}/desk/reports/${drafted}`);
  await hoa.page.fill('#answer', 'Đội kỹ thuật đã thay bộ điều khiển, đèn chạy bình thường từ chiều nay.');
  await hoa.press('button[name=go][value=save]');
  const list = await (await fetch(`${house.origin}/reports`)).text();
  const published = /href="\/r\/([A-Z0-9-]+)"/.exec(list)[1];
  return { fresh, drafted, published, link: follow, colleague: house.people('officer')[0] };
}

/** One page on all widths and in both lights. The first look waits for fonts, the others only for the next frame. */
async function look(someone, what, check) {
  const { page } = someone;
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const width of [320, 375, 1440]) {
      await page.setViewportSize({ width, height: width > 500 ? 900 : 740 });
      await frames();
      const found = await page.evaluate(async (tags) => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values: tags } });
        return violations.map((one) => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 120)} ${one.nodes[0].failureSummary.replace(/\s+/g, ' ').slice(0, 160)}`);
      }, RULES);
      check(found.length === 0, `${what}, ${theme}, ${width} px: ${found.join('\n      ')}`);
      if (theme === 'light') { const wide = await someone.tooWide(); check(wide <= 0, `${what}, ${width} px: scrolls sideways by ${wide} px`); }
    }
  }
  const complaints = someone.complaints();
  check(complaints.length === 0, `${what}: ${complaints.join(' | ')}`);
  const broken = await page.evaluate(() => window.brokenPromises || []);
  check(broken.length === 0, `${what}: the content policy was broken: ${broken}`);
}

async function walk(house, { person, check, say }, which) {
  const staged = await stage(house, person);
  const people = {};
  const as = async (role) => {
    if (people[role]) return people[role];
    const one = await person({ size: SMALL });
    await one.context.addInitScript(() => {
      window.brokenPromises = [];
      document.addEventListener('securitypolicyviolation', (e) => window.brokenPromises.push(`${e.violatedDirective} ${e.blockedURI}`));
    });
    if (role !== 'nobody') await one.signIn(house, house.people(role)[0]);
    people[role] = one;
    return one;
  };
  let seen = 0;
  for (const [door, faces] of Object.entries(PAGES)) {
    for (const face of faces) {
      if (!which(door, face)) continue;
      const one = await as(face.who || 'nobody');
      const at = face.at.replace(/\{(\w+)\}/g, (_, name) => staged[name]);
      await one.page.setViewportSize({ width: 375, height: 740 });
      await one.to(house.origin + at);
      if (face.then) await face.then(one.page);
      await one.page.waitForLoadState('load');
      // The tool speaks to the page past its content policy, which stays as it is.
      await one.page.evaluate(axe);
      await one.page.evaluate(() => document.fonts.ready);
      await look(one, `packs/${house.pack} ${face.name || door}${face.who ? ` as ${face.who}` : ''}`, check);
      if (/lang=en/.test(at)) await one.context.clearCookies({ name: 'lang' });
      seen += 1;
    }
  }
  say(`${seen} pages of packs/${house.pack}`);
}

async function everyDoor({ check }) {
  const pages = doors().filter((door) => door.method === 'GET' && door.kind === 'page');
  check(pages.length >= 20, `the door table has pages (${pages.length})`);
  for (const { path } of pages) check(PAGES[path], `${path} has no address in accessible.mjs`);
  for (const path of Object.keys(PAGES)) check(path === 'none' || pages.some((page) => page.path === path), `${path} is no page any more`);
}

const desk = (door) => door.startsWith('/desk');
export const parts = {
  'no page is left out': everyDoor,
  'the pages of residents': (world) => walk(world.houses.sample, world, (door) => !desk(door)),
  'the pages of officials': (world) => walk(world.houses.sample, world, desk),
  'the reference city': (world) => walk(world.houses.danang, world, (door, face) => ['/', '/report', '/reports', '/r/{code}', '/desk/reports', '/desk/reports/{code}', '/desk/pack'].includes(door) && !face.name),
};
