// payouts.ts: what purchase statements owe, paid by one bank file: made, approved by another person, written out once, paid.
import { get } from '../api';
import { acts, type Act } from '../act';
import { h } from '../dom';
import { count, money } from '../format';
import { card, faultLine, left, longList, tr, word } from '../pieces';
import { t } from '../texts';

interface Done { who: string; at: string }
interface Payout { id: string; state: string; day: string; total_yen: string; version: number; items: { invoice: string; party: string; amount_yen: string }[]; made: Done | null; approved: Done | null; exported: Done | null; paid: Done | null; cancelled: Done | null; why: string | null }

// The bank file is handed over once: to the disk of who asked.
function save(name: string, bytes: Blob): void {
  const a = h('a', { href: URL.createObjectURL(bytes), download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.getAttribute('href')!), 10000);
}

function actsOf(p: Payout, done: (text: string) => void): HTMLElement {
  const path = `payouts/${p.id}`, version = p.version;
  const next: Record<string, Act> = {
    draft: { label: t('runApprove'), role: 'approver', path: `${path}/approve`, version, done: () => done(t('payApproved', p.id)) },
    approved: { label: t('payExport'), role: 'operator', path: `${path}/export`, version, file: true, done: (bytes: Blob) => (save(`${p.id}.txt`, bytes), done(t('payExported', p.id))) },
    exported: { label: t('payPaid'), role: 'operator', path: `${path}/paid`, version, body: {}, ask: [{ name: 'day', label: t('noteDay'), type: 'date' }], done: () => done(t('payIsPaid', p.id)) },
  };
  const cancel: Act = { label: t('runCancel'), role: 'approver', path: `${path}/cancel`, version, body: {}, ask: [{ name: 'why', label: t('deskReason'), required: true }], done: () => done(t('payCancelled', p.id)) };
  return acts(next[p.state] ?? null, next[p.state] ? cancel : null);
}

const who = (p: Payout): string => [p.made, p.approved, p.exported, p.paid, p.cancelled].filter((x): x is Done => !!x).map((x) => x.who).join(' → ');

export async function payoutsCard(done: (text: string) => void): Promise<HTMLElement> {
  const make: Act = { label: t('payMake'), role: 'operator', path: 'payouts', body: {}, ask: [{ name: 'day', label: t('payDay'), type: 'date', required: true }], done: (p: Payout) => done(t('payMade', p.id, count(p.items.length))) };
  return get<{ payouts: Payout[] }>('payouts').then(({ payouts }) => card(t('payTitle'), h('p', { class: 'note' }, t('payNote')), acts(make),
    payouts.length ? longList(t('payTitle'), [t('payId'), `<${t('payDay')}`, t('payItems'), t('owedBilled'), `<${t('runState')}`, `<${t('closeAct2')}`], [...payouts].reverse(),
      (p) => tr(p.id, left(p.day), count(p.items.length), money(p.total_yen), left(word('pay', p.state), h('span', { class: 'note line' }, [who(p), p.why].filter(Boolean).join(' · '))), left(actsOf(p, done))), (p) => p.id) : h('p', { class: 'note' }, t('payNone')))).catch(faultLine);
}
