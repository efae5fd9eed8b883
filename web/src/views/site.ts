// site.ts: one site: now, the peak against the contract, today's plan, battery, vans, the facts; other days.
import { get, latest, onTown, Problem, type DaySeries, type Ints, type Now, type Point, type Site, type SiteDay } from '../api';
import { asPower, Chart, type Figure, type Limit } from '../chart';
import { h, say } from '../dom';
import { count, day, energy, name, paren, percent, power } from '../format';
import { has, kind, lang, t, type Text } from '../texts';
import type { View } from '../main';
import { movableList, nextList, vanList } from './next';
import { peakBox, slotted } from './peak';

const any = (v: Ints): boolean => v.some((x) => x !== null);

function nowTiles(n: Now, vans: boolean): HTMLElement {
  const tile = (label: string, value: string, cls: string, note = '') =>
    h('div', { class: `tile ${cls}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, value), note ? h('span', { class: 'note' }, note) : null));
  const tiles = [tile(t('nowDemand'), power(n.demand_w), 'demand')];
  if (n.pv_w !== null && n.pv_w > 0) tiles.push(tile(t('nowPv'), power(n.pv_w), 'solar'));
  tiles.push(n.export_w ? tile(t('nowExport'), power(n.export_w), 'grid') : tile(t('nowImport'), power(n.import_w), 'grid'));
  if (n.soc_wh !== null && n.controlled && n.battery_w !== null) {
    const w = n.battery_w;
    tiles.push(tile(t('nowBattery'), energy(n.soc_wh), 'battery', w > 0 ? t('charging', power(w)) : w < 0 ? t('discharging', power(-w)) : t('idle')));
  }
  if (n.vehicle_w !== null && vans) tiles.push(tile(t('nowVehicle'), power(n.vehicle_w), 'van'));
  const why = `why${n.why}`;
  return h('div', {}, h('dl', { class: 'tiles' }, ...tiles), n.controlled && has(why) ? h('p', { class: `why ${n.why}` }, h('span', { class: 'tag' }, t('why')), ' ', t(why as Text)) : null);
}

function facts(rows: [string, string | null | undefined][]): HTMLElement {
  return h('dl', { class: 'rows' }, ...rows.filter((r) => r[1]).flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v!)]));
}

function pointFacts(p: Point): HTMLElement {
  const ja = lang() === 'ja';
  const c = p.contract;
  return facts([
    [t('point'), p.id + (p.share_ppm < 1_000_000 ? paren(t('share', percent(p.share_ppm / 1e6, 1))) : '')],
    [t('supplier'), c ? (ja ? c.supplier_ja : c.supplier_en) : t('noContract')],
    [t('menu'), c ? `${ja ? c.menu_ja : c.menu_en}${paren(t('renewable', percent(c.renewable_ppm / 1e6)))}` : null],
    [t('contractPower'), power(p.contract_w)],
    [t('voltage'), has(`voltage${p.voltage}`) ? t(`voltage${p.voltage}` as Text) : p.voltage],
    [t('reading'), has(`reading${p.reading}`) ? t(`reading${p.reading}` as Text) : p.reading],
    [t('solar'), p.pv.map((x) => `${x.id} ${power(x.dc_w)}`).join(', ')],
    [t('battery'), p.batteries.map((x) => `${x.id} ${energy(x.energy_wh)} / ${power(x.discharge_w)}`).join(', ')],
    [t('vehicles'), p.chargers.length ? t('hasVans', count(p.chargers.length)) : null],
  ]);
}

interface Drawn { demand: Chart; grid: Chart; battery: Chart | null; vans: Chart | null; peak: HTMLElement; next: HTMLElement; fleet: HTMLElement; movable: HTMLElement; said: string }

function demandFigure(p: Point, slot: number): Figure {
  const d = p.slots;
  return {
    label: t('chartDemand'), slot, unit: 'power',
    lines: [
      { label: t('actual'), values: asPower(d.demand_wh), color: '--demand', style: 'line' },
      { label: t('forecast'), values: asPower(d.forecast_wh), color: '--forecast', style: 'dash' },
      ...(any(d.pv_wh) && p.pv.length ? [{ label: t('solar'), values: asPower(d.pv_wh), color: '--solar', style: 'area' as const }] : []),
    ],
    band: any(d.forecast_p10_wh) ? { label: t('band'), low: asPower(d.forecast_p10_wh), high: asPower(d.forecast_p90_wh), color: '--forecast' } : undefined,
  };
}

function gridFigure(p: Point, slot: number): Figure {
  const limits: Limit[] = [];
  const most = Math.max(0, ...p.slots.import_wh.map((x) => 2 * (x ?? 0)), ...p.slots.plan_import_wh.map((x) => 2 * (x ?? 0)));
  if (p.contract_w > 0 && p.contract_w < most * 6) limits.push({ label: t('contract'), value: p.contract_w, color: '--bad' });
  if (p.standing_w > 0) limits.push({ label: t('standing'), value: p.standing_w, color: '--warn' });
  return {
    label: t('chartImport'), slot, unit: 'power', limits,
    lines: [
      { label: t('actual'), values: asPower(p.slots.import_wh), color: '--grid', style: 'line' },
      ...(any(p.slots.plan_import_wh) ? [{ label: t('plan'), values: asPower(p.slots.plan_import_wh), color: '--plan', style: 'dash' as const }] : []),
    ],
  };
}

function pair(label: string, actual: Ints, plan: Ints, color: string, slot: number, unit: 'power' | 'energy'): Figure {
  const v = unit === 'power' ? asPower : (x: Ints) => x;
  return { label, slot, unit, lines: [{ label: t('actual'), values: v(actual), color, style: 'area' }, { label: t('plan'), values: v(plan), color: '--plan', style: 'dash' }] };
}

const movable = (p: Point): boolean => p.loads.length + p.stores.length > 0;
const decides = (p: Point): boolean => p.batteries.length > 0 || p.vehicles.length > 0 || movable(p);

function drawPoint(d: Drawn, p: Point, slot: number): void {
  d.demand.show(demandFigure(p, slot));
  d.grid.show(gridFigure(p, slot));
  d.battery?.show(pair(t('chartStorage'), p.slots.soc_wh, p.slots.plan_soc_wh, '--battery', slot, 'energy'));
  d.vans?.show(pair(t('chartVehicles'), p.slots.vehicle_wh, p.slots.plan_vehicle_wh, '--van', slot, 'power'));
  const said = JSON.stringify([p.now.mean_w, p.peak_today, p.vehicles, p.slots.plan_charge_wh, p.slots.plan_discharge_wh, p.slots.plan_vehicle_wh, slot]);
  if (said === d.said) return;
  d.said = said;
  d.peak.replaceChildren(peakBox(p));
  if (decides(p)) d.next.replaceChildren(nextList(p, slot));
  if (p.vehicles.length) d.fleet.replaceChildren(vanList(p.vehicles));
  if (movable(p)) d.movable.replaceChildren(movableList(p));
}

const same = (el: HTMLElement): HTMLElement => el;
const wide = (el: HTMLElement): HTMLElement => (el.classList.add('wide'), el);
const box = (title: string, ...body: (Node | null)[]) => h('section', { class: 'card', 'aria-label': title }, h('h3', {}, title), ...body);

function makePoint(p: Point, several: boolean, about: Node | null): { el: HTMLElement; drawn: Drawn } {
  const drawn: Drawn = {
    demand: new Chart(), grid: new Chart(),
    battery: p.batteries.length ? new Chart() : null, vans: p.chargers.length ? new Chart() : null,
    peak: h('div'), next: h('div'), fleet: h('div'), movable: h('div'), said: '',
  };
  const shared = p.shared_with.length
    ? h('p', { class: 'note' }, t('sharedWith'), ...p.shared_with.map((f) => h('a', { href: `#/sites/${f.id}` }, `${name(f)}${paren(percent(f.share_ppm / 1e6, 1))}`)))
    : null;
  const el = h('div', {},
    several ? h('h2', { class: 'section' }, `${t('point')} ${p.id}`) : null, shared,
    h('div', { class: 'cards' },
      decides(p) ? box(t('peak'), drawn.peak) : null, decides(p) ? box(t('next'), drawn.next) : wide(box(t('peak'), drawn.peak)),
      p.vehicles.length ? wide(box(t('vans'), drawn.fleet)) : null,
      movable(p) ? wide(box(t('movable'), drawn.movable)) : null,
      slotted(p) ? box(t('chartDemand'), drawn.demand.el) : null, slotted(p) ? box(t('chartImport'), drawn.grid.el) : null,
      drawn.battery ? (drawn.vans ? same : wide)(box(t('chartStorage'), drawn.battery.el)) : null,
      drawn.vans ? box(t('chartVehicles'), drawn.vans.el) : null,
      wide(box(t(about ? 'facts' : 'pointFacts'), h('div', { class: 'two' }, pointFacts(p), about)))));
  return { el, drawn };
}

// ---- another day, from the store ----

function dayFigure(owner: string, all: DaySeries[]): Figure | null {
  const of = (q: string, role: string) => all.find((s) => s.owner === owner && s.quantity === q && s.role === role)?.values;
  const lines: Figure['lines'] = [];
  const add = (v: Ints | undefined, label: string, color: string, style: 'line' | 'area' | 'dash') => v && lines.push({ label, values: asPower(v), color, style });
  const load = of('demand', 'control') ?? of('demand', 'reading') ?? of('import', 'reading');
  add(load, t('actual'), '--demand', 'line');
  add(of('generation', 'reading'), t('solar'), '--solar', 'area');
  add(of('demand', 'forecast-mean') ?? of('import', 'forecast-mean'), t('forecast'), '--forecast', 'dash');
  add(of('import', 'plan-dispatched') ?? of('import', 'plan-midnight'), t('plan'), '--plan', 'dash');
  return lines.length ? { label: owner, slot: -1, unit: 'power', lines } : null;
}

function dayPicker(id: string, start: string, keep: (c: Chart) => void): HTMLElement {
  const input = h('input', { type: 'date', id: 'otherday', value: start.slice(0, 10) });
  const out = h('div', { class: 'cards', 'aria-live': 'polite' });
  const last = latest();
  const load = async (): Promise<void> => {
    if (!input.value) return;
    try {
      const d = await last(get<SiteDay>(`sites/${id}/day?date=${input.value}`));
      const cards = [...new Set(d.series.map((s) => s.owner))].flatMap((owner) => {
        const f = dayFigure(owner, d.series);
        if (!f) return [];
        const c = new Chart();
        keep(c);
        const gone = d.series.filter((s) => s.owner === owner && s.role === 'reading').reduce((a, s) => a + s.missing, 0);
        const card = box(owner, gone ? h('p', { class: 'note' }, t('missing', gone)) : null, c.el);
        requestAnimationFrame(() => c.show(f));
        return [card];
      });
      out.replaceChildren(h('p', { class: 'note wide' }, cards.length ? t('dayOf', day(d.day)) : t('dayNone')), ...cards);
    } catch (e) {
      out.replaceChildren(h('p', { class: 'note wide' }, e instanceof Problem ? t('failed', lang() === 'ja' ? e.ja : e.en) : ''));
    }
  };
  input.addEventListener('change', () => void load());
  return h('section', { class: 'otherday' }, h('h2', { class: 'section' }, h('label', { for: 'otherday' }, t('otherDay'))), input, out);
}

export function siteView(id: string): View {
  const h1 = h('h1', { tabindex: -1 }, t('loading'));
  const sub = h('p', { class: 'note' });
  const now = h('div');
  const nowCard = h('section', { class: 'card', 'aria-label': t('siteNow') }, h('h2', {}, t('siteNow')), now);
  const body = h('div');
  const el = h('div', { class: 'view' }, h('p', { class: 'back' }, h('a', { href: '#/sites' }, '← ', t('back'))), h1, sub,
    h('p', { class: 'note' }, h('a', { href: `#/facility/${id}` }, t('facilityAbout'))), nowCard, body);
  let drawn: Drawn[] = [], shape = '', asked = 0, busy = false, stop = (): void => {};
  const extra: Chart[] = [];

  function build(site: Site): void {
    say(h1, name(site));
    document.title = `${name(site)} · mizo`;
    say(sub, [kind(site.kind), site.ward, t(site.group === 'public' ? 'public' : 'private')].filter(Boolean).join(' · '));
    const about = facts([
      [t('bureau'), site.bureau], [t('entity'), site.entity], [t('code'), site.owner_code],
      [t('floor'), site.floor_m2 ? `${count(site.floor_m2)} m²` : null]]);
    const made = site.points.map((p, i) => makePoint(p, site.points.length > 1, i === 0 ? about : null));
    drawn.forEach(dropPoint);
    drawn = made.map((m) => m.drawn);
    body.replaceChildren(...made.map((m) => m.el),
      dayPicker(id, site.day, (c) => extra.push(c)));
  }

  function dropPoint(d: Drawn): void {
    [d.demand, d.grid, d.battery, d.vans].forEach((c) => c?.destroy());
  }

  async function load(): Promise<void> {
    if (busy || (asked && Date.now() - asked < 900)) return;
    busy = true;
    asked = Date.now();
    try {
      const site = await get<Site>(`sites/${encodeURIComponent(id)}`);
      const key = JSON.stringify(site.points.map((p) => [p.id, p.batteries.length, p.chargers.length]));
      if (key !== shape) build(site);
      shape = key;
      nowCard.hidden = !site.points.some(slotted);
      now.replaceChildren(nowTiles(site.now, site.points.some((p) => p.vehicles.length > 0)));
      site.points.forEach((p, i) => drawPoint(drawn[i]!, p, site.slot));
    } catch (e) {
      if (e instanceof Problem) {
        say(h1, t('failed', lang() === 'ja' ? e.ja : e.en));
        stop();
      }
    } finally {
      busy = false;
    }
  }
  stop = onTown(() => void load());
  return {
    el,
    title: t('sitesTitle'),
    up: '#/sites',
    restyle: () => {
      drawn.forEach((d) => [d.demand, d.grid, d.battery, d.vans].forEach((c) => c?.restyle()));
      extra.forEach((c) => c.restyle());
    },
    destroy: () => {
      stop();
      drawn.forEach(dropPoint);
      extra.forEach((c) => c.destroy());
    },
  };
}
