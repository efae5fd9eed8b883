// trade.mjs: the desk and the bills in Chromium against the real program: a day planned, corrected and filed by the
// verbs, a plant's notice of an outage out of its workbook; the bills of a month. Screenshots go to MIZO_SHOTS.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chrome, counts, says, shot, text } from './chrome.mjs';
import { finish, longPast, mizo, need, ok, root, Server, skipAll, until, village } from './town.mjs';

if (!mizo) skipAll('MIZO_BIN is not set');
const Ajv = need('ajv/dist/2020').default, formats = need('ajv-formats').default;

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
ok(longPast(dir), 'June has been read');
const link = JSON.parse(run('user', 'add', 'haru', '--roles', 'reader', '--json').stdout).link;
const known = JSON.parse(run('bill', '--month', '2023-06', '--json').stdout);
const server = await new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : [])).start();
await until(async () => (await server.get('town')).now);
const chrome = await Chrome.start(server);

async function theDesk() {
  const page = await chrome.open('#/desk', { locale: 'ja-JP' }), grouped = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ',');
  ok(await says(page, '.headline', /あと (\d+ 時間 )?\d+ 分/), 'what is left to the next deadline');
  const before = await text(page, '.headline'), d = await server.get('desk');
  ok(d.day === '2023-07-09' && d.outages.length === 1 && d.outages[0].plant === 'mill' && d.groups.length === 2, 'the answer has outages and groups', JSON.stringify([d.outages, d.groups]));
  ok(await says(page, '.headline', (said) => said !== before), 'the clock goes on');
  ok(await says(page, '.desk', [d.filed.hash, '第 1 版を提出済み', '1 コマ']), 'what is filed, with its hash, and what has moved since');
  ok(await says(page, '.desk', `${grouped(d.position.short_wh / 1000)} kWh`), 'the position in kWh', String(d.position.short_wh));
  ok(await says(page, '.desk', ['boiler check', '停止']), 'the outage with its reason');
  ok(await counts(page.locator('.sources tbody tr'), d.plan.lines.filter((l) => l.missing || l.wh.some((x) => x)).length), 'every source in a row');
  await page.locator('.desk details.figures summary').last().click();
  const half = page.locator('.desk .scroll tbody').first().locator('tr');
  ok(await counts(half, 48), 'the half-hours as a table of 48');
  const cells = await half.nth(29).locator('td').allInnerTexts();
  ok(cells[0] === String(Math.round(d.forecast.demand_wh[29] / 1000)) && cells[2] === String(d.filed.book.demand_wh[29] / 1000) && cells[6] === '–', 'forecast, plan as filed, and no actual where there is none', cells.join(' | '));
  await page.selectOption('#desk-group', 'mill-bg');
  ok(await says(page, '.desk .note', '村の発電BG'), 'the generation group has a desk of its own');
  await page.locator('[aria-label="次の日"]').click();
  ok(await until(async () => (await page.evaluate(() => location.hash)) === '#/desk/2023-07-10/mill-bg' && (await page.inputValue('#desk-day')) === '2023-07-10'), 'and so has the next day, with an address of its own');
  ok(await says(page, '.desk', 'mizo day plan --day 2023-07-10'), 'a day without a plan says how to make one');
  await chrome.refused(async () => {
    await chrome.go(page, '#/desk/2031-01-01/nobody');
    ok(await says(page, '.fault', 'nobody'), 'a group that is none is said');
  });
  // A deadline passes by the clock of the town, also while nothing new is asked for and a table is open.
  await page.route('**/api/v1/desk?*', async (r) => {
    const response = await r.fetch(), json = await response.json(), soon = new Date(Date.parse(json.now) + 120000 + 9 * 3600000);
    json.clock = [{ what: 'next-day-plan', state: 'ahead', at: `${soon.toISOString().slice(0, 19)}+09:00`, left_s: 120 }];
    await r.fulfill({ response, json });
  });
  await chrome.go(page, '#/desk/2023-07-09/village-bg', '.desk .dues li.ahead');
  ok(await until(async () => (await page.locator('.desk .dues li.missed').count()) === 1, 8000, 50), 'a deadline passes while one looks at it', await text(page, '.desk .dues'));
  await page.context().close();
}

const money = (s) => s.replace(/\.?0+$/, '').replace(/\B(?<!\..*)(?=(\d{3})+(?!\d))/g, ',');

async function described(page) {
  const doc = JSON.parse(readFileSync(join(root, 'web/openapi.json'), 'utf8')), ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  ajv.addSchema({ $id: 'doc', components: doc.components });
  for (const [path, status, schema] of [['bills?month=2023-06', 200, 'Bills'], ['bills?month=2023-07', 200, 'Bills'], ['bills', 200, 'Bills'], ['bills?month=1999-01', 200, 'Bills'], ['bills/c-school?month=2023-06', 200, 'Bill'],
    ['bills/c-school?month=2023-07', 200, 'Bill'], ['bills/c-school?month=1999-01', 200, 'Bill'], ['bills/none', 404, 'Problem'], ['bills?month=July', 400, 'Problem']]) {
    const said = await page.evaluate(async (p) => { const r = await fetch(`/api/v1/${p}`); return [r.status, await r.json()]; }, path);
    const check = ajv.compile({ $ref: `doc#/components/schemas/${schema}` });
    ok(said[0] === status && check(said[1]), `${path} gives ${status} as described`, check.errors ?? said[0]);
  }
}

async function theBills() {
  const shut = await Promise.all(['bills', 'bills/c-depot?month=2023-06'].map((p) => fetch(`${server.base}/api/v1/${p}`)));
  ok(shut.every((r) => r.status === 401), 'bills need a login, on this machine too', String(shut.map((r) => r.status)));
  const page = await chrome.person('haru', link, { locale: 'ja-JP' });
  await chrome.refused(() => described(page), 2);
  await chrome.go(page, '#/bills/2023-06');
  ok(await counts(page.locator('.bills tbody tr'), 4), 'four contracts');
  for (const b of known.bills) ok(await says(page, '.bills', `${money(b.total_yen)} 円`), `${b.contract} as \`mizo bill\` has it`, money(b.total_yen));
  await page.fill('#bills-find', 'school');
  ok(await counts(page.locator('.bills tbody tr'), 1), 'one is found by its name');
  await shot(page, 'bills-found');
  await page.locator('.bills tbody a').click();
  const bill = known.bills.find((b) => b.contract === 'c-school');
  ok(await counts(page.locator('.bill table').first().locator('tbody tr'), bill.lines.length), 'each line of the bill in a row');
  ok(await says(page, '.bill', bill.lines.flatMap((l) => [`${l.file}:${l.line}`, money(l.amount_yen), money(l.price ?? '')])), 'with its price, amount and row of the tariff');
  ok(await says(page, '.bill', [...bill.lines.flatMap((l) => l.params.map((x) => `params.csv:${x.line}`)), `${money(bill.exact_yen)} 円 = ${money(bill.total_yen)} 円 + ${money(bill.left_yen)} 円`]), 'and it closes before the reader');
  ok((await page.locator('.bill .mark2').count()) >= bill.lines.length, 'every figure has its mark');
  await chrome.refused(async () => {
    await chrome.go(page, '#/bills/2023-07/c-school');
    ok(await says(page, '.faults', /1?,?\d+ コマ|half-hours|半時間|足りません|欠/), 'a bill that cannot be made says why');
    await chrome.go(page, '#/bills/2023-06/c-nobody');
    ok(await says(page, '.fault', 'c-nobody'), 'a contract that is none is said');
  });
  await chrome.looks([['#/bills/2023-06', '.bills tbody tr', 'bills'], ['#/bills/2023-06/c-school', '.bill .origin', 'bill']], page);
  await page.context().close();
}

await chrome.play(theDesk, () => chrome.looks([['#/desk/2023-07-09/village-bg', '.sources', 'desk']]), theBills);
finish();
