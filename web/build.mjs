// Builds the pages: bundles, names by content, gzips, and writes the table that goes into the binary.
//   node web/build.mjs OUT_DIR [TABLE.c]
// OUT_DIR is what `mizo serve --web OUT_DIR` serves. Runs on Node 18 and needs no network.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const [out, table] = process.argv.slice(2);
if (!out) {
  console.error('usage: node web/build.mjs OUT_DIR [TABLE.c]');
  process.exit(2);
}

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
};

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const files = [];
const add = (path, bytes, forever) => files.push({ path, bytes: Buffer.from(bytes), forever });

async function bundle() {
  const result = await build({
    entryPoints: [join(here, 'src/main.ts'), join(here, 'src/style.css')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2020'],
    charset: 'utf8',
    outdir: out,
    absWorkingDir: here,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const names = {};
  // main.css holds what the script imports (uPlot's sheet): it goes into the one sheet.
  const css = result.outputFiles.filter((f) => f.path.endsWith('.css')).map((f) => f.text);
  const js = result.outputFiles.find((f) => f.path.endsWith('.js')).text;
  for (const [kind, text] of [['js', js], ['css', css.join('')]]) {
    names[kind] = `/app-${hash(text).slice(0, 10)}.${kind}`;
    add(names[kind], text, true);
  }
  return names;
}

function collect(names) {
  const page = readFileSync(join(here, 'src/index.html'), 'utf8')
    .replace('@css@', names.css)
    .replace('@js@', names.js);
  add('/index.html', page, false);
  add('/icon.svg', readFileSync(join(here, 'src/icon.svg')), false);
  add('/api/v1/openapi.json', JSON.stringify(JSON.parse(readFileSync(join(here, 'openapi.json'), 'utf8'))), false);
}

function writeFiles() {
  rmSync(out, { recursive: true, force: true });
  for (const f of files) {
    mkdirSync(dirname(join(out, f.path)), { recursive: true });
    writeFileSync(join(out, f.path), f.bytes);
  }
}

function cBytes(bytes) {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 24) lines.push('    ' + Array.from(bytes.subarray(i, i + 24)).join(',') + ',');
  return lines.join('\n');
}

function writeTable() {
  const parts = ['/* The pages, gzipped. Written by web/build.mjs. */', '#include "server/asset.h"', ''];
  const rows = files.map((f, i) => {
    // Level 9 and no time stamp: the same sources give the same bytes.
    const gz = gzipSync(f.bytes, { level: 9 });
    parts.push(`static const unsigned char file${i}[] = {\n${cBytes(gz)}\n};`);
    const type = types[f.path.split('.').pop()];
    const etag = JSON.stringify(`"${hash(f.bytes).slice(0, 20)}"`);
    return `    { "${f.path}", "${type}", ${etag}, ${f.forever ? 1 : 0}, file${i}, sizeof file${i}, ${f.bytes.length} },`;
  });
  parts.push('', 'const asset web_assets[] = {', ...rows, '};', 'const size_t web_nassets = sizeof web_assets / sizeof *web_assets;', '');
  writeFileSync(table, parts.join('\n'));
}

collect(await bundle());
writeFiles();
if (table) writeTable();
