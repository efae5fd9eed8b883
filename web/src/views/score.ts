// score.ts: how good the forecasts of the last two weeks were, beside what anybody could have said.
import { get, Problem } from '../api';
import { h, say } from '../dom';
import { count, percent } from '../format';
import { lang, t } from '../texts';
import type { View } from '../main';

interface Cell {
  slots: number; nmae: number | null; mase: number | null; pinball: number | null; coverage_80: number | null; better_by: number | null;
  naive_yesterday: number | null; naive_last_week: number | null; naive_four_weeks: number | null; naive_pinball: number | null;
}
interface Table { lead_days: Cell[]; in_the_day: { slots_ahead: number; nmae: number | null; nmae_at_midnight: number | null; coverage_80: number | null }[]; hour: Cell[]; town: Cell }
interface Score {
  judged: true;
  from: string; to: string; days_ahead: number; points: number; silent_points: number; demand: Table; pv: Table;
  sites: { point: string; site: string | null; name_ja: string; name_en: string; demand: Cell; pv?: Cell }[];
}

const AGAIN_MS = 5000;

const naive = (c: Cell): number | null => {
  const all = [c.naive_yesterday, c.naive_last_week, c.naive_four_weeks].filter((v): v is number => v !== null);
  return all.length ? Math.min(...all) : null;
};

// A bar for the miss and a mark where the best naive stands, on one scale for the whole table.
function bar(miss: number | null, mark: number | null, most: number, color: string): HTMLElement {
  const fill = h('span', { class: `fill ${color}` });
  fill.style.width = `${Math.min(100, (100 * (miss ?? 0)) / most)}%`;
  const el = h('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
  if (mark !== null) {
    const tick = h('span', { class: 'mark' });
    tick.style.left = `${Math.min(100, (100 * mark) / most)}%`;
    el.append(tick);
  }
  return el;
}

function tiles(table: Table, color: string): HTMLElement {
  const c = table.lead_days[0]!;
  const tile = (value: string, label: string, note: string) => h('div', { class: `tile ${color}` }, h('dt', {}, label), h('dd', {}, h('span', { class: 'big' }, value), h('span', { class: 'note' }, note)));
  return h('dl', { class: 'tiles' },
    tile(percent(c.nmae, 1), t('scoreMiss'), t('scoreTown', percent(table.town.nmae, 1))),
    tile((c.better_by ?? 0) > 0 ? percent(c.better_by) : t('scoreNotBetter'), t('scoreBetter'), t('scoreNaive', percent(naive(c), 1))),
    tile(percent(c.coverage_80), t('scoreInside'), t('scoreInsideNote')));
}

function leads(table: Table, color: string, title: string): HTMLElement {
  const most = Math.max(0.01, ...table.lead_days.flatMap((c) => [c.nmae ?? 0, naive(c) ?? 0])) * 1.05;
  return h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': `${title}: ${t('scoreLead')}` }, h('table', { class: 'score' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('scoreLead')), h('th', { scope: 'col' }, t('scoreMissed')), h('th', { scope: 'col' }, t('scoreBest')), h('th', { scope: 'col' }, t('scoreBand')))),
    h('tbody', {}, ...table.lead_days.map((c, k) => h('tr', {}, h('th', { scope: 'row' }, t('scoreDay', k + 1)),
      h('td', {}, bar(c.nmae, naive(c), most, color), percent(c.nmae, 1)), h('td', {}, percent(naive(c), 1)), h('td', {}, percent(c.coverage_80)))))));
}

function within(table: Table, color: string, title: string): HTMLElement {
  const rows = table.in_the_day.filter((r) => r.nmae !== null);
  const most = Math.max(0.01, ...rows.flatMap((r) => [r.nmae ?? 0, r.nmae_at_midnight ?? 0])) * 1.05;
  return h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': `${title}: ${t('scoreAhead')}` }, h('table', { class: 'score' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('scoreAhead')), h('th', { scope: 'col' }, t('scoreRenewed')), h('th', { scope: 'col' }, t('scoreMidnight')))),
    h('tbody', {}, ...rows.map((r) => h('tr', {}, h('th', { scope: 'row' }, t('scoreHours', r.slots_ahead / 2)),
      h('td', {}, bar(r.nmae, r.nmae_at_midnight, most, color), percent(r.nmae, 1)), h('td', {}, percent(r.nmae_at_midnight, 1)))))));
}

// 24 columns; what they say stands in the text for those who do not see them.
function hours(table: Table, color: string): HTMLElement {
  const most = Math.max(0.01, ...table.hour.map((c) => c.nmae ?? 0));
  const said = table.hour.map((c, k) => (c.nmae === null ? '' : `${k}: ${percent(c.nmae)}`)).filter(Boolean).join(', ');
  return h('figure', { class: 'hours' }, h('figcaption', {}, t('scoreHour')),
    h('div', { class: 'columns', role: 'img', 'aria-label': `${t('scoreHour')}. ${said}` }, ...table.hour.map((c) => {
      const col = h('span', { class: `col ${color}`, title: percent(c.nmae, 1) });
      col.style.height = `${(100 * (c.nmae ?? 0)) / most}%`;
      return col;
    })),
    h('div', { class: 'scale', 'aria-hidden': 'true' }, ...[0, 6, 12, 18, 24].map((x) => h('span', {}, String(x)))));
}

function card(title: string, table: Table, color: string): HTMLElement | null {
  if (!table.lead_days[0]?.slots) return null;
  return h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), tiles(table, color),
    h('div', { class: 'two' }, leads(table, color, title), h('div', {}, within(table, color, title), hours(table, color))));
}

function worst(s: Score): HTMLElement {
  const name = (x: Score['sites'][0]) => (lang() === 'ja' ? x.name_ja : x.name_en);
  return h('section', { class: 'card', 'aria-label': t('scoreWorst') }, h('h2', {}, t('scoreWorst')), h('p', { class: 'note' }, t('scoreWorstNote')),
    h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': t('scoreWorst') }, h('table', { class: 'score' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('colName')), h('th', { scope: 'col' }, t('scoreMiss')), h('th', { scope: 'col' }, t('scoreBest')), h('th', { scope: 'col' }, t('scoreBand')))),
      h('tbody', {}, ...s.sites.slice(0, 20).map((x) => h('tr', {}, h('th', { scope: 'row' }, x.site ? h('a', { href: `#/sites/${x.site}` }, name(x)) : name(x)),
        h('td', {}, percent(x.demand.nmae)), h('td', {}, percent(naive(x.demand))), h('td', {}, percent(x.demand.coverage_80))))))));
}

function sheet(s: Score): HTMLElement[] {
  const last = new Date(Date.parse(`${s.to}T00:00:00Z`) - 86400000).toISOString().slice(0, 10);
  if (!s.points) return [h('p', { class: 'note' }, t('scoreTooLittle'))];
  return [h('p', { class: 'note' }, t('scoreSpan', s.from, last, count(s.points), count(s.silent_points))),
    card(t('scoreDemand'), s.demand, 'demand'), card(t('scoreSolar'), s.pv, 'solar'), worst(s), h('p', { class: 'note foot' }, t('scoreRule'))].filter((x): x is HTMLElement => x !== null);
}

export function scoreView(): View {
  const out = h('div', { class: 'scores', 'aria-live': 'polite' }, h('p', { class: 'note' }, t('loading')));
  const el = h('div', { class: 'view' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('scoreTitle'))), out);
  let again = 0;
  async function load(): Promise<void> {
    try {
      const s = await get<Score | { judged: false }>('score');
      out.replaceChildren(...(s.judged ? sheet(s) : [h('p', { class: 'note' }, t('scoreNotYet'))]));
      if (!s.judged) again = window.setTimeout(() => void load(), AGAIN_MS);
    } catch (e) {
      const p = h('p', { class: 'note' });
      say(p, e instanceof Problem ? (lang() === 'ja' ? e.ja : e.en) : t('failed', String(e)));
      out.replaceChildren(p);
      again = window.setTimeout(() => void load(), AGAIN_MS);
    }
  }
  void load();
  return { el, title: t('scoreTitle'), destroy: () => clearTimeout(again) };
}
