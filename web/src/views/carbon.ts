// carbon.ts: the CO2 of a year's electricity: location- and market-based, by menu, old and new factors; a day by the half-hour.
import { get, latest, townNow } from '../api';
import { Chart } from '../chart';
import { h, say, type Child } from '../dom';
import { day as dayText, energy, intensity, kwh, name, none, percent, said, slotTime, tonnes } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, fillYears, left, picker, table, tr, word } from '../pieces';
import { t } from '../texts';

interface Factor { by: string; g_per_kwh?: string; fy?: number; published?: string; source?: string; mark?: string }
interface Row { menu: string | null; name_ja: string; name_en: string; supplier: string | null; import_wh: number; factor: Factor; market_kg: string; location_kg: string; factor_before?: Factor; market_before_kg?: string; difference_kg?: string }
interface BySlot { known: boolean; method?: string; kg?: string; covered_wh?: number; uncovered_wh?: number; slots?: number }
interface Year {
  fy: number; import_wh: number; self_wh: number; location_kg: string; location_factor: Factor; location_factor_before?: Factor; location_before_kg?: string; location_difference_kg?: string; market_kg: string; market_whole: boolean; market_before_kg: string; market_difference_kg: string;
  average_by_slot: BySlot; marginal_by_slot: BySlot; menus: Row[]; days_without_reading: number; model: string;
}
interface Half { method: string; g_per_kwh: (string | null)[]; kg: (string | null)[] }
interface Day { day: string; import_wh: number[]; average: Half; marginal: Half }

const zero = (s: string): boolean => !/[1-9]/.test(s);

function factorText(f: Factor): HTMLElement {
  const mark = f.mark !== undefined ? h('span', { class: `tag mark2 ${f.mark}` }, f.mark || t('markOwn'), h('span', { class: 'sr' }, word('mark', f.mark || 'Own'))) : null;
  return h('span', { class: 'origin' }, f.g_per_kwh ? `${intensity(f.g_per_kwh)} ` : `${none} `, mark, h('span', { class: 'note' }, ` ${[word('way', f.by), f.fy ? t('fy', f.fy) : '', f.published ? t('carbonPublished', f.published) : '', said(f.source)].filter(Boolean).join(' · ')}`));
}

function half(label: string, x: BySlot): HTMLElement {
  return x.known ? fact(label, tonnes(x.kg), `${word('method', x.method ?? '')} · ${t('carbonCovered', percent(x.covered_wh! / Math.max(1, x.covered_wh! + x.uncovered_wh!), 1))}`) : fact(label, none, t('carbonNoSlots'));
}

function sums(y: Year): HTMLElement {
  return card(t('carbonSums'), facts(fact(t('carbonLocation'), tonnes(y.location_kg), t('carbonLocationNote')), fact(t('carbonMarket'), tonnes(y.market_kg), y.market_whole ? t('carbonMarketNote') : t('carbonMarketGaps'), y.market_whole ? '' : 'long'),
    half(t('carbonAverage'), y.average_by_slot), half(t('carbonMarginal'), y.marginal_by_slot)),
    h('p', {}, factorText(y.location_factor)), h('p', { class: 'note' }, t('carbonBought', kwh(y.import_wh), kwh(y.self_wh))));
}

function changed(y: Year): HTMLElement | null {
  const list = y.menus.filter((r) => r.factor_before);
  const country = y.location_factor_before;
  if (!list.length && !country) return null;
  const row = (label: string, was: Factor, now: Factor, kg: (string | undefined)[]): HTMLElement => tr(label, left(factorText(was)), left(factorText(now)), ...kg.map((x) => tonnes(x, 3)));
  return card(t('carbonChanged'), facts(fact(t('carbonBefore'), tonnes(y.market_before_kg), t('carbonMarket')), fact(t('carbonAfter'), tonnes(y.market_kg), t('carbonMarket')), fact(t('carbonDifference'), tonnes(y.market_difference_kg, 3), t('carbonMarket'), zero(y.market_difference_kg) ? '' : 'long')),
    table(t('carbonChanged'), [t('menu'), `<${t('carbonBefore')}`, `<${t('carbonAfter')}`, t('carbonBefore'), t('carbonAfter'), t('carbonDifference')],
      [...(country ? [row(t('carbonLocation'), country, y.location_factor, [y.location_before_kg, y.location_kg, y.location_difference_kg])] : []),
        ...list.map((r) => row(r.menu ? name(r) : t('noContract'), r.factor_before!, r.factor, [r.market_before_kg, r.market_kg, r.difference_kg]))]));
}

function menus(y: Year): HTMLElement {
  return card(t('carbonMenus'), table(t('carbonMenus'), [t('menu'), t('carbonEnergy'), `<${t('carbonFactor')}`, t('carbonMarket'), t('carbonLocation')],
    y.menus.map((r) => tr(h('span', {}, r.menu ? name(r) : t('noContract'), r.menu ? h('span', { class: 'note line' }, r.menu) : null), energy(r.import_wh), left(factorText(r.factor)), tonnes(r.market_kg), tonnes(r.location_kg))),
    tr(t('carbonSums'), energy(y.import_wh), '', tonnes(y.market_kg), tonnes(y.location_kg))));
}

// ---- a day ----

const numbers = (v: (string | null)[]): (number | null)[] => v.map((x) => (x === null ? null : Number(x)));
const total = (v: (string | null)[]): string => String(v.reduce((a, x) => a + Number(x ?? 0), 0));

function drawDay(chart: Chart, d: Day, body: HTMLElement): void {
  const lines = [{ half: d.average, label: t('carbonAverage'), color: '--demand', style: 'line' as const }, { half: d.marginal, label: t('carbonMarginal'), color: '--plan', style: 'dash' as const }].filter((x) => x.half.method && x.half.g_per_kwh.some((g) => g !== null));
  const list: Child[] = [];
  if (lines.length) {
    chart.show({ label: t('carbonDay', d.day), slot: -1, unit: 'intensity', lines: lines.map((l) => ({ label: l.label, values: numbers(l.half.g_per_kwh), color: l.color, style: l.style })) });
    list.push(h('p', { class: 'note' }, lines.map((l) => `${l.label}: ${word('method', l.half.method)}`).join(' · ')), facts(...lines.map((l) => fact(l.label, tonnes(total(l.half.kg), 2)))), h('div', { class: 'bare' }, chart.el));
  } else list.push(h('p', { class: 'note' }, t('carbonNoDay')));
  const figures = h('details', { class: 'figures' }, h('summary', {}, t('table')));
  figures.addEventListener('toggle', () => figures.children.length > 1 || figures.append(table(t('carbonDay', d.day), [t('time'), t('carbonEnergy'), t('carbonAverage'), 'kg', t('carbonMarginal'), 'kg'],
    d.import_wh.map((wh, i) => tr(slotTime(i), kwh(wh), intensity(d.average.g_per_kwh[i]), d.average.kg[i] ?? none, intensity(d.marginal.g_per_kwh[i]), d.marginal.kg[i] ?? none)))));
  body.replaceChildren(...list.filter((x): x is HTMLElement => !!x), figures);
}

export function carbonView(when: string): View {
  const year = h('select', { id: 'carbon-fy' }), chart = new Chart(240);
  const asOf = h('input', { type: 'date', id: 'carbon-asof' }), date = h('input', { type: 'date', id: 'carbon-day', value: when.length === 10 ? when : '' });
  let fy = when.length === 4 ? when : '';
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div'), ofDay = h('div');
  const el = h('div', { class: 'view carbon' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('carbonTitle')), picker('carbon-fy', t('achFy'), year), picker('carbon-asof', t('carbonAsOf'), asOf)), about, body,
    card(t('carbonSlots'), picker('carbon-day', t('noteDay'), date), ofDay));

  const last = latest(), lastDay = latest();
  async function load(): Promise<void> {
    say(about, t('matchYearSlow'));
    try {
      const q = new URLSearchParams({ ...(fy ? { fy } : {}), ...(asOf.value ? { as_of: asOf.value } : {}) });
      const y = await last(get<Year>(q.size ? `carbon?${q}` : 'carbon'));
      fillYears(year, Math.max(y.fy, Number(townNow()?.day.slice(0, 4) ?? 0)));
      fillYears(year, y.fy);
      fy = year.value = String(y.fy);
      say(about, [asOf.value ? t('carbonAsKnown', dayText(asOf.value)) : '', y.days_without_reading ? t('carbonMissing', y.days_without_reading) : ''].filter(Boolean).join(' · '));
      body.replaceChildren(...[sums(y), changed(y), menus(y)].filter((x): x is HTMLElement => !!x));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  async function loadDay(): Promise<void> {
    await lastDay(get<Day>(date.value ? `carbon/day?date=${date.value}` : 'carbon/day')).then((d) => {
      date.value = d.day;
      drawDay(chart, d, ofDay);
    }).catch((e) => ofDay.replaceChildren(faultLine(e)));
  }
  year.addEventListener('change', () => ((fy = year.value), history.replaceState(null, '', `#/carbon/${year.value}`), void load()));
  asOf.addEventListener('change', () => void load());
  date.addEventListener('change', () => void loadDay());
  void load();
  void loadDay();
  return { el, title: t('carbonTitle'), up: '#/achievement', restyle: () => chart.restyle(), destroy: () => chart.destroy() };
}
