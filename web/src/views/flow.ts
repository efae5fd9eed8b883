// flow.ts: the town's power as one picture. Supply left, storage in the middle, demand right, the world
// outside below the line. The width of each ribbon is its power; numbers stand beside.
import type { Town } from '../api';
import { s, set, say } from '../dom';
import { name, power } from '../format';
import { kind, t } from '../texts';

interface Node { id: string; label: string; watts: number; color: string; outside?: boolean }

const MIN_BAND = 1.5;
const USES = 6;

function supplies(town: Town, narrow: boolean): Node[] {
  const plants = town.plants.map((p) => ({ id: `plant-${p.id}`, label: name(p), watts: p.now_w ?? 0, color: 'plant' }));
  const sum = plants.reduce((a, p) => a + p.watts, 0);
  return [
    ...(narrow && plants.length > 1 ? [{ id: 'plants', label: t('plant'), watts: sum, color: 'plant' }] : plants),
    { id: 'solar', label: t('solar'), watts: town.flow.solar_w, color: 'solar' },
    { id: 'grid-in', label: t('gridIn'), watts: town.flow.grid_in_w, color: 'grid', outside: true },
  ];
}

function demands(town: Town, most: number): Node[] {
  const first = town.uses.slice(0, most);
  const rest = town.flow.demand_w - first.reduce((a, u) => a + u.demand_w, 0);
  const out: Node[] = first.map((u) => ({ id: `use-${u.kind}`, label: kind(u.kind), watts: u.demand_w, color: 'demand' }));
  if (rest > 0) out.push({ id: 'use-rest', label: t('others'), watts: rest, color: 'demand' });
  if (town.counts.vehicles > 0) out.push({ id: 'vehicles', label: t('vehicles'), watts: town.flow.vehicles_w, color: 'van' });
  out.push({ id: 'grid-out', label: t('gridOut'), watts: town.flow.grid_out_w, color: 'grid', outside: true });
  return out;
}

interface Place { y: number; band: number }

// Stacks what is inside the town from `top` on, each with room for its label; returns where it ends.
function stack(nodes: Node[], scale: number, top: number, room: number, row: number): { at: Place[]; end: number } {
  const inside = nodes.filter((n) => !n.outside);
  const need = inside.map((n) => Math.max(n.watts * scale, row));
  const free = Math.max(0, room - need.reduce((a, b) => a + b, 0));
  const gap = inside.length > 1 ? Math.min(22, free / (inside.length - 1)) : 0;
  let y = top;
  const at = inside.map((n, i) => {
    const place = { y: y + need[i]! / 2, band: n.watts > 0 ? Math.max(n.watts * scale, MIN_BAND) : 0 };
    y += need[i]! + gap;
    return place;
  });
  return { at, end: y - gap };
}

// A ribbon as an area: its height stays that of its power however steeply it goes.
function ribbon(x0: number, y0: number, x1: number, y1: number, band: number): string {
  const h = band / 2, m = (x0 + x1) / 2;
  return `M${x0},${y0 - h} C${m},${y0 - h} ${m},${y1 - h} ${x1},${y1 - h} L${x1},${y1 + h} C${m},${y1 + h} ${m},${y0 + h} ${x0},${y0 + h} Z`;
}

const upTo = (v: number, step: number): number => Math.ceil(v / step) * step;

// Cuts a label to a width: a full-width letter is one em, others a little over half.
function fit(label: string, px: number, em: number): string {
  let w = 0;
  for (let i = 0; i < label.length; i++) {
    w += label.charCodeAt(i) > 0x2e7f ? em : em * 0.5;
    if (w > px) return `${label.slice(0, Math.max(1, i - 1)).trimEnd()}…`;
  }
  return label;
}

interface Drawn { ribbon: SVGElement; flow: SVGElement; bar: SVGElement; label: SVGElement; value: SVGElement }

export class Flow {
  readonly el = s('svg', { class: 'flow', role: 'img' });
  private readonly title = s('title');
  private readonly zones = s('g', { class: 'zones' });
  private readonly ribbons = s('g');
  private readonly marks = s('g');
  private readonly hub = s('rect', { class: 'hub', rx: 7 });
  private readonly battery = { box: s('rect', { class: 'cell', rx: 8 }), level: s('rect', { class: 'level', rx: 5 }), cap: s('rect', { class: 'cellcap', rx: 3 }), text: s('text', { class: 'value', 'text-anchor': 'middle' }), note: s('text', { class: 'note', 'text-anchor': 'middle' }), ribbon: s('path', { class: 'ribbon battery' }), flow: s('path', { class: 'run' }) };
  private readonly drawn = new Map<string, Drawn>();
  private town: Town | null = null;
  private scale = 0;
  private inner = 0;
  private outer = 0;
  private watcher: ResizeObserver;

  constructor(host: HTMLElement) {
    const b = this.battery;
    this.ribbons.append(b.ribbon, b.flow);
    this.marks.append(this.hub, b.cap, b.box, b.level, b.text, b.note);
    this.el.append(this.title, this.zones, this.ribbons, this.marks);
    host.append(this.el);
    this.watcher = new ResizeObserver(() => this.town && this.show(this.town));
    this.watcher.observe(host);
  }

  destroy(): void {
    this.watcher.disconnect();
  }

  show(town: Town): void {
    this.town = town;
    const w = this.el.parentElement?.clientWidth ?? 0;
    if (w < 50) return;
    const narrow = w < 620;
    const left = supplies(town, narrow);
    const right = demands(town, narrow ? 4 : USES);
    this.rescale(left, right, town, narrow ? 190 : Math.min(230, Math.max(170, innerHeight * 0.24)));
    this.place(town, left, right, w, narrow);
    say(this.title, `${t('flowLabel')}. ${[...left, ...right].filter((n) => n.watts > 0).map((n) => `${n.label} ${power(n.watts)}`).join(', ')}`);
  }

  // Keeps the scale while it fits, so that ribbons swell and shrink by their power alone.
  private rescale(left: Node[], right: Node[], town: Town, tall: number): void {
    const sum = (n: Node[]) => n.reduce((a, x) => a + x.watts, 0);
    const top = Math.max(sum(left) + town.flow.discharge_w, sum(right) + town.flow.charge_w, 1);
    const want = tall / top;
    if (this.scale && want > this.scale * 0.9 && want < this.scale * 2.2) return;
    this.scale = want * 0.9;
    this.inner = this.outer = 0;
  }

  // The picture grows when it must and does not shrink until the scale changes: it does not breathe.
  private place(town: Town, left: Node[], right: Node[], w: number, narrow: boolean): void {
    const head = narrow ? 30 : 34, row = narrow ? 37 : 39, storeH = narrow ? 50 : 58, hubW = narrow ? 18 : 24;
    const edge = narrow ? Math.min(110, w * 0.34) : Math.min(220, w * 0.2);
    const mid = w / 2;
    const tall = (nodes: Node[]) => nodes.reduce((a, n) => a + (n.watts > 0 ? Math.max(n.watts * this.scale, MIN_BAND) : 0), 0);
    const hubH = Math.max(tall(left), tall(right), 30);
    const need = Math.max(...[left, right].map((n) => stack(n, this.scale, 0, 0, row).end), storeH + 36 + hubH * 0.8);
    this.inner = Math.max(this.inner, upTo(need, 24));
    const band = Math.max(...[...left, ...right].filter((n) => n.outside).map((n) => n.watts * this.scale), 24);
    this.outer = Math.max(this.outer, upTo(band, 24));
    const line = head + this.inner + 12, height = line + 28 + this.outer + 10;
    set(this.el, { viewBox: `0 0 ${w} ${height}`, width: w, height });
    const outY = line + 26 + this.outer / 2;
    const hubTop = Math.max(head + storeH + 30, Math.min(head + this.inner * 0.56 - hubH / 2 + 20, line - hubH * 0.6));
    set(this.hub, { x: mid - hubW / 2, y: hubTop, width: hubW, height: hubH });
    this.zone(w, line, height, edge, mid, head, narrow);
    const used = new Set<string>();
    const draw = (nodes: Node[], side: number, from: number, to: number): void => {
      const s1 = stack(nodes, this.scale, head, this.inner, row);
      const at = nodes.map((n, i) => (n.outside ? { y: outY, band: n.watts > 0 ? Math.max(n.watts * this.scale, MIN_BAND) : 0 } : s1.at[i]!));
      this.side(nodes, at, { from, to, top: hubTop + (hubH - tall(nodes)) / 2, side, room: edge - 16, em: narrow ? 11.5 : 12.5 }, used);
    };
    draw(left, -1, edge, mid - hubW / 2);
    draw(right, 1, mid + hubW / 2, w - edge);
    for (const [id, d] of this.drawn) if (!used.has(id)) { Object.values(d).forEach((e: SVGElement) => e.remove()); this.drawn.delete(id); }
    this.storage(town, mid, head, storeH, hubTop, hubW, narrow);
  }

  private zone(w: number, line: number, height: number, edge: number, mid: number, head: number, narrow: boolean): void {
    const text = (x: number, y: number, anchor: string, words: string, cls = 'zone') => s('text', { x, y, 'text-anchor': anchor, class: cls }, words);
    const key = JSON.stringify([w, line, height, t('supply')]);
    if (this.zones.getAttribute('data-key') === key) return;
    this.zones.setAttribute('data-key', key);
    this.zones.replaceChildren(
      s('rect', { x: 0, y: line, width: w, height: height - line, class: 'outside' }),
      s('line', { x1: 0, x2: w, y1: line, y2: line, class: 'border' }),
      text(narrow ? 2 : edge - 14, head - 16, narrow ? 'start' : 'end', t('supply')),
      text(mid, head - 16, 'middle', t('storage')),
      text(narrow ? w - 2 : w - edge + 14, head - 16, narrow ? 'end' : 'start', t('demand')),
      text(mid + (narrow ? 14 : 24), line + 18, 'start', t(narrow ? 'outsideShort' : 'outside'), 'zone small'),
    );
  }

  private side(nodes: Node[], at: Place[], g: { from: number; to: number; top: number; side: number; room: number; em: number }, used: Set<string>): void {
    let y = g.top;
    nodes.forEach((n, i) => {
      const p = at[i]!;
      const hub = y + p.band / 2;
      y += p.band;
      const [a, b] = g.side < 0 ? [p.y, hub] : [hub, p.y];
      const bend = (g.from + g.to) / 2;
      const d = `M${g.from},${a} C${bend},${a} ${bend},${b} ${g.to},${b}`;
      const x = g.side < 0 ? g.from : g.to;
      const e = this.node(n);
      used.add(n.id);
      set(e.ribbon, { d: ribbon(g.from, a, g.to, b, p.band), class: `ribbon ${n.color}` });
      set(e.flow, { d, 'stroke-width': Math.min(4, p.band * 0.5), class: n.watts > 0 ? 'run' : 'run still' });
      set(e.bar, { x: g.side < 0 ? x - 6 : x, y: p.y - Math.max(p.band, 3) / 2, width: 6, height: Math.max(p.band, 3), class: `bar ${n.color}` });
      const tx = g.side < 0 ? x - 14 : x + 14, anchor = g.side < 0 ? 'end' : 'start';
      set(e.label, { x: tx, y: p.y - 3, 'text-anchor': anchor });
      set(e.value, { x: tx, y: p.y + 14, 'text-anchor': anchor, class: n.watts > 0 ? 'value' : 'value zero' });
      say(e.label, fit(n.label, g.room, g.em));
      say(e.value, power(n.watts));
    });
  }

  private node(n: Node): Drawn {
    let d = this.drawn.get(n.id);
    if (d) return d;
    d = { ribbon: s('path'), flow: s('path'), bar: s('rect', { rx: 2 }), label: s('text', { class: 'label' }), value: s('text', { class: 'value' }) };
    this.ribbons.append(d.ribbon, d.flow);
    this.marks.append(d.bar, d.label, d.value);
    this.drawn.set(n.id, d);
    return d;
  }

  private storage(town: Town, mid: number, head: number, tall: number, hubTop: number, hubW: number, narrow: boolean): void {
    const b = this.battery, st = town.storage;
    const wide = narrow ? Math.min(74, mid * 0.44) : 108;
    const power_w = town.flow.charge_w || town.flow.discharge_w;
    const full = st.energy_wh > 0 && st.soc_wh !== null ? Math.min(1, st.soc_wh / st.energy_wh) : 0;
    const y = head;
    set(b.box, { x: mid - wide / 2, y, width: wide, height: tall });
    set(b.cap, { x: mid + wide / 2, y: y + tall * 0.3, width: 6, height: tall * 0.4 });
    set(b.level, { x: mid - wide / 2 + 4, y: y + 4, width: Math.max(0, (wide - 8) * full), height: tall - 8 });
    set(b.text, { x: mid, y: y + tall / 2 + 1 });
    set(b.note, { x: mid, y: y + tall / 2 + 17 });
    say(b.text, st.energy_wh > 0 && st.soc_wh !== null ? `${Math.round(full * 100)} %` : '–');
    const signed = `${town.flow.charge_w > 0 ? '+' : '−'}${power(power_w)}`;
    say(b.note, power_w <= 0 ? t('idle') : narrow ? signed : t(town.flow.charge_w > 0 ? 'charging' : 'discharging', power(power_w)));
    const band = power_w > 0 ? Math.min(Math.max(power_w * this.scale, MIN_BAND), hubW) : 0;
    const ends = town.flow.charge_w > 0 ? [hubTop, y + tall] : [y + tall, hubTop];
    const d = `M${mid},${ends[0]} L${mid},${ends[1]}`;
    set(b.ribbon, { d: `M${mid - band / 2},${hubTop} V${y + tall} h${band} V${hubTop} Z` });
    set(b.flow, { d, 'stroke-width': Math.min(4, band * 0.5), class: band > 0 ? 'run' : 'run still' });
  }
}
