// texts.mjs: the sources of the pages hold together: types, both languages of every word, no word without
// use, and nothing that is fetched from elsewhere.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { finish, need, ok, root, skipAll } from './town.mjs';

const web = join(root, 'web');
let tsc, esbuild;
try {
  tsc = need.resolve('typescript/bin/tsc');
  esbuild = need('esbuild');
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
const run = (...words) => spawnSync(process.execPath, words, { cwd: web, encoding: 'utf8' });

const types = run(tsc, '--noEmit');
ok(types.status === 0, 'the types hold', types.stdout);

// The table itself, not its text: bundled with its two lists let out.
const dir = mkdtempSync(join(tmpdir(), 'mizo-texts-'));
const source = `${readFileSync(join(web, 'src/texts.ts'), 'utf8')}\nexport { texts as all, kinds as allKinds };\n`;
await esbuild.build({ stdin: { contents: source, loader: 'ts', resolveDir: join(web, 'src') }, bundle: true, format: 'esm', outfile: join(dir, 'texts.mjs'), logLevel: 'silent' });
const { all, allKinds } = await import(pathToFileURL(join(dir, 'texts.mjs')));
const rows = [...Object.entries(all), ...Object.entries(allKinds)];
const gaps = (s) => [...s.matchAll(/\{\d\}/g)].map((m) => m[0]).sort().join('');
const bad = (test) => rows.filter(([, v]) => test(v)).map(([k]) => k).join(' ');
ok(rows.length > 150, `${rows.length} words`);
ok(bad((v) => v.length !== 2 || v.some((x) => !x.trim())) === '', 'every word is there in Japanese and in English', bad((v) => v.length !== 2 || v.some((x) => !x.trim())));
ok(bad((v) => gaps(v[0]) !== gaps(v[1])) === '', 'with the same places to fill in', bad((v) => gaps(v[0]) !== gaps(v[1])));
const kana = /[\u3040-\u30ff\u4e00-\u9fff]/;
const strange = Object.entries(all).filter(([k, v]) => kana.test(v[1]) && k !== 'language' && k !== 'languageLabel').map(([k]) => k);
ok(strange.length === 0, 'no Japanese in the English', strange.join(' '));

const files = (d) => readdirSync(d, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? files(join(d, f.name)) : [join(d, f.name)]));
const sources = files(join(web, 'src'));
const code = sources.filter((f) => f.endsWith('.ts') && !f.endsWith('texts.ts')).map((f) => readFileSync(f, 'utf8')).join('\n');
const made = ['why', 'mix', 'grade', 'severity', 'voltage', 'reading', 'deskRole', 'deskKind', 'deskDue', 'deskState', 'deskMove', 'deskWhy', 'mark', 'charge', 'group', 'step', 'how', 'rule', 'origin', 'waste', 'basis', 'matchBy', 'flow', 'unit', 'cert', 'promise', 'claim', 'method', 'way', 'run', 'runKind', 'runDraft', 'invoice', 'close', 'check', 'cost', 'note_', 'duty_', 'paper_', 'enquiry_', 'cut', 'evidence', 'ledgerOf', 'groupOf', 'vintage', 'report', 'sector', 'form', 'gas', 'plansLevel', 'plansTag', 'plansFund', 'office', 'pay', 'listkind_', 'liststage_', 'ledger_', 'asset_', 'finding_', 'facilityPv_']; // with what the API says behind them
const idle = Object.keys(all).filter((k) => !code.includes(`'${k}'`) && !made.some((m) => k.startsWith(m)));
ok(idle.length === 0, 'no word without use', idle.join(' '));
const listed = readFileSync(join(web, 'meson.build'), 'utf8'), unlisted = sources.filter((f) => !listed.includes(`'${f.slice(web.length + 1)}'`));
ok(unlisted.length === 0, 'meson knows every source of the pages', unlisted.join(' '));
const built = run('build.mjs', join(dir, 'dist'));
ok(built.status === 0, 'the pages are built', built.stderr);
const elsewhere = files(join(dir, 'dist')).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/https?:\/\/[\w.-]+/g)].map((m) => m[0])).filter((u) => !/www\.w3\.org|127\.0\.0\.1|localhost|mizo/.test(u));
ok(elsewhere.length === 0, 'no address of elsewhere in the bundle', [...new Set(elsewhere)].join(' '));
const engines = JSON.parse(readFileSync(join(web, 'package-lock.json'), 'utf8')).packages;
const least = (range) => !range || range.split('||').some((r) => { const v = /(\d+)/.exec(r); return v && /^[\s>=^~]/.test(` ${r}`) && Number(v[1]) <= 18; });
const tooNew = Object.entries(engines).filter(([, p]) => p.engines?.node && !least(p.engines.node)).map(([k, p]) => `${k} ${p.engines.node}`);
ok(tooNew.length === 0, 'every package runs on Node 18', tooNew.join(', '));
rmSync(dir, { recursive: true, force: true });
finish();
