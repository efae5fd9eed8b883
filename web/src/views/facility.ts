// facility.ts: one facility as the office keeps it: years and months with their evidence, contracts, what stands there, what was
// saved, paid and reported, and what is late.
import { get, latest } from '../api';
import { h, s, say, type Child } from '../dom';
import { count, day as dayText, energy, name, none, percent, power, said } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, fillYears, left, picker, rows, table, tr, word } from '../pieces';
import { kind as kindText, lang, t, type Text } from '../texts';
import { fileLinks, label, type Cells, type Column } from './lists';

interface Year { fy: number; any: boolean; demand_wh: number; supply_wh: number; reported_wh: number; months: Record<string, number>; missing_months: string; late: boolean; since: string | null; days: number | null }
interface Month { month: string; evidence: string; read_wh: number | null; renewable_wh: number | null; roof_wh: number | null; reported_wh: number | null }
interface Supply { point: string; share_ppm: number; contract_w: number; supplier_ja: string | null; supplier_en: string | null; menu_ja: string; menu_en: string; renewable_ppm: number; from: string | null; to: string | null }
interface Asset { what: string; id: string; point: string; power_w: number; energy_wh: number; fit: boolean; grant: boolean; from: string | null; to: string | null }
interface Report { energy: string; name_ja: string; name_en: string; unit: string; milli: number; months: number; place: string; note: string | null; version: number }
interface Facility {
  id: string; name_ja: string; name_en: string; kind: string; group: string; ward: string | null; ward_en: string | null; bureau: string | null; entity: string | null; owner_code: string | null; floor_m2: number | null; pv_installable: string | null;
  from: string | null; to: string | null; fy: number; day: string; buildings: { id: string; name_ja: string; name_en: string; floor_m2: number; built: number | null }[];
  years: Year[]; months: Month[]; supply: Supply[]; assets: Asset[]; reports: Report[]; notes: Record<string, Cells[]>; findings: { id: string; asset: string; rule: string; unknown: boolean; month: string | null; is: number; should: number }[]; model: string;
}

// Whole kWh, for tables whose heads say the unit.
const whole = (wh: number): string => count(Math.round(wh / 1000));
const inKwh = (text: Text): string => `${t(text)} kWh`;
const evidences = ['meter', 'bill', 'report', 'estimate', 'missing', 'not-due'];
const share = (a: number, b: number): string => (b > 0 ? percent(a / b, 1) : none);
const ward = (f: Facility): string | null => (lang() === 'ja' ? f.ward : f.ward_en);
const span = (from: string | null, to: string | null): Child => [from ?? '', to ? `– ${to}` : ''].filter(Boolean).join(' ') || none;

// ---- whose it is ----

function about(f: Facility): HTMLElement {
  const buildings = f.buildings.map((b) => (b.built ? t('facilityBuilt', name(b), count(b.floor_m2), b.built) : t('facilityBuiltNo', name(b), count(b.floor_m2)))).join(lang() === 'ja' ? '、' : '; ');
  return card(t('facilityAbout'), rows([
    [t('facilityBureau'), f.bureau], [t('facilityEntity'), f.entity], [t('facilityCode'), f.owner_code], [t('facilityWard'), ward(f)],
    [t('facilityFloor'), f.floor_m2 ? `${count(f.floor_m2)} m²` : null], [t('facilityBuilding'), buildings || null], [t('facilityPv'), word('facilityPv_', f.pv_installable ?? '')],
  ]));
}

function head(f: Facility, y: Year | undefined): HTMLElement {
  return h('section', { class: 'card', 'aria-label': name(f) }, facts(
    y ? fact(t('facilityDemand'), energy(y.demand_wh), t('fy', y.fy)) : null,
    y ? fact(t('facilityShare'), share(y.supply_wh, y.demand_wh), energy(y.supply_wh)) : null,
    y ? fact(t('facilityLate'), y.late ? y.missing_months : '✓', y.late && y.since ? t('facilityLateSince', y.since, count(y.days ?? 0)) : t('facilityOnTime'), y.late ? 'short missing' : '') : null));
}

// ---- electricity ----

function evidenceBar(y: Year): HTMLElement {
  const list = evidences.filter((e) => y.months[e]);
  const text = list.map((e) => `${word('ledger_', e)} ${y.months[e]}`).join(lang() === 'ja' ? '、' : ', ');
  return h('span', { class: 'evidence', role: 'img', 'aria-label': text, title: text }, ...list.flatMap((e) => Array.from({ length: y.months[e]! }, () => h('span', { class: `cell ${e}` }))));
}

const evidenceLegend = (): HTMLElement => h('ul', { class: 'legend evidence' }, ...evidences.map((e) => h('li', {}, h('span', { class: `cell ${e}` }), word('ledger_', e))));

function yearsCard(f: Facility): HTMLElement {
  return card(t('facilityYears'), table(t('facilityYears'), [t('achFy'), inKwh('facilityDemand'), inKwh('facilityRenewable'), t('facilityShare'), inKwh('facilityReported'), `<${t('facilityEvidence')}`, `<${t('facilityMissing')}`],
    f.years.map((y) => tr(t('fy', y.fy), whole(y.demand_wh), whole(y.supply_wh), share(y.supply_wh, y.demand_wh), y.reported_wh ? whole(y.reported_wh) : none, left(evidenceBar(y)), left(y.missing_months || none)))), evidenceLegend());
}

// Twelve columns: what was read, or reported where nothing was; the part that is renewable below.
function chart(list: Month[]): Element {
  const most = Math.max(1, ...list.map((m) => m.read_wh ?? m.reported_wh ?? 0)), W = 720, H = 150, each = W / 12;
  const y = (wh: number): number => 6 + (1 - wh / most) * (H - 28);
  return s('svg', { viewBox: `0 0 ${W} ${H}`, class: 'months', role: 'img', 'aria-label': t('facilityMonths') }, ...list.flatMap((m, i) => {
    const wh = m.read_wh ?? m.reported_wh, x = i * each + each * 0.16, w = each * 0.68;
    return [
      wh === null ? s('rect', { class: `gap ${m.evidence}`, x, y: H - 30, width: w, height: 8 }) : s('rect', { class: `month ${m.evidence}`, x, y: y(wh), width: w, height: Math.max(1, H - 22 - y(wh)) }, s('title', {}, `${m.month} ${whole(wh)} kWh`)),
      m.renewable_wh ? s('rect', { class: 'green', x, y: y(m.renewable_wh), width: w, height: Math.max(1, H - 22 - y(m.renewable_wh)) }) : null,
      s('text', { x: i * each + each / 2, y: H - 6, 'text-anchor': 'middle' }, String(Number(m.month.slice(5)))),
    ];
  }));
}

function monthsCard(f: Facility): HTMLElement {
  const sum = (key: 'read_wh' | 'renewable_wh' | 'reported_wh'): number => f.months.reduce((a, m) => a + (m[key] ?? 0), 0);
  const cell = (v: number | null): string => (v === null ? none : whole(v));
  return card(t('facilityMonths'), chart(f.months), table(t('facilityMonths'), [t('facilityMonth'), inKwh('facilityRead'), inKwh('facilityRenewable'), inKwh('facilityReported'), `<${t('facilityEvidence')}`],
    f.months.map((m) => tr(m.month, cell(m.read_wh), cell(m.renewable_wh), cell(m.reported_wh), left(h('span', { class: `tag ${m.evidence === 'missing' ? 'bad' : ''}` }, word('ledger_', m.evidence))))),
    tr(t('facilitySum'), whole(sum('read_wh')), whole(sum('renewable_wh')), f.months.some((m) => m.reported_wh !== null) ? whole(sum('reported_wh')) : none, '')));
}

// ---- contracts, assets, reports ----

function supplyCard(f: Facility): HTMLElement {
  return card(t('facilityContracts'), table(t('facilityContracts'), [t('facilityPoint'), `<${t('facilitySupplier')}`, `<${t('facilityMenu')}`, t('facilityShare'), `<${t('facilityFrom')}`],
    f.supply.map((x) => tr(h('code', {}, x.point), left((lang() === 'ja' ? x.supplier_ja : x.supplier_en) ?? none), left(lang() === 'ja' ? x.menu_ja : x.menu_en), percent(x.renewable_ppm / 1e6, 0), left(h('span', { class: 'whole' }, span(x.from, x.to)))))));
}

// Chargers of one power behind a point are one line.
function grouped(list: Asset[]): (Asset & { many: number })[] {
  const out: (Asset & { many: number })[] = [];
  for (const a of list) {
    const same = a.what === 'charger' ? out.find((o) => o.what === 'charger' && o.point === a.point && o.power_w === a.power_w) : undefined;
    if (same) same.many++;
    else out.push({ ...a, many: 1 });
  }
  return out;
}

function assetsCard(f: Facility): HTMLElement {
  if (!f.assets.length) return card(t('facilityAssets'), h('p', { class: 'note' }, t('facilityNoAssets')));
  return card(t('facilityAssets'), table(t('facilityAssets'), [t('facilityAsset'), `<${t('listKind')}`, t('facilityPower'), t('facilityEnergy'), `<${t('facilityMarks')}`],
    grouped(f.assets).map((a) => tr(h('code', {}, a.many > 1 ? t('assetChargers', a.many) : a.id), left(word('asset_', a.what)), power(a.power_w), a.energy_wh ? energy(a.energy_wh) : none, left([a.fit ? t('assetFit') : '', a.grant ? t('assetGrant') : '', a.from ?? ''].filter(Boolean).join(' · ') || none)))));
}

function reportsCard(f: Facility): HTMLElement {
  if (!f.reports.length) return card(t('facilityReports'), h('p', { class: 'note' }, t('facilityReportsNone')));
  return card(t('facilityReports'), table(t('facilityReports'), [t('facilityEnergy'), t('facilityAmount'), `<${t('facilityPlace')}`],
    f.reports.map((r) => tr(name(r), `${count(Math.round(r.milli / 1000))} ${r.unit}`, left(t('facilityMonthsN', r.months), h('span', { class: 'note line' }, [r.place, said(r.note)].filter(Boolean).join(' · ')))))));
}

// ---- what the office wrote of it ----

async function noteCards(f: Facility): Promise<Child[]> {
  const kinds = Object.keys(f.notes).filter((k) => f.notes[k]!.length);
  if (!kinds.length) return [card(t('facilityNotes'), h('p', { class: 'note' }, t('facilityNotesNone')))];
  return Promise.all(kinds.map(async (k) => {
    const l = await get<{ name_ja: string; name_en: string; columns: Column[] }>(`lists/${k}`), shown = l.columns.filter((c) => c.name !== 'facility' && f.notes[k]!.some((r) => r[c.name] !== null && r[c.name] !== undefined));
    return card(lang() === 'ja' ? l.name_ja : l.name_en, table(l.name_ja, shown.map((c) => `<${label(c)}`), f.notes[k]!.map((r) => h('tr', {}, ...shown.map((c, i) => (i ? left(String(r[c.name] ?? none)) : h('th', { scope: 'row' }, h('a', { href: `#/lists/${k}` }, String(r[c.name] ?? none)))))))));
  }));
}

function findingsCard(f: Facility): HTMLElement | null {
  if (!f.findings.length) return null;
  return card(t('facilityFindings'), table(t('facilityFindings'), [t('facilityAsset'), `<${t('facilityMarks')}`, `<${t('facilityMonth')}`], f.findings.map((x) => tr(h('code', {}, x.asset), left(h('span', { class: x.unknown ? 'warn' : 'fault' }, `${word('finding_', x.rule)}${x.unknown ? ' ?' : ''}`)), left(x.month?.slice(0, 7) ?? none)))));
}

// ---- the view ----

export function facilityView(at: string): View {
  const [id, given] = at.split('/') as [string, string?];
  const heading = h('h1', { tabindex: -1 }, id), under = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div'), year = h('select', { id: 'facility-fy' });
  const el = h('div', { class: 'view facility' }, h('p', { class: 'back' }, h('a', { href: '#/map' }, '← ', t('mapTitle'))), h('div', { class: 'titlerow' }, heading, picker('facility-fy', t('achFy'), year)), under, body);
  const last = latest();
  async function load(fy?: string): Promise<void> {
    try {
      const f = await last(get<Facility>(`facilities/${id}${fy ? `?fy=${fy}` : ''}`)), notes = await last(noteCards(f));
      fillYears(year, f.fy, 5);
      year.value = String(f.fy);
      say(heading, name(f));
      document.title = `${name(f)} · mizo`;
      under.replaceChildren([kindText(f.kind), ward(f), t(f.group === 'public' ? 'mapPublic' : 'mapPrivate'), dayText(f.day)].filter(Boolean).join(' · '), ' · ', h('a', { href: `#/sites/${f.id}` }, t('facilityLive')));
      const list: Child[] = [head(f, f.years.find((y) => y.fy === f.fy)), fileLinks(`facilities/${id}`, { fy: String(f.fy) }),
        yearsCard(f), f.months.length ? monthsCard(f) : null, h('div', { class: 'pair even' }, about(f), h('div', { class: 'column' }, assetsCard(f), reportsCard(f))), supplyCard(f), findingsCard(f), ...notes];
      body.replaceChildren(...list.filter((x): x is HTMLElement => !!x));
    } catch (e) {
      say(under, '');
      body.replaceChildren(faultLine(e));
    }
  }
  year.addEventListener('change', () => (history.replaceState(null, '', `#/facility/${id}/${year.value}`), void load(year.value)));
  void load(given);
  return { el, title: t('facilityAbout'), up: '#/map', destroy: () => {} };
}
