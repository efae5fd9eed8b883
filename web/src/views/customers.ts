// customers.ts: who is supplied: party, point, contract; its papers, tasks, notices and enquiries; and what is due to whom.
import { get } from '../api';
import { acts } from '../act';
import { h, say } from '../dom';
import { money, name, none, power, said, stretch } from '../format';
import type { View } from '../main';
import { card, faultLine, left, longList, problem, rows, table, tr, word } from '../pieces';
import { lang, t } from '../texts';
import { partyName, tariffName, type Contract } from './bills';
import { drawContact } from './contact';

interface Row extends Contract { from: string; to: string; bill: null | { total_yen: string } }

// ---- all of them ----

export function customersView(): View {
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view customers' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('customersTitle'))), about, body);
  get<{ month: string; items: Row[] }>('bills').then((b) => {
    say(about, '');
    const parties = new Set(b.items.map((r) => r.party)).size;
    body.replaceChildren(card(t('customersCount', parties, b.items.length), longList(t('customersTitle'), [t('runParty'), `<${t('billContract')}`, `<${t('point')}`, `<${t('billTariff')}`, t('contractPower'), `<${t('customersInvoice')}`], b.items,
      (r) => tr(h('span', {}, h('a', { href: `#/customers/${r.contract}` }, partyName(r)), h('span', { class: 'note line' }, r.party)), left(r.contract), left(r.point, h('span', { class: 'note line' }, r.name_ja || r.name_en ? name(r) : '')), left(tariffName(r), h('span', { class: 'note line' }, r.tariff)), r.agreed_w ? power(r.agreed_w) : none, left(r.invoice || none)),
      (r) => [r.contract, r.party, r.party_ja, r.party_en, r.point, r.name_ja, r.name_en, r.tariff].join(' '), 40)));
  }).catch((e) => {
    say(about, '');
    body.replaceChildren(faultLine(e));
  });
  return { el, title: t('customersTitle'), up: '#/', destroy: () => {} };
}

// ---- one contract ----

export function customerView(id: string): View {
  const h1 = h('h1', { tabindex: -1 }, id), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div'), notes = h('div', { class: 'cards' });
  const el = h('div', { class: 'view customers' }, h('p', { class: 'back' }, h('a', { href: '#/customers' }, '← ', t('customersTitle'))), h1, about, body, notes);

  async function load(): Promise<void> {
    try {
      const a = await get<Contract & { month: string; bill: null | { total_yen: string } }>(`bills/${id}`);
      say(h1, `${partyName(a)} · ${a.contract}`);
      say(about, '');
      body.replaceChildren(card(t('billContract'), rows([[t('runParty'), `${partyName(a)} (${a.party})`], [t('point'), a.point], [t('colName'), a.site ? h('a', { href: `#/sites/${a.site}` }, name(a)) : null], [t('billTariff'), `${tariffName(a)} (${a.tariff})`], [t('contractPower'), a.agreed_w ? power(a.agreed_w) : null],
        [t('customersInvoice'), a.invoice || null], [t('customersChain'), a.rounding], [t('navBills'), h('a', { href: `#/bills/${a.month}/${a.contract}` }, `${a.month}: ${a.bill ? money(a.bill.total_yen) : t('billsNotMade')}`)]])));
      await drawContact(notes, id);
    } catch (e) {
      say(about, problem(e));
    }
  }
  void load();
  return { el, title: id, up: '#/customers', destroy: () => {} };
}

// ---- duties ----

interface Duty { duty: string; name_ja?: string; name_en?: string; who: string; to_ja: string; to_en: string; from: string; to: string; due: string; days_left: number; state: string; done: string | null; sheet: string | null; source: string; mark: string }

const stateTag = (d: Duty): HTMLElement => h('span', { class: `tag ${d.state === 'done' ? 'good' : d.state === 'late' ? 'bad' : d.state === 'soon' ? 'warn' : ''}` },
  word('duty_', d.state), d.state === 'done' ? '' : ` ${d.days_left < 0 ? t('dutyOver', -d.days_left) : t('dutyDays', d.days_left)}`);

interface Cell { cell: string; name_ja: string; name_en: string; value: string | null; unit_ja: string; unit_en: string; missing: number; from_ja: string; from_en: string }

// What goes into which cell of the form, read when it is opened.
function sheetBox(d: Duty): HTMLElement {
  const into = h('div'), box = h('details', { class: 'figures' }, h('summary', {}, t('dutySheet')), into);
  box.addEventListener('toggle', () => get<{ cells: Cell[] }>(`sheets/${d.sheet}?period=${d.from}`).then((a) => into.replaceChildren(table(t('dutySheet'), [t('dutyCell'), `<${t('dutyWhat')}`, t('dutyValue'), t('dutyMissing')],
    a.cells.map((c) => tr(c.cell, left(name({ name_ja: c.name_ja || c.name_en, name_en: c.name_en || c.name_ja }), h('span', { class: 'note line' }, lang() === 'ja' ? c.from_ja : c.from_en)), `${c.value ?? none} ${lang() === 'ja' ? c.unit_ja : c.unit_en}`, String(c.missing || none)))))).catch((e) => into.replaceChildren(faultLine(e))), { once: true });
  return box;
}

export function dutiesView(): View {
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view duties' }, h('h1', { tabindex: -1 }, t('dutiesTitle')), about, body);
  async function load(): Promise<void> {
    try {
      const a = await get<{ today: string; duties: Duty[]; late: number }>('duties');
      say(about, a.late ? t('dutiesLate', a.late) : t('dutiesFine'));
      about.className = a.late ? 'warn' : 'note';
      body.replaceChildren(card(t('dutiesTitle'), longList(t('dutiesTitle'), [t('owedDue'), `<${t('dutyWhat')}`, `<${t('closeAct2')}`, `<${t('dutyTo')}`, `<${t('billPeriod')}`], a.duties,
        (d) => tr(h('span', {}, h('span', { class: 'day' }, d.due), h('span', { class: 'line' }, stateTag(d))), left((d.name_ja || d.name_en ? name({ name_ja: d.name_ja ?? '', name_en: d.name_en || d.name_ja || d.duty }) : d.duty), h('span', { class: 'note line' }, [said(d.source), d.mark].filter(Boolean).join(' · ')), d.sheet ? sheetBox(d) : null),
          left(d.state === 'done' ? d.done ?? '' : acts({ label: t('dutyDone'), role: 'operator', path: `duties/${d.duty}/done`, body: { period: d.from }, ask: [{ name: 'on', label: t('noteOn'), type: 'date' }, { name: 'text', label: t('noteBody') }], done: () => void load() })),
          left(name({ name_ja: d.to_ja, name_en: d.to_en }) || none), left(h('span', { class: 'day' }, stretch(d.from, d.to)))),
        (d) => [d.duty, d.name_ja, d.name_en, d.to_ja, d.to_en, d.state].join(' '), 25)));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  void load();
  return { el, title: t('dutiesTitle'), up: '#/bills', destroy: () => {} };
}
