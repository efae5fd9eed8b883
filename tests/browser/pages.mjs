// pages.mjs: the pages in Debian's Chromium against the real program. Screenshots go to MIZO_SHOTS.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chrome, counts, fits, says, serious, shot, text } from './chrome.mjs';
import { finish, longPast, mizo, ok, Server, skipAll, sleep, until, village } from './town.mjs';

if (!mizo) skipAll('MIZO_BIN is not set');

// A town without due dates: those would be alarms.
const calm = village();
writeFileSync(join(calm, 'duties.csv'), `${readFileSync(join(calm, 'duties.csv'), 'utf8').split('\n')[0]}\n`);
const server = await new Server(calm, '--clock', 'x1200', '--from', '2023-07-08').start();
const c = await Chrome.start(server);
// The policy of the pages holds here, but where axe is put into one.
const open = (hash, o = {}) => c.open(hash, { locale: 'ja-JP', ...o, more: { bypassCSP: !!o.axe, reducedMotion: o.motion ?? 'no-preference', ...o.more } });

async function moving() {
  const page = await open('#/');
  await page.waitForFunction(() => document.querySelector('.flow .ribbon[d]'), null, { timeout: 8000 });
  const first = await text(page, '.time');
  ok(await until(async () => (await text(page, '.time')) !== first, 6000), 'the town moves', first);
  // The page against the API: the demand of the headline, while the API says the same before and after.
  const agreed = await until(async () => {
    const before = await server.get('town');
    const said = await page.evaluate(() => [document.querySelector('.time').textContent, document.querySelector('.headline').textContent, [...document.querySelectorAll('.flow .value')].map((e) => e.textContent).join('|')].map((s) => s.replaceAll('\u00a0', ' ')));
    const kw = (w) => (w >= 999500 ? (w / 1e6).toFixed(2) + ' MW' : w >= 999.5 ? (w / 1e3).toFixed(w >= 99950 ? 0 : w >= 9995 ? 1 : 2) + ' kW' : `${w} W`);
    return said[0] === before.now.slice(11, 16) && said[1].includes(kw(before.flow.demand_w + before.flow.vehicles_w)) && said[2].includes(kw(before.flow.grid_in_w));
  }, 10000, 30);
  ok(agreed, 'its numbers are those of the API');
  ok(await counts(page.locator('.cards .card canvas'), 4), 'four figures of the 48 slots');
  await page.locator('.figures summary').first().click();
  ok(await until(async () => (await page.locator('.figures table').first().locator('tbody tr').count()) === 48, 3000, 20), 'a figure opens as a table of 48 rows');
  ok((await page.locator('.flow title').textContent()).length > 40, 'the picture has words for those who do not see it');
  await shot(page, 'village-town-ja-light-desk');
  await page.context().close();
}

async function finding() {
  const page = await open('#/sites');
  await page.waitForSelector('.sites li');
  ok(await counts(page.locator('.sites li'), 3), 'the list of sites');
  const began = Date.now();
  await page.fill('#search', '図書');
  ok(await until(async () => (await page.locator('.sites li').count()) === 1, 3000, 20), 'search as one types', `${Date.now() - began} ms`);
  await page.locator('.sites a').first().click();
  await page.waitForFunction(() => document.querySelector('h1').textContent.includes('図書館'));
  ok(await until(async () => (await page.locator('.card canvas').count()) >= 2), "a site's page with its figures");
  ok(await until(async () => (await page.locator('.peaks dt').count()) >= 3), 'the running mean, the peak and the contract');
  ok((await page.locator('.back a').getAttribute('href')) === '#/sites', 'and the way back');
  await page.goto(`${server.base}/#/sites/depot`);
  await page.waitForFunction(() => document.querySelectorAll('.card canvas').length >= 4);
  ok(await counts(page.locator('.tile.battery'), 1), 'a battery where there is one');
  await page.fill('#otherday', '2023-07-04');
  ok(await until(async () => (await page.locator('.otherday canvas').count()) > 0), 'an earlier day from the store');
  await page.goto(`${server.base}/#/sites/nowhere`);
  c.quiet = true;
  ok(await until(async () => (await text(page, 'h1')).includes('nowhere')), 'a site that is not there is said');
  await sleep(100);
  c.quiet = false;
  await page.context().close();
}

async function achievement() {
  const page = await open('#/achievement');
  await page.waitForSelector('.rate');
  const api = await server.get('achievement?fy=2023');
  ok(await says(page, '.rate', api.text_ja ?? api.own.text_ja), 'the rate is the ledger’s', api.text_ja);
  await page.context().close();
}

// How good the forecasts were: a town that is too young says so; with a past the page agrees with the API.
async function scores() {
  let page = await open('#/score');
  ok(await until(async () => /2 か月ほど/.test(await text(page, '.scores')), 20000), 'a young town says what judging takes', await text(page, '.scores'));
  await page.context().close();
  const dir = village();
  ok(longPast(dir), 'eighty days of readings');
  const old = await new Server(dir, '--clock', 'x600', '--from', '2023-07-08').start();
  ok(await until(async () => (await old.get('score')).points === 3, 30000), 'three points are judged');
  const said = await old.get('score');
  const ahead = said.demand.lead_days[0];
  ok(said.demand.lead_days.length === 8 && said.demand.hour.length === 24 && ahead.slots > 1800 && ahead.nmae > 0 && ahead.nmae < ahead.naive_last_week, 'better than last week', ahead);
  c.server = old;
  page = await c.open('#/score', { viewport: { width: 390, height: 844 } });
  await page.waitForSelector('.scores .card table');
  const shown = (await text(page, '.scores .tile dd')).replaceAll('\u00a0', ' ');
  ok(shown.includes(`${(100 * ahead.nmae).toFixed(1)} %`), 'the page says what the API says', shown);
  ok((await page.locator('.scores .card').first().locator('tbody tr').count()) >= 13, 'by days ahead and within the day');
  ok(await fits(page), 'fits a phone');
  const found = await serious(page);
  ok(found.length === 0, 'axe finds nothing serious in the score', found.join('\n'));
  ok((await page.locator('a[href="#/sites/depot"]').count()) > 0, 'a site leads to its page');
  await shot(page, 'score-phone-en');
  await page.context().close();
  c.server = server;
  await old.stop();
}

async function languages() {
  const page = await open('#/');
  ok((await page.evaluate(() => document.documentElement.lang)) === 'ja', 'Japanese for a Japanese browser');
  await page.locator('.tool').first().click();
  ok((await page.evaluate(() => document.documentElement.lang)) === 'en' && (await text(page, 'nav.pages')).includes('Sites'), 'one press for English');
  await page.reload();
  await page.waitForSelector('main .view');
  ok((await text(page, 'nav.pages')).includes('Town now'), 'the choice is kept');
  const left = await page.evaluate(() => /[\u3040-\u30ff]/.test(document.querySelector('main').innerText));
  ok(!left, 'no Japanese is left in the English page');
  await page.context().close();
  const english = await open('#/sites', { locale: 'en-GB' });
  ok((await text(english, 'h1')) === 'Sites', 'English for an English browser');
  await english.context().close();
}

async function colours() {
  const ground = (p) => p.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await open('#/', { theme: 'dark' });
  const night = await ground(dark);
  await dark.locator('.tool').nth(1).click();
  const day = await ground(dark);
  ok(night !== day, 'dark by the system, light by a press', `${night} ${day}`);
  await dark.reload();
  await dark.waitForSelector('main .view');
  ok((await ground(dark)) === day, 'and it is kept');
  await dark.context().close();
  const still = await open('#/', { motion: 'reduce' });
  await still.waitForSelector('.flow .run', { state: 'attached' });
  ok((await still.evaluate(() => getComputedStyle(document.querySelector('.flow .run')).animationName)) === 'none', 'nothing moves for those who want none');
  await still.context().close();
}

async function sizes() {
  for (const [name, viewport] of [['phone', { width: 390, height: 844 }], ['small phone', { width: 320, height: 640 }], ['desk', { width: 1366, height: 768 }]])
    for (const hash of ['#/', '#/sites', '#/sites/depot', '#/achievement']) {
      const page = await open(hash, { viewport });
      await sleep(350);
      ok(await fits(page), `${hash} fits a ${name}`);
      if (viewport.width === 390) await shot(page, `village-${hash.slice(2).replace('/', '-') || 'town'}-phone`);
      await page.context().close();
    }
}

async function keyboard() {
  const page = await open('#/');
  await page.bringToFront();
  // A window that is only just in front may not hear its first key: then once more from the beginning.
  const here = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 80));
  let stop = '';
  for (let i = 0; i < 3 && !stop.includes('class="skip"'); i++) {
    if (i) await page.reload();
    await page.waitForSelector('main .view');
    await page.keyboard.press('Tab');
    await until(async () => (stop = await here()).includes('class="skip"'), 1000);
  }
  ok(stop.includes('class="skip"'), 'the first stop skips to the content', stop);
  await page.keyboard.press('Enter');
  ok(await until(() => page.evaluate(() => document.activeElement.tagName === 'H1')), 'and does');
  await page.keyboard.press('?');
  ok(await until(() => page.locator('dialog[open]').isVisible()), '? lists the keys');
  await page.keyboard.press('Escape');
  ok(await until(async () => (await page.locator('dialog').count()) === 0), 'Escape closes it');
  await page.keyboard.press('2');
  ok(await until(async () => page.url().endsWith('#/desk')), '2 goes to the second group');
  await page.keyboard.press('1');
  await page.keyboard.press(']');
  await page.waitForSelector('.sites li');
  ok(page.url().endsWith('#/sites') && (await text(page, '.pages [aria-current=page]')) === '施設' && (await text(page, '.groups [aria-current]')) === 'きょう', '1 and ] go to the second page of the first');
  await page.keyboard.press('/');
  ok(await until(() => page.evaluate(() => document.activeElement.id === 'search')), '/ goes to the search');
  await page.keyboard.type('depot');
  await until(async () => (await page.locator('.sites li').count()) === 1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  ok(await until(async () => page.url().endsWith('#/sites/depot')), 'Tab and Enter open a site');
  await page.waitForSelector('.card canvas');
  await page.keyboard.press('Escape');
  ok(await until(async () => page.url().endsWith('#/sites')), 'Escape goes back to the list');
  await until(() => page.evaluate(() => document.activeElement.tagName === 'H1' && document.activeElement.textContent === '施設')); // the list has taken the focus: it takes it no more
  await page.evaluate(() => document.querySelector('.nav').focus());
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  ok(outline !== 'none', 'the focus is seen', await here());
  await page.context().close();
}

// Half as wide a window at twice the pixels is what 200 % zoom makes of a desk screen.
async function small() {
  const page = await open('#/', { viewport: { width: 683, height: 384 }, locale: 'en-GB', more: { deviceScaleFactor: 2 } });
  for (const hash of ['#/', '#/sites/depot', '#/achievement']) {
    await c.go(page, hash);
    await sleep(350);
    ok(await fits(page), `${hash} at 200 %`);
  }
  await page.context().close();
}

async function printed() {
  const page = await open('#/sites/depot');
  await page.waitForFunction(() => document.querySelectorAll('.card canvas').length >= 4);
  await page.emulateMedia({ media: 'print' });
  ok(!(await page.locator('nav').first().isVisible()) && !(await page.locator('.tools').isVisible()) && (await page.locator('.peaks').first().isVisible()), 'on paper: the figures without the buttons');
  await page.context().close();
}

// Where a limit or a call stands: as many rows as the API has, the fullest first, in both languages, and a phone holds it.
async function limited() {
  const page = await open('#/');
  await page.waitForSelector('ul.limits li', { timeout: 20000 });
  const agreed = await until(async () => {
    const api = await server.get('plan');
    return api.plan && (await page.locator('ul.limits li').count()) === api.limits.length && api.limits.length >= 3;
  }, 10000);
  ok(agreed, 'each place with a limit has its row');
  const shares = (await page.locator('ul.limits .num').allInnerTexts()).map((s) => Number.parseFloat(s));
  ok(shares.every((s, i) => i === 0 || s <= shares[i - 1]), 'the fullest stands first', shares);
  const name = await text(page, 'ul.limits .where');
  const buys = async () => /明日の[買売]電 [\d.,]+\s[kMG]?Wh/.test(await text(page, 'section:has(> div > ul.limits) > p.note:last-child'));
  ok(await until(buys, 20000), 'and what the plan buys for tomorrow');
  ok(/上限|要請|義務/.test(name), 'what kind it is', name);
  await page.context().close();
  const phone = await open('#/', { viewport: { width: 360, height: 740 }, theme: 'dark', locale: 'en-US', axe: true });
  await phone.waitForSelector('ul.limits li', { timeout: 20000 });
  ok(await fits(phone) && /limit|call|obligation/.test(await text(phone, 'ul.limits .where')), 'and on a phone, in English');
  const found = await serious(phone);
  ok(found.length === 0, 'axe finds nothing serious in it', found.join('\n'));
  await phone.context().close();
}

// A mistake in the files of the region is what an operator should see first.
async function trouble() {
  const page = await open('#/');
  await page.waitForSelector('.check');
  ok((await page.locator('.check').count()) >= 2 && (await page.locator('.alerts li').count()) === 0 && !(await page.getByRole('heading', { name: 'お知らせ' }).isVisible()), 'no empty card where all is well');
  const path = join(server.dir, 'facilities.csv');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, `${good}\nbroken row`);
  ok(await until(async () => (await page.locator('.check.trouble').count()) > 0 && (await page.locator('.alerts li').count()) > 0, 15000), 'trouble comes first');
  ok((await page.locator('.check').first().getAttribute('class')).includes('trouble'), 'at the head of the line');
  const y = await page.evaluate(() => [document.querySelector('.alerts').getBoundingClientRect().top, document.querySelector('.flow').getBoundingClientRect().top]);
  ok(y[0] < y[1], 'and above the picture', y);
  await shot(page, 'village-alert');
  writeFileSync(path, good);
  await page.context().close();
}

async function access() {
  for (const theme of ['light', 'dark'])
    for (const hash of ['#/', '#/sites', '#/sites/depot', '#/achievement']) {
      const page = await open(hash, { theme, axe: true });
      await sleep(700);
      const found = await serious(page);
      ok(found.length === 0, `axe finds nothing serious in ${hash} (${theme})`, found.join('\n'));
      await page.context().close();
    }
}

async function returning() {
  const page = await open('#/');
  await page.waitForFunction(() => document.querySelector('.dot.live'));
  c.quiet = true;
  const port = server.port;
  await server.stop('SIGKILL');
  ok(await until(() => page.locator('.banner').isVisible(), 25000), 'the server is gone: the page says that it is stale');
  await server.start(port);
  ok(await until(async () => (await page.locator('.dot.live').count()) === 1 && !(await page.locator('.banner').isVisible()), 25000), 'the server is back: so is the page');
  const t = await text(page, '.time');
  ok(await until(async () => (await text(page, '.time')) !== t, 8000), 'and it moves');
  c.quiet = false;
  await page.context().close();
}

await c.play(moving, limited, finding, achievement, scores, languages, colours, sizes, keyboard, access, returning, small, printed, trouble);
finish();
