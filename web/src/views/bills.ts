// bills.ts: who is supplied under which contract, and what the bills of a month come to.
import { get, latest, Problem, townNow, type Diag } from '../api';
import { h, say } from '../dom';
import { count, kwh, money, name, none, paren } from '../format';
import { yenFact } from '../pieces';
import { lang, t } from '../texts';
import type { View } from '../main';

export interface Contract {
  contract: string; party: string; party_ja: string; party_en: string; point: string; site: string | null; name_ja: string; name_en: string;
  tariff: string; tariff_ja: string; tariff_en: string; rounding: string; invoice: string; agreed_w: number;
}
interface Row extends Contract { from: string; to: string; bill: null | { wh: number; estimated: number; total_yen: string; left_yen: string } }
interface Bills { month: string; sum: { contracts: number; bills: number; failed: number; wh: number; total_yen: string; left_yen: string }; items: Row[]; diagnoses: Diag[] }

const PAGE = 50;

export const partyName = (c: Contract): string => (lang() === 'ja' ? c.party_ja : c.party_en) || c.party_ja || c.party;
export const tariffName = (c: Contract): string => (lang() === 'ja' ? c.tariff_ja : c.tariff_en) || c.tariff;
export const monthNow = (): string => townNow()?.day.slice(0, 7) ?? '';

// What could not be billed, and how to mend it.
export function faults(list: Diag[]): HTMLElement | null {
  if (!list.length) return null;
  return h('section', { class: 'card faults', 'aria-label': t('billsFaults') }, h('h2', {}, t('billsFaults')),
    h('ul', { class: 'alerts' }, ...list.map((d) => h('li', { class: d.severity }, h('span', { class: 'tag' }, t(`severity${d.severity}`)), h('span', {}, lang() === 'ja' ? d.text_ja : d.text_en)))));
}

function row(r: Row, month: string): HTMLElement {
  return h('tr', {},
    h('th', { scope: 'row' }, h('a', { href: `#/bills/${month}/${r.contract}` }, r.contract), h('span', { class: 'note line' }, [partyName(r), r.name_ja || r.name_en ? name(r) : r.point].filter(Boolean).join(' · '))),
    h('td', { class: 'text' }, tariffName(r), h('span', { class: 'note line' }, r.tariff)), h('td', {}, r.bill ? kwh(r.bill.wh) : none),
    h('td', {}, r.bill ? money(r.bill.total_yen) : h('strong', { class: 'trouble' }, t('billsNotMade'))),
    h('td', {}, r.bill ? money(r.bill.left_yen) : none));
}

export function billsView(path: string): View {
  let month = path || monthNow(), shown = PAGE, all: Row[] = [];
  const h1 = h('h1', { tabindex: -1 }, t('billsTitle'));
  const input = h('input', { type: 'month', id: 'bills-month', value: month });
  const find = h('input', { type: 'search', id: 'bills-find', placeholder: t('billsFind'), autocomplete: 'off' });
  const status = h('p', { class: 'note', role: 'status' }, t('loading'));
  const sums = h('dl', { class: 'facts' });
  const rows = h('tbody');
  const trouble = h('div');
  const more = h('button', { type: 'button', class: 'more', hidden: true }, t('more'));
  const table = h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': t('billsTitle') }, h('table', { class: 'sources' }, h('thead', {}, h('tr', {},
    ...[t('billContract'), t('billTariff'), t('billEnergy'), t('billTotal'), t('billLeft')].map((x) => h('th', { scope: 'col', class: x === t('billTariff') ? 'text' : null }, x)))), rows));
  const card = h('section', { class: 'card', 'aria-label': t('billsTitle'), hidden: true }, sums, table, more);
  const el = h('div', { class: 'view bills' },
    h('div', { class: 'titlerow' }, h1, h('p', { class: 'picker' }, h('label', { for: 'bills-month' }, t('billsMonth')), ' ', input),
      h('form', { role: 'search', class: 'search', onsubmit: (e: Event) => e.preventDefault() }, h('label', { for: 'bills-find', class: 'sr' }, t('billsFind')), find)),
    status, trouble, card);

  function draw(): void {
    const words = find.value.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((r) => words.every((w) => [r.contract, r.party, r.party_ja, r.party_en, r.point, r.name_ja, r.name_en, r.tariff, r.tariff_ja, r.tariff_en, r.invoice].join(' ').normalize('NFKC').toLowerCase().includes(w)));
    rows.replaceChildren(...found.slice(0, shown).map((r) => row(r, month)));
    more.hidden = found.length <= shown;
    say(status, !all.length ? t('billsNone') : found.length ? t('billsShown', count(Math.min(shown, found.length)), count(found.length)) : t('foundNone'));
    card.hidden = !all.length;
  }

  const last = latest();
  async function load(): Promise<void> {
    say(status, t('loading'));
    try {
      const b = await last(get<Bills>(month ? `bills?month=${month}` : 'bills'));
      month = input.value = b.month;
      all = b.items;
      const fact = (label: string, value: string, note = '') => h('div', { class: 'fact' }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, value), note ? h('span', { class: 'note' }, note) : null));
      sums.replaceChildren(fact(t('billContract'), count(b.sum.contracts), b.sum.failed ? t('billsFailed', b.sum.failed) : ''), fact(t('billEnergy'), kwh(b.sum.wh)),
        fact(t('billTotal'), money(b.sum.total_yen), t('billsDraft')), yenFact(t('billLeft'), b.sum.left_yen));
      trouble.replaceChildren(...[faults(b.diagnoses)].filter((x): x is HTMLElement => !!x));
      draw();
    } catch (e) {
      all = [];
      draw();
      trouble.replaceChildren();
      say(status, e instanceof Problem ? (lang() === 'ja' ? e.ja : e.en) : t('billsNone'));
    }
  }
  input.addEventListener('change', () => {
    if (!input.value) return;
    month = input.value;
    history.replaceState(null, '', `#/bills/${month}`);
    void load();
  });
  find.addEventListener('input', () => ((shown = PAGE), draw()));
  more.addEventListener('click', () => ((shown += PAGE), draw()));
  void load();
  return { el, title: t('billsTitle') + (month ? paren(month) : ''), up: '#/', search: () => find.focus(), destroy: () => {} };
}
