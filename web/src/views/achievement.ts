// achievement.ts: the rate that the town claims: the published figure, our own, the five-year table, whose and which power,
// on which evidence, and whether it holds in each half-hour.
import { get, latest, Problem, townNow } from '../api';
import { h, say, type Child } from '../dom';
import { citeButton, figure, files } from '../figure';
import { count, energy, kwh, paren, percent, said } from '../format';
import type { View } from '../main';
import { card, faultLine, fillYears, left, picker, table, tr } from '../pieces';
import { has, lang, t, type Text } from '../texts';
import { freezeButton, frozenSaid, frozenState, lastOf, publishedList } from '../published';
import { decimal, fiscal, indicators, type Indicator, type Years } from './office';
import { leadingCards, type Leading } from './leading';
import { cutsCard, facilitiesCard } from './ledger';

export interface Ledger {
  supply_wh: number; saving_wh: number; demand_wh: number; rate: number | null; text_ja: string | null; text_en: string | null; rule_ja: string | null; rule_en: string | null;
  supply_by_grade?: Record<string, number>; demand_by_grade?: Record<string, number>; facilities?: number; unreported?: number; silent?: number; missing_days?: number;
}
interface Achievement extends Partial<Ledger> { fy: number; own?: Ledger | null }

const GRADES = ['measured', 'split', 'manual', 'provisional', 'estimated', 'filled', 'simulated', 'missing'];
const text = (l: Ledger): string => (lang() === 'ja' ? l.text_ja : l.text_en) ?? '–';

function gauge(l: Ledger): HTMLElement {
  const supply = h('span', { class: 'part supply' }), saving = h('span', { class: 'part saving' });
  const pct = (v: number) => `${Math.min(100, (100 * v) / Math.max(1, l.demand_wh))}%`;
  supply.style.width = pct(l.supply_wh);
  saving.style.width = pct(l.saving_wh);
  return h('div', { class: 'gauge', role: 'img', 'aria-label': `${text(l)}; ${t('achGoal')}` },
    h('div', { class: 'track' }, supply, saving),
    h('div', { class: 'scale', 'aria-hidden': 'true' }, ...[0, 25, 50, 75, 100].map((x) => h('span', {}, `${x}`))),
    h('p', { class: 'note goal' }, t('achGoal')));
}

// A sum that opens to its source where it is a published figure.
function sums(l: Ledger, fy: number): HTMLElement {
  const row = (cls: string, label: string, wh: number, indicator: string) => h('div', { class: `sum ${cls}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, fy ? figure(kwh(wh), indicator, fy, label) : kwh(wh)), h('span', { class: 'note' }, energy(wh))));
  return h('dl', { class: 'sums' }, row('supply', t('achSupply'), l.supply_wh, 're-supply'), row('saving', t('achSaving'), l.saving_wh, 'saving'), row('demand', t('achDemand'), l.demand_wh, 'demand'));
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

// The indicator that is reckoned from the ledger's three published figures: the rate opens to it.
const rateOf = (known: Indicator[]): string => known.find((x) => ['re-supply', 'saving', 'demand'].every((w) => x.formula?.includes(w)))?.indicator ?? '';

function ledger(title: string, l: Ledger, fy: number, rate: string, ...more: Child[]): HTMLElement {
  return h('section', { class: 'card ledger', 'aria-label': title }, h('h2', {}, title),
    h('p', { class: 'rate' }, rate ? figure(text(l), rate, fy, title) : text(l)), h('p', { class: 'note' }, lang() === 'ja' ? l.rule_ja : l.rule_en),
    gauge(l), sums(l, fy), grades(t('achSupply'), l.supply_by_grade), grades(t('achDemand'), l.demand_by_grade),
    l.facilities ? h('p', { class: 'note' }, t('achUnreported', count(l.unreported ?? 0), count(l.facilities))) : null, ...more);
}

// ---- the table as it is printed: five years, the empty ones too, and the direction that is wished for ----

// GWh as the API has them, six decimals, as whole kWh.
function wholeKwh(gwh: string): string {
  const m = /^(-?)(\d+)\.(\d{6})$/.exec(gwh);
  return m ? decimal(`${m[1]}${BigInt(m[2]! + m[3]!)}`) : decimal(gwh);
}
function yearTable(list: Years[], fy: number): HTMLElement | null {
  const known = list.filter((y) => y.years.some((x) => x.value !== undefined));
  if (!known.length) return null;
  const begin = fy < 2022 ? fy : 2022 + Math.floor((fy - 2022) / 5) * 5, years = [0, 1, 2, 3, 4].map((k) => begin + k);
  const cell = (y: Years, at: number): Child => {
    const v = y.years.find((x) => x.fy === at && x.value !== undefined);
    return v ? figure(y.unit === 'GWh' ? wholeKwh(v.value!) : decimal(v.value), y.indicator, at, lang() === 'ja' ? y.name_ja : y.name_en) : h('span', { class: 'note' }, '');
  };
  return card(t('achTable'), table(t('achTable'), [t('achResult'), ...years.map((y) => t('fy', y)), `<${t('achDirection')}`],
    known.map((y) => tr(lang() === 'ja' ? y.name_ja : y.name_en, ...years.map((at) => cell(y, at)), left(y.better === 'up' ? t('achUp') : y.better === 'down' ? t('achDown') : '')))));
}

// ---- the view ----

export function achievementView(given = ''): View {
  const select = h('select', { id: 'fy' }), about = h('p', { class: 'note', role: 'status' }, t('loading'));
  const out = h('div', { class: 'pair even' }), below = h('div');
  const el = h('div', { class: 'view ach' },
    h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('achTitle')), picker('fy', t('achFy'), select)), about, out, below, h('p', { class: 'note foot' }, t('achRule')));
  const last = latest();
  let fy = Number(given) || 0, known: Indicator[] = [];

  async function parts(a: Achievement): Promise<void> {
    const tables = await last(Promise.all(['re-supply', 'saving'].filter((i) => known.some((x) => x.indicator === i)).map((i) => get<Years>(`city/years/${i}`))));
    const source = tables.flatMap((y) => y.years.filter((x) => x.fy === fy && said(x.source))).map((x) => said(x.source)!);
    const frozen = lastOf(await last(publishedList()), 'achievement', fy);
    const cite = a.demand_wh ? citeButton(() => ({ label: t('achTitle'), year: fy, text: `${text(a as Ledger)} ${(lang() === 'ja' ? a.rule_ja : a.rule_en) ?? ''}`, source: [...new Set(source)].join('; '), day: townNow()?.day ?? '', model: frozen?.hash ?? tables[0]?.model ?? '' })) : null;
    out.querySelector('.ledger')?.append(h('p', { class: 'acts' }, cite, freezeButton('achievement', fy, (f) => (say(about, frozenSaid(f)), void load(frozenSaid(f)))), frozenState(frozen)), h('p', { class: 'filesrow' }, t('files'), ' ', files('achievement', fy)));
    const more = h('div', { 'aria-live': 'polite' }, h('p', { class: 'note' }, t('achMore')));
    below.replaceChildren(...[yearTable(tables, fy), cutsCard(fy), more, facilitiesCard(fy)].filter((x): x is HTMLElement => !!x));
    const year = await last(get<{ content: Leading }>(`city/achievement?fy=${fy}`).then((x) => leadingCards(x.content, known), (e) => [faultLine(e)] as Child[]));
    more.replaceChildren(...year.filter((x): x is HTMLElement => x instanceof HTMLElement));
  }
  async function load(said = ''): Promise<void> {
    try {
      known = known.length ? known : await last(indicators());
      fy ||= known.find((x) => x.indicator === rateOf(known))?.result?.fy ?? fiscal(townNow()?.day ?? '') - 1;
      fillYears(select, Math.max(fy, 2024), Math.max(5, Math.max(fy, 2024) - 2019));
      fillYears(select, fy);
      select.value = String(fy);
      const a = await last(get<Achievement>(`achievement?fy=${fy}`)), cards: HTMLElement[] = [];
      if (a.demand_wh) cards.push(ledger(t('achPublished'), a as Ledger, known.some((x) => x.indicator === 're-supply') ? fy : 0, rateOf(known)));
      if (a.own?.demand_wh) cards.push(ledger(t('achOwn'), a.own, 0, ''));
      say(about, cards.length ? said : t('achNone'));
      out.replaceChildren(...cards);
      await parts(a);
    } catch (e) {
      say(about, e instanceof Problem ? '' : t('achNone'));
      out.replaceChildren(faultLine(e));
    }
  }
  select.addEventListener('change', () => ((fy = Number(select.value)), history.replaceState(null, '', `#/achievement/${fy}`), void load()));
  void load();
  return { el, title: t('achTitle'), up: '#/office', destroy: () => {} };
}
