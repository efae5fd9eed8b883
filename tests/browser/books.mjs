// books.mjs: the month's books in Chromium against the real program: a run drafted by one and approved by another, the
// month closed by two, what is owed; a bill opened to its half-hours. Screenshots go to MIZO_SHOTS.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, longPast, mizo, need, ok, Server, skipAll, until, village } from './town.mjs';

const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium';
let chromium, axe;
try {
  ({ chromium } = need('playwright-core'));
  axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
if (!existsSync(chrome)) skipAll(`no ${chrome}`);
if (!mizo) skipAll('MIZO_BIN is not set');
const shots = process.env.MIZO_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const format = existsSync(join(process.env.MIZO_MODULES ?? '', 'mizo-pdf.so')) ? 'pdf' : 'html';

const dir = village('2023-07-08');
const env = { ...process.env, MIZO_LANG: 'en', ASAN_OPTIONS: 'detect_leaks=0' };
const run = (...words) => spawnSync(mizo, [...words, '--region', dir], { encoding: 'utf8', env });
const json = (...words) => JSON.parse(run(...words, '--json').stdout);

// The roofs of May and June, so that what they send out can be bought.
function roof() {
  const rows = ['point,start,kwh,quantity'];
  for (let d = 0; d < 61; d++)
    for (let s = 0; s < 48; s++) {
      const at = new Date(Date.UTC(2023, 4, 1 + d, 0, 30 * s)).toISOString().slice(0, 19);
      for (const [id, kwh] of [['school', 1], ['depot', 2]]) rows.push(`pv-${id},${at}+09:00,${s > 14 && s < 34 ? 4 * kwh : 0},generation`, `p-${id},${at}+09:00,${s > 20 && s < 28 ? kwh : 0},export`);
    }
  const file = join(dir, 'roof.csv');
  writeFileSync(file, rows.join('\n') + '\n');
  return run('import', file);
}

function prepare() {
  ok(longPast(dir), 'eighty days of readings');
  for (const [what, p] of [['the roof', roof()], ['May drafted', run('invoice', 'run', '--month', '2023-05', '--as', 'maker')], ['approved', run('invoice', 'approve', '2023-05', '--as', 'boss')],
    ['issued', run('invoice', 'issue', '2023-05', '--day', '2023-06-08', '--as', 'boss', '--format', format)],
    ['purchases drafted', run('invoice', 'run', '--month', '2023-06', '--purchases', '--as', 'maker')], ['approved', run('invoice', 'approve', '2023-06-buy', '--as', 'boss')], ['issued', run('invoice', 'issue', '2023-06-buy', '--day', '2023-07-07', '--as', 'boss', '--format', format)]])
    ok(p.status === 0, `prepared: ${what}`, p.stderr);
}
prepare();
const password = 'four odd words here';
const links = Object.fromEntries([['hana', 'operator,reader'], ['boss', 'approver,reader']].map(([u, roles]) => [u, json('user', 'add', u, '--roles', roles).link]));
const server = new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : []));
server.env = env;
await server.start();
await until(async () => (await server.get('town')).now);
const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const problems = [], outside = [];
let expected = false; // a refusal is meant

async function person(name, o = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'en-GB', bypassCSP: true, ...o });
  const page = await context.newPage();
  page.on('pageerror', (e) => problems.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !expected && problems.push(m.text()));
  page.on('request', (r) => !r.url().startsWith(server.base) && !r.url().startsWith('data:') && outside.push(r.url()));
  page.setDefaultTimeout(10000);
  await page.goto(`${server.base}/#/link/${links[name]}`);
  await page.waitForSelector('#link-password');
  await page.fill('#link-password', password);
  await page.fill('#link-again', password);
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('.account').innerText()) === name);
  return page;
}
const text = async (page, sel) => (await page.locator(sel).first().innerText()).replaceAll('\u00a0', ' ');
const says = (page, sel, what, ms) => until(async () => (what instanceof RegExp ? what.test(await text(page, sel)) : (await text(page, sel)).includes(what)), ms);
const go = async (page, hash, ready) => {
  await page.goto(`${server.base}/${hash}`);
  await page.waitForSelector(ready);
};
const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click();
const shot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }); };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}
const yen = (x) => `¥${x.replace(/\.?0+$/, '').replace(/\B(?<!\..*)(?=(\d{3})+(?!\d))/g, ',')}`;

async function aRun(hana, boss) {
  await go(hana, '#/runs/2023-06', '.runs .act');
  await press(hana, 'Draft the invoices');
  ok(await says(hana, 'h1', 'Run 2023-06') && (await says(hana, '.runs', 'draft')), 'an operator drafts a month');
  const known = json('invoice', 'show', '2023-06');
  ok(await says(hana, '.runs', yen(known.total_yen)) && (await hana.locator('.runs .long tbody tr').count()) === known.list.length, 'with the verb’s total', known.total_yen);
  const may = json('invoice', 'show', '2023-05'), differ = (BigInt(known.list[0].total_yen.replace('.', '')) - BigInt(may.list[0].total_yen.replace('.', ''))) / 1000000n;
  ok((await text(hana, '.runs .long')).includes(String(differ < 0n ? -differ : differ).replace(/\B(?=(\d{3})+$)/g, ',')), 'and the difference to the month before', String(differ));
  expected = true;
  await press(hana, 'Approve');
  ok(await says(hana, '.actbox .fault', /role|second/i), 'who drafted does not approve', await text(hana, '.actbox .fault'));
  expected = false;
  await go(boss, '#/runs/2023-06', '.runs tbody a');
  await boss.locator('.runs tbody a').first().click();
  await boss.waitForSelector('.runs .act');
  await shot(boss, 'run-en-light-1366');
  await press(boss, 'Approve');
  ok(await says(boss, '.runs .rows', 'approved'), 'somebody else does');
  expected = true;
  await press(hana, 'Cancel it');
  await hana.fill('#ask-why', 'x');
  await press(hana, 'Do it');
  ok(await says(hana, 'dialog .fault', /.{10}/), 'what has changed meanwhile, or a role, is said in the dialog', await text(hana, 'dialog .fault'));
  expected = false;
  await hana.keyboard.press('Escape');
  await press(boss, 'Issue');
  await boss.fill('#ask-day', '2023-07-07');
  await press(boss, 'Do it');
  ok(await says(boss, '.runs .rows', 'issued', 20000), 'and it goes out');
  ok(json('invoice', 'show', '2023-06').state === 'issued', 'as the verb knows too');
  const paper = await boss.evaluate(async (f) => { const r = await fetch(`/api/v1/invoices/${document.querySelector('.long tbody th').innerText.split('\n')[0]}?paper=${f}`); return [r.status, r.headers.get('content-type'), (await r.arrayBuffer()).byteLength]; }, format);
  ok(paper[0] === 200 && paper[2] > 1000, 'its paper opens', JSON.stringify(paper));
}

async function theClose(hana, boss) {
  await go(hana, '#/close/2023-06', '.close .dues');
  const known = json('close', 'show', '--month', '2023-06');
  ok(await says(hana, '.close', yen(known.margin_yen)), 'the margin as the verb has it', known.margin_yen);
  ok((await hana.locator('.close .dues li').count()) === known.checks.length && (await says(hana, '.close', 'Confirmed')), 'the checklist, and readings confirmed, estimated, missing');
  ok((await hana.locator('.close .long tbody tr').count()) === known.contracts.length, 'each bill in a row, with its difference');
  await press(hana, 'Close provisionally');
  ok(await says(hana, '.close .big', 'provisional', 20000), 'an operator closes it provisionally');
  await go(boss, '#/close/2023-06', '.close .dues');
  expected = true;
  await press(boss, 'Make it final');
  const last = await until(async () => (await text(boss, '.close .big')).includes('final') || (await boss.locator('.actbox .fault').allInnerTexts()).some((x) => x.length > 10), 20000);
  expected = false;
  const blocked = json('close', 'show', '--month', '2023-06').checks.filter((c) => !c.ok && c.blocks);
  ok(last && (await text(boss, '.close .big')).includes(blocked.length ? 'provisional' : 'final'), 'the second word makes it final where nothing blocks, else it is said', JSON.stringify([blocked, await boss.locator('.actbox .fault').allInnerTexts()]));
}

async function owed(hana) {
  await go(hana, '#/receivables', '.owed tbody tr');
  const known = json('receivables');
  ok(await says(hana, '.owed', yen(known.open_yen)), 'what is open, as the verb has it', known.open_yen);
  const first = known.invoices.find((i) => !i.cancelled && Number(i.open_yen) > 0);
  const file = join(dir, 'bank.csv');
  writeFileSync(file, `date,amount,reference\n2023-07-07,${first.open_yen.split('.')[0]},${first.invoice}\n`);
  await hana.locator('.owed input[type=file]').setInputFiles(file);
  ok(await says(hana, '.owed [role=status]', '1 payments posted'), 'a statement is taken in');
  ok(json('receivables').invoices.find((i) => i.invoice === first.invoice).open_yen.startsWith('0'), 'and the invoice is paid');
  await hana.locator('.owed input[type=file]').setInputFiles(file);
  ok(await says(hana, '.owed [role=status]', '0 payments posted'), 'not twice');
}

const ways = [[{ width: 1366, height: 768 }, 'light', 'ja'], [{ width: 360, height: 740 }, 'dark', 'en']];
async function looks(page) {
  for (const [viewport, theme, lang] of ways) {
    await page.setViewportSize(viewport);
    await page.evaluate(([th, l]) => { localStorage.setItem('mizo-theme', th); localStorage.setItem('mizo-lang', l); }, [theme, lang]);
    for (const [hash, ready, name] of [['#/runs/2023-06', '.runs tbody tr', 'runs'], ['#/run/2023-06-buy', '.runs .rows', 'run'], ['#/close/2023-06', '.close .dues', 'close'], ['#/receivables', '.owed tbody tr', 'receivables']]) {
      await page.goto(`${server.base}/${hash}`);
      await page.reload();
      await page.waitForSelector(ready);
      const found = await serious(page);
      ok(found.length === 0 && (await fits(page)), `clean, and it fits (${name}, ${viewport.width}, ${theme})`, found.join('\n'));
      await shot(page, `${name}-${lang}-${theme}-${viewport.width}`);
    }
  }
}

const began = Date.now();
const hana = await person('hana'), boss = await person('boss');
for (const act of [() => aRun(hana, boss), () => theClose(hana, boss), () => owed(hana), () => looks(hana)]) await act().catch(async (e) => (await shot(hana, 'books-surprise'), ok(false, 'no surprise', e.stack)));
ok(outside.length === 0, 'nothing is asked of the outside', outside.join(' '));
ok(problems.length === 0, 'no error in the console', problems.join('\n'));
console.log(`# ${((Date.now() - began) / 1000).toFixed(1)} s`);
await browser.close();
await server.stop();
finish();
