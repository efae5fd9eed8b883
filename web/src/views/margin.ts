// margin.ts: what a month brought and cost, cut by customer, menu, source, half-hour or month; every cut sums to the same.
import { get, latest, townNow } from '../api';
import { h, say } from '../dom';
import { count, kwh, money, none } from '../format';
import type { View } from '../main';
import { card, exactly, fact, facts, faultLine, longList, picker, table, tr, word, yenFact } from '../pieces';
import { lang, t } from '../texts';
import { monthBefore } from './matching';
import { difference } from './runs';

interface Sum { wh: number; income_yen: string; cost_yen: string; margin_yen: string }
interface Row extends Sum { id: string; name_ja?: string; name_en?: string }
interface Answer {
  by: string; months: { month: string; state: string; edition: number; issued: boolean; unmade: number; unfiled_days: number; unsettled_slots: number; margin_yen: string; kept_yen: string | null }[]; sum: Sum; books: { income_yen: string; cost_yen: string; same: boolean };
  costs: { id: string; yen: string }[]; rows: Row[]; changes: { of: string; id: string; was_yen: string; is_yen: string }[];
}
const CUTS = ['customer', 'menu', 'source', 'slot', 'month'];

export function marginView(path: string): View {
  let month = path || (townNow() ? monthBefore(townNow()!.day) : '');
  const input = h('input', { type: 'month', id: 'margin-month', value: month }), by = h('select', { id: 'margin-by' }, ...CUTS.map((c) => h('option', { value: c }, word('cut', c))));
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view margin' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('marginTitle')), picker('margin-month', t('billsMonth'), input), picker('margin-by', t('matchByLabel'), by)), about, body);
  const label = (r: Row): string => (lang() === 'ja' ? r.name_ja : r.name_en) || r.name_ja || r.id;
  const last = latest();
  async function load(): Promise<void> {
    say(about, t('loading'));
    try {
      const a = await last(get<Answer>(`margin?by=${by.value}${month ? `&month=${month}` : ''}`));
      say(about, '');
      const m = a.months[0];
      if (m && !month) month = input.value = m.month.slice(0, 7);
      body.replaceChildren(card(t('marginSum'), facts(yenFact(t('closeNet'), a.sum.income_yen), yenFact(t('closeCosts'), a.sum.cost_yen), yenFact(t('closeMargin'), a.sum.margin_yen), fact(t('billEnergy'), kwh(a.sum.wh))),
        ...a.months.map((x) => h('p', { class: 'note' }, `${x.month.slice(0, 7)}: ${word('close', x.state)}${x.kept_yen ? ` · ${t('marginKept', money(x.kept_yen))}` : ''}${x.unmade ? ` · ${t('billsFailed', x.unmade)}` : ''}`)),
        ...a.months.filter((x) => x.unfiled_days || x.unsettled_slots).map((x) => h('p', { class: 'warn' }, t('marginUnfiled', x.month.slice(0, 7), count(x.unfiled_days), count(x.unsettled_slots)))),
        h('p', { class: a.books.same ? 'note' : 'warn' }, a.books.same ? t('marginSame') : t('marginBooks', money(a.books.income_yen), money(a.books.cost_yen)))),
      card(word('cut', a.by), longList(word('cut', a.by), [word('cut', a.by), t('billEnergy'), t('closeNet'), t('closeCosts'), t('closeMargin')], a.rows, (r) => tr(h('span', {}, label(r), label(r) === r.id ? null : h('span', { class: 'note line' }, r.id)), kwh(r.wh), exactly(r.income_yen), exactly(r.cost_yen), exactly(r.margin_yen)), (r) => `${r.id} ${r.name_ja} ${r.name_en}`, 30)),
      card(t('closeCosts'), a.costs.length ? table(t('closeCosts'), [t('closeCost'), t('billAmount')], a.costs.map((c) => tr(word('cost', c.id), money(c.yen)))) : h('p', { class: 'note' }, none)),
      ...(a.changes?.length ? [card(t('closeChanges'), table(t('closeChanges'), [t('closeItem'), t('carbonBefore2'), t('carbonAfter2'), t('carbonDifference')], a.changes.map((c) => tr(c.of === 'cost' ? word('cost', c.id) : c.id, money(c.was_yen), money(c.is_yen), h('td', {}, difference(c.is_yen, c.was_yen))))))] : []));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  input.addEventListener('change', () => {
    month = input.value;
    if (month) history.replaceState(null, '', `#/margin/${month}`);
    void load();
  });
  by.addEventListener('change', () => void load());
  void load();
  return { el, title: t('marginTitle'), up: '#/close', destroy: () => {} };
}
