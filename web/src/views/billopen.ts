// billopen.ts: a line of a bill opened: its roundings step by step, and the half-hours that it is made of.
import { get } from '../api';
import { h } from '../dom';
import { kwh, money, slotTime } from '../format';
import { faultLine, left, table, tr } from '../pieces';
import { t } from '../texts';
import { micro, yenOf } from './runs';

export interface OpenLine { kind: string; unit: string; quantity: number; billed: number; price: string | null; power_factor: string | null; days: number; of_days: number; raw_yen: string; amount_yen: string; left_yen: string }
interface Slots { slots: boolean; from?: string; to?: string; wh?: number[]; estimated?: number[]; energy?: (number | null)[]; wheeling?: (number | null)[]; price_yen?: (string | null)[] }

const BY_TIME = ['energy', 'market', 'wheeling'], BY_ALL = ['step', 'fuel', 'levy'];
export const opens = (l: OpenLine): boolean => BY_TIME.includes(l.kind) || BY_ALL.includes(l.kind);

let kept: { path: string; answer: Promise<Slots> } | null = null;
function slotsOf(month: string, contract: string): Promise<Slots> {
  const path = `bills/${contract}/slots?month=${month}`;
  if (kept?.path !== path) kept = { path, answer: get<Slots>(path) };
  return kept.answer;
}

// Exact; after the roundings of quantity and price; after that of the line; what all of it left.
function roundings(l: OpenLine): HTMLElement {
  const list: HTMLElement[] = [];
  if (l.unit && l.billed !== l.quantity) list.push(tr(t(l.unit === 'Wh' ? 'openKwh' : 'openKw'), l.unit === 'Wh' ? kwh(l.quantity) : `${l.quantity / 1000} kW`, l.unit === 'Wh' ? kwh(l.billed) : `${l.billed / 1000} kW`, l.unit === 'Wh' ? kwh(l.quantity - l.billed) : `${(l.quantity - l.billed) / 1000} kW`));
  const whole = l.unit === 'Wh' && l.price !== null && l.days === l.of_days && !l.power_factor;
  const product = whole ? (BigInt(l.billed) * micro(l.price!)) / 1000n : null;
  if (product !== null) list.push(tr(t('openProduct'), money(l.raw_yen), money(yenOf(product)), money(yenOf(micro(l.raw_yen) - product))));
  list.push(tr(t('stepline'), money(product === null ? l.raw_yen : yenOf(product)), money(l.amount_yen), money(product === null ? l.left_yen : yenOf(product - micro(l.amount_yen)))));
  return table(t('openRoundings'), [t('billStep'), t('openBefore'), t('openAfter'), t('openLeft')], list, tr(t('carbonSums'), money(l.raw_yen), money(l.amount_yen), money(l.left_yen)));
}

function dayRows(s: Slots, mine: number[], l: OpenLine): HTMLElement[] {
  const days = new Map<number, number[]>();
  mine.forEach((i) => days.set(Math.floor(i / 48), [...(days.get(Math.floor(i / 48)) ?? []), i]));
  const late = new Set(s.estimated ?? []);
  return [...days].map(([d, list]) => {
    const date = new Date(Date.parse(`${s.from}T00:00:00Z`) + d * 86400000).toISOString().slice(0, 10);
    const guess = list.filter((i) => late.has(i)).length;
    const more = h('details', { class: 'figures' }, h('summary', {}, t('openSlots', list.length)));
    more.addEventListener('toggle', () => more.children.length > 1 || more.append(table(date, [t('time'), t('billEnergy'), t('billPrice'), `<${t('openNote')}`],
      list.map((i) => tr(slotTime(i % 48), kwh(s.wh![i]!), money(s.price_yen?.[i] ?? l.price ?? null), left(late.has(i) ? t('gradeestimated') : ''))))));
    return tr(date, kwh(list.reduce((a, i) => a + s.wh![i]!, 0)), left(more, guess ? h('span', { class: 'warn' }, t('closeSlotsEstimated', guess)) : null));
  });
}

function halfHours(s: Slots, l: OpenLine, index: number): HTMLElement {
  if (!s.slots || !s.wh) return h('p', { class: 'note' }, t('openByPeriod'));
  const of = l.kind === 'wheeling' ? s.wheeling! : s.energy!;
  const mine = s.wh.map((_, i) => i).filter((i) => BY_ALL.includes(l.kind) || of[i] === index);
  const sum = mine.reduce((a, i) => a + s.wh![i]!, 0);
  const step = l.kind === 'step';
  return h('div', {}, table(t('openHalfHours'), [t('noteDay'), t('billEnergy'), `<${t('openHalfHours')}`], dayRows(s, mine, l), tr(t('carbonSums'), kwh(sum), left(step ? t('openStep', kwh(l.quantity)) : sum === l.quantity ? h('strong', { class: 'good' }, `= ${t('billQuantity')} ✓`) : h('strong', { class: 'trouble' }, t('openDiffers', kwh(l.quantity)))))));
}

// A button that opens the line below its row.
export function openButton(l: OpenLine, index: number, month: string, contract: string): HTMLElement {
  const go = h('button', { type: 'button', class: 'act small', 'aria-expanded': 'false' }, t('openLine'));
  go.addEventListener('click', () => {
    const row = go.closest('tr')!, next = row.nextElementSibling;
    if (next?.classList.contains('opened')) {
      next.remove();
      go.setAttribute('aria-expanded', 'false');
      return;
    }
    const place = h('div', { class: 'openbox' }, h('h3', {}, t('openRoundings')), roundings(l));
    row.after(h('tr', { class: 'opened' }, h('td', { colspan: 6, class: 'text' }, place)));
    go.setAttribute('aria-expanded', 'true');
    if (!opens(l)) return;
    const part = h('div', {}, h('p', { class: 'note' }, t('loading')));
    place.append(h('h3', {}, t('openHalfHours')), part);
    slotsOf(month, contract).then((s) => part.replaceChildren(halfHours(s, l, index))).catch((e) => part.replaceChildren(faultLine(e)));
  });
  return go;
}
