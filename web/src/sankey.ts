// sankey.ts: from sources on the left to uses on the right: the width of a band is its energy, numbers stand beside.
import { s, set } from './dom';
import { energy } from './format';

export interface Side { label: string; color: string; wh: number }
export interface Link { from: number; to: number; wh: number }

const GAP = 10, TALL = 340, LEAST = 16;

interface Place { y: number; h: number; at: number }

// Stacks nodes; each has room for its label, however little flows.
function stack(nodes: Side[], scale: number): { places: Place[]; end: number } {
  let y = 8;
  const places = nodes.map((n) => {
    const h = Math.max(1.5, n.wh * scale), room = Math.max(h, LEAST), top = y + (room - h) / 2;
    y += room + GAP;
    return { y: top, h, at: top };
  });
  return { places, end: y };
}

const band = (x0: number, y0: number, x1: number, y1: number, h: number): string => {
  const m = (x0 + x1) / 2;
  return `M${x0},${y0} C${m},${y0} ${m},${y1} ${x1},${y1} L${x1},${y1 + h} C${m},${y1 + h} ${m},${y0 + h} ${x0},${y0 + h} Z`;
};

function cut(label: string, px: number): string {
  let w = 0;
  for (let i = 0; i < label.length; i++) {
    w += label.charCodeAt(i) > 0x2e7f ? 12.5 : 6.8;
    if (w > px) return `${label.slice(0, Math.max(1, i - 1)).trimEnd()}…`;
  }
  return label;
}

function node(n: Side, p: Place, x: number, width: number, right: boolean): SVGElement[] {
  const tx = right ? x + 16 : x - 6;
  return [
    s('rect', { x, y: p.y, width: 10, height: p.h, rx: 2, class: `bar ${n.color}` }),
    s('text', { x: tx, y: p.y + p.h / 2 + 4, 'text-anchor': right ? 'start' : 'end', class: 'label' }, cut(n.label, width - 70), s('tspan', { dx: 6, class: 'amount' }, energy(n.wh))),
  ];
}

export class Sankey {
  readonly el = s('svg', { class: 'sankey', role: 'img' });
  private data: { left: Side[]; right: Side[]; links: Link[]; title: string } | null = null;
  private watcher: ResizeObserver;
  constructor(host: HTMLElement) {
    host.append(this.el);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(host);
  }
  destroy(): void {
    this.watcher.disconnect();
  }
  show(title: string, left: Side[], right: Side[], links: Link[]): void {
    this.data = { left, right, links, title };
    this.draw();
  }
  private draw(): void {
    const d = this.data, w = this.el.parentElement?.clientWidth ?? 0;
    if (!d || w < 100) return;
    const most = Math.max(1, d.left.reduce((a, n) => a + n.wh, 0), d.right.reduce((a, n) => a + n.wh, 0));
    const a = stack(d.left, TALL / most), b = stack(d.right, TALL / most), tall = Math.ceil(Math.max(a.end, b.end));
    const side = Math.min(230, Math.max(118, w * 0.3)), x0 = side, x1 = w - side - 10;
    const bands = d.links.filter((l) => l.wh > 0).map((l) => {
      const from = a.places[l.from]!, to = b.places[l.to]!, high = Math.max(0.6, (l.wh * TALL) / most);
      const path = s('path', { d: band(x0 + 10, from.at, x1, to.at, high), class: `ribbon ${d.left[l.from]!.color}` }, s('title', {}, `${d.left[l.from]!.label} → ${d.right[l.to]!.label}: ${energy(l.wh)}`));
      from.at += (l.wh * TALL) / most;
      to.at += (l.wh * TALL) / most;
      return path;
    });
    set(this.el, { viewBox: `0 0 ${w} ${tall}`, width: w, height: tall });
    this.el.replaceChildren(s('title', {}, `${d.title}. ${d.left.map((n) => `${n.label} ${energy(n.wh)}`).join(', ')}; ${d.right.map((n) => `${n.label} ${energy(n.wh)}`).join(', ')}`), ...bands,
      ...d.left.flatMap((n, i) => node(n, a.places[i]!, x0, side, false)), ...d.right.flatMap((n, i) => node(n, b.places[i]!, x1, side, true)));
  }
}
