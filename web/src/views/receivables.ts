// receivables.ts: what parties owe: billed, due, paid, overdue; a bank statement taken in.
import { get, latest } from '../api';
import { payoutsCard } from './payouts';
import { fileButton } from '../act';
import { h, say } from '../dom';
import { count, money, none } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, left, longList, picker, tr } from '../pieces';
import { t } from '../texts';

interface Row { party: string; party_name: string; invoice: string; month: string; issued: string; due: string; cancelled: boolean; billed_yen: string; paid_yen: string; open_yen: string; late_days: number }
interface Answer { as_of: string; invoices: Row[]; billed_yen: string; paid_yen: string; open_yen: string; overdue_yen: string; credit_yen: string; books_yen: string }

const stateOf = (r: Row): HTMLElement => (r.cancelled ? h('span', { class: 'tag bad' }, t('runcancelled')) : !/[1-9]/.test(r.open_yen) ? h('span', { class: 'tag good' }, t('paidAll')) : r.late_days > 0 ? h('span', { class: 'tag bad' }, t('paidLate', r.late_days)) : h('span', { class: 'tag warn' }, t('paidOpen')));

export function receivablesView(): View {
  const input = h('input', { type: 'date', id: 'owed-day' }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view owed' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('owedTitle')), picker('owed-day', t('owedAsOf'), input)), about, body);
  const last = latest();
  async function load(said = ''): Promise<void> {
    try {
      const a = await last(get<Answer>(input.value ? `receivables?as_of=${input.value}` : 'receivables'));
      say(about, said);
      body.replaceChildren(card(t('owedSums'), facts(fact(t('owedBilled'), money(a.billed_yen)), fact(t('owedPaid'), money(a.paid_yen)), fact(t('owedOpen'), money(a.open_yen)), fact(t('owedLate'), money(a.overdue_yen), '', /[1-9]/.test(a.overdue_yen) ? 'short' : '')),
        h('p', { class: 'note' }, t('owedBooks', money(a.books_yen), money(a.credit_yen))),
        h('p', { class: 'acts' }, fileButton(t('owedFile'), 'operator', () => 'payments', () => 'text/csv', (r: { posted?: number; known?: number; unmatched?: number }) => void load(t('owedTaken', count(r.posted ?? 0)))))),
      card(t('owedList'), a.invoices.length ? longList(t('owedList'), [t('runInvoice'), `<${t('runParty')}`, `<${t('owedDue')}`, t('owedBilled'), t('owedPaid'), t('owedOpen'), `<${t('runState')}`], [...a.invoices].sort((x, y) => y.late_days - x.late_days),
        (r) => tr(r.invoice, left(r.party_name || r.party), left(r.due || none), money(r.billed_yen), money(r.paid_yen), money(r.open_yen), left(stateOf(r))), (r) => [r.invoice, r.party, r.party_name, r.month].join(' '), 30) : h('p', { class: 'note' }, t('owedNone'))), await payoutsCard((text) => void load(text)));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  input.addEventListener('change', () => void load());
  void load();
  return { el, title: t('owedTitle'), up: '#/bills', destroy: () => {} };
}
