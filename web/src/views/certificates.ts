// certificates.ts: what was bought, what it is used for, what runs out, what stands behind each menu; other claims.
import { get, latest } from '../api';
import { acts, fileButton, type Act } from '../act';
import { h, say } from '../dom';
import { count, kwh, money, name, paren } from '../format';
import type { View } from '../main';
import { card, fact, facts, faultLine, fillYears, left, longList, picker, table, tr, word } from '../pieces';
import { t } from '../texts';

interface Lot { lot: string; kind: string; vintage: number; last_fy: number; number_from: number; number_to: number; issued_wh: number; held_wh: number; plant: string; place: string; bought: string | null; cost_yen: string | null }
interface Use { to: string; id: string; name_ja: string; name_en: string; fy: number; unit: string; assigned_wh: number; used_wh: number }
interface Claim { id: string; kind: string; of: string; measure: string; from: string; to: string; wh: number }
interface Cover { menu: string; name_ja: string; name_en: string; promise: string; import_wh: number; need_wh: number; value_wh: number; certificates_wh: number; without_designation_wh: number; shortfall_wh: number }
interface Answer { fy_now: number; lots: Lot[]; uses: Use[]; claims: Claim[]; fy?: number; short?: number; menus?: Cover[] }

const sum = (v: number[]): number => v.reduce((a, x) => a + x, 0);

function lotState(l: Lot, fy: number): HTMLElement {
  if (!l.held_wh) return h('span', { class: 'tag good' }, t('lotDone'));
  if (l.last_fy < fy) return h('span', { class: 'tag bad' }, t('lotOver', l.last_fy));
  return h('span', { class: `tag ${l.last_fy === fy ? 'warn' : ''}` }, l.last_fy === fy ? t('lotLast', l.last_fy) : t('lotOpen', l.last_fy));
}

function balance(a: Answer): HTMLElement {
  const kinds = ['fit', 'nonfit-re', 'nonfit'].map((k) => [k, a.lots.filter((l) => l.kind === k)] as const).filter(([, l]) => l.length);
  const late = a.lots.filter((l) => l.held_wh && l.last_fy <= a.fy_now);
  return card(t('certBalance'), facts(fact(t('certBought'), kwh(sum(a.lots.map((l) => l.issued_wh)))), fact(t('certAssigned'), kwh(sum(a.uses.map((u) => u.assigned_wh)))), fact(t('certUsed'), kwh(sum(a.uses.map((u) => u.used_wh)))),
    fact(t('certHeld'), kwh(sum(a.lots.map((l) => l.held_wh))), late.length ? t('certRunsOut', kwh(sum(late.map((l) => l.held_wh)))) : '', late.length ? 'long' : '')),
    kinds.length ? table(t('certBalance'), [t('certKind'), t('certLots'), t('certBought'), t('certAway'), t('certHeld')], kinds.map(([k, l]) => tr(word('cert', k), count(l.length), kwh(sum(l.map((x) => x.issued_wh))), kwh(sum(l.map((x) => x.issued_wh - x.held_wh))), kwh(sum(l.map((x) => x.held_wh)))))) : null);
}

// kWh as typed, in whole Wh; nothing typed is all of it.
const whTyped = (text: string | undefined): number => {
  if (!text) return 0;
  const m = /^(\d{1,12})(?:\.(\d{1,3}))?$/.exec(text);
  if (!m) throw new Error(t('deskKwhWrong'));
  return Number(m[1]) * 1000 + Number((m[2] ?? '').padEnd(3, '0'));
};

function assignAct(l: Lot, done: (text: string) => void): Act {
  return {
    label: t('certAssignAct'), role: 'operator', path: 'certificates/assign', note: l.lot, ask: [{ name: 'menu', label: t('certMenuId'), required: true }, { name: 'fy', label: t('achFy'), required: true, value: String(l.vintage) }, { name: 'kwh', label: t('certKwh') }],
    make: (v) => ({ lot: l.lot, menu: v.menu, fy: Number(v.fy), wh: whTyped(v.kwh) }), done: (r: { id: string; wh: number }) => done(t('certAssigned2', r.id, kwh(r.wh))),
  };
}
function retireAct(u: Use, done: (text: string) => void): Act {
  return { label: t('certRetireAct'), role: 'operator', path: 'certificates/retire', body: { [u.to]: u.id, fy: u.fy }, done: (r: { id: string; wh: number }) => done(t('certRetired', r.id, kwh(r.wh))) };
}
function claimAct(done: (text: string) => void): Act {
  return {
    label: t('claimAdd'), role: 'operator', path: 'claims',
    ask: [{ name: 'id', label: t('claimId'), required: true }, { name: 'kind', label: t('claimKind'), required: true, hint: t('claimKindHint'), value: 'credit' }, { name: 'of', label: t('claimOf'), required: true }, { name: 'from', label: t('claimFrom'), type: 'date', required: true }, { name: 'to', label: t('claimTo'), type: 'date', required: true }],
    done: (r: { id: string; wh: number }) => done(t('claimDone', r.id, kwh(r.wh))),
  };
}

// What was bought comes in as a file; again it is the same.
const takeIn = (done: (text: string) => void): HTMLElement => h('p', { class: 'acts' }, fileButton(t('certFile'), 'operator', () => 'certificates', () => 'text/csv', (r: { added: number; wh: number }) => done(r.added ? t('certTaken', r.added, kwh(r.wh)) : t('certSame'))));

function lots(a: Answer, done: (text: string) => void): HTMLElement {
  if (!a.lots.length) return card(t('certLotsTitle'), h('p', { class: 'note' }, t('certNone')), takeIn(done));
  return card(t('certLotsTitle'), longList(t('certLotsTitle'), [t('certLot'), `<${t('certKind')}`, t('certVintage'), t('certNumbers'), t('certBought'), t('certHeld'), `<${t('certState')}`, `<${t('closeAct2')}`], a.lots,
    (l) => tr(h('span', {}, l.lot, l.plant || l.place ? h('span', { class: 'note line', title: t('certTracking') }, [l.plant, l.place].filter(Boolean).join(' · ')) : null), left(word('cert', l.kind)), String(l.vintage), `${count(l.number_from)} – ${count(l.number_to)}`, h('td', {}, kwh(l.issued_wh), l.bought ? h('span', { class: 'note line' }, `${l.bought} · ${money(l.cost_yen)}`) : null), kwh(l.held_wh), left(lotState(l, a.fy_now)), left(l.held_wh ? acts(assignAct(l, done)) : '')), (l) => [l.lot, l.kind, l.vintage, l.plant, l.place].join(' ')), takeIn(done));
}

function uses(a: Answer, done: (text: string) => void): HTMLElement {
  return card(t('certUses'), a.uses.length ? table(t('certUses'), [t('certTo'), t('achFy'), `<${t('certUnit')}`, t('certAssigned'), t('certUsed'), `<${t('closeAct2')}`],
    a.uses.map((u) => tr(h('span', {}, u.name_ja || u.name_en ? name(u) : u.id, h('span', { class: 'note line' }, `${word('certTo', u.to)} ${u.id}`)), t('fy', u.fy), left(u.unit), kwh(u.assigned_wh), kwh(u.used_wh), left(u.assigned_wh ? acts(retireAct(u, done)) : '')))) : h('p', { class: 'note' }, t('certUsesNone')),
    h('p', { class: 'note' }, t('certUsesNote')));
}

function covers(a: Answer): HTMLElement {
  const list = a.menus ?? [];
  return card(t('coverTitle', a.fy ?? ''), h('p', { class: a.short ? 'warn' : 'note' }, a.short ? t('coverShort', a.short) : t('coverWhole')),
    list.length ? table(t('coverTitle', a.fy ?? ''), [t('menu'), `<${t('coverPromise')}`, t('coverNeed'), t('coverValue'), t('coverCerts'), t('coverGap')],
      list.map((m) => tr(h('span', {}, name(m), h('span', { class: 'note line' }, m.menu)), left(word('promise', m.promise)), kwh(m.need_wh), kwh(m.value_wh), h('td', {}, kwh(m.certificates_wh), m.without_designation_wh ? h('span', { class: 'note line' }, t('coverOther', kwh(m.without_designation_wh))) : null),
        h('td', {}, h('strong', { class: m.shortfall_wh ? 'trouble' : 'good' }, m.shortfall_wh ? kwh(m.shortfall_wh) : '0'))))) : h('p', { class: 'note' }, t('coverNone')));
}

function claimsCard(a: Answer, done: (text: string) => void): HTMLElement {
  return card(t('claimsTitle'), h('p', { class: 'note' }, t('claimsNote')), a.claims.length ? longList(t('claimsTitle'), [t('claimId'), `<${t('claimKind')}`, `<${t('claimOf')}`, `<${t('billPeriod')}`, t('billEnergy')], a.claims,
    (c) => tr(c.id, left(word('claim', c.kind), c.measure ? paren(c.measure) : ''), left(c.of), left(`${c.from} – ${c.to}`), kwh(c.wh)), (c) => [c.id, c.kind, c.of].join(' ')) : h('p', { class: 'note' }, t('claimsNone')), acts(claimAct(done)));
}

export function certificatesView(given: string): View {
  const year = h('select', { id: 'cert-fy' });
  const about = h('p', { class: 'note', role: 'status' }, t('loading')), body = h('div'), behind = h('div');
  const el = h('div', { class: 'view certs' }, h('div', { class: 'titlerow' }, h('h1', { tabindex: -1 }, t('certTitle')), picker('cert-fy', t('achFy'), year)), about, body, behind);

  const last = latest();
  async function menus(): Promise<void> {
    behind.replaceChildren(card(t('coverTitle', year.value), h('p', { class: 'note' }, t('matchYearSlow'))));
    behind.replaceChildren(await last(get<Answer>(`certificates?fy=${year.value}`)).then(covers).catch(faultLine));
  }
  async function load(said = ''): Promise<void> {
    try {
      const a = await get<Answer>('certificates'), done = (text: string): void => void load(text);
      say(about, said);
      if (given) fillYears(year, Number(given), 1);
      fillYears(year, a.fy_now);
      year.value = given || String(a.fy_now);
      body.replaceChildren(balance(a), lots(a, done), uses(a, done), claimsCard(a, done));
      await menus();
    } catch (e) {
      say(about, '');
      body.replaceChildren(faultLine(e));
    }
  }
  year.addEventListener('change', () => {
    history.replaceState(null, '', `#/certificates/${year.value}`);
    void menus();
  });
  void load();
  return { el, title: t('certTitle'), up: '#/desk', destroy: () => {} };
}
