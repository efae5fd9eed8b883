// example.mjs: the example town of 1,050 sites in Chromium. It is made once, by the release program where there is
// one (MIZO_RELEASE), and served by the same: its size is what is tested here.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chrome, says, shot, text as textOf } from './chrome.mjs';
import { finish, mizo, ok, Server, skipAll, sleep, until } from './town.mjs';

const program = process.env.MIZO_RELEASE || mizo;
if (!program) skipAll('neither MIZO_RELEASE nor MIZO_BIN is set');

const top = mkdtempSync(join(tmpdir(), 'mizo-example-'));
process.on('exit', () => rmSync(top, { recursive: true, force: true }));
const dir = join(top, 'town');
const env = { ...process.env, MIZO_LANG: 'en' };
if (process.env.MIZO_RELEASE) delete env.MIZO_MODULES; // those beside it
const made = spawnSync(program, ['init', '--example', 'kawasaki', dir], { env, encoding: 'utf8', timeout: 120000 });
if (made.status !== 0) {
  ok(false, 'the example town is made', made.stderr);
  finish();
}
const server = new Server(dir, '--clock', 'x600');
server.program = program;
server.env = env;
const began = Date.now();
await server.start();
ok(Date.now() - began < 5000, 'it is up', `${Date.now() - began} ms`);
ok(await until(async () => (await server.get('town')).slot > 0, 30000), 'and moves');

const c = await Chrome.start(server);
const page = await c.page({ locale: 'ja-JP', more: { bypassCSP: false } });
await page.goto(`${server.base}/#/`);
const go = (hash) => c.go(page, hash), text = (sel) => textOf(page, sel);
const rows = () => page.locator('.sites li').count();

async function town() {
  const t0 = Date.now();
  await go('#/');
  await page.waitForFunction(() => document.querySelectorAll('.flow .ribbon[d]').length > 6);
  ok(Date.now() - t0 < 5000, 'the picture stands', `${Date.now() - t0} ms`);
  ok((await page.locator('.check').count()) >= 3, 'the state of the town in a line', await text('.checks'));
  ok(await until(async () => (await text('.facts')).includes('円'), 20000), 'the plan has its cost, bound and gap');
  const cut = await page.evaluate(() => [...document.querySelectorAll('.flow text')].filter((e) => { const b = e.getBBox(); return e.textContent && (b.x < -1 || b.x + b.width > e.ownerSVGElement.viewBox.baseVal.width + 1); }).map((e) => e.textContent));
  ok(cut.length === 0, 'no label runs out of the picture', cut.join(' '));
  await shot(page, 'example-town');
}

async function sites() {
  await go('#/sites');
  await page.waitForSelector('.sites li');
  ok((await text('.view [role=status]')).includes('1,050'), '1,050 sites');
  for (const [q, least, most] of [['中原 小学校', 1, 49], ['たかつ 配送', 1, 49], ['K-10616', 1, 1], ['asao-library-01', 1, 1]]) {
    const t0 = Date.now();
    await page.fill('#search', '');
    await until(async () => (await rows()) === 50, 3000, 10);
    await page.fill('#search', q);
    const found = await until(async () => { const n = await rows(); return n >= least && n <= most; }, 3000, 10);
    ok(found, `"${q}" is found`, `${Date.now() - t0} ms, twice 120 ms of waiting for the next letter`);
  }
  await page.fill('#search', '');
  await until(async () => (await rows()) >= 50);
  for (let i = 0; i < 60 && (await rows()) < 1050; i++) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await sleep(60);
  }
  ok(await until(async () => (await rows()) === 1050, 8000), 'scrolling brings them all', await rows());
}

async function kinds() {
  await go('#/sites/takatsu-delivery-depot-01');
  await page.waitForFunction(() => document.querySelectorAll('.card canvas').length >= 4);
  const vans = (await server.get('sites/takatsu-delivery-depot-01')).points[0].vehicles;
  ok(vans.length === 25 && (await page.getByText('25 台中').count()) === 1, 'the depot counts its 25 vans');
  ok(await until(async () => {
    const here = (await server.get('sites/takatsu-delivery-depot-01')).points[0].vehicles.filter((v) => v.state === 'here').length;
    return here > 0 && (await page.locator('.vehicle').count()) === here;
  }, 20000, 200), 'each van that is here says what it wants');
  ok((await page.locator('.next li').count()) > 0, 'what comes next', await text('.next'));
  ok((await page.locator('.peaks dt').count()) === 4 && (await page.locator('.why').count()) === 1, 'running mean, peaks, contract; and why');
  await shot(page, 'example-depot');
  await go('#/sites/asao-street-lamps-01');
  ok(await until(async () => (await page.getByText('30 分ごとの実績はありません').count()) === 1) && (await page.locator('.card canvas').count()) === 0, 'street lamps without half-hours say so, without empty figures');
  await go('#/achievement');
  await page.waitForSelector('.rate');
  ok(await says(page, '.rate', '約46％'), 'FY2023', await text('.rate'));
  await page.selectOption('#fy', '2022');
  ok(await until(async () => (await page.locator('.ledger').count()) > 0 && (await text('.ledger')).includes('÷')), 'FY2022');
}

async function sizes() {
  const packed = await fetch(`${server.base}/api/v1/town`);
  const body = await packed.text();
  ok(body.length < 100000 && packed.headers.get('content-encoding') === 'gzip', 'the town is under 100 kB, and packed', `${body.length} bytes`);
  const took = [];
  for (let i = 0; i < 20; i++) {
    const t0 = performance.now();
    await (await fetch(`${server.base}/api/v1/town`)).text();
    took.push(performance.now() - t0);
  }
  ok(took.sort((a, b) => a - b)[19] < 2000, 'and no answer keeps a person waiting', `median ${took[10].toFixed(1)} ms, worst ${took[19].toFixed(1)} ms`); // how quick: docs/performance.md
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1]) / 1024;
  ok(rss < 150 || program !== process.env.MIZO_RELEASE, 'under 150 MB resident', `${rss.toFixed(0)} MB`);
}

// A report as one page, from the disk, without a network: it fits a phone, and on A4 no table is cut or crushed and no heading stands alone.
async function bundles() {
  const paper = await c.browser.newContext({ viewport: { width: 1009, height: 680 } }); // A4 lying, without its margins
  await paper.setOffline(true);
  for (const [name, most] of [['targets', 2], ['inventory', 9], ['plan', 5], ['achievement', 44]]) {
    const file = join(top, `${name}.html`);
    spawnSync(program, ['report', name, '--region', dir, '--fy', '2023', '--bundle', file], { env: { ...env, MIZO_LANG: 'ja' }, timeout: 60000 });
    const p = await paper.newPage(), asked = [];
    p.on('request', (r) => !/^(file|data):/.test(r.url()) && asked.push(r.url()));
    await p.goto(`file://${file}`);
    await p.setViewportSize({ width: 360, height: 740 });
    const phone = await p.evaluate(() => document.documentElement.scrollWidth);
    await p.setViewportSize({ width: 1009, height: 680 });
    await p.emulateMedia({ media: 'print' });
    const bad = await p.evaluate(() => [...document.querySelectorAll('table')].filter((e) => e.scrollWidth > innerWidth || [...e.querySelectorAll('td')].some((d) => d.innerText.length > 8 && d.clientWidth < 40)).map((e) => e.caption?.innerText));
    const pages = (await p.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g).length;
    ok(asked.length === 0 && phone <= 360 && bad.length === 0 && pages <= most, `${name} as one page`, [asked, phone, bad, pages].join(' | '));
    await p.close();
  }
  await paper.close();
}

await c.play(town, sites, kinds, sizes, bundles);
finish();
