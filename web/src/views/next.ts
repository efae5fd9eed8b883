// next.ts: what a point will do for the rest of the day, in words; and its vans, one by one.
import type { Load, Point, Store, Van } from '../api';
import { h } from '../dom';
import { clock, count, energy, percent, power, slotTime } from '../format';
import { t, type Text } from '../texts';

type Act = 'nextSun' | 'nextCharge' | 'nextDischarge' | 'nextVans' | 'nextSell' | 'nextRun' | 'nextHeat' | 'nextGiven';
interface Step { act: Act; from: number; to: number; wh: number }

const MOST = 6;
const colour: Record<Act, string> = { nextSun: 'solar', nextCharge: 'battery', nextDischarge: 'battery', nextVans: 'van', nextSell: 'grid', nextRun: 'demand', nextHeat: 'battery', nextGiven: 'van' };

// Half-hours in which an act is planned, joined where they touch. Less than 2 % of its greatest half-hour is no act.
function steps(slot: number, act: Act, wh: (i: number) => number): Step[] {
  const out: Step[] = [];
  let most = 0;
  for (let i = slot; i < 48; i++) most = Math.max(most, wh(i));
  for (let i = slot; i < 48; i++) {
    const v = wh(i), last = out[out.length - 1];
    if (v <= 0 || v < most * 0.02) continue;
    if (last && last.to === i) {
      last.to = i + 1;
      last.wh += v;
    } else out.push({ act, from: i, to: i + 1, wh: v });
  }
  return out;
}

// Charging counts as surplus sun where the forecast of the sun is above that of the demand.
export function planned(p: Point, slot: number): Step[] {
  const d = p.slots;
  const of = (v: (number | null)[]) => (i: number) => v[i] ?? 0;
  const sunny = (i: number) => (d.pv_forecast_wh[i] ?? 0) > (d.forecast_wh[i] ?? 0);
  const charge = of(d.plan_charge_wh);
  return [
    ...steps(slot, 'nextSun', (i) => (sunny(i) ? charge(i) : 0)),
    ...steps(slot, 'nextCharge', (i) => (sunny(i) ? 0 : charge(i))),
    ...steps(slot, 'nextDischarge', of(d.plan_discharge_wh)),
    ...steps(slot, 'nextVans', of(d.plan_vehicle_wh)),
    ...steps(slot, 'nextSell', of(d.plan_export_wh)),
    ...steps(slot, 'nextRun', of(p.more?.plan_run_wh ?? [])),
    ...steps(slot, 'nextHeat', of(p.more?.plan_store_wh ?? [])),
    ...steps(slot, 'nextGiven', of(p.more?.plan_given_wh ?? [])),
  ].sort((a, b) => a.from - b.from || b.wh - a.wh);
}

export function nextList(p: Point, slot: number): HTMLElement {
  const all = planned(p, slot).slice(0, MOST);
  if (!all.length) return h('p', { class: 'note' }, t('nextNone'));
  return h('ol', { class: 'next' }, ...all.map((s) =>
    h('li', {}, h('span', { class: 'when2' }, `${slotTime(s.from)}–${slotTime(s.to)}`), h('span', { class: `key square ${colour[s.act]}`, 'aria-hidden': 'true' }), h('span', {}, t(s.act as Text)), h('span', { class: 'num' }, energy(s.wh)))));
}

// ---- vans ----

const CRUMB = 50; // Wh: what is less is rounding of the charger's last minutes
const wanting = (v: Van): boolean => (v.need_wh ?? 0) >= CRUMB;

function wants(v: Van): string {
  const leaves = clock(v.depart ?? '');
  if (v.need_wh === null) return t('vanSilent', leaves);
  return wanting(v) ? t('vanWants', energy(v.need_wh), leaves) : t('vanReady', leaves);
}

function van(v: Van): HTMLElement {
  const busy = (v.now_w ?? 0) > 0, gives = (v.now_w ?? 0) < 0;
  const state = busy ? 'busy' : v.need_wh !== null && !wanting(v) ? 'ready' : 'waits';
  return h('li', { class: `vehicle ${state}` }, h('strong', {}, v.id), h('span', {}, wants(v)),
    h('span', { class: v.impossible ? 'note trouble' : 'note' }, v.impossible ? t('vanImpossible') : busy ? t('charging', power(v.now_w)) : gives ? t('givesBack', power(-(v.now_w ?? 0))) : ''));
}

export function vanList(all: Van[]): HTMLElement {
  const here = all.filter((v) => v.state === 'here');
  const need = here.reduce((a, v) => a + (v.need_wh ?? 0), 0);
  const first = here.map((v) => v.depart ?? '').filter(Boolean).sort()[0];
  const sum = [t('vansSum', count(here.length), count(all.length)), need > 0 ? t('vansNeed', energy(need)) : '', first ? t('vansNext', clock(first)) : ''].filter(Boolean);
  const order = here.sort((a, b) => (a.depart ?? '').localeCompare(b.depart ?? '') || a.id.localeCompare(b.id));
  const gone = (state: Van['state'], text: Text): HTMLElement | null => {
    const ids = all.filter((v) => v.state === state).map((v) => v.id);
    return ids.length ? h('p', { class: 'note' }, `${t(text)}: ${ids.join(', ')}`) : null;
  };
  return h('div', {}, h('p', {}, sum.join(' · ')), here.length ? h('ul', { class: 'vans' }, ...order.map(van)) : null, gone('away', 'vanAway'), gone('unknown', 'vanUnknown'));
}

// ---- loads that wait, hot water, hydrogen ----

function loadSays(l: Load): string {
  if (l.state === 'runs') return t('loadRuns', power(l.power_w));
  if (l.state === 'done') return t('loadDone');
  if (l.state === 'unknown') return t('loadUnknown');
  if (l.plan_slot !== null) return t('loadPlanned', slotTime(l.plan_slot));
  return l.state === 'waits' ? t('loadWaits', slotTime(l.slot_to)) : t('loadRests', slotTime(l.slot_from));
}

function storeSays(s: Store): string {
  if (s.held_wh === null) return t('loadUnknown');
  return t('storeHolds', energy(s.held_wh), percent(s.energy_wh ? s.held_wh / s.energy_wh : 0, 0));
}

export function movableList(p: Point): HTMLElement {
  const row = (id: string, state: string, says: string, note: string): HTMLElement =>
    h('li', { class: `vehicle ${state}` }, h('strong', {}, id), h('span', {}, says), h('span', { class: 'note' }, note));
  return h('ul', { class: 'vans' },
    ...p.loads.map((l) => row(l.id, l.state === 'runs' ? 'busy' : l.state === 'done' ? 'ready' : 'waits', loadSays(l), power(l.power_w))),
    ...p.stores.map((s) => row(s.id, (s.now_w ?? 0) > 0 ? 'busy' : 'ready', storeSays(s),
      (s.owed_wh ?? 0) > 0 ? t('storeEmpty') : (s.now_w ?? 0) > 0 ? t('storeTakes', power(s.now_w)) : '')));
}
