// public.mjs: registers, a facility's page, the map by ward and the public page, on the example town. MIZO_SHOTS: pictures.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chrome, counts, fits, press, says, serious, shot, text, ways } from './chrome.mjs';
import { finish, mizo, ok, Server, skipAll, until } from './town.mjs';

const program = process.env.MIZO_RELEASE || mizo;
if (!program) skipAll('neither MIZO_RELEASE nor MIZO_BIN is set');
const top = mkdtempSync(join(tmpdir(), 'mizo-public-')), dir = join(top, 'town');
process.on('exit', () => rmSync(top, { recursive: true, force: true }));
const env = { ...process.env, MIZO_LANG: 'en', ASAN_OPTIONS: 'detect_leaks=0' };
if (process.env.MIZO_RELEASE) delete env.MIZO_MODULES; // those beside it
const run = (...words) => spawnSync(program, words, { encoding: 'utf8', env, timeout: 120000 });
if (run('init', '--example', 'kawasaki', dir).status !== 0) {
  ok(false, 'the example town is made');
  finish();
}
const BUREAU = '川崎市教育委員会', library = 'takatsu-library-01';
const [link, second] = ['edo', 'oto'].map((who) => JSON.parse(run('user', 'add', who, '--roles', 'reader,editor', '--bureau', BUREAU, '--region', dir, '--json').stdout).link);
const server = new Server(dir, '--clock', 'x1', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : []));
server.program = program;
server.env = env;
await server.start();
const c = await Chrome.start(server);
const page = await c.page({ locale: 'ja-JP' });
await page.goto(`${server.base}/#/lists`);

async function registers() {
  const api = (await server.get('lists')).lists;
  ok(await counts(page.locator('.lists tbody tr'), api.length), 'every list stands on the page', api.length);
  ok(await says(page, '.lists', ['脱炭素アクションみぞのくち推進会議', '省エネの記録']), 'registers, and what the office writes');
  await page.getByRole('link', { name: '脱炭素アクションみぞのくち推進会議' }).click();
  ok(await says(page, '.lists', ['公表は 58、名簿は 38', 'みぞのくち新都市株式会社']), 'said and listed, numbered as printed');
  ok((await page.locator('.lists tbody').first().locator('tr').count()) === 38 && (await page.locator('.lists tbody tr').nth(37).innerText()).startsWith('38'), '38 rows, 1 to 38');
  await press(page, '2022-10-28 の名簿を見る');
  ok(await says(page, '.facts', '公表と同じ'), 'as it stood on another day');
  await page.fill('#list-on', '2022-02-28');
  ok(await says(page, '.lists', 'この日の名簿はありません'), 'before it there is none');
  await c.go(page, '#/lists/company-shares', '.lists tbody tr');
  ok(await says(page, '.lists tfoot', '100.0％'), 'shares come to the whole');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.files a').nth(2).click()]);
  ok(file.suggestedFilename() === 'company-shares.csv', 'and go along as a file', file.suggestedFilename());
}

async function facility() {
  await c.go(page, `#/facility/${library}/2021`, '.facility svg.months');
  const api = await server.get(`facilities/${library}?fy=2021`), kwh = (wh) => Math.round(wh / 1000).toLocaleString('ja-JP');
  ok(await says(page, '.facility', [kwh(api.years[0].demand_wh), BUREAU, 'K-']), 'its year, its bureau and code', api.years[0].demand_wh);
  ok((await page.locator('.facility svg.months rect.month').count()) === api.months.filter((m) => m.read_wh !== null).length, 'a column a month that was read');
  ok((await page.getByRole('link', { name: 'いまの動き' }).getAttribute('href')) === `#/sites/${library}`, 'and the way to its live page');
  await page.selectOption('#facility-fy', '2020');
  ok(await says(page, '.facts', '2020年度'), 'another year');
  await c.refused(async () => {
    await page.goto(`${server.base}/#/facility/nowhere`);
    ok(await says(page, '.fault', 'nowhere'), 'one that is not there is said');
  });
}

async function map() {
  await c.go(page, '#/map', '.townmap .ward');
  ok((await page.locator('.townmap .ward').count()) === 7 && (await page.locator('.townmap .dot').count()) === 1050, 'seven wards, 1,050 points');
  ok(await says(page, '.map', '模式図'), 'the outlines say that they are schematic');
  await page.getByRole('button', { name: '高津区', exact: true }).focus();
  await page.keyboard.press('Enter');
  const n = (await server.get('map')).facilities.filter((f) => f.ward === '高津区').length;
  ok((await counts(page.locator('.townmap .dot'), n)) && (await says(page, '.view > .note', `${n} 施設`)), 'a ward by the keyboard: its points alone', n);
  ok((await page.evaluate(() => document.activeElement.textContent)) === '高津区', 'the focus stays where it was');
  await page.fill('.map input[type=search]', '図書館');
  ok(await says(page, '.map .long', '高津区 市立図書館 01'), 'the list beside it finds a facility');
  await page.getByRole('link', { name: '高津区 市立図書館 01' }).click();
  ok(await says(page, 'h1', '高津区 市立図書館 01'), 'and opens it');
  await c.go(page, '#/map', '.townmap .dot');
  await page.locator('.townmap .dot.private').first().dispatchEvent('click');
  ok(await until(async () => page.url().includes('#/facility/')), 'so does a point');
}

async function entering() {
  const p = await c.person('edo', link, { locale: 'ja-JP' });
  await c.go(p, '#/lists/saving', '.lists .act');
  ok(await says(p, '.lists', `${BUREAU} の施設の行だけ`), 'the list says whose rows these are');
  const fill = async (facility) => {
    await press(p, '追加');
    for (const [k, v] of Object.entries({ id: 'led-1', measure: 'LED', facility, before_kwh: '1000', after_kwh: '400', method: '実測', first_fy: '2021', last_fy: '2025', evidence: '請求書' })) await p.fill(`#ask-${k}`, v);
    await p.locator('dialog button[type=submit]').click();
  };
  await c.refused(async () => {
    await fill('takatsu-bus-depot-01');
    ok(await says(p, 'dialog .fault', BUREAU), "a row of another bureau's facility is refused, in words");
  });
  await p.fill('#ask-facility', library);
  await p.locator('dialog button[type=submit]').click();
  ok(await says(p, '.lists', ['led-1 を書きました（版 1）', '請求書']), 'its own is kept', await text(p, '.view'));
  await c.go(p, `#/facility/${library}/2021`, '.facility');
  ok(await says(p, '.facility', ['省エネの記録', 'LED']), 'and stands on the page of the facility');
  await together(p);
  await p.context().close();
}

// Two people have the same row open: who comes second keeps what was typed, sees what the first one wrote, and nothing is lost.
async function together(p) {
  const q = await c.person('oto', second, { locale: 'en-GB' });
  for (const x of [p, q]) await c.go(x, '#/lists/saving', '.lists .act');
  for (const [x, name] of [[p, '直す'], [q, 'Edit']]) await x.locator('tr', { hasText: 'led-1' }).getByRole('button', { name, exact: true }).click();
  await p.fill('#ask-after_kwh', '500');
  await p.locator('dialog button[type=submit]').click();
  ok(await says(p, '.lists', 'led-1 を書きました（版 2）'), 'the first one writes');
  await q.fill('#ask-after_kwh', '450');
  await c.refused(async () => {
    await q.locator('dialog button[type=submit]').click();
    ok(await says(q, 'dialog .fault', ['version 2', 'edo', '500']), 'the second one sees whose version stands there, and its figures', await text(q, 'dialog .fault'));
  });
  ok((await q.inputValue('#ask-after_kwh')) === '450', 'and keeps what was typed');
  const row = (await server.get('lists/saving')).rows.find((r) => r.id === 'led-1');
  ok(row.version === 2 && row.after_kwh === '500' && row.who === 'edo', 'nothing was written over', JSON.stringify(row));
  await q.context().close();
}

async function everybody() {
  const said = await server.get('public');
  await page.evaluate(() => (location.hash = '#/public'));
  ok(await until(async () => page.url() === `${server.base}/public`), 'and is found from the pages');
  for (const [viewport, theme, locale] of ways) {
    const p = await c.page({ viewport, theme, locale });
    await p.goto(`${server.base}/public`);
    const ja = locale.startsWith('ja');
    ok((await text(p, '.hero .text')) === (ja ? said.figures[0].text_ja : said.figures[0].text_en), 'the figure is the books’', said.figures[0]);
    ok((await p.locator('script').count()) === 0 && (await p.evaluate(() => document.documentElement.lang)) === locale.slice(0, 2), 'no script, in the language of the browser');
    const found = await serious(p);
    ok(found.length === 0 && (await fits(p)), `clean, and it fits (public, ${viewport.width}, ${theme})`, found.join('\n'));
    await shot(p, `public-${locale.slice(0, 2)}-${theme}-${viewport.width}`);
    if (ja) {
      await p.getByRole('link', { name: 'English' }).click();
      ok(await says(p, 'main', 'Takatsu Ward'), 'wards by their English names');
      ok(await says(p, '.hero .text', said.figures[0].text_en), 'one press for English');
    }
    await p.context().close();
  }
}

const looks = () => c.looks([['#/lists/model-area', '.lists tbody tr', 'register'], [`#/facility/${library}/2021`, '.facility svg.months', 'facility'], ['#/map', '.townmap .dot', 'map']], page);
await c.play(registers, facility, map, entering, everybody, looks);
finish();
