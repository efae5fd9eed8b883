// peak.ts: the 30-minute mean of a point against what it may cost: the standing peak and the contract.
import type { Point } from '../api';
import { h } from '../dom';
import { none, power, slotTime } from '../format';
import { has, t, type Text } from '../texts';

export const slotted = (p: Point): boolean => p.reading === 'slot';

function row(key: string, label: string, value: string): HTMLElement {
  return h('div', {}, h('dt', {}, h('span', { class: `key ${key}`, 'aria-hidden': 'true' }), label), h('dd', {}, value));
}

function mark(cls: string, at: string): HTMLElement {
  const el = h('span', { class: cls });
  el.style.left = at;
  return el;
}

// What is left up to the standing peak, or by how much it is exceeded.
function verdict(p: Point): HTMLElement | null {
  const reached = Math.max(p.peak_today?.power_w ?? 0, p.now.mean_w ?? 0);
  if (p.standing_w <= 0 || reached <= 0) return null;
  const over = reached - p.standing_w;
  return h('p', { class: over > 0 ? 'note trouble' : 'note' }, over > 0 ? t('peakAbove', power(over)) : t('peakFree', power(-over)));
}

export function peakBox(p: Point): HTMLElement {
  if (!slotted(p)) return h('p', { class: 'note' }, t('noSlots', has(`reading${p.reading}`) ? t(`reading${p.reading}` as Text) : p.reading));
  const mean = p.now.mean_w, day = p.peak_today;
  const top = Math.max(p.contract_w, p.standing_w, day?.power_w ?? 0, mean ?? 0, 1);
  const at = (w: number) => `${Math.min(100, (100 * w) / top)}%`;
  const fill = h('span', { class: p.standing_w > 0 && (mean ?? 0) > p.standing_w ? 'fill over' : 'fill' });
  fill.style.width = at(mean ?? 0);
  return h('div', { class: 'peak' },
    h('div', { class: 'meter', 'aria-hidden': 'true' }, fill,
      day ? mark('daypeak', at(day.power_w)) : null, p.standing_w > 0 ? mark('stand', at(p.standing_w)) : null),
    h('dl', { class: 'peaks' },
      row('fillkey', t('peakMean'), power(mean)),
      row('daykey', day ? t('peakDay', slotTime(day.slot)) : t('peakDay', none), day ? power(day.power_w) : none),
      p.standing_w > 0 ? row('standkey', t('peakStand'), power(p.standing_w)) : '',
      p.contract_w > 0 ? row('endkey', t('contract'), power(p.contract_w)) : ''),
    verdict(p));
}
