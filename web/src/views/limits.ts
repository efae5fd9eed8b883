// limits.ts: where a limit or a call stands today: what flows through it, how near it is, what one more kWh would save.
import { get, type Ints } from '../api';
import { Chart, type Figure } from '../chart';
import { h, say } from '../dom';
import { energy, name, paren, percent, power, slotTime, yenPerKwh } from '../format';
import { t, type Text } from '../texts';

export interface Place {
  node: string | null; name_ja: string; name_en: string; kind: 'limit' | 'obligation' | 'call'; over_myen: number;
  import_limit_w: Ints; export_limit_w: Ints; flow_w: Ints; plan_w: Ints; over_w: Ints; shadow_myen: Ints; price_myen: Ints;
}
export interface Plan {
  now: string; day: string; slot: number;
  plan: null | {
    at: string; status: 'optimal' | 'stopped'; objective_yen: number; bound_yen: number; gap: number; iterations: number; warm: boolean;
    solve_ms: number; wall_ms: number; sites: number; kept: number; over_kwh: number;
  };
  purchase: { day_ahead_w: Ints; position_w: Ints; tomorrow_w: Ints; tomorrow_fixed: boolean };
  limits: Place[];
}

const LIMITS = 30;
const LEAST_WH = 50; // what is less is rounding
const kinds: Record<Place['kind'], Text> = { limit: 'limitsLimit', obligation: 'limitsDuty', call: 'limitsCall' };

// What has flowed, and from the slot in hand on what is planned.
const course = (p: Place, slot: number): Ints => p.flow_w.map((v, i) => (i < slot ? v : (p.plan_w[i] ?? null)));

// Share of the limit that is used in a half-hour, whichever way it flows; null where none stands.
function used(p: Place, flow: number | null, i: number): number | null {
  if (flow === null) return null;
  const most = flow >= 0 ? p.import_limit_w[i] : p.export_limit_w[i];
  return most === null || most === undefined ? null : most > 0 ? Math.abs(flow) / most : flow === 0 ? 0 : Infinity;
}

interface Row { place: Place; at: number; share: number; flow: number; limit: number; shadow: number; shadowAt: number; over: number }

// The fullest half-hour from now on; of a call that is over, of the day.
function rowOf(p: Place, slot: number): Row | null {
  const all = course(p, slot);
  const look = (from: number, to: number): Row | null => {
    let best: Row | null = null;
    for (let i = from; i < to; i++) {
      const flow = all[i] ?? null, share = used(p, flow, i);
      if (share !== null && (!best || share > best.share)) best = { place: p, at: i, share, flow: flow!, limit: (flow! >= 0 ? p.import_limit_w[i] : p.export_limit_w[i])!, shadow: 0, shadowAt: i, over: 0 };
    }
    return best;
  };
  const row = look(slot, 48) ?? look(0, slot);
  if (!row) return null;
  for (let i = slot; i < 48; i++) {
    const s = p.shadow_myen[i] ?? 0;
    if (s > row.shadow) [row.shadow, row.shadowAt] = [s, i];
    row.over += (p.over_w[i] ?? 0) / 2;
  }
  return row;
}

function bar(r: Row): HTMLElement {
  const fill = h('span', { class: `fill ${r.share > 1.0005 ? 'trouble' : 'grid'}` });
  fill.style.width = `${Math.min(100, 100 * r.share)}%`;
  return h('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
}

// One place a row: how full it gets, and, where it holds something back, what that costs.
function item(r: Row): HTMLElement {
  const over = r.over >= LEAST_WH;
  return h('li', {},
    h('span', { class: 'where' }, name(r.place), h('span', { class: 'note' }, paren(t(kinds[r.place.kind])))),
    h('span', { class: 'full' }, bar(r), h('span', { class: 'num' }, percent(r.share))),
    h('span', {}, t('limitsFull', slotTime(r.at), power(r.flow), power(r.limit))),
    r.shadow > 0 ? h('span', { class: 'note' }, t('limitsShadow', slotTime(r.shadowAt), yenPerKwh(r.shadow))) : null,
    over ? h('strong', { class: 'trouble' }, t('limitsOver', energy(r.over))) : null);
}

function listOf(rows: Row[]): HTMLElement {
  return h('ul', { class: 'limits score' }, ...rows.slice(0, LIMITS).map(item));
}

// Wh of the half-hours from `from` on; null: one of them is not known.
function sum(w: Ints, from = 0): number | null {
  const rest = w.slice(from);
  return rest.some((v) => v === null) ? null : rest.reduce<number>((s, v) => s + v! / 2, 0);
}

// What the same plan buys tomorrow, and what it has moved today since the exchange closed.
function purchaseLine(p: Plan): string {
  const tomorrow = sum(p.purchase.tomorrow_w), left = sum(p.purchase.position_w, p.slot);
  const parts = [
    tomorrow === null ? '' : t(p.purchase.tomorrow_fixed ? 'buyFixed' : 'buyOpen', t(tomorrow < 0 ? 'buySale' : 'buyPurchase'), energy(Math.abs(tomorrow))),
    left === null ? '' : t(left >= 0 ? 'buyMore' : 'buyLess', energy(Math.abs(left))),
  ];
  return parts.filter((x) => x).join(t('buyAnd'));
}

function figureOf(r: Row, slot: number): Figure {
  const p = r.place;
  return {
    label: t('limitsChart', name(p)), slot, unit: 'power',
    lines: [
      { label: t('actual'), values: p.flow_w, color: '--grid', style: 'line' },
      { label: t('plan'), values: p.plan_w.map((v, i) => (i < slot ? null : v)), color: '--plan', style: 'dash' },
      { label: t('limitsLimit'), values: p.import_limit_w, color: '--bad', style: 'thin' },
    ],
  };
}

export class Limits {
  readonly el: HTMLElement;
  private readonly note = h('p', { class: 'note' });
  private readonly body = h('div', {});
  private readonly buy = h('p', { class: 'note' });
  private readonly chart = new Chart();
  private asked = '';
  private going = false;

  constructor() {
    this.el = h('section', { class: 'card', 'aria-label': t('limitsTitle'), hidden: true }, h('h2', {}, t('limitsTitle')), this.note, this.body, this.chart.el, this.buy);
  }

  // Asks when the plan has changed: key says which one it is.
  async show(key: string, any: boolean): Promise<void> {
    this.el.hidden = !any;
    if (!any || this.going || key === this.asked) return;
    this.going = true;
    try {
      const p = await get<Plan>('plan');
      this.asked = key;
      this.draw(p);
    } catch {
      this.asked = ''; // the next turn of the clock asks again
    } finally {
      this.going = false;
    }
  }

  private draw(p: Plan): void {
    const rows = p.limits.map((x) => rowOf(x, p.slot)).filter((r): r is Row => r !== null).sort((a, b) => b.share - a.share);
    const over = rows.filter((r) => r.over >= LEAST_WH).length;
    say(this.note, over ? t('limitsBroken', over) : t('limitsKept'));
    this.body.replaceChildren(listOf(rows));
    say(this.buy, purchaseLine(p));
    this.chart.el.hidden = !rows.length;
    if (rows[0]) this.chart.show(figureOf(rows[0], p.slot));
  }

  restyle(): void {
    this.chart.restyle();
  }
  destroy(): void {
    this.chart.destroy();
  }
}
