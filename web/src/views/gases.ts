// gases.ts: behind an inventory: a year against its bases by gas, why it was restated, renewable capacity with each plant
// counted once, the subsidy for homes, and the year of a reporting entity.
import { get, latest } from '../api';
import { h, type Child } from '../dom';
import { count, energy, intensity, kwh, money, name, none, power, said, tonnes as fromKg, yen } from '../format';
import { card, fact, facts, faultLine, fillYears, left, longList, picker, table, tr, word } from '../pieces';
import { lang, t } from '../texts';
import { decimal, either, type Value } from './office';

interface Base { inventory: string; base: number; gas: string; base_fy: number; base_t: string; fy: number; t: string; change_t: string; percent: string }
interface Line { line: string; basis_was: string | null; basis: string | null; before_t: string; scope_t: string; activity_t: string; factor_t: string; gwp_t: string; after_t: string }
interface Restated { inventory: string; fy: number; from: string; from_on: string | null; to: string; to_on: string | null; before_t: string; scope_t: string; activity_t: string; factor_t: string; gwp_t: string; after_t: string; printed_before_t?: string; printed_after_t?: string; rounding_t?: string; lines: Line[] }
interface Plant { register: string; register_ja: string; register_en: string; counted_in_ja?: string; counted_in_en?: string; name_ja: string; name_en: string; part: string; place: string; w: number; counted: boolean; counted_in?: string; counted_w?: number; by?: string; evidence?: string | null; source: string }
interface Capacity { on: string; w: number; listed_w: number; plants: number; listed_again: number; by_rule: number; differ: number; questions: number; rows: Plant[] }
interface HomePv { fy: number; applied: number; withdrawn: number; awarded: number; w: number; yen: string; published: string | null; published_kw: string | null }
interface Money { inventory: string; fy: number; whole: boolean; node: string; code: string; name_ja: string; name_en: string; businesses: number; budget_yen: number; spent_yen: number | null; total?: Value }
export interface Inventory { inventory: string; name_ja: string; name_en: string; kind: 'area' | 'operator' | 'example'; entity?: string | null; activities_from?: number | null }
export interface Behind { inventories?: Inventory[]; money?: Money[]; entity_fy?: number; bases?: Base[]; restated?: Restated[]; capacity?: Capacity; home_pv?: HomePv[] }
interface Factor { by: string; g_per_kwh: string | null; fy?: number; source: string | null; mark?: string }
interface Menu { menu: string; supplier: string; wh: number; basic: Factor; basic_kg: string; adjusted: Factor; adjusted_kg: string; note?: string }
interface Kind { kind: string; name_ja: string; name_en: string; gas: boolean; amount: string; unit: string; gj?: string; kl?: string; co2_kg?: string; source?: string; mark?: string; gwp_milli?: number; kg_per_m3?: string; kg_per_m3_source?: string; kg_per_m3_mark?: string; lacks?: string; fault?: string }
interface Entity { entity: string; fy: number; facilities: number; reporting: number; unread_months: number; whole: boolean; wh: number; gj: string; kl: string; basic_kg: string; adjusted_kg: string; gas_kg: string; all_basic_kg: string; all_adjusted_kg: string; gwp_set: string; lines: Kind[]; power: Menu[] }

const t2 = (v: string | undefined): string => (v === undefined ? none : `${decimal(v)}\u00a0t`);
const short = (v: string | undefined): string => (v ?? '').replace(/(\.\d{3})\d*$/, '$1');
const percentText = (v: string): string => `${decimal(v.replace(/(\.\d)\d*$/, '$1'))}\u00a0%`;

export function basesCard(list: Base[]): HTMLElement | null {
  if (!list.length) return null;
  return card(t('basesTitle'), table(t('basesTitle'), [t('inventoryGas'), t('basesBase'), t('basesThen'), t('inventoryYear'), t('inventoryTotal'), t('basesChange'), ''],
    list.map((b) => tr(word('gas', b.gas), `${t('fy', b.base)}${b.base_fy !== b.base ? ` (${t('fy', b.base_fy)})` : ''}`, t2(b.base_t), t('fy', b.fy), t2(b.t), t2(b.change_t), percentText(b.percent)))), h('p', { class: 'note' }, t('basesNote')));
}

export function restatedCard(list: Restated[]): HTMLElement | null {
  if (!list.length) return null;
  const heads = [t('restatedLine'), t('restatedBefore'), t('restatedScope'), t('restatedActivity'), t('restatedFactor'), t('restatedGwp'), t('restatedAfter')];
  const edition = (vintage: string, on: string | null): string => word('vintage', vintage) + (on ? ` (${on})` : '');
  const cells = (x: Line | Restated): string[] => [x.before_t, x.scope_t, x.activity_t, x.factor_t, x.gwp_t, x.after_t].map(t2);
  return card(t('restatedTitle'), ...list.flatMap((r): Child[] => [h('h3', {}, `${t('fy', r.fy)} ${edition(r.from, r.from_on)} → ${edition(r.to, r.to_on)}`), table(t('restatedTitle'), heads, r.lines.map((l) => tr(h('span', {}, l.line, l.basis !== l.basis_was ? h('span', { class: 'note line' }, `${l.basis_was ?? none} → ${l.basis ?? none}`) : null), ...cells(l))), tr(t('sectorall'), ...cells(r))),
    r.printed_after_t ? h('p', { class: 'note' }, t('restatedPrinted', t2(r.printed_before_t), t2(r.printed_after_t), t2(r.rounding_t))) : null]));
}

export function capacityCard(c: Capacity | undefined): HTMLElement | null {
  if (!c?.rows.length) return null;
  return card(t('capacityTitle'), facts(fact(t('capacityCounted'), power(c.w), t('capacityPlants', c.plants)), fact(t('capacityListed'), power(c.listed_w), t('capacityAgain', c.listed_again)), c.questions || c.differ ? fact(t('capacityOpen'), count(c.questions + c.differ), t('capacityOpenNote', c.questions, c.differ), 'long') : null),
    longList(t('capacityTitle'), [t('capacityPlant'), `<${t('capacityRegister')}`, `<${t('capacityPlace')}`, t('capacityW'), `<${t('capacityHow')}`, `<${t('source')}`], c.rows,
      (x) => tr(lang() === 'ja' ? x.name_ja : x.name_en, left(lang() === 'ja' ? x.register_ja : x.register_en), left(x.place || none), power(x.w), left(x.counted ? h('span', { class: 'tag good' }, t('capacityCounts')) : h('span', {}, t('capacityIn', (lang() === 'ja' ? x.counted_in_ja : x.counted_in_en) ?? ''), h('span', { class: 'note line' }, said(x.evidence) || t('capacityRule')))), left(h('span', { class: 'note' }, said(x.source)))), (x) => [x.name_ja, x.name_en, x.register, x.register_ja, x.register_en, x.place].join(' '), 10));
}

export function homePvCard(list: HomePv[] | undefined): HTMLElement | null {
  if (!list?.length) return null;
  return card(t('homePvTitle'), table(t('homePvTitle'), [t('inventoryYear'), t('homePvApplied'), t('homePvAwarded'), t('homePvKw'), t('homePvYen'), t('frozenThen')], list.map((x) => tr(t('fy', x.fy), count(x.applied), count(x.awarded), power(x.w), yen(x.yen), [x.published, x.published_kw].filter(Boolean).join(' · ') || none))));
}

// ---- a reporting entity ----

const factorText = (f: Factor): Child[] => [f.g_per_kwh === null ? none : intensity(f.g_per_kwh), h('span', { class: 'note line' }, [word('way', f.by), f.fy ? t('fy', f.fy) : '', f.mark ?? ''].filter(Boolean).join(' · '))];
// Fuels by heat and carbon, or leaked gases by GWP: amount, what it comes to, and by which factor.
function kinds(e: Entity, gas: boolean): HTMLElement | null {
  const list = e.lines.filter((l) => l.gas === gas), title = t(gas ? 'entityGases' : 'entityFuels');
  if (!list.length) return null;
  const by = (l: Kind): Child[] => [l.gwp_milli === undefined ? '' : `GWP ${decimal(String(l.gwp_milli / 1000))} (${e.gwp_set})`, l.kg_per_m3 ? h('span', { class: 'note line' }, [`${decimal(l.kg_per_m3)} kg/m3`, l.kg_per_m3_source, l.kg_per_m3_mark ? word('mark', l.kg_per_m3_mark) : ''].join(' · ')) : null, h('span', { class: 'note line' }, [said(l.source), l.mark ? word('mark', l.mark) : ''].filter(Boolean).join(' · '))];
  return table(title, [title, t('entityAmount'), ...(gas ? [] : ['GJ', 'kL']), gas ? 'CO₂e' : 'CO₂', `<${t('entityFactors')}`],
    list.map((l) => tr(name(l), `${decimal(l.amount)}\u00a0${l.unit}`, ...(gas ? [] : [decimal(short(l.gj)), decimal(short(l.kl))]), l.co2_kg ? fromKg(l.co2_kg) : none, left(...(l.fault ? [h('span', { class: 'warn' }, t('entityLacks', l.lacks ?? l.fault))] : by(l))))));
}
function entityBody(e: Entity): Child[] {
  return [facts(fact(t('entityElectricity'), energy(e.wh), kwh(e.wh)), fact(t('entityHeat'), `${decimal(e.gj.replace(/\.\d*$/, ''))} GJ`, `${decimal(e.kl.replace(/\.\d*$/, ''))} kL`), fact(t('entityBasic'), fromKg(e.all_basic_kg)), fact(t('entityAdjusted'), fromKg(e.all_adjusted_kg), `GWP ${e.gwp_set}`)),
    e.unread_months ? h('p', { class: 'warn' }, t('entityUnread', e.unread_months)) : null,
    table(t('entityPower'), [t('menu'), t('entityElectricity'), `<${t('entityBasicFactor')}`, t('entityBasic'), `<${t('entityAdjustedFactor')}`, t('entityAdjusted')], e.power.map((m) => tr(h('span', {}, m.menu || t('noContract'), h('span', { class: 'note line' }, m.supplier)), kwh(m.wh), left(...factorText(m.basic)), fromKg(m.basic_kg), left(...factorText(m.adjusted)), fromKg(m.adjusted_kg)))),
    kinds(e, false), kinds(e, true), e.lines.length ? null : h('p', { class: 'note' }, t('entityNoGases'))];
}

// Who reports: the operator as a whole, or a bureau; its year in energy and both kinds of factor.
export function entityCard(who: string, last: number, bureaus: string[]): HTMLElement {
  const pick = h('select', { id: 'entity-who' }, h('option', { value: who }, who === 'all' ? t('entityAll') : who), ...bureaus.filter((b) => b !== who).map((b) => h('option', { value: b }, b)));
  const year = h('select', { id: 'entity-fy' }), body = h('div', { 'aria-live': 'polite' }), newest = latest();
  fillYears(year, last);
  async function draw(): Promise<void> {
    body.replaceChildren(h('p', { class: 'note' }, t('loading')));
    const list = await newest(get<{ content: Entity }>(`city/entity?${new URLSearchParams({ fy: year.value, who: pick.value })}`).then((x) => entityBody(x.content), (e) => [faultLine(e)] as Child[]));
    body.replaceChildren(...list.filter((x): x is HTMLElement => x instanceof HTMLElement));
  }
  pick.addEventListener('change', () => void draw());
  year.addEventListener('change', () => void draw());
  void draw();
  return card(t('entityTitle'), h('div', { class: 'titlerow' }, picker('entity-who', t('entityWho'), pick), picker('entity-fy', t('inventoryYear'), year)), body);
}

// ---- what it costs ----

export function moneyCard(list: Money[]): HTMLElement | null {
  if (!list.length) return null;
  const yen = (v: number | null): string => (v === null ? none : money(String(v)));
  const line = (x: Money): HTMLElement => tr(x.whole ? h('strong', {}, t('fy', x.fy)) : '', left(h('a', { href: `#/plans/${x.node}` }, [x.code, name(x)].filter(Boolean).join(' '))), count(x.businesses), yen(x.budget_yen), yen(x.spent_yen), h('td', {}, x.total ? (either(x.total) ?? decimal(x.total.value)) : x.whole ? none : ''));
  return card(t('moneyTitle'), table(t('moneyTitle'), [t('inventoryYear'), `<${t('moneyNode')}`, t('moneyBusinesses'), t('moneyBudget'), t('moneySpent'), t('inventoryTotal')], [...list].sort((a, b) => b.fy - a.fy).map(line)), h('p', { class: 'note' }, t('moneyNote')));
}
