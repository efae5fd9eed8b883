#!/usr/bin/env python3
"""The desk's writing over HTTP against the real program: draft, a half-hour by hand, filing, files in, bids, a
proposal; roles, versions, mistakes, bytes that come back as they were filed.

  test_desk_writes.py MIZO
"""
import csv
import datetime
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import serving

MIZO = os.path.abspath(sys.argv[1])
VILLAGE = os.environ['MIZO_VILLAGE']
PASSWORD = 'canary words of haru'
DAY = '2023-07-09'
Q = f'day={DAY}&group=village-bg'
BYTES = {'Content-Type': 'application/octet-stream'}
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
                          env={**os.environ, 'MIZO_LANG': 'en'}, timeout=60, check=False)


def village(top):
    """The readings up to 7 July, known the midnight after, with demand response that may be called."""
    d = os.path.join(top, 'village')
    shutil.copytree(VILLAGE, d)
    with open(os.path.join(VILLAGE, 'readings.csv'), encoding='utf-8') as f:
        head, *rows = f.read().splitlines()
    part = os.path.join(top, 'part.csv')
    with open(part, 'w', encoding='utf-8') as f:
        f.write('\n'.join([head, *[r for r in rows if r.split(',')[1] < '2023-07-08']]) + '\n')
    got = run('import', part, '--known', '2023-07-08', '--region', d)
    assert got.returncode == 0, got.stderr
    with open(os.path.join(d, 'params.csv'), 'a', encoding='utf-8') as f:
        f.write('levy,,2021-05-01,2022-05-01,3.36,yen/kWh,METI announcement,s\n')
        f.writelines(f"offer-{name},,,,{value},{unit},test,g\n" for name, value, unit in (x.split(',') for x in OFFER))
    return d


def table(rows, head):
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(head)
    w.writerows(rows)
    return out.getvalue().encode()


def desk(s):
    return s.ask('GET', f'desk?{Q}')[1]


def drafts(s):
    plain = s.ask('POST', f'desk/draft?{Q}', headers={'Cookie': None, 'X-Mizo-CSRF': None})
    tell(plain[0] == 401, 'nobody makes a draft without a login', plain)
    tell(s.ask('POST', f'desk/draft?{Q}', headers={'X-Mizo-CSRF': None})[1]['id'] == 'SERVER_CSRF', 'nor without the token')
    tell(s.ask('POST', 'desk/draft?day=soon')[1]['id'] == 'SERVER_BAD_DATE', 'a day that is none')
    tell(s.ask('POST', f'desk/draft?day={DAY}&group=nobody')[:1] == (404,), 'a group that is none')
    tell(s.ask('POST', f'desk/draft?{Q}&x=1')[1]['id'] == 'SERVER_UNKNOWN_PARAMETER', 'a parameter that is none')
    early = s.ask('POST', f'desk/file?{Q}', {}, {'If-Match': '"0"'})
    tell(early[0] == 404 and early[1]['id'] == 'DESK_NO_DRAFT', 'nothing is filed without a draft', early)
    status, body = s.ask('POST', f'desk/draft?{Q}', headers={'Idempotency-Key': 'd1'})
    d = desk(s)
    tell(status == 200 and body['day'] == DAY and d['plan'] and d['forecast']['issued'] == body['issued'], 'a draft', (status, body))
    tell(s.ask('POST', f'desk/draft?{Q}', headers={'Idempotency-Key': 'd1'}) == (200, body), 'the same key, the same answer')
    tell(s.ask('POST', f'desk/draft?day={DAY}&group=mill-bg', headers={'Idempotency-Key': 'd1'})[0] == 422, 'and of no other group')
    return d


def slots(s, d):
    member = d['forecast']['members'][0]['id']
    change = {'member': member, 'slot': 30, 'wh': 77000, 'reason': '祭り'}
    tell(s.ask('POST', f'desk/slot?{Q}', change)[0] == 428, 'a slot needs the version that was seen')
    bad = s.ask('POST', f'desk/slot?{Q}', {'slot': 48, 'wh': 'x'}, {'If-Match': '"0"'})
    tell(bad[0] == 400 and len(bad[1]['diagnoses']) == 3, 'all mistakes of a body at once', bad)
    other = s.ask('POST', f'desk/slot?{Q}', {**change, 'member': 'nobody'}, {'If-Match': '"0"'})
    tell(other[0] == 400 and other[1]['id'] == 'DESK_NO_MEMBER', 'a member that is none', other)
    status, body = s.ask('POST', f'desk/slot?{Q}', change, {'If-Match': '"0"'})
    tell(status == 200 and body['correction']['version'] == 1 and s.last['etag'] == '"1"', 'a half-hour by hand', (status, body))
    status, body = s.ask('POST', f'desk/slot?{Q}', {**change, 'wh': 70000, 'reason': 'no'}, {'If-Match': '"0"'})
    tell(status == 409 and body['yours']['wh'] == 70000 and body['theirs']['wh'] == 77000 and body['theirs']['reason'] == '祭り',
         'two at once: both versions', body)
    status, body = s.ask('POST', f'desk/slot?{Q}', {**change, 'wh': 70000, 'reason': 'agreed'}, {'If-Match': '"1"'})
    after = desk(s)
    tell(status == 200 and after['corrections'][0]['wh'] == 70000 and after['corrections'][0]['version'] == 2 and
         after['plan']['demand_wh'][30] - d['plan']['demand_wh'][30] == 70000 - d['forecast']['members'][0]['demand_wh'][30],
         'from the version that stands it is changed, and the plan with it', body)
    with_back = s.ask('POST', f'desk/slot?{Q}', {**change, 'wh': -1, 'reason': 'back'}, {'If-Match': '"2"'})
    tell(with_back[0] == 200 and desk(s)['plan']['demand_wh'] == d['plan']['demand_wh'], 'and taken back', with_back)


def files(s, region):
    head = ['day', 'slot', 'kwh', 'id']
    rows = [(DAY, t + 1, '20.5', 's-mill') for t in range(48)]
    got = s.ask('POST', f'desk/plants?{Q}&name=p.csv', {'x': 1})
    tell(got[0] == 415 and got[1]['id'] == 'SERVER_TYPE', 'a file is not sent as JSON', got)
    got = s.ask('POST', f'desk/plants?{Q}&name=p.csv', raw=table(rows[:40], head), headers=BYTES)
    tell(got[0] == 400 and got[1]['diagnoses'][0]['id'] == 'DESK_SLOTS_MISSING' and got[1]['diagnoses'][0]['file'] == 'p.csv', 'forty half-hours are no plan', got)
    got = s.ask('POST', f'desk/plants?{Q}&name=p.xlsx', raw=b'PK\x03\x04 no workbook', headers=BYTES)
    tell(got[0] == 400, 'a workbook that is none', got)
    got = s.ask('POST', f'desk/plants?{Q}&name=p.csv', raw=table(rows, head), headers=BYTES)
    tell(got[0] == 200, "a plant's plan", got)
    head = ['day', 'slot', 'side', 'kwh', 'yen_per_kwh']
    got = s.ask('POST', f'desk/results?{Q}&name=r.csv&market=tomorrow', raw=b'', headers=BYTES)
    tell(got[0] == 400 and got[1]['id'] == 'SERVER_BAD_MARKET', 'a market that is none', got)
    bad = table([('2023-07-10', 1, 'buy', 50, 9), (DAY, 49, 'buy', 50, 9), (DAY, 2, 'lend', 50, 9)], head)
    got = s.ask('POST', f'desk/results?{Q}&name=r.csv', raw=bad, headers=BYTES)
    tell(got[0] == 400 and len(got[1]['diagnoses']) == 3 and desk(s)['market']['result_slots'] == 0, 'all mistakes of a file at once, nothing taken', got)
    lines = [f for f in json.loads(run('files', '--region', s.region, '--json').stdout)['files'] if f['refused']]
    tell([f['note'].split()[1][:5] for f in lines if (f['kind'], f['name'], f['who']) == ('jepx-results', 'r.csv', 'haru')] == ['DESK_'],
         'a file that is refused has its line, with the first mistake, in the name of who brought it', lines)
    got = s.ask('POST', f'desk/results?{Q}&name=r.csv', raw=table([(DAY, 1, 'buy', 50, '9.5')], head), headers=BYTES)
    tell(got[0] == 200 and desk(s)['market']['result_wh'][0] == 50000, 'results of the exchange', got)
    head, member = ['member', 'day', 'slot', 'demand_kwh'], desk(s)['forecast']['members'][-1]['id']
    got = s.ask('POST', f'desk/members?{Q}&name=m.csv', raw=table([(member, DAY, k + 1, 30) for k in range(47)], head), headers=BYTES)
    tell(got[0] == 400 and got[1]['diagnoses'][0]['id'] == 'DESK_SLOTS_MISSING', 'a member of whom a half-hour is missing', got)
    got = s.ask('POST', f'desk/members?{Q}&name=m.csv', raw=table([(member, DAY, k + 1, 30) for k in range(48)], head), headers=BYTES)
    tell(got[0] == 200 and [m['id'] for m in desk(s)['forecast']['members'] if m['handed_in']] == [member], 'what a member handed in', got)
    got = s.ask('POST', f'desk/parent?{Q}&name=i.csv', raw=table([(DAY, 1, 1, 1)], ['day', 'slot', 'imbalance_kwh', 'received_yen']), headers=BYTES)
    tell(got[0] == 400 and got[1]['id'] == 'DESK_NOT_MEMBER', "a parent has no parent's figures", got)
    lines = json.loads(run('files', '--region', region, '--json').stdout)
    stands = {(f['name'], f['refused']) for f in lines['files']}
    tell({('p.csv', False), ('r.csv', False), ('p.xlsx', True), ('i.csv', True)} <= stands and ('p.xlsx', False) not in stands, 'what was taken stands in the register, and what was refused', stands)


def filing(s):
    bids = s.ask('POST', f'desk/bids?{Q}', {'limit_yen': 'dear'})
    tell(bids[0] == 400 and bids[1]['id'] == 'SERVER_BAD_PRICE', 'a price that is none', bids)
    bids = s.ask('POST', f'desk/bids?{Q}', {'limit_yen': '15'})
    tell(bids[0] == 200 and bids[1]['buy_wh'] % 50000 == 0 and desk(s)['market']['bid_at'], 'bids for what is open', bids)
    tell(s.ask('GET', f'desk/file?{Q}')[1]['id'] == 'DESK_NO_FILE', 'nothing is filed yet')
    s.ask('POST', f'desk/draft?{Q}')
    got = s.ask('POST', f'desk/file?{Q}', {}, {'If-Match': '"0"'})
    tell(got[0] == 400 and [g['id'] for g in got[1]['diagnoses']] == ['DESK_IDENTITY'] and '00:00' in got[1]['detail_en'],
         'a half-hour that does not match is named, and nothing is filed', got)
    s.ask('POST', f'desk/results?{Q}&name=r2.csv', raw=table([(DAY, 1, 'buy', 0, '9.5')], ['day', 'slot', 'side', 'kwh', 'yen_per_kwh']), headers=BYTES)
    got = s.ask('POST', f'desk/file?{Q}', {}, {'If-Match': '"0"'})
    tell(got[0] == 200 and got[1]['version'] == 1 and len(got[1]['hash']) == 64, 'filed', got)
    status, raw = s.ask('GET', f'desk/file?{Q}')
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    tell(status == 200 and hashlib.blake2b(raw, digest_size=32).hexdigest() == got[1]['hash'] and 'not-validated' in s.last['content-disposition'],
         'the file comes back byte for byte, under its name', s.last)
    tell(s.ask('GET', f'desk/file?{Q}&format=pdf')[1]['id'] == 'SERVER_BAD_FORMAT', 'a format that is none')
    tell(s.ask('GET', f'desk/file?{Q}&format=xlsx')[0] == 404, 'a plan of the operator has no workbook')
    two = s.ask('POST', f'desk/file?{Q}', {'reason': 'x'}, {'If-Match': '"0"'})
    tell(two[0] == 409 and two[1]['theirs']['hash'] == got[1]['hash'] and two[1]['yours']['reason'] == 'x', 'two at once: both', two)
    two = s.ask('POST', f'desk/file?{Q}', {}, {'If-Match': '"1"'})
    tell(two[0] == 400 and two[1]['id'] == 'DESK_REASON', 'a second version needs a reason', two)
    two = s.ask('POST', f'desk/file?{Q}', {'reason': '天気'}, {'If-Match': '"1"'})
    tell(two[0] == 200 and two[1]['version'] == 2, 'and with it is filed', two)


def moves(s):
    p = desk(s)['position']
    there = {m['move']: m for m in p['moves']}
    got = s.ask('POST', f'desk/move?{Q}', {'move': 'fly', 'wh': 0}, {'If-Match': '"0"'})
    tell(got[0] == 400 and got[1]['id'] == 'DESK_MOVE_NONE', 'a move that is none', got)
    got = s.ask('POST', f'desk/move?{Q}', {'move': 'hold', 'wh': 1000}, {'If-Match': '"0"'})
    tell(got[0] == 409 and got[1]['id'] == 'DESK_MOVE_OTHER', 'a move that was seen otherwise', got)
    got = s.ask('POST', f'desk/move?{Q}', {'move': 'hold', 'wh': 0, 'reason': 'calm'}, {'If-Match': '"0"'})
    tell(got[0] == 200 and got[1]['decision']['expected_yen'] == there['hold']['expected_yen'], 'a proposal is taken up as it was priced', got)
    got = s.ask('POST', f'desk/move?{Q}', {'move': 'hold', 'wh': 0}, {'If-Match': '"0"'})
    tell(got[0] == 409 and got[1]['theirs']['reason'] == 'calm', 'a second person sees what the first decided', got)
    tell(desk(s)['decision']['actor'] == 'haru', 'the desk shows it')


def duties(s):
    day = '2023-07-08'
    got = s.ask('GET', 'duties')
    monthly = [d for d in got[1]['duties'] if d['duty'] == 'energy-month']
    tell(got[0] == 200 and monthly and got[1]['today'] == day and got[1]['late'] == sum(d['state'] == 'late' for d in got[1]['duties']), 'the calendar of duties', got)
    told = []
    for _ in range(50):
        told = [a['what'] for a in s.ask('GET', 'town')[1]['alerts'] if a['what']['id'] == 'DUTY_SOON']
        if told:
            break
        time.sleep(0.1)
    tell(told and monthly[0]['name_en'] in told[0]['text_en'] and monthly[0]['name_ja'] in told[0]['text_ja'] and '2023-07-' in told[0]['text_en'], 'what is due soon is an alarm of the live page', told)
    tell(s.ask('GET', 'duties?from=soon')[1]['id'] == 'SERVER_BAD_DATE', 'a day that is none')
    got = s.ask('POST', 'duties/energy-month/done', {'period': '2023-05-01', 'file': 'nothing'})
    tell(got[0] in (400, 404) and got[1]['diagnoses'], 'a file that the register does not have', got)
    got = s.ask('POST', 'duties/energy-month/done', {'period': '2023-05-01', 'text': '窓口に提出'})
    tell(got[0] == 200 and got[1]['state'] == 'done' and got[1]['done'] == day and got[1]['done_by'] == 'haru', 'a duty is done', got)
    got = s.ask('POST', 'enquiries', {'contract': 'c-depot', 'text': '請求額が先月より高い', 'kind': 'complaint'})
    tell(got[0] == 200 and got[1].get('who') == 'haru' and got[1]['at'].startswith(day), 'an enquiry', got)
    ask = got[1].get('id')
    got = s.ask('POST', 'enquiries', {'contract': 'c-nobody'})
    tell(got[0] == 400 and got[1]['diagnoses'], 'an enquiry without words', got)
    got = s.ask('POST', f'enquiries/{ask}/answer', {'text': '冷房の期間のため。内訳を送付'})
    tell(got[0] == 200 and [e['id'] for e in s.ask('GET', 'enquiries?contract=c-depot')[1]['enquiries']] == [ask] and
         s.ask('GET', 'enquiries?contract=other')[1]['enquiries'] == [], 'is answered', got)
    got = s.ask('POST', 'tasks', {'process': 'switch', 'contract': 'c-depot'})
    tell(got[0] == 200 and str(got[1].get('until')) > day, 'a task has its day', got)
    tasks = s.ask('GET', 'tasks')[1]
    tell(tasks['today'] == day and [p['kind'] for p in tasks['processes']] == ['switch'], 'what can be begun, once each', tasks)
    got = s.ask('POST', f"tasks/{got[1]['id']}/done", {})
    tell(got[0] == 200 and got[1]['done'] == day, 'and is done', got)
    got = s.ask('POST', 'notices', {'contract': 'c-depot', 'ends': '2023-07-10', 'how': '書面'})
    tell(got[0] in (400, 409) and got[1]['diagnoses'], 'a notice too late is refused', got)
    got = s.ask('POST', 'notices', {'contract': 'c-depot', 'ends': '2023-08-31', 'how': '書面'})
    tell(got[0] == 200, 'a notice in time', got)
    got = s.ask('POST', 'papers', {'contract': 'c-depot', 'how': '対面'})
    paper = got[1]
    tell(got[0] == 200 and paper['hash'] and paper['explained'] == 'haru', 'a paper is given', got)
    status, raw = s.ask('GET', f"papers/{paper['id']}/file")
    tell(status == 200 and isinstance(raw, bytes) and raw.startswith(b'%PDF-') and hashlib.blake2b(raw, digest_size=32).hexdigest() == paper['hash'],
         'and comes back byte for byte', (status, raw[:200]))
    tell(s.ask('GET', 'papers/paper-9999/file')[0] == 404, 'a paper that is none')
    got = s.ask('POST', f"papers/{paper['id']}/consent", {'how': '署名', 'on': '2023-07-01'})
    tell(got[0] in (400, 409), 'nobody agrees before it was given', got)
    got = s.ask('POST', f"papers/{paper['id']}/consent", {'how': '署名'})
    again = s.ask('POST', f"papers/{paper['id']}/consent", {'how': '署名'})
    tell(got[0] == 200 and again[0] == 409, 'and agreed to once', (got, again))


def offers(s):
    got = s.ask('GET', 'sheets/menus?period=2023-07-01&every=fy')
    tell(got[0] == 200 and {c['cell'] for c in got[1]['cells']} >= {'E3', 'E9', 'F3'}, "a year's disclosure of menus", got)
    tell(s.ask('GET', 'sheets/menus?period=2023-07-01&every=month')[1]['id'] == 'SHEET_YEAR', 'which is of a year')
    tell(s.ask('GET', 'sheets/nothing')[0] == 404, 'a sheet that is none')
    got = s.ask('GET', 'sites/nowhere/offer')
    tell(got[0] == 400 and got[1]['id'] == 'OFFER_SITE', 'an offer to nobody', got)
    got = s.ask('POST', 'sites/depot/offer', {'before': '2023-05-01'})
    tell(got[0] == 400 and got[1]['diagnoses'], 'too little is known for an offer, which is said', got)
    tell(s.ask('POST', 'sites/depot/offer', {'size': 3})[1]['diagnoses'][0]['id'] == 'SHAPE_UNKNOWN', 'a word that is none')
    got = s.ask('GET', 'sites/depot/offer?paper=20230401-000000000000-001')
    tell(got[0] == 404, 'pages that were never made', got)


def as_haru(top):
    """Who writes beside the running program says who it is."""
    path = os.path.join(top, 'password')
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), 'w', encoding='utf-8') as f:
        f.write(PASSWORD + '\n')
    return '--as', 'haru', '--password-file', path


# Figures that an offer needs, as invented as the village.
OFFER = ('ageing,0,share a year', 'capex,200000,yen/kW', 'clear-index,0.6,share', 'discount,0,share', 'grant,0.5,share', 'grant-passed,0.8,share', 'ppa-return,0,share', 'ppa-years,20,years',
         'price-step,0.1,yen/kWh', 'roof-share,0.2,share', 'roof-w-per-m2,150,W/m2', 'self-use-least,0.5,share', 'upkeep,3000,yen/kW a year', 'years,20,years')


def offer_made(s, region, top):
    """A year of the hall is known: the two pages are made, kept, and come back as they were."""
    rows, first = ['point,start,kwh'], datetime.date(2022, 4, 1)
    rows += [f'p-hall,{first + datetime.timedelta(days=d)}T{t // 2:02d}:{t % 2 * 30:02d}:00+09:00,30' for d in range(365) for t in range(48)]
    path = os.path.join(top, 'year.csv')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(rows) + '\n')
    got = run('import', path, '--known', '2023-07-08', '--region', region, *as_haru(top))
    assert got.returncode == 0, got.stderr
    got = s.ask('POST', 'sites/library/offer', {'before': '2023-04-01'})
    tell(got[0] == 200 and got[1]['pays'] and len(got[1]['hash']) == 64, 'an offer is made', got)
    status, raw = s.ask('GET', f"sites/library/offer?paper={got[1].get('paper')}")
    tell(status == 200 and isinstance(raw, bytes) and raw.startswith(b'%PDF-') and hashlib.blake2b(raw, digest_size=32).hexdigest() == got[1]['hash'],
         'its pages come back byte for byte', (status, raw[:200]))


def offer_taxes(s):
    """The same year with and without the tax: a tenth between them."""
    costs = [float(s.ask('GET', f'sites/library/offer?before=2023-04-01&tax={w}')[1]['sizes'][0]['cost_yen']) for w in ('with', 'without')]
    tell(costs[1] > 0 and abs(costs[0] - 1.1 * costs[1]) < 1, 'an offer with and without the tax', costs)
    got = s.ask('GET', 'sites/library/offer?tax=half')
    tell(got[0] == 400 and got[1]['id'] == 'OFFER_TAX', 'a word that is neither', got)
    with_tax, without = (s.ask('POST', 'sites/library/offer', {'before': '2023-04-01', 'tax': w}) for w in ('with', 'without'))
    tell(with_tax[0] == without[0] == 200 and with_tax[1]['hash'] != without[1]['hash'], 'and as pages', (with_tax, without))
    tell(s.ask('POST', 'sites/library/offer', {'tax': 'half'})[0] == 400, 'not by another word')


def certificates(s, region, top):
    """Lots to a menu, used up, claimed: once; with a session, a token of ours and JSON alone."""
    csv, head = {'Content-Type': 'text/csv'}, 'lot,kind,vintage,number_from,number_to,kwh\n'
    lots = (head + 'fit-a,fit,2023,1,5000,5000\n').encode()
    tell(s.ask('POST', 'certificates', raw=lots, headers={**csv, 'Cookie': None, 'X-Mizo-CSRF': None})[0] == 401, 'certificates: nobody is asked to log in')
    tell(s.ask('POST', 'certificates', {'lot': 'fit-a'})[0] == 415, 'they come as CSV')
    got, again = s.ask('POST', 'certificates', raw=lots, headers=csv), s.ask('POST', 'certificates', raw=lots, headers=csv)
    tell(got[0] == 200 and got[1]['added'] == 1 and got[1]['wh'] == 5000000 and again[1]['added'] == 0, 'certificates are taken in, once', (got, again))
    got = s.ask('POST', 'certificates', raw=(head + 'fit-b,fit,2023,5001,6000,1000\nfit-c,fit,2023,4000,5000,1001\n').encode(), headers=csv)
    tell(got[0] == 409 and 'fit-a' in got[1]['detail_en'] and len(s.ask('GET', 'certificates')[1]['lots']) == 1, "numbers issued before: refused with the first one's place, and nothing is kept", got)
    got = s.ask('POST', 'certificates', raw=(head + 'fit-d,odd,2023,1,2,x\n').encode(), headers=csv)
    tell(got[0] == 400 and len(got[1]['diagnoses']) >= 1 and got[1]['diagnoses'][0]['line'] == 2, 'a mistake has its line', got)
    kept = json.loads(run('files', '--region', region, '--kind', 'certificates', '--json').stdout)['files']
    tell(sorted(f['refused'] for f in kept) == [False, True, True], 'each file has its line in the register', kept)
    made = os.path.join(top, 'made.csv')
    with open(made, 'w', encoding='utf-8') as f:
        f.write('point,start,kwh,quantity\n' + ''.join(f'{who},2023-07-04T{t // 2:02d}:{t % 2 * 30:02d}:00+09:00,{kwh},generation\n' for t in range(48) for who, kwh in (('mill', 20.5), ('pv-depot', 6 if 16 < t < 32 else 0))))
    assert run('import', made, '--region', region, *as_haru(top)).returncode == 0
    assert run('settle', '--from', '2023-07-04', '--to', '2023-07-04', '--region', region, *as_haru(top)).returncode == 0
    want = {'lot': 'fit-a', 'menu': 'big-green', 'fy': 2023, 'wh': 1200000}
    claim = {'id': 'first', 'kind': 'credit', 'of': 'p-depot', 'from': '2023-07-04', 'to': '2023-07-04'}
    for path, body in (('certificates/assign', want), ('certificates/retire', {'menu': 'big-green', 'fy': 2023}), ('claims', claim)):
        tell(s.ask('POST', path, body, {'Cookie': None, 'X-Mizo-CSRF': None})[0] == 401, f'{path}: nobody is asked to log in')
        got = s.ask('POST', path, body, {'X-Mizo-CSRF': None})
        tell(got[0] == 403 and got[1]['id'] == 'SERVER_CSRF', f'{path}: a page of somebody else is refused', got)
        tell(s.ask('POST', path, raw=b'x', headers={'Content-Type': 'text/csv'})[0] == 415, f'{path}: JSON alone')
        tell(s.ask('POST', path, {**body, 'odd': 1})[1]['diagnoses'][0]['id'] == 'SHAPE_UNKNOWN', f'{path}: a word that is none')
    got = s.ask('POST', 'certificates/assign', want)
    book = s.ask('GET', 'certificates')[1]
    tell(got[0] == 200 and got[1]['wh'] == 1200000 and book['lots'][0]['held_wh'] == 3800000 and book['uses'][0]['assigned_wh'] == 1200000, 'certificates are assigned', (got, book))
    tell(book['book']['head'] == json.loads(run('verify', '--region', region, '--json').stdout)['head'], 'the answer names the state of the books', book['book'])
    got = s.ask('POST', 'certificates/assign', {**want, 'wh': 3800001})
    tell(got[0] == 409 and got[1]['diagnoses'], 'no more than there is', got)
    tell(s.ask('POST', 'certificates/retire', {'menu': 'big-green', 'fy': 2023})[1]['wh'] == 1200000, 'and used up')
    got, again = s.ask('POST', 'claims', claim), s.ask('POST', 'claims', {**claim, 'id': 'second'})
    tell(got[0] == 200 and got[1]['wh'] > 0, 'a credit is claimed', got)
    tell(again[0] == 409 and 'first' in again[1]['detail_en'], "a second one is refused with the first one's place", again)


def roles(s, region):
    with sqlite3.connect(os.path.join(region, 'mizo.db')) as c:
        acts = [json.loads(r[0]) for r in c.execute("SELECT json FROM record WHERE kind = 'audit' ORDER BY id")]
    done = {(a['act'], a['object']) for a in acts if a.get('result', 'done') == 'done'}
    where = f'desk/village-bg/{DAY}'
    tell({('plan', where), ('correct', where), ('file', where), ('import', where)} <= done, 'each act has its audit record', done)
    with sqlite3.connect(os.path.join(region, 'mizo.db')) as c:
        batches = {r[0] for r in c.execute("SELECT actor FROM batch WHERE source = 'desk'")}
    tell(batches == {'haru'}, 'each batch names who', batches)
    got = run('user', 'add', 'aki', '--roles', 'reader', '--region', region)
    link = got.stdout.strip().rsplit('/', 1)[-1]
    s.ask('POST', 'link', {'link': link, 'password': 'canary words of aki'}, {'Cookie': None, 'X-Mizo-CSRF': None})
    tell(s.login('aki', 'canary words of aki') == 200, 'a reader logs in', got)
    got = s.ask('POST', f'desk/draft?{Q}')
    tell(got[0] == 403 and got[1]['id'] == 'SERVER_ROLE', 'and may not plan', got)
    for path, body in (('certificates/assign', {'lot': 'fit-a', 'menu': 'big-green', 'fy': 2023}), ('claims', {'id': 'x', 'kind': 'credit', 'of': 'p-hall', 'from': '2023-07-04', 'to': '2023-07-04'})):
        tell(s.ask('POST', path, body)[1]['id'] == 'SERVER_ROLE', f'nor {path}')


def main():
    top = tempfile.mkdtemp()
    try:
        region = village(top)
        s = serving.Serve(MIZO, region, clock='real')
        s.ask('POST', 'first', {'link': s.link(), 'user': 'haru', 'password': PASSWORD})
        tell(s.login('haru', PASSWORD) == 200, 'log in')
        d = drafts(s)
        slots(s, d)
        files(s, region)
        filing(s)
        moves(s)
        duties(s)
        offers(s)
        offer_made(s, region, top)
        offer_taxes(s)
        certificates(s, region, top)
        roles(s, region)
        tell(s.stop() == 0, 'it stops cleanly')
        holds = run('verify', '--region', region)
        tell(holds.returncode == 0, 'the store holds', holds.stdout + holds.stderr)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f'1..{count}')
    sys.exit(1 if failed else 0)


main()
