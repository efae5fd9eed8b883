// town.ts: the town now: the picture, a sentence, today's slots, the plan, what needs attention.
import { onTown, type Ints, type Link, type Town } from '../api';
import { asPower, Chart, type Figure } from '../chart';
import { h, say } from '../dom';
import { clock, count, energy, energyParts, percent, power, yen } from '../format';
import { lang, t } from '../texts';
import { Flow } from './flow';
import { Limits } from './limits';
import type { View } from '../main';

const known = (v: Ints): number => v.reduce((a: number, x) => a + (x ?? 0), 0);
const any = (v: Ints): boolean => v.some((x) => x !== null);

function headline(town: Town): string {
  const f = town.flow;
  const use = f.demand_w + f.vehicles_w;
  if (f.grid_out_w > 0) return t('headlineOut', power(use), power(f.grid_out_w));
  const all = use + f.charge_w;
  return t('headline', power(use), percent(all > 0 ? Math.max(0, all - f.grid_in_w) / all : 0));
}

// What an operator looks at first; trouble comes before what is well.
function checksOf(town: Town): { bad: boolean; text: string }[] {
  const serious = town.alerts.filter((a) => a.what.severity !== 'info').length;
  const silent = town.readings.silent;
  const out = [{ bad: serious > 0, text: serious ? t('checkAlerts', count(serious)) : t('alertsNone') }];
  if (silent !== null) out.push({ bad: silent > 0, text: silent ? t('checkSilent', count(silent), count(town.readings.due)) : t('checkWhole', count(town.readings.due)) });
  if (town.plan) out.push({ bad: town.plan.gap > GAP_SEEN, text: t('checkGap', gapText(town.plan.gap)) });
  if (town.counts.vehicles) out.push({ bad: town.vans_short > 0, text: town.vans_short ? t('checkVans', count(town.vans_short)) : t('checkVansNone') });
  return out;
}

const GAP_SEEN = 0.001; // of the cost: above it somebody should look
const gapText = (gap: number): string => (gap < 0.00001 ? t('below', percent(0.00001, 3)) : percent(gap, 3));

function card(title: string, ...body: (Node | string)[]): HTMLElement {
  const id = `c${Math.random().toString(36).slice(2, 8)}`;
  return h('section', { class: 'card', 'aria-labelledby': id }, h('h2', { id }, title), ...body);
}

function figures(town: Town): Record<'demand' | 'plan' | 'solar' | 'storage', Figure> {
  const d = town.slots, c = town.controlled;
  return {
    demand: {
      label: t('chartDemand'), slot: town.slot, unit: 'power',
      lines: [
        { label: t('actual'), values: asPower(d.demand_wh), color: '--demand', style: 'line' },
        { label: t('forecast'), values: asPower(d.forecast_wh), color: '--forecast', style: 'dash' },
      ],
      band: any(d.forecast_p10_wh) ? { label: t('band'), low: asPower(d.forecast_p10_wh), high: asPower(d.forecast_p90_wh), color: '--forecast' } : undefined,
    },
    plan: {
      label: t('chartPlan'), slot: town.slot, unit: 'power',
      lines: [
        { label: t('actual'), values: asPower(c.import_wh), color: '--grid', style: 'line' },
        { label: t('plan'), values: asPower(c.plan_import_wh), color: '--plan', style: 'dash' },
      ],
    },
    solar: {
      label: t('chartSolar'), slot: town.slot, unit: 'power',
      lines: [
        { label: t('actual'), values: asPower(d.pv_wh), color: '--solar', style: 'area' },
        { label: t('forecast'), values: asPower(d.pv_forecast_wh), color: '--forecast', style: 'dash' },
      ],
    },
    storage: {
      label: t('chartStorage'), slot: town.slot, unit: 'energy',
      lines: [
        { label: t('actual'), values: d.soc_wh, color: '--battery', style: 'area' },
        { label: t('plan'), values: d.plan_soc_wh, color: '--plan', style: 'dash' },
      ],
    },
  };
}

function fact(label: string): { el: HTMLElement; value: HTMLElement; note: HTMLElement } {
  const value = h('span', { class: 'big' }), note = h('span', { class: 'note' });
  return { el: h('div', { class: 'fact' }, h('dt', {}, label), h('dd', {}, value, note)), value, note };
}

export function townView(): View {
  const line = h('p', { class: 'headline' });
  const picture = h('div', { class: 'picture' });
  const flow = new Flow(picture);
  const charts = { demand: new Chart(), plan: new Chart(), solar: new Chart(), storage: new Chart() };
  const planNote = h('p', { class: 'note' });
  const matched = fact(t('matched')), cost = fact(t('planCost')), bound = fact(t('planBound')), gap = fact(t('planGap'));
  const planSites = h('p', { class: 'note' });
  const limits = new Limits();
  const checks = h('ul', { class: 'checks', 'aria-label': t('checks') });
  const alerts = h('ul', { class: 'alerts' });
  const alertCard = card(t('alerts'), alerts);
  const bar = h('span', { class: 'fill' });
  const foot = h('p', { class: 'note foot', hidden: true }, t('illustrative'));
  const el = h('div', { class: 'view town' },
    h('h1', { tabindex: -1, class: 'sr' }, t('townTitle')),
    h('div', { class: 'top' }, line, checks),
    alertCard,
    h('section', { class: 'card flowcard', 'aria-label': t('flowLabel') }, picture),
    h('div', { class: 'pair even level' },
      card(t('resultCard'), h('dl', { class: 'first' }, matched.el), h('div', { class: 'meter green', 'aria-hidden': 'true' }, bar)),
      card(t('planCard'), h('dl', { class: 'facts' }, cost.el, bound.el, gap.el), planSites)),
    limits.el,
    h('h2', { class: 'section' }, t('today')),
    h('div', { class: 'cards' },
      card(t('chartDemand'), charts.demand.el),
      card(t('chartPlan'), charts.plan.el, planNote),
      card(t('chartSolar'), charts.solar.el),
      card(t('chartStorage'), charts.storage.el)),
    foot);
  let drawnAt = 0, alertKey = '', checkKey = '';

  function showPlan(town: Town): void {
    const m = known(town.matched_wh), d = known(town.slots.demand_wh);
    const [v, u] = energyParts(m);
    say(matched.value, `${v} ${u}`);
    say(matched.note, t('ofDemand', energy(d), percent(d > 0 ? m / d : null, 1)));
    bar.style.width = `${d > 0 ? Math.min(100, (100 * m) / d) : 0}%`;
    const p = town.plan;
    say(cost.value, yen(p?.cost_yen));
    say(bound.value, yen(p?.bound_yen));
    say(gap.value, p ? gapText(p.gap) : '–');
    say(planSites, p ? t('planSites', p.sites, p.wall_ms) : t('planNone'));
    void limits.show(`${p?.at} ${town.day} ${town.slot}`, !!p && p.limits > 0);
  }

  function showAlerts(town: Town): void {
    const key = JSON.stringify([town.alerts, lang()]);
    if (key === alertKey) return;
    alertKey = key;
    const rows = town.alerts.slice().reverse().map((a) =>
      h('li', { class: a.what.severity }, h('span', { class: 'tag' }, t(`severity${a.what.severity}`)), h('span', {}, lang() === 'ja' ? a.what.text_ja : a.what.text_en), h('time', {}, clock(a.at))));
    alerts.replaceChildren(...rows);
    alertCard.hidden = rows.length === 0;
  }

  function showChecks(town: Town): void {
    const all = checksOf(town).sort((a, b) => Number(b.bad) - Number(a.bad));
    const key = JSON.stringify(all);
    if (key === checkKey) return;
    checkKey = key;
    checks.replaceChildren(...all.map((c) => h('li', { class: c.bad ? 'check trouble' : 'check' }, h('span', { 'aria-hidden': 'true', class: 'sign' }, c.bad ? '!' : '✓'), c.text)));
  }

  function show(town: Town | null, _link: Link): void {
    if (!town) return;
    say(line, headline(town));
    foot.hidden = town.id !== 'kawasaki';
    flow.show(town);
    showPlan(town);
    showAlerts(town);
    showChecks(town);
    if (Date.now() - drawnAt < 450) return;
    drawnAt = Date.now();
    say(planNote, t('chartPlanNote', town.controlled.points));
    const f = figures(town);
    for (const k of Object.keys(charts) as (keyof typeof charts)[]) charts[k].show(f[k]);
  }

  const stop = onTown(show);
  return {
    el,
    title: t('townTitle'),
    restyle: () => {
      Object.values(charts).forEach((c) => c.restyle());
      limits.restyle();
    },
    destroy: () => {
      stop();
      flow.destroy();
      limits.destroy();
      Object.values(charts).forEach((c) => c.destroy());
    },
  };
}
