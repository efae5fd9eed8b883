// matchslot.ts: one half-hour: rules, sources and points, and who fed whom.
import { get } from '../api';
import { h, say } from '../dom';
import { clock, day, energy, kwh, name, none } from '../format';
import type { View } from '../main';
import { card, faultLine, left, longList, table, tr, word } from '../pieces';
import { Sankey } from '../sankey';
import { t } from '../texts';
import { drawFlow, flowTable, rulesCard, type FlowData, type Rule } from './matching';

interface Source { id: string; origin: string; name_ja: string; name_en: string; made_wh: number; own_wh: number; given_wh: number; unclaimed_wh: number; fit_wh: number; waste_fossil_wh: number }
interface Point { id: string; load_wh: number; own_wh: number; battery_wh: number; matched_wh: number; fit_wh: number; waste_fossil_wh: number; rest_wh: number }
interface Pair { pool: string; unit: string; source: string; point: string; wh: number }
interface Slot { at: string; rules: Rule[]; pools: { pool: string; matched_wh: number }[]; flow: FlowData; sources: Source[]; points: Point[]; of: string | null; pairs: Pair[] }

const HALF = 1800000;
// "2021-07-15T12:00" so many half-hours on.
const later = (at: string, n: number): string => new Date(Date.parse(`${at}:00Z`) + n * HALF).toISOString().slice(0, 16);

function pairsCard(s: Slot, rule: (pool: string) => string): HTMLElement | null {
  if (!s.of) return null;
  const of = s.of, gives = s.pairs.some((p) => p.source === of && p.point !== of);
  const sum = s.pairs.reduce((a, p) => a + p.wh, 0);
  return card(t(gives ? 'pairsGiven' : 'pairsTaken', of), h('p', { class: 'note' }, t('pairsNote')),
    longList(t('pairsTitle'), [gives ? t('pairsPoint') : t('pairsSource'), `<${t('pairsPool')}`, `<${t('pairsUnit')}`, t('billEnergy')], [...s.pairs].sort((a, b) => b.wh - a.wh),
      (p) => tr(p.source === of ? p.point : p.source, left(rule(p.pool)), left(word('unit', p.unit)), kwh(p.wh)), (p) => `${p.source} ${p.point} ${p.pool}`),
    h('p', { class: 'note' }, t('pairsSum', kwh(sum))));
}

export function matchSlotView(path: string): View {
  const [at, of] = path.split('/') as [string, string | undefined];
  const input = h('input', { type: 'datetime-local', id: 'slot-at', step: 1800, value: at });
  const step = (n: number, label: string, sign: string): HTMLElement => h('button', { type: 'button', class: 'tool', 'aria-label': label, onclick: () => go(later(at, n)) }, sign);
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const picture = h('div', { class: 'picture' }), sankey = new Sankey(picture);
  const el = h('div', { class: 'view match' }, h('p', { class: 'back' }, h('a', { href: `#/matching/${at.slice(0, 7)}` }, '← ', t('matchBack', at.slice(0, 7)))),
    h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('slotTitle')), h('p', { class: 'picker' }, h('label', { for: 'slot-at' }, t('matchSlot')), ' ', step(-1, t('slotBefore'), '‹'), input, step(1, t('slotAfter'), '›'))), about, body);
  function go(to: string): void {
    if (to) location.hash = `#/matching/${to.slice(0, 16)}${of ? `/${of}` : ''}`;
  }
  const link = (id: string, text = id): HTMLElement => h('a', { href: `#/matching/${at}/${id}` }, text);

  function draw(s: Slot): void {
    const pool = (id: string): string => (id === 'own' ? t('poolOwn') : ((r) => (r && (r.name_ja || r.name_en) ? name(r) : t('matchTownPool')))(s.rules.find((r) => r.pool === id)));
    const load = s.points.reduce((a, p) => a + p.load_wh, 0), matched = s.points.reduce((a, p) => a + p.matched_wh, 0), stored = s.points.some((p) => p.battery_wh);
    say(about, `${day(s.at)} ${clock(s.at)} · ${t('slotAbout', energy(load), energy(matched))}`);
    const figures = h('details', { class: 'figures' }, h('summary', {}, t('table')), flowTable(s.flow));
    body.replaceChildren(...[
      pairsCard(s, pool),
      card(t('flowTitle'), picture, figures),
      h('div', { class: 'pair even' },
        card(t('slotSources'), longList(t('slotSources'), [t('pairsSource'), t('matchMade'), t('slotOwn'), t('slotGiven'), t('matchUnclaimed')], [...s.sources].sort((a, b) => b.made_wh - a.made_wh),
          (x) => tr(h('span', {}, link(x.id, x.name_ja || x.name_en ? name(x) : x.id), h('span', { class: 'note line' }, word('origin', x.origin))), energy(x.made_wh), energy(x.own_wh), energy(x.given_wh), energy(x.unclaimed_wh)), (x) => `${x.id} ${x.name_ja} ${x.name_en}`, 12)),
        card(t('slotPoints'), longList(t('slotPoints'), [t('pairsPoint'), t('matchLoad'), t('slotOwn'), ...(stored ? [t('battery')] : []), t('matchMatched'), t('flowRest')], [...s.points].sort((a, b) => b.load_wh - a.load_wh),
          (x) => tr(link(x.id), energy(x.load_wh), x.own_wh ? energy(x.own_wh) : none, ...(stored ? [x.battery_wh ? energy(x.battery_wh) : none] : []), energy(x.matched_wh), energy(x.rest_wh)), (x) => x.id, 12))),
      rulesCard(s.rules, [table(t('slotPools'), [t('pairsPool'), t('matchMatched')], s.pools.map((p) => tr(pool(p.pool), kwh(p.matched_wh))))]),
    ].filter((x): x is HTMLElement => !!x));
    drawFlow(sankey, s.flow);
  }
  input.addEventListener('change', () => go(input.value));
  get<Slot>(`match/slot?at=${at}${of ? `&of=${of}` : ''}`).then(draw).catch((e) => {
    say(about, '');
    body.replaceChildren(faultLine(e));
  });
  return { el, title: `${t('slotTitle')} ${at}`, up: `#/matching/${at.slice(0, 7)}`, destroy: () => sankey.destroy() };
}
