// main.ts: the frame of the pages: the clock, the ways between views, language, colours, keys.
import { loadMe, onMe, openAccount } from './account';
import { onTown, startLive, type Link, type Town } from './api';
import { h, say, set } from './dom';
import { clock, day, name, speed } from './format';
import { openHelp } from './help';
import { groups, homeOf, pageOf } from './menu';
import { lang, setLang, startLang, t } from './texts';
import { achievementView } from './views/achievement';
import { billView } from './views/bill';
import { billsView } from './views/bills';
import { carbonView } from './views/carbon';
import { closeView } from './views/close';
import { certificatesView } from './views/certificates';
import { contactView } from './views/contact';
import { customersView, customerView, dutiesView } from './views/customers';
import { deskView } from './views/desk';
import { facilityView } from './views/facility';
import { linkView } from './views/first';
import { listView, listsView } from './views/lists';
import { mapView } from './views/map';
import { inventoryView } from './views/inventory';
import { marginView } from './views/margin';
import { matchingView } from './views/matching';
import { matchSlotView } from './views/matchslot';
import { notesView } from './views/notes';
import { officeView } from './views/office';
import { plansView } from './views/plans';
import { receivablesView } from './views/receivables';
import { runView, runsView } from './views/runs';
import { scoreView } from './views/score';
import { siteView } from './views/site';
import { sitesView } from './views/sites';
import { townView } from './views/town';

export interface View {
  el: HTMLElement;
  title: string;
  up?: string;
  search?: () => void;
  restyle?: () => void;
  destroy: () => void;
}

const routes: [RegExp, (id: string) => View][] = [
  [/^#\/sites\/([a-z0-9-]{1,40})$/, (id) => siteView(id)],
  [/^#\/sites$/, () => sitesView()],
  [/^#\/office(?:\/(\d{4}))?$/, (fy) => officeView(fy)],
  [/^#\/lists\/([a-z0-9-]{1,40}(?:\/\d{4}-\d\d-\d\d)?)$/, (at) => listView(at)],
  [/^#\/lists$/, () => listsView()],
  [/^#\/map(?:\/([a-z0-9-]{1,40}))?$/, () => mapView()],
  [/^#\/facility\/([a-z0-9-]{1,40}(?:\/\d{4})?)$/, (at) => facilityView(at)],
  [/^#\/achievement(?:\/(\d{4}))?$/, (fy) => achievementView(fy)],
  [/^#\/plans(?:\/([a-z0-9-]{1,40}))?$/, (node) => plansView(node)],
  [/^#\/inventory(?:\/([a-z0-9-]{1,40}(?:\/\d{4})?))?$/, (at) => inventoryView(at)],
  [/^#\/runs(?:\/(\d{4}-\d\d))?$/, (month) => runsView(month)],
  [/^#\/run\/([a-z0-9-]{1,40})$/, (id) => runView(id)],
  [/^#\/customers\/([a-z0-9-]{1,40})$/, (id) => customerView(id)],
  [/^#\/customers$/, () => customersView()],
  [/^#\/contact$/, () => contactView()],
  [/^#\/duties$/, () => dutiesView()],
  [/^#\/margin(?:\/(\d{4}-\d\d))?$/, (month) => marginView(month)],
  [/^#\/receivables$/, () => receivablesView()],
  [/^#\/close(?:\/(\d{4}-\d\d))?$/, (month) => closeView(month)],
  [/^#\/matching\/(\d{4}-\d\d-\d\dT\d\d:\d\d(?:\/[a-z0-9-]{1,40})?)$/, (at) => matchSlotView(at)],
  [/^#\/matching(?:\/(\d{4}(?:-\d\d)?))?$/, (when) => matchingView(when)],
  [/^#\/certificates(?:\/(\d{4}))?$/, (fy) => certificatesView(fy)],
  [/^#\/carbon(?:\/(\d{4}|\d{4}-\d\d-\d\d))?$/, (when) => carbonView(when)],
  [/^#\/score$/, () => scoreView()],
  [/^#\/bills\/(\d{4}-\d\d\/[a-z0-9-]{1,40})$/, (at) => billView(at)],
  [/^#\/bills(?:\/(\d{4}-\d\d))?$/, (month) => billsView(month)],
  [/^#\/desk(?:\/(\d{4}-\d\d-\d\d(?:\/[a-z0-9-]{1,40})?))?$/, (at) => deskView(at)],
  [/^#\/first\/([A-Za-z0-9_-]{43})$/, (link) => linkView(true, link)],
  [/^#\/link\/([A-Za-z0-9_-]{43})$/, (link) => linkView(false, link)],
  [/^#\/notes$/, () => notesView()],
  [/^/, () => townView()],
];

let view: View | null = null;
let main: HTMLElement;
let menu: HTMLElement;
let pages: HTMLElement;
let stopClock = (): void => {};
let stopMe = (): void => {};

// ---- colours ----

function dark(): boolean {
  const kept = document.documentElement.dataset.theme;
  return kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
function setTheme(name: string | null, keep = true): void {
  if (name === 'dark' || name === 'light') document.documentElement.dataset.theme = name;
  if (keep && name) localStorage.setItem('mizo-theme', name);
  view?.restyle?.();
}

// ---- the frame ----

function navLink(href: string, text: string): HTMLElement {
  return h('a', { href, class: 'nav' }, text);
}

// The pages of the group in which we are stand under the groups.
function drawMenu(): void {
  const [group, page] = pageOf(location.hash || '#/');
  menu.replaceChildren(...groups.map((g, i) => {
    const a = navLink(homeOf(i), t(g.label));
    if (i === group) a.setAttribute('aria-current', 'true');
    return a;
  }));
  pages.replaceChildren(...(groups[group]?.pages ?? []).map(([href, label]) => {
    const a = navLink(href, t(label));
    if (href === page) a.setAttribute('aria-current', 'page');
    return a;
  }));
  pages.hidden = group < 0;
  if (group >= 0) pages.setAttribute('aria-label', t(groups[group]!.label));
  pages.querySelector<HTMLElement>('[aria-current]')?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
}

// The page before or behind this one in its group.
function turn(step: number): void {
  const [group, page] = pageOf(location.hash || '#/');
  const list = groups[group]?.pages ?? [], at = list.findIndex(([href]) => href === page);
  if (at >= 0) location.hash = list[(at + step + list.length) % list.length]![0];
}

function clockBox(): { el: HTMLElement; show: (town: Town | null, link: Link) => void; banner: HTMLElement } {
  const date = h('span', { class: 'date' }), time = h('span', { class: 'time' }), pace = h('span', { class: 'pace' });
  const dot = h('span', { class: 'dot' }), state = h('span', { class: 'sr' });
  const banner = h('p', { class: 'banner', role: 'status', hidden: true });
  const place = h('span', { class: 'place' });
  const el = h('div', { class: 'clock' }, place, h('span', { class: 'when' }, date, time), h('span', { class: 'state' }, dot, pace, state));
  return {
    el, banner,
    show(town, link) {
      set(dot, { class: `dot ${link}` });
      say(state, link === 'live' ? t('live') : '');
      if (town) {
        say(place, name(town));
        say(date, day(town.now));
        say(time, clock(town.now));
        say(pace, speed(town.speed));
      }
      const text = link === 'lost' && town ? t('stale', clock(town.now)) : town && !town.running ? t('clockEnded') : link === 'polling' ? t('polling') : '';
      say(banner, text);
      banner.hidden = !text;
      document.documentElement.classList.toggle('stale', link === 'lost' && !!town);
    },
  };
}

function frame(): void {
  stopClock();
  stopMe();
  const c = clockBox();
  main = h('main', { id: 'main' });
  menu = h('nav', { 'aria-label': t('nav'), class: 'groups' });
  pages = h('nav', { class: 'pages' });
  const langButton = h('button', { type: 'button', class: 'tool', 'aria-label': t('languageLabel'), lang: lang() === 'ja' ? 'en' : 'ja', onclick: switchLang }, t('language'));
  const themeButton = h('button', { type: 'button', class: 'tool', 'aria-label': dark() ? t('themeLight') : t('themeDark'), onclick: switchTheme }, dark() ? '☀' : '☾');
  const helpButton = h('button', { type: 'button', class: 'tool', 'aria-label': t('help'), onclick: openHelp }, '?');
  const accountButton = h('button', { type: 'button', class: 'tool account', onclick: openAccount });
  document.getElementById('app')!.replaceChildren(
    h('a', { href: '#main', class: 'skip', onclick: skip }, t('skip')),
    h('header', {},
      h('a', { href: '#/', class: 'brand', 'aria-label': 'mizo' }, h('span', { class: 'kanji', 'aria-hidden': 'true', lang: 'ja' }, '溝'), h('span', {}, 'mizo')),
      menu,
      c.el, h('div', { class: 'tools' }, langButton, themeButton, helpButton, accountButton), pages),
    c.banner, main);
  stopClock = onTown(c.show);
  stopMe = onMe((m) => {
    say(accountButton, m.user ?? t('loginAct'));
    set(accountButton, { 'aria-label': m.user ? t('accountOf', m.user) : t('loginTitle') });
  });
}

function skip(e: Event): void {
  e.preventDefault();
  main.querySelector<HTMLElement>('h1')?.focus();
}

function open(focus: boolean): void {
  const here = location.hash;
  if (here === '#/public') return location.replace('/public'); // a page of its own
  view?.destroy();
  const [pattern, make] = routes.find(([p]) => p.test(here))!;
  view = make(pattern.exec(here)?.[1] ?? '');
  main.replaceChildren(view.el);
  document.title = `${view.title} · mizo`;
  drawMenu();
  if (focus) {
    window.scrollTo(0, 0);
    view.el.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }
}

function redraw(): void {
  frame();
  open(false);
}
function switchLang(): void {
  setLang(lang() === 'ja' ? 'en' : 'ja');
  redraw();
  document.querySelector<HTMLElement>('.tool')?.focus();
}
function switchTheme(): void {
  setTheme(dark() ? 'light' : 'dark');
  redraw();
  document.querySelectorAll<HTMLElement>('.tool')[1]?.focus();
}

// ---- keys ----

function onKey(e: KeyboardEvent): void {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const typing = e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement;
  if (e.key === 'Escape') {
    if (document.querySelector('dialog')) return;
    if (typing) (e.target as HTMLElement).blur();
    else if (view?.up) location.hash = view.up;
    return;
  }
  if (typing) return;
  const act: Record<string, () => void> = {
    ...Object.fromEntries(groups.map((_, i) => [String(i + 1), () => (location.hash = homeOf(i))])),
    '[': () => turn(-1), ']': () => turn(1),
    l: switchLang, d: switchTheme, '?': openHelp,
    '/': () => {
      if (!view?.search) location.hash = '#/sites';
      setTimeout(() => view?.search?.(), view?.search ? 0 : 60);
    },
  };
  const fn = act[e.key.toLowerCase()];
  if (!fn) return;
  e.preventDefault();
  fn();
}

startLang();
setTheme(localStorage.getItem('mizo-theme'), false);
frame();
startLive();
void loadMe().finally(() => open(false)); // who is here decides what a page offers
window.addEventListener('hashchange', () => open(true));
window.addEventListener('keydown', onKey);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
