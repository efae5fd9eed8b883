// figure.ts: a figure that opens to where it comes from; its citation; its files. Shared by the office's pages.
import { get } from './api';
import { h, say, type Child } from './dom';
import { none, said } from './format';
import { faultLine, word } from './pieces';
import { lang, t } from './texts';

export interface Step {
  depth: number; indicator: string; name_ja: string; name_en: string; owner: string | null; fy: number; target: boolean; value: string | null; text_ja: string | null; text_en: string | null;
  rounded: boolean; formula: string | null; source: string | null; said: string | null; vintage: string | null; note: string | null; on?: string; by?: string; at?: string; reason?: string;
}
export interface Why { indicator: string; fy: number; name_ja: string; name_en: string; steps: Step[]; model: string }

const shown = (x: { text_ja: string | null; text_en: string | null }): string => (lang() === 'ja' ? x.text_ja : x.text_en) ?? none;

// A dialog over the page with a close button; the focus goes back to where it was opened.
export function openSheet(title: string, ...body: Child[]): HTMLDialogElement {
  const close = h('button', { type: 'button', class: 'tool' }, t('close'));
  const box = h('dialog', { 'aria-labelledby': 'open-title', class: 'opened' }, h('div', { class: 'titlerow' }, h('h2', { id: 'open-title' }, title), close), ...body);
  close.addEventListener('click', () => box.close());
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}

function stepLine(s: Step): HTMLElement {
  const about = [s.target ? t('whyTarget') : null, s.vintage ? word('vintage', s.vintage) : null, s.on ? t('whyOn', s.on) : null, s.formula ? `${t('whyFormula')}: ${s.formula}` : said(s.source), s.owner && !s.depth ? `${t('whyOwner')}: ${s.owner}` : null, s.by ? `${t('author')}: ${s.by}` : null, s.reason, said(s.note)];
  const li = h('li', {}, h('span', { class: 'what' }, lang() === 'ja' ? s.name_ja : s.name_en, h('span', { class: 'note' }, ` ${t('fy', s.fy)}`)), h('strong', { class: 'val' }, `${s.rounded ? '≈ ' : ''}${s.value ?? none}`, !s.depth && s.value ? h('span', { class: 'note line' }, shown(s)) : null), h('span', { class: 'note from' }, about.filter(Boolean).join(' · ')));
  li.style.setProperty('--deep', String(s.depth));
  return li;
}

async function fillWhy(box: HTMLElement, indicator: string, fy: number): Promise<void> {
  try {
    const w = await get<Why>(`city/why/${indicator}?fy=${fy}`);
    box.replaceChildren(w.steps.length ? h('ol', { class: 'whys' }, ...w.steps.map(stepLine)) : h('p', {}, t('whyNone')),
      ...(w.steps.some((s) => s.rounded) ? [h('p', { class: 'note' }, t('whyRounded'))] : []), h('p', { class: 'note' }, h('code', {}, w.model.slice(0, 12))));
  } catch (e) {
    box.replaceChildren(faultLine(e));
  }
}

// A figure as a button: a press opens its operands, sources and who owns it.
export function figure(text: string, indicator: string, fy: number, label: string): HTMLElement {
  return h('button', { type: 'button', class: 'figure', 'aria-haspopup': 'dialog', title: t('whyTitle'), 'aria-label': t('whyOpen', `${label} ${text}`), onclick: () => {
    const box = h('div', {}, t('loading'));
    openSheet(`${label} ${t('fy', fy)}`, box);
    void fillWhy(box, indicator, fy);
  } }, text);
}

// The same for what is not an indicator: what stands behind it is in the page's hands.
export function opens(text: string, title: string, body: () => Child[]): HTMLElement {
  return h('button', { type: 'button', class: 'figure', 'aria-haspopup': 'dialog', 'aria-label': t('whyOpen', `${title} ${text}`), onclick: () => openSheet(title, ...body()) }, text);
}

// ---- to be taken along ----

export interface Cited { label: string; year: number; text: string; source: string; day: string; model: string }
export const citation = (c: Cited): string => t('citeText', c.label, t('fy', c.year), c.text, c.source, c.day, c.model.slice(0, 12));

// Puts the citation into the clipboard, and shows it, for where a browser has none.
export function citeButton(make: () => Cited): HTMLElement {
  const said = h('span', { class: 'note', role: 'status' }), shownText = h('p', { class: 'quoted', hidden: true });
  const go = h('button', { type: 'button', class: 'act' }, t('citeAct'));
  go.addEventListener('click', () => {
    const text = citation(make());
    say(shownText, text);
    shownText.hidden = false;
    navigator.clipboard?.writeText(text).then(() => say(said, t('citeDone')), () => say(said, ''));
  });
  return h('span', { class: 'actbox' }, go, said, shownText);
}

const formats: [string, string][] = [['xlsx', 'XLSX'], ['pdf', 'PDF'], ['csv', 'CSV'], ['html', '']];
// As files to keep; in Japanese also as offices print them: eras, 万t, 千円.
export function files(report: string, fy?: number | string, more: Record<string, string> = {}): HTMLElement {
  const link = (as: string, text: string, extra: Record<string, string>): HTMLElement => h('a', { href: `/api/v1/report/${report}?${new URLSearchParams({ ...(fy ? { fy: String(fy) } : {}), as, lang: lang(), ...more, ...extra })}`, download: true }, text);
  return h('span', { class: 'files' }, ...formats.map(([as, text]) => link(as, text || t('filesBundle'), {})), lang() === 'ja' ? link('xlsx', t('filesOffice'), { office: 'yes' }) : null);
}
