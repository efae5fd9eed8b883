// contact.ts: what passes between us and our customers: papers and consent, acts with their day, notices, enquiries; of
// one contract, or of all with what is open first.
import { get } from '../api';
import { acts, type Act } from '../act';
import { h, say } from '../dom';
import { name } from '../format';
import type { View } from '../main';
import { card, faultLine, left, longList, tr, word } from '../pieces';
import { t, type Text } from '../texts';

type Note = Record<string, string | null> & { id: string; who: string };
interface Answer { today: string; processes?: { kind: string; name_ja: string; name_en: string }[]; [list: string]: unknown }
type Cell = [head: string, cell: (n: Note) => HTMLTableCellElement];
interface Kind { path: string; title: Text; open: (n: Note) => boolean; cells: (a: Answer) => Cell[]; act?: (n: Note) => Act; add: (a: Answer, contract: string | null) => Act[] }

const days = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
const words = (...list: (string | null | undefined)[]): string => list.filter(Boolean).join(' · ');
const field = (key: string) => (n: Note): HTMLTableCellElement => left(n[key] ?? '');
const small = (text: string): HTMLElement => h('span', { class: 'note line' }, text);

// By when: how long that is, and whether it has passed.
function until(n: Note, today: string): HTMLTableCellElement {
  const to = days(today, n.until!);
  return left(n.until!, ' ', n.done ? small(t('contactDone', n.done)) : h('span', { class: `tag ${to < 0 ? 'bad' : to < 3 ? 'warn' : ''}` }, to < 0 ? t('contactOver', -to) : t('contactLeft', to)), h('span', { class: 'note line rule' }, n.rule ?? ''));
}
function processName(a: Answer, kind: string): string {
  const p = a.processes?.find((x) => x.kind === kind);
  return p && (p.name_ja || p.name_en) ? name({ name_ja: p.name_ja || p.name_en, name_en: p.name_en || p.name_ja }) : kind;
}

// again: what is done after something was written.
function kinds(again: () => void): Kind[] {
  const post = (label: string, path: string, body: object, ask: Act['ask']): Act => ({ label, role: 'operator', path, body, ask: ask!, done: again });
  const on = { name: 'on', label: t('noteOn'), type: 'date' }, how = { name: 'how', label: t('noteHow'), required: true, hint: t('noteHowHint') }, said = { name: 'text', label: t('noteBody'), required: true };
  return [
    {
      path: 'tasks', title: 'tasksTitle', open: (n) => !n.done,
      cells: (a) => [[t('contactProcess'), (n) => left(processName(a, n.process!), n.remark ? small(n.remark) : null)], [t('note_until'), (n) => until(n, a.today)], [t('note_asked'), field('asked')]],
      act: (n) => post(t('taskDone'), `tasks/${n.id}/done`, {}, [on]),
      add: (a, contract) => (contract ? (a.processes ?? []).map((p) => post(t('taskBegin', processName(a, p.kind)), 'tasks', { contract, process: p.kind }, [on, { name: 'text', label: t('note_remark') }])) : []),
    },
    {
      path: 'enquiries', title: 'enquiriesTitle', open: (n) => !n.answered,
      cells: () => [[t('note_asked'), (n) => left(n.asked!, small(word('enquiry_', n.kind!)))], [t('note_question'), field('question')], [t('note_answer'), (n) => left(n.answer ?? '', n.answered ? small(n.answered) : null)]],
      act: (n) => post(t('enquiryAnswer'), `enquiries/${n.id}/answer`, {}, [said, on]),
      add: (_, contract) => (['question', 'complaint'] as const).map((kind) => post(t(kind === 'question' ? 'enquiryAdd' : 'complaintAdd'), 'enquiries', { kind, ...(contract ? { contract } : {}) }, [said, on])),
    },
    {
      path: 'papers', title: 'papersTitle', open: (n) => !n.consented,
      cells: () => [[t('note_paper'), (n) => left(h('a', { href: `/api/v1/papers/${n.id}/file`, download: '' }, word('paper_', n.paper!)), small(n.hash!.slice(0, 12)))], [t('note_given'), (n) => left(n.given!, small(words(n.how, n.explained)))], [t('note_consented'), (n) => left(n.consented ?? '', n.consent ? small(n.consent) : null)]],
      act: (n) => post(t('paperConsent'), `papers/${n.id}/consent`, {}, [how, on]),
      add: (_, contract) => (contract ? [false, true].map((after) => post(t(after ? 'paperGiveAfter' : 'paperGive'), 'papers', { contract, after }, [how, { name: 'explained', label: t('paperExplained') }, on])) : []),
    },
    {
      path: 'notices', title: 'noticesTitle', open: () => true,
      cells: () => [[t('note_sent'), (n) => left(n.sent!, small(words(n.how, n.proof)))], [t('note_latest'), field('latest')], [t('note_ends'), field('ends')]],
      add: (_, contract) => (contract ? [post(t('noticeAdd'), 'notices', { contract }, [{ name: 'ends', label: t('noticeEnds'), type: 'date', required: true }, how, { name: 'proof', label: t('note_proof') }, on])] : []),
    },
  ];
}

function noteTable(k: Kind, a: Answer, list: Note[], contract: string | null): HTMLElement {
  const cells = k.cells(a), act = list.some((n) => k.act && k.open(n));
  return longList(t(k.title), [...(contract ? [] : [`<${t('billContract')}`]), ...cells.map(([head]) => `<${head}`), `<${t('note_who')}`, ...(act ? [`<${t('closeAct2')}`] : [])], list, (n) => {
    const row = [...cells.map(([, cell]) => cell(n)), left(small(n.who)), ...(act ? [left(k.act && k.open(n) ? acts(k.act(n)) : '')] : [])];
    return contract ? h('tr', {}, ...row) : tr(n.contract ? h('a', { href: `#/customers/${n.contract}` }, n.contract) : t('contactNobody'), ...row);
  }, (n) => Object.values(n).join(' '), 12);
}

// What is open first; what is done opens at a press.
function noteCard(k: Kind, a: Answer, contract: string | null): HTMLElement {
  const all = ((a[k.path] as Note[]) ?? []).slice().reverse(), open = all.filter(k.open), done = all.filter((n) => !k.open(n)), add = k.add(a, contract);
  if (k.path === 'tasks') open.sort((x, y) => (x.until! < y.until! ? -1 : 1));
  return card(t(k.title), open.length ? noteTable(k, a, open, contract) : h('p', { class: 'note' }, t(done.length ? 'notesNoneOpen' : 'notesNone')),
    done.length ? h('details', { class: 'figures' }, h('summary', {}, t('notesDone', done.length)), noteTable(k, a, done, contract)) : null, add.length ? acts(...add) : null);
}

// The four cards of a contract, or of all.
export async function drawContact(into: HTMLElement, contract: string | null): Promise<void> {
  const again = (): void => void drawContact(into, contract);
  const list = kinds(again), answers = await Promise.all(list.map((k) => get<Answer>(`${k.path}${contract ? `?contract=${contract}` : ''}`)));
  const cards = list.map((k, i) => noteCard(k, answers[i]!, contract));
  cards.forEach((c) => c.classList.add('wide'));
  into.replaceChildren(...cards);
}

export function contactView(): View {
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div', { class: 'cards' });
  const el = h('div', { class: 'view contact' }, h('h1', { tabindex: -1 }, t('contactTitle')), about, body);
  drawContact(body, null).then(() => say(about, t('contactHow'))).catch((e) => {
    say(about, '');
    body.replaceChildren(faultLine(e));
  });
  return { el, title: t('contactTitle'), up: '#/customers', destroy: () => {} };
}
