// inventory.ts: greenhouse gases: a year against its bases, the pace to the target, sectors by form as they were printed,
// with the sum of the parts beside each printed total.
import { get, latest as lastOf } from '../api';
import { h, s, say, type Child } from '../dom';
import { files, opens } from '../figure';
import { none, said } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, left, longList, picker, rows, table, tr, word } from '../pieces';
import { lang, t } from '../texts';
import { basesCard, capacityCard, entityCard, homePvCard, moneyCard, restatedCard, type Behind, type Inventory } from './gases';
import { decimal, either, fiscal, indicators, inUnit, targetsCard, unitName, type Doc, type Indicator, type Target, type Years } from './office';
import { micro, yenOf } from './runs';

interface Cell { inventory: string; fy: number; vintage: string; sector: string; gas: string; form: string; t_co2: string | null; at_least?: string; at_most?: string; source: string; note: string | null }

const shownName = (x: { name_ja: string; name_en: string }): string => (lang() === 'ja' ? x.name_ja : x.name_en);
const tonnes = (v: string | null | undefined): string => (v === null || v === undefined ? none : `${decimal(v)}\u00a0t`);
const total = (list: Cell[]): bigint => list.reduce((a, c) => a + micro(c.t_co2 ?? '0'), 0n);
// "part-3": a part that its source numbers without a name.
const sectorWord = (id: string): string => (/^part-/.test(id) ? t('sectorPart', id.slice(5)) : word('sector', id));
const isTotal = (w: string): boolean => w === 'all' || w === 'total';

// ---- a year's cells ----

function cellBody(c: Cell): Child[] {
  return [rows([[t('inventorySector'), sectorWord(c.sector)], [t('inventoryGas'), word('gas', c.gas)], [t('inventoryForm'), word('form', c.form)], [t('inventoryYear'), t('fy', c.fy)], [t('inventoryVintage'), word('vintage', c.vintage)], [t('inventoryTotal'), tonnes(c.t_co2)], [t('inventoryStep'), c.at_least ? t('inventoryRange', tonnes(c.at_least), tonnes(c.at_most)) : null], [t('source'), c.source], [t('inventoryNote'), said(c.note)]])];
}
const open = (c: Cell): HTMLElement => opens(tonnes(c.t_co2), [sectorWord(c.sector), isTotal(c.form) ? '' : word('form', c.form), t('fy', c.fy)].filter(Boolean).join(' '), () => cellBody(c));

// Of several publications of a cell the last in the file holds; the others stay in the list below.
function latest(list: Cell[]): Cell[] {
  const by = new Map<string, Cell>();
  list.forEach((c) => by.set([c.sector, c.gas, c.form].join(' '), c));
  return [...by.values()];
}

// Sector by form of one gas; where there are several a choice.
function cross(all: Cell[]): HTMLElement {
  const gases = [...new Set(all.map((c) => c.gas))], body = h('div');
  const pick = h('select', { id: 'inv-gas' }, ...gases.map((g) => h('option', { value: g }, word('gas', g))));
  const draw = (): void => body.replaceChildren(...crossTable(all.filter((c) => c.gas === pick.value)).filter((x): x is HTMLElement => x instanceof HTMLElement));
  pick.value = gases.includes('co2') ? 'co2' : (gases[0] ?? '');
  pick.addEventListener('change', draw);
  draw();
  return card(t('inventoryCross'), gases.length > 1 ? picker('inv-gas', t('inventoryGas'), pick) : null, body);
}

function crossTable(list: Cell[]): Child[] {
  const forms = [...new Set(list.map((c) => c.form))].sort((a, b) => Number(isTotal(a)) - Number(isTotal(b))), sectors = [...new Set(list.map((c) => c.sector))].filter((x) => !isTotal(x));
  const at = (sector: string, form: string): Cell[] => list.filter((c) => c.sector === sector && c.form === form);
  const show = (found: Cell[]): Child => (found.length === 1 ? open(found[0]!) : found.length ? tonnes(yenOf(total(found))) : '');
  // Of the column of totals the parts are the printed totals of the forms, where there are some.
  const parts = (form: string): Cell[] => {
    const own = list.filter((c) => !isTotal(c.sector) && c.form === form), across = list.filter((c) => isTotal(c.sector) && !isTotal(c.form));
    return own.length || form !== 'all' ? own : across.length ? across : list.filter((c) => !isTotal(c.sector) && !isTotal(c.form));
  };
  const printed = (form: string): Cell | undefined => list.find((c) => isTotal(c.sector) && c.form === form);
  const differs = forms.some((f) => printed(f) && parts(f).length && total(parts(f)) !== micro(printed(f)!.t_co2 ?? '0'));
  const one = forms.length === 1;
  const sums = tr(t('inventoryParts'), ...forms.map((f) => h('td', {}, parts(f).length ? tonnes(yenOf(total(parts(f)))) : '')));
  const line = (x: string): HTMLElement => tr(sectorWord(x), ...forms.map((f) => {
    const whole = f === 'all' && !at(x, f).length ? list.filter((c) => c.sector === x) : [];
    return h('td', {}, whole.length > 1 ? h('span', { class: 'note' }, tonnes(yenOf(total(whole)))) : show(at(x, f)));
  }));
  const foot = forms.some(printed) ? tr(t('inventoryPrinted'), ...forms.map((f) => h('td', { class: printed(f) && parts(f).length && total(parts(f)) !== micro(printed(f)!.t_co2 ?? '0') ? 'warn' : null }, printed(f) ? open(printed(f)!) : ''))) : null;
  return [table(t('inventoryCross'), [t('inventorySector'), ...(one ? [t('inventoryTotal')] : forms.map((f) => word('form', f)))], [...sectors.map(line), sums], foot), differs ? h('p', { class: 'note' }, t('inventoryNotSum')) : null];
}

function cellsCard(list: Cell[], fy: number): HTMLElement {
  return card(t('inventoryCells'), longList(t('inventoryCells'), [t('inventorySector'), `<${t('inventoryGas')}`, `<${t('inventoryForm')}`, `<${t('inventoryVintage')}`, t('inventoryTotal'), `<${t('source')}`, `<${t('inventoryNote')}`], list.filter((c) => c.fy === fy),
    (c) => tr(sectorWord(c.sector), left(word('gas', c.gas)), left(word('form', c.form)), left(word('vintage', c.vintage)), h('td', {}, open(c)), left(h('span', { class: 'note' }, c.source)), left(h('span', { class: 'note' }, said(c.note)))), (c) => [c.sector, c.gas, c.form, c.source, said(c.note)].join(' '), 12));
}

// ---- years, targets, pace ----

// Years on a line: results as dots that are joined, targets as rings.
function chart(y: Years): HTMLElement {
  const known = y.years.filter((x) => x.value), goals = y.years.filter((x) => x.target?.value), all = [...known.map((x) => ({ fy: x.fy, v: Number(x.value) })), ...goals.map((x) => ({ fy: x.fy, v: Number(x.target!.value) }))];
  if (all.length < 2) return h('div');
  const first = Math.min(...all.map((a) => a.fy)), last = Math.max(...all.map((a) => a.fy)), low = Math.min(0, ...all.map((a) => a.v)), high = Math.max(0, ...all.map((a) => a.v)), W = 560, H = 200, L = 64, B = 24;
  const px = (fy: number): number => L + ((fy - first) / Math.max(1, last - first)) * (W - L - 24), py = (v: number): number => 12 + ((high - v) / Math.max(1e-9, high - low)) * (H - B - 12);
  const goalPath = [known[known.length - 1] ? { fy: known[known.length - 1]!.fy, v: Number(known[known.length - 1]!.value) } : null, ...goals.filter((g) => g.fy > (known[known.length - 1]?.fy ?? 0)).map((g) => ({ fy: g.fy, v: Number(g.target!.value) }))].filter((p): p is { fy: number; v: number } => !!p);
  const line = (list: { fy: number; v: number }[], cls: string): SVGElement => s('polyline', { class: cls, points: list.map((p) => `${px(p.fy)},${py(p.v)}`).join(' ') });
  const marks = [...new Set([first, last, ...known.map((k) => k.fy), ...goals.map((g) => g.fy)])].sort((a, b) => a - b).filter((fy, i, l) => i === 0 || px(fy) - px(l[i - 1]!) > 34);
  const said = [...known.map((k) => `${t('fy', k.fy)} ${decimal(k.value)}`), ...goals.map((g) => `${t('fy', g.fy)} ${t('whyTarget')} ${decimal(g.target!.value)}`)].join(', ');
  return h('figure', { class: 'yearchart' }, s('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${shownName(y)} (${unitName(y.unit)}): ${said}` },
    s('line', { class: 'axis', x1: L, x2: W - 24, y1: py(0), y2: py(0) }), ...[high, low].filter((v) => v !== 0).map((v) => s('text', { class: 'tick', x: L - 8, y: py(v) + 4, 'text-anchor': 'end' }, decimal(String(Math.round(v))))), s('text', { class: 'tick', x: L - 8, y: py(0) + 4, 'text-anchor': 'end' }, '0'),
    ...marks.map((fy) => s('text', { class: 'tick', x: px(fy), y: H - 4, 'text-anchor': 'middle' }, String(fy))),
    line(goalPath, 'goalline'), line(known.map((k) => ({ fy: k.fy, v: Number(k.value) })), 'realline'), ...known.map((k) => s('circle', { class: 'real', cx: px(k.fy), cy: py(Number(k.value)), r: 4 })), ...goals.map((g) => s('circle', { class: 'goal', cx: px(g.fy), cy: py(Number(g.target!.value)), r: 5 }))),
    h('figcaption', { class: 'note' }, h('span', { class: 'key square real' }), ` ${t('plansResult')}  `, h('span', { class: 'key square goal' }), ` ${t('whyTarget')} (${unitName(y.unit)})`));
}

// What was done a year between the last two results, beside what is needed.
function pace(y: Years, x: Target | undefined): HTMLElement {
  const known = y.years.filter((k) => k.value), b = known[known.length - 1], a = known[known.length - 2];
  const actual = a && b && b.fy > a.fy ? yenOf((micro(b.value!) - micro(a.value!)) / BigInt(b.fy - a.fy)) : null;
  return card(t('inventoryPace'), facts(x?.needed_a_year ? fact(t('inventoryNeeded'), (lang() === 'ja' ? x.needed_text_ja : x.needed_text_en) ?? decimal(x.needed_a_year), t('inventoryTargetOf', x.target.fy, either(x.target) ?? decimal(x.target.value))) : null, actual ? fact(t('inventoryActual'), inUnit(actual.replace(/(\.\d)\d*$/, '$1'), y.unit), t('inventoryActualOf', a!.fy, b!.fy)) : null), chart(y));
}

// The same year in other categories, to be sent or pasted.
// A provisional year takes an earlier one to go by.
const schemesCard = (of: string, fy: number, from: number | null): HTMLElement => card(t('inventorySchemes'), table(t('inventorySchemes'), [t('inventoryScheme'), `<${t('officeFiles')}`],
  ([['inventory-moe', fy], ['inventory-gpc', fy], ...(from !== null && from <= fy ? [['provisional', fy + 1] as const] : [])] as const).map(([r, y]) => tr(h('span', {}, word('report', r), h('span', { class: 'note line' }, t('fy', y))), h('td', { class: 'text keep' }, files(r, y, { of }))))));

// ---- the view ----

export function inventoryView(given: string): View {
  const of = h('select', { id: 'inv-of' }), year = h('select', { id: 'inv-fy' }), about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div');
  const el = h('div', { class: 'view inventory' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('inventoryTitle')), picker('inv-of', t('inventoryOf'), of), picker('inv-fy', t('inventoryYear'), year), h('span', { class: 'filesrow' }, t('files'), ' ', files('inventory'))), about, body);
  const last = lastOf();
  let cells: Cell[] = [], targets: Target[] = [], known: Indicator[] = [], behind: Behind = {}, bureaus: string[] = [], entityFy = 0, kinds: Inventory[] = [], inventory = given.split('/')[0] ?? '', fy = Number(given.split('/')[1]) || 0;

  // The indicators that stand beside this inventory, of a part of it or all.
  const own = (part?: string): string[] => known.filter((k) => k.inventory === inventory && (!part || k.part === part)).map((k) => k.indicator);
  function head(y: Years | null, list: Cell[]): HTMLElement {
    const against = own('change'), printed = list.find((c) => isTotal(c.sector) && isTotal(c.form));
    const known = targets.filter((x) => against.includes(x.indicator) && x.result);
    const end = y?.years.filter((x) => x.value).pop();
    return h('section', { class: 'card', 'aria-label': t('inventoryTotal') }, facts(printed ? fact(`${t('inventoryTotal')} ${t('fy', fy)}`, tonnes(printed.t_co2), word('vintage', printed.vintage)) : null, end && y ? fact(`${shownName(y)} ${t('fy', end.fy)}`, either(end) ?? decimal(end.value), [word('vintage', end.vintage ?? ''), said(end.source)].join(' · ')) : null,
      ...known.map((x) => fact(`${shownName(x)} ${t('fy', x.result!.fy)}`, either(x.result) ?? t('inventorySettled'), t('inventoryTargetOf', x.target.fy, either(x.target) ?? decimal(x.target.value))))));
  }
  async function draw(): Promise<void> {
    const list = latest(cells.filter((c) => c.inventory === inventory && c.fy === fy)), id = own('total')[0], mine = own(), of = kinds.find((k) => k.inventory === inventory), here = <T extends { inventory: string }>(all: T[] | undefined): T[] => (all ?? []).filter((x) => x.inventory === inventory);
    const y = id ? await last(get<Years>(`city/years/${id}`)) : null, goals = targets.filter((k) => mine.includes(k.indicator));
    say(about, list.length ? '' : t('inventoryNone'));
    body.replaceChildren(...[head(y, list), h('div', { class: y ? 'pair' : 'column' }, list.length ? cross(list) : h('div'), y ? pace(y, targets.find((k) => k.indicator === id)) : null), goals.length ? targetsCard(goals) : null, moneyCard(here(behind.money)), of?.kind === 'operator' ? entityCard(of.entity ?? 'all', entityFy, bureaus) : schemesCard(inventory, fy, of?.activities_from ?? null), basesCard(here(behind.bases)), restatedCard(here(behind.restated)), own('capacity').length ? capacityCard(behind.capacity) : null, own('subsidised').length ? homePvCard(behind.home_pv) : null, list.length ? cellsCard(here(cells), fy) : null].filter((k): k is HTMLElement => !!k));
  }
  function fill(): void {
    const years = [...new Set(cells.filter((c) => c.inventory === inventory).map((c) => c.fy))].sort((a, b) => b - a);
    if (!years.includes(fy)) fy = years[0] ?? fy;
    year.replaceChildren(...years.map((k) => h('option', { value: k }, t('fy', k))));
    year.value = String(fy);
  }
  async function load(): Promise<void> {
    try {
      known = await indicators();
      const last = Math.max(1990, ...known.map((k) => k.result?.fy ?? 0));
      const [a, b] = await Promise.all([get<Doc<Cell> & Behind>('city/inventory?fy=2100'), get<Doc<Target>>(`city/targets?fy=${last}`)]);
      cells = a.rows;
      behind = a;
      entityFy = a.entity_fy ?? fiscal(a.day) - 1;
      bureaus = (await get<{ rows: { key: string }[] }>(`city/ledger?fy=${entityFy}&by=bureau`)).rows.map((x) => x.key).filter(Boolean).sort();
      targets = b.rows;
      // Those that inventories.csv names, in its order; then any that only figures name.
      kinds = [...(a.inventories ?? []), ...[...new Set(cells.map((c) => c.inventory))].filter((k) => !a.inventories?.some((x) => x.inventory === k)).map((k): Inventory => ({ inventory: k, name_ja: k, name_en: k, kind: 'area' }))];
      of.replaceChildren(...kinds.map((k) => h('option', { value: k.inventory }, shownName(k))));
      if (!kinds.some((k) => k.inventory === inventory)) inventory = kinds[0]?.inventory ?? '';
      of.value = inventory;
      fill();
      await draw();
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  const turned = (): void => (history.replaceState(null, '', `#/inventory/${inventory}/${fy}`), void draw());
  of.addEventListener('change', () => ((inventory = of.value), fill(), turned()));
  year.addEventListener('change', () => ((fy = Number(year.value)), turned()));
  void load();
  return { el, title: t('inventoryTitle'), up: '#/office', destroy: () => {} };
}
