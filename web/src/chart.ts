// chart.ts: the 48 slots of a day as a figure: lines, a band, limits, the slot in hand; gaps stay gaps.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Ints } from './api';
import { h, say } from './dom';
import { energyParts, hour, intensityParts, none, powerParts, slotTime, tick } from './format';
import { t } from './texts';

export interface Line { label: string; values: Ints; color: string; style: 'line' | 'area' | 'dash' | 'thin' }
export interface Band { label: string; low: Ints; high: Ints; color: string }
export interface Limit { label: string; value: number; color: string }
export interface Figure { lines: Line[]; band?: Band | undefined; limits?: Limit[]; slot: number; unit: 'power' | 'energy' | 'intensity'; label: string }

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// A value holds for its half-hour: each slot has its two ends, so that the last one before a gap is whole.
const hours = Array.from({ length: 96 }, (_, i) => Math.ceil(i / 2) / 2);
const drawn = (v: Ints): Ints => v.flatMap((x) => [x, x]);
const text = (v: number | null | undefined, unit: Figure['unit']): string =>
  (unit === 'power' ? powerParts(v) : unit === 'energy' ? energyParts(v) : intensityParts(v)).join(' ').trim();

function seriesOf(f: Figure): uPlot.Series[] {
  const out: uPlot.Series[] = [{}];
  if (f.band) {
    out.push({ stroke: 'transparent', width: 0, points: { show: false } });
    out.push({ stroke: 'transparent', width: 0, points: { show: false }, fill: 'transparent' });
  }
  for (const l of f.lines) {
    const c = css(l.color);
    out.push({
      label: l.label,
      stroke: c,
      width: l.style === 'thin' || l.style === 'dash' ? 1.5 : 2.25,
      ...(l.style === 'dash' ? { dash: [6, 4] } : {}),
      ...(l.style === 'area' ? { fill: `${c}2e` } : {}),
      points: { show: false },
      spanGaps: false,
    });
  }
  return out;
}

function dataOf(f: Figure): uPlot.AlignedData {
  const rows: Ints[] = [];
  if (f.band) rows.push(drawn(f.band.high), drawn(f.band.low));
  for (const l of f.lines) rows.push(drawn(l.values));
  return [hours, ...rows] as uPlot.AlignedData;
}

function most(f: Figure): number {
  let m = 0;
  const look = (v: Ints) => v.forEach((x) => x !== null && x > m && (m = x));
  f.lines.forEach((l) => look(l.values));
  if (f.band) look(f.band.high);
  f.limits?.forEach((l) => l.value > m && (m = l.value));
  return m > 0 ? m * 1.08 : 1;
}

// Round steps for any size: 1, 2, 5 times a power of ten.
function ticks(max: number): number[] {
  const raw = max / 4;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * ten).find((s) => s >= raw)!;
  const out = [];
  for (let v = 0; v <= max; v += step) out.push(v);
  return out;
}

export class Chart {
  readonly el: HTMLElement;
  private readonly box = h('div', { class: 'plot', 'aria-hidden': 'true' });
  private readonly legend = h('ul', { class: 'legend' });
  private readonly summary = h('p', { class: 'sr' });
  private readonly details = h('details', { class: 'figures' });
  private plot: uPlot | null = null;
  private shape = '';
  private content = '';
  private figure: Figure | null = null;
  private watcher: ResizeObserver;

  constructor(private readonly height = 190) {
    this.details.append(h('summary', {}, t('table')));
    this.details.addEventListener('toggle', () => this.fillTable());
    this.el = h('div', { class: 'chart' }, this.legend, this.box, this.summary, this.details);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.box);
  }

  destroy(): void {
    this.watcher.disconnect();
    this.plot?.destroy();
  }

  // Colours come from the sheet: called when the theme changes.
  restyle(): void {
    this.shape = '';
    this.content = '';
    if (this.figure) this.show(this.figure);
  }

  show(f: Figure): void {
    this.figure = f;
    const content = JSON.stringify([f.lines.map((l) => l.values), f.band?.low, f.band?.high, f.limits, f.slot]);
    if (content === this.content && this.plot) return;
    this.content = content;
    const shape = JSON.stringify([f.lines.map((l) => [l.label, l.style]), !!f.band, f.limits?.map((l) => l.label)]);
    if (shape !== this.shape || !this.plot) this.make(f, shape);
    else this.plot.setData(dataOf(f));
    const last = f.lines[0]?.values.filter((v) => v !== null).length ?? 0;
    say(this.summary, `${f.label}: ${f.lines.map((l) => `${l.label} ${text(l.values[Math.max(0, last - 1)], f.unit)}`).join(', ')}`);
    this.fillTable();
  }

  private make(f: Figure, shape: string): void {
    this.plot?.destroy();
    this.shape = shape;
    this.drawLegend(f);
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: css('--faint-ink'), font, ticks: { show: false } };
    const narrow = (): boolean => this.box.clientWidth < 420;
    const opts: uPlot.Options = {
      width: Math.max(this.box.clientWidth, 120),
      height: this.height,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: [0, 24] }, y: { range: () => [0, most(this.figure!)] } },
      axes: [
        { ...axis, size: 26, splits: () => (narrow() ? [0, 6, 12, 18, 24] : [0, 3, 6, 9, 12, 15, 18, 21, 24]), values: (_u, v) => v.map((x) => hour(x)), grid: { stroke: css('--line'), width: 1 } },
        { ...axis, size: 62, splits: () => ticks(most(this.figure!)), values: (_u, v) => v.map((x) => (f.unit === 'intensity' ? text(x, f.unit) : tick(x, most(this.figure!), f.unit === 'power' ? 'W' : 'Wh'))), grid: { stroke: css('--line'), width: 1 } },
      ],
      series: seriesOf(f),
      ...(f.band ? { bands: [{ series: [1, 2] as [number, number], fill: `${css(f.band.color)}38` }] } : {}),
      hooks: { draw: [(u) => this.drawMarks(u)], setCursor: [(u) => this.point(u)] },
    };
    this.plot = new uPlot(opts, dataOf(f), this.box);
  }

  private drawMarks(u: uPlot): void {
    const f = this.figure!;
    const { ctx, bbox } = u;
    ctx.save();
    for (const l of f.limits ?? []) {
      const y = Math.round(u.valToPos(l.value, 'y', true));
      ctx.strokeStyle = css(l.color);
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    if (f.slot >= 0) {
      const x = Math.round(u.valToPos(f.slot / 2, 'x', true));
      ctx.setLineDash([]);
      ctx.strokeStyle = css('--now');
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  private drawLegend(f: Figure): void {
    const item = (label: string, color: string, shape: string) =>
      h('li', {}, h('span', { class: `key ${shape} ${color.slice(2)}` }), h('span', {}, label), h('output', { 'aria-hidden': 'true' }));
    this.legend.replaceChildren(
      ...f.lines.map((l) => item(l.label, l.color, l.style)),
      ...(f.band ? [item(f.band.label, f.band.color, 'band')] : []),
      ...(f.limits ?? []).map((l) => item(`${l.label} ${text(l.value, f.unit)}`, l.color, 'limit')),
    );
  }

  // The values under the pointer, in the legend.
  private point(u: uPlot): void {
    const f = this.figure!;
    const left = u.cursor.left ?? -1;
    const i = left < 0 ? -1 : Math.min(47, Math.max(0, Math.floor(u.posToVal(left, 'x') * 2)));
    [...this.legend.children].forEach((li, k) => {
      const line = f.lines[k];
      const out = li.querySelector('output');
      if (!out) return;
      const value = line && i >= 0 ? `${k === 0 ? slotTime(i) + '  ' : ''}${text(line.values[i], f.unit)}` : '';
      say(out, value);
    });
  }

  private fillTable(): void {
    const f = this.figure;
    if (!f || !this.details.open) return;
    const head = h('tr', {}, h('th', { scope: 'col' }, t('time')), ...f.lines.map((l) => h('th', { scope: 'col' }, l.label)));
    const rows = Array.from({ length: 48 }, (_, i) =>
      h('tr', {}, h('th', { scope: 'row' }, slotTime(i)), ...f.lines.map((l) => h('td', {}, l.values[i] === null || l.values[i] === undefined ? none : text(l.values[i], f.unit)))),
    );
    this.details.querySelector('table')?.parentElement?.remove();
    this.details.append(h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': f.label }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))));
  }

  private resize(): void {
    const width = this.box.clientWidth;
    if (this.plot && width > 0 && Math.abs(width - this.plot.width) > 1) this.plot.setSize({ width, height: this.height });
  }
}

// A slot's energy as the mean power over it.
export const asPower = (v: Ints): Ints => v.map((x) => (x === null ? null : 2 * x));
