// books.mjs: the month's books in Chromium against the real program: a run drafted by one and approved by another, the
// month closed by two, what is owed; a bill opened to its half-hours. Screenshots go to MIZO_SHOTS.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chrome, counts, press, says, shot, text } from './chrome.mjs';
import { finish, longPast, mizo, ok, Server, skipAll, until, village } from './town.mjs';

if (!mizo) skipAll('MIZO_BIN is not set');
const format = existsSync(join(process.env.MIZO_MODULES ?? '', 'mizo-pdf.so')) ? 'pdf' : 'html';

const dir = village('2023-07-08');
const env = { ...process.env, MIZO_LANG: 'en', ASAN_OPTIONS: 'detect_leaks=0' };
const run = (...words) => spawnSync(mizo, [...words, '--region', dir], { encoding: 'utf8', env });
const json = (...words) => JSON.parse(run(...words, '--json').stdout);

// The school's roof of May and June, so that what it sends out can be bought; the depot sends nothing.
function roof() {
  const bought = join(dir, 'purchases.csv');
  writeFileSync(bought, readFileSync(bought, 'utf8').split('\n').filter((l) => !l.startsWith('buy-depot,')).join('\n'));
  const rows = ['point,start,kwh,quantity'];
  for (let d = 0; d < 61; d++)
    for (let s = 0; s < 48; s++) {
      const at = new Date(Date.UTC(2023, 4, 1 + d, 0, 30 * s)).toISOString().slice(0, 19);
      rows.push(`pv-school,${at}+09:00,${s > 14 && s < 34 ? 4 : 0},generation`, `p-school,${at}+09:00,${s > 20 && s < 28 ? 1 : 0},export`);
    }
  const file = join(dir, 'roof.csv');
  writeFileSync(file, rows.join('\n') + '\n');
  return run('import', file);
}

// An evening so dear that batteries are worth moving.
function spot() {
  const file = join(dir, 'spot.csv'), rows = Array.from({ length: 48 }, (_, t) => `2023/07/09,${t + 1},${t >= 42 && t < 46 ? 60 : 3}.00`);
  writeFileSync(file, `受渡日,時刻コード,エリアプライス東京(円/kWh)\n${rows.join('\n')}\n`);
  return run('import', file, '--known', '2023-07-08');
}

// The household that sells the school's surplus has a bank account, sealed.
function household() {
  const file = join(dir, 'person.json');
  writeFileSync(file, JSON.stringify({ name: '試野 花子', address: '試しの村2-2-2', bank: '0009/シンキン/012/エキマエ/ordinary/7654399/シノ ハナコ' }));
  return run('people', 'add', '--id', 'home-1', '--reason', 'contract', '--as', 'maker', '--file', file);
}

function prepare() {
  const params = join(dir, 'params.csv'); // results that close a village's day to the kWh
  writeFileSync(params, readFileSync(params, 'utf8').replace('market-step,,,,50,', 'market-step,,,,1,'));
  ok(longPast(dir, '2023-07-08'), 'eighty days of readings');
  for (const [what, p] of [['the roof', roof()], ['a household', household()], ['tomorrow’s prices', spot()], ['May drafted', run('invoice', 'run', '--month', '2023-05', '--as', 'maker')], ['approved', run('invoice', 'approve', '2023-05', '--as', 'boss')],
    ['issued', run('invoice', 'issue', '2023-05', '--day', '2023-06-08', '--as', 'boss', '--format', format)],
    ['purchases drafted', run('invoice', 'run', '--month', '2023-06', '--purchases', '--as', 'maker')], ['approved', run('invoice', 'approve', '2023-06-buy', '--as', 'boss')], ['issued', run('invoice', 'issue', '2023-06-buy', '--day', '2023-07-07', '--as', 'boss', '--format', format)]])
    ok(p.status === 0, `prepared: ${what}`, p.stderr);
}
prepare();
const links = Object.fromEntries([['hana', 'operator,reader'], ['boss', 'approver,reader']].map(([u, roles]) => [u, json('user', 'add', u, '--roles', roles).link]));
const server = new Server(dir, '--clock', 'x60', '--from', '2023-07-08', ...(process.env.MIZO_WEB ? ['--web', process.env.MIZO_WEB] : []));
server.env = env;
await server.start();
await until(async () => (await server.get('town')).now);
const chrome = await Chrome.start(server), go = (page, hash, ready) => chrome.go(page, hash, ready);
const whole = (x) => `¥${String(Math.round(Number(x))).replace(/\B(?=(\d{3})+$)/g, ',')}`;
const yen = (x) => `¥${x.replace(/\.?0+$/, '').replace(/\B(?<!\..*)(?=(\d{3})+(?!\d))/g, ',')}`;

async function aRun(hana, boss) {
  await go(hana, '#/runs/2023-06', '.runs .act');
  await press(hana, 'Draft the invoices');
  ok(await says(hana, 'h1', 'Run 2023-06') && (await says(hana, '.runs', 'draft')), 'an operator drafts a month');
  const known = json('invoice', 'show', '2023-06');
  ok(await says(hana, '.runs', yen(known.total_yen)) && (await counts(hana.locator('.runs .long tbody tr'), known.list.length)), 'with the verb’s total', known.total_yen);
  const may = json('invoice', 'show', '2023-05'), differ = (BigInt(known.list[0].total_yen.replace('.', '')) - BigInt(may.list[0].total_yen.replace('.', ''))) / 1000000n;
  ok(await says(hana, '.runs .long', String(differ < 0n ? -differ : differ).replace(/\B(?=(\d{3})+$)/g, ',')), 'and the difference to the month before', String(differ));
  await chrome.refused(async () => {
    await press(hana, 'Approve');
    ok(await says(hana, '.actbox .fault', /role|second/i), 'who drafted does not approve', await text(hana, '.actbox .fault'));
  });
  await go(boss, '#/runs/2023-06', '.runs tbody a');
  await boss.locator('.runs tbody a').first().click();
  await boss.waitForSelector('.runs .act');
  await shot(boss, 'run-en-light-1366');
  await press(boss, 'Approve');
  ok(await says(boss, '.runs .rows', 'approved'), 'somebody else does');
  await chrome.refused(async () => {
    await press(hana, 'Cancel it');
    await hana.fill('#ask-why', 'x');
    await press(hana, 'Do it');
    ok(await says(hana, 'dialog .fault', /.{10}/), 'what has changed meanwhile, or a role, is said in the dialog', await text(hana, 'dialog .fault'));
  });
  await hana.keyboard.press('Escape');
  await press(boss, 'Issue');
  await boss.fill('#ask-day', '2023-07-07');
  await press(boss, 'Do it');
  ok(await says(boss, '.runs .rows', 'issued', 20000), 'and it goes out');
  const gone = json('invoice', 'show', '2023-06');
  ok(gone.state === 'issued', 'as the verb knows too');
  const acts = [gone.made.at, gone.approved.at, gone.issued.at];
  ok(acts.every((at) => at.startsWith('2023-07-08')), 'at the instants of the town’s clock, not the machine’s', acts.join());
  const paper = await boss.evaluate(async (f) => { const r = await fetch(`/api/v1/invoices/${document.querySelector('.long tbody th').innerText.split('\n')[0]}?paper=${f}`); return [r.status, r.headers.get('content-type'), (await r.arrayBuffer()).byteLength]; }, format);
  ok(paper[0] === 200 && paper[2] > 1000, 'its paper opens', JSON.stringify(paper));
}

async function theClose(hana, boss) {
  await go(hana, '#/close/2023-06', '.close .dues');
  const known = json('close', 'show', '--month', '2023-06');
  const margin = hana.locator('.close tfoot .exact').first();
  ok(await says(hana, '.close tfoot', whole(known.margin_yen)), 'the margin as the verb has it, in yen', known.margin_yen);
  await margin.locator('summary').click();
  ok(await says(hana, '.close tfoot', yen(known.margin_yen)), 'and opened, to the micro-yen');
  ok((await counts(hana.locator('.close .dues li'), known.checks.length)) && (await says(hana, '.close', 'Confirmed')), 'the checklist, and readings confirmed, estimated, missing');
  ok(await counts(hana.locator('.close .long tbody tr'), known.contracts.length), 'each bill in a row, with its difference');
  await press(hana, 'Close provisionally');
  ok(await says(hana, '.close .big', 'provisional', 20000), 'an operator closes it provisionally');
  const { made } = json('close', 'show', '--month', '2023-06');
  ok(String(made).startsWith('2023-07-08'), 'at an instant of the town’s clock', String(made));
  await go(boss, '#/close/2023-06', '.close .dues');
  const blocked = json('close', 'show', '--month', '2023-06').checks.filter((c) => !c.ok && c.blocks);
  await chrome.refused(async () => {
    await press(boss, 'Make it final');
    ok(blocked.length ? await says(boss, '.actbox .fault', /.{10}/, 20000) : await says(boss, '.close .big', 'final', 20000), 'the second word makes it final where nothing blocks, else it is said', JSON.stringify(blocked));
  }, blocked.length ? 1 : 0);
  ok(await says(boss, '.close .big', blocked.length ? 'provisional' : 'final'), 'and it stands so');
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

// What purchases owe: put together by one, approved by another, written out once, paid.
async function paying(hana, boss) {
  await go(hana, '#/receivables', '.owed tbody tr');
  await press(hana, 'Put together what is due');
  await hana.fill('#ask-day', '2023-08-31');
  await press(hana, 'Do it');
  const made = await until(async () => json('payout').payouts[0]);
  ok(made && (await says(hana, '.owed [role=status]', made.id)), 'a payout is made', (await hana.locator('dialog .fault').allInnerTexts()).join());
  await chrome.refused(async () => {
    await press(hana, 'Approve');
    ok(await says(hana, '.actbox .fault', /role/), 'who made it does not approve');
  });
  await go(boss, '#/receivables', '.owed tbody tr');
  await press(boss, 'Approve');
  ok(await says(boss, '.owed [role=status]', 'approved'), 'another person does');
  await go(hana, '#/receivables', '.owed tbody tr');
  const [file] = await Promise.all([hana.waitForEvent('download'), press(hana, 'Write the bank file')]);
  const bytes = readFileSync(await file.path());
  ok(file.suggestedFilename() === `${made.id}.txt` && bytes.length % 122 < 2 && bytes.length >= 4 * 120, 'the bank file is handed over', String(bytes.length));
  ok(await says(hana, '.owed [role=status]', 'Bank file'), 'and its payout is written out');
  await press(hana, 'The bank has paid');
  await press(hana, 'Do it');
  ok(await says(hana, '.owed [role=status]', 'is paid'), 'and paid', (await hana.locator('dialog .fault').allInnerTexts()).join());
  const paid = json('payout').payouts[0];
  ok(paid.state === 'paid' && paid.made.who === 'hana' && paid.approved.who === 'boss', 'as the verb has it', JSON.stringify(paid));
  ok(json('verify').ok, 'and the books hold');
}

// A line opened: its roundings close, and its half-hours come to its quantity.
async function opened(hana) {
  await go(hana, '#/bills/2023-06/c-school', '.bill .origin');
  const bill = json('bill', '--month', '2023-06', '--contract', 'c-school').bills[0];
  const i = bill.lines.findIndex((l) => l.kind === 'energy'), line = bill.lines[i];
  await hana.locator('.bill table').first().locator('tbody tr').nth(i).getByRole('button', { name: 'Open' }).click();
  ok(await says(hana, '.openbox', '✓'), 'the half-hours of a line come to its quantity');
  const slots = json('bill', '--month', '2023-06', '--contract', 'c-school', '--slots');
  const sum = slots.wh.reduce((a, wh, k) => a + (slots.energy[k] === i ? wh : 0), 0);
  ok(slots.wh.length === 30 * 48 && sum === line.quantity, 'as the verb has them', `${sum} ${line.quantity}`);
  const all = bill.lines.filter((l) => l.kind === 'energy').reduce((a, l) => a + l.quantity, 0);
  ok(slots.wh.reduce((a, wh) => a + wh, 0) === all, 'each half-hour in one line of energy');
  ok(await says(hana, '.openbox', [yen(line.raw_yen), yen(line.amount_yen)]), 'exact, rounded, and what that left');
  await hana.locator('.openbox .figures summary').first().click();
  const first = slots.energy.findIndex((x) => x === i);
  ok(await until(async () => (await hana.locator('.openbox .figures table').first().locator('tbody tr').first().locator('td').first().innerText()).replaceAll('\u00a0', ' ').includes(String(slots.wh[first] / 1000))), 'a day opens to its half-hours', String(slots.wh[first]));
  await shot(hana, 'bill-open');
  await go(hana, '#/bills/2023-06/c-lamps', '.bill .origin');
  await hana.locator('.bill table').first().locator('tbody tr').filter({ hasText: 'kWh' }).first().getByRole('button').click();
  ok(await says(hana, '.openbox', 'no half-hours'), 'a bill by period says that it has none', await text(hana, '.openbox'));
}

async function customers(hana) {
  await go(hana, '#/customers', '.customers tbody tr');
  ok(await counts(hana.locator('.customers tbody tr'), 4), 'each contract with its customer');
  await hana.locator('.customers tbody a').nth(3).click();
  const ask = async (button, words) => {
    await press(hana, button);
    for (const [field, value] of Object.entries(words)) await hana.fill(`#ask-${field}`, value);
    await press(hana, 'Do it');
  };
  ok(await says(hana, '.customers .cards', ['Contract papers', 'Tasks', 'Notices', 'Enquiries']), 'papers, tasks, notices, enquiries');
  await ask('Write down an enquiry', { text: 'when is the meter read' });
  ok(await says(hana, '.customers .cards', 'when is the meter read'), 'an enquiry is written down');
  await ask('Write down the answer', { text: 'on the first of the month' });
  ok(await says(hana, '.customers .cards', '1 that are done'), 'and answered');
  await hana.locator('.customers details summary').first().click();
  ok(await says(hana, '.customers .cards', 'on the first of the month'), 'with its answer', await text(hana, '.customers .cards'));
  await ask('Begin: Switch without works', { on: '2023-06-26' });
  ok(await says(hana, '.customers .cards', [/2023-07-06[\s\S]*days over/, 'processes.csv']), 'a task has its day, its rule, and is late', await text(hana, '.customers .cards'));
  await chrome.refused(() => ask('Write down a notice', { ends: '2023-07-12', how: 'mail' }));
  ok(await says(hana, 'dialog .fault', '2023-07-23'), 'a notice too late is refused with the earliest end', await text(hana, 'dialog'));
  await hana.fill('#ask-ends', '2023-08-31');
  await hana.fill('#ask-proof', 'registered 1234');
  await press(hana, 'Do it');
  ok(await says(hana, '.customers .cards', ['2023-08-16', 'registered 1234']), 'one in time is kept with its proof');
  if (format === 'pdf') {
    await ask('Give the paper after signing', { how: 'by hand' });
    ok(await says(hana, '.customers .cards', ['after signing', 'by hand · hana']), 'a paper is given', await text(hana, '.customers .cards'));
    const href = await hana.locator('.customers .cards a[href^="/api/v1/papers/"]').getAttribute('href');
    ok((await hana.evaluate(async (h) => (await (await fetch(h)).text()).slice(0, 5), href)) === '%PDF-', 'and can be read again');
    await ask('Write down the consent', { how: 'signed' });
    ok(await until(async () => (await hana.locator('.customers .acts button', { hasText: 'Write down the consent' }).count()) === 0), 'and agreed to, once');
  }
  await shot(hana, 'customer');
  await go(hana, '#/contact', '.contact .acts');
  ok(await says(hana, '.contact', ['Switch without works', 'c-school']), 'what is open of all contracts');
  await ask('Write down a complaint', { text: 'nobody answers the phone' });
  ok(await says(hana, '.contact', [/no contract[\s\S]*complaint[\s\S]*nobody answers the phone/]), 'a complaint of somebody without a contract', await text(hana, '.contact'));
  await shot(hana, 'contact');
  await go(hana, '#/duties', '.duties tbody tr');
  ok((await hana.locator('.duties tbody tr').count()) > 0, 'what is due to whom');
  await hana.locator('.duties tbody details summary').first().click();
  ok(await says(hana, '.duties details', ['D10', 'Generation of the mill', '0 MWh']), 'with what goes into which cell of the form', await text(hana, '.duties details'));
  await go(hana, '#/margin/2023-06', '.margin tbody tr');
  ok(await says(hana, '.margin', whole(json('close', 'show', '--month', '2023-06').margin_yen)), 'the margin is that of the close', (await text(hana, '.margin')).slice(0, 200));
  await hana.selectOption('#margin-by', 'menu');
  ok(await says(hana, '.margin', 'half-hour'), 'cut another way');
}

// A day drafted, a half-hour put right, the proposal taken up, what the exchange gave taken in, and filed: by the page alone.
const theDesk = () => server.get('desk?day=2023-07-09&group=village-bg');
async function desk(hana) {
  await go(hana, '#/desk/2023-07-09/village-bg', '.desk .act');
  await press(hana, 'Forecast and draft');
  await hana.waitForSelector('.desk .sources', { timeout: 20000 });
  await press(hana, 'Put a half-hour right');
  await hana.fill('#ask-slot', '15:00');
  await hana.fill('#ask-kwh', '777.5');
  await hana.fill('#ask-member', 'village-energy');
  await hana.fill('#ask-reason', 'festival');
  await press(hana, 'Do it');
  ok(await says(hana, '.desk', '777.5'), 'a half-hour is put right by hand', (await hana.locator('dialog .fault').allInnerTexts()).join());
  const d = await theDesk();
  ok(d.corrections.length === 1 && d.corrections[0].wh === 777500 && d.corrections[0].actor === 'hana', 'in the name of who did', JSON.stringify(d.corrections));
  await chrome.refused(async () => {
    await press(hana, 'File it');
    await press(hana, 'Do it');
    ok(await says(hana, 'dialog .fault', /is not procurement/), 'a plan that does not match is not filed, and each half-hour is said');
  });
  await hana.keyboard.press('Escape');
  await proposal(hana, d);
  await exchange(hana);
  await press(hana, 'File it');
  await press(hana, 'Do it');
  ok(await says(hana, '.desk', 'Version 1 is filed', 15000), 'and filed', (await hana.locator('dialog .fault').allInnerTexts()).join());
  const filed = (await theDesk()).filed;
  ok(filed?.version === 1 && filed.actor === 'hana' && (await says(hana, '.desk', filed.hash)), 'with its hash', JSON.stringify(filed)?.slice(0, 200));
  await shot(hana, 'desk-acts');
}

async function proposal(hana, d) {
  const p = d.position, move = p.moves.find((m) => m.move === p.proposal);
  await hana.getByRole('button', { name: /^Take up the proposal/ }).click();
  await hana.fill('#ask-reason', 'as proposed');
  await press(hana, 'Do it');
  ok(await says(hana, '.desk .decided', ['hana', 'as proposed', 'Batteries follow it']), 'the proposal is taken up', `${p.proposal} ${(await hana.locator('dialog .fault').allInnerTexts()).join()}`);
  const taken = (await theDesk()).decision;
  ok(p.proposal === 'move' && taken.move === 'move' && taken.steers && taken.wh === move.wh && taken.paid_yen === move.paid_yen, 'as it was priced', JSON.stringify([p.proposal, p.why, p.moves.map((m) => [m.move, m.wh, m.paid_yen, m.expected_yen]), d.forecast.price_myen.slice(40), d.market.spot_myen.slice(40)]));
}

// Everything that is open was traded: the exchange's file closes the plan.
async function exchange(hana) {
  const open = (await theDesk()).plan.open_wh, file = join(dir, 'results.csv');
  writeFileSync(file, `day,slot,side,kwh,yen_per_kwh\n${open.map((wh, i) => (wh ? `2023-07-09,${i + 1},${wh > 0 ? 'buy' : 'sell'},${Math.abs(wh) / 1000},9.50\n` : '')).join('')}`);
  await hana.locator('.desk input[aria-label="Results: day-ahead"]').setInputFiles(file);
  ok(await says(hana, '.desk [role=status]', 'results.csv'), 'the exchange’s results are taken in', (await hana.locator('.actbox .fault').allInnerTexts()).join());
  ok(await until(async () => (await theDesk()).plan.open_wh.every((wh) => wh === 0)), 'and nothing is open');
}

const looks = (page) => chrome.looks([['#/runs/2023-06', '.runs tbody tr', 'runs'], ['#/run/2023-06-buy', '.runs .rows', 'run'], ['#/close/2023-06', '.close .dues', 'close'], ['#/receivables', '.owed tbody tr', 'receivables'], ['#/customers', '.customers tbody tr', 'customers'], ['#/customers/c-school', '.customers .cards .act', 'contract'], ['#/contact', '.contact tbody tr', 'contact'], ['#/duties', '.duties tbody tr', 'duties'], ['#/margin/2023-06', '.margin tbody tr', 'margin'], ['#/desk/2023-07-09/village-bg', '.desk .act', 'desk-acts']], page);

const hana = await chrome.person('hana', links.hana), boss = await chrome.person('boss', links.boss);
await chrome.play(() => aRun(hana, boss), () => theClose(hana, boss), () => owed(hana), () => paying(hana, boss), () => opened(hana), () => customers(hana), () => desk(hana), () => looks(hana));
finish();
