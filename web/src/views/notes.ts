// notes.ts: what one operator leaves for the next, a note a day. Two who write at once see both.
import { apiWrite, mistakes, WriteProblem } from '../account';
import { get, onTown, Problem } from '../api';
import { h, say } from '../dom';
import type { View } from '../main';
import { t } from '../texts';

interface NoteRecord { version: number; actor: string; known: string; value: { day: string; text: string } }

export function notesView(): View {
  const title = t('notesTitle');
  const text = h('textarea', { id: 'note', class: 'entry', rows: '8', maxlength: '1200' });
  const when = h('input', { id: 'note-day', class: 'entry', type: 'date', required: true });
  const state = h('p', { class: 'note', role: 'status' }), fault = h('p', { class: 'fault', role: 'alert' });
  const theirs = h('div', {});
  const go = h('button', { type: 'submit', class: 'more' }, t('save'));
  const form = h('form', { class: 'card form' }, h('p', { class: 'field' }, h('label', { for: 'note-day' }, t('noteDay')), when), h('p', { class: 'field' }, h('label', { for: 'note' }, t('noteText')), text), theirs, fault, state, h('p', { class: 'acts' }, go));
  const el = h('section', { class: 'view' }, h('h1', { tabindex: '-1' }, title), form);
  let version = 0;
  let gone = false;
  let asked = 0; // the last that was asked for is what is shown
  let typed = 0;
  text.addEventListener('input', () => typed++);

  const path = (): string => `records/handover/day-${when.value}`;
  function show(r: NoteRecord | null): void {
    version = r?.version ?? 0;
    text.value = r?.value.text ?? '';
    say(state, r ? t('noteBy', r.actor, r.known.slice(0, 16).replace('T', ' ')) : t('noteNone'));
    theirs.replaceChildren();
    say(fault, '');
  }
  async function load(): Promise<void> {
    if (!when.value) return;
    const mine = ++asked;
    const had = typed;
    try {
      const r = await get<NoteRecord>(path());
      if (gone || mine !== asked) return;
      if (typed === had) show(r);
      else showBoth(r); // what was typed meanwhile stays
    } catch (e) {
      if (gone || mine !== asked) return;
      if (typed === had) show(null);
      if (!(e instanceof Problem && e.status === 404)) say(fault, mistakes(e));
    }
  }
  function showBoth(now: NoteRecord | null): void {
    version = now?.version ?? 0;
    const take = h('button', { type: 'button', class: 'more' }, t('noteTake'));
    take.addEventListener('click', () => show(now));
    theirs.replaceChildren(h('h2', {}, t('noteTheirs', now?.actor ?? '')), h('p', { class: 'quoted' }, now?.value.text ?? ''), h('p', { class: 'note' }, t('noteBoth')), take);
  }
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    say(fault, '');
    go.disabled = true;
    asked++;
    apiWrite<NoteRecord>('PUT', path(), { day: when.value, text: text.value }, { version }).then((r) => {
      if (r) {
        show(r.value);
        say(state, t('saved'));
      }
    }, (problem) => {
      say(fault, mistakes(problem));
      if (problem instanceof WriteProblem && problem.status === 409) showBoth(problem.body.theirs as NoteRecord | null);
    }).finally(() => (go.disabled = false));
  });
  when.addEventListener('change', () => void load());
  const stop = onTown((town) => { // the day is the town's
    if (!town || when.value) return;
    when.value = town.day;
    void load();
  });
  return { el, title, up: '#/', destroy: () => ((gone = true), stop()) };
}
