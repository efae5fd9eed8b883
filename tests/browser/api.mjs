// api.mjs: every answer of a running server against web/openapi.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, mizo, need, ok, root, Server, skipAll, until, village } from './town.mjs';

let Ajv, formats;
try {
  Ajv = need('ajv/dist/2020').default;
  formats = need('ajv-formats').default;
} catch {
  skipAll('no web/node_modules: npm ci --prefix web');
}
if (!mizo) skipAll('MIZO_BIN is not set');

const doc = JSON.parse(readFileSync(join(root, 'web/openapi.json'), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ $id: 'doc', components: doc.components });
const local = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/'));

async function holds(server, path, route, want) {
  const r = await fetch(server.base + path);
  const said = doc.paths[route].get.responses[String(want)];
  const type = r.headers.get('content-type').split(';')[0];
  const content = said?.content?.[type];
  if (r.status !== want || !content) {
    ok(false, `${path} gives ${want}`, `${r.status} ${type}`);
    return;
  }
  if (!path.startsWith('/api/')) {
    ok((await r.text()).length > 500 && r.headers.get('etag') !== null, `${path} gives ${want}`);
    return;
  }
  if (type === 'text/html' || type === 'text/csv') {
    ok((await r.text()).length > 20 && r.headers.get('content-disposition')?.includes('attachment'), `${path} gives a file`);
    return;
  }
  if (type === 'text/plain') {
    ok((await r.text()).includes('# TYPE mizo_'), `${path} gives ${want}`);
    return;
  }
  const check = ajv.compile(local(content.schema));
  ok(check(await r.json()), `${path} gives ${want} as described`, check.errors ? JSON.stringify(check.errors.slice(0, 3)) : '');
}

const server = await new Server(village(), '--clock', 'x6000', '--from', '2023-07-08').start();
await until(async () => (await server.get('town')).slot > 3, 15000);
const rows = [
  ['/api/v1/town', '/api/v1/town', 200], ['/api/v1/town?x=1', '/api/v1/town', 400],
  ['/api/v1/sites', '/api/v1/sites', 200], ['/api/v1/sites?limit=1', '/api/v1/sites', 200], ['/api/v1/sites?q=nothing+at+all', '/api/v1/sites', 200],
  ['/api/v1/sites?limit=x', '/api/v1/sites', 400],
  ['/api/v1/sites/depot', '/api/v1/sites/{id}', 200], ['/api/v1/sites/library', '/api/v1/sites/{id}', 200], ['/api/v1/sites/school', '/api/v1/sites/{id}', 200],
  ['/api/v1/sites/nowhere', '/api/v1/sites/{id}', 404],
  ['/api/v1/sites/depot/day?date=2023-07-04', '/api/v1/sites/{id}/day', 200], ['/api/v1/sites/depot/day', '/api/v1/sites/{id}/day', 400],
  ['/api/v1/sites/nowhere/day?date=2023-07-04', '/api/v1/sites/{id}/day', 404],
  ['/api/v1/plants', '/api/v1/plants', 200], ['/api/v1/achievement?fy=2023', '/api/v1/achievement', 200], ['/api/v1/achievement?fy=1999', '/api/v1/achievement', 200],
  ['/api/v1/achievement?fy=R5', '/api/v1/achievement', 200], ['/api/v1/achievement?fy=x', '/api/v1/achievement', 400],
  ['/api/v1/model', '/api/v1/model', 200], ['/api/v1/plan', '/api/v1/plan', 200], ['/api/v1/score', '/api/v1/score', 200],
  ['/api/v1/close?month=2023-06', '/api/v1/close', 401], ['/api/v1/runs', '/api/v1/runs', 401], ['/api/v1/runs/none', '/api/v1/runs/{id}', 401], ['/api/v1/invoices/none', '/api/v1/invoices/{id}', 401], ['/api/v1/payouts', '/api/v1/payouts', 401], ['/api/v1/receivables', '/api/v1/receivables', 401], ['/api/v1/desk/file', '/api/v1/desk/file', 401],
  ['/api/v1/duties', '/api/v1/duties', 401], ['/api/v1/sites/depot/offer', '/api/v1/sites/{id}/offer', 401], ['/api/v1/papers', '/api/v1/papers', 401], ['/api/v1/papers/paper-1/file', '/api/v1/papers/{id}/file', 401], ['/api/v1/sheets/menus', '/api/v1/sheets/{id}', 401], ['/api/v1/tasks', '/api/v1/tasks', 401], ['/api/v1/notices', '/api/v1/notices', 401], ['/api/v1/enquiries', '/api/v1/enquiries', 401],
  ['/api/v1/margin', '/api/v1/margin', 401], ['/api/v1/bills/c-depot/slots?month=2023-06', '/api/v1/bills/{id}/slots', 401],
  ['/api/v1/bills', '/api/v1/bills', 401], ['/api/v1/bills/c-depot?month=2023-06', '/api/v1/bills/{id}', 401],
  ['/api/v1/match?month=2023-07', '/api/v1/match', 200], ['/api/v1/match?fy=2023', '/api/v1/match', 200], ['/api/v1/match', '/api/v1/match', 200], ['/api/v1/match?month=July', '/api/v1/match', 400], ['/api/v1/match?fy=x', '/api/v1/match', 400],
  ['/api/v1/match/slot?at=2023-07-04T12:00&of=mill', '/api/v1/match/slot', 200], ['/api/v1/match/slot', '/api/v1/match/slot', 400], ['/api/v1/match/slot?at=1999-07-04T12:00', '/api/v1/match/slot', 404],
  ['/api/v1/certificates', '/api/v1/certificates', 200], ['/api/v1/certificates?fy=2023', '/api/v1/certificates', 200], ['/api/v1/certificates?fy=x', '/api/v1/certificates', 400],
  ['/api/v1/lists', '/api/v1/lists', 200], ['/api/v1/lists?x=1', '/api/v1/lists', 400], ['/api/v1/lists/council', '/api/v1/lists/{id}', 200], ['/api/v1/lists/council?on=2022-06-01', '/api/v1/lists/{id}', 200], ['/api/v1/lists/mill', '/api/v1/lists/{id}', 200], ['/api/v1/lists/saving', '/api/v1/lists/{id}', 200], ['/api/v1/lists/council?on=soon', '/api/v1/lists/{id}', 400], ['/api/v1/lists/council?as=stone', '/api/v1/lists/{id}', 400], ['/api/v1/lists/nothing', '/api/v1/lists/{id}', 404],
  ['/api/v1/facilities/depot?fy=2023', '/api/v1/facilities/{id}', 200], ['/api/v1/facilities/library', '/api/v1/facilities/{id}', 200], ['/api/v1/facilities/depot?fy=x', '/api/v1/facilities/{id}', 400], ['/api/v1/facilities/nowhere', '/api/v1/facilities/{id}', 404],
  ['/api/v1/map?fy=2023', '/api/v1/map', 200], ['/api/v1/map?fy=x', '/api/v1/map', 400], ['/api/v1/public', '/api/v1/public', 200], ['/public?lang=ja', '/public', 200], ['/public.css', '/public.css', 200],
  ...['achievement?fy=R5', 'funnel', 'savings?fy=R5', 'bems', 'grant?fy=R5', 'programme?fy=R5'].map((x) => [`/api/v1/city/${x}`, '/api/v1/city/{id}', 200]),
  ['/api/v1/city/targets', '/api/v1/city/{id}', 200], ['/api/v1/city/plan?fy=R5', '/api/v1/city/{id}', 200], ['/api/v1/city/checks', '/api/v1/city/{id}', 200], ['/api/v1/city/late?fy=R5', '/api/v1/city/{id}', 200], ['/api/v1/city/ledger?fy=2023', '/api/v1/city/{id}', 200], ['/api/v1/city/inventory?as_of=soon', '/api/v1/city/{id}', 400], ['/api/v1/city/nothing', '/api/v1/city/{id}', 404], ['/api/v1/city/results', '/api/v1/city/{id}', 200], ['/api/v1/city/indicators', '/api/v1/city/{id}', 200], ['/api/v1/city/entity?fy=2021&who=village', '/api/v1/city/{id}', 200], ['/api/v1/city/entity?who=nobody', '/api/v1/city/{id}', 404], ['/api/v1/city/capacity?fy=2023', '/api/v1/city/{id}', 200],
  ...['group', 'bureau', 'supplier', 'menu'].map((by) => [`/api/v1/city/ledger?fy=2023&by=${by}`, '/api/v1/city/{id}', 200]), ['/api/v1/city/ledger?fy=2023&by=group&part=public', '/api/v1/city/{id}', 200], ['/api/v1/city/ledger?fy=2023&by=group&part=blue', '/api/v1/city/{id}', 404], ['/api/v1/city/ledger?by=colour', '/api/v1/city/{id}', 400], ['/api/v1/city/targets?by=group', '/api/v1/city/{id}', 400],
  ['/api/v1/city/years/net-zero', '/api/v1/city/years/{id}', 200], ['/api/v1/city/years/nothing', '/api/v1/city/years/{id}', 404],
  ...['green', '001', 'council', 'school'].map((id) => [`/api/v1/city/opens/${id}?fy=2023`, '/api/v1/city/opens/{id}', 200]), ['/api/v1/city/opens/nothing', '/api/v1/city/opens/{id}', 404], ['/api/v1/city/opens/green?fy=x', '/api/v1/city/opens/{id}', 400],
  ['/api/v1/handover', '/api/v1/handover', 401], ['/api/v1/report/handover', '/api/v1/report/{id}', 404],
  ['/api/v1/report/targets?fy=2023&as=html', '/api/v1/report/{id}', 200], ['/api/v1/report/late?fy=2023&as=csv&lang=ja', '/api/v1/report/{id}', 200], ['/api/v1/report/inventory-moe?fy=2020&as=csv&lang=ja', '/api/v1/report/{id}', 200], ['/api/v1/report/inventory-gpc?fy=2020&as=csv&of=city', '/api/v1/report/{id}', 200], ['/api/v1/report/provisional?fy=1990&as=csv', '/api/v1/report/{id}', 422], ['/api/v1/report/nothing', '/api/v1/report/{id}', 404], ['/api/v1/report/targets?as=stone', '/api/v1/report/{id}', 400],
  ['/api/v1/published', '/api/v1/published', 200], ['/api/v1/published/nothing', '/api/v1/published/{id}', 404], ['/api/v1/published/nothing?as=stone', '/api/v1/published/{id}', 400],
  ['/api/v1/city/why/net-zero?fy=2023', '/api/v1/city/why/{id}', 200], ['/api/v1/city/why/nothing', '/api/v1/city/why/{id}', 404], ['/api/v1/city/why/net-zero?fy=x', '/api/v1/city/why/{id}', 400],
  ['/api/v1/carbon?fy=2023', '/api/v1/carbon', 200], ['/api/v1/carbon?fy=2023&as_of=2024-01-01', '/api/v1/carbon', 200], ['/api/v1/carbon?as_of=soon', '/api/v1/carbon', 400], ['/api/v1/carbon/day?date=2023-07-04', '/api/v1/carbon/day', 200], ['/api/v1/carbon/day', '/api/v1/carbon/day', 200], ['/api/v1/carbon/day?date=x', '/api/v1/carbon/day', 400],
  ['/api/v1/desk', '/api/v1/desk', 200], ['/api/v1/desk?day=2023-07-09&group=mill-bg', '/api/v1/desk', 200], ['/api/v1/desk?day=soon', '/api/v1/desk', 400], ['/api/v1/desk?group=nobody', '/api/v1/desk', 404], ['/api/v1/health', '/api/v1/health', 200], ['/api/v1/metrics', '/api/v1/metrics', 200],
  ['/api/v1/openapi.json', '/api/v1/openapi.json', 200],
  ['/api/v1/me', '/api/v1/me', 200], ['/api/v1/audit', '/api/v1/audit', 401], ['/api/v1/audit?limit=x', '/api/v1/audit', 401],
  ['/api/v1/records/handover/none', '/api/v1/records/{kind}/{id}', 404],
];
for (const [path, route, status] of rows) await holds(server, path, route, status);
const tried = new Set(rows.map((r) => r[1]));
ok(Object.keys(doc.paths).every((p) => tried.has(p) || p === '/api/v1/events' || !doc.paths[p].get), 'every path of the description was tried');
// A town of other names than the example's: what belongs beside its inventory, and which figure stands first.
const gases = await server.get('city/inventory?fy=2023'), aims = await server.get('city/targets?fy=2023');
ok(gases.inventories.length === 1 && gases.inventories[0].inventory === 'village' && gases.inventories[0].kind === 'area', 'an inventory is what the region says', JSON.stringify(gases.inventories));
ok(aims.rows.filter((x) => x.inventory === 'village').map((x) => x.indicator).join() === 'ghg-vs-2013' && aims.rows.some((x) => x.inventory === null), 'a target stands beside the inventory of its indicator');
const known = (await server.get('city/indicators')).rows;
ok(known.every((x) => !x.headline), 'no figure stands first where none is named');
ok(known.filter((x) => x.inventory === 'village').map((x) => x.part).join() === 'total,change', 'an indicator is a part of it');
const town = await server.get('town');
const sum = town.flow.plants_w + town.flow.solar_w + town.flow.discharge_w + town.flow.grid_in_w;
const use = town.flow.demand_w + town.flow.vehicles_w + town.flow.charge_w + town.flow.grid_out_w + town.flow.rest_w;
ok(sum === use, 'supply and use are equal to the watt', `${sum} ${use}`);
await server.stop();
finish();
