// trade.mjs: the desk and the bills in Chromium against the real program: a day planned, corrected and filed by the
// verbs, a plant's notice of an outage out of its workbook; the bills of a month. Screenshots go to MIZO_SHOTS.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, longPast, mizo, need, ok, root, Server, skipAll, until, village } from './town.mjs';

const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium';
let chromium, axe, Ajv, formats;
try {
  ({ chromium } = need('playwright-core'));
  Ajv = need('ajv/dist/2020').default;
  formats = need('ajv-formats').default;
  axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
if (!existsSync(chrome)) skipAll(`no ${chrome}`);
if (!mizo) skipAll('MIZO_BIN is not set');
const shots = process.env.MIZO_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const dir = village('2023-07-08');
const run = (...words) => spawnSync(mizo, [...words, '--region', dir], { encoding: 'utf8', env: { ...process.env, MIZO_LANG: 'en' } });
const desk = (act, at, ...words) => run('day', act, '--day', '2023-07-09', '--group', 'village-bg', '--at', `2023-07-08T${at}`, '--as', 'hana', ...words);

// The mill says by its workbook that a furnace stands still in the morning.
function sheet() {
  const file = join(dir, 'mill.xlsx');
  const code = `import sys; sys.path.insert(0, ${JSON.stringify(join(root, 'tests/cli'))})\nfrom operator_files import plant_sheet\nopen(${JSON.stringify(file)}, 'wb').write(plant_sheet('mill', '2023-07-09', [20] * 48, [('8:00', '12:00', 'one', 'boiler check')]))`;
  const made = spawnSync('python3', ['-c', code], { encoding: 'utf8' });
  return made.status === 0 ? run('import', file, '--known', '2023-07-08') : made;
}

function prepare() {
  const notice = sheet();
  ok(notice.status === 0, 'the mill gives notice', notice.stderr);
  for (const [act, at, ...words] of [['plan', '00:01'], ['correct', '00:02', '--slot', '30', '--kwh', '77', '--member', 'village-energy', '--reason', 'festival'], ['file', '00:03'],
    ['correct', '00:04', '--slot', '31', '--kwh', '90', '--member', 'village-energy', '--reason', 'festival goes on']]) {
    const p = desk(act, at, ...words);
    ok(p.status === 0, `mizo day ${act}`, p.stderr);
  }
}

prepare();
const password = 'four odd words here';
ok(longPast(dir), 'June has been read');
const link = JSON.parse(run('user', 'add', 'haru', '--roles', 'reader', '--json').stdout).link;
const known = JSON.parse(run('bill', '--month', '2023-06', '--json').stdout);
const server = await new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : [])).start();
await until(async () => (await server.get('town')).now);
const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const problems = [], outside = [];
let expected = 0; // answers that are meant to be refusals

async function open(hash, o = {}) {
  const context = o.context ?? (await browser.newContext({ viewport: o.viewport ?? { width: 1366, height: 768 }, colorScheme: o.theme ?? 'light', locale: o.locale ?? 'ja-JP', bypassCSP: true }));
  const page = await context.newPage();
  page.on('pageerror', (e) => problems.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !(expected && /40[014]/.test(m.text())) && problems.push(m.text()));
  page.on('request', (r) => !r.url().startsWith(server.base) && !r.url().startsWith('data:') && outside.push(r.url()));
  page.setDefaultTimeout(8000);
  await page.goto(`${server.base}/${hash}`);
  await page.waitForSelector('main .view');
  return page;
}
const text = (page, sel) => page.locator(sel).first().innerText();
const shot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }); };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].failureSummary?.slice(0, 200)}`);
}
const ways = [[{ width: 1366, height: 768 }, 'light', 'ja-JP'], [{ width: 360, height: 740 }, 'dark', 'en-US']];

async function theDesk() {
  const page = await open('#/desk');
  await page.waitForSelector('.desk .dues li');
  const d = await server.get('desk');
  ok(d.day === '2023-07-09' && d.outages.length === 1 && d.outages[0].plant === 'mill' && d.groups.length === 2, 'the answer has outages and groups', JSON.stringify([d.outages, d.groups]));
  ok(/あと (\d+ 時間 )?\d+ 分/.test(await text(page, '.headline')), 'what is left to the next deadline', await text(page, '.headline'));
  const before = await text(page, '.headline');
  ok(await until(async () => (await text(page, '.headline')) !== before, 8000), 'the clock goes on');
  const all = await text(page, '.desk');
  ok(all.includes(d.filed.hash) && all.includes('第 1 版を提出済み') && all.includes('1 コマ'), 'what is filed, with its hash, and what has moved since');
  const grouped = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ',');
  ok(all.includes(`${grouped(d.position.short_wh / 1000)}\u00a0kWh`) || all.includes(`${grouped(d.position.short_wh / 1000)} kWh`), 'the position in kWh', String(d.position.short_wh));
  ok(all.includes('boiler check') && all.includes('停止'), 'the outage with its reason');
  ok((await page.locator('.sources tbody tr').count()) === d.plan.lines.filter((l) => l.missing || l.wh.some((x) => x)).length, 'every source in a row');
  await page.locator('.desk details.figures summary').last().click();
  ok(await until(async () => (await page.locator('.desk .scroll tbody').first().locator('tr').count()) === 48), 'the half-hours as a table of 48');
  const cells = await page.locator('.desk .scroll tbody').first().locator('tr').nth(29).locator('td').allInnerTexts();
  ok(cells[0] === String(Math.round(d.forecast.demand_wh[29] / 1000)) && cells[2] === String(d.filed.book.demand_wh[29] / 1000) && cells[6] === '–', 'forecast, plan as filed, and no actual where there is none', cells.join(' | '));
  await page.selectOption('#desk-group', 'mill-bg');
  ok(await until(async () => (await text(page, '.desk .note')).includes('村の発電BG')), 'the generation group has a desk of its own');
  await page.locator('[aria-label="次の日"]').click();
  ok(await until(async () => (await page.evaluate(() => location.hash)) === '#/desk/2023-07-10/mill-bg' && (await page.inputValue('#desk-day')) === '2023-07-10'), 'and so has the next day, with an address of its own');
  ok(await until(async () => (await text(page, '.desk')).includes('mizo day plan --day 2023-07-10')), 'a day without a plan says how to make one');
  expected = 1;
  await page.goto(`${server.base}/#/desk/2031-01-01/nobody`);
  ok(await until(async () => (await text(page, '.fault')).includes('nobody')), 'a group that is none is said', await text(page, '.fault'));
  expected = 0;
  await page.context().close();
}

const money = (s) => s.replace(/\.?0+$/, '').replace(/\B(?<!\..*)(?=(\d{3})+(?!\d))/g, ',');

async function theBills() {
  expected = 1;
  const shut = await fetch(`${server.base}/api/v1/bills`);
  ok(shut.status === 401 && (await fetch(`${server.base}/api/v1/bills/c-depot?month=2023-06`)).status === 401, 'bills need a login, on this machine too', String(shut.status));
  const page = await open(`#/link/${link}`);
  await page.fill('#link-password', password);
  await page.fill('#link-again', password);
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('.account').innerText()) === 'haru');
  const doc = JSON.parse(readFileSync(join(root, 'web/openapi.json'), 'utf8')), ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  ajv.addSchema({ $id: 'doc', components: doc.components });
  for (const [path, status, schema] of [['bills?month=2023-06', 200, 'Bills'], ['bills?month=2023-07', 200, 'Bills'], ['bills', 200, 'Bills'], ['bills?month=1999-01', 200, 'Bills'], ['bills/c-school?month=2023-06', 200, 'Bill'],
    ['bills/c-school?month=2023-07', 200, 'Bill'], ['bills/c-school?month=1999-01', 200, 'Bill'], ['bills/none', 404, 'Problem'], ['bills?month=July', 400, 'Problem']]) {
    const said = await page.evaluate(async (p) => { const r = await fetch(`/api/v1/${p}`); return [r.status, await r.json()]; }, path);
    const check = ajv.compile({ $ref: `doc#/components/schemas/${schema}` });
    ok(said[0] === status && check(said[1]), `${path} gives ${status} as described`, check.errors ?? said[0]);
  }
  await page.goto(`${server.base}/#/bills/2023-06`);
  ok(await until(async () => (await page.locator('.bills tbody tr').count()) === 4), 'four contracts');
  const all = (await text(page, '.bills')).replaceAll('\u00a0', ' ');
  for (const b of known.bills) ok(all.includes(`${money(b.total_yen)} 円`), `${b.contract} as \`mizo bill\` has it`, money(b.total_yen));
  await page.fill('#bills-find', 'school');
  ok(await until(async () => (await page.locator('.bills tbody tr').count()) === 1), 'one is found by its name');
  await shot(page, 'bills-found');
  await page.locator('.bills tbody a').click();
  await page.waitForSelector('.bill .origin');
  const bill = known.bills.find((b) => b.contract === 'c-school');
  ok((await page.locator('.bill table').first().locator('tbody tr').count()) === bill.lines.length, 'each line of the bill in a row');
  const said = (await text(page, '.bill')).replaceAll('\u00a0', ' ');
  ok(bill.lines.every((l) => said.includes(`${l.file}:${l.line}`) && said.includes(money(l.amount_yen)) && (!l.price || said.includes(money(l.price)))), 'with its price, amount and row of the tariff');
  ok(bill.lines.every((l) => l.params.every((x) => said.includes(`params.csv:${x.line}`))) && said.includes(`${money(bill.exact_yen)} 円 = ${money(bill.total_yen)} 円 + ${money(bill.left_yen)} 円`), 'and it closes before the reader');
  ok((await page.locator('.bill .mark2').count()) >= bill.lines.length, 'every figure has its mark');
  await page.goto(`${server.base}/#/bills/2023-07/c-school`);
  ok(await until(async () => /1?,?\d+ コマ|half-hours|半時間|足りません|欠/.test(await text(page, '.faults'))), 'a bill that cannot be made says why', await text(page, '.faults'));
  await page.goto(`${server.base}/#/bills/2023-06/c-nobody`);
  ok(await until(async () => (await text(page, '.fault')).includes('c-nobody')), 'a contract that is none is said');
  const context = page.context();
  for (const [viewport, theme, locale] of ways)
    for (const [hash, ready, shown] of [['#/bills/2023-06', '.bills tbody tr', 'bills'], ['#/bills/2023-06/c-school', '.bill .origin', 'bill']]) {
      await page.setViewportSize(viewport);
      await page.evaluate(([th, l]) => { localStorage.setItem('mizo-theme', th); localStorage.setItem('mizo-lang', l); }, [theme, locale.slice(0, 2)]);
      await page.goto(`${server.base}/${hash}`);
      await page.reload();
      await page.waitForSelector(ready);
      const found = await serious(page);
      ok(found.length === 0 && (await fits(page)), `clean, and it fits (${shown}, ${viewport.width}, ${theme})`, found.join('\n'));
      await shot(page, `${shown}-${locale.slice(0, 2)}-${theme}-${viewport.width}`);
    }
  await context.close();
}

async function theLooks(hash, ready, name) {
  for (const [viewport, theme, locale] of ways) {
    const page = await open(hash, { viewport, theme, locale });
    await page.waitForSelector(ready);
    const found = await serious(page);
    ok(found.length === 0, `axe finds nothing serious (${name}, ${viewport.width}, ${theme})`, found.join('\n'));
    ok(await fits(page), `it fits ${viewport.width} (${name})`);
    await shot(page, `${name}-${locale.slice(0, 2)}-${theme}-${viewport.width}`);
    await page.context().close();
  }
}

const began = Date.now();
for (const act of [theDesk, () => theLooks('#/desk/2023-07-09/village-bg', '.sources', 'desk'), theBills]) await act().catch((e) => ok(false, act.name || 'looks', e.stack));
ok(outside.length === 0, 'nothing is asked of the outside', outside.join(' '));
ok(problems.length === 0, 'no error in the console', problems.join('\n'));
console.log(`# ${((Date.now() - began) / 1000).toFixed(1)} s`);
await browser.close();
await server.stop();
finish();
