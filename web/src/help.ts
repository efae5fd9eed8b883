// help.ts: the keys, and the sheet that lists them.
import { h } from './dom';
import { t, type Text } from './texts';

const keys: [string, Text][] = [
  ['/', 'keySearch'], ['1 – 4', 'keyGroups'], ['[  ]', 'keyPages'], ['L', 'keyLang'], ['D', 'keyTheme'], ['?', 'keyHelp'], ['Esc', 'keyEsc'],
];

export function openHelp(): void {
  const old = document.querySelector('dialog');
  if (old) {
    old.close();
    return;
  }
  const close = h('button', { type: 'button', class: 'more', autofocus: true }, t('close'));
  const sheet = h('dialog', { 'aria-labelledby': 'keys' }, h('h2', { id: 'keys' }, t('help')),
    h('dl', { class: 'keys' }, ...keys.flatMap(([k, text]) => [h('dt', {}, h('kbd', {}, k)), h('dd', {}, t(text))])), close);
  close.addEventListener('click', () => sheet.close());
  sheet.addEventListener('close', () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
}
