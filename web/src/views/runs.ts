// runs.ts: billing runs of a month: drafted by one, approved by another, issued, or taken back; one run with its invoices.
import { get, latest, townNow } from '../api';
import { acts } from '../act';
import { h, say } from '../dom';
import { count, kwh, money, none, paren } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, left, longList, picker, rows, table, tr, word } from '../pieces';
import { t } from '../texts';
import { monthBefore } from './matching';

interface Word { who: string; at: string }
interface Run {
  run: string; month: string; kind: string; state: string; corrects?: string; version: number; invoices: number; lines: number; wh: number; total_yen: string; tax_yen: string; left_out: number; hash: string;
  made: Word | null; approved: Word | null; issued: Word | null; cancelled: Word | null; issue_day: string | null; why: string;
}
interface Head { id: string; kind: string; party: string; party_name: string; lines: number; wh: number; total_yen: string; tax_yen: string; before_yen?: string | null; contracts?: { contract: string; amount_yen: string; who: string; source: string }[] }
interface Whole extends Run { list?: Head[]; changes?: Head[]; stale: boolean }

// Micro-yen of the API's decimal text, and back; never by a floating number.
export const micro = (text: string): bigint => {
  const m = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  return m ? (m[1] ? -1n : 1n) * (BigInt(m[2]!) * 1000000n + BigInt((m[3] ?? '').padEnd(6, '0'))) : 0n;
};
export const yenOf = (v: bigint): string => `${v < 0n ? '-' : ''}${(v < 0n ? -v : v) / 1000000n}.${String((v < 0n ? -v : v) % 1000000n).padStart(6, '0')}`;
// This month against the last, with its sign; "" where there was none.
export function difference(now: string, before: string | null | undefined): HTMLElement {
  if (before === null || before === undefined) return h('span', { class: 'note' }, t('diffNew'));
  const d = micro(now) - micro(before), was = micro(before);
  const pct = was === 0n ? '' : paren(`${d > 0n ? '+' : ''}${(Number((d * 1000n) / (was < 0n ? -was : was)) / 10).toFixed(1)} %`);
  const big = was !== 0n && (d < 0n ? -d : d) * 10n >= (was < 0n ? -was : was) * 3n;
  return h('span', { class: big ? 'warn' : '' }, `${d > 0n ? '+' : ''}${money(yenOf(d))}${pct}`);
}
export const person = (w: Word | null): string => (w ? `${w.who} ${w.at.slice(0, 16).replace('T', ' ')}` : none);
const stateTag = (s: string): HTMLElement => h('span', { class: `tag ${s === 'issued' ? 'good' : s === 'cancelled' ? 'bad' : 'warn'}` }, word('run', s));

function runRow(r: Run): HTMLElement {
  return tr(h('span', {}, h('a', { href: `#/run/${r.run}` }, r.run), r.corrects ? h('span', { class: 'note line' }, t('runCorrects', r.corrects)) : null), left(word('runKind', r.kind)), left(stateTag(r.state)), count(r.invoices), kwh(r.wh), money(r.total_yen), left(person(r.made)), left(person(r.approved)));
}

export function runsView(path: string): View {
  let month = path || (townNow() ? monthBefore(townNow()!.day) : '');
  const input = h('input', { type: 'month', id: 'runs-month', value: month }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view runs' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('runsTitle')), picker('runs-month', t('billsMonth'), input)), about, body);
  const last = latest();
  async function load(): Promise<void> {
    try {
      const a = await last(get<{ runs: Run[] }>(month ? `runs?month=${month}` : 'runs'));
      say(about, a.runs.length ? '' : t('runsNone'));
      const draft = (kind: string, leave = false): Parameters<typeof acts>[0] => ({ label: word('runDraft', leave ? 'leave' : kind), role: 'operator', path: 'runs', body: leave ? { month, kind, leave } : { month, kind }, done: (r: Run) => (location.hash = `#/run/${r.run}`) });
      body.replaceChildren(card(t('runsTitle'), a.runs.length ? table(t('runsTitle'), [t('runId'), `<${t('runKind')}`, `<${t('runState')}`, t('runInvoices'), t('billEnergy'), t('billTotal'), `<${t('runMade')}`, `<${t('runApproved')}`], a.runs.map(runRow)) : null,
        month ? acts(draft('bill'), draft('bill', true), draft('purchase')) : null, h('p', { class: 'note' }, t('runsNote'))));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  input.addEventListener('change', () => {
    month = input.value;
    history.replaceState(null, '', month ? `#/runs/${month}` : '#/runs');
    void load();
  });
  void load();
  return { el, title: t('runsTitle'), up: '#/bills', destroy: () => {} };
}

// ---- one run ----

function invoiceRow(r: Whole, x: Head): HTMLElement {
  const paper = (f: string): HTMLElement => h('a', { href: `/api/v1/invoices/${x.id}?paper=${f}${r.state === 'issued' ? '' : `&run=${r.run}`}`, target: '_blank', rel: 'noopener' }, f.toUpperCase());
  return tr(h('span', {}, x.id, h('span', { class: 'note line' }, word('invoice', x.kind))), left(x.party_name || x.party), kwh(x.wh), money(x.total_yen), money(x.tax_yen), h('td', {}, difference(x.total_yen, x.before_yen)), left(paper('pdf'), ' ', paper('csv')));
}

function words(r: Run): HTMLElement {
  return rows([[t('runState'), stateTag(r.state)], [t('runMade'), person(r.made)], [t('runApproved'), r.approved ? person(r.approved) : null], [t('runIssued'), r.issued ? person(r.issued) : null], [t('runIssueDay'), r.issue_day], [t('runCancelled'), r.cancelled ? person(r.cancelled) : null], [t('runLeft'), r.left_out ? count(r.left_out) : null], [t('deskReason'), r.why || null], [t('deskHash'), r.hash ? h('code', {}, r.hash) : null]]);
}

export function runView(id: string): View {
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div'), back = h('a', { href: '#/runs' }, '← ', t('runsTitle'));
  const el = h('div', { class: 'view runs' }, h('p', { class: 'back' }, back), h('h1', { tabindex: -1 }, t('runTitle', id)), about, body);
  async function load(): Promise<void> {
    try {
      const r = await get<Whole>(`runs/${id}`);
      back.setAttribute('href', `#/runs/${r.month.slice(0, 7)}`);
      say(about, [word('runKind', r.kind), r.month.slice(0, 7), r.corrects ? t('runCorrects', r.corrects) : ''].filter(Boolean).join(' · '));
      const again = (): void => void load(), day = { name: 'day', label: t('runIssueDay'), type: 'date', hint: '' }, version = r.version;
      const list = r.list ?? r.changes ?? [];
      body.replaceChildren(...[
        r.stale ? h('p', { class: 'fault', role: 'status' }, t('runStale')) : null,
        card(t('runState'), facts(fact(t('runInvoices'), count(r.invoices)), fact(t('billEnergy'), kwh(r.wh)), fact(t('billTotal'), money(r.total_yen), t('billTaxIn') + ' ' + money(r.tax_yen))), words(r),
          acts(r.state === 'draft' && { label: t('runApprove'), role: 'approver', path: `runs/${id}/approve`, version, done: again },
            r.state === 'approved' && { label: t('runIssue'), role: 'approver', path: `runs/${id}/issue`, version, body: {}, ask: [day], done: again },
            r.state !== 'cancelled' && { label: t('runCancel'), role: 'approver', path: `runs/${id}/cancel`, version, ask: [{ name: 'why', label: t('deskReason'), required: true }, ...(r.state === 'issued' ? [day] : [])], done: again }),
          r.state === 'draft' ? h('p', { class: 'note' }, t('runTwo')) : null),
        card(t('runInvoices'), longList(t('runInvoices'), [t('runInvoice'), `<${t('runParty')}`, t('billEnergy'), t('billTotal'), t('billTaxes'), t('diffTitle'), `<${t('runPaper')}`], list, (x) => invoiceRow(r, x), (x) => [x.id, x.party, x.party_name].join(' '), 30)),
      ].filter((x): x is HTMLElement => !!x));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  void load();
  return { el, title: t('runTitle', id), up: '#/runs', destroy: () => {} };
}
