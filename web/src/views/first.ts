// first.ts: the page behind a link that is used once: the first user, or a password for one who is there.
import { byLink, field, mistakes } from '../account';
import { h, say } from '../dom';
import type { View } from '../main';
import { t } from '../texts';

export function linkView(first: boolean, link: string): View {
  // The link leaves the address bar and the history at once: it is a secret.
  history.replaceState(null, '', first ? '#/first' : '#/link');
  const user = field('link-user', t('userName'), { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, pattern: '[a-z0-9\\-]{1,40}', 'aria-describedby': 'user-hint' });
  const password = field('link-password', t('passwordNew'), { type: 'password', autocomplete: 'new-password', required: true, minlength: '12', 'aria-describedby': 'password-hint' });
  const again = field('link-again', t('passwordAgain'), { type: 'password', autocomplete: 'new-password', required: true });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const go = h('button', { type: 'submit', class: 'more' }, t(first ? 'firstAct' : 'passwordAct'));
  const form = h('form', { class: 'card form' },
    ...(first ? [user.row, h('p', { class: 'note', id: 'user-hint' }, t('userHint'))] : []),
    password.row, h('p', { class: 'note', id: 'password-hint' }, t('passwordNote')), again.row, fault, h('p', { class: 'acts' }, go));
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    say(fault, '');
    if (password.input.value !== again.input.value) {
      say(fault, t('passwordDiffers'));
      again.input.select();
      return;
    }
    go.disabled = true;
    byLink(first, link, user.input.value, password.input.value).then(() => (location.hash = '#/'), (problem) => {
      say(fault, mistakes(problem));
      go.disabled = false;
    });
  });
  const title = t(first ? 'firstTitle' : 'linkTitle');
  return { el: h('section', { class: 'view' }, h('h1', { tabindex: '-1' }, title), form), title, destroy: () => {} };
}
