// supply.mjs: matching, certificates and CO2 in Chromium against the real program: the pages say what the verbs say.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chrome, counts, says, text } from './chrome.mjs';
import { finish, mizo, ok, Server, skipAll, until, village } from './town.mjs';

if (!mizo) skipAll('MIZO_BIN is not set');

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
const link = json('user', 'add', 'hana', '--roles', 'operator,reader').link;
const server = await new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : [])).start();
await until(async () => (await server.get('town')).now);
const chrome = await Chrome.start(server), open = (hash) => chrome.open(hash);
const grouped = (v) => String(v).replace(/\B(?=(\d{3})+$)/g, ',');
const inFull = (wh) => `${grouped(Math.trunc(wh / 1000))}${wh % 1000 ? `.${String(wh % 1000).padStart(3, '0')}` : ''} kWh`;
const rate = (x) => `${(100 * x).toFixed(2)} %`;

async function aMonth() {
  const page = await open('#/matching/2023-07'), uses = page.locator('.match .figures tbody tr');
  const known = json('match', '--fy', '2023', '--month', '7'), x = known.town;
  ok(await says(page, '.match', [x.volume_rate, x.annual_rate, x.time_matched_rate, x.local_share].map(rate)), 'the rates side by side, as the verb has them', (await text(page, '.match')).slice(0, 300));
  ok(await says(page, '.match', [inFull(x.load_wh), inFull(x.matched_wh)]), 'used and matched, in full');
  ok(known.flow.kinds.reduce((a, k) => a + k.matched_wh, 0) >= x.matched_wh && known.flow.links.length > 2, 'the flow comes to what is matched');
  const left = known.flow.sources.filter((s) => s.given_wh > 0).length + 1;
  ok(await until(async () => (await page.locator('.sankey rect.bar').count()) > left), 'each source and use in the picture', left);
  await page.locator('.match .figures summary').click();
  ok(await counts(uses, known.flow.kinds.filter((k) => k.load_wh || k.matched_wh).length), 'and as a table');
  ok(await says(page, '.match', ['in proportion to what each offers or wants', 'Village pool']), 'the rules of the pools');
  await page.selectOption('#match-by', 'facilities');
  ok(await counts(page.locator('.match .long tbody tr'), known.facilities.length), 'by facility, a row each');
  await page.selectOption('#match-fy', '2023');
  ok(await says(page, '.match', 'the published pair', 20000), 'a year has its four readings, one of them published');
  const pair = json('match', '--fy', '2023').variants['full,fixed'].rate;
  ok(await says(page, '.match', pair === null ? '–' : rate(pair)), 'with its rate', String(pair));
  await page.context().close();
}

async function aSlot() {
  const page = await open('#/matching/2023-07-04T12:00/mill'), first = page.locator('.match .card').first();
  const known = json('match', '--pairs', '--slot', '2023-07-04T12:00').pairs.filter((p) => p.source === 'mill');
  ok(known.length > 0 && (await counts(first.locator('tbody tr'), known.length)), 'whom the mill fed', known.length);
  ok(await says(page, '.match .card', known.flatMap((p) => [p.point, inFull(p.wh)])), 'each with its Wh, as the verb has them', await text(page, '.match .card'));
  await page.locator('[aria-label="The next half-hour"]').click();
  ok(await until(async () => (await page.evaluate(() => location.hash)) === '#/matching/2023-07-04T12:30/mill'), 'the next half-hour has an address of its own');
  await page.locator('.match a[href$="/p-hall"]').first().click();
  ok(await says(page, '.match .card h2', 'Who fed p-hall'), 'and a point leads to who fed it');
  await chrome.refused(async () => {
    await page.goto(`${server.base}/#/matching/2001-01-01T12:00`);
    ok(await says(page, '.fault', '2001-01-01'), 'a day without readings is said');
  });
  await page.context().close();
}

async function certificates() {
  const page = await open('#/certificates');
  ok(await says(page, '.certs', ['5,300 kWh', '1,200 kWh', '4,100 kWh']), 'bought, assigned, left', (await text(page, '.certs')).slice(0, 400));
  ok(await says(page, '.certs', ['Solar plant A · Kanagawa', 'over with FY2021', 'until FY2023: this year']), 'tracking, and what runs out');
  const short = json('certificate', 'check', '--fy', '2023').menus.find((c) => c.shortfall_wh);
  ok(await says(page, '.certs', short ? inFull(short.shortfall_wh) : 'Every menu is covered', 20000), 'what is missing behind a menu, as the verb has it');
  await page.context().close();
}

// A kWh is claimed once: the page says the first one's place.
async function claims() {
  const page = await chrome.person('hana', link);
  await chrome.go(page, '#/certificates', '.certs table');
  const claim = async (id, of) => {
    await page.getByRole('button', { name: 'Make a claim' }).click();
    for (const [k, v] of [['id', id], ['kind', 'credit'], ['of', of], ['from', '2023-07-04'], ['to', '2023-07-04']]) await page.fill(`#ask-${k}`, v);
    await page.getByRole('button', { name: 'Do it' }).click();
  };
  await claim('first-claim', 'p-depot');
  ok(await says(page, '.certs [role=status]', 'Claim first-claim'), 'a credit is claimed by the page', (await page.locator('dialog .fault').allInnerTexts()).join());
  const wh = json('claim').find((c) => c.id === 'first-claim').wh;
  ok(wh > 0 && (await says(page, '.certs', inFull(wh))), 'with its kWh, as the verb has them', wh);
  await chrome.refused(async () => {
    await claim('second-claim', 'p-depot');
    ok(await says(page, 'dialog .fault', 'first-claim'), 'a second claim is refused with the first one’s place', await text(page, 'dialog .fault'));
  });
  await page.keyboard.press('Escape');
  ok(json('claim').length === 1, 'and nothing is written of it');
  await page.getByRole('button', { name: 'Use up' }).first().click();
  ok(await says(page, '.certs [role=status]', '1,200 kWh used up'), 'certificates are used up', await text(page, '.certs [role=status]'));
  const lots = (kwh) => ({ name: 'lots.csv', mimeType: 'text/csv', buffer: Buffer.from(`lot,kind,vintage,number_from,number_to,kwh\nfit-page,fit,2023,900001,900100,${kwh}\n`) });
  await chrome.refused(async () => {
    await page.locator('.certs input[type=file]').setInputFiles(lots('many'));
    ok(await says(page, '.certs .fault', 'line 2, column 33: '), 'a CSV with a mistake is refused with its place', await text(page, '.certs'));
  });
  await page.locator('.certs input[type=file]').setInputFiles(lots('100'));
  ok(await says(page, '.certs [role=status]', '1 lots, 100 kWh taken in') && (await says(page, '.certs', 'fit-page')), 'and mended it is taken in', await text(page, '.certs [role=status]'));
  await page.context().close();
}

async function carbon() {
  const page = await open('#/carbon/2023-07-04');
  const year = json('carbon', '--fy', '2023'), d = json('carbon', '--by', 'slot', '--day', '2023-07-04');
  const t = (kg) => `${grouped(Math.trunc(Math.round(kg / 100) / 10))}.${Math.round(kg / 100) % 10} t`;
  ok(await says(page, '.carbon', [t(Number(year.location_kg)), t(Number(year.market_kg))]), 'location- and market-based, as the verb has them', `${year.location_kg} ${year.market_kg}`);
  ok(d.average.method === 'mix' && (await says(page, '.carbon', "the area's mix of generation")), 'the average of a half-hour comes from the mix', d.average.g_per_kwh[24]);
  ok(Number(d.average.g_per_kwh[0]) === 467.5 && Number(d.average.g_per_kwh[24]) === 300, '(600 x 370 + 200 x 760) / 800; with the sun (400 x 370 + 200 x 760) / 1000', d.average.g_per_kwh[0]);
  await page.locator('.carbon .figures summary').last().click();
  ok(await counts(page.locator('.carbon .figures tbody tr'), 48), 'the day opens as a table');
  ok(await until(async () => ((c) => c[1].replaceAll('\u00a0', ' ') === '300.0 g/kWh' && c[2] === d.average.kg[24])(await page.locator('.carbon .figures tbody tr').nth(24).locator('td').allInnerTexts())), 'each half-hour in a row');
  await page.context().close();
}

const looks = () => chrome.looks([['#/matching/2023-07', '.sankey .ribbon', 'matching'], ['#/matching/2023-07-04T12:00/mill', '.sankey .ribbon', 'matching-slot'], ['#/certificates', '.certs table', 'certificates'], ['#/carbon/2023-07-04', '.carbon canvas', 'carbon']]);

await chrome.play(aMonth, aSlot, certificates, claims, carbon, looks);
finish();
