// ledger.ts: the year's ledger in parts: by group, bureau, supplier, source; and by facility with its twelve months.
import { get, latest } from '../api';
import { h, type Child } from '../dom';
import { files, opens } from '../figure';
import { count, kwh, name, none, percent } from '../format';
import { card, faultLine, left, longList, picker, table, tr, word } from '../pieces';
import { kind, t, type Text } from '../texts';

type Evidence = Record<string, number>;
interface Part { of: string; part: string; key: string; name_ja: string; name_en: string; points?: number; facilities?: number; late: number; demand_wh: number; supply_wh: number; by_evidence: Evidence }
interface Member { facility: string | null; point: string | null; name_ja: string | null; name_en: string | null; demand_wh: number; supply_wh: number; by_evidence: Evidence }
interface Parts { by: string; demand_wh: number; supply_wh: number; rows: Part[]; members?: Member[]; model: string }
interface Month { evidence: string; read_wh?: number; renewable_wh?: number; reported_wh?: number }
interface Row { facility: string; name_ja: string; bureau: string; demand_wh: number; supply_wh: number; missing: number; missing_months: string; late: boolean; since?: string; reported_wh: number; read_of_reported_wh: number; months: Month[] }
interface Book { fy: number; demand_wh: number; supply_wh: number; rest_wh: number; facilities: number; by_evidence: Evidence; rows: Row[] }
interface Made { made_wh: number; used_wh: number }
interface Year {
  days: number; days_read: number; sources: Record<string, Made | number>;
}

const evidences = ['meter', 'bill', 'report', 'estimate', 'missing', 'not-due'];
const grade: Record<string, string> = { meter: 'measured', bill: 'split', report: 'manual', estimate: 'estimated' };

// The evidence as a bar; its words and shares stand for those who do not see it.
export function evidenceBar(by: Evidence): HTMLElement {
  const all = Object.values(by).reduce((a, b) => a + b, 0), known = evidences.filter((e) => (by[e] ?? 0) > 0);
  const said = known.map((e) => `${word('evidence', e)} ${percent(by[e]! / Math.max(1, all), 1)}`).join(', ');
  return h('span', { class: 'evid', role: 'img', 'aria-label': said, title: said }, ...known.map((e) => {
    const part = h('span', { class: `grade ${grade[e] ?? 'missing'}` });
    part.style.width = `${(100 * by[e]!) / all}%`;
    return part;
  }));
}
const evidenceKey = (): HTMLElement => h('ul', { class: 'legend' }, ...Object.entries(grade).map(([e, g]) => h('li', {}, h('span', { class: `key square grade ${g}` }), word('evidence', e))));

// ---- cuts ----

const cuts = ['group', 'bureau', 'kind', 'ward', 'supplier', 'menu', 'source'];
const cutText: Record<string, Text> = { group: 'ledgerByGroup', bureau: 'ledgerByBureau', kind: 'ledgerByKind', ward: 'ledgerByWard', supplier: 'ledgerBySupplier', menu: 'ledgerByMenu', source: 'ledgerBySource' };

function partName(by: string, x: Part): string {
  if (x.of !== 'key') return word('ledgerOf', x.of);
  if (!x.key) return t('officeNoBureau');
  return by === 'group' ? word('groupOf', x.key) : by === 'kind' ? kind(x.key) : name(x);
}
// Whom a part is made of, the greatest first; each leads to its page, where its readings are.
export function members(fy: number, by: string, part: string): Child[] {
  const box = h('div', { 'aria-live': 'polite' }, h('p', { class: 'note' }, t('loading')));
  const title = t(cutText[by]!);
  const row = (m: Member): HTMLElement => tr(h('span', {}, m.facility ? h('a', { href: `#/sites/${m.facility}` }, name({ name_ja: m.name_ja ?? '', name_en: m.name_en ?? '' })) : none, m.point && m.point !== m.facility ? h('span', { class: 'note line' }, m.point) : null),
    kwh(m.demand_wh), kwh(m.supply_wh), percent(m.demand_wh ? m.supply_wh / m.demand_wh : null, 1), left(evidenceBar(m.by_evidence)));
  get<Parts>(`city/ledger?${new URLSearchParams({ fy: String(fy), by, part })}`).then(({ members: list = [] }) =>
    box.replaceChildren(...(list.length ? [longList(title, [t('achFacility'), t('achDemand'), t('achRenewable'), t('achShare'), `<${t('achEvidence')}`], list, row, (m) => [m.facility, m.name_ja, m.name_en, m.point].join(' '), 20), evidenceKey()] : [h('p', { class: 'note' }, t('ledgerNobody'))])),
  (e) => box.replaceChildren(faultLine(e)));
  return [box];
}
function partsTable(p: Parts, fy: number): HTMLElement {
  const points = p.rows.some((x) => x.points !== undefined), title = t(cutText[p.by]!);
  return table(title, [title, t(points ? 'achPoints' : 'achMembers'), t('achDemand'), t('achShareAll'), t('achRenewable'), t('achShare'), `<${t('achEvidence')}`],
    p.rows.map((x) => tr(partName(p.by, x), count(x.points ?? x.facilities ?? 0), opens(kwh(x.demand_wh), partName(p.by, x), () => members(fy, p.by, x.part)), percent(x.demand_wh / Math.max(1, p.demand_wh), 1), kwh(x.supply_wh), percent(x.demand_wh ? x.supply_wh / x.demand_wh : null, 1), left(evidenceBar(x.by_evidence)))),
    tr(t('sectorall'), '', kwh(p.demand_wh), percent(1, 1), kwh(p.supply_wh), percent(p.demand_wh ? p.supply_wh / p.demand_wh : null, 1), ''));
}
function sourcesTable(m: Year): Child[] {
  if (!m.days_read) return [h('p', { class: 'note' }, t('achSlotsNone'))];
  const list = Object.entries(m.sources).filter((x): x is [string, Made] => typeof x[1] === 'object');
  return [table(t('ledgerBySource'), [t('matchOrigin'), t('matchMade'), t('matchUsed'), t('matchUnclaimed')], list.map(([k, x]) => tr(word('origin', k), kwh(x.made_wh), kwh(x.used_wh), kwh(x.made_wh - x.used_wh)))), h('p', { class: 'note' }, t('achDays', m.days, m.days_read))];
}

export function cutsCard(fy: number): HTMLElement {
  const by = h('select', { id: 'ach-by' }, ...cuts.map((c) => h('option', { value: c }, t(cutText[c]!)))), body = h('div', { 'aria-live': 'polite' }, t('loading'));
  const last = latest();
  async function draw(): Promise<void> {
    const source = by.value === 'source';
    if (source) body.replaceChildren(h('p', { class: 'note' }, t('matchYearSlow')));
    const list = await last((source ? get<Year>(`match?fy=${fy}`).then(sourcesTable) : get<Parts>(`city/ledger?fy=${fy}&by=${by.value}`).then((p) => [partsTable(p, fy), evidenceKey()] as Child[])).catch((e) => [faultLine(e)] as Child[]));
    body.replaceChildren(...list.filter((x): x is HTMLElement => !!x));
  }
  by.addEventListener('change', () => void draw());
  void draw();
  return card(t('achCutTitle'), picker('ach-by', t('achCutBy'), by), body);
}

// ---- by facility ----

function months(row: Row, fy: number): Child[] {
  return [table(row.name_ja, [t('matchMonth'), `<${t('achEvidence')}`, t('achDemand'), t('achRenewable'), t('achReported')],
    row.months.map((m, i) => tr(`${i < 9 ? fy : fy + 1}-${String(((i + 3) % 12) + 1).padStart(2, '0')}`, left(word('evidence', m.evidence)), m.read_wh === undefined ? none : kwh(m.read_wh), m.renewable_wh === undefined ? none : kwh(m.renewable_wh), m.reported_wh === undefined ? none : kwh(m.reported_wh))))];
}
function letters(list: Month[]): HTMLElement {
  const all = [...t('letters')], said = list.map((m) => word('evidence', m.evidence)).join(', ');
  return h('span', { class: 'letters', role: 'img', 'aria-label': said, title: said }, list.map((m) => all[evidences.indexOf(m.evidence)] ?? '?').join(''));
}

// The ledger is large: it is fetched when it is opened.
export function facilitiesCard(fy: number): HTMLElement {
  const body = h('div', { class: 'cuts', 'aria-live': 'polite' }), go = h('button', { type: 'button', class: 'act' }, t('achLedgerOpen'));
  go.addEventListener('click', () => {
    go.disabled = true;
    get<Book>(`city/ledger?fy=${fy}`).then((b) => {
      go.parentElement!.hidden = true;
      body.replaceChildren(longList(t('achFacilities'), [t('achFacility'), `<${t('officeBureau')}`, t('achDemand'), t('achRenewable'), t('achShare'), `<${t('achEvidence')}`, `<${t('officeMissing')}`], [...b.rows].sort((x, y) => y.demand_wh - x.demand_wh),
        (x) => tr(h('a', { href: `#/sites/${x.facility}` }, x.name_ja), left(x.bureau || t('officeNoBureau')), opens(kwh(x.demand_wh), x.name_ja, () => months(x, fy)), kwh(x.supply_wh), percent(x.demand_wh ? x.supply_wh / x.demand_wh : null, 1), left(letters(x.months)), left(x.missing_months || none)), (x) => [x.facility, x.name_ja, x.bureau, x.missing ? t('officeLateCount') : ''].join(' '), 20), h('p', { class: 'note' }, t('achEvidenceNote')));
    }, (e) => body.replaceChildren(faultLine(e))).finally(() => (go.disabled = false));
  });
  return card(t('achFacilities'), h('p', { class: 'acts' }, go, t('files'), files('ledger', fy)), body);
}
