// format.ts: every number and time that a page shows is made here.
import { lang, t } from './texts';

const cache = new Map<string, Intl.NumberFormat>();

function number(v: number, digits: number): string {
  const key = lang() + digits;
  let f = cache.get(key);
  if (!f) cache.set(key, (f = new Intl.NumberFormat(lang(), { minimumFractionDigits: digits, maximumFractionDigits: digits })));
  return f.format(v);
}

// Of a note or a source that the region gives in both languages, "日本語 / English", the reader's half.
const japanese = /[\u3041-\u30ff\u3400-\u9fff]/;
export function said(text: string | null | undefined): string {
  if (!text) return '';
  for (let cut = text.indexOf(' / '); cut >= 0; cut = text.indexOf(' / ', cut + 1)) {
    const [ours, theirs] = [text.slice(0, cut), text.slice(cut + 3)];
    if (!japanese.test(theirs)) return japanese.test(ours) ? (lang() === 'ja' ? ours : theirs) : text;
  }
  return text;
}

export const none = '–';
const nbsp = '\u00a0'; // a number and its unit stay on one line

function scaled(v: number | null | undefined, units: [number, string][]): [string, string] {
  if (v === null || v === undefined) return [none, ''];
  const a = Math.abs(v);
  for (const [size, unit] of units) {
    if (a >= size || size === 1) {
      const x = v / size;
      const digits = size === 1 ? 0 : Math.abs(x) >= 100 ? 0 : Math.abs(x) >= 10 ? 1 : 2;
      return [number(x, digits), unit];
    }
  }
  return [none, ''];
}

// Power from W: 850 W, 12.3 kW, 4.56 MW.
export function powerParts(w: number | null | undefined): [string, string] {
  return scaled(w, [[999_500, 'MW'], [999.5, 'kW'], [1, 'W']].map(([n, u]) => [n === 1 ? 1 : n === 999.5 ? 1e3 : 1e6, u]) as [number, string][]);
}
export function power(w: number | null | undefined): string {
  return powerParts(w).join(nbsp).trim();
}
// Energy from Wh: 850 Wh, 12.3 kWh, 4.56 MWh, 183 GWh.
export function energyParts(wh: number | null | undefined): [string, string] {
  return scaled(wh, [[1e9, 'GWh'], [1e6, 'MWh'], [1e3, 'kWh'], [1, 'Wh']]);
}
export function energy(wh: number | null | undefined): string {
  return energyParts(wh).join(nbsp).trim();
}
// CO2 of a kWh, from g.
export function intensityParts(g: number | null | undefined): [string, string] {
  return g === null || g === undefined ? [none, ''] : [number(g, 0), 'g/kWh'];
}
export function intensity(g: string | null | undefined): string {
  return g === null || g === undefined ? none : `${number(Number(g), 1)}${nbsp}g/kWh`;
}
// CO2 in tonnes, from the kg of the API: a decimal string that is never rounded but here.
export function tonnes(kg: string | null | undefined, digits = 1): string {
  return kg === null || kg === undefined ? none : `${number(Number(kg) / 1000, digits)}${nbsp}t`;
}
// A tick of an axis: the unit of its greatest value, no more digits than are needed.
export function tick(v: number, most: number, unit: 'W' | 'Wh'): string {
  if (v === 0) return '0';
  const [size, prefix] = most >= 1e9 ? [1e9, 'G'] : most >= 1e6 ? [1e6, 'M'] : most >= 1e3 ? [1e3, 'k'] : [1, ''];
  const key = `${lang()}tick`;
  let f = cache.get(key);
  if (!f) cache.set(key, (f = new Intl.NumberFormat(lang(), { maximumFractionDigits: 2 })));
  return `${f.format(v / size)} ${prefix}${unit}`;
}
// kWh in full, for books: 183,147,067 kWh.
export function kwh(wh: number): string {
  return `${number(wh / 1000, wh % 1000 === 0 ? 0 : 3)}${nbsp}kWh`;
}
export function percent(ratio: number | null | undefined, digits = 0): string {
  if (ratio === null || ratio === undefined || !isFinite(ratio)) return none;
  return `${number(ratio * 100, digits)}${lang() === 'ja' ? '％' : `${nbsp}%`}`;
}
export function yen(text: string | null | undefined): string {
  if (text === null || text === undefined) return none;
  return money(String(Math.round(Number(text)))); // of -0.3 no minus is left
}
// Money in full, as the API says it: 1,234.567 yen. The decimal string is never made a number.
export function money(text: string | null | undefined, unit = true): string {
  const m = /^(-?)(\d+)(?:\.(\d*?)0*)?$/.exec(text ?? '');
  if (!m) return none;
  const figure = m[2]!.replace(/\B(?=(\d{3})+$)/g, ',') + (m[3] ? `.${m[3]}` : '');
  const minus = m[1] && /[1-9]/.test(figure) ? '−' : '';
  return !unit ? minus + figure : lang() === 'ja' ? `${minus}${figure}${nbsp}円` : `${minus}¥${figure}`;
}
// The same in whole yen, half up; the decimal string is never made a number.
export function wholeYen(text: string | null | undefined): string {
  const m = /^(-?)(\d+)(?:\.(\d))?/.exec(text ?? '');
  if (!m) return none;
  const up = Number(m[3] ?? '0') >= 5 ? 1n : 0n;
  return money(`${m[1]}${BigInt(m[2]!) + up}`);
}
// A price in milli-yen: 12.3 yen/kWh.
export function yenPerKwh(milli: number): string {
  return lang() === 'ja' ? `${number(milli / 1000, 1)}${nbsp}円/kWh` : `¥${number(milli / 1000, 1)}/kWh`;
}
export function count(n: number): string {
  return number(n, 0);
}

// The town's wall time: the text of the API already stands in the town's zone.
export function clock(rfc3339: string): string {
  return rfc3339.slice(11, 16);
}
const week = { ja: ['日', '月', '火', '水', '木', '金', '土'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] };
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
// Days from `from` to before `to`, as short as they are whole: a month, a fiscal year, some months.
export function stretch(from: string, to: string): string {
  const last = dayAfter(to, -1), [a, b] = [from.slice(0, 7), last.slice(0, 7)];
  if (!from.endsWith('-01') || !to.endsWith('-01')) return from === last ? from : `${from} – ${last}`;
  if (from.endsWith('-04-01') && to === `${Number(from.slice(0, 4)) + 1}-04-01`) return t('fy', from.slice(0, 4));
  return a === b ? a : `${a} – ${b}`;
}
export const dayAfter = (date: string, n: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
export function day(date: string): string {
  const [y, m, d] = date.slice(0, 10).split('-').map(Number) as [number, number, number];
  const w = week[lang()][new Date(Date.UTC(y, m - 1, d)).getUTCDay()];
  return lang() === 'ja' ? `${y}年${m}月${d}日（${w}）` : `${w} ${d} ${months[m - 1]} ${y}`;
}
// An hour of the day on an axis: 9時, 09:00.
export function hour(x: number): string {
  return lang() === 'ja' ? `${x}時` : `${String(x).padStart(2, '0')}:00`;
}
// Slot 25 is 12:30.
export function slotTime(slot: number): string {
  return `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 ? '30' : '00'}`;
}
export function speed(x: number): string {
  return x === 1 ? t('realTime') : t('timesLife', number(x, x % 1 ? 1 : 0));
}
// A remark behind a word.
export function paren(text: string): string {
  return lang() === 'ja' ? `（${text}）` : ` (${text})`;
}
export function name(o: { name_ja: string; name_en: string }): string {
  return lang() === 'ja' ? o.name_ja : o.name_en;
}
