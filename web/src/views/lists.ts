// lists.ts: every register and every list of the office by one view: what its columns are comes with it.
import { mayAs, meNow } from '../account';
import { actButton } from '../act';
import { get, latest } from '../api';
import { blocks, type Block } from '../blocks';
import { h, say, type Child } from '../dom';
import { count, day as dayText, none, percent, said } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, left, longList, picker, table, tr, word } from '../pieces';
import { lang, t } from '../texts';

interface Named2 { id: string; name_ja: string; name_en: string; kind: string; owner: string | null; listed: number; said: number | null; on: string; writes: boolean }
export interface Column { name: string; ja: string; en: string; type: string; needed: boolean }
export type Cells = Record<string, string | number | null>;
interface List extends Omit<Named2, 'on' | 'said'> {
  source: string | null; on?: string; said?: number | null; shares_ppm?: number; number_wrong?: number; columns: Column[]; rows: Cells[];
  counts?: { on: string; part: string | null; said: number; listed: number; source: string }[]; parts?: { part: string; listed: number }[]; model: string;
}

const title = (x: { name_ja: string; name_en: string }): string => (lang() === 'ja' ? x.name_ja : x.name_en);
export const label = (c: Column): string => (lang() === 'ja' ? c.ja : c.en);
const plain = (v: string | number | null | undefined): string => (v === null || v === undefined || v === '' ? none : String(v));

// ---- the list of lists ----

function saidTag(x: { listed: number; said?: number | null }): Child {
  if (x.said === null || x.said === undefined) return none;
  return x.said === x.listed ? h('span', { class: 'tag good' }, count(x.said)) : h('span', { class: 'tag warn' }, count(x.said));
}

function index(heading: string, list: Named2[]): HTMLElement | null {
  if (!list.length) return null;
  const given = !list[0]!.writes;
  return card(heading, table(heading, [t('listName'), ...(given ? [`<${t('listKind')}`, `<${t('listOwner')}`] : []), t('listListed'), ...(given ? [t('listSaid'), `<${t('listOn')}`] : [])],
    list.map((x) => tr(h('a', { href: `#/lists/${x.id}` }, title(x)), ...(given ? [left(word('listkind_', x.kind)), left(x.owner ?? none)] : []), count(x.listed), ...(given ? [h('td', {}, saidTag(x)), left(dayText(x.on))] : [])))));
}

export function listsView(): View {
  const body = h('div', {}, h('p', { class: 'note' }, t('loading')));
  const el = h('div', { class: 'view lists' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('listsTitle'))), h('p', { class: 'note' }, t('listsAbout')), body);
  get<{ lists: Named2[] }>('lists').then(({ lists }) => {
    body.replaceChildren(...[index(t('listsGiven'), lists.filter((x) => !x.writes)), index(t('listsWritten'), lists.filter((x) => x.writes))].filter((x): x is HTMLElement => !!x));
  }, (e) => body.replaceChildren(faultLine(e)));
  return { el, title: t('listsTitle'), destroy: () => {} };
}

// ---- one list ----

function cell(c: Column, row: Cells): HTMLTableCellElement {
  const v = row[c.name];
  if (c.type === 'share') return h('td', {}, typeof v === 'number' ? percent(v / 1e6, 1) : none);
  if (c.type === 'decimal') return h('td', {}, typeof v === 'string' ? v.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',') : none);
  if (c.type === 'facility' && v) return left(h('a', { href: `#/facility/${v}` }, plain(row[`facility_${lang()}`] ?? v)));
  if (c.name === 'stage' || c.name === 'state') return left(word('liststage_', plain(v)));
  if (c.name === 'name') return left(plain(lang() === 'ja' ? v : (row.name_en ?? v)));
  return c.type === 'number' ? h('td', {}, plain(v)) : left(plain(v));
}

const words = (x: Cells): string => Object.values(x).filter((v) => v !== null).join(' ');
const right = (c: Column): boolean => c.type === 'share' || c.type === 'decimal' || c.type === 'number';

// The fields of a row as a form; the id of a new row is asked with them.
export function rowAct(kind: string, columns: Column[], row: Cells | null, done: (text: string) => void): HTMLElement {
  const fields = columns.filter((c) => c.name !== 'id'), facility = fields.some((c) => c.type === 'facility');
  return actButton({
    label: row ? t('listEdit') : t('listNew'), role: facility ? 'editor' : 'operator', method: 'PUT',
    path: (a) => `lists/${kind}/${row ? row.id : a.id}`, version: row ? Number(row.version) : 0,
    ask: [...(row ? [] : [{ name: 'id', label: t('listId'), required: true }]), ...fields.map((c) => ({ name: c.name, label: label(c) + (c.needed ? ' *' : ''), value: String(row?.[c.name] ?? ''), required: c.needed, type: c.type === 'day' ? 'date' : 'text' }))],
    make: ({ id: _, ...rest }) => rest,
    done: (n: { id: string; version: number }) => done(t('listSaved', n.id, n.version)),
  });
}

function written(l: List, again: (text: string) => void): HTMLElement {
  const shown = l.columns.filter((c) => l.rows.some((r) => r[c.name] !== null) || c.needed), may = mayAs('editor');
  const bureau = meNow().bureau;
  return card(title(l), h('p', { class: 'acts' }, rowAct(l.id, l.columns, null, again)), bureau ? h('p', { class: 'note' }, t('listOwn', bureau)) : null,
    l.rows.length ? longList(title(l), [...shown.map((c) => (right(c) ? '' : '<') + label(c)), `<${t('author')}`], l.rows,
      (r) => h('tr', {}, ...shown.map((c, i) => (i === 0 ? h('th', { scope: 'row' }, plain(r[c.name])) : cell(c, r))), left(h('span', { class: 'note' }, t('listBy', plain(r.who), plain(r.at).slice(0, 10), plain(r.version))), may ? rowAct(l.id, l.columns, r, again) : null)), words, 40) : h('p', { class: 'note' }, t('listEmpty')));
}

function register(l: List): HTMLElement {
  if (!l.rows.length) return card(title(l), h('p', { class: 'note' }, t('listNone')));
  const sum = l.shares_ppm ? h('tr', {}, h('th', { scope: 'row' }, t('facilitySum')), ...l.columns.slice(1).map((c) => h('td', {}, c.type === 'share' ? percent(l.shares_ppm! / 1e6, 1) : ''))) : null;
  const box = longList(title(l), l.columns.map((c) => (right(c) ? '' : '<') + label(c)), l.rows, (r) => h('tr', {}, ...l.columns.map((c, i) => (i === 0 ? h('th', { scope: 'row' }, c.name === 'name' ? plain(lang() === 'ja' ? r.name! : (r.name_en ?? r.name!)) : plain(r[c.name])) : cell(c, r)))), words, 100);
  if (sum) box.querySelector('tbody')!.after(h('tfoot', {}, sum));
  return card(title(l), box);
}

function saidCard(l: List, go: (on: string) => void): HTMLElement | null {
  if (!l.counts?.length) return null;
  return card(t('listCounts'), table(t('listCounts'), [t('listOn'), `<${t('listPart')}`, t('listSaid'), t('listListed'), `<${t('source')}`],
    l.counts.map((c) => tr(h('button', { type: 'button', class: 'figure', 'aria-label': t('listGo', c.on), onclick: () => go(c.on) }, c.on), left(c.part ?? t('listAll')), h('td', {}, count(c.said)), h('td', {}, c.said === c.listed ? count(c.listed) : h('span', { class: 'warn' }, count(c.listed))), left(h('span', { class: 'note' }, c.source))))));
}

const formats: [string, string][] = [['xlsx', 'XLSX'], ['pdf', 'PDF'], ['csv', 'CSV'], ['html', 'HTML']];
export const fileLinks = (path: string, more: Record<string, string> = {}): HTMLElement => h('p', { class: 'filesrow' }, t('listFiles'), ' ', h('span', { class: 'files' }, ...formats.map(([as, text]) => h('a', { href: `/api/v1/${path}?${new URLSearchParams({ ...more, as, lang: lang() })}`, download: true }, text))));

function head(l: List): HTMLElement {
  const differs = l.said !== null && l.said !== undefined && l.said !== l.listed;
  return h('section', { class: 'card', 'aria-label': t('listName') }, facts(
    fact(t('listListed'), count(l.listed), l.on ? dayText(l.on) : ''),
    l.said !== null && l.said !== undefined ? fact(t('listSaid'), count(l.said), differs ? t('listDiffers', count(l.said), count(l.listed)) : t('listSame'), differs ? 'long' : '') : null,
    l.shares_ppm ? fact(t('listShares'), percent(l.shares_ppm / 1e6, 1), '', l.shares_ppm === 1e6 ? '' : 'short') : null,
    ...(l.parts ?? []).map((p) => fact(p.part, count(p.listed)))),
  l.number_wrong ? h('p', { class: 'warn' }, t('listNumbers', l.number_wrong)) : null,
  h('p', { class: 'note' }, [word('listkind_', l.kind), l.owner, said(l.source)].filter(Boolean).join(' · ')),
  fileLinks(`lists/${l.id}`, l.on ? { on: l.on } : {}));
}

// What the office makes of a list: how far talks came, what savings count, whether conditions hold, what is to be returned.
const sums: Record<string, string> = { recruit: 'funnel', saving: 'savings', finding: 'bems', grant: 'grant', 'grant-asset': 'grant' };

async function sumCard(id: string): Promise<HTMLElement | null> {
  if (!sums[id] || meNow().bureau) return null;
  const x = await get<{ fy: number; blocks: Block[] }>(`city/${sums[id]}`);
  return h('section', { class: 'card blocks', 'aria-label': t('listSums') }, h('h2', {}, t('listSums')), h('p', { class: 'note' }, t('fy', x.fy)), ...blocks(x.blocks));
}

export function listView(at: string): View {
  const [id, given] = at.split('/') as [string, string?];
  const heading = h('h1', { tabindex: -1 }, id), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const input = h('input', { type: 'date', id: 'list-on' }), pick = picker('list-on', t('listOn'), input);
  const el = h('div', { class: 'view lists' }, h('p', { class: 'back' }, h('a', { href: '#/lists' }, '← ', t('listsTitle'))), h('div', { class: 'titlerow' }, heading, pick), about, body);
  const last = latest();
  async function load(on: string | undefined, said = ''): Promise<void> {
    try {
      const l = await last(get<List>(`lists/${id}${on ? `?on=${on}` : ''}`));
      const sum = l.writes && l.rows.length ? await sumCard(id) : null;
      const again = (text: string): void => void load(on, text);
      say(heading, title(l));
      say(about, said);
      pick.hidden = l.writes;
      input.value = l.on ?? '';
      body.replaceChildren(...(l.writes ? [fileLinks(`lists/${id}`), written(l, again), sum] : [head(l), register(l), saidCard(l, (day) => void load(day))]).filter((x): x is HTMLElement => !!x));
      document.title = `${title(l)} · mizo`;
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  input.addEventListener('change', () => void load(input.value || undefined));
  void load(given);
  return { el, title: t('listsTitle'), up: '#/lists', destroy: () => {} };
}
