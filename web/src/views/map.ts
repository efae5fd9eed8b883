// map.ts: the facilities by ward: outlines from the region's GeoJSON drawn as SVG, a point a facility, and beside it the same as a
// list for the keyboard. Nothing is fetched from outside.
import { get, latest } from '../api';
import { blocks, type Block } from '../blocks';
import { h, s, say, set, type Child } from '../dom';
import { files } from '../figure';
import { count, energy, name, none, percent, said } from '../format';
import type { View } from '../main';
import { card, faultLine, fillYears, left, longList, picker, table, tr } from '../pieces';
import { kind as kindText, lang, t } from '../texts';

interface Ward { name_ja: string; name_en: string; path: string | null; facilities: number; late: number; demand_wh: number; supply_wh: number }
interface Place { id: string; name_ja: string; name_en: string; kind: string; ward: string; bureau: string | null; group: string; x: number | null; y: number | null; late: boolean; demand_wh: number; supply_wh: number }
interface Town { fy: number; wide: number; high: number; note: string | null; fault: { ja: string; en: string; file: string; line: number; column: number } | null; wards: Ward[]; facilities: Place[] }

const wardName = (w: Ward): string => (lang() === 'ja' ? w.name_ja : w.name_en) || t('mapNoWard');
const share = (a: number, b: number): string => (b > 0 ? percent(a / b, 1) : none);

interface Shown { ward: string | null; late: boolean }
const wanted = (p: Place, x: Shown): boolean => (x.ward === null || p.ward === x.ward) && (!x.late || p.late);

// ---- the picture ----

// The middle of a path's box: where its name stands.
function middle(path: string): [number, number] {
  const n = (path.match(/-?\d+/g) ?? []).map(Number), xs = n.filter((_, i) => i % 2 === 0), ys = n.filter((_, i) => i % 2 === 1);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

// What is shown: the town, or the ward that was chosen, with a margin.
function frame(m: Town, x: Shown): string {
  const path = m.wards.find((w) => w.name_ja === x.ward)?.path, n = (path?.match(/-?\d+/g) ?? []).map(Number);
  const xs = n.filter((_, i) => i % 2 === 0), ys = n.filter((_, i) => i % 2 === 1);
  const [x0, y0, x1, y1] = path ? [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] : [0, 0, m.wide, m.high];
  const wide = Math.max(x1! - x0!, ((y1! - y0!) * m.wide) / m.high) * 1.06, high = (wide * m.high) / m.wide;
  return [(x0! + x1! - wide) / 2, (y0! + y1! - high) / 2, wide, high].map(Math.round).join(' ');
}

function picture(m: Town, x: Shown, choose: (ward: string) => void): SVGElement {
  const size = Number(frame(m, x).split(' ')[2]);
  const wards = m.wards.filter((w) => w.path).map((w) => s('path', { d: w.path!, class: `ward${x.ward === w.name_ja ? ' chosen' : ''}`, 'fill-rule': 'evenodd', onclick: () => choose(w.name_ja) }, s('title', {}, `${wardName(w)} ${count(w.facilities)}`)));
  const dots = m.facilities.filter((p) => p.x !== null && wanted(p, x)).sort((a, b) => Number(a.late) - Number(b.late)).map((p) => {
    const dot = p.late ? s('rect', { class: `dot late ${p.group}`, x: p.x! - size / 210, y: p.y! - size / 210, width: size / 105, height: size / 105 }) : s('circle', { class: `dot ${p.group}`, cx: p.x!, cy: p.y!, r: size / 190 });
    dot.append(s('title', {}, `${name(p)} ${energy(p.demand_wh)}${p.late ? ` (${t('mapLateMark')})` : ''}`));
    dot.addEventListener('click', () => (location.hash = `#/facility/${p.id}`));
    return dot;
  });
  const names = m.wards.filter((w) => w.path).map((w) => {
    const [cx, cy] = middle(w.path!);
    return s('text', { x: cx, y: cy, 'text-anchor': 'middle', class: 'wardname', 'font-size': Math.round(size / (innerWidth < 760 ? 22 : 38)), 'stroke-width': Math.round(size / 160) }, wardName(w));
  });
  return s('svg', { viewBox: frame(m, x), class: 'townmap', role: 'img', 'aria-label': t('mapPicture') }, ...wards, ...dots, ...names);
}

const legend = (): HTMLElement => h('ul', { class: 'legend maplegend' }, ...([['dot public', 'mapPublic'], ['dot private', 'mapPrivate'], ['dot late', 'mapLateMark']] as const).map(([cls, text]) => h('li', {}, h('span', { class: `key ${cls}` }), t(text))));

// ---- the list ----

function wardTable(m: Town, x: Shown, choose: (ward: string) => void): HTMLElement {
  return table(t('mapWards'), [t('mapWard'), t('mapSites'), t('mapLate'), t('facilityDemand'), t('facilityShare')], m.wards.map((w) => tr(
    h('button', { type: 'button', class: 'figure', 'aria-pressed': x.ward === w.name_ja ? 'true' : 'false', onclick: () => choose(w.name_ja) }, wardName(w)),
    count(w.facilities), h('td', {}, w.late ? h('span', { class: 'warn' }, count(w.late)) : count(0)), energy(w.demand_wh), share(w.supply_wh, w.demand_wh))));
}

function placeList(m: Town, x: Shown): HTMLElement {
  const list = m.facilities.filter((p) => wanted(p, x)), w = m.wards.find((v) => v.name_ja === x.ward), label = x.ward === null ? t('mapAll') : w ? wardName(w) : x.ward;
  return longList(t('mapSites'), [t('achFacility'), t('facilityDemand'), t('facilityShare'), `<${t('mapLate')}`], list,
    (p) => tr(h('span', {}, h('a', { href: `#/facility/${p.id}` }, name(p)), h('span', { class: 'note line' }, [kindText(p.kind), p.bureau].filter(Boolean).join(' · '))), energy(p.demand_wh), share(p.supply_wh, p.demand_wh), left(p.late ? h('span', { class: 'tag bad' }, t('mapLateMark')) : none)),
    (p) => [p.id, p.name_ja, p.name_en, p.ward, p.bureau, p.kind, kindText(p.kind), label].join(' '), 20);
}

// ---- the view ----

export function mapView(): View {
  const year = h('select', { id: 'map-fy' }), about = h('p', { class: 'note', role: 'status' }, t('loading')), pictureBox = h('div', { class: 'mapbox' }), wards = h('div'), places = h('div'), fault = h('p', { class: 'fault' }), note = h('p', { class: 'note' }), programme = h('div');
  const late = h('input', { type: 'checkbox', id: 'map-late' }), all = h('button', { type: 'button', class: 'act small' }, t('mapAll'));
  const el = h('div', { class: 'view map' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('mapTitle')), picker('map-fy', t('achFy'), year)), about,
    h('div', { class: 'mapgrid' }, h('section', { class: 'card', 'aria-label': t('mapPicture') }, fault, pictureBox, legend(), note),
      card(t('mapWards'), h('p', { class: 'acts' }, all, h('label', { class: 'tick', for: 'map-late' }, late, ' ', t('mapShowLate'))), wards)),
    h('section', { class: 'card', 'aria-label': t('mapSites') }, h('h2', {}, t('mapSites')), places), programme);
  const last = latest(), sums = latest(), x: Shown = { ward: null, late: false };
  let town: Town | null = null;

  function draw(): void {
    if (!town) return;
    const m = town, lost = m.facilities.filter((p) => p.x === null).length, n = m.facilities.filter((p) => wanted(p, x)).length, w = m.wards.find((v) => v.name_ja === x.ward);
    pictureBox.replaceChildren(picture(m, x, choose));
    wards.replaceChildren(wardTable(m, x, choose));
    places.replaceChildren(placeList(m, x));
    set(all, { 'aria-pressed': x.ward === null ? 'true' : 'false' });
    say(fault, m.fault ? t('mapFault') + (lang() === 'ja' ? m.fault.ja : m.fault.en) + ` (${m.fault.file}:${m.fault.line}:${m.fault.column})` : '');
    fault.hidden = !m.fault;
    const remarks: Child[] = [said(m.note), lost ? t('mapNoPlace', count(lost)) : null];
    say(note, remarks.filter(Boolean).join(' · '));
    say(about, t('mapChosen', w ? wardName(w) : t('mapAll'), count(n)));
  }
  // The picture is drawn anew: the button that was pressed keeps the focus.
  function choose(ward: string): void {
    const focused = document.activeElement?.textContent;
    x.ward = x.ward === ward ? null : ward;
    draw();
    [...wards.querySelectorAll('button')].find((b) => b.textContent === focused)?.focus();
  }
  // What was promised for the public sites, and how long their stores carry them.
  async function drawProgramme(fy: number): Promise<void> {
    const body = await sums(get<{ blocks: Block[] }>(`city/programme?fy=${fy}`)).then((p) => blocks(p.blocks), (e) => [faultLine(e)] as Child[]);
    programme.replaceChildren(h('section', { class: 'card blocks', 'aria-label': t('programmeTitle') }, h('h2', {}, t('programmeTitle')), h('p', { class: 'filesrow' }, t('fy', fy), '  ', t('files'), ' ', files('programme', fy)), ...body));
  }
  async function load(fy?: string): Promise<void> {
    try {
      town = await last(get<Town>(`map${fy ? `?fy=${fy}` : ''}`));
      fillYears(year, town.fy, 5);
      year.value = String(town.fy);
      draw();
      void drawProgramme(town.fy);
    } catch (e) {
      say(about, '');
      pictureBox.replaceChildren(faultLine(e));
    }
  }
  all.addEventListener('click', () => ((x.ward = null), draw()));
  late.addEventListener('change', () => ((x.late = late.checked), draw()));
  year.addEventListener('change', () => void load(year.value));
  void load();
  return { el, title: t('mapTitle'), destroy: () => {} };
}
