// supply.mjs: matching, certificates and CO2 in Chromium against the real program: the pages say what the verbs say.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, mizo, need, ok, Server, skipAll, until, village } from './town.mjs';

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

const dir = village();
const run = (...words) => spawnSync(mizo, [...words, '--region', dir], { encoding: 'utf8', env: { ...process.env, MIZO_LANG: 'en' } });
const json = (...words) => JSON.parse(run(...words, '--json').stdout);

// A day of the area by source, half-hour by half-hour; certificates, some of them assigned; a claim.
function prepare() {
  const area = ['単位[MW平均],,,,', 'DATE,TIME,エリア需要,原子力,火力(LNG),火力(石炭),太陽光発電実績'];
  for (let s = 0; s < 48; s++) area.push(`2023/7/4,${Math.floor(s / 2)}:${s % 2 ? '30' : '00'},1000,0,${600 - (s > 20 && s < 30 ? 200 : 0)},200,${s > 20 && s < 30 ? 400 : 0}`);
  const file = join(dir, 'eria_jukyu_202307_03.csv');
  writeFileSync(file, area.join('\n') + '\n');
  const made = ['point,start,kwh,quantity'], at = (h) => `2023-07-04T${String(Math.floor(h / 2)).padStart(2, '0')}:${h % 2 ? '30' : '00'}:00+09:00`;
  for (let s = 0; s < 48; s++) made.push(`mill,${at(s)},20.5,generation`, `pv-depot,${at(s)},${s > 16 && s < 32 ? 6 : 0},generation`);
  const plants = join(dir, 'made.csv');
  writeFileSync(plants, made.join('\n') + '\n');
  const lots = join(dir, 'lots.csv');
  writeFileSync(lots, 'lot,kind,vintage,number_from,number_to,kwh,plant,place\nfit-a,fit,2023,1,5000,5000,Solar plant A,Kanagawa\nold-b,nonfit-re,2021,1,300,300,,\n');
  for (const [what, p] of [['the area', run('import', file)], ['generation', run('import', plants)], ['lots', run('certificate', 'import', lots, '--as', 'hana')], ['a menu', run('certificate', 'assign', '--lot', 'fit-a', '--menu', 'big-green', '--fy', '2023', '--kwh', '1200', '--as', 'hana')], ['a day settled', run('settle', '--from', '2023-07-04', '--to', '2023-07-04', '--as', 'hana')]])
    ok(p.status === 0, `prepared: ${what}`, p.stderr);
}
prepare();
const password = 'four odd words here';
const link = json('user', 'add', 'hana', '--roles', 'operator,reader').link;
const server = await new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : [])).start();
await until(async () => (await server.get('town')).now);
const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const problems = [], outside = [];
let expected = 0;
async function open(hash, o = {}) {
  const context = await browser.newContext({ viewport: o.viewport ?? { width: 1366, height: 768 }, colorScheme: o.theme ?? 'light', locale: o.locale ?? 'en-GB', bypassCSP: true });
  const page = await context.newPage();
  if (o.login) await logIn(page);
  page.on('pageerror', (e) => problems.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !expected && problems.push(m.text()));
  page.on('request', (r) => !r.url().startsWith(server.base) && !r.url().startsWith('data:') && outside.push(r.url()));
  page.setDefaultTimeout(8000);
  await page.goto(`${server.base}/${hash}`);
  await page.waitForSelector('main .view');
  return page;
}
async function logIn(page) {
  await page.goto(`${server.base}/#/link/${link}`);
  await page.waitForSelector('#link-password');
  await page.fill('#link-password', password);
  await page.fill('#link-again', password);
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('.account').innerText()) === 'hana');
}
const text = async (page, sel) => (await page.locator(sel).first().innerText()).replaceAll('\u00a0', ' ');
const shot = async (page, name) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true }); };
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}
const grouped = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ',');
const inFull = (wh) => `${grouped(Math.trunc(wh / 1000))}${wh % 1000 ? `.${String(wh % 1000).padStart(3, '0')}` : ''} kWh`;
const rate = (x) => `${(100 * x).toFixed(2)} %`;

async function aMonth() {
  const page = await open('#/matching/2023-07');
  await page.waitForSelector('.match .sankey .ribbon');
  const known = json('match', '--fy', '2023', '--month', '7'), all = await text(page, '.match');
  ok([known.town.volume_rate, known.town.annual_rate, known.town.time_matched_rate, known.town.local_share].every((x) => all.includes(rate(x))), 'the rates side by side, as the verb has them', all.slice(0, 300));
  ok(all.includes(inFull(known.town.load_wh)) && all.includes(inFull(known.town.matched_wh)), 'used and matched, in full');
  ok(known.flow.kinds.reduce((a, k) => a + k.matched_wh, 0) >= known.town.matched_wh && known.flow.links.length > 2, 'the flow comes to what is matched');
  const left = known.flow.sources.filter((s) => s.given_wh > 0).length + 1;
  ok((await page.locator('.sankey rect.bar').count()) > left, 'each source and use in the picture', left);
  await page.locator('.match .figures summary').click();
  ok((await page.locator('.match .figures tbody tr').count()) === known.flow.kinds.filter((k) => k.load_wh || k.matched_wh).length, 'and as a table');
  ok(all.includes('in proportion to what each offers or wants') && all.includes('Village pool'), 'the rules of the pools');
  await page.selectOption('#match-by', 'facilities');
  ok(await until(async () => (await page.locator('.match .long tbody tr').count()) === known.facilities.length), 'by facility, a row each');
  await page.selectOption('#match-fy', '2023');
  ok(await until(async () => (await text(page, '.match')).includes('the published pair'), 20000), 'a year has its four readings, one of them published');
  const year = json('match', '--fy', '2023');
  ok((await text(page, '.match')).includes(rate(year.variants['full,fixed'].rate ?? 0)) || year.variants['full,fixed'].rate === null, 'with its rate');
  await page.context().close();
}

async function aSlot() {
  const page = await open('#/matching/2023-07-04T12:00/mill');
  await page.waitForSelector('.match .sankey .ribbon');
  const known = json('match', '--pairs', '--slot', '2023-07-04T12:00').pairs.filter((p) => p.source === 'mill');
  ok(known.length > 0 && (await page.locator('.match .card').first().locator('tbody tr').count()) === known.length, 'whom the mill fed', known.length);
  const said = await text(page, '.match .card');
  ok(known.every((p) => said.includes(p.point) && said.includes(inFull(p.wh))), 'each with its Wh, as the verb has them', said);
  await page.locator('[aria-label="The next half-hour"]').click();
  ok(await until(async () => (await page.evaluate(() => location.hash)) === '#/matching/2023-07-04T12:30/mill'), 'the next half-hour has an address of its own');
  await page.locator('.match a[href$="/p-hall"]').first().click();
  ok(await until(async () => (await text(page, '.match .card h2')).includes('Who fed p-hall')), 'and a point leads to who fed it');
  expected = 1;
  await page.goto(`${server.base}/#/matching/2001-01-01T12:00`);
  ok(await until(async () => (await text(page, '.fault')).includes('2001-01-01')), 'a day without readings is said');
  expected = 0;
  await page.context().close();
}

async function certificates() {
  const page = await open('#/certificates');
  await page.waitForSelector('.certs table');
  const all = await text(page, '.certs');
  ok(all.includes('5,300 kWh') && all.includes('1,200 kWh') && all.includes('4,100 kWh'), 'bought, assigned, left', all.slice(0, 400));
  ok(all.includes('Solar plant A · Kanagawa') && all.includes('over with FY2021') && all.includes('until FY2023: this year'), 'tracking, and what runs out');
  const covers = json('certificate', 'check', '--fy', '2023');
  ok(await until(async () => covers.every((c) => c.shortfall_wh === 0) || (await text(page, '.certs')).includes(inFull(covers.find((c) => c.shortfall_wh).shortfall_wh)), 20000), 'what is missing behind a menu, as the verb has it');
  await page.context().close();
}

// A kWh is claimed once: the page says the first one's place.
async function claims() {
  const page = await open('#/certificates', { login: true });
  await page.waitForSelector('.certs table');
  const claim = async (id, of) => {
    await page.getByRole('button', { name: 'Make a claim' }).click();
    for (const [k, v] of [['id', id], ['kind', 'credit'], ['of', of], ['from', '2023-07-04'], ['to', '2023-07-04']]) await page.fill(`#ask-${k}`, v);
    await page.getByRole('button', { name: 'Do it' }).click();
  };
  await claim('first-claim', 'p-depot');
  ok(await until(async () => (await text(page, '.certs [role=status]')).includes('Claim first-claim')), 'a credit is claimed by the page', (await page.locator('dialog .fault').allInnerTexts()).join());
  const wh = json('claim').find((c) => c.id === 'first-claim').wh;
  ok(wh > 0 && (await text(page, '.certs')).includes(inFull(wh)), 'with its kWh, as the verb has them', wh);
  expected = 1;
  await claim('second-claim', 'p-depot');
  ok(await until(async () => (await text(page, 'dialog .fault')).includes('first-claim')), 'a second claim is refused with the first one’s place', await text(page, 'dialog .fault'));
  expected = 0;
  await page.keyboard.press('Escape');
  ok(json('claim').length === 1, 'and nothing is written of it');
  await page.getByRole('button', { name: 'Use up' }).first().click();
  ok(await until(async () => (await text(page, '.certs [role=status]')).includes('1,200 kWh used up')), 'certificates are used up', await text(page, '.certs [role=status]'));
  await page.context().close();
}

async function carbon() {
  const page = await open('#/carbon/2023-07-04');
  await page.waitForSelector('.carbon canvas');
  const year = json('carbon', '--fy', '2023'), d = json('carbon', '--by', 'slot', '--day', '2023-07-04');
  const all = await text(page, '.carbon');
  const t = (kg) => `${grouped(Math.trunc(Math.round(kg / 100) / 10))}.${Math.round(kg / 100) % 10} t`;
  ok(all.includes(t(Number(year.location_kg))) && all.includes(t(Number(year.market_kg))), 'location- and market-based, as the verb has them', `${year.location_kg} ${year.market_kg}`);
  ok(d.average.method === 'mix' && all.includes("the area's mix of generation"), 'the average of a half-hour comes from the mix', d.average.g_per_kwh[24]);
  ok(Number(d.average.g_per_kwh[0]) === 467.5 && Number(d.average.g_per_kwh[24]) === 300, '(600 x 370 + 200 x 760) / 800; with the sun (400 x 370 + 200 x 760) / 1000', d.average.g_per_kwh[0]);
  await page.locator('.carbon .figures summary').last().click();
  const cells = await page.locator('.carbon .figures tbody tr').nth(24).locator('td').allInnerTexts();
  ok(cells[1].replaceAll('\u00a0', ' ') === '300.0 g/kWh' && cells[2] === d.average.kg[24], 'each half-hour in a row', cells.join(' | '));
  await page.context().close();
}

const ways = [[{ width: 1366, height: 768 }, 'light', 'ja-JP'], [{ width: 360, height: 740 }, 'dark', 'en-US']];
async function looks() {
  for (const [viewport, theme, locale] of ways)
    for (const [hash, ready, name] of [['#/matching/2023-07', '.sankey .ribbon', 'matching'], ['#/matching/2023-07-04T12:00/mill', '.sankey .ribbon', 'matching-slot'], ['#/certificates', '.certs table', 'certificates'], ['#/carbon/2023-07-04', '.carbon canvas', 'carbon']]) {
      const page = await open(hash, { viewport, theme, locale });
      await page.waitForSelector(ready);
      const found = await serious(page);
      ok(found.length === 0 && (await fits(page)), `clean, and it fits (${name}, ${viewport.width}, ${theme})`, found.join('\n'));
      await shot(page, `${name}-${locale.slice(0, 2)}-${theme}-${viewport.width}`);
      await page.context().close();
    }
}

const began = Date.now();
for (const act of [aMonth, aSlot, certificates, claims, carbon, looks]) await act().catch((e) => ok(false, act.name, e.stack));
ok(outside.length === 0, 'nothing is asked of the outside', outside.join(' '));
ok(problems.length === 0, 'no error in the console', problems.join('\n'));
console.log(`# ${((Date.now() - began) / 1000).toFixed(1)} s`);
await browser.close();
await server.stop();
finish();
