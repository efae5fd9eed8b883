// pieces.ts: what the views of tables and figures are made of.
import { Problem } from './api';
import { h, type Child } from './dom';
import { money, wholeYen } from './format';
import { has, lang, t, type Text } from './texts';

// The word of an id that the API gives, by the head of its texts; the id itself where there is none.
export const word = (head: string, id: string, ...p: (string | number)[]): string => (has(head + id) ? t((head + id) as Text, ...p) : id);
export const card = (title: string, ...body: Child[]): HTMLElement => h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), ...body);
// A column whose head begins with "<" is text, to the left.
export function table(label: string, heads: string[], rows: HTMLElement[], foot?: HTMLElement | null): HTMLElement {
  return h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': label },
    h('table', { class: 'sources' }, h('thead', {}, h('tr', {}, ...heads.map((x) => h('th', { scope: 'col', class: x.startsWith('<') ? 'text' : null }, x.replace(/^</, ''))))),
      h('tbody', {}, ...rows), foot ? h('tfoot', {}, foot) : null));
}
export const tr = (head: Child, ...cells: Child[]): HTMLElement => h('tr', {}, h('th', { scope: 'row', class: typeof head === 'string' && head.length <= 6 ? 'short' : null }, head), ...cells.map((c) => (c instanceof HTMLTableCellElement ? c : h('td', {}, c))));
export const left = (...body: Child[]): HTMLTableCellElement => h('td', { class: 'text' }, ...body);
export const fact = (label: string, value: string, note = '', cls = ''): HTMLElement =>
  h('div', { class: `fact ${cls}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, value), note ? h('span', { class: 'note' }, note) : null));
// Money in whole yen, which opens to the micro-yen where there are any.
export function exactly(text: string): Child {
  return /\.\d*[1-9]/.test(text) ? h('details', { class: 'exact' }, h('summary', {}, wholeYen(text)), h('span', { class: 'note' }, money(text))) : money(text);
}
export const yenFact = (label: string, text: string): HTMLElement => h('div', { class: 'fact' }, h('dt', {}, label), h('dd', {}, h('div', { class: 'big' }, exactly(text))));
export const facts = (...list: (HTMLElement | null)[]): HTMLElement => h('dl', { class: 'facts' }, ...list);
export function rows(list: [string, Child][]): HTMLElement {
  return h('dl', { class: 'rows' }, ...list.filter((r) => r[1]).flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
}
export const problem = (e: unknown): string => (e instanceof Problem ? (lang() === 'ja' ? e.ja : e.en) : String(e));
export const faultLine = (e: unknown): HTMLElement => h('p', { class: 'fault', role: 'status' }, problem(e));
export const picker = (id: string, label: string, input: HTMLElement): HTMLElement => h('p', { class: 'picker' }, h('label', { for: id }, label), ' ', input);

// A list that shows its first rows, and more of them at a press; words narrow it down.
export function longList<T>(label: string, heads: string[], all: T[], row: (x: T) => HTMLElement, find?: (x: T) => string, page = 20): HTMLElement {
  let shown = page;
  const body = h('tbody'), more = h('button', { type: 'button', class: 'more' }, t('more')), status = h('p', { class: 'note', role: 'status' });
  const input = h('input', { type: 'search', class: 'entry', 'aria-label': `${t('find')}: ${label}`, placeholder: t('find'), autocomplete: 'off' });
  const draw = (): void => {
    const words = input.value.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
    const found = find ? all.filter((x) => words.every((w) => find(x).normalize('NFKC').toLowerCase().includes(w))) : all;
    body.replaceChildren(...found.slice(0, shown).map(row));
    more.hidden = found.length <= shown;
    status.textContent = t('billsShown', Math.min(shown, found.length), found.length);
  };
  input.addEventListener('input', () => ((shown = page), draw()));
  more.addEventListener('click', () => ((shown += 5 * page), draw()));
  draw();
  const box = h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': label }, h('table', { class: 'sources' },
    h('thead', {}, h('tr', {}, ...heads.map((x) => h('th', { scope: 'col', class: x.startsWith('<') ? 'text' : null }, x.replace(/^</, ''))))), body));
  return h('div', { class: 'long' }, find && all.length > page ? input : null, status, box, more);
}

// A choice of fiscal years around one.
export function fillYears(select: HTMLSelectElement, fy: number, some = 6): void {
  if (select.querySelector(`option[value="${fy}"]`)) return;
  for (let y = fy; y > fy - some; y--) if (!select.querySelector(`option[value="${y}"]`)) select.append(h('option', { value: y }, t('fy', y)));
}
