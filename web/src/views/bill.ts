// bill.ts: one bill, line by line: quantity, price, the tariff's row with its source and mark, what each rounding left.
import { get, type Diag } from '../api';
import { h, say } from '../dom';
import { kwh, money, name, none, paren, power, said } from '../format';
import { card, faultLine, rows, table as plain, word } from '../pieces';
import { lang, t, type Text } from '../texts';
import type { View } from '../main';
import { openButton } from './billopen';
import { faults, partyName, tariffName, type Contract } from './bills';

interface Param { name: string; key: string; line: number; value: string; unit: string; source: string; mark: string }
interface Line {
  kind: string; group: string; name_ja: string; name_en: string; file: string; line: number; source: string; mark: string; params: Param[];
  days: number; of_days: number; unit: string; quantity: number; billed: number; price: string | null; power_factor: string | null;
  raw_yen: string; amount_yen: string; left_yen: string;
}
interface Sum { group: string; raw_yen: string; amount_yen: string; left_yen: string }
interface Tax { tax: string; rate: string; param: Param | null; included_yen: string; net_yen: string; added_yen: string; total_yen: string; left_yen: string; tax_yen: string; tax_left_yen: string }
interface Bill {
  from: string; to: string; days: number; of_days: number; model: string; rounding: string; readings: Record<string, string | number>;
  demand: { w: number | null; months_known: number; power_factor: string | null };
  lines: Line[]; sums: Sum[]; taxes: Tax[]; exact_yen: string; total_yen: string; left_yen: string;
}
interface Answer extends Contract { month: string; roundings: { step: string; unit: string; how: string; line: number }[]; bill: Bill | null; diagnoses: Diag[] }

const mark = (m: string): HTMLElement => h('span', { class: `tag mark2 ${m}` }, m || t('markOwn'), h('span', { class: 'sr' }, paren(word('mark', m || 'Own'))));
const amount = (v: number, unit: string): string => (unit === 'Wh' ? kwh(v) : unit === 'W' ? power(v) : none);
const table = (label: string, heads: Text[], list: HTMLElement[]): HTMLElement => plain(label, heads.map((x) => (x === 'billRow' ? `<${t(x)}` : t(x))), list);

// Where a figure stands: file and line, what it was taken from, how well it is known.
const origin = (file: string, line: number, source: string, m: string): HTMLElement => h('span', { class: 'origin' }, mark(m), ' ', h('code', {}, `${file}:${line}`), source ? ` ${source}` : '');
const paramText = (p: Param): HTMLElement => h('span', { class: 'origin' }, mark(p.mark), ' ', h('code', {}, `params.csv:${p.line}`), ` ${p.name}${p.key ? ` ${p.key}` : ''} = ${money(p.value, false)} ${p.unit}${p.source ? ` · ${said(p.source)}` : ''}`);

function lineRow(a: Answer, l: Line, index: number): HTMLElement {
  const title = (lang() === 'ja' ? l.name_ja : l.name_en) || l.name_ja || word('charge', l.kind);
  const price = l.price === null ? t('billBySlot') : money(l.price);
  return h('tr', {},
    h('th', { scope: 'row' }, title, l.days !== l.of_days ? h('span', { class: 'note line' }, t('billDays', l.days, l.of_days)) : null,
      l.power_factor ? h('span', { class: 'note line' }, t('billFactor', money(l.power_factor, false))) : null),
    h('td', {}, amount(l.billed, l.unit), l.unit && l.billed !== l.quantity ? h('span', { class: 'note line' }, t('billRead', amount(l.quantity, l.unit))) : null),
    h('td', {}, price, l.unit && l.price !== null ? h('span', { class: 'note' }, l.unit === 'Wh' ? '/kWh' : '/kW') : null),
    h('td', {}, money(l.amount_yen), h('span', { class: 'note line' }, openButton(l, index, a.month, a.contract))), h('td', {}, money(l.left_yen)),
    h('td', { class: 'text' }, origin(l.file, l.line, said(l.source), l.mark), ...l.params.map(paramText)));
}

function draw(a: Answer, b: Bill): HTMLElement[] {
  const last = new Date(Date.parse(b.to) - 86400000).toISOString().slice(0, 10);
  const r = b.readings;
  return [
    card(t('billLines'), table(t('billLines'), ['billLine', 'billQuantity', 'billPrice', 'billAmount', 'billLeft', 'billRow'], b.lines.map((l, i) => lineRow(a, l, i)))),
    h('div', { class: 'cards' },
      card(t('billSums'), table(t('billSums'), ['billGroup', 'billExact', 'billAmount', 'billLeft'], b.sums.map((x) => h('tr', {}, h('th', { scope: 'row' }, word('group', x.group)), ...[x.raw_yen, x.amount_yen, x.left_yen].map((v) => h('td', {}, money(v))))))),
      card(t('billTaxes'), ...b.taxes.map((x) => rows([[t('billRate'), x.param ? h('span', {}, `${Number(x.rate) * 100} % `, paramText(x.param)) : t('billUntaxed')], [t('billTaxTotal'), money(x.total_yen)], [t('billTaxIn'), money(x.tax_yen)], [t('billLeft'), money(x.left_yen)]]))),
      card(t('billChain', a.rounding), a.roundings.length ? table(t('billChain', a.rounding), ['billStep', 'billUnit', 'billHow', 'billRow'], a.roundings.map((x) => h('tr', {}, h('th', { scope: 'row' }, word('step', x.step)), h('td', {}, money(x.unit, false)), h('td', {}, word('how', x.how)), h('td', { class: 'text' }, h('code', {}, `roundings.csv:${x.line}`))))) : h('p', { class: 'note' }, t('billChainNone'))),
      card(t('billProof'), h('p', {}, `${money(b.exact_yen)} = ${money(b.total_yen)} + ${money(b.left_yen)}`), h('p', { class: 'note' }, t('billProofNote')),
        rows([[t('billPeriod'), `${b.from} – ${last}${paren(t('billDays', b.days, b.of_days))}`], [t('billReadings'), `${kwh(Number(r.wh))} · ${word('reading', String(r.by))}`],
          [t('billEstimated'), Number(r.same_time_mean) ? String(r.same_time_mean) : null], [t('contractPower'), b.demand.w === null ? null : power(b.demand.w)],
          [t('billDigest'), r.digest ? h('code', {}, String(r.digest)) : null], [t('billModel'), h('code', {}, b.model)]]))),
  ];
}

export function billView(path: string): View {
  const [month, id] = path.split('/') as [string, string];
  const h1 = h('h1', { tabindex: -1 }, id), total = h('p', { class: 'headline' }), about = h('p', { class: 'note' }), body = h('div', {}, h('p', { class: 'note' }, t('loading')));
  const el = h('div', { class: 'view bill' }, h('p', { class: 'back' }, h('a', { href: `#/bills/${month}` }, '← ', t('billsBack', month))), h1, total, about, body);
  get<Answer>(`bills/${id}?month=${month}`).then((a) => {
    say(h1, t('billTitle', a.contract, a.month));
    say(total, a.bill ? money(a.bill.total_yen) : t('billsNotMade'));
    say(about, [partyName(a), a.name_ja || a.name_en ? name(a) : '', a.point, tariffName(a), t('billsDraft')].filter(Boolean).join(' · '));
    body.replaceChildren(...[faults(a.diagnoses)].filter((x): x is HTMLElement => !!x), ...(a.bill ? draw(a, a.bill) : []));
  }).catch((e) => body.replaceChildren(faultLine(e)));
  return { el, title: `${id} ${month}`, up: `#/bills/${month}`, destroy: () => {} };
}
