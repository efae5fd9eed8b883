// town.mjs: what the suites here share: a region of their own, the real program, TAP.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
// The sanitized program; the release one, with the modules beside it, for the suites that meson.build calls quick.
const quick = process.env.MIZO_QUICK && process.env.MIZO_RELEASE;
if (quick) process.env.MIZO_MODULES = join(dirname(quick), 'modules');
export const mizo = quick || process.env.MIZO_BIN;
// The tools stand beside the pages that they test.
export const need = createRequire(join(root, 'web/package.json'));

let count = 0;
let bad = 0;
export function ok(pass, name, detail = '') {
  count++;
  if (!pass) bad++;
  console.log(`${pass ? 'ok' : 'not ok'} ${count} - ${name}`);
  if (detail !== '' || !pass) for (const line of String(typeof detail === 'string' ? detail : JSON.stringify(detail)).split('\n').slice(0, 12)) console.log(`#   ${line.slice(0, 400)}`);
}
export function skipAll(why) {
  console.log(`1..0 # SKIP ${why}`);
  process.exit(0);
}
export function finish() {
  console.log(`1..${count}`);
  process.exit(bad ? 1 : 0);
}

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
export async function until(fn, ms = 8000, step = 100) {
  const end = Date.now() + ms;
  for (;;) {
    const v = await fn().catch(() => false);
    if (v || Date.now() > end) return v;
    await sleep(step);
  }
}

// midnight: the readings before it are known then, the others two days later; without it all of them now.
export function village(midnight) {
  const top = mkdtempSync(join(tmpdir(), 'mizo-browser-'));
  const dir = join(top, 'village');
  cpSync(join(root, 'tests/data/village'), dir, { recursive: true });
  if (midnight) {
    const [head, ...rows] = readFileSync(join(dir, 'readings.csv'), 'utf8').trim().split('\n');
    const later = new Date(Date.parse(midnight) + 2 * 86400000).toISOString().slice(0, 10);
    for (const [known, take] of [[midnight, (at) => at < midnight], [later, (at) => at >= midnight]]) {
      const part = join(top, `${known}.csv`);
      writeFileSync(part, [head, ...rows.filter((r) => take(r.split(',')[1]))].join('\n') + '\n');
      spawnSync(mizo, ['import', part, '--known', known, '--region', dir]);
    }
  } else {
    spawnSync(mizo, ['import', join(dir, 'readings.csv'), '--region', dir]);
  }
  process.on('exit', () => rmSync(top, { recursive: true, force: true }));
  return dir;
}

// Eighty days of readings up to the village's own: enough to judge forecasts by.
export function longPast(dir, known) {
  const rows = ['point,start,kwh'];
  for (const [k, p] of ['p-depot', 'p-school', 'p-hall'].entries())
    for (let d = 0; d < 80; d++)
      for (let s = 0; s < 48; s++) {
        const at = new Date(Date.UTC(2023, 3, 14 + d, 0, 30 * s)).toISOString().slice(0, 19);
        const busy = (d + 4) % 7 < 5 ? 1 : 0.4, noise = 1 + 0.2 * Math.sin(d * 1.7 + s * s);
        rows.push(`${p},${at}+09:00,${(5 + k + 8 * busy * Math.max(0, Math.sin(((s - 12) / 24) * Math.PI)) * noise).toFixed(2)}`);
      }
  const file = join(dir, 'long.csv');
  writeFileSync(file, rows.join('\n') + '\n');
  return spawnSync(mizo, ['import', file, ...(known ? ['--known', known] : []), '--region', dir]).status === 0;
}

export class Server {
  constructor(dir, ...words) {
    this.dir = dir;
    this.words = words;
  }
  async start(port = 0) {
    this.process = spawn(this.program ?? mizo, ['serve', '--region', this.dir, '--listen', `127.0.0.1:${port}`, ...this.words], { stdio: ['ignore', 'pipe', 'inherit'], env: this.env ?? { ...process.env, MIZO_LANG: 'en' } });
    const line = await new Promise((resolve, reject) => {
      this.process.stdout.once('data', (d) => resolve(String(d)));
      this.process.once('exit', (c) => reject(new Error(`mizo serve ended with ${c}`)));
    });
    this.port = Number(/:(\d+)\//.exec(line)[1]);
    this.base = `http://127.0.0.1:${this.port}`;
    return this;
  }
  get = async (path) => {
    const r = await fetch(`${this.base}/api/v1/${path}`);
    return r.json();
  };
  stop(signal = 'SIGTERM') {
    return new Promise((resolve) => {
      this.process.removeAllListeners('exit');
      this.process.once('exit', resolve);
      this.process.kill(signal);
    });
  }
}
