// api.ts: what the server says. One live stream of the town; polling when it is not to be had.

import { lang } from './texts';

export type Ints = (number | null)[];
export interface Named { id: string; name_ja: string; name_en: string }
export interface Slots {
  demand_wh: Ints; pv_wh: Ints; curtailed_wh: Ints; import_wh: Ints; export_wh: Ints; charge_wh: Ints; discharge_wh: Ints;
  vehicle_wh: Ints; soc_wh: Ints; green_wh: Ints; forecast_wh: Ints; forecast_p10_wh: Ints; forecast_p90_wh: Ints;
  pv_forecast_wh: Ints; plan_import_wh: Ints; plan_export_wh: Ints; plan_soc_wh: Ints; plan_charge_wh: Ints;
  plan_discharge_wh: Ints; plan_vehicle_wh: Ints;
}
export interface Now {
  demand_w: number | null; pv_w: number | null; import_w: number | null; export_w: number | null; battery_w: number | null;
  soc_wh: number | null; vehicle_w: number | null; mean_w: number | null; controlled: boolean; why: string | null;
}
export interface Diag { id: string; severity: 'info' | 'warning' | 'error'; text_ja: string; text_en: string }
export interface Town extends Named {
  now: string; day: string; slot: number; speed: number; running: boolean; truth_end: string;
  flow: { plants_w: number; solar_w: number; discharge_w: number; grid_in_w: number; demand_w: number; vehicles_w: number; charge_w: number; grid_out_w: number; rest_w: number };
  plants: (Named & { now_w: number | null; capacity_w: number })[];
  uses: { kind: string; demand_w: number }[];
  storage: { batteries: number; energy_wh: number; charge_w: number; discharge_w: number; soc_wh: number | null };
  plan: null | { sites: number; cost_yen: string; bound_yen: string; gap: number; wall_ms: number; at: string | null; limits: number; over_kwh: number };
  vans_short: number;
  counts: { sites: number; points: number; pv: number; batteries: number; vehicles: number };
  readings: { due: number; silent: number | null };
  alerts: { at: string; what: Diag }[];
  slots: Slots; plants_wh: Ints; matched_wh: Ints; price_myen: Ints;
  controlled: { points: number; import_wh: Ints; plan_import_wh: Ints; vehicle_wh: Ints; plan_vehicle_wh: Ints };
}
export interface SiteRow extends Named {
  kind: string; ward: string; group: string; points: number; pv_dc_w: number; battery_wh: number; chargers: number;
  now: Now; today_wh: number | null;
}
export interface SitePage { total: number; items: SiteRow[]; next: string | null }
export interface Van {
  id: string; energy_wh: number; state: 'here' | 'away' | 'unknown'; impossible: boolean; need_wh: number | null; now_w: number | null;
  arrived: string | null; depart: string | null;
}
export interface Store { id: string; kind: 'heater' | 'hydrogen'; energy_wh: number; held_wh: number | null; now_w: number | null; owed_wh: number | null }
export interface Load {
  id: string; power_w: number; minutes: number; slot_from: number; slot_to: number;
  state: 'rests' | 'waits' | 'runs' | 'done' | 'unknown'; plan_slot: number | null;
}
export interface More {
  run_wh: Ints; given_wh: Ints; store_in_wh: Ints; store_out_wh: Ints; drawn_wh: Ints; held_wh: Ints;
  plan_run_wh: Ints; plan_given_wh: Ints; plan_store_wh: Ints; plan_held_wh: Ints;
}
export interface Point {
  id: string; share_ppm: number; voltage: string; reading: string; contract_w: number; standing_w: number; tariff: string | null;
  contract: null | { supplier_ja: string | null; supplier_en: string | null; menu_ja: string; menu_en: string; renewable_ppm: number };
  shared_with: (Named & { share_ppm: number })[];
  pv: { id: string; dc_w: number; ac_w: number; tilt_deg: number; azimuth_deg: number }[];
  batteries: { id: string; energy_wh: number; charge_w: number; discharge_w: number }[];
  chargers: { id: string; max_w: number; vehicles: number }[];
  vehicles: Van[]; stores: Store[]; loads: Load[]; more: More | null;
  now: Now; peak_today: null | { power_w: number; slot: number }; slots: Slots;
}
export interface Site extends Named {
  kind: string; ward: string; bureau: string | null; entity: string | null; owner_code: string | null; group: string;
  floor_m2: number | null; at: string; day: string; slot: number; now: Now; points: Point[];
}
export interface DaySeries { owner: string; quantity: string; role: string; values: Ints; missing: number }
export interface SiteDay { id: string; day: string; series: DaySeries[] }

export class Problem extends Error {
  constructor(readonly status: number, readonly id: string, readonly ja: string, readonly en: string) {
    super(en);
  }
}

// Who is asked when reading needs a login (account.ts); true: somebody is logged in now.
let askLogin: () => Promise<boolean> = async () => false;
export const onLoginNeeded = (fn: () => Promise<boolean>): void => void (askLogin = fn);

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const ask = (): Promise<Response> => fetch(`/api/v1/${path}`, { headers: { accept: 'application/json', 'accept-language': lang() }, cache: 'no-store', ...(signal ? { signal } : {}) });
  let r = await ask();
  if (r.status === 401 && (await askLogin())) r = await ask();
  if (r.ok) return (await r.json()) as T;
  const p = await r.json().catch(() => ({}));
  throw new Problem(r.status, p.id ?? '', p.detail_ja ?? String(r.status), p.detail_en ?? String(r.status));
}

// Of two questions on their way only the later one's answer is drawn: the earlier never comes.
export function latest(): <T>(answer: Promise<T>) => Promise<T> {
  let asked = 0;
  return (answer) => new Promise((resolve, reject) => {
    const mine = ++asked;
    answer.then((v) => mine === asked && resolve(v), (e) => mine === asked && reject(e));
  });
}

export type Link = 'live' | 'polling' | 'lost';
type Listener = (town: Town | null, link: Link) => void;

const POLL_MS = 3000;
const SILENT_MS = 12000; // the server speaks at least every five seconds

let town: Town | null = null;
let link: Link = 'lost';
let heard = 0;
let source: EventSource | null = null;
const listeners = new Set<Listener>();

function tell(): void {
  for (const l of listeners) l(town, link);
}

function take(next: Town, by: Link): void {
  town = next;
  link = by;
  heard = Date.now();
  tell();
}

function listen(): void {
  source?.close();
  source = new EventSource('/api/v1/events');
  source.addEventListener('town', (e) => take(JSON.parse((e as MessageEvent<string>).data) as Town, 'live'));
}

// Looks every few seconds whether the stream still speaks; asks by itself while it does not, and tries a
// new stream as soon as the server answers again.
async function watch(): Promise<void> {
  const silent = Date.now() - heard > SILENT_MS;
  const closed = !source || source.readyState !== EventSource.OPEN;
  if (document.hidden || (!silent && !closed)) return;
  try {
    take(await get<Town>('town'), 'polling');
    if (!source || source.readyState === EventSource.CLOSED || silent) listen();
  } catch {
    if (link !== 'lost') {
      link = 'lost';
      tell();
    }
  }
}

export function startLive(): void {
  listen();
  setTimeout(watch, 400);
  setInterval(watch, POLL_MS);
  document.addEventListener('visibilitychange', () => void watch());
  // A page that goes away gives its stream back.
  window.addEventListener('pagehide', () => source?.close());
  window.addEventListener('pageshow', (e) => e.persisted && listen());
}

export function onTown(fn: Listener): () => void {
  listeners.add(fn);
  fn(town, link);
  return () => listeners.delete(fn);
}
export const townNow = (): Town | null => town;
