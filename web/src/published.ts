// published.ts: reports frozen as published: when and by whom, whether today's figures still say the same, the bytes again.
import { actButton } from './act';
import { get } from './api';
import { h, type Child } from './dom';
import { openSheet } from './figure';
import { count, none } from './format';
import { faultLine, left, rows, table, tr, word } from './pieces';
import { lang, t } from './texts';

export interface Frozen { id: string; report: string; fy: number; lang: string; day: string; why: string; hash: string; model: string; entries: number; head: string; book: boolean; who: string; at: string; again?: boolean }
interface Cause { kind: string; what: string; who: string; at: string }
interface Held extends Frozen { changes: { figure: string; published: string | null; today: string | null; because?: Cause }[]; since: Cause[] }

export const publishedList = (): Promise<Frozen[]> => get<{ rows: Frozen[] }>('published').then((x) => x.rows);
export const lastOf = (list: Frozen[], report: string, fy: number): Frozen | undefined => list.filter((f) => f.report === report && f.fy === fy).pop();
const bytes = (f: Frozen): HTMLElement => h('span', { class: 'files' }, ...[['html', t('filesBundle')], ...(f.book ? [['xlsx', 'XLSX']] : []), ['tsv', 'TSV']].map(([as, text]) => h('a', { href: `/api/v1/published/${f.id}?as=${as}`, download: true }, text!)));

function heldBody(x: Held): Child[] {
  return [rows([[t('frozenDay'), `${x.at.slice(0, 16).replace('T', ' ')} ${x.who}`], [t('reason'), x.why], [t('frozenHash'), h('code', {}, x.hash)], [t('frozenModel'), h('code', {}, x.model)], [t('frozenBooks'), `${count(x.entries)} · ${x.head.slice(0, 12)}`], [t('officeFiles'), bytes(x)]]),
    x.changes.length ? table(t('frozenChanged', x.changes.length), [t('frozenFigure'), `<${t('frozenThen')}`, `<${t('frozenNow')}`, `<${t('reason')}`], x.changes.slice(0, 60).map((c) => tr(c.figure, left(c.published ?? none), left(c.today ?? none), left(c.because ? h('span', { class: 'note' }, `${c.because.what} · ${c.because.who}`) : none)))) : h('p', { class: 'good' }, t('frozenSame')),
    x.since.length ? h('details', { class: 'figures' }, h('summary', {}, t('frozenSince', x.since.length)), h('ul', { class: 'plainlist' }, ...x.since.slice(0, 60).map((c) => h('li', {}, `${c.at.slice(0, 10)} ${c.what} · ${c.who}`)))) : null];
}

// What stands for a year: not yet published, as published, or otherwise since. Asked when it is seen, for it makes the report.
export function frozenState(f: Frozen | undefined): HTMLElement {
  if (!f) return h('span', { class: 'note' }, t('frozenNone'));
  const tag = h('button', { type: 'button', class: 'figure', 'aria-haspopup': 'dialog' }, t('frozenOn', f.at.slice(0, 10))), more = h('span', { class: 'note line', role: 'status' });
  const held = get<Held>(`published/${f.id}`);
  held.then((x) => more.replaceChildren(x.changes.length ? h('span', { class: 'tag warn' }, t('frozenChanged', x.changes.length)) : h('span', { class: 'tag good' }, t('frozenSame'))), () => more.replaceChildren());
  tag.addEventListener('click', () => {
    const box = h('div', {}, t('loading'));
    openSheet(`${word('report', f.report)} ${t('fy', f.fy)}`, box);
    held.then((x) => box.replaceChildren(...heldBody(x).filter((c): c is HTMLElement => !!c)), (e) => box.replaceChildren(faultLine(e)));
  });
  return h('span', {}, tag, more);
}

export function freezeButton(report: string, fy: number, done: (f: Frozen) => void): HTMLElement {
  return actButton({ label: t('frozenAct'), role: 'operator', path: `report/${report}/freeze`, ask: [{ name: 'why', label: t('frozenWhy'), required: true }], note: `${word('report', report)} ${t('fy', fy)}`, make: (a) => ({ fy, why: a.why, lang: lang() }), done });
}
export const frozenSaid = (f: Frozen): string => t(f.again ? 'frozenAgain' : 'frozenDone', f.id, f.hash.slice(0, 12));
