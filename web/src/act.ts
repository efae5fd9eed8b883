// act.ts: buttons that write: one press, one request; what is refused is said beside the button, a reason is asked first.
import { apiWrite, field, mayAs, mistakes, sheet, type Role, type WriteOptions } from './account';
import { h, say, type Child } from './dom';
import { t, type Text } from './texts';

export interface Act {
  label: string;
  role: Role;
  method?: 'POST' | 'PUT';
  path: string | ((answers: Record<string, string>) => string);
  body?: unknown;
  version?: number;
  // The answer is a file: done is given its bytes.
  file?: boolean;
  // What is asked in a dialog before: its name in the body, label, value, and what may be chosen (value, name); its answer goes into the body.
  ask?: { name: string; label: string; value?: string; type?: string; required?: boolean; hint?: string; step?: string; of?: [string, string][] }[];
  // Makes the body of the answers where they are not texts; it may throw what is wrong with them.
  make?: (answers: Record<string, string>) => unknown;
  // The version that is changed, where it hangs on the answers.
  versionOf?: (answers: Record<string, string>) => number | undefined;
  note?: string;
  done: (value: any) => void;
}

const roleText: Record<Role, Text> = { reader: 'rolereader', operator: 'roleoperator', approver: 'roleapprover', auditor: 'roleauditor', editor: 'roleeditor' };

const lacks = (role: Role): HTMLElement | null => mayAs(role) ? null : h('span', { class: 'note' }, t('actRole', t(roleText[role])));

async function send(a: Act, extra: Record<string, string>): Promise<boolean> {
  const body = a.make ? a.make(extra) : a.body !== undefined || a.ask ? { ...(a.body as object), ...extra } : undefined;
  const version = a.versionOf ? a.versionOf(extra) : a.version, o: WriteOptions = { ...(version === undefined ? {} : { version }), ...(a.file ? { file: true } : {}) };
  const r = await apiWrite<any>(a.method ?? 'POST', typeof a.path === 'string' ? a.path : a.path(extra), body, o);
  if (r) a.done(r.value);
  return !!r;
}

// Asks, then writes; the dialog stays open with what is wrong.
function asked(a: Act): void {
  const fields = a.ask!.map((x) => field(`ask-${x.name}`, x.label, { type: x.type ?? 'text', value: x.value ?? '', required: x.required ?? false, maxlength: '399', ...(x.hint ? { placeholder: x.hint } : {}), ...(x.step ? { step: x.step } : {}), ...(x.of ? { list: `of-${x.name}` } : {}) }));
  a.ask!.forEach((x, i) => x.of && fields[i]!.row.append(h('datalist', { id: `of-${x.name}` }, ...x.of.map(([v, text]) => h('option', { value: v }, text)))));
  void sheet({
    title: 'actTitle', act: 'actGo', fields, note: [a.label, a.note].filter(Boolean).join(' — '),
    send: async () => {
      const extra = Object.fromEntries(a.ask!.map((x, i) => [x.name, fields[i]!.input.value.trim()]).filter(([, v]) => v !== ''));
      if (!(await send(a, extra))) throw new Error(t('actNotDone'));
    },
  });
}

// told: says which role it takes, where that is not mine.
export function actButton(a: Act, told = true): HTMLElement {
  const fault = h('span', { class: 'fault', role: 'alert' });
  const go = h('button', { type: 'button', class: 'act' }, a.label);
  go.addEventListener('click', () => {
    say(fault, '');
    if (a.ask) return asked(a);
    go.disabled = true;
    send(a, {}).catch((e) => say(fault, mistakes(e))).finally(() => (go.disabled = false));
  });
  return h('span', { class: 'actbox' }, go, told ? lacks(a.role) : null, fault);
}
// Beside each other; a role that several take is told once, behind them.
export function acts(...list: (Act | null | false)[]): HTMLElement {
  const there = list.filter((x): x is Act => !!x);
  return h('p', { class: 'acts' }, ...there.map((a, i) => actButton(a, there[i + 1]?.role !== a.role)));
}

// A file that is sent as it is.
export function fileButton(label: string, role: Role, path: (name: string) => string, type: (name: string) => string, done: (value: any) => void, extra: Child[] = [], told = true): HTMLElement {
  const fault = h('span', { class: 'fault', role: 'alert' }), input = h('input', { type: 'file', class: 'sr', tabindex: -1, 'aria-label': label });
  const go = h('button', { type: 'button', class: 'act' }, label);
  go.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const f = input.files?.[0];
    if (!f) return;
    say(fault, '');
    go.disabled = true;
    f.arrayBuffer().then((bytes) => apiWrite<any>('POST', path(f.name), bytes, { type: type(f.name) })).then((r) => r && done(r.value)).catch((e) => say(fault, mistakes(e, true))).finally(() => {
      go.disabled = false;
      input.value = '';
    });
  });
  return h('span', { class: 'actbox' }, go, input, told ? lacks(role) : null, ...extra, fault);
}
