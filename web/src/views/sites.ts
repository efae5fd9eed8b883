// sites.ts: every site, a page at a time, with search as one types.
import { get, onTown, Problem, type SitePage, type SiteRow } from '../api';
import { h, say } from '../dom';
import { count, energy, name, power } from '../format';
import { kind, lang, t } from '../texts';
import type { View } from '../main';

const PAGE = 50;
const MOST = 200; // of one request

function marks(r: SiteRow): HTMLElement {
  const out = h('span', { class: 'marks' });
  if (r.pv_dc_w > 0) out.append(h('span', { class: 'mark solar' }, t('hasPv', power(r.pv_dc_w))));
  if (r.battery_wh > 0) out.append(h('span', { class: 'mark battery' }, t('hasBattery', energy(r.battery_wh))));
  if (r.chargers > 0) out.append(h('span', { class: 'mark van' }, t('hasVans', count(r.chargers))));
  return out;
}

function row(r: SiteRow): HTMLElement {
  return h('li', {},
    h('a', { href: `#/sites/${r.id}`, class: 'site' },
      h('span', { class: 'name' }, h('strong', {}, name(r)), h('span', { class: 'note' }, [kind(r.kind), r.ward].filter(Boolean).join(' · '))),
      marks(r),
      h('span', { class: 'num', 'data-label': t('colNow') }, power(r.now.demand_w)),
      h('span', { class: 'num', 'data-label': t('colToday') }, energy(r.today_wh))));
}

let lastQuery = '';

export function sitesView(): View {
  const input = h('input', { type: 'search', id: 'search', placeholder: t('searchHint'), autocomplete: 'off', spellcheck: 'false', value: lastQuery, maxlength: 100 });
  const status = h('p', { class: 'note', role: 'status' });
  const list = h('ul', { class: 'sites' });
  const more = h('button', { type: 'button', class: 'more', hidden: true }, t('more'));
  const el = h('div', { class: 'view' },
    h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('sitesTitle')),
      h('form', { role: 'search', class: 'search', onsubmit: (e: Event) => e.preventDefault() }, h('label', { for: 'search', class: 'sr' }, t('search')), input)),
    status,
    h('div', { class: 'sitehead', 'aria-hidden': 'true' }, h('span', {}, t('colName')), h('span', {}, t('colHas')), h('span', { class: 'num' }, t('colNow')), h('span', { class: 'num' }, t('colToday'))),
    list, more);
  let items: SiteRow[] = [], next: string | null = null, total = 0, busy: AbortController | null = null, timer = 0, refreshed = Date.now();

  function draw(from: number): void {
    if (from === 0) list.replaceChildren();
    for (const r of items.slice(from)) list.append(row(r));
    say(status, total === 0 ? t('foundNone') : next ? t('shown', count(items.length), count(total)) : t('found', count(total)));
    more.hidden = next === null;
  }

  async function load(after: string | null): Promise<void> {
    busy?.abort();
    busy = new AbortController();
    const q = new URLSearchParams({ limit: String(PAGE) });
    if (input.value.trim()) q.set('q', input.value.trim());
    if (after) q.set('after', after);
    try {
      const page = await get<SitePage>(`sites?${q}`, busy.signal);
      const from = after ? items.length : 0;
      items = after ? items.concat(page.items) : page.items;
      next = page.next;
      total = page.total;
      draw(from);
    } catch (e) {
      if (e instanceof Problem) say(status, t('failed', lang() === 'ja' ? e.ja : e.en));
    }
  }

  // The numbers of the rows on the screen, a few seconds apart; rows stay where they are.
  async function refresh(): Promise<void> {
    if (Date.now() - refreshed < 4000 || document.hidden || items.length === 0) return;
    refreshed = Date.now();
    const q = new URLSearchParams({ limit: String(Math.min(MOST, items.length)) });
    if (input.value.trim()) q.set('q', input.value.trim());
    const page = await get<SitePage>(`sites?${q}`).catch(() => null);
    page?.items.forEach((r, i) => {
      const li = list.children[i];
      if (!li || items[i]?.id !== r.id) return;
      const nums = li.querySelectorAll('.num');
      say(nums[0]!, power(r.now.demand_w));
      say(nums[1]!, energy(r.today_wh));
    });
  }

  input.addEventListener('input', () => {
    lastQuery = input.value;
    clearTimeout(timer);
    timer = window.setTimeout(() => void load(null), 120);
  });
  more.addEventListener('click', () => next && void load(next));
  const seen = new IntersectionObserver((e) => e.some((x) => x.isIntersecting) && next && void load(next), { rootMargin: '300px' });
  seen.observe(more);
  void load(null);
  const stop = onTown(() => void refresh());
  return {
    el,
    title: t('sitesTitle'),
    search: () => {
      input.focus();
      input.select();
    },
    destroy: () => {
      stop();
      seen.disconnect();
      busy?.abort();
      clearTimeout(timer);
    },
  };
}
