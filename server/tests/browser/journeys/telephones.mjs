// Many residents arrive inside the browsers of Zalo and Facebook on old telephones: no service worker, no window beside this one, no
// download, no place, no storage. And what we send must be words that Chrome 80 knows.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { transform } from 'lightningcss';
import { PHONE } from '../browser.mjs';
import { chooseCategory } from './resident.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const rooms = () => ['capabilities', 'foundation'].flatMap((floor) => readdirSync(join(root, floor)).map((name) => join(floor, name))).filter((room) => existsSync(join(root, room, 'texts/vi.ftl')));

async function insideAnApp({ houses, person, check }) {
  const house = houses.sample;
  const lan = await person({ size: PHONE, permissions: [], acceptDownloads: false, userAgent: 'Mozilla/5.0 (Linux; Android 8.1; SM-J260G) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/80.0.3987.99 Mobile Safari/537.36 Zalo android/12' });
  await lan.context.addInitScript(() => {
    // What such a browser lacks, and what came after Chrome 80.
    delete Navigator.prototype.serviceWorker;
    delete window.indexedDB;
    window.open = () => { throw new Error('no second window here'); };
    Object.defineProperty(window, 'localStorage', { get() { throw new Error('no storage here'); } });
    navigator.geolocation.getCurrentPosition = (_, refused) => setTimeout(() => refused({ code: 1 }), 0);
    for (const [owner, names] of [[String.prototype, ['replaceAll', 'at']], [Array.prototype, ['at', 'findLast', 'toSorted']], [Element.prototype, ['replaceChildren']], [window, ['structuredClone', 'AggregateError', 'WeakRef']], [Object, ['hasOwn', 'groupBy']], [Promise, ['any', 'withResolvers']]]) for (const name of names) delete owner[name];
    Object.defineProperty(SubmitEvent.prototype, 'submitter', { get: () => undefined });
    delete HTMLFormElement.prototype.requestSubmit;
    if (window.crypto) delete Crypto.prototype.randomUUID;
  });
  const { page } = lan;
  await lan.to(`${house.origin}/report`);
  await chooseCategory(page);
  await page.fill('#text', 'Gửi từ trình duyệt bên trong ứng dụng trên máy cũ, đèn đường hỏng.');
  const here = page.locator('[data-here]');
  if (await here.isVisible()) {
    await here.click();
    await page.locator('#where [role=status]').first().waitFor();
    check((await page.locator('#where').innerText()).length > 0 && (await page.inputValue('#text')).startsWith('Gửi từ'), 'a place that is refused costs nothing');
  }
  await page.fill('#address', 'le loi');
  const drawn = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.click('button[value=find]');
  await drawn;
  await page.locator('.found button').first().click();
  await page.locator('input[name=point][value]:not([value=""])').waitFor({ state: 'attached' });
  await lan.press('.send button');
  check(/[A-Z]{2}-\d\d-\d{6}/.test(await lan.text('.thanks')), 'she has her code');
  const complaints = lan.complaints();
  check(complaints.length === 0, `nothing was complained about: ${complaints.join(' | ')}`);
  const html = await (await fetch(`${house.origin}/report`)).text();
  for (const wish of ['serviceWorker', 'rel="manifest"', 'target="_blank"', ' download']) check(!html.includes(wish), `the form asks for no ${wish}`);
}

async function words({ houses, check, say }) {
  const house = houses.sample;
  const files = new Set();
  for (const path of ['/', '/report', '/reports', '/r', '/samples', '/samples?frame=desk', '/sign-in']) {
    const html = await (await fetch(house.origin + path)).text();
    for (const found of html.matchAll(/(?:href|src)="(\/a\/[^"#]+\.(?:css|js))"/g)) files.add(found[1]);
    check(!/\son[a-z]+="|\sstyle="|<style|<script>/.test(html.replace(/<script type="module" src="[^"]+">/g, '')), `${path} has nothing inline`);
  }
  check(files.size >= 6, `styles and scripts are found (${files.size})`);
  for (const path of files) {
    const text = await (await fetch(house.origin + path)).text();
    if (path.endsWith('.js')) {
      let wrong = '';
      try { parse(text, { ecmaVersion: 2020, sourceType: 'module' }); } catch (trouble) { wrong = trouble.message; }
      check(!wrong, `${path} is JavaScript of 2020: ${wrong}`);
      const late = /\.replaceAll\(|\.at\(-|structuredClone|\.replaceChildren\(|Object\.hasOwn|Promise\.any|randomUUID|\?\?=|\|\|=/.exec(text);
      check(!late, `${path} asks for nothing younger: ${late}`);
      check(!/serviceWorker|eval\(|new Function|innerHTML/.test(text), `${path} has no service worker, and writes no markup`);
    } else {
      let wrong = '';
      try { transform({ filename: path, code: Buffer.from(text), errorRecovery: false }); } catch (trouble) { wrong = trouble.message; }
      check(!wrong, `${path} is a style: ${wrong}`);
      // Words that Chrome 80 does not know would take their whole rule with them.
      const late = /@layer|@container|:has\(|:is\(|:where\(|light-dark\(|color-mix\(|oklch\(|\binset:|:not\([^)]*,|@media[^{]*[<>]|\baccent\(|\d[sdl]vh/.exec(text);
      check(!late, `${path} has nothing that Chrome 80 would drop: ${late && text.slice(Math.max(0, late.index - 40), late.index + 40)}`);
      const gaps = [...text.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, , body]) => /display:(inline-)?flex/.test(body) && /(^|;)gap:/.test(body)).map(([, name]) => name);
      check(gaps.length === 0, `${path}: Chrome 80 knows no gap in a flex box: ${gaps.slice(0, 3)}`);
      check(!/url\((?!"?\/a\/)/.test(text.replace(/url\("?data:/g, '')) , `${path} loads from our own house only`);
    }
  }
  say(`${files.size} styles and scripts read`);
}

/** English is whole: no word of Vietnamese is left in what we ourselves say. */
async function english({ houses, person, check }) {
  const house = houses.sample;
  const minh = await person({ size: { width: 1440, height: 900 }, lang: 'en-GB' });
  const { page } = minh;
  // What we say in Vietnamese: every text of every room that has a letter English lacks. Names and what people wrote are not among them.
  const said = rooms().flatMap((room) => readFileSync(join(root, room, 'texts/vi.ftl'), 'utf8').split('\n'))
    .map((line) => (/^\s*(?:[a-z0-9-]+ = |\*?\[[a-z]+\] )(.+)$/.exec(line) || [])[1])
    .filter((text) => text && /[ăâđêôơưạảấầẩậắằẳặẹẻẽềểễệỉịọỏốồổộớờởợụủứừửựỳỵỷỹáàéèíìóòúù]/i.test(text))
    .flatMap((text) => text.split(/\{[^}]*\}/).map((part) => part.trim()).filter((part) => part.length >= 6));
  check(said.length > 300, `there is much that we say (${said.length})`);
  const left = async () => {
    const shown = await page.evaluate(() => {
      const attributes = Array.from(document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [data-label]')).flatMap((el) => ['aria-label', 'title', 'placeholder', 'alt', 'data-label'].map((name) => el.getAttribute(name) || ''));
      return `${document.title}\n${document.body.textContent}\n${attributes.join('\n')}`;
    });
    return said.filter((text) => shown.includes(text));
  };
  for (const path of ['/', '/report', '/reports', '/r', '/sign-in', '/privacy', '/accessibility', '/no-such-page']) {
    await minh.to(house.origin + path);
    check(await page.getAttribute('html', 'lang') === 'en', `${path} says that it is English`);
    const words = await left();
    check(words.length === 0, `${path} has Vietnamese in it: ${words.slice(0, 6).join(' | ')}`);
  }
  await page.goto(`${house.origin}/report`);
  await page.click('.send button');
  await page.locator('#mistakes').waitFor();
  const mistakes = await left();
  check(mistakes.length === 0, `the mistakes have Vietnamese in them: ${mistakes.slice(0, 6).join(' | ')}`);
  const hoa = minh;
  for (const [role, paths] of [['dispatcher', ['/desk', '/desk/reports', '/desk/me', '/desk/outbox']], ['administrator', ['/desk/people', '/desk/people/add', '/desk/pack', '/desk/house']], ['auditor', ['/desk/looks']]]) {
    await hoa.context.clearCookies();
    await hoa.signIn(house, house.people(role)[0]);
    for (const path of paths) {
      await hoa.to(house.origin + path);
      check(await page.getAttribute('html', 'lang') === 'en', `${path} says that it is English`);
      const words = await left();
      // A message to somebody is written in her language.
      check(path === '/desk/outbox' || words.length === 0, `${path} has Vietnamese in it: ${words.slice(0, 6).join(' | ')}`);
    }
  }
  // The wish of the address is stronger than the browser's, and stays when it was asked for on the page.
  await page.goto(`${house.origin}/?lang=vi`);
  check(await page.getAttribute('html', 'lang') === 'vi', '?lang=vi is Vietnamese');
  await page.goto(`${house.origin}/`);
  check(await page.getAttribute('html', 'lang') === 'en', 'for that page only');
  await minh.press('footer a[lang=vi]');
  await page.goto(`${house.origin}/report`);
  check(await page.getAttribute('html', 'lang') === 'vi', 'chosen on the page it stays');
}

export const parts = { 'inside an app': insideAnApp, 'old words only': words, 'in English': english };
