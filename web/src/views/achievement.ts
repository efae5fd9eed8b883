// achievement.ts: the rate that the town claims, with the figures that it comes from.
import { get, latest, townNow, Problem } from '../api';
import { h, say } from '../dom';
import { count, energy, kwh, paren, percent } from '../format';
import { has, lang, t, type Text } from '../texts';
import type { View } from '../main';

interface Ledger {
  supply_wh: number; saving_wh: number; demand_wh: number; rate: number; text_ja: string; text_en: string; rule_ja: string; rule_en: string;
  supply_by_grade?: Record<string, number>; demand_by_grade?: Record<string, number>; facilities?: number; unreported?: number;
}
interface Achievement extends Partial<Ledger> { fy: number; own?: Ledger | null }

const GRADES = ['measured', 'split', 'manual', 'provisional', 'estimated', 'filled', 'simulated', 'missing'];

function gauge(l: Ledger): HTMLElement {
  const supply = h('span', { class: 'part supply' }), saving = h('span', { class: 'part saving' });
  const pct = (v: number) => `${Math.min(100, (100 * v) / Math.max(1, l.demand_wh))}%`;
  supply.style.width = pct(l.supply_wh);
  saving.style.width = pct(l.saving_wh);
  return h('div', { class: 'gauge', role: 'img', 'aria-label': `${lang() === 'ja' ? l.text_ja : l.text_en}; ${t('achGoal')}` },
    h('div', { class: 'track' }, supply, saving),
    h('div', { class: 'scale', 'aria-hidden': 'true' }, ...[0, 25, 50, 75, 100].map((x) => h('span', {}, `${x}`))),
    h('p', { class: 'note goal' }, t('achGoal')));
}

function sums(l: Ledger): HTMLElement {
  const row = (cls: string, label: string, wh: number) => h('div', { class: `sum ${cls}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, kwh(wh)), h('span', { class: 'note' }, energy(wh))));
  return h('dl', { class: 'sums' }, row('supply', t('achSupply'), l.supply_wh), row('saving', t('achSaving'), l.saving_wh), row('demand', t('achDemand'), l.demand_wh));
}

function grades(title: string, by: Record<string, number> | undefined): HTMLElement | null {
  if (!by) return null;
  const all = Object.values(by).reduce((a, b) => a + b, 0);
  if (all <= 0) return null;
  const known = GRADES.filter((g) => (by[g] ?? 0) > 0);
  const bar = h('div', { class: 'stack', 'aria-hidden': 'true' }, ...known.map((g) => {
    const part = h('span', { class: `grade ${g}` });
    part.style.width = `${(100 * by[g]!) / all}%`;
    return part;
  }));
  const list = h('ul', { class: 'legend' }, ...known.map((g) => h('li', {}, h('span', { class: `key square grade ${g}` }), `${has(`grade${g}`) ? t(`grade${g}` as Text) : g} ${percent(by[g]! / all, 1)}${paren(energy(by[g]))}`)));
  return h('div', { class: 'grades' }, h('h3', {}, `${title}: ${t('achGrades')}`), bar, list);
}

function ledger(title: string, l: Ledger): HTMLElement {
  const text = lang() === 'ja' ? l.text_ja : l.text_en;
  return h('section', { class: 'card ledger', 'aria-label': title }, h('h2', {}, title),
    h('p', { class: 'rate' }, text), h('p', { class: 'note' }, lang() === 'ja' ? l.rule_ja : l.rule_en),
    gauge(l), sums(l),
    grades(t('achSupply'), l.supply_by_grade), grades(t('achDemand'), l.demand_by_grade),
    l.facilities ? h('p', { class: 'note' }, t('achUnreported', count(l.unreported ?? 0), count(l.facilities))) : null);
}

export function achievementView(): View {
  const select = h('select', { id: 'fy' });
  const out = h('div', { class: 'pair even', 'aria-live': 'polite' }, h('p', { class: 'note' }, t('loading')));
  const el = h('div', { class: 'view' },
    h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('achTitle')), h('p', { class: 'picker' }, h('label', { for: 'fy' }, t('achFy')), ' ', select)),
    out, h('p', { class: 'note foot' }, t('achRule')));
  const thisYear = Number(townNow()?.day.slice(0, 4) ?? 2023);
  for (let fy = Math.max(2024, thisYear); fy >= 2020; fy--) select.append(h('option', { value: fy }, t('fy', fy)));
  select.value = '2023';
  const last = latest();
  async function load(): Promise<void> {
    try {
      const a = await last(get<Achievement>(`achievement?fy=${select.value}`));
      const cards: HTMLElement[] = [];
      if (a.demand_wh) cards.push(ledger(t('achPublished'), a as Ledger));
      if (a.own && a.own.demand_wh) cards.push(ledger(t('achOwn'), a.own));
      out.replaceChildren(...(cards.length ? cards : [h('p', { class: 'note' }, t('achNone'))]));
    } catch (e) {
      const p = h('p', { class: 'note' });
      say(p, e instanceof Problem ? (lang() === 'ja' ? e.ja : e.en) : t('achNone'));
      out.replaceChildren(p);
    }
  }
  select.addEventListener('change', () => void load());
  void load();
  return { el, title: t('achTitle'), destroy: () => {} };
}
