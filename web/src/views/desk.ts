// desk.ts: the day's desk of a balancing group: the clock, what is filed, the position, 48 half-hours, sources, outages.
import { get, onTown, Problem, townNow, type Ints } from '../api';
import { Chart, type Figure } from '../chart';
import { h, s, say, type Child } from '../dom';
import { clock, count, day, dayAfter, energy, kwh, money, name, none, paren, power, slotTime, yen, yenPerKwh } from '../format';
import { has, lang, t, type Text } from '../texts';
import type { View } from '../main';
import { deskActs } from './deskact';

interface Due { what: string; state: 'ahead' | 'done' | 'missed'; at: string; left_s: number; slot?: number }
interface Line { id: string; name_ja: string; name_en: string; party: string; sale: boolean; value: boolean; missing: number; wh: Ints; myen: Ints }
interface Book { demand_wh: Ints; bought_wh: Ints; sold_wh: Ints; open_wh: Ints; cost_yen: string; lines: Line[] }
interface Outage { plant: string; name_ja: string; name_en: string; furnace: string; from: string; to: string; output_w: number; note: string }
interface Move { move: string; wh: number; paid_yen: string; expected_yen: string }
export interface Desk {
  day: string; now: string; clock: Due[]; outages: Outage[];
  group: { id: string; name_ja: string; name_en: string; kind: string; role: string; parent: string; files: string; members: string };
  groups: { id: string; name_ja: string; name_en: string; kind: string }[];
  forecast: null | { issued: string; points: number; silent: number; demand_wh: Ints; low_wh: Ints; high_wh: Ints; price_myen: Ints; members: { id: string; demand_wh: Ints; handed_in?: boolean }[] };
  plan: Book | null;
  filed: null | { version: number; at: string; actor: string; reason: string; file: string; hash: string; late: boolean; changed_slots: number; changed_wh: number; book: Book };
  corrections: { member: string; slot: number; was_wh: number; wh: number; actor: string; reason: string; version?: number }[];
  market: { spot_myen: Ints; result_slots: number; paid_yen: string };
  position: null | {
    priced: boolean; stand_in: boolean; short_wh: number; long_wh: number; short_p10_wh: number; short_p90_wh: number;
    expected_yen: string; p10_yen: string; p90_yen: string; proposal: string; why: string; moves: Move[];
  };
  decision?: null | { version: number; move: string; wh: number; actor: string; reason: string; at: string; steers: boolean; move_wh?: number[]; price_myen?: number[] };
  actual: { slots: number; filled: number; wh: Ints };
}

const word = (head: string, id: string, ...p: string[]): string => (has(head + id) ? t((head + id) as Text, ...p) : id);
const at = (rfc: string, on: string): string => (rfc.slice(0, 10) === on.slice(0, 10) ? clock(rfc) : `${Number(rfc.slice(5, 7))}/${Number(rfc.slice(8, 10))} ${clock(rfc)}`);
const card = (title: string, ...body: Child[]): HTMLElement => h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), ...body);
const big = (label: string, value: string, cls = '', note = ''): HTMLElement =>
  h('div', { class: `fact ${cls}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, value), note ? h('span', { class: 'note' }, note) : null));

// ---- the clock ----

function left(due: Due, now: string): string {
  const min = Math.max(0, Math.floor((Date.parse(due.at) - Date.parse(now)) / 60000));
  return min >= 60 ? t('hoursMinutes', Math.floor(min / 60), min % 60) : t('minutesOnly', min);
}
const dueName = (d: Due): string => word('deskDue', d.what, d.slot === undefined ? '' : slotTime(d.slot));
// The deadlines as they stand now, some time after they were asked for: what was ahead has passed, the gate of the next
// half-hour closes next. A plan that missed noon goes in from its hour on.
function duesAt(d: Desk, now: string): Due[] {
  const ms = Date.parse(now);
  return d.clock.flatMap((x): Due[] => {
    const at = Date.parse(x.at);
    if (x.state !== 'ahead' || at > ms || x.what === 'late-plan') return [x];
    if (x.slot === undefined) return [{ ...x, state: 'missed' }];
    const n = Math.floor((ms - at) / HALF_HOUR) + 1;
    return x.slot + n < 48 ? [{ ...x, slot: x.slot + n, at: rfc(at + n * HALF_HOUR, x.at) }] : [];
  });
}
const HALF_HOUR = 1800000;
// An instant in the offset of another.
const rfc = (ms: number, like: string): string => {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(like);
  return offset ? new Date(ms + Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) * 60000).toISOString().slice(0, 19) + offset[0] : new Date(ms).toISOString();
};
const nextDue = (dues: Due[], now: string): Due | undefined => dues.filter((x) => x.state === 'ahead' && Date.parse(x.at) > Date.parse(now)).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];

const clockRows = (dues: Due[], now: string): HTMLElement[] => dues.map((x) => h('li', { class: x.state },
  h('span', { class: 'sign', 'aria-hidden': 'true' }, x.state === 'done' ? '✓' : x.state === 'missed' ? '!' : '○'),
  h('span', {}, dueName(x)), h('time', { datetime: x.at }, at(x.at, now)), h('span', { class: 'state2' }, t(`deskState${x.state}`))));

// ---- filed ----

function filedCard(d: Desk): HTMLElement {
  const f = d.filed;
  if (!f) return card(t('deskFiledTitle'), h('p', { class: 'big trouble' }, t('deskUnfiled')), h('p', { class: 'note' }, t('deskUnfiledNote')));
  const row = (k: string, v: string, code = false): Child[] => (v ? [h('dt', {}, k), h('dd', {}, code ? h('code', {}, v) : v)] : []);
  return card(t('deskFiledTitle'), h('p', { class: 'big good' }, t('deskFiled', f.version)),
    h('p', { class: 'note' }, t('deskFiledBy', day(f.at), clock(f.at), f.actor)),
    f.late ? h('p', { class: 'warn' }, t('deskLate')) : null,
    h('p', { class: f.changed_slots ? 'warn' : 'note' }, f.changed_slots ? t('deskMoved', f.changed_slots, kwh(f.changed_wh)) : t('deskUnmoved')),
    h('dl', { class: 'rows' }, ...row(t('deskReason'), f.reason), ...row(t('deskFile'), f.file, true), ...row(t('deskHash'), f.hash, true)));
}

// ---- the position ----

function positionCard(d: Desk): HTMLElement {
  const p = d.position!;
  const move = p.moves.find((m) => m.move === p.proposal);
  return card(t('deskPosition'),
    h('dl', { class: 'facts three' },
      big(t('deskShort'), kwh(p.short_wh), p.short_wh ? 'short' : '', t('deskShortRange', kwh(p.short_p10_wh), kwh(p.short_p90_wh))),
      big(t('deskLong'), kwh(p.long_wh), p.long_wh ? 'long' : ''),
      big(t('deskRisk'), p.priced ? yen(p.expected_yen) : none, '', p.priced ? t('deskRange', yen(p.p10_yen), yen(p.p90_yen)) : '')),
    p.priced ? null : h('p', { class: 'warn' }, t('deskUnpriced')),
    p.priced && p.stand_in ? h('p', { class: 'note' }, t('deskStandIn')) : null,
    h('p', { class: 'why' }, h('span', { class: 'tag' }, t('deskProposal')), ' ', h('strong', {}, word('deskMove', p.proposal)),
      move && move.wh ? ` ${t('deskMoveWh', kwh(move.wh), yen(move.paid_yen))}` : '', paren(word('deskWhy', p.why))));
}

// ---- 48 half-hours ----

function figureOf(d: Desk, slot: number): Figure {
  const lines: Figure['lines'] = [];
  const any = (v: Ints): boolean => v.some((x) => x !== null);
  if (d.forecast && any(d.forecast.demand_wh)) lines.push({ label: t('deskForecast'), values: d.forecast.demand_wh, color: '--forecast', style: 'dash' });
  if (d.plan) lines.push({ label: t('deskPlan'), values: d.filed ? d.filed.book.demand_wh : d.plan.demand_wh, color: '--plan', style: 'thin' }, { label: t('deskBought'), values: d.plan.bought_wh, color: '--grid', style: 'area' });
  if (any(d.actual.wh)) lines.push({ label: t('deskActual'), values: d.actual.wh, color: '--demand', style: 'line' });
  return {
    label: t('deskSlots'), slot, unit: 'energy', lines,
    band: d.forecast && any(d.forecast.low_wh) ? { label: t('band'), low: d.forecast.low_wh, high: d.forecast.high_wh, color: '--forecast' } : undefined,
  };
}

// More above the line, less below it: short and long half-hours, of which the numbers stand in the table.
export function openBars(v: Ints, label = t('deskOpenLabel'), none = t('deskOpenNone')): HTMLElement {
  const most = Math.max(1, ...v.map((x) => Math.abs(x ?? 0)));
  if (!v.some((x) => x)) return h('p', { class: 'note' }, none);
  const bars = v.flatMap((x, i) => {
    if (!x) return [];
    const size = Math.max(1, (28 * Math.abs(x)) / most);
    return [s('rect', { x: i * 10 + 1, width: 8, y: x > 0 ? 30 - size : 30, height: size, class: x > 0 ? 'short' : 'long' }, s('title', {}, `${slotTime(i)} ${energy(x)}`))];
  });
  return h('figure', { class: 'open' }, h('figcaption', { class: 'note' }, label),
    s('svg', { viewBox: '0 0 480 60', preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, s('line', { x1: 0, x2: 480, y1: 30, y2: 30 }), ...bars) as unknown as HTMLElement);
}

const k = (v: number | null | undefined): string => (v === null || v === undefined ? none : count(Math.round(v / 1000)));

function slotTable(d: Desk): HTMLElement {
  const details = h('details', { class: 'figures' }, h('summary', {}, t('table')));
  const price = (i: number): string => {
    const p = d.market.spot_myen[i] ?? d.forecast?.price_myen[i];
    return p === null || p === undefined ? none : yenPerKwh(p);
  };
  details.addEventListener('toggle', () => {
    if (details.children.length > 1) return;
    const heads: Text[] = ['time', 'deskForecast', 'deskBand', 'deskPlan', 'deskBought', 'deskSold', 'deskOpen', 'deskActual', 'deskPrice'];
    const f = d.forecast, p = d.plan, planned = d.filed?.book.demand_wh ?? p?.demand_wh;
    details.append(h('p', { class: 'note' }, 'kWh'), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('deskSlots') }, h('table', {},
      h('thead', {}, h('tr', {}, ...heads.map((x) => h('th', { scope: 'col' }, t(x))))),
      h('tbody', {}, ...Array.from({ length: 48 }, (_, i) => h('tr', {}, h('th', { scope: 'row' }, slotTime(i)),
        ...[k(f?.demand_wh[i]), f && f.low_wh[i] !== null ? `${k(f.low_wh[i])} – ${k(f.high_wh[i])}` : none, k(planned?.[i]), k(p?.bought_wh[i]), k(p?.sold_wh[i]), k(p?.open_wh[i]), k(d.actual.wh[i]), price(i)].map((x) => h('td', {}, x))))))));
  });
  return details;
}

// ---- sources ----

const sum = (v: Ints): number => v.reduce<number>((a, x) => a + (x ?? 0), 0);
// Micro-yen of a line: whole numbers while they are exact; null: a price is missing.
function costOf(l: Line): bigint | null {
  let all = 0n;
  for (let i = 0; i < 48; i++) {
    const wh = l.wh[i] ?? 0, p = l.myen[i];
    if (!wh) continue;
    if (p === null || p === undefined) return null;
    all += BigInt(wh) * BigInt(p);
  }
  return all;
}
const microYen = (v: bigint): string => `${v < 0n ? '-' : ''}${(v < 0n ? -v : v) / 1000000n}.${String((v < 0n ? -v : v) % 1000000n).padStart(6, '0')}`;

function lineRow(l: Line): HTMLElement {
  const wh = sum(l.wh), cost = costOf(l);
  const marks = [l.sale ? t('deskLineSale') : '', l.value ? t('deskLineValue') : ''].filter(Boolean).join(' · ');
  return h('tr', {},
    h('th', { scope: 'row' }, l.name_ja || l.name_en ? name(l) : l.id, marks ? h('span', { class: 'note' }, paren(marks)) : null, l.missing ? h('strong', { class: 'trouble' }, ` ${t('deskLineMissing', l.missing)}`) : null),
    h('td', {}, kwh(wh)), h('td', {}, cost === null || !wh ? none : yenPerKwh(Number(cost) / wh)), h('td', {}, cost === null ? none : money(microYen(l.sale ? -cost : cost))));
}

function linesCard(b: Book): HTMLElement {
  const rows = b.lines.filter((l) => sum(l.wh) || l.missing);
  const heads: Text[] = ['deskLine', 'deskLineKwh', 'deskLinePrice', 'deskLineYen'];
  return card(t('deskLines'), h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': t('deskLines') }, h('table', { class: 'sources' },
    h('thead', {}, h('tr', {}, ...heads.map((x) => h('th', { scope: 'col' }, t(x))))), h('tbody', {}, ...rows.map(lineRow)),
    h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, t('deskLineTotal')), h('td', {}, kwh(sum(b.bought_wh) - sum(b.sold_wh))), h('td', {}), h('td', {}, money(b.cost_yen)))))),
    rows.some((l) => sum(l.wh) && costOf(l) === null) ? h('p', { class: 'note' }, t('deskPartly')) : null);
}

// Of a parent: whose demand the plan is made of, and who has sent its values.
function membersCard(d: Desk): HTMLElement | null {
  if (d.group.role !== 'parent' || !d.forecast) return null;
  const heads: Text[] = ['deskActMember', 'deskLineKwh', 'deskMemberFrom'];
  return card(t('deskMembers'), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('deskMembers') }, h('table', { class: 'members' }, h('thead', {}, h('tr', {}, ...heads.map((x) => h('th', { scope: 'col' }, t(x))))),
    h('tbody', {}, ...d.forecast.members.map((m) => h('tr', {}, h('th', { scope: 'row' }, m.id), h('td', {}, kwh(sum(m.demand_wh))), h('td', {}, t(m.handed_in ? 'deskMemberHanded' : 'deskMemberForecast'))))))));
}

function plantsCard(d: Desk): HTMLElement {
  if (!d.outages.length) return card(t('deskPlants'), h('p', { class: 'note' }, t('deskPlantsNone')));
  return card(t('deskPlants'), h('ul', { class: 'outages' }, ...d.outages.map((o) => h('li', {},
    h('strong', {}, name_(o), o.furnace ? ` ${o.furnace}` : ''), h('span', { class: 'warn' }, o.output_w > 0 ? t('deskLess', power(o.output_w)) : t('deskStill')),
    h('span', {}, t('deskOutage', at(o.from, d.day), at(o.to, d.day))), o.note ? h('span', { class: 'note' }, o.note) : null))));
}
const name_ = (o: Outage): string => (o.name_ja || o.name_en ? name(o) : o.plant);

function correctionsCard(d: Desk): HTMLElement | null {
  if (!d.corrections.length) return null;
  return card(t('deskCorrections'), h('ul', { class: 'outages' }, ...d.corrections.map((c) => h('li', {},
    h('strong', {}, t('deskCorrection', slotTime(c.slot), kwh(c.was_wh), kwh(c.wh))), h('span', {}, c.member), h('span', { class: 'note' }, `${c.actor}${c.reason ? `: ${c.reason}` : ''}`)))));
}

// ---- the view ----

const AGAIN_MS = 10000;

export function deskView(path: string): View {
  let [date, group] = path.split('/') as [string, string | undefined];
  const h1 = h('h1', { tabindex: -1 }, t('deskTitle'));
  const input = h('input', { type: 'date', id: 'desk-day', value: date });
  const groups = h('select', { id: 'desk-group' });
  const step = (n: number, text: Text, sign: string): HTMLElement => h('button', { type: 'button', class: 'tool', 'aria-label': t(text), onclick: () => void go(dayAfter(date || input.value, n), group) }, sign);
  const groupBox = h('span', { hidden: true }, h('label', { for: 'desk-group' }, t('deskGroup')), ' ', groups);
  const next = h('p', { class: 'headline', role: 'timer' });
  const about = h('p', { class: 'note' });
  const fault = h('p', { class: 'fault', role: 'status' }), done = h('p', { class: 'note', role: 'status' });
  const body = h('div'), dues = h('ul', { class: 'dues' });
  const chart = new Chart(240);
  const el = h('div', { class: 'view desk' },
    h('div', { class: 'titlerow' }, h1, h('p', { class: 'picker' }, h('label', { for: 'desk-day' }, t('deskDay')), ' ', step(-1, 'deskBefore', '‹'), input, step(1, 'deskAfter', '›')), h('p', { class: 'picker' }, groupBox)),
    next, about, fault, done, body);
  let desk: Desk | null = null, asked = 0, busy = false, drawn = '', listed = '', gone = false;

  function draw(d: Desk): void {
    const slot = d.now.slice(0, 10) === d.day ? Number(d.now.slice(11, 13)) * 2 + (Number(d.now.slice(14, 16)) >= 30 ? 1 : 0) : -1;
    const chartCard = card(t('deskSlots'),
      h('p', { class: 'note' }, [d.forecast ? t('deskIssued', day(d.forecast.issued), clock(d.forecast.issued), d.forecast.points) : '', d.forecast?.silent ? t('deskSilent', d.forecast.silent) : '', d.actual.slots ? t('deskActualNote', d.actual.slots, d.actual.filled) : ''].filter(Boolean).join(' · ')),
      h('div', { class: 'bare' }, chart.el), d.plan ? openBars(d.plan.open_wh) : null, slotTable(d));
    body.replaceChildren(
      h('div', { class: 'cards trio' }, card(t('deskClock'), dues), filedCard(d), d.position ? positionCard(d) : null),
      h('div', { class: 'cards' }, wide(deskActs(d, (text) => void load(true).then(() => say(done, text ?? t('saved')))))),
      d.forecast || d.actual.slots ? h('div', { class: 'cards' }, wide(chartCard)) : h('p', { class: 'card empty' }, t('deskNone', d.day)),
      h('div', { class: 'pair' }, d.plan ? linesCard(d.plan) : h('div'), h('div', { class: 'column' }, membersCard(d), plantsCard(d), correctionsCard(d))));
    chart.show(figureOf(d, slot));
  }

  function tick(): void {
    if (!desk) return;
    const now = townNow()?.now ?? desk.now, list = duesAt(desk, now), due = nextDue(list, now);
    const key = JSON.stringify([list, now.slice(0, 10)]);
    if (key !== listed) {
      listed = key;
      dues.replaceChildren(...clockRows(list, now));
    }
    say(next, due ? `${t('deskNext', dueName(due))} ${at(due.at, now)} — ${t('deskLeft', left(due, now))}` : t('deskOver'));
  }

  function take(d: Desk): void {
    date = d.day;
    group = d.group.id;
    desk = d;
    if (document.activeElement !== input) input.value = d.day;
    groupBox.hidden = d.groups.length < 2;
    if (groups.length !== d.groups.length) groups.replaceChildren(...d.groups.map((g) => h('option', { value: g.id }, `${name(g)}${paren(word('deskKind', g.kind))}`)));
    groups.value = d.group.id;
    say(about, `${day(d.day)} · ${name(d.group)} · ${word('deskRole', d.group.role, d.group.parent)}`);
    const key = JSON.stringify({ ...d, now: d.now.slice(0, 15), clock: 0 });
    if (key !== drawn && !el.querySelector('details[open]')) {
      drawn = key;
      draw(d);
    }
    tick();
  }

  async function load(fresh = false): Promise<void> {
    if (busy || (!fresh && (document.hidden || Date.now() - asked < AGAIN_MS))) return;
    busy = true;
    asked = Date.now();
    const q = new URLSearchParams({ ...(date ? { day: date } : {}), ...(group ? { group } : {}) });
    try {
      const d = await get<Desk>(q.toString() ? `desk?${q}` : 'desk');
      if (gone) return;
      say(fault, '');
      if (fresh) drawn = '';
      take(d);
    } catch (e) {
      if (e instanceof Problem && !gone) {
        say(fault, lang() === 'ja' ? e.ja : e.en);
        if (fresh) {
          desk = null;
          say(next, '');
          say(about, '');
          body.replaceChildren();
        }
      }
    } finally {
      busy = false;
    }
  }

  async function go(to: string, which: string | undefined): Promise<void> {
    if (!to) return;
    date = to;
    group = which;
    input.value = to;
    body.querySelectorAll('details[open]').forEach((x) => x.removeAttribute('open'));
    history.replaceState(null, '', `#/desk/${to}${which ? `/${which}` : ''}`);
    await load(true);
  }
  input.addEventListener('change', () => void go(input.value, group));
  groups.addEventListener('change', () => void go(date, groups.value));
  void load(true);
  const stop = onTown(() => {
    tick();
    void load();
  });
  return {
    el, title: t('deskTitle'), up: '#/', restyle: () => chart.restyle(),
    destroy: () => {
      gone = true;
      stop();
      chart.destroy();
    },
  };
}
const wide = (x: HTMLElement): HTMLElement => (x.classList.add('wide'), x);
