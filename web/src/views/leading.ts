// leading.ts: what stands behind the rate of the leading area: its four readings with the published pair named, the year by
// volume beside the year by half-hours, savings on record, measures outside electricity, and the CO2 effect with its factor.
import { h, type Child } from '../dom';
import { figure, opens } from '../figure';
import { count, energy, kwh, none, percent, said, tonnes } from '../format';
import { card, fact, facts, left, longList, table, tr, word } from '../pieces';
import { lang, t } from '../texts';
import { members } from './ledger';
import type { Indicator } from './office';

interface Variant { waste: string; demand: string; published: boolean; partial: boolean; supply_wh: number | null; saving_wh: number | null; demand_wh: number | null; rate: number | null }
interface HalfHours { days: number; days_read: number; load_wh: number; matched_wh: number; local_wh: number; residual_wh: number; unclaimed_wh: number; annual_rate: number | null; time_matched_rate: number | null; local_share: number | null }
interface Saving { id: string; measure: string; facility: string; facility_ja: string; facility_en: string; method: string; evidence: string; first_fy: number; last_fy: number; before_wh: number; after_wh: number; counts_wh: number; counted: boolean; other: string | null }
interface Measure { id: string; what: string; title: string; count: string; unit: string; saved_kg: string; factor: string; source: string }
interface Effect { factor: { way: string; g_per_kwh: number | null; source: string | null; of_fy?: number }; groups: { group: string; supply_wh: number; saving_wh: number; planned_kg: string | null; planned_source: string | null; kg: string | null }[] }
export interface Leading {
  fy: number; published: string; rate: number | null; published_pair: string; variants: Variant[]; waste_wh: number; waste_fossil_wh: number; waste_unknown_menu: string | null;
  own: { rate: number | null; demand_wh: number; supply_wh: number; read_by: Record<string, number>; days_without_reading: number };
  side_by_side: { slots_share: number; half_hour: HalfHours | null }; savings: { saved_wh: number; claimed_wh: number; counted: number; twice: number; rows: Saving[] }; measures: Measure[]; effect: Effect;
}

// What a figure of a reading is made of: its terms, and their sum.
type Term = [string, number, string?];
const terms = (list: Term[]): Child[] => [table('', ['', 'kWh', `<${t('source')}`], list.map(([what, wh, source]) => tr(what, kwh(wh), left(source ?? ''))), tr(t('sectorall'), kwh(list.reduce((a, [, wh]) => a + wh, 0)), ''))];

function madeOf(m: Leading, v: Variant): [number | null, Term[]][] {
  const said = m.published === 'exact', saving = v.saving_wh ?? 0, source = t(said ? 'achPublished' : 'achOwn');
  const supply: Term[] = [[t('achSupply'), (v.supply_wh ?? 0) + (v.waste === 'full' ? 0 : m.waste_fossil_wh), source]];
  if (v.waste !== 'full') supply.push([t('variantFossil'), -m.waste_fossil_wh, 'params.csv menu-waste-share']);
  const demand: Term[] = v.demand === 'fixed' ? [[t('achDemand'), v.demand_wh ?? 0, 'published.csv demand']] : [[t('achDemand'), (v.demand_wh ?? 0) - saving, t('achOwn')], [t('achSaving'), saving, source]];
  return [[v.supply_wh, supply], [v.saving_wh, [[t('achSaving'), saving, source]]], [v.demand_wh, demand]];
}

export function variantsCard(m: Leading): HTMLElement {
  const rows = m.variants.map((v) => tr(h('span', {}, `${word('waste', v.waste)} × ${word('basis', v.demand)}`, v.published ? h('strong', { class: 'good' }, ` ${t('variantPublished')}`) : null),
    ...madeOf(m, v).map(([wh, list]) => (wh === null ? none : opens(kwh(wh), `${word('waste', v.waste)} × ${word('basis', v.demand)}`, () => terms(list)))), h('td', {}, h(v.published ? 'strong' : 'span', {}, percent(v.rate, 2)), v.partial ? h('span', { class: 'note line' }, t('variantPartial')) : null)));
  return card(t('variantsTitle'), table(t('variantsTitle'), [t('variantPair'), t('achSupply'), t('achSaving'), t('achDemand'), t('variantRate')], rows),
    h('p', { class: 'note' }, m.waste_unknown_menu ? t('variantUnknown', m.waste_unknown_menu) : t('variantWaste', energy(m.waste_wh), energy(m.waste_fossil_wh))));
}

export function sideCard(m: Leading): HTMLElement {
  const x = m.side_by_side.half_hour;
  return card(t('achSlots'), facts(fact(t('achByYear'), percent(m.rate ?? m.own.rate, 2), m.rate === null ? t('achOwn') : t('achPublished')),
    x ? fact(t('achBySlot'), percent(x.time_matched_rate, 2), t('achDays', x.days, x.days_read)) : fact(t('achBySlot'), none, t('achSlotsNone')), x ? fact(t('achByPlace'), percent(x.local_share, 2), energy(x.local_wh)) : null, fact(t('achSlotShare'), percent(m.side_by_side.slots_share, 1), t('achSlotShareNote'))),
    h('p', {}, h('a', { href: `#/matching/${m.fy}` }, t('matchTitle'))));
}

// (supply + saving) x factor, with the factor's source.
function effectOf(g: Effect['groups'][0], f: Effect['factor']): Child[] {
  return [...terms([[t('achSupply'), g.supply_wh], [t('achSaving'), g.saving_wh]]), h('p', {}, `${kwh(g.supply_wh + g.saving_wh)} kWh × ${f.g_per_kwh} g/kWh = ${tonnes(g.kg!)}`), h('p', { class: 'note' }, [word('way', f.way), f.of_fy ? t('fy', f.of_fy) : '', said(f.source)].filter(Boolean).join(' · '))];
}

export function effectCard(m: Leading, known: Indicator[]): HTMLElement {
  const f = m.effect.factor, planned = (group: string): Indicator | undefined => known.find((i) => i.indicator === `area-${group}-co2` && i.result);
  return card(t('effectTitle'), table(t('effectTitle'), [t('ledgerByGroup'), t('achSupply'), t('achSaving'), t('effectMade'), t('effectPlanned'), `<${t('source')}`],
    m.effect.groups.map((g) => tr(word('groupOf', g.group), opens(kwh(g.supply_wh), word('groupOf', g.group), () => members(m.fy, 'group', g.group)), kwh(g.saving_wh), g.kg === null ? none : opens(tonnes(g.kg), word('groupOf', g.group), () => effectOf(g, f)), h('td', {}, g.planned_kg === null ? none : planned(g.group) ? figure(tonnes(g.planned_kg), `area-${g.group}-co2`, planned(g.group)!.result!.fy, t('effectPlanned')) : tonnes(g.planned_kg)), left(said(g.planned_source) || none)))),
    h('p', { class: 'note' }, f.g_per_kwh === null ? t('effectNoFactor') : t('effectFactor', f.g_per_kwh, word('way', f.way), [f.of_fy ? t('fy', f.of_fy) : '', said(f.source)].filter(Boolean).join(' · '))));
}

export function savingsCard(m: Leading): HTMLElement {
  const s = m.savings;
  return card(t('savingsTitle'), facts(fact(t('savingsCounted'), kwh(s.saved_wh), t('savingsRows', count(s.counted))), fact(t('savingsClaimed'), kwh(s.claimed_wh)), s.twice ? fact(t('savingsTwice'), count(s.twice), t('savingsTwiceNote'), 'long') : null),
    s.rows.length ? longList(t('savingsTitle'), [t('savingsId'), `<${t('achFacility')}`, `<${t('savingsMethod')}`, `<${t('achEvidence')}`, t('savingsYears'), t('savingsBefore'), t('savingsAfter'), t('savingsCounts')], s.rows,
      (x) => tr(h('span', {}, x.measure, h('span', { class: 'note line' }, x.id)), left(h('a', { href: `#/facility/${x.facility}` }, (lang() === 'ja' ? x.facility_ja : x.facility_en))), left(said(x.method)), left(said(x.evidence) || none), `${x.first_fy}–${x.last_fy}`, kwh(x.before_wh), kwh(x.after_wh), h('td', {}, kwh(x.counts_wh), x.other ? h('span', { class: 'note line' }, t('savingsOther', x.other)) : null)), (x) => [x.id, x.measure, x.facility, x.facility_ja, x.facility_en].join(' '), 10) : h('p', { class: 'note' }, t('savingsNone')));
}

export function measuresCard(m: Leading): HTMLElement | null {
  if (!m.measures.length) return null;
  return card(t('measuresTitle'), table(t('measuresTitle'), [t('measuresWhat'), t('measuresCount'), t('measuresSaved'), `<${t('carbonFactor')}`, `<${t('source')}`],
    m.measures.map((x) => tr(said(x.title) || x.id, `${x.count.replace(/\.?0+$/, '')} ${said(x.unit)}`, tonnes(x.saved_kg), left(said(x.factor)), left(said(x.source))))));
}

export const leadingCards = (m: Leading, known: Indicator[]): Child[] => [variantsCard(m), sideCard(m), effectCard(m, known), savingsCard(m), measuresCard(m)];
