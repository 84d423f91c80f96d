// A browser and the people who use it. A person is a browser context of her own with one page, which is reused for all she does.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { PASSWORD } from './house.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

export const PHONE = { width: 375, height: 740 };
export const SMALL = { width: 320, height: 640 };
export const DESK = { width: 1440, height: 900 };

export async function open() {
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return {
    close: () => chrome.close(),
    async person({ size = PHONE, script = true, lang = 'vi-VN', touch = false, ...more } = {}) {
      const context = await chrome.newContext({ viewport: size, javaScriptEnabled: script, locale: lang, hasTouch: touch, serviceWorkers: 'block', ...more });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      return new Person(context, page);
    },
  };
}

export class Person {
  constructor(context, page) {
    this.context = context;
    this.heard = [];
    this.adopt(page);
  }

  /** Listens to what a page complains about: dialogs, errors, broken promises of the content policy. */
  adopt(page) {
    this.page = page;
    page.on('dialog', (dialog) => { this.heard.push(`dialog: ${dialog.message()}`); dialog.dismiss().catch(() => {}); });
    page.on('pageerror', (error) => this.heard.push(`script error: ${error.message}`));
    page.on('console', (line) => {
      if (line.type() !== 'error' && !/Content.Security.Policy/i.test(line.text())) return;
      // Forms answered with their mistakes and refusals are pages too: the browser calls their status an error.
      if (/Failed to load resource.*status of 4\d\d/.test(line.text())) return;
      this.heard.push(`console: ${line.text()}`);
    });
  }

  /** What was heard since the last time. */
  complaints() { return this.heard.splice(0); }

  async to(url) { return this.page.goto(url, { waitUntil: 'load' }); }

  async signIn(house, name) {
    await this.to(`${house.origin}/sign-in`);
    await this.page.fill('input[name=sign_in]', name);
    await this.page.fill('input[name=password]', PASSWORD);
    await Promise.all([this.page.waitForURL(/\/desk/), this.page.click('main form button')]);
  }

  text(selector = 'main') { return this.page.locator(selector).first().innerText(); }

  /** Presses what leads to another page, and waits for it. */
  async press(target, options) {
    const locator = typeof target === 'string' ? this.page.locator(target).first() : target;
    await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), locator.click(options)]);
  }

  /** Pixels by which the page is wider than its window. */
  async tooWide() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  async close() { await this.context.close(); }
}

/** How often a text stands in the queue of an official, or in a view of it. */
export async function inQueue(officer, house, text, view = '') {
  let count = 0;
  let next = `${house.origin}/desk/reports${view && `?view=${view}`}`;
  while (next) {
    await officer.to(next);
    count += (await officer.page.locator('tbody tr').allInnerTexts()).filter((row) => row.includes(text)).length;
    const more = officer.page.locator('nav.pager a[rel=next]');
    next = (await more.count()) ? new URL(await more.getAttribute('href'), house.origin).href : null;
  }
  return count;
}
