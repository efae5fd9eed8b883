// chrome.mjs: Debian's Chromium as the suites use it: pages of a server, what they say, how they look.
// A page is drawn when its answer comes, and a table in <details> a moment after it was opened: so nothing here is read
// once and believed. `says` waits until the text stands, `counts` until the rows do.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { need, ok, skipAll, until } from './town.mjs';

const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
const shots = process.env.MIZO_SHOTS;
let chromium, axe;
try {
  ({ chromium } = need('playwright-core'));
  axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
if (!existsSync(program)) skipAll(`no ${program}`);
if (shots) mkdirSync(shots, { recursive: true });

// A desk's screen in Japanese by day, a phone's in English by night.
export const ways = [[{ width: 1366, height: 768 }, 'light', 'ja-JP'], [{ width: 360, height: 740 }, 'dark', 'en-US']];

const plain = (s) => s.replaceAll('\u00a0', ' ');
export const text = async (page, sel) => plain(await page.locator(sel).first().innerText());
const all = async (page, sel) => plain((await page.locator(sel).allInnerTexts()).join('\n'));
// what: a text, an expression, several of them, or a question about the text.
const stands = (said, what) => (Array.isArray(what) ? what.every((w) => stands(said, w)) : what instanceof RegExp ? what.test(said) : typeof what === 'function' ? what(said) : said.includes(what));
export const says = (page, sel, what, ms) => until(async () => stands(await all(page, sel), what), ms);
export const counts = (where, n, ms) => until(async () => (await where.count()) === n, ms);
export const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click();
export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
export const shot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }); };
// What axe finds serious, a line each.
export async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].failureSummary?.slice(0, 200)}`);
}

export class Chrome {
  problems = [];
  outside = [];
  refusals = 0; // that are meant, on their way
  quiet = false; // while the server is down on purpose

  static async start(server, password = 'four odd words here') {
    const c = new Chrome();
    c.server = server;
    c.password = password;
    c.browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
    return c;
  }
  // more: other options of its context. A page of its own context, whose mistakes and whose requests to the outside are kept.
  async page(o = {}) {
    const context = o.context ?? (await this.browser.newContext({ viewport: o.viewport ?? { width: 1366, height: 768 }, colorScheme: o.theme ?? 'light', locale: o.locale ?? 'en-GB', bypassCSP: true, ...o.more }));
    const page = await context.newPage();
    page.on('pageerror', (e) => this.problems.push(e.message));
    page.on('console', (m) => m.type() === 'error' && !this.quiet && (this.refusals-- > 0 && /status of 4\d\d/.test(m.text()) ? 0 : this.problems.push(`${m.text()} ${m.location().url}`)));
    page.on('request', (r) => !r.url().startsWith(this.server.base) && !r.url().startsWith('data:') && this.outside.push(r.url()));
    page.setDefaultTimeout(10000);
    return page;
  }
  async go(page, hash, ready = 'main .view') {
    const url = `${this.server.base}/${hash}`;
    await page.evaluate(() => document.querySelector('main .view')?.classList.add('left')); // what stood there before is not what is waited for
    await (page.url() === url ? page.reload() : page.goto(url));
    await page.waitForSelector('main .view:not(.left)');
    await page.waitForSelector(ready);
  }
  async open(hash, o = {}) {
    const page = await this.page(o);
    await this.go(page, hash);
    return page;
  }
  // Who comes in by a link makes a password first.
  async person(name, link, o = {}) {
    const page = await this.page(o);
    await this.go(page, `#/link/${link}`, '#link-password');
    await page.fill('#link-password', this.password);
    await page.fill('#link-again', this.password);
    await page.keyboard.press('Enter');
    ok(await says(page, '.account', name), `${name} is in`);
    return page;
  }
  // What is refused n times, no more and no less: the console tells of each, maybe a moment later.
  async refused(act, n = 1) {
    this.refusals = n;
    const result = await act();
    ok(await until(async () => this.refusals === 0), `refused ${n} times`, String(this.refusals));
    this.refusals = 0;
    return result;
  }
  // Clean and within the screen, in both ways; page: of somebody who is logged in, else a fresh one each time.
  async looks(list, page) {
    for (const [viewport, theme, locale] of ways) {
      if (page) {
        await this.go(page, list[0][0], list[0][1]);
        await page.setViewportSize(viewport);
        await page.evaluate(([th, l]) => { localStorage.setItem('mizo-theme', th); localStorage.setItem('mizo-lang', l); }, [theme, locale.slice(0, 2)]);
        await page.reload();
      }
      for (const [hash, ready, name] of list) {
        const p = page ?? (await this.page({ viewport, theme, locale }));
        await this.go(p, hash, ready);
        const found = await serious(p);
        ok(found.length === 0 && (await fits(p)), `clean, and it fits (${name}, ${viewport.width}, ${theme})`, found.join('\n'));
        await shot(p, `${name}-${locale.slice(0, 2)}-${theme}-${viewport.width}`);
        if (!page) await p.context().close();
      }
    }
  }
  // One act after the other; then nothing may have gone wrong beside them.
  async play(...acts) {
    const began = Date.now();
    for (const act of acts) await act().catch((e) => ok(false, act.name || 'no surprise', e.stack));
    ok(this.outside.length === 0, 'nothing is asked of the outside', this.outside.join(' '));
    ok(this.problems.length === 0, 'no error in the console', this.problems.join('\n'));
    console.log(`# ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await this.browser.close();
    await this.server.stop();
  }
}
