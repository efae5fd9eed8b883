// close.ts: the close of a month: readings, bills and costs checked, provisional by one, final by another.
import { get, latest, townNow } from '../api';
import { acts, fileButton, type Act } from '../act';
import { h, say } from '../dom';
import { count, kwh, money, none, said } from '../format';
import type { View } from '../main';
import { card, exactly, fact, facts, faultLine, left, longList, picker, rows, table, tr, word } from '../pieces';
import { t } from '../texts';
import { monthBefore } from './matching';
import { difference } from './runs';

interface Check { id: string; ok: boolean; blocks: boolean; count: number; detail: string }
interface Cost { id: string; lines: number; reckoned: number; charged: number; differing: number; own_yen: string; charged_yen: string; difference_yen: string; accrued_yen: string; tax_yen: string; yen: string }
interface Bill { id: string; made: boolean; wh: number; yen: string; net_yen: string; estimated: number; missing: number; before_yen: string | null }
interface Change { of: string; id: string; was_yen: string; is_yen: string; actor: string | null; source: string | null }
interface Close {
  month: string; state: string; edition: number; maker: string | null; approver: string | null; why: string | null; made?: string; approved?: string; version: number; hash: string; blocked: number;
  readings: { confirmed: number; estimated: number; missing: number }; bills: { made: number; unmade: number; wh: number; total_yen: string; issued_yen: string; before_yen: string; difference_yen: string };
  checks: Check[]; changes: Change[]; contracts: Bill[]; costs: Cost[]; net_yen: string; purchases_yen: string; cost_yen: string; margin_yen: string;
}

function stateCard(c: Close, again: () => void): HTMLElement {
  const close: Act = { label: c.state === 'open' ? t('closeMake') : t('closeAgain'), role: 'operator', path: `close/${c.month}`, version: c.version, body: {}, done: again, ...(c.state === 'final' ? { ask: [{ name: 'why', label: t('deskReason'), required: true }] } : {}) };
  const approve: Act = { label: t('closeApprove'), role: 'approver', path: `close/${c.month}/approve`, version: c.version, done: again };
  return card(t('closeState'), h('p', { class: `big ${c.state === 'final' ? 'good' : c.state === 'provisional' ? 'warn' : ''}` }, word('close', c.state), c.edition > 1 ? ` ${t('closeEdition', c.edition)}` : ''),
    rows([[t('closeMaker'), c.maker ? `${c.maker} ${(c.made ?? '').slice(0, 16).replace('T', ' ')}` : null], [t('closeApprover'), c.approver ? `${c.approver} ${(c.approved ?? '').slice(0, 16).replace('T', ' ')}` : null], [t('deskReason'), c.why]]),
    h('p', { class: c.blocked ? 'warn' : 'note' }, c.blocked ? t('closeBlocked', c.blocked) : t('closeFree')),
    acts(close, c.state === 'provisional' && approve), h('p', { class: 'note' }, t('closeTwo')));
}

function checksCard(c: Close, again: () => void): HTMLElement {
  return card(t('closeChecks'), h('ul', { class: 'dues' }, ...c.checks.map((k) => h('li', { class: k.ok ? 'done' : k.blocks ? 'missed' : '' },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, k.ok ? '✓' : k.blocks ? '!' : '○'), h('span', {}, word('check', k.id), k.detail ? h('span', { class: 'note line' }, said(k.detail)) : null, k.id === 'desk' && k.blocks ? acts({ label: t('closeAccept'), role: 'approver', path: `close/${c.month}/accept`, body: { kind: k.id }, ask: [{ name: 'why', label: t('deskReason'), required: true }], done: again }) : null), h('span', {}, k.count ? count(k.count) : ''), h('span', { class: 'state2' }, k.ok ? t('checkOk') : k.blocks ? t('checkBlocks') : t('checkNote'))))));
}

function readingsCard(c: Close): HTMLElement {
  const all = Math.max(1, c.readings.confirmed + c.readings.estimated + c.readings.missing);
  const part = (cls: string, n: number): HTMLElement => {
    const x = h('span', { class: `grade ${cls}` });
    x.style.width = `${(100 * n) / all}%`;
    return x;
  };
  return card(t('closeReadings'), h('div', { class: 'stack', 'aria-hidden': 'true' }, part('measured', c.readings.confirmed), part('estimated', c.readings.estimated), part('missing', c.readings.missing)),
    facts(fact(t('closeConfirmed'), count(c.readings.confirmed), t('closeContracts')), fact(t('closeEstimated'), count(c.readings.estimated), t('closeContracts'), c.readings.estimated ? 'long' : ''), fact(t('closeMissing'), count(c.readings.missing), t('closeContracts'), c.readings.missing ? 'short' : '')));
}

function moneyCard(c: Close): HTMLElement {
  return card(t('closeMoney'), table(t('closeMoney'), [t('closeItem'), t('billAmount')], [tr(t('closeNet'), exactly(c.net_yen)), tr(t('closePurchases'), exactly(c.purchases_yen)), tr(t('closeCosts'), exactly(c.cost_yen))], tr(t('closeMargin'), exactly(c.margin_yen))),
    h('p', { class: 'note' }, t('closeBillsNote', money(c.bills.total_yen), money(c.bills.issued_yen), money(c.bills.before_yen))));
}

function costsCard(c: Close, again: () => void): HTMLElement {
  const gap = (text: string, n: number): string => (n ? money(text) : none);
  const list = c.costs.filter((x) => x.lines);
  return card(t('closeCostsTitle'), list.length ? table(t('closeCostsTitle'), [t('closeCost'), t('closeOwn'), t('closeCharged'), t('carbonDifference'), t('closeAccrued'), t('closeTaken'), `<${t('closeAct')}`],
    list.map((x) => tr(word('cost', x.id), gap(x.own_yen, x.reckoned), gap(x.charged_yen, x.charged), h('td', {}, h('span', { class: x.differing ? 'warn' : '' }, x.reckoned && x.charged ? money(x.difference_yen) : none)), money(x.accrued_yen), money(x.yen),
      left(x.differing ? acts({ label: t('closeAccept'), role: 'approver', path: `close/${c.month}/accept`, body: { kind: x.id }, ask: [{ name: 'why', label: t('deskReason'), required: true }], done: again }) : ''))), tr(t('carbonSums'), '', '', '', '', money(c.cost_yen), '')) : h('p', { class: 'note' }, t('closeCostsNone')),
    h('p', { class: 'acts' }, fileButton(t('closeCostFile'), 'operator', () => 'costs', () => 'text/csv', again)), h('p', { class: 'note' }, t('closeCostsNote')));
}

function billsCard(c: Close): HTMLElement {
  const rank = (b: Bill): number => (b.made ? (b.missing || b.estimated ? 1 : 2) : 0);
  return card(t('closeBills'), longList(t('closeBills'), [t('billContract'), t('billEnergy'), t('billTotal'), t('diffTitle'), `<${t('closeReadings')}`], [...c.contracts].sort((a, b) => rank(a) - rank(b)),
    (b) => tr(h('a', { href: `#/bills/${c.month}/${b.id}` }, b.id), b.made ? kwh(b.wh) : none, b.made ? money(b.yen) : h('strong', { class: 'trouble' }, t('billsNotMade')), h('td', {}, b.made ? difference(b.yen, b.before_yen) : none),
      left(b.missing ? h('strong', { class: 'trouble' }, t('closeSlotsMissing', b.missing)) : b.estimated ? h('span', { class: 'warn' }, t('closeSlotsEstimated', b.estimated)) : t('closeConfirmed'))), (b) => b.id, 25));
}

function changesCard(c: Close): HTMLElement | null {
  if (!c.changes.length) return null;
  return card(t('closeChanges'), table(t('closeChanges'), [t('closeItem'), t('carbonBefore2'), t('carbonAfter2'), t('carbonDifference'), `<${t('closeWho')}`], c.changes.map((x) => tr(x.of === 'cost' ? word('cost', x.id) : x.id, money(x.was_yen), money(x.is_yen), h('td', {}, difference(x.is_yen, x.was_yen)), left([x.actor, said(x.source)].filter(Boolean).join(' · ') || none)))));
}

export function closeView(path: string): View {
  let month = path || (townNow() ? monthBefore(townNow()!.day) : '');
  const input = h('input', { type: 'month', id: 'close-month', value: month }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view close' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('closeTitle')), picker('close-month', t('billsMonth'), input), h('a', { href: '#/runs' }, t('runsTitle'))), about, body);
  const last = latest();
  async function load(): Promise<void> {
    try {
      const c = await last(get<Close>(month ? `close?month=${month}` : 'close')), again = (): void => void load();
      month = input.value = c.month;
      say(about, '');
      body.replaceChildren(...[
        h('div', { class: 'cards trio' }, stateCard(c, again), h('div', { class: 'column' }, readingsCard(c), moneyCard(c)), checksCard(c, again)),
        changesCard(c), costsCard(c, again), billsCard(c), h('p', { class: 'note foot' }, `${t('deskHash')}: `, h('code', {}, c.hash)),
      ].filter((x): x is HTMLElement => !!x));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  input.addEventListener('change', () => {
    if (!input.value) return;
    month = input.value;
    history.replaceState(null, '', `#/close/${month}`);
    void load();
  });
  void load();
  return { el, title: t('closeTitle'), up: '#/bills', destroy: () => {} };
}
