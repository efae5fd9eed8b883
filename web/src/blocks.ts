// blocks.ts: a document of the server as its blocks: headings, notes, pairs, tables.
import { h, type Child } from './dom';
import { none } from './format';
import { left, rows, table, tr } from './pieces';

export interface Block { kind: string; level?: number; key?: string; text?: string; caption?: string | null; columns?: { title: string | null; unit: string | null }[]; rows?: (string | null)[][] }

// A cell of digits stands to the right, like the others of its column.
const numeric = (s: string | null | undefined): boolean => !s || /^[▲−+-]?[\d,.]+( ?[%％]| kWh)?\*?$/.test(s);

function tableOf(b: Block): HTMLElement {
  const list = b.rows ?? [], right = (b.columns ?? []).map((_, i) => i > 0 && list.some((r) => r[i]) && list.every((r) => numeric(r[i])));
  const title = (c: { title: string | null; unit: string | null }): string => [c.title ?? '', c.unit ? `[${c.unit}]` : ''].filter(Boolean).join(' ');
  const box = table(b.caption ?? '', (b.columns ?? []).map((c, i) => (right[i] || i === 0 ? '' : '<') + title(c)),
    list.map((r) => tr(r[0] ?? none, ...r.slice(1).map((v, i) => (right[i + 1] ? h('td', {}, v ?? none) : left(v ?? none))))));
  return h('div', {}, b.caption ? h('h3', {}, b.caption) : null, box);
}

// Pairs that follow each other become one list.
export function blocks(all: Block[]): Child[] {
  const out: Child[] = [];
  for (let i = 0; i < all.length; i++) {
    const b = all[i]!;
    if (b.kind === 'pair') {
      const list: [string, Child][] = [];
      for (; all[i]?.kind === 'pair'; i++) list.push([all[i]!.key ?? '', all[i]!.text ?? '']);
      i--;
      out.push(rows(list));
    } else if (b.kind === 'table') {
      if (b.rows?.length) out.push(tableOf(b));
    } else if (b.text) {
      out.push(b.kind === 'heading' ? h('h3', {}, b.text) : h('p', { class: b.kind === 'note' ? 'note' : '' }, b.text));
    }
  }
  return out;
}
