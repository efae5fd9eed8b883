#!/usr/bin/env python3
"""Billing runs, the month's close and payments over the API, by two people against the real program, as a TAP suite.

  test_runs.py MIZO
"""
import concurrent.futures
import datetime
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

MIZO = os.path.abspath(sys.argv[1])
VILLAGE = os.environ['MIZO_VILLAGE']
with open(os.environ['MIZO_OPENAPI'], encoding='utf-8') as f:
    API = json.load(f)
PASSWORD = 'four quiet words here'
count = failed = 0


def tell(ok, name, detail=''):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f'#   {line[:400]}', flush=True)


def run(*words):
    return subprocess.run([MIZO, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, 'MIZO_LANG': 'en'}, timeout=60, start_new_session=True)


def fits(schema, value, where=''):
    """What of a value is not as the description says: every member is named there, and has its type."""
    if '$ref' in schema:
        return fits(API['components']['schemas'][schema['$ref'].rsplit('/', 1)[1]], value, where)
    if 'allOf' in schema:
        known = {}
        for part in schema['allOf']:
            part = API['components']['schemas'][part['$ref'].rsplit('/', 1)[1]] if '$ref' in part else part
            known.update(part['properties'])
        return fits({'type': 'object', 'properties': known}, value, where)
    types = schema.get('type', 'object')
    kinds = {'object': dict, 'array': list, 'string': str, 'integer': int, 'boolean': bool, 'null': type(None)}
    if not isinstance(value, tuple(kinds[t] for t in ([types] if isinstance(types, str) else types))):
        return [f'{where}: {value!r} is no {types}']
    if 'enum' in schema and value not in schema['enum']:
        return [f'{where}: {value!r}']
    if isinstance(value, list):
        return [x for i, v in enumerate(value) for x in fits(schema['items'], v, f'{where}[{i}]')]
    if isinstance(value, dict) and 'properties' in schema:
        return [f'{where}.{k} is not described' for k in value if k not in schema['properties']] + \
               [x for k, v in value.items() if k in schema['properties'] for x in fits(schema['properties'][k], v, f'{where}.{k}')]
    return []


class Person:
    def __init__(self, town, name, roles):
        self.town, self.headers = town, {}
        link = json.loads(run('user', 'add', name, '--roles', roles, '--region', town.dir, '--json').stdout)['link']
        assert self.ask('POST', 'link', {'link': link, 'password': PASSWORD})[0] == 200
        status, body = self.ask('POST', 'login', {'user': name, 'password': PASSWORD})
        assert status == 200, body
        self.headers = {'Cookie': self.last['set-cookie'].split(';')[0], 'X-Mizo-CSRF': body['csrf']}

    def ask(self, method, path, body=None, version=None, key=None, type_='application/json'):
        c = http.client.HTTPConnection('127.0.0.1', self.town.port, timeout=60)
        head = {'Host': self.town.host, 'Origin': f'http://{self.town.host}', **self.headers}
        if version is not None:
            head['If-Match'] = f'"{version}"'
        if key:
            head['Idempotency-Key'] = key
        data = b'' if method == 'POST' else None
        if body is not None:
            head['Content-Type'] = type_
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        c.request(method, '/api/v1/' + path, data, head)
        r = c.getresponse()
        text = r.read()
        c.close()
        self.last = {k.lower(): v for k, v in r.getheaders()}
        if 'json' not in self.last.get('content-type', ''):
            return r.status, text
        value = json.loads(text)
        self.described(method, path, r.status, value)
        return r.status, value

    def described(self, method, path, status, value):
        parts = path.split('?')[0].split('/')
        for name, item in API['paths'].items():
            own = name.split('/')[3:]
            if method.lower() in item and len(own) == len(parts) and all(a == b or a[0] == '{' for a, b in zip(own, parts)):
                answer = item[method.lower()]['responses'].get(str(status))
                assert answer, f'{method} {name} does not describe {status}: {value}'
                wrong = fits(next(iter(answer['content'].values()))['schema'], value)
                assert not wrong, (method, name, status, wrong)
                return
        raise AssertionError(f'{method} {path} is not described')


class Town:
    def __init__(self, top):
        self.dir = os.path.join(top, 'village')
        shutil.copytree(VILLAGE, self.dir, ignore=shutil.ignore_patterns('mizo.db*', 'files'))
        rows = ['point,start,kwh']
        for point, base in (('p-depot', 20), ('p-hall', 8), ('p-school', 12)):
            for d in range(30):
                day = datetime.date(2023, 4, 1) + datetime.timedelta(d)
                rows += [f'{point},{day}T{s // 2:02d}:{s % 2 * 30:02d},{base + (5 if 16 <= s < 36 else 0)}' for s in range(48)]
        self.load('\n'.join(rows) + '\n')
        self.load('point,start,kwh,quantity\n' + ''.join(
            f'{p},2023-04-{d:02d}T{s // 2:02d}:{s % 2 * 30:02d},1,export\n' for p in ('p-depot', 'p-school') for d in range(1, 31) for s in range(48)))
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([MIZO, 'serve', '--region', self.dir, '--listen', '127.0.0.1:0', '--clock', 'x60', '--from', '2023-05-08'],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, 'MIZO_LANG': 'en', 'ASAN_OPTIONS': 'detect_leaks=0'})
        self.port = int(self.process.stdout.readline().rsplit(':', 1)[1].strip().strip('/'))
        self.host = f'127.0.0.1:{self.port}'

    def load(self, text):
        path = os.path.join(os.path.dirname(self.dir), 'in.csv')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        got = run('import', path, '--region', self.dir)
        assert got.returncode == 0, got.stderr

    def entries(self):
        with sqlite3.connect(f'file:{self.dir}/mizo.db?mode=ro', uri=True) as db:
            return db.execute("SELECT count(*) FROM entry WHERE unit = 'uyen'").fetchone()[0]


def refused(hana, ken, reader):
    month = {'month': '2023-04', 'kind': 'bill'}
    status, body = reader.ask('POST', 'runs', month)
    tell(status == 403 and body['id'] == 'SERVER_ROLE', 'a reader drafts nothing', body)
    tell(ken.ask('POST', 'runs', month)[0] == 403, 'nor an approver')
    status, body = hana.ask('POST', 'runs', {'month': '2023-4', 'kind': 'gift'})
    tell(status == 400 and len(body['diagnoses']) == 2, 'all mistakes of a body at once', body)
    tell(hana.ask('POST', 'runs', {'month': '2023-13', 'kind': 'bill'})[0] == 400, 'a month that is none')
    status, body = hana.ask('POST', 'runs', {'month': '2030-01', 'kind': 'purchase'})
    tell(status in (400, 404) and body['diagnoses'], 'a month of which nothing is known says why', body)
    tell(ken.ask('POST', 'runs/2023-04/approve', version=0)[0] == 404, 'no such run')


def drafted(hana, ken):
    status, r = hana.ask('POST', 'runs', {'month': '2023-04', 'kind': 'bill', 'leave': True})
    tell(status == 200 and r['left_out'] == 0 and hana.ask('POST', 'runs', {'month': '2023-04', 'kind': 'bill', 'leave': 1})[0] == 400,
         'what cannot be made may be left out; nothing was', r)
    status, r = hana.ask('POST', 'runs', {'month': '2023-04', 'kind': 'bill'}, key='draft-1')
    tell(status == 200 and r['state'] == 'draft' and r['made']['who'] == 'hana' and r['invoices'] == 2, 'an operator drafts a month', r)
    again = hana.ask('POST', 'runs', {'month': '2023-04', 'kind': 'bill'}, key='draft-1')
    tell(again == (200, r), 'the same key gives the same answer, once', again)
    status, whole = ken.ask('GET', 'runs/2023-04')
    tell(status == 200 and [i['id'] for i in whole['list']] == ['b202304-village-hv', 'c202304-c-lamps'] and whole['version'] == r['version']
         and whole['list'][0]['before_yen'] is None and not whole['stale'], 'a run and what is in it', whole)
    tell(len(ken.ask('GET', 'runs?month=2023-04')[1]['runs']) == 1 and ken.ask('GET', 'runs?month=2023-05')[1]['runs'] == [], 'the runs of a month')
    return r


def approved(hana, ken, mei, r):
    status, body = hana.ask('POST', 'runs/2023-04/approve', version=r['version'])
    tell(status == 403, 'who is no approver does not approve', body)
    status, body = mei.ask('POST', 'runs/2023-04/approve')
    tell(status == 428, 'nobody approves what they did not read', body)
    status, body = mei.ask('POST', 'runs/2023-04/approve', version=r['version'] + 7)
    tell(status == 409 and body['yours'] == {'version': r['version'] + 7} and body['theirs']['run'] == '2023-04', 'another version: both are shown', body)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        got = list(pool.map(lambda p: p.ask('POST', 'runs/2023-04/approve', version=r['version']), (ken, mei)))
    won, lost = [b for s, b in got if s == 200], [b for s, b in got if s == 409]
    tell(len(won) == 1 and len(lost) == 1, 'two approve at once: one is', got)
    tell(lost[0].get('theirs', {}).get('state', 'approved') == 'approved', 'and the other sees it', lost)
    return won[0]


def own_draft(mei):
    """mei may both draft and approve, but not her own."""
    status, r = mei.ask('POST', 'runs', {'month': '2023-04', 'kind': 'purchase'})
    tell(status == 200 and r['run'] == '2023-04-buy', 'a draft of the purchases', r)
    status, body = mei.ask('POST', 'runs/2023-04-buy/approve', version=r['version'])
    tell(status == 409 and body['id'] == 'ACTOR_SECOND', 'nobody approves their own draft', body)


def issued(town, hana, ken, r):
    before = town.entries()
    status, body = hana.ask('POST', 'runs/2023-04/issue', {'day': '2023-05-08', 'format': 'html'}, r['version'])
    tell(status == 403 and town.entries() == before, 'an operator issues nothing', body)
    status, body = ken.ask('POST', 'runs/2023-04/issue', {'format': 'doc'}, r['version'])
    tell(status == 400, 'a format that is none', body)
    status, body = ken.ask('POST', 'runs/2023-04/issue', {'day': '2023-05-08', 'format': 'html'}, r['version'], key='issue-1')
    tell(status == 200 and body['state'] == 'issued' and body['issue_day'] == '2023-05-08' and town.entries() > before, 'what was approved goes out', body)
    now = town.entries()
    tell(ken.ask('POST', 'runs/2023-04/issue', {'day': '2023-05-08', 'format': 'html'}, r['version'], key='issue-1') == (200, body)
         and town.entries() == now, 'asked again with its key: the same answer, nothing twice')
    status, body = ken.ask('POST', 'runs/2023-04/issue', {'day': '2023-05-08', 'format': 'html'}, body['version'])
    tell(status == 409 and body['id'] == 'INVOICE_RUN_STATE', 'nothing is issued twice', body)
    status, one = ken.ask('GET', 'invoices/b202304-village-hv')
    tell(status == 200 and one['state'] == 'issued' and one['invoice']['party'] == 'village', 'an invoice', one)
    status, paper = ken.ask('GET', 'invoices/b202304-village-hv?paper=html')
    tell(status == 200 and paper.startswith(b'<!doctype') and ken.ask('GET', 'invoices/b202304-village-hv?paper=html')[1] == paper, 'its paper, as it was kept', paper[:80])
    tell(ken.ask('GET', 'invoices/b202304-village-hv?paper=doc')[0] == 400 and ken.ask('GET', 'invoices/nothing')[0] == 404, 'papers that are none')


def paid(town, hana, ken):
    status, due = ken.ask('GET', 'receivables?as_of=2023-06-30')
    open_ = int(due['open_yen'].split('.')[0])
    tell(status == 200 and len(due['invoices']) == 2 and due['books_yen'] == due['open_yen'] == due['overdue_yen'], 'what is owed', due)
    bank = 'date,amount,reference\n2023-06-05,1000,b202304-village-hv\n2023-06-06,500,nobody\n'
    tell(ken.ask('POST', 'payments', bank, type_='text/csv')[0] == 403, 'an approver brings in no payments')
    tell(hana.ask('POST', 'payments', bank)[0] == 415, 'a statement is CSV')
    status, body = hana.ask('POST', 'payments', 'date,amount,reference\n2023-06-31,5,x\n', type_='text/csv')
    tell(status == 400 and body['diagnoses'][0]['id'] == 'PAYMENT_ROW', 'a wrong row is said', body)
    status, body = hana.ask('POST', 'payments', bank, type_='text/csv')
    tell(status == 200 and (body['posted'], body['unmatched'], body['lines'][1]['party']) == (1, 1, None), 'a bank statement', body)
    status, body = hana.ask('POST', 'payments', bank, type_='text/csv')
    tell(status == 200 and (body['posted'], body['again']) == (0, 1), 'again: nothing twice', body)
    due = ken.ask('GET', 'receivables?as_of=2023-06-30')[1]
    tell(int(due['open_yen'].split('.')[0]) == open_ - 1000 and due['books_yen'] == due['open_yen'], 'and the books hold it', due)


def closed(town, hana, ken, mei):
    status, m = ken.ask('GET', 'close?month=2023-04')
    tell(status == 200 and m['state'] == 'open' and m['version'] == 0, 'a month that is open')
    status, body = hana.ask('POST', 'close/2023-04', {}, 1)
    tell(status == 409 and body['theirs']['state'] == 'open', 'another version than was read', body)
    status, body = hana.ask('POST', 'costs', 'kind,month,id,yen,party\nother,2023-04,postage,500,post\n', type_='text/csv')
    tell(status == 200 and body['lines'] == 1, 'a cost', body)
    tell(hana.ask('POST', 'costs', 'kind,month\nother,2023-04\n', type_='text/csv')[0] == 400, 'a file of costs without its columns')
    status, r = hana.ask('POST', 'close/2023-04', {}, 0)
    tell(status == 200 and (r['state'], r['edition'], r['maker'], r['version']) == ('provisional', 1, 'hana', 1), 'closed provisionally', r)
    m = ken.ask('GET', 'close?month=2023-04')[1]
    blocked = [c['id'] for c in m['checks'] if c['blocks']]
    tell('purchase-runs' in blocked, 'what stands in the way', blocked)
    status, body = ken.ask('POST', 'close/2023-04/approve', version=1)
    tell(status == 400 and all(d['id'] == 'CLOSE_BLOCKS' for d in body['diagnoses']) and len(body['diagnoses']) == len(blocked), 'all that blocks is said', body)
    tell(hana.ask('POST', 'close/2023-04/approve', version=1)[0] == 403, 'an operator makes nothing final')
    tell(ken.ask('POST', 'close/2023-04/accept', {'kind': 'wheeling', 'why': 'x'})[0] == 400, 'nothing differs, so nothing is taken')
    tell(hana.ask('POST', 'close/april', {}, 1)[0] == 400, 'a month that is none')
    tell(json.loads(run('verify', '--region', town.dir, '--json').stdout)['ok'], 'the books are true')


def margins(ken):
    status, m = ken.ask('GET', 'margin?month=2023-04&by=menu')
    tell(status == 200 and [r['id'] for r in m['rows']] == ['hv-day', 'lv-lamp'] and m['months'][0]['state'] == 'provisional', 'the margin by menu', m)
    status, all_ = ken.ask('GET', 'margin?month=2023-04&to=2023-05&by=month')
    tell(status == 200 and len(all_['months']) == 2, 'of two months', all_)
    tell([ken.ask('GET', 'margin?' + q)[0] for q in ('by=hat', 'month=2023', 'month=2023-04&to=2020-01')] == [400] * 3, 'cuts and months that are none')


def cancelled(town, ken, audit):
    r = ken.ask('GET', 'runs/2023-04')[1]
    tell(ken.ask('POST', 'runs/2023-04/cancel', {'format': 'html'}, r['version'])[0] == 400, 'a cancellation says why')
    status, body = ken.ask('POST', 'runs/2023-04/cancel', {'format': 'html', 'why': 'wrong tariff', 'day': '2023-07-01'}, r['version'])
    tell(status == 200 and body['state'] == 'cancelled' and body['why'] == 'wrong tariff', 'an issued run is taken back', body)
    tell(json.loads(run('verify', '--region', town.dir, '--json').stdout)['ok'], 'and the books are true')
    trail = [(r['act'], r['who']) for r in audit.ask('GET', 'audit?limit=100')[1]['items'] if r['object'] == 'run/2023-04' and r['result'] == 'done']
    tell([a for a, _ in trail] == ['issue', 'issue', 'approve', 'bill', 'bill'], 'each act is in the trail with who did it', trail)


def main():
    top = tempfile.mkdtemp()
    try:
        town = Town(top)
        hana, ken = Person(town, 'hana', 'operator'), Person(town, 'ken', 'approver')
        mei, aki = Person(town, 'mei', 'operator,approver'), Person(town, 'aki', 'reader,auditor')
        refused(hana, ken, aki)
        r = drafted(hana, ken)
        r = approved(hana, ken, mei, r)
        own_draft(mei)
        issued(town, hana, ken, r)
        paid(town, hana, ken)
        closed(town, hana, ken, mei)
        margins(ken)
        cancelled(town, ken, aki)
        town.process.terminate()
        tell(town.process.wait(timeout=30) == 0, 'it stops cleanly')
        town.log.seek(0)
        tell(b'ERROR: ' not in town.log.read(), 'and no sanitizer has anything to say')
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f'1..{count}')


main()
sys.exit(1 if failed else 0)
