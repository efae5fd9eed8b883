// matching.ts: a month or a year: who fed whom, how much was renewable by three rules side by side, what is left over.
import { get, latest, townNow } from '../api';
import { h, say, type Child } from '../dom';
import { count, day, energy, intensity, kwh, name, none, paren, percent } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, fillYears, longList, picker, rows, table, tr, word } from '../pieces';
import { Sankey, type Link, type Side } from '../sankey';
import { kind, t } from '../texts';

export interface Sum {
  id?: string; name_ja?: string; name_en?: string; load_wh: number; import_wh: number; own_wh: number; menu_wh: number; matched_wh: number; local_wh: number; battery_wh: number;
  fit_wh: number; waste_fossil_wh: number; claimed_by_others_wh: number; annual_rate: number | null; time_matched_rate: number | null; local_share: number | null;
}
export interface Rule { pool: string; name_ja: string; name_en: string; rule: string }
export interface FlowData {
  sources: { id: string; type: string; name_ja: string; name_en: string; outside: boolean; given_wh: number }[];
  kinds: { kind: string; load_wh: number; matched_wh: number }[]; links: { source: number; kind: number; wh: number }[];
}
interface Made { made_wh: number; used_wh: number }
interface Variant { supply_wh: number; saving_wh: number; demand_wh: number; rate: number | null }
interface Match {
  fy: number; from: string; to: string; days: number; days_read: number; unread_exports: { point: string; slots: number }[]; rules: Rule[]; flow: FlowData; model: string;
  town: Sum & { volume_wh: number; volume_rate: number | null; residual_wh: number; booked_wh: number };
  sources: Record<'own_roof' | 'waste' | 'in_town' | 'out_of_town', Made> & { made_fit_wh: number; made_waste_fossil_wh: number; unclaimed_wh: number; lost_in_batteries_wh: number; in_batteries_wh: number };
  residual_mix: { wh: number; g_per_kwh: string | null; kinds: { kind: string; wh: number }[] };
  variants?: Record<string, Variant>; published_pair?: string; fixed_demand_of_fy?: number | null;
  menus: Sum[]; parties: Sum[]; facilities: Sum[]; points: Sum[];
}

const USES = 9;
const sourceName = (x: FlowData['sources'][number]): string => (x.type === 'plant' ? name(x) : word('flow', x.type));
export const kindName = (k: string): string => (k === '' ? t('flowNoUse') : k === 'batteries' ? t('flowCharged') : kind(k));
const COLORS: Record<string, string> = { plant: 'plant', roofs: 'solar', 'own-roofs': 'solar', batteries: 'battery' };

// The picture: what had its source in the half-hour of its use, and the rest.
export function drawFlow(s: Sankey, f: FlowData): void {
  const most = f.kinds.map((k, i) => ({ ...k, i })).filter((k) => k.load_wh || k.matched_wh).sort((a, b) => Math.max(b.load_wh, b.matched_wh) - Math.max(a.load_wh, a.matched_wh));
  const own = most.slice(0, USES), others = most.slice(USES);
  const place = new Map<number, number>(own.map((k, at) => [k.i, at]));
  others.forEach((k) => place.set(k.i, own.length));
  const right: Side[] = own.map((k) => ({ label: kindName(k.kind), color: k.kind === 'batteries' ? 'battery' : 'demand', wh: Math.max(k.load_wh, k.matched_wh) }));
  if (others.length) right.push({ label: t('others'), color: 'demand', wh: others.reduce((a, k) => a + Math.max(k.load_wh, k.matched_wh), 0) });
  const from = f.sources.map((x, i) => ({ x, i })).filter((x) => x.x.given_wh > 0);
  const at = new Map<number, number>(from.map((x, i) => [x.i, i]));
  const sides: Side[] = from.map(({ x }) => ({ label: sourceName(x), color: x.outside ? 'grid' : COLORS[x.type]!, wh: x.given_wh }));
  const sums = new Map<string, Link>();
  const add = (a: number, b: number, wh: number): void => {
    const l = sums.get(`${a} ${b}`) ?? { from: a, to: b, wh: 0 };
    l.wh += wh;
    sums.set(`${a} ${b}`, l);
  };
  f.links.forEach((l) => add(at.get(l.source)!, place.get(l.kind)!, l.wh));
  const rest = most.map((k) => ({ at: place.get(k.i)!, wh: Math.max(0, k.load_wh - k.matched_wh) }));
  sides.push({ label: t('flowRest'), color: 'rest', wh: rest.reduce((a, k) => a + k.wh, 0) });
  rest.forEach((k) => add(sides.length - 1, k.at, k.wh));
  s.show(t('flowTitle'), sides, right, [...sums.values()].sort((a, b) => a.from - b.from || a.to - b.to));
}

// The same as numbers: a row for each kind of use, a column for each source.
export function flowTable(f: FlowData): HTMLElement {
  const from = f.sources.map((x, i) => ({ x, i })).filter((x) => x.x.given_wh > 0);
  const cell = new Map(f.links.map((l) => [`${l.source} ${l.kind}`, l.wh]));
  const list = f.kinds.map((k, i) => ({ k, i })).filter(({ k }) => k.load_wh || k.matched_wh).sort((a, b) => b.k.load_wh - a.k.load_wh);
  return table(t('flowTitle'), [t('flowUse'), ...from.map(({ x }) => sourceName(x)), t('flowRest'), t('matchLoad')],
    list.map(({ k, i }) => tr(kindName(k.kind), ...from.map((x) => energy(cell.get(`${x.i} ${i}`) ?? 0)), k.kind === 'batteries' ? none : energy(k.load_wh - k.matched_wh), k.kind === 'batteries' ? none : energy(k.load_wh))));
}

export function rulesCard(list: Rule[], extra: Child[] = []): HTMLElement {
  return card(t('matchRules'), h('ol', { class: 'plainlist' }, h('li', {}, t('matchRuleOwn')), ...list.map((r) => h('li', {}, h('strong', {}, r.name_ja || r.name_en ? name(r) : t('matchTownPool')), `: ${word('rule', r.rule)}`))), h('p', { class: 'note' }, t('matchRuleNote')), ...extra);
}

// ---- rates ----

function bar(label: string, rate: number | null, note: string, cls: string): HTMLElement {
  const fill = h('span', { class: `fill ${cls}` });
  fill.style.width = `${Math.min(100, 100 * (rate ?? 0))}%`;
  return h('div', { class: 'ratebar' }, h('dt', {}, label, h('span', { class: 'note line' }, note)), h('dd', {}, h('span', { class: 'big' }, percent(rate, 2)), h('span', { class: 'bar', 'aria-hidden': 'true' }, fill)));
}

function ratesCard(m: Match): HTMLElement {
  const x = m.town;
  return card(t('matchRates'), h('dl', { class: 'ratebars' },
    bar(t('rateVolume'), x.volume_rate, t('rateVolumeNote'), 'solar'), bar(t('rateMenu'), x.annual_rate, t('rateMenuNote'), 'solar'),
    bar(t('rateSlot'), x.time_matched_rate, t('rateSlotNote'), 'demand'), bar(t('rateLocal'), x.local_share, t('rateLocalNote'), 'battery')),
    facts(fact(t('matchLoad'), energy(x.load_wh), kwh(x.load_wh)), fact(t('matchMatched'), energy(x.matched_wh), kwh(x.matched_wh)), fact(t('flowRest'), energy(x.residual_wh), t('matchResidualNote')),
      fact(t('matchUnclaimed'), energy(m.sources.unclaimed_wh), t('matchUnclaimedNote'))),
    x.booked_wh !== x.matched_wh ? h('p', { class: 'note' }, t('matchBooked', kwh(x.booked_wh))) : h('p', { class: 'note' }, t('matchBookedSame')));
}

// What nothing matched: the area's mix of the year, what others bought of it left out.
function residualCard(m: Match): HTMLElement {
  const x = m.residual_mix, known = x.kinds.some((k) => k.kind !== 'unknown');
  return card(t('residualTitle'), h('p', { class: 'note' }, known ? t('residualNote') : t('residualNone')),
    facts(fact(t('flowRest'), energy(x.wh), kwh(x.wh)), fact(t('residualFactor'), intensity(x.g_per_kwh))),
    known ? table(t('residualTitle'), [t('residualKind'), t('billEnergy'), t('residualShare')],
      [...x.kinds].sort((a, b) => b.wh - a.wh).map((k) => tr(word('mix', k.kind), energy(k.wh), percent(k.wh / x.wh, 1)))) : null);
}

function sourcesCard(m: Match): HTMLElement {
  const s = m.sources, row = (label: string, x: Made): HTMLElement => tr(label, energy(x.made_wh), energy(x.used_wh), energy(x.made_wh - x.used_wh));
  return card(t('matchSources'), table(t('matchSources'), [t('matchOrigin'), t('matchMade'), t('matchUsed'), t('matchUnclaimed')],
    [row(t('originown_roof'), s.own_roof), row(t('originwaste'), s.waste), row(t('originin_town'), s.in_town), row(t('originout_of_town'), s.out_of_town)]),
    rows([[t('matchFit'), s.made_fit_wh ? kwh(s.made_fit_wh) : null], [t('matchFossil'), s.made_waste_fossil_wh ? kwh(s.made_waste_fossil_wh) : null], [t('matchLost'), s.lost_in_batteries_wh ? kwh(s.lost_in_batteries_wh) : null], [t('matchStored'), s.in_batteries_wh ? kwh(s.in_batteries_wh) : null]]));
}

function variantsCard(m: Match): HTMLElement | null {
  if (!m.variants) return null;
  const list = Object.entries(m.variants).map(([pair, v]) => {
    const [w, d] = pair.split(',') as [string, string], published = pair === m.published_pair;
    return tr(h('span', {}, `${word('waste', w)} × ${word('basis', d)}`, published ? h('strong', { class: 'good' }, ` ${t('variantPublished')}`) : null), kwh(v.supply_wh), kwh(v.saving_wh), kwh(v.demand_wh), h('td', {}, h(published ? 'strong' : 'span', {}, percent(v.rate, 2))));
  });
  return card(t('variantsTitle'), table(t('variantsTitle'), [t('variantPair'), t('achSupply'), t('achSaving'), t('achDemand'), t('variantRate')], list),
    h('p', { class: 'note' }, m.fixed_demand_of_fy ? t('variantFixed', m.fixed_demand_of_fy) : t('variantFixedNone')));
}

// ---- groups ----

type By = 'menus' | 'parties' | 'facilities' | 'points';
function groupsCard(m: Match): HTMLElement {
  const by = h('select', { id: 'match-by' }, ...(['menus', 'parties', 'facilities', 'points'] as By[]).map((x) => h('option', { value: x }, word('matchBy', x))));
  const body = h('div');
  const title = (x: Sum): string => (x.name_ja || x.name_en ? name(x as { name_ja: string; name_en: string }) : x.id!);
  const draw = (): void => body.replaceChildren(longList(word('matchBy', by.value), [word('matchBy', by.value), t('matchLoad'), t('rateMenu'), t('rateSlot'), t('rateLocal')],
    [...m[by.value as By]].sort((a, b) => b.load_wh - a.load_wh),
    (x) => tr(h('span', {}, title(x), h('span', { class: 'note line' }, x.id!)), energy(x.load_wh), percent(x.annual_rate, 2), percent(x.time_matched_rate, 2), percent(x.local_share, 2)), (x) => `${x.id} ${x.name_ja} ${x.name_en}`, 12));
  by.addEventListener('change', draw);
  draw();
  return card(t('matchGroups'), picker('match-by', t('matchByLabel'), by), body);
}

// ---- the view ----

export function monthBefore(date: string): string {
  const [y, m] = date.split('-').map(Number) as [number, number];
  return m === 1 ? `${y - 1}-12` : `${y}-${String(m - 1).padStart(2, '0')}`;
}

export function matchingView(when: string): View {
  const today = townNow()?.day ?? '';
  let at = when || (today ? monthBefore(today) : '');
  const month = h('input', { type: 'month', id: 'match-month', value: at.length === 7 ? at : '' });
  const year = h('select', { id: 'match-fy' }, h('option', { value: '' }, none));
  fillYears(year, Number(at.slice(0, 4)) || 2024);
  year.value = at.length === 4 ? at : '';
  const slot = h('input', { type: 'datetime-local', id: 'match-slot', step: 1800 });
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view match' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('matchTitle')), picker('match-month', t('matchMonth'), month), picker('match-fy', t('achFy'), year), picker('match-slot', t('matchSlot'), slot)), about, body);
  const picture = h('div', { class: 'picture' }), sankey = new Sankey(picture);

  function draw(m: Match): void {
    slot.value ||= `${m.from}T12:00`;
    fillYears(year, Math.max(m.fy, Number(townNow()?.day.slice(0, 4) ?? 0)));
    if (!at) month.value = at = m.from.slice(0, 7);
    say(about, `${day(m.from)} – ${day(m.to)} · ${t('matchDays', m.days, m.days_read)}`);
    const figures = h('details', { class: 'figures' }, h('summary', {}, t('table')), flowTable(m.flow));
    const unread = m.unread_exports.map((x) => t('matchUnreadSlots', x.point, count(x.slots))).join(', ');
    body.replaceChildren(
      ...(unread ? [h('p', { class: 'note' }, t('matchUnread', unread))] : []),
      h('div', { class: 'pair even' }, ratesCard(m), h('div', { class: 'column' }, sourcesCard(m), rulesCard(m.rules))),
      card(t('flowTitle'), h('p', { class: 'note' }, t('flowNote')), picture, figures),
      residualCard(m), ...[variantsCard(m)].filter((x): x is HTMLElement => !!x), groupsCard(m), h('p', { class: 'note foot' }, `${t('billModel')}: `, h('code', {}, m.model)));
    drawFlow(sankey, m.flow);
  }
  const last = latest();
  async function load(): Promise<void> {
    say(about, at.length === 4 ? t('matchYearSlow') : t('loading'));
    try {
      draw(await last(get<Match>(at ? `match?${at.length === 4 ? 'fy' : 'month'}=${at}` : 'match')));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  const go = (to: string): void => {
    if (!to) return;
    at = to;
    history.replaceState(null, '', `#/matching/${to}`);
    void load();
  };
  month.addEventListener('change', () => ((year.value = ''), go(month.value)));
  year.addEventListener('change', () => ((month.value = ''), go(year.value)));
  slot.addEventListener('change', () => slot.value && (location.hash = `#/matching/${slot.value.slice(0, 16)}`));
  void load();
  return { el, title: t('matchTitle') + (at ? paren(at) : ''), up: '#/desk', destroy: () => sankey.destroy() };
}
