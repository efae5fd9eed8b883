// account.ts: who is logged in, and the one way in which a page writes.
import { get, onLoginNeeded, Problem } from './api';
import { h, say } from './dom';
import { lang, t, type Text } from './texts';

export type Role = 'reader' | 'operator' | 'approver' | 'auditor' | 'editor';
export interface Me { user: string | null; roles: Role[]; bureau?: string | null; csrf: string | null; ends: string | null; users?: boolean }

let me: Me = { user: null, roles: [], csrf: null, ends: null };
const listeners = new Set<(m: Me) => void>();

function take(m: Me): void {
  me = m;
  for (const l of listeners) l(me);
}
export const meNow = (): Me => me;
export function onMe(fn: (m: Me) => void): () => void {
  listeners.add(fn);
  fn(me);
  return () => listeners.delete(fn);
}
export async function loadMe(): Promise<void> {
  take(await get<Me>('me').catch(() => me));
}

// ---- writing ----

// type: the body is a file as it is, of this type. file: the answer is one.
export interface WriteOptions { version?: number; key?: string; type?: string; file?: boolean }
export interface Written<T> { value: T; version: number | null }
// A problem with everything that came with it: diagnoses, or both versions of what two people changed.
export class WriteProblem extends Problem {
  constructor(p: Problem, readonly body: any) {
    super(p.status, p.id, p.ja, p.en);
  }
}

async function send(method: string, path: string, body: unknown, o: WriteOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': lang() };
  if (body !== undefined) headers['content-type'] = o.type ?? 'application/json';
  if (me.csrf) headers['x-mizo-csrf'] = me.csrf;
  if (o.version !== undefined) headers['if-match'] = `"${o.version}"`;
  if (o.key) headers['idempotency-key'] = o.key;
  return fetch(`/api/v1/${path}`, { method, headers, cache: 'no-store', credentials: 'same-origin', ...(body !== undefined ? { body: o.type ? (body as BodyInit) : JSON.stringify(body) } : {}) });
}

async function read<T>(r: Response, file = false): Promise<Written<T>> {
  const body = r.ok && file ? await r.blob() : await r.json().catch(() => ({}));
  const version = /^"(\d+)"$/.exec(r.headers.get('etag') ?? '')?.[1];
  if (r.ok) return { value: body as T, version: version ? Number(version) : null };
  throw new WriteProblem(new Problem(r.status, body.id ?? '', body.detail_ja ?? String(r.status), body.detail_en ?? String(r.status)), body);
}

// Writes for whoever is logged in. Where nobody is, or the session has ended, it asks, and then goes on with the same
// request and the same key: what was typed stays where it is. Rejects with WriteProblem; null: the person gave up.
export async function apiWrite<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, o: WriteOptions = {}): Promise<Written<T> | null> {
  const sure: WriteOptions = { key: crypto.randomUUID?.() ?? String(Math.random()).slice(2), ...o };
  if (!me.user && !(await login())) return null;
  let r = await send(method, path, body, sure);
  if (r.status === 401) {
    take({ ...me, user: null, csrf: null });
    if (!(await login('sessionEnded'))) return null;
    r = await send(method, path, body, sure);
  }
  return read<T>(r, o.file);
}

export const problemText = (e: unknown): string => (e instanceof Problem ? (lang() === 'ja' ? e.ja : e.en) : String(e));

// What a form's fields have to say: all mistakes, not the first alone.
export function mistakes(e: unknown, ofFile = false): string {
  const list = e instanceof WriteProblem && Array.isArray(e.body.diagnoses) ? (e.body.diagnoses as { text_ja: string; text_en: string; line: number; column: number }[]) : [];
  const at = (d: { line: number; column: number }): string => (ofFile && d.line ? t('mistakeAt', d.line, d.column) : '');
  return list.length ? list.map((d) => at(d) + (lang() === 'ja' ? d.text_ja : d.text_en)).join('\n') : problemText(e);
}

// ---- asking for a login ----

export function field(id: string, label: string, attrs: Record<string, string | boolean>): { row: HTMLElement; input: HTMLInputElement } {
  const input = h('input', { id, class: 'entry', ...attrs });
  return { row: h('p', { class: 'field' }, h('label', { for: id }, label), input), input };
}

export interface Sheet { title: Text; note?: string; fields: { row: HTMLElement; input: HTMLInputElement }[]; act: Text; send: () => Promise<void> }

// A form in a dialog over the page; resolves true when its request went well, false when it was closed.
export function sheet(o: Sheet): Promise<boolean> {
  return new Promise((resolve) => {
    const fault = h('p', { class: 'fault', role: 'alert' });
    const go = h('button', { type: 'submit', class: 'act' }, t(o.act));
    const close = h('button', { type: 'button', class: 'tool' }, t('close'));
    const form = h('form', {}, h('h2', { id: 'sheet-title' }, t(o.title)), o.note ? h('p', { class: 'note' }, o.note) : null, ...o.fields.map((f) => f.row), fault, h('p', { class: 'acts' }, go, close));
    const box = h('dialog', { 'aria-labelledby': 'sheet-title', class: 'form' }, form);
    let done = false;
    close.addEventListener('click', () => box.close());
    box.addEventListener('close', () => {
      box.remove();
      resolve(done);
    });
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      say(fault, '');
      go.disabled = true;
      o.send().then(() => {
        done = true;
        box.close();
      }, (problem) => {
        say(fault, mistakes(problem));
        go.disabled = false;
        o.fields[o.fields.length - 1]?.input.select();
      });
    });
    document.body.append(box);
    box.showModal();
    o.fields.find((f) => !f.input.value)?.input.focus();
  });
}

let asking: Promise<boolean> | null = null;
let declined = false;
window.addEventListener('hashchange', () => (declined = false));

export function login(why?: Text): Promise<boolean> {
  if (asking) return asking;
  const user = field('login-user', t('userName'), { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true });
  const password = field('login-password', t('password'), { type: 'password', autocomplete: 'current-password', required: true });
  asking = sheet({
    title: 'loginTitle', act: 'loginAct', fields: [user, password], ...(why ? { note: t(why) } : {}),
    send: async () => take({ users: true, ...(await read<Me>(await send('POST', 'login', { user: user.input.value, password: password.input.value }, {}))).value }),
  }).finally(() => (asking = null));
  return asking;
}

// Reading that needs a login asks once, and not again before the person goes somewhere else.
onLoginNeeded(async () => {
  if (declined || location.hash.startsWith('#/first/') || location.hash.startsWith('#/link/')) return false;
  const yes = await login('readingClosed');
  declined = !yes;
  return yes;
});

// ---- by a link ----

export async function byLink(first: boolean, link: string, user: string, password: string): Promise<void> {
  const body = first ? { link, user, password } : { link, password };
  take({ users: true, ...(await read<Me>(await send('POST', first ? 'first' : 'link', body, {}))).value });
}

// ---- the account menu ----

export async function logout(): Promise<void> {
  await send('POST', 'logout', undefined, {}).catch(() => null);
  take({ user: null, roles: [], csrf: null, ends: null, users: true });
}

function changePassword(): Promise<boolean> {
  const old = field('old-password', t('passwordOld'), { type: 'password', autocomplete: 'current-password', required: true });
  const fresh = field('new-password', t('passwordNew'), { type: 'password', autocomplete: 'new-password', required: true, minlength: '12' });
  return sheet({
    title: 'passwordTitle', act: 'passwordAct', fields: [old, fresh], note: t('passwordNote'),
    send: async () => take({ users: true, ...(await read<Me>(await send('POST', 'password', { old: old.input.value, password: fresh.input.value }, {}))).value }),
  });
}

const roleTexts: Record<Role, Text> = { reader: 'rolereader', operator: 'roleoperator', approver: 'roleapprover', auditor: 'roleauditor', editor: 'roleeditor' };
// Who runs the town may enter what an editor may.
export const mayAs = (r: Role): boolean => me.roles.includes(r) || (r === 'editor' && me.roles.includes('operator'));
export const roleText = (r: Role): string => t(roleTexts[r]);

export function openAccount(): void {
  if (!me.user) {
    void login();
    return;
  }
  const close = h('button', { type: 'button', class: 'tool' }, t('close'));
  const out = h('button', { type: 'button', class: 'more' }, t('logout'));
  const change = h('button', { type: 'button', class: 'more' }, t('passwordTitle'));
  const notes = h('a', { href: '#/notes', class: 'more' }, t('notesTitle'));
  const box = h('dialog', { 'aria-labelledby': 'account-title', class: 'form' }, h('h2', { id: 'account-title' }, me.user), h('p', { class: 'note' }, [...me.roles.map(roleText), me.bureau ?? ''].filter(Boolean).join(' · ')),
    h('p', { class: 'acts' }, notes, change, out, close));
  close.addEventListener('click', () => box.close());
  notes.addEventListener('click', () => box.close());
  change.addEventListener('click', () => {
    box.close();
    void changePassword();
  });
  out.addEventListener('click', () => {
    box.close();
    void logout();
  });
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
}
