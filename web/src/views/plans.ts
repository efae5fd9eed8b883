// plans.ts: the trees of plans over one set of businesses: what is declared and listed, indicators with targets and results,
// the evaluation with the rule's proposal, money, and the schedule.
import { actButton } from '../act';
import { get, latest } from '../api';
import { h, s, say, type Child } from '../dom';
import { figure, files } from '../figure';
import { count, name, none, said, yen } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, fillYears, left, picker, rows, table, tr, word } from '../pieces';
import { lang, t } from '../texts';
import { decimal, either, rateYear, type Doc, type Evaluated, type Goal, type Value } from './office';

interface Task { task: string; name_ja: string; name_en: string; owner: string; status: string; from?: string; until?: string; source: string }
interface Budget { fy: number; fund: string; budget_yen: number; spent_yen?: number; source: string }
interface Business { number: string; name_ja: string; name_en: string; same_as: string | null; owner: string; status: string; tags: string; source: string; budgets: Budget[]; tasks: Task[] }
interface Node {
  node: string; plan: string; level: string; code: string; parent: string | null; name_ja: string; name_en: string; declared?: number; declared_below?: number; listed: number; rows: number; listed_again: number; businesses: number;
  budget_yen: number; owner: string; source: string; proposed: string | null; indicators: Indicator[]; lists: Business[]; tasks: Task[];
}
interface Year extends Partial<Value> { target?: Goal; reached?: boolean }
interface Indicator { indicator: string; name_ja: string; name_en: string; unit: string; outcome: boolean; definition: string | null; start: Value | null; years: Year[] }
interface Sheet extends Evaluated { author?: string; at?: string; version?: number }
interface Rating { scale: string; word: string; print_ja: string; name_ja: string; name_en: string; rule_ja: string | null; rule_en: string | null }
interface Sheets { of: Map<string, Sheet>; scales: Rating[] }

// The town's own words of evaluation, and when the rule proposes each status.
const of = (scales: Rating[], scale: string): Rating[] => scales.filter((x) => x.scale === scale);
const printed = (x: Rating): string => (lang() === 'ja' ? x.print_ja : x.word);
function rule(scales: Rating[]): HTMLElement | null {
  const states = of(scales, 'status'), say = (x: Rating): string => `${printed(x)}: ${(lang() === 'ja' ? x.rule_ja : x.rule_en) ?? t('plansRuleRest')}`;
  return states.some((x) => x.rule_ja) ? h('p', { class: 'note' }, states.map(say).join(lang() === 'ja' ? '。' : '. ')) : null;
}

const levelName = (n: Node): string => word('plansLevel', n.level);
const title = (n: Node): string => `${n.code ? `${n.code} ` : ''}${name(n)}`;

// ---- the tree ----

function treeItem(n: Node, all: Node[], chosen: string, sheets: Sheets): HTMLElement {
  const below = all.filter((x) => x.parent === n.node), sheet = sheets.of.get(n.node), differs = n.declared !== undefined && n.declared !== n.listed;
  const link = h('a', { href: `#/plans/${n.node}`, class: 'leaf' }, h('span', { class: 'code' }, n.code || levelName(n)), h('span', {}, name(n)), sheet ? h('span', { class: 'tag good' }, `${sheet.status} · ${sheet.direction}`) : null,
    h('span', { class: `note counts ${differs ? 'warn' : ''}` }, [n.declared !== undefined ? t('plansDeclared', n.declared) : '', n.declared !== undefined || n.listed ? t('plansListed', n.listed) : '', n.businesses ? t('plansBusinesses', n.businesses) : ''].filter(Boolean).join(' · ')));
  if (n.node === chosen) link.setAttribute('aria-current', 'true');
  return h('li', {}, link, below.length ? h('ul', {}, ...below.map((x) => treeItem(x, all, chosen, sheets))) : null);
}

// ---- one node ----

// A project has no place of its own: its businesses are those that carry its tag, wherever they are listed.
const tagged = (n: Node, all: Node[]): Business[] => all.flatMap((x) => x.lists).filter((b, i, l) => n.level === 'project' && b.tags.split(' ').includes(n.code.toLowerCase()) && l.findIndex((o) => o.number === b.number) === i);

const tagName = (x: string): string => (/^pj\d+$/.test(x) ? x.toUpperCase() : word('plansTag', x));
const budgetLine = (m: Budget): HTMLElement => h('span', { class: 'line' }, h('span', { class: 'note' }, `${t('fy', m.fy)} ${word('plansFund', m.fund)} `), yen(String(m.budget_yen)));
function businesses(list: Business[]): HTMLElement {
  if (!list.length) return card(t('plansBusiness'), h('p', { class: 'note' }, t('plansNothing')));
  return card(t('plansBusiness'), table(t('plansBusiness'), [t('plansNumber'), `<${t('plansBusiness')}`, `<${t('plansTags')}`, t('plansBudget')],
    list.map((b) => tr(b.number, left(name(b), b.same_as ? h('span', { class: 'tag warn' }, t('plansAgainOf', b.same_as)) : null, h('span', { class: 'note line' }, [b.owner, b.status, said(b.source)].filter(Boolean).join(' · '))),
      left(...b.tags.split(' ').filter(Boolean).map((x) => h('span', { class: 'tag' }, tagName(x)))), h('td', {}, ...(b.budgets.length ? [...b.budgets].sort((p, q) => p.fy - q.fy).map(budgetLine) : [none]))))));
}

// What it set out from, then the years of the sheet; how it is counted stands once.
function indicatorRow(i: Indicator): HTMLElement[] {
  const label = name(i), shown = (v: Value, fy: number): HTMLElement => figure(either(v) ?? decimal(v.value), i.indicator, fy, label);
  const start = i.start ? [[t('plansStart'), t('fy', i.start.fy ?? 0), none, h('td', {}, shown(i.start, i.start.fy ?? 0)), left(none), left('')]] : [];
  const years = i.years.map((y) => {
    const fy = y.fy ?? y.target?.fy ?? 0;
    return [t(i.outcome ? 'plansOutcome' : 'plansActivity'), t('fy', fy), y.target ? (either(y.target) ?? decimal(y.target.value)) : none, h('td', {}, y.value !== undefined ? shown(y as Value, fy) : none), left(y.reached === undefined || y.value === undefined ? none : h('span', { class: `tag ${y.reached ? 'good' : 'warn'}` }, t(y.reached ? 'plansReached' : 'plansNotReached'))), left(h('span', { class: 'note' }, [said(y.target?.reason), said(y.target?.source)].filter(Boolean).join(' · ')))];
  });
  return [...start, ...years].map(([kind, ...cells], n) => tr(h('span', {}, label, h('span', { class: 'note line' }, kind, n || !i.definition ? '' : ` · ${said(i.definition)}`)), ...cells));
}

// A person decides, with a reason; whoever saw an older version is refused.
function decide(n: Node, e: Sheet | undefined, scales: Rating[], fy: number, done: () => void): HTMLElement {
  const choice = (scale: string): [string, string][] => of(scales, scale).map((x) => [x.word, `${printed(x)} ${name(x)}`.trim()]);
  return actButton({
    label: t('plansDecide'), role: 'operator', method: 'PUT', path: `lists/evaluation/${n.node}-${fy}`, version: e?.version ?? 0, note: `${title(n)} ${t('fy', fy)}`,
    ask: [{ name: 'status', label: t('plansDecideStatus'), required: true, value: e?.status ?? n.proposed ?? '', of: choice('status') }, { name: 'direction', label: t('plansDecideDirection'), required: true, value: e?.direction ?? '', of: choice('direction') }, { name: 'reason', label: t('reason'), required: true, value: e?.reason ?? '' }, { name: 'way', label: t('plansDecideWay'), required: true, value: e?.way ?? '' }, { name: 'source', label: t('source'), value: '' }],
    make: (a) => ({ node: n.node, fy: String(fy), status: a.status ?? '', direction: a.direction ?? '', reason: a.reason ?? '', way: a.way ?? '', source: a.source ?? '' }), done,
  });
}

function evaluation(n: Node, e: Sheet | undefined, scales: Rating[], fy: number, again: () => void): HTMLElement {
  const judged = n.indicators.length ? table(t('plansIndicators'), [t('plansIndicator'), t('achFy'), t('plansTarget'), t('plansResult'), '<', `<${t('source')}`], n.indicators.flatMap(indicatorRow)) : null;
  return card(`${t('plansEvaluation')} ${t('fy', fy)}`, e ? facts(fact(t('plansDecided'), e.status, e.reason), fact(t('plansProposed'), e.proposed ?? none, '', e.proposed && e.proposed !== e.status ? 'long' : ''), fact(t('plansDirection'), e.direction, e.way)) : facts(fact(t('plansDecided'), none, t('plansNoEvaluation')), fact(t('plansProposed'), n.proposed ?? none)),
    judged, e ? rows([[t('author'), [e.by, e.author, e.at?.slice(0, 10)].filter(Boolean).join(' · ')], [t('source'), said(e.source)]]) : null, h('p', { class: 'acts' }, decide(n, e, scales, fy, again)), rule(scales), e ? h('p', { class: 'filesrow' }, t('files'), ' ', files('evaluation', fy)) : null);
}

// What stands right below a node, a line each.
function belowCard(list: Node[], sheets: Sheets): HTMLElement | null {
  if (!list.length) return null;
  return card(levelName(list[0]!), table(levelName(list[0]!), [t('plansNumber'), `<${levelName(list[0]!)}`, t('plansDeclared', ''), t('plansListed', ''), t('plansBusiness'), t('plansEvaluation')],
    list.map((x) => tr(x.code || levelName(x), left(h('a', { href: `#/plans/${x.node}` }, name(x))), x.declared === undefined ? none : count(x.declared), h('td', { class: x.declared !== undefined && x.declared !== x.listed ? 'warn' : null }, count(x.listed)), count(x.businesses), sheets.of.has(x.node) ? `${sheets.of.get(x.node)!.status} · ${sheets.of.get(x.node)!.direction}` : none))));
}

// Bars of years: a line a task; dates stand beside for those who do not see them.
function schedule(list: Task[]): HTMLElement | null {
  if (!list.length) return null;
  const at = (d: string): number => Number(d.slice(0, 4)) + (Number(d.slice(5, 7)) - 1) / 12 + Number(d.slice(8)) / 372;
  const starts = list.flatMap((x) => (x.from ? [at(x.from)] : [])), ends = list.flatMap((x) => (x.until ? [at(x.until)] : []));
  const first = Math.floor(Math.min(...starts, ...ends)), last = Math.ceil(Math.max(...ends, ...starts) + 0.01), W = 480, x = (v: number): number => ((v - first) / (last - first)) * W;
  const bar = (k: Task): SVGElement => {
    const from = k.from ? x(at(k.from)) : 0, to = k.until ? x(at(k.until)) : W;
    return s('svg', { viewBox: `0 0 ${W} 18`, class: 'gantt', 'aria-hidden': 'true', preserveAspectRatio: 'none' }, ...Array.from({ length: last - first + 1 }, (_, i) => s('line', { x1: x(first + i), x2: x(first + i), y1: 0, y2: 18 })), s('rect', { x: from, y: 4, width: Math.max(2, to - from), height: 10, rx: 3 }));
  };
  return card(t('plansSchedule'), h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': t('plansSchedule') }, h('table', { class: 'sources ganttable' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('plansSchedule')), h('th', { scope: 'col', class: 'text' }, `${first} – ${last}`), h('th', { scope: 'col', class: 'text' }, t('billPeriod')))),
    h('tbody', {}, ...list.map((k) => h('tr', {}, h('th', { scope: 'row' }, name(k), k.owner || k.status ? h('span', { class: 'note line' }, [k.owner, k.status].filter(Boolean).join(' · ')) : null), h('td', { class: 'bars' }, bar(k)), h('td', { class: 'text keep' }, `${k.from ?? ''} –`, h('span', { class: 'line' }, k.until ?? t('plansOpenEnd')))))))));
}

function nodeCards(n: Node, all: Node[], sheets: Sheets, fy: number, again: () => void): Child[] {
  const below = all.filter((x) => x.parent === n.node), differs = n.declared !== undefined && n.declared !== n.listed;
  const head = card(title(n), facts(n.declared !== undefined ? fact(t('plansDeclared', ''), count(n.declared), n.declared_below !== undefined && n.declared_below !== n.declared ? t('plansDeclaredBelow', n.declared_below) : '', differs ? 'long' : '') : null, below.length || n.listed ? fact(t('plansListed', ''), count(n.listed)) : null, fact(t('plansBusiness'), count(n.level === 'project' ? tagged(n, all).length : n.businesses), n.rows ? `${t('plansRows')} ${n.rows}, ${t('plansAgain')} ${n.listed_again}` : ''), n.budget_yen ? fact(t('plansBudget'), yen(String(n.budget_yen)), t('fy', fy)) : null),
    rows([[t('plansOwner'), n.owner || null], [t('source'), said(n.source)]]));
  const judged = sheets.of.get(n.node);
  return [head, judged || n.indicators.length ? evaluation(n, judged, sheets.scales, fy, again) : null, belowCard(below, sheets), n.lists.length || !below.length ? businesses(n.level === 'project' ? tagged(n, all) : n.lists) : null, schedule([...n.tasks, ...n.lists.flatMap((b) => b.tasks)])];
}

// ---- the view ----

export function plansView(given: string): View {
  const year = h('select', { id: 'plans-fy' }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div', { class: `plans2 ${given ? 'chosen' : ''}` });
  const el = h('div', { class: 'view plans' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('plansTitle')), picker('plans-fy', t('achFy'), year), h('span', { class: 'filesrow' }, t('files'), ' ', files('plan'))), about, body);
  const last = latest();
  let fy = 0;

  async function load(): Promise<void> {
    try {
      fy ||= await rateYear();
      const plan = await last(get<Doc<Node>>(fy ? `city/plan?fy=${fy}` : 'city/plan'));
      fy ||= plan.fy;
      const judged = await last(get<Doc<Sheet> & { scales: Rating[] }>(`city/evaluation?fy=${fy}`)), sheets = { of: new Map(judged.rows.map((e) => [e.node, e])), scales: judged.scales };
      fillYears(year, fy);
      year.value = String(fy);
      const all = plan.rows, tops = all.filter((n) => !n.parent), chosen = all.find((n) => n.node === given) ?? tops[0];
      say(about, t('plansAbout'));
      if (!chosen) return;
      body.replaceChildren(h('section', { class: 'card', 'aria-label': t('plansTree') }, h('h2', {}, t('plansTree')), h('ul', { class: 'tree' }, ...tops.map((n) => treeItem(n, all, chosen.node, sheets)))),
        h('div', { class: 'column' }, ...nodeCards(chosen, all, sheets, fy, () => void load()).filter((x): x is HTMLElement => !!x)));
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  year.addEventListener('change', () => ((fy = Number(year.value)), void load()));
  void load();
  return { el, title: t('plansTitle'), up: given ? '#/plans' : '#/office', destroy: () => {} };
}
