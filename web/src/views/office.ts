// office.ts: the office's desk: what is late, what changed, what to publish.
import { actButton, fileButton } from '../act';
import { get, latest } from '../api';
import { blocks, type Block } from '../blocks';
import { h, say, type Child } from '../dom';
import { figure, files } from '../figure';
import { count, day as dayText, name, none, said } from '../format';
import type { View } from '../main';
import { freezeButton, frozenSaid, frozenState, lastOf, publishedList, type Frozen } from '../published';
import { card, fact, facts, faultLine, fillYears, left, longList, picker, table, tr, word } from '../pieces';
import { lang, t } from '../texts';

interface Late { facility: string; name_ja: string; name_en: string; bureau: string; missing: number; missing_months: string; since?: string; days?: number }
interface LateBook { fy: number; day: string; facilities: number; late: number; bureaus: { bureau: string; facilities: number; late: number; months: number }[]; rows: Late[] }
export interface Value { fy: number; value: string | null; at_least?: string; at_most?: string; text_ja: string | null; text_en: string | null; vintage: string; source: string; computed?: string; differs?: boolean }
export interface Goal { fy: number; value?: string; text_ja?: string | null; text_en?: string | null; rule: string; decided?: string; reason: string; source: string; before?: Goal }
export interface Target { indicator: string; name_ja: string; name_en: string; unit: string; result?: Value; reached?: boolean; gap?: string | null; needed_a_year?: string | null; needed_text_ja?: string | null; needed_text_en?: string | null; whose?: string; inventory?: string | null; done_a_year?: string | null; base_fy?: number; done_text_ja?: string; done_text_en?: string; reached_in?: number; on_path?: boolean; target: Goal }
interface Publication { value: string; unit: string; vintage: string; on?: string; source: string }
interface Restated { indicator: string; name_ja: string; name_en: string; fy: number; before: Publication; after: Publication }
interface Targets extends Doc<Target> { changed: Target[]; restated: Restated[] }
interface Check { check: string; ok: boolean; value: string; expected: string; source: string }
export interface Evaluated { node: string; status: string; proposed: string | null; direction: string; reason: string; way: string; by: string; source: string }
interface Entered { id: string; indicator: string; fy: string; value_e6: string; unit?: string; vintage: string; source: string; note?: string; version: number; who: string; at: string }
export interface Doc<T> { report: string; fy: number; day: string; rows: T[]; model: string }

export interface Years { indicator: string; fy: number; name_ja: string; name_en: string; unit: string; better: string | null; years: (Partial<Value> & { fy: number; target?: Goal })[]; model: string }

export interface Indicator { indicator: string; headline: boolean; name_ja: string; name_en: string; unit: string; owner: string; formula: string | null; inventory?: string; part?: string; result?: Value }
export const indicators = (): Promise<Indicator[]> => get<Doc<Indicator>>('city/indicators').then((d) => d.rows);
// The figure that stands first for everybody (public_figures), and the last year of which it is known; 0: never.
export const headline = (known: Indicator[]): Indicator | undefined => known.find((x) => x.headline);
export const rateYear = async (): Promise<number> => headline(await indicators())?.result?.fy ?? 0;

// A decimal string in millionths as people read it, with the zeros behind it cut.
export function decimal(text: string | null | undefined): string {
  const m = /^(-?)(\d+)(?:\.(\d*?)0*)?$/.exec(text ?? '');
  return m ? `${m[1] && /[1-9]/.test(m[0]!) ? (lang() === 'ja' ? '▲' : '−') : ''}${m[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${m[3] ? `.${m[3]}` : ''}` : none;
}
const millionths = (e6: string): string => `${e6.startsWith('-') ? '-' : ''}${e6.replace('-', '').padStart(7, '0').replace(/(\d{6})$/, '.$1')}`;

// The same with its unit; 10,000 of something is no unit of English: thousands are.
export function inUnit(text: string, unit: string): string {
  if (lang() === 'ja') return `${decimal(text)}${unit}`;
  return unit.startsWith('万') ? `${decimal(tenfold(text))}\u00a0thousand ${unit.slice(1)}` : `${decimal(text)}\u00a0${unit}`;
}
export const unitName = (unit: string): string => (lang() === 'ja' ? unit : unit.replace(/^万/, '10,000 '));
const tenfold = (text: string): string => text.replace(/^(-?\d+)(?:\.(\d)(\d*))?$/, (_, whole: string, one?: string, rest?: string) => `${whole}${one ?? '0'}${rest ? `.${rest}` : ''}`).replace(/^(-?)0+(?=\d)/, '$1');

// The fiscal year of a day.
export const fiscal = (day: string): number => Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 4 ? 1 : 0);

// A fiscal year as people write it: 2023, FY2023, R5, 令和5年度. 0: in no way that is known here.
const eras: [RegExp, number][] = [[/^(?:FY)?(\d{4})(?:年度)?$/i, 0], [/^(?:R|令和)(\d+)(?:年度)?$/i, 2018], [/^(?:H|平成)(\d+)(?:年度)?$/i, 1988], [/^(?:S|昭和)(\d+)(?:年度)?$/i, 1925]];
export function fiscalOf(text: string): number {
  const s = text.normalize('NFKC').trim().replace(/元/, '1');
  for (const [form, first] of eras) {
    const year = form.exec(s)?.[1];
    if (year) return first + Number(year);
  }
  return 0;
}

// ---- late ----

// The owners' yearly table as it is sent in; what is worth a look in it is said.
interface Said { severity: string; text_ja: string; text_en: string }
interface Taken { name: string; rows: number; added: number; changed: number; same: number; said: Said[] }
const typeOf = (file: string): string => (/\.csv$/i.test(file) ? 'text/csv' : 'application/octet-stream');

function yearlyActs(fy: number, again: (text: string) => void): HTMLElement {
  const same = h('input', { type: 'checkbox', id: 'yearly-same' });
  const path = (file: string): string => `yearly?${new URLSearchParams({ name: file, fy: String(fy), ...(same.checked ? { same: 'yes' } : {}) })}`;
  const done = (r: Taken): void => again([t('yearlyTaken', r.name, count(r.rows), count(r.added), count(r.changed), count(r.same)), ...r.said.map((x) => (lang() === 'ja' ? x.text_ja : x.text_en))].join(' '));
  return h('div', { class: 'yearly' }, h('p', { class: 'acts' }, fileButton(t('yearlyAct', t('fy', fy)), 'editor', path, typeOf, done), h('label', { class: 'note', for: 'yearly-same' }, same, ' ', t('yearlySame'))));
}

function lateCard(l: LateBook, again: (text: string) => void): HTMLElement {
  const bureaus = l.bureaus.filter((b) => b.late).sort((a, b) => b.late - a.late);
  return card(t('officeLateTitle'), h('p', { class: l.late ? 'warn' : 'good' }, `${t('fy', l.fy)}  `, l.late ? `${t('officeLate')}: ${t('officeLateSum', count(l.late), count(l.facilities))}` : t('officeLateNone')),
    bureaus.length ? table(t('officeBureau'), [t('officeBureau'), t('officeFacilities'), t('officeLateCount'), t('officeMonths')], bureaus.map((b) => tr(b.bureau || t('officeNoBureau'), count(b.facilities), count(b.late), count(b.months)))) : null,
    l.rows.length ? longList(t('officeLate'), [t('achFacility'), `<${t('officeBureau')}`, `<${t('officeMissing')}`, `<${t('officeSince')}`], [...l.rows].sort((a, b) => (b.days ?? 0) - (a.days ?? 0)),
      (x) => tr(h('a', { href: `#/facility/${x.facility}` }, name(x)), left(x.bureau || t('officeNoBureau')), left(x.missing_months), left(x.since ?? none, x.days !== undefined ? h('span', { class: 'note line' }, t('officeDays', count(x.days))) : null)), (x) => [x.facility, x.name_ja, x.name_en, x.bureau].join(' '), 8) : null,
    h('p', { class: 'filesrow' }, t('files'), ' ', files('late', l.fy)), yearlyActs(l.fy, again));
}

// ---- changed ----

export const either = (x: { text_ja?: string | null; text_en?: string | null } | undefined): string | null => (lang() === 'ja' ? x?.text_ja : x?.text_en) ?? null;
const goalText = (g: Goal | undefined): string => either(g) ?? decimal(g?.value);

interface Change { at: string; what: string; line: HTMLElement }
const change = (at: string, what: string, line: Child, about: (string | undefined)[]): Change => ({ at, what, line: h('span', {}, line, h('span', { class: 'note line' }, about.filter(Boolean).join(' · '))) });

// What people entered, targets that were decided anew, years that were published again, figures that differ.
function changes(entered: Entered[], x: Targets, known: Indicator[]): Change[] {
  const named = new Map(known.map((r) => [r.indicator, r])), label = (id: string): string => (named.has(id) ? name(named.get(id)!) : id);
  return [
    ...entered.map((n) => change(n.at.slice(0, 10), 'officeEntered', figure(inUnit(millionths(n.value_e6), n.unit ?? ''), n.indicator, Number(n.fy), label(n.indicator)), [label(n.indicator), t('fy', n.fy), word('vintage', n.vintage), said(n.source), `${t('author')}: ${n.who}`])),
    ...x.changed.map((r) => change(r.target.decided ?? '', 'officeTargetChanged', `${name(r)} ${t('fy', r.target.fy)}: ${t('officeFromTo', goalText(r.target.before), goalText(r.target))}`, [said(r.target.reason), said(r.target.source)])),
    ...x.restated.map((r) => change(r.after.on ?? '', 'officeRestated', figure(`${name(r)} ${t('fy', r.fy)}: ${t('officeFromTo', inUnit(r.before.value, r.before.unit), inUnit(r.after.value, r.after.unit))}`, r.indicator, r.fy, name(r)), [word('vintage', r.after.vintage), said(r.before.source), said(r.after.source)])),
    ...x.rows.filter((r) => r.result?.differs).map((r) => change('', 'officeDiffers', `${name(r)} ${t('fy', r.result!.fy)}: ${inUnit(r.result!.value ?? '', r.unit)} / ${inUnit(r.result!.computed ?? '', r.unit)}`, [said(r.result!.source)])),
  ].sort((a, b) => b.at.localeCompare(a.at));
}

// The version of that figure that is on the page; 0: none is. Of a year that is written in no known way the server says so.
function seen(entered: Entered[], x: Record<string, string>): number | undefined {
  const fy = fiscalOf(x.fy ?? ''), id = `${x.indicator}-${fy}-${x.vintage ?? 'final'}`;
  return fy ? (entered.find((n) => n.id === id)?.version ?? 0) : undefined;
}

function enterAct(list: Indicator[], entered: Entered[], done: (text: string) => void): HTMLElement {
  return actButton({
    label: t('officeEnterAct'), role: 'operator', path: 'city/results', versionOf: (x) => seen(entered, x),
    ask: [{ name: 'indicator', label: t('officeEnterIndicator'), required: true, of: list.map((x) => [x.indicator, `${name(x)} (${unitName(x.unit)})`]) }, { name: 'fy', label: t('achFy'), required: true }, { name: 'value', label: t('officeEnterValue'), required: true }, { name: 'vintage', label: t('officeEnterVintage'), value: 'final', of: ['provisional', 'revised', 'final'].map((v) => [v, word('vintage', v)]) }, { name: 'source', label: t('officeEnterSource'), required: true }, { name: 'note', label: t('officeEnterNote') }, { name: 'on', label: t('officeEnterOn'), type: 'date' }],
    done: (n: Entered & { said: Said[] }) => done([t('officeEntered2', n.indicator, n.fy, n.version), ...n.said.map((d) => (lang() === 'ja' ? d.text_ja : d.text_en))].join('\n')),
  });
}

function changedCard(list: Change[], known: Indicator[], entered: Entered[], again: (text: string) => void): HTMLElement {
  const items = list.slice(0, 12).map((c) => h('li', {}, h('span', { class: 'tag' }, word('', c.what)), c.line, h('time', {}, c.at)));
  return card(t('officeChangedTitle'), items.length ? h('ul', { class: 'changes' }, ...items) : h('p', { class: 'note' }, t('officeChangedNone')), h('p', { class: 'acts' }, enterAct(known, entered, again)));
}

// ---- targets ----

const done = (x: Target): string => (lang() === 'ja' ? x.done_text_ja : x.done_text_en) ?? none;
const needed = (x: Target): string | null => (lang() === 'ja' ? x.needed_text_ja : x.needed_text_en) ?? null;
const pathCell = (x: Target): HTMLElement => h('td', { class: 'text keep' }, x.reached ? h('span', { class: 'tag good' }, t('inventoryReached')) : x.on_path === undefined ? none : h('span', { class: `tag ${x.on_path ? 'good' : 'warn'}` }, t(x.on_path ? 'inventoryPathYes' : 'inventoryPathNo')), !x.reached && x.reached_in ? h('span', { class: 'note line' }, t('inventoryReachedIn', x.reached_in)) : null);

export function targetsCard(list: Target[]): HTMLElement {
  return card(t('inventoryTargets'), table(t('inventoryTargets'), [t('plansIndicator'), t('plansResult'), t('plansTarget'), t('inventoryNeeded'), t('inventoryDone'), `<${t('inventoryOnPath')}`, `<${t('source')}`],
    list.map((x) => {
      const r = x.result, shown = r ? (either(r) ?? t('inventorySettled')) : none;
      return tr(name(x), h('td', {}, r ? figure(shown, x.indicator, r.fy, name(x)) : none, r ? h('span', { class: 'note line' }, [t('fy', r.fy), r.vintage !== 'final' ? word('vintage', r.vintage) : ''].filter(Boolean).join(' · ')) : null), h('td', {}, goalText(x.target), h('span', { class: 'note line' }, t('fy', x.target.fy))),
        x.reached ? none : (needed(x) ?? none), h('td', {}, done(x), x.base_fy && done(x) !== none ? h('span', { class: 'note line' }, t('inventorySince', x.base_fy)) : null), pathCell(x), left(h('span', { class: 'note' }, [said(x.target.reason), said(x.target.source)].filter(Boolean).join(' · '))));
    })));
}

// ---- to publish ----

const reports = ['achievement', 'targets', 'evaluation', 'plan', 'inventory', 'ledger'];
const place: Record<string, string> = { achievement: '#/achievement', targets: '#/office', evaluation: '#/plans', plan: '#/plans', inventory: '#/inventory', ledger: '#/achievement' };

function publishCard(fy: number, list: Frozen[], again: (text: string) => void): HTMLElement {
  return card(t('officePublishTitle'), table(t('officePublishTitle'), [t('officeReport'), `<${t('officeState')}`, `<${t('officeFiles')}`],
    reports.map((r) => tr(h('span', {}, h('a', { href: place[r]! }, word('report', r)), h('span', { class: 'note line' }, t('fy', fy))), left(r === 'ledger' ? none : h('span', { class: 'kept' }, frozenState(lastOf(list, r, fy)), freezeButton(r, fy, (f) => again(frozenSaid(f))))), h('td', { class: 'text keep' }, files(r, fy))))));
}

function checksCard(list: Check[]): HTMLElement | null {
  const bad = list.filter((c) => !c.ok);
  if (!bad.length) return null;
  return card(t('officeChecksTitle'), table(t('officeChecksTitle'), [t('officeReport'), `<${t('officeCheckValue')}`, `<${t('officeCheckExpected')}`, `<${t('source')}`], bad.map((c) => tr(c.check, left(c.value), left(c.expected), left(c.source)))));
}

// ---- for the next person ----

// It is long, and takes who is logged in: opened by a press.
function handoverCard(fy: number): HTMLElement {
  const body = h('div', { class: 'blocks', 'aria-live': 'polite' });
  const file = (as: string, text: string): HTMLElement => h('a', { href: `/api/v1/handover?${new URLSearchParams({ fy: String(fy), as, lang: lang() })}`, download: true }, text);
  const open = h('button', { type: 'button', class: 'act', onclick: () => {
    body.replaceChildren(h('p', { class: 'note' }, t('loading')));
    void get<{ rows: Block[] }>(`handover?fy=${fy}`).then((x) => body.replaceChildren(h('p', { class: 'filesrow' }, t('files'), ' ', h('span', { class: 'files' }, file('xlsx', 'XLSX'), file('pdf', 'PDF'), file('html', t('filesBundle')))), ...blocks(x.rows).filter((k): k is HTMLElement => k instanceof HTMLElement)), (e) => body.replaceChildren(faultLine(e)));
  } }, t('officeHandoverAct', t('fy', fy)));
  return card(t('officeHandover'), h('p', { class: 'note' }, t('officeHandoverNote')), h('p', { class: 'acts' }, open), body);
}

// ---- the view ----

// l null: the ledger of the year is still being read.
function first(l: LateBook | null, head: Indicator | undefined, targets: Target[], checks: Check[], evaluations: Evaluated[]): HTMLElement {
  const rate = targets.find((x) => x.indicator === head?.indicator), bad = checks.filter((c) => !c.ok).length;
  const provisional = targets.filter((x) => x.result?.vintage === 'provisional').length, open = evaluations.filter((e) => e.proposed && e.proposed !== e.status).length;
  return h('section', { class: 'card', 'aria-label': t('officeTitle') }, facts(
    rate?.result ? fact(name(rate), either(rate.result) ?? none, t('fy', rate.result.fy)) : null,
    l ? fact(t('officeLate'), count(l.late), t('officeLateSum', count(l.late), count(l.facilities)), l.late ? 'long' : '') : fact(t('officeLate'), none, t('loading')),
    fact(t('officeChecks'), bad ? count(bad) : '✓', bad ? t('officeChecksBad', bad, checks.length) : t('officeChecksGood', checks.length), bad ? 'short' : ''),
    fact(t('officeProvisional'), count(provisional), open ? `${t('officeOpen')}: ${open}` : '')));
}

export function officeView(given: string): View {
  const year = h('select', { id: 'office-fy' }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view office' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('officeTitle')), picker('office-fy', t('achFy'), year)), about, body);
  const last = latest();
  let fy = Number(given) || 0, said = '';

  async function load(): Promise<void> {
    try {
      const known = await last(indicators());
      fy ||= headline(known)?.result?.fy ?? 0;
      const targets = await last(get<Targets>(fy ? `city/targets?fy=${fy}` : 'city/targets')), now = fiscal(targets.day);
      fy ||= targets.fy;
      const ledger = get<LateBook>(`city/late?fy=${Math.min(fy, now)}`).then((l) => l, (e: unknown) => e as Error); // the slowest: it is filled in when it comes
      const [checks, evaluation, entered, frozen] = await last(Promise.all([get<Doc<Check>>('city/checks'), get<Doc<Evaluated>>(`city/evaluation?fy=${fy}`), get<Doc<Entered>>('city/results'), publishedList()]));
      fillYears(year, Math.max(fy, now));
      fillYears(year, fy);
      year.value = String(fy);
      say(about, t('officeAbout', dayText(targets.day)));
      const again = (text: string): void => ((said = text), void load());
      const top = (l: LateBook | null): HTMLElement => first(l, headline(known), targets.rows, checks.rows, evaluation.rows), head = top(null), wait = card(t('officeLateTitle'), h('p', { class: 'note' }, t('loading')));
      const list: Child[] = [head, said ? h('p', { class: 'good', role: 'status' }, said) : null, h('div', { class: 'pair even' }, wait, h('div', { class: 'column' }, changedCard(changes(entered.rows, targets, known), known, entered.rows, again), checksCard(checks.rows))), publishCard(fy, frozen, again), targetsCard(targets.rows), handoverCard(fy)];
      body.replaceChildren(...list.filter((x): x is HTMLElement => !!x));
      const late = await last(ledger);
      head.replaceWith(late instanceof Error ? head : top(late));
      wait.replaceWith(late instanceof Error ? card(t('officeLateTitle'), faultLine(late)) : lateCard(late, again));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  year.addEventListener('change', () => ((fy = Number(year.value)), (said = ''), history.replaceState(null, '', `#/office/${fy}`), void load()));
  void load();
  return { el, title: t('officeTitle'), destroy: () => {} };
}
