// office.mjs: the office's pages in Chromium against the real program, on the example town: its desk, the rate in parts,
// plans, inventory; figures that open, a result entered by one and refused to another, a report frozen. MIZO_SHOTS: pictures.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish, mizo, need, ok, Server, skipAll, until } from './town.mjs';

const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium', program = process.env.MIZO_RELEASE || mizo;
let chromium, axe;
try {
  ({ chromium } = need('playwright-core'));
  axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
if (!existsSync(chrome)) skipAll(`no ${chrome}`);
if (!program) skipAll('neither MIZO_RELEASE nor MIZO_BIN is set');
const shots = process.env.MIZO_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const began = Date.now();
const top = mkdtempSync(join(tmpdir(), 'mizo-office-')), dir = join(top, 'town');
process.on('exit', () => rmSync(top, { recursive: true, force: true }));
const env = { ...process.env, MIZO_LANG: 'en', ASAN_OPTIONS: 'detect_leaks=0' };
if (process.env.MIZO_RELEASE) delete env.MIZO_MODULES; // those beside it
const run = (...words) => spawnSync(program, words, { encoding: 'utf8', env, timeout: 120000 });
const json = (...words) => JSON.parse(run(...words, '--region', dir, '--json').stdout);
const made = run('init', '--example', 'kawasaki', dir);
if (made.status !== 0) {
  ok(false, 'the example town is made', made.stderr);
  finish();
}
run('city', 'put', 'recruit', 'firm-1', 'name=x', 'stage=visited', 'invited=2021-05-01', 'visited=2021-06-01', '--region', dir);
const links = Object.fromEntries(['hana', 'taro'].map((u) => [u, json('user', 'add', u, '--roles', 'operator,reader').link]));
const server = new Server(dir, '--clock', 'x1', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : []));
server.program = program;
server.env = env;
await server.start();
const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const problems = [], outside = [];
let expected = false; // a refusal is meant

async function person(name) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'ja-JP', bypassCSP: true });
  const page = await context.newPage();
  page.on('pageerror', (e) => problems.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !expected && problems.push(m.text()));
  page.on('request', (r) => !r.url().startsWith(server.base) && !r.url().startsWith('data:') && outside.push(r.url()));
  page.setDefaultTimeout(10000);
  await page.goto(`${server.base}/#/link/${links[name]}`);
  await page.fill('#link-password', 'four odd words here');
  await page.fill('#link-again', 'four odd words here');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('.account').innerText()) === name);
  return page;
}
const text = async (page, sel) => (await page.locator(sel).first().innerText()).replaceAll('\u00a0', ' ');
const says = (page, sel, what, ms) => until(async () => (await text(page, sel)).includes(what), ms, 30);
const go = async (page, hash, ready) => {
  await page.goto(`${server.base}/${hash}`);
  await page.waitForSelector(ready);
};
const press = (page, name) => page.getByRole('button', { name }).first().click();
const kwh = (wh) => `${(Math.floor(wh / 1000)).toLocaleString('en')}`;

// A figure opens to its operands, their sources and who keeps them; Escape closes it and the focus is back.
async function why(page) {
  await go(page, '#/achievement/2023', '.rate .figure');
  const verb = json('city', 'why', 'net-zero-rate', '2023').steps;
  await page.locator('.rate .figure').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.whys li');
  ok((await page.locator('.whys li').count()) === verb.length && verb.every((s) => s.value), 'a figure opens to each operand, as the verb has them', verb.length);
  const shown = await text(page, '.whys');
  ok(verb.slice(1).every((s) => shown.includes(s.value.replaceAll('\u00a0', ' ')) && shown.includes(s.source)), 'with values and sources', shown);
  await page.keyboard.press('Escape');
  ok(await until(async () => (await page.locator('dialog').count()) === 0) && (await page.evaluate(() => document.activeElement.className)) === 'figure', 'closed, the focus is back');
}

async function rate(page) {
  const verb = json('city', 'ledger', '--fy', '2023', '--by', 'supplier');
  ok((await text(page, '.rate')) === '約46％' && (await says(page, '.ach', '31,825,490')) && (await says(page, '.ach', '▲1,883,728')), 'the rate and the table as it is printed');
  ok((await page.locator('.ach table').first().locator('thead th').count()) === 7, 'five years and the direction, empty ones too');
  await page.selectOption('#ach-by', 'supplier');
  ok(await until(async () => (await page.locator('.ach tbody th', { hasText: verb.rows[0].name_ja }).count()) === 1), 'cut by supplier', verb.rows[0].name_ja);
  const whole = await page.locator('.ach tfoot').innerText();
  ok(whole.includes(kwh(verb.demand_wh)) && verb.rows.reduce((a, r) => a + r.demand_wh, 0) === verb.demand_wh, 'the parts come to the whole, as the verb has it', whole);
  const part = json('city', 'ledger', '--fy', '2023', '--by', 'supplier', '--part', verb.rows[0].part);
  await page.locator('.ach tbody tr', { hasText: verb.rows[0].name_ja }).locator('.figure').first().click();
  ok(await until(async () => (await page.locator('dialog tbody tr').count()) === Math.min(20, part.members.length)) && (await page.locator('dialog tbody tr').first().innerText()).includes(kwh(part.members[0].demand_wh)), 'a part opens to whom it is made of');
  await page.keyboard.press('Escape');
  await page.locator('.ach section', { hasText: '四つの読み方' }).locator('.figure').first().click();
  ok((await page.locator('dialog tfoot').innerText()).includes(kwh(183147067000)), 'a reading opens to its terms');
  await page.keyboard.press('Escape');
  await press(page, '引用文をコピー');
  ok(await says(page, '.quoted', '46.26'), 'a citation with the sum, the source and the model', await text(page, '.quoted'));
  await press(page, '施設ごとの台帳を開く');
  ok(await says(page, '.ach .cuts .long', '1050'), 'the ledger of 1,050 facilities');
  await page.fill('.ach .cuts .long input', '高津区 配送');
  ok(await until(async () => (await page.locator('.ach .cuts .long tbody tr').count()) === 2), 'found by words');
  await page.locator('.ach .cuts .long tbody .figure').first().click();
  ok((await page.locator('dialog tbody tr').count()) === 12, 'a facility opens to its twelve months');
  await page.keyboard.press('Escape');
  ok((await says(page, '.ach', '公表に使う組', 20000)) && (await says(page, '.ach', '係数 423 g/kWh')), 'four readings with the published pair named, the effect with its factor');
  const href = await page.locator('.ledger .files a').first().getAttribute('href');
  const file = await fetch(server.base + href);
  ok(file.status === 200 && (await file.arrayBuffer()).byteLength > 3000 && /attachment.*achievement-2023\.xlsx/.test(file.headers.get('content-disposition')), 'the report comes as a workbook', file.headers.get('content-disposition'));
}

async function freeze(page) {
  await press(page, '公表として残す');
  await page.fill('#ask-why', '議会の資料');
  await press(page, '実行');
  ok(await says(page, '.ach', 'いまも同じ', 30000), 'a report is kept as published', await text(page, '.ach'));
  const kept = json('city', 'published').rows;
  ok(kept.length === 1 && kept[0].who === 'hana' && kept[0].report === 'achievement', 'as the verb knows, by whom', JSON.stringify(kept));
}

async function desk(page, other) {
  await go(page, '#/office', '.office .facts');
  ok((await says(page, '.office .facts', '約46％')) && (await says(page, '.office .facts', '件すべて一致')), 'the desk: the rate, and figures that must come out');
  ok(await says(page, '.office .changes', '40件 → 63件'), 'a target that was changed, with both');
  let free;
  const held = new Promise((done) => (free = done));
  await page.route('**/api/v1/city/late*', async (r) => (await held, r.continue()));
  await page.reload();
  ok((await says(page, '.office', '公表するもの')) && !(await text(page, '.office')).includes('年次表'), 'the desk stands before the ledger of the year is read');
  free();
  ok(await says(page, '.office', '年次表'), 'which is then filled in');
  await page.unroute('**/api/v1/city/late*');
  const late = json('city', 'late', '--fy', '2021').rows.find((r) => r.bureau === '川崎市消防局');
  const table = (last) => Buffer.from(`令和3年度,単位:kWh\n施設名,${[4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3].map((m) => `${m}月`).join(',')}\n${late.name_ja}${',100'.repeat(11)},${last}\n`);
  expected = true;
  await page.locator('.yearly input[type=file]').setInputFiles({ name: 'R3.csv', mimeType: 'text/csv', buffer: table('多数') });
  ok(await says(page, '.yearly .fault', 'M3'), 'a yearly table that is wrong: its cell', await text(page, '.yearly'));
  expected = false;
  await page.locator('.yearly input[type=file]').setInputFiles({ name: 'R3.csv', mimeType: 'text/csv', buffer: table('90') });
  ok(await says(page, '.office', 'R3.csv: 1 施設'), 'mended, it is taken in');
  await press(page, '実績を入力');
  for (const [name, value] of [['indicator', 'home-pv'], ['fy', 'R6'], ['value', '161件'], ['vintage', 'provisional'], ['source', '補助の担当']]) await page.fill(`#ask-${name}`, value);
  await press(page, '実行');
  ok(await says(page, '.office .changes', '161件'), 'a result is entered, and is what changed last', await text(page, '.office .changes'));
  const verb = json('city', 'results').rows[0];
  ok(verb.indicator === 'home-pv' && verb.who === 'hana' && verb.vintage === 'provisional', 'as the verb knows', JSON.stringify(verb));
  const second = (version) => other.evaluate(async ([v]) => {
    const me = await (await fetch('/api/v1/me')).json();
    const r = await fetch('/api/v1/city/results', { method: 'POST', headers: { 'content-type': 'application/json', 'x-mizo-csrf': me.csrf, 'if-match': `"${v}"` }, body: JSON.stringify({ indicator: 'home-pv', fy: '2024', value: '170件', vintage: 'provisional', source: '別の集計' }) });
    return [r.status, JSON.stringify(await r.json())];
  }, [version]);
  expected = true;
  const refused = await second(0);
  expected = false;
  ok(refused[0] === 409 && refused[1].includes('hana'), 'who saw an older one is refused, with who wrote it', refused.join(' '));
  ok((await second(verb.version))[0] === 200, 'who saw this one is not');
  await press(page, '実績を入力');
  for (const [name, value] of [['indicator', 'home-pv'], ['fy', '令和6年度'], ['value', '180件'], ['vintage', 'provisional'], ['source', '補助の担当']]) await page.fill(`#ask-${name}`, value);
  expected = true;
  await press(page, '実行');
  ok(await says(page, 'dialog', 'taro'), 'a page that was opened before is told too', await text(page, 'dialog'));
  expected = false;
  await page.keyboard.press('Escape');
  ok(json('city', 'why', 'home-pv', '2024').steps[0].by === 'taro', 'and the figure names its author');
}

// A list of the office has what comes of it below: how far talks came. Of the eight firms of the example and one more seven were visited.
async function lists(page) {
  await go(page, '#/lists/recruit', '.lists .blocks tbody tr');
  ok((await says(page, '.lists .blocks', '77.8')) && (await says(page, '.lists', '訪問')), 'talks in their stages, and the funnel below', await text(page, '.lists'));
  await go(page, '#/lists/grant', '.lists .blocks tbody tr');
  ok(await says(page, '.lists tbody', '川崎区 市庁舎 01'), 'a facility by its name', await text(page, '.lists tbody'));
  await press(page, 'English');
  ok(await says(page, '.lists .blocks', 'asset'), 'what the server writes follows the language of the page, not of the browser');
  ok(!/[\u3040-\u30ff]/.test((await page.locator('.lists .blocks th, .lists .blocks h3').allInnerTexts()).join()), 'all of it', (await page.locator('.lists .blocks h3').allInnerTexts()).join());
  await press(page, '日本語');
}

async function plans(page) {
  await go(page, '#/plans', '.tree .leaf');
  const verb = json('report', 'plan', '--fy', '2023').rows;
  ok((await page.locator('.tree .leaf').count()) === verb.length, 'every node of both plans', verb.length);
  ok((await text(page, '.tree')).includes(`本文 40 · 掲載 ${verb[0].listed}`), 'declared and listed stand side by side');
  await page.locator('.leaf', { hasText: 'スマートシティ' }).last().click();
  await page.waitForSelector('.plans .figure');
  ok((await says(page, '.plans2 .column', '累計66件')) && (await says(page, '.plans2 .column', '66件')), 'the evaluation with its reason, targets and results');
  await press(page, '評価を決める');
  for (const [name, value] of [['status', 'B'], ['direction', 'I'], ['reason', '広報の指標を見直した'], ['way', '計画どおり進める']]) await page.fill(`#ask-${name}`, value);
  await press(page, '実行');
  ok((await says(page, '.plans2 .column', '広報の指標を見直した')) && (await says(page, '.plans2 .column', 'hana')), 'a person decides otherwise than the rule, with a reason and a name', await text(page, '.plans2 .column'));
  const sheet = json('report', 'evaluation', '--fy', '2023').rows[0];
  ok(sheet.status === 'B' && sheet.proposed === 'A' && sheet.direction === 'I', 'as the verb knows', JSON.stringify([sheet.status, sheet.proposed]));
  await go(page, '#/plans/climate-m12', '.plans2 .column');
  ok(await says(page, '.plans2 .column', '再掲（038）'), 'a business that is listed again says of which');
  await go(page, '#/plans/climate-pj2', '.plans2 .column tbody tr');
  ok((await page.locator('.plans2 .column tbody tr').count()) >= 12, 'a project shows the businesses with its tag');
}

async function gases(page) {
  await go(page, '#/inventory/city/2019', '.inventory tbody .figure');
  const body = await text(page, '.inventory');
  ok(body.includes('4,700,000 t') && body.includes('4,600,000 t') && body.includes('そろえずに'), 'printed totals and the sums of their parts, as they are');
  ok(body.includes('▲71.9万t-CO2') && body.includes('▲27.5'), 'the pace that is needed beside the actual one');
  await page.locator('.inventory tbody .figure').first().click();
  ok(await says(page, 'dialog', 'S1:284-294'), 'a cell opens to its source and rounding');
  await page.keyboard.press('Escape');
  ok((await says(page, '.inventory', '数えた容量')) && (await says(page, '.inventory', '固定価格買取の認定(例示) で数えた')), 'capacity by register, a plant once');
  await page.selectOption('#inv-of', 'city-hall');
  ok(await says(page, '.inventory', '374,613 t'), 'city hall stands apart');
  const all = json('city', 'entity', '--fy', '2023');
  ok(await says(page, '.inventory', kwh(all.wh), 20000), 'with its year as a reporting entity, as the verb has it', all.wh);
  await page.selectOption('#inv-of', 'illustration');
  ok((await says(page, '.inventory', '改定の理由')) && (await says(page, '.inventory', '84.5')), 'a restated year says why: scope, activity, factor, GWP, rounding');
}

// Each page once: two at the desk in daylight, two on a phone in the dark.
const ways = [
  [{ width: 1366, height: 768 }, 'light', 'ja', [['#/office', '.office tbody tr', 'office'], ['#/inventory', '.inventory tbody tr', 'inventory']]],
  [{ width: 360, height: 740 }, 'dark', 'en', [['#/achievement', '.ach tfoot', 'rate'], ['#/plans/policy-4-2-4', '.plans tbody tr', 'plans']]],
];
async function looks(page) {
  for (const [viewport, theme, lang, pages] of ways) {
    await page.setViewportSize(viewport);
    await page.evaluate(([th, l]) => { localStorage.setItem('mizo-theme', th); localStorage.setItem('mizo-lang', l); }, [theme, lang]);
    await page.goto('about:blank');
    for (const [hash, ready, name] of pages) {
      await go(page, hash, ready);
      await page.evaluate(axe);
      const found = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 2).join(' ')}`));
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1);
      ok(found.length === 0 && fits, `clean, and it fits (${name}, ${viewport.width}, ${theme})`, found.join('\n'));
      if (shots) await page.screenshot({ path: join(shots, `${name}-${lang}-${theme}-${viewport.width}.png`), fullPage: true });
    }
  }
  const pdf = await page.pdf({ format: 'A4' });
  ok(pdf.length > 5000, 'it prints on A4');
}

const hana = await person('hana'), taro = await person('taro');
for (const act of [why, rate, freeze, desk, lists, plans, gases, looks]) {
  const from = Date.now();
  await act(hana, taro).catch((e) => ok(false, act.name, e.stack));
  console.log(`# ${act.name} ${((Date.now() - from) / 1000).toFixed(1)} s`);
}
ok(outside.length === 0, 'nothing is asked of the outside', outside.join(' '));
ok(problems.length === 0, 'no error in the console', problems.join('\n'));
console.log(`# ${((Date.now() - began) / 1000).toFixed(1)} s`);
await browser.close();
await server.stop();
finish();
