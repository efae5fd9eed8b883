// deskact.ts: what people do at the desk: draft, put a half-hour right, file, take up the proposal, take files in.
import { acts, fileButton, type Act } from '../act';
import { h } from '../dom';
import { kwh, money, slotTime } from '../format';
import { t } from '../texts';
import { card, word } from '../pieces';
import { openBars, type Desk } from './desk';

const DAY_KWH = /^\d{1,9}(\.\d{1,3})?$/;

// "77.5" kWh as whole Wh, without a floating number in between.
function whOf(text: string): number {
  if (!DAY_KWH.test(text)) throw new Error(t('deskKwhWrong'));
  const [whole, part = ''] = text.split('.') as [string, string?];
  return Number(whole) * 1000 + Number(part.padEnd(3, '0'));
}
function slotOf(text: string): number {
  const m = /^(\d\d):(00|30)$/.exec(text);
  if (!m) throw new Error(t('deskTimeWrong'));
  return Number(m[1]) * 2 + (m[2] === '30' ? 1 : 0);
}

function slotAct(d: Desk, q: string, done: () => void): Act {
  const many = d.group.members.trim().split(/\s+/).length > 1;
  const stands = (a: Record<string, string>): number => d.corrections.find((c) => slotTime(c.slot) === a.slot && (!a.member || c.member === a.member))?.version ?? 0;
  return {
    label: t('deskActSlot'), role: 'operator', path: `desk/slot?${q}`, versionOf: stands, done,
    ask: [{ name: 'slot', label: t('time'), type: 'time', step: '1800', required: true, value: '12:00' }, { name: 'kwh', label: t('deskActKwh'), required: true, hint: '77.5' }, ...(many ? [{ name: 'member', label: t('deskActMember'), required: true }] : []), { name: 'reason', label: t('deskReason'), required: true }],
    make: (a) => ({ slot: slotOf(a.slot ?? ''), wh: whOf(a.kwh ?? ''), reason: a.reason, ...(a.member ? { member: a.member } : {}) }),
  };
}

// What was taken up; of batteries their target, half-hour by half-hour, and the way back.
function decided(d: Desk, q: string, again: () => void): HTMLElement | null {
  const x = d.decision, moved = x?.steers ? x.move_wh ?? [] : [];
  if (!x) return null;
  const back: Act = { label: t('deskActRelease'), role: 'operator', path: `desk/move?${q}`, version: x.version, body: { move: 'hold', wh: 0 }, ask: [{ name: 'reason', label: t('deskReason'), required: true }], done: again };
  return h('div', { class: 'decided' }, h('p', { class: 'note' }, t('deskDecided', word('deskMove', x.move), kwh(x.wh), [x.actor, x.reason].filter(Boolean).join(': '))),
    moved.length ? h('p', {}, t('deskTarget', kwh(moved.reduce((a, wh) => a + Math.max(0, wh), 0)), kwh(moved.reduce((a, wh) => a + Math.max(0, -wh), 0)))) : null,
    moved.length ? openBars(moved, t('deskTargetBars'), '') : null, moved.length ? acts(back) : null);
}

const typeOf = (name: string): string => (/\.csv$/i.test(name) ? 'text/csv' : 'application/octet-stream');

export function deskActs(d: Desk, done: (said?: string) => void): HTMLElement {
  const q = `day=${d.day}&group=${d.group.id}`, member = d.group.role === 'member', again = (): void => done();
  const file: Act = { label: t('deskActFile'), role: 'operator', path: `desk/file?${q}`, version: d.filed?.version ?? 0, body: member ? { xlsx: true } : {}, ask: [{ name: 'reason', label: t('deskReason'), required: !!d.filed }], note: d.filed ? t('deskActLater') : '', done: again };
  const upload = (label: string, to: string, more: string, said: (r: any) => string, told = false): HTMLElement => fileButton(label, 'operator', (name) => `desk/${to}?${q}&name=${encodeURIComponent(name)}${more}`, typeOf, (r) => done(said(r)), [], told);
  const p = d.position, move = p?.moves.find((m) => m.move === p.proposal);
  const idle = p?.proposal === 'hold' && !!d.decision?.steers; // to wait would take back what batteries were told
  const take: Act | null = p?.priced && move && !idle ? { label: `${t('deskActTake')}: ${word('deskMove', p.proposal)}`, role: 'operator', path: `desk/move?${q}`, version: d.decision?.version ?? 0, body: { move: move.move, wh: move.wh }, ask: [{ name: 'reason', label: t('deskReason') }], note: move.wh ? t('deskMoveWh', kwh(move.wh), money(move.paid_yen)) : '', done: again } : null;
  const taken = (r: { name: string }): string => t('deskTaken', r.name);
  return card(t('deskActs'), acts({ label: t('deskActDraft'), role: 'operator', path: `desk/draft?${q}`, done: again }, d.plan && slotAct(d, q, again), d.plan && file, take),
    h('p', { class: 'acts' }, d.group.role === 'parent' ? upload(t('deskActMembers'), 'members', '', taken) : null, upload(t('deskActPlants'), 'plants', '', taken), upload(t('deskActSpot'), 'results', '&market=spot', taken), upload(t('deskActIntraday'), 'results', '&market=intraday', taken),
      member ? upload(t('deskActParent'), 'parent', '', (r: { differ: number; slots: number; difference_yen: string }) => t('deskChecked', r.slots, r.differ, money(r.difference_yen)), true) : null),
    d.filed ? h('p', { class: 'acts' }, ...(member ? [['filed', 'CSV'], ['xlsx', 'XLSX']] : [['filed', 'XML']]).map(([f, name]) => h('a', { href: `/api/v1/desk/file?${q}&format=${f}`, target: '_blank', rel: 'noopener' }, t('deskFileAs', name!)))) : null,
    decided(d, q, again));
}
