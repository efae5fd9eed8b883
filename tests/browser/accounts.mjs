// accounts.mjs: logins and writing in Debian's Chromium against the real program: the first user by the link of the
// first start, a wrong password, a session that ends in mid-work, two who edit one note, a page of another origin.
import { createServer } from 'node:http';
import { spawnSync } from 'node:child_process';
import { Chrome, says, serious, shot } from './chrome.mjs';
import { finish, mizo, ok, Server, skipAll, until, village } from './town.mjs';

if (!mizo) skipAll('MIZO_BIN is not set');
const dir = village();
const user = (...words) => spawnSync(mizo, ['user', ...words, '--region', dir, '--json'], { encoding: 'utf8' });
const server = new Server(dir, '--clock', 'x600', '--from', '2023-07-08');
let said = '';
const starting = server.start();
server.process.stdout.on('data', (d) => (said += d));
await starting;
const link = await until(async () => /\/#\/first\/([A-Za-z0-9_-]{43})/.exec(said)?.[1]);
ok(!!link, 'the first start prints a link');

const c = await Chrome.start(server);
c.quiet = true; // refusals are what is tried here
const open = (hash, o = {}) => c.open(hash, { viewport: { width: 1280, height: 800 }, ...o, more: { bypassCSP: !!o.axe } });
const me = (page) => page.evaluate(async () => (await (await fetch('/api/v1/me')).json()).user);

const password = 'four odd words here';
async function first() {
  const page = await open(`#/first/${link}`, { axe: true });
  ok(!(await page.evaluate(() => location.href)).includes(link), 'the link leaves the address bar');
  await page.fill('#link-user', 'haru');
  await page.fill('#link-password', 'short');
  await page.fill('#link-again', 'short');
  await page.evaluate(() => document.querySelector('form').setAttribute('novalidate', ''));
  await page.keyboard.press('Enter');
  ok(await until(async () => (await page.locator('.fault').innerText()).includes('12 letters')), 'a short password is refused, with the reason', await page.locator('.fault').innerText());
  await page.fill('#link-password', password);
  await page.fill('#link-again', password + 'x');
  await page.keyboard.press('Enter');
  ok(await until(async () => (await page.locator('.fault').innerText()).includes('differ')), 'two that differ are refused');
  ok((await serious(page)).length === 0, 'the page of the first user is clean', (await serious(page)).join('\n'));
  await shot(page, 'first-user');
  await page.fill('#link-again', password);
  await page.keyboard.press('Enter');
  ok(await says(page, '.account', 'haru'), 'the first user is made and logged in');
  await page.context().close();
  const again = await open(`#/first/${link}`);
  await again.fill('#link-user', 'other');
  await again.fill('#link-password', password);
  await again.fill('#link-again', password);
  await again.keyboard.press('Enter');
  ok(await until(async () => (await again.locator('.fault').innerText()).includes('users already')), 'the link is good once');
  await again.context().close();
}

async function logIn(page, name = 'haru', word = password) {
  await page.fill('#login-user', name);
  await page.fill('#login-password', word);
  await page.keyboard.press('Enter');
}

async function menu() {
  for (const [theme, locale] of [['light', 'ja-JP'], ['dark', 'en-GB']]) {
    const page = await open('#/', { theme, locale, axe: true });
    await page.keyboard.press('Tab');
    await page.locator('.account').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog #login-user');
    ok((await serious(page)).length === 0, `the login is clean (${theme}, ${locale})`, (await serious(page)).join('\n'));
    await shot(page, `login-${theme}`);
    await logIn(page, 'haru', 'not the right words');
    ok(await until(async () => (await page.locator('.fault').innerText()).length > 3), `a wrong password is said (${locale})`, await page.locator('.fault').innerText());
    await logIn(page);
    ok(await says(page, '.account', 'haru'), 'then the right one logs in');
    await page.locator('.account').click();
    await page.waitForSelector('#account-title');
    ok((await serious(page)).length === 0, `the account menu is clean (${theme})`, (await serious(page)).join('\n'));
    await shot(page, `account-${theme}`);
    await page.locator('dialog button').nth(1).click();
    ok(await until(async () => (await me(page)) === null), 'log out');
    await page.context().close();
  }
}

async function midWork() {
  page = await open('#/notes', { axe: true });
  await page.fill('#note-day', '2023-07-08');
  await page.fill('#note', 'feeder two is on hand control');
  await page.locator('form .more').click();
  await page.waitForSelector('dialog #login-user');
  await logIn(page);
  ok(await until(async () => (await page.locator('[role=status]').last().innerText()) === 'Saved'), 'a write asks for a login and goes on after it');
  ok((await serious(page)).length === 0, 'the notes are clean', (await serious(page)).join('\n'));
  await shot(page, 'notes');
  // The session ends while something is typed: roles that change end it.
  user('role', 'haru', '--roles', 'operator,approver,reader');
  await page.fill('#note', 'feeder two is back');
  await page.locator('form .more').click();
  await page.waitForSelector('dialog #login-user');
  ok((await page.inputValue('#note')) === 'feeder two is back', 'nothing typed is lost when the session ends in mid-work');
  await shot(page, 'session-ended');
  await logIn(page);
  ok(await until(async () => (await page.locator('[role=status]').last().innerText()) === 'Saved'), 'and it is kept after a new login');
  const kept = await until(async () => ((r) => r.version === 2 && r)(await server.get('records/handover/day-2023-07-08')));
  ok(kept && kept.version === 2 && kept.value.text === 'feeder two is back' && kept.actor === 'haru', 'as the second version, by haru', JSON.stringify(kept));
  // Two people edit one note.
  const other = await open('#/notes', { context: page.context() });
  await other.fill('#note-day', '2023-07-08');
  ok(await until(async () => (await other.inputValue('#note')) === 'feeder two is back'), 'another page reads it');
  await page.fill('#note', 'mine');
  await page.locator('form .more').last().click();
  await until(async () => (await server.get('records/handover/day-2023-07-08')).version === 3);
  await other.fill('#note', 'theirs');
  await other.locator('form .more').last().click();
  ok(await until(async () => (await other.locator('.quoted').innerText()) === 'mine'), 'who comes second sees both');
  ok((await other.inputValue('#note')) === 'theirs', 'and keeps what was typed');
  await other.locator('form .more').last().click();
  ok(await until(async () => (await server.get('records/handover/day-2023-07-08')).value.text === 'theirs'), 'and saves over it knowingly');
}

// A page elsewhere that the logged-in browser opens.
async function elsewhere() {
  const foreign = createServer((q, r) => r.end('<!doctype html><title>x</title>'));
  await new Promise((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const tab = await page.context().newPage();
  await tab.goto(`http://127.0.0.1:${foreign.address().port}/`);
  const before = (await server.get('records/handover/day-2023-07-08')).version;
  await tab.evaluate((url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => 0), `${server.base}/api/v1/logout`);
  await tab.evaluate((url) => fetch(url, { method: 'PUT', credentials: 'include', headers: { 'content-type': 'application/json', 'if-match': '"0"' }, body: '{"day":"2023-07-08","text":"x"}' }).catch(() => 0), `${server.base}/api/v1/records/handover/day-2023-07-08`);
  ok((await server.get('records/handover/day-2023-07-08')).version === before && (await me(page)) === 'haru', 'a page of another origin can neither write nor log out');
  const status = await page.evaluate(async () => (await fetch('/api/v1/records/handover/day-2023-07-08', { method: 'PUT', headers: { 'content-type': 'application/json', 'if-match': '"4"' }, body: '{"day":"2023-07-08","text":"x"}' })).status);
  ok(status === 403, 'our own page without the CSRF token neither', status);
  ok(!(await page.evaluate(() => document.cookie)).includes('mizo'), 'no script sees the session');
  foreign.close();
}

async function password2() {
  await page.locator('.account').click();
  await page.locator('dialog button').first().click();
  await page.fill('#old-password', password);
  await page.fill('#new-password', 'other odd words there');
  await page.keyboard.press('Enter');
  ok(await until(async () => (await page.locator('dialog').count()) === 0), 'the password is changed');
  ok(await until(async () => (await me(page)) === 'haru'), 'who changed it stays in');
  await page.locator('.account').click();
  await page.locator('dialog button').nth(1).click();
  await until(async () => (await me(page)) === null);
  await page.locator('.account').click();
  await page.waitForSelector('dialog #login-user');
  await logIn(page);
  ok(await until(async () => (await page.locator('dialog .fault').innerText()).length > 3), 'the old one is worth nothing now');
  await logIn(page, 'haru', 'other odd words there');
  ok(await until(async () => (await me(page)) === 'haru'), 'the new one is');
}

let page; // of who works, from one act to the next
async function trail() {
  const kept = JSON.parse(user('audit', '--limit', '200').stdout).records;
  const has = (act, result) => kept.some((r) => r.act === act && r.result === result);
  ok(has('login', 'done') && has('login', 'denied') && has('record', 'done'), 'logins, refusals and writes are in the audit trail', kept.map((r) => `${r.act} ${r.result}`).join(', '));
  ok(spawnSync(mizo, ['user', 'audit', '--verify', '--region', dir]).status === 0, 'whose chain holds');
}
await c.play(first, menu, midWork, elsewhere, password2, trail);
finish();
