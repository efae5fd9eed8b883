#!/usr/bin/env python3
"""Users of one bureau, and the public page, against the real program, as a TAP suite: who enters what by the command line and by
the API, what each sees, what everybody sees.

  test_bureau.py MIZO
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import serving

MIZO = os.path.abspath(sys.argv[1])
VILLAGE = os.environ['MIZO_VILLAGE']
PASSWORD = 'canary words of the bureau'
FAR = {'X-Forwarded-For': '203.0.113.9'}
count = failed = 0


def tell(ok, name, detail=''):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f'#   {line[:400]}', flush=True)


def run(*words, **more):
    p = subprocess.run([MIZO, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, 'MIZO_LANG': 'en', **more}, timeout=60, start_new_session=True)
    return p.returncode, p.stdout, p.stderr


def user(d, secret, name, *words):
    code, out, err = run('user', 'add', name, *words, '--region', d, '--json')
    link = json.loads(out)['link'] if code == 0 else ''
    return run('user', 'password', '--link', link, '--password-file', secret, '--region', d)[0] == 0, err


def people(d, secret):
    code, out, err = run('user', 'add', 'teru', '--roles', 'operator', '--bureau', 'education', '--region', d)
    tell(code == 2 and 'reader and editor' in err, 'a user of one bureau is no operator', err)
    code, out, err = run('user', 'add', 'teru', '--roles', 'editor', '--bureau', 'edukation', '--region', d)
    tell(code == 2 and 'education, transport' in err.replace('transport, education', 'education, transport'), 'a bureau without facilities: those that there are', err)
    tell(user(d, secret, 'haru', '--roles', 'operator,approver')[0], 'an operator')
    tell(user(d, secret, 'edo', '--roles', 'reader,editor', '--bureau', 'education')[0], 'an editor of education')
    code, out, err = run('user', 'list', '--region', d, '--json')
    by = {u['id']: u for u in json.loads(out)['users']}
    tell(by['edo']['bureau'] == 'education' and by['haru']['bureau'] is None, 'the list says whose', by)
    code, out, err = run('user', 'role', 'edo', '--roles', 'operator', '--region', d)
    tell(code == 2, 'and stays one: other roles need the bureau off first', err)


def saving(id_, facility):
    return ['city', 'put', 'saving', id_, 'measure=LED', f'facility={facility}', 'before_kwh=1000', 'after_kwh=400', 'method=m', 'first_fy=2023', 'last_fy=2027', 'evidence=e']


def by_hand(d, secret, top):
    me = ['--as', 'edo', '--password-file', secret, '--region', d]
    code, out, err = run(*saving('s-school', 'school'), *me)
    tell(code == 0, 'a row of its own facility', err)
    code, out, err = run(*saving('s-depot', 'depot'), *me)
    tell(code == 2 and 'transport' in err and 'education' in err, "a row of another bureau's is refused, and says whose it is", err)
    run(*saving('s-depot', 'depot'), '--as', 'haru', '--password-file', secret, '--region', d)
    code, out, err = run('city', 'put', 'saving', 's-depot', 'facility=school', *me)
    tell(code == 2, "nor is another bureau's row taken over", err)
    code, out, err = run('city', 'put', 'saving', 's-school', 'facility=depot', *me)
    tell(code == 2, 'nor its own given away', err)
    code, out, err = run('city', 'put', 'recruit', 'firm-1', 'name=x', 'stage=invited', *me)
    tell(code == 2 and 'operator' in err, 'talks are the operator\'s', err)
    rows = os.path.join(top, 'savings.csv')
    with open(rows, 'w') as f:
        f.write('id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\na,LED,library,10,5,m,2023,2024,e\nb,LED,depot,10,5,m,2023,2024,e\n')
    code, out, err = run('city', 'load', 'saving', rows, *me)
    tell(code == 2 and 'savings.csv:3' in err, 'a file with one row of another bureau: nothing, and the line', err)
    code, out, err = run('city', 'list', 'saving', '--region', d, '--json')
    tell([r['id'] for r in json.loads(out)['rows']] == ['s-depot', 's-school'], 'and nothing of it was kept', out)


def yearly(d, secret, top):
    me = ['--as', 'edo', '--password-file', secret, '--region', d, '--known', '2024-05-10']
    head = '令和5年度,単位:kWh\n施設名,局,' + ','.join(f'{m}月' for m in [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]) + '\n'
    mine, other = os.path.join(top, 'R5.csv'), os.path.join(top, 'R5b.csv')
    with open(mine, 'w') as f:
        f.write(head + 'library,education' + ',100' * 12 + '\n')
    with open(other, 'w') as f:
        f.write(head + 'library,education' + ',100' * 12 + '\ndepot,transport' + ',100' * 12 + '\n')
    code, out, err = run('import', other, *me)
    tell(code == 2 and 'depot' in err, "a yearly table with another bureau's row is refused", err)
    code, out, err = run('import', mine, *me)
    tell(code == 0, 'its own goes in', err)
    code, out, err = run('import', os.path.join(d, 'readings.csv'), *me)
    tell(code == 2, 'readings do not: they are no yearly table', out + err)
    code, out, err = run('import', os.path.join(d, 'readings.csv'), *me, '--kind', 'slots')
    tell(code == 2 and 'operator' in err, 'and need the role', err)


def row(measure='LED', facility='school'):
    return {'measure': measure, 'facility': facility, 'before_kwh': '1000', 'after_kwh': '300', 'method': 'm', 'first_fy': '2023', 'last_fy': '2027', 'evidence': 'e'}


def by_api(s):
    tell(s.login('edo', PASSWORD) == 200, 'the editor logs in')
    me = s.ask('GET', 'me')[1]
    tell(me['bureau'] == 'education' and me['roles'] == ['reader', 'editor'], 'who am I, and of which bureau', me)
    status, body = s.ask('GET', 'lists/saving')
    tell(status == 200 and [r['id'] for r in body['rows']] == ['s-school'], 'sees rows of its own', body)
    version = body['rows'][0]['version']
    status, body = s.ask('PUT', 'lists/saving/s-school', row(), {'If-Match': f'"{version}"'})
    tell(status == 200 and body['after_kwh'] == '300' and body['version'] == version + 1 and s.last['etag'] == f'"{version + 1}"', 'writes them', body)
    status, body = s.ask('PUT', 'lists/saving/s-school', row('LED2'), {'If-Match': f'"{version}"'})
    tell(status == 409, 'not over what was written since', body)
    tell(s.ask('PUT', 'lists/saving/s-school', row())[0] == 428, 'nor without a version')
    status, body = s.ask('PUT', 'lists/saving/s-x', row(facility='depot'), {'If-Match': '"0"'})
    tell(status == 403 and body['id'] == 'ACTOR_BUREAU', "403 for another bureau's facility", body)
    status, body = s.ask('PUT', 'lists/saving/s-depot', row(), {'If-Match': '"1"'})
    tell(status == 403, "403 for another bureau's row", body)
    status, body = s.ask('PUT', 'lists/saving/s-school', row(facility='depot'), {'If-Match': f'"{version + 1}"'})
    tell(status == 403, '403 for giving a row away', body)
    tell(s.ask('PUT', 'lists/recruit/x', {'name': 'x', 'stage': 'invited'}, {'If-Match': '"0"'})[0] == 403, '403 for the office\'s own lists')
    tell(s.ask('PUT', 'records/handover/x', {'day': '2023-07-08', 'text': 'x'}, {'If-Match': '"0"'})[0] == 403, '403 for other records')
    status, body = s.ask('PUT', 'lists/saving/bad', {**row(), 'before_kwh': 'many', 'evidence': ''}, {'If-Match': '"0"'})
    tell(status == 400 and len(body['diagnoses']) == 2, 'all mistakes of a row at once', body)
    status, body = s.ask('PUT', 'lists/saving/bad', {**row(), 'colour': 'red'}, {'If-Match': '"0"'})
    tell(status == 400 and body['diagnoses'][0]['id'] == 'SHAPE_UNKNOWN', 'an unknown field', body)
    status, body = s.ask('PUT', 'lists/nothing/bad', row(), {'If-Match': '"0"'})
    tell(status == 404, 'an unknown list', body)


def sends(s):
    """The yearly table of its bureau, as a file; a workbook goes the same way."""
    head = '令和4年度,単位:kWh\n施設名,局,' + ','.join(f'{m}月' for m in [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]) + '\n'
    send = lambda text, more='', kind='text/csv': s.ask('POST', 'yearly?name=R4.csv' + more, raw=text.encode(), headers={'Content-Type': kind})
    before = s.ask('GET', 'facilities/library?fy=2022')[1]
    status, body = send(head + 'library,education' + ',100' * 11 + ',many\ndepot,transport' + ',100' * 12 + '\nnowhere,education' + ',1' * 12 + '\n')
    said = ' '.join(x['text_en'] for x in body.get('diagnoses', []))
    tell(status == 400 and 'N3' in said and 'depot' in said and 'nowhere' in said, 'a yearly table with mistakes: each with its cell', body)
    tell(s.ask('GET', 'facilities/library?fy=2022')[1] == before, 'and nothing of it is taken')
    mine = head + 'library,education' + ',120' * 12 + '\n'
    status, body = send(mine)
    tell(status == 200 and (body['rows'], body['added'], body['changed']) == (1, 1, 0), 'its own is taken in', body)
    status, body = send(mine)
    tell(status == 200 and (body['added'], body['changed'], body['same']) == (0, 0, 1), 'a second time changes nothing', body)
    status, body = send(mine.replace(',120' * 12, ',120' * 11 + ',130'))
    tell(status == 200 and body['changed'] == 1 and ['2023-03 120 kWh → 130 kWh' in x['text_en'] for x in body['said']] == [True], 'a change says what was', body)
    tell([send(mine, '&fy=x')[0], send(mine, '&same=no')[0], send(mine, '', 'application/json')[0], send('')[0]] == [400, 400, 415, 400], 'parameters that are none, JSON, and nothing at all')
    status, body = s.ask('POST', 'yearly?name=R4.csv', raw=mine.encode(), headers={'Content-Type': 'text/csv', 'X-Mizo-CSRF': None})
    tell(status == 403, 'not without the token', body)


def sees(s):
    tell(s.ask('GET', 'facilities/school?fy=2023')[0] == 200 and s.ask('GET', 'facilities/depot?fy=2023')[0] == 403, "its own facility, not another's")
    rows = s.ask('GET', 'city/late?fy=2023')[1]['rows'] + s.ask('GET', 'city/ledger?fy=2023')[1]['rows']
    tell(rows and {r['bureau'] for r in rows} == {'education'}, 'the ledger and who is late: its own rows', rows)
    own = {r['facility'] for r in rows}
    late = s.ask('GET', 'city/late?fy=2023')[1]
    tell(late['facilities'] == 2 and late['late'] == len(late['rows']), 'counted: its own', late)
    saved = s.ask('GET', 'city/achievement?fy=2023')[1]['content']['savings']
    tell({y['facility'] for y in saved['rows']} == {'school'}, "savings: rows of its own", saved)
    part = s.ask('GET', 'city/ledger?fy=2023&by=group&part=public')[1]
    tell(part['members'] and {m['facility'] for m in part['members']} <= own, 'a part opens to its own facilities', part)
    found = s.ask('GET', 'map?fy=2023')[1]['facilities']
    tell({f['id'] for f in found} == {'school', 'library'}, 'its own on the map', found)
    tell(s.ask('GET', 'city/opens/school?fy=2023')[0] == 200 and s.ask('GET', 'city/opens/depot?fy=2023')[0] == 403, "what its own is made of, not another's")
    for path in ('report/achievement?fy=2023&as=csv', 'report/late?fy=2023&as=csv', 'report/ledger?fy=2023&as=csv', 'report/programme?fy=2023&as=csv', 'lists/saving?as=csv'):
        status, body = s.ask('GET', path + '&lang=ja')
        text = body.decode('utf-8-sig') if isinstance(body, bytes) else str(body)
        tell(status == 200 and '村営車両基地' not in text and 'depot' not in text, f'the file {path}: its own rows', text[:300])
    plan = s.ask('GET', 'city/programme?fy=2023')[1]['content']
    tell([y['facility'] for y in plan['rows']] == ['library', 'school'] and not plan['backup'] and plan['now']['sites'] == 2, "the programme: its own sites, no other's battery", plan)
    status, body = s.ask('GET', 'city/entity?fy=2023&who=transport')
    tell(status == 200 and body['content']['entity'] == 'education', 'the year of its own, whoever it asks for', body)
    tell([s.ask('GET', f'city/{n}')[0] for n in ('grant', 'savings', 'funnel', 'bems', 'targets')] == [403, 403, 403, 403, 200], "the office's own sums are not, the city's documents are")
    tell(s.ask('GET', 'handover?fy=2023')[0] == 403 and s.ask('GET', 'handover?fy=2023&as=csv')[0] == 403, 'nor the hand-over: it tells of all')
    status, body = s.ask('GET', 'bills')
    tell(status == 403 and body['id'] == 'SERVER_BUREAU', 'no bills', body)
    far = {**s.headers, **FAR, 'X-Forwarded-Proto': 'https'}
    for path, want in [('town', 200), ('lists/saving', 200), ('facilities/depot', 403), ('sites', 403), ('match', 403), ('margin', 403), ('audit', 403)]:
        got = s.ask('GET', path, headers=far)[0]
        tell(got == want, f'from elsewhere: {path} gives {want}', got)


def begin(d):
    s = serving.Serve(MIZO, d, '--proxy', '127.0.0.1', '--host', 'town.example')
    end = time.monotonic() + 20
    while s.ask('GET', 'town')[0] not in (200, 401) and time.monotonic() < end:
        time.sleep(0.1)
    return s


def everybody(s, d):
    """Nobody is logged in, and comes from elsewhere."""
    far = {'Origin': None, **FAR}
    s.headers = {}
    tell(s.ask('GET', 'public', headers=far)[0] == 401, 'no public page unless the region says so')
    s.stop()
    with open(os.path.join(d, 'region.yaml'), 'a') as f:
        f.write('public_page: yes\npublic_figures: net-zero-rate re-supply\n')
    s = begin(d)
    got = s.ask('GET', 'public', headers=far)
    tell(got[0] == 200 and got[1]['figures'], 'then everybody reads it', got)
    tell(s.last['cache-control'] == 'public, max-age=300', 'and may keep it', s.last)
    tag = s.last['etag']
    tell(s.ask('GET', 'public', headers={**far, 'If-None-Match': tag})[0] == 304 and s.last['etag'] == tag, 'asked again: not modified', s.last)
    text = json.dumps(got[1], ensure_ascii=False)
    tell(not [n for n in ('depot', 'school', 'library', 'transport', 'education', '村営') if n in text], 'no facility and no bureau in it', text)
    for path in ('town', 'lists', 'map', 'facilities/depot', 'city/ledger', 'report/ledger', 'sites'):
        tell(s.ask('GET', path, headers=far)[0] == 401, f'{path} stays closed')
    status, page = s.ask('GET', '../../public?lang=ja', headers=far)
    page = page.decode() if isinstance(page, bytes) else str(page)
    tell(status == 200 and s.last['content-type'].startswith('text/html') and '<script' not in page and 'lang="ja"' in page and 'href="/public?lang=en"' in page, 'the page itself, without a script, in both languages', page[:300])
    tell(s.ask('GET', '../../public.css', headers=far)[0] == 200 and s.last['content-type'].startswith('text/css'), 'and its style')
    tell(s.ask('GET', 'public?fy=1999', headers=far)[0] == 400, 'nothing else is asked of it')
    return s


with tempfile.TemporaryDirectory() as top:
    region, word = os.path.join(top, 'r'), os.path.join(top, 'word')
    shutil.copytree(VILLAGE, region)
    with open(word, 'w') as f:
        f.write(PASSWORD + '\n')
    os.chmod(word, 0o600)
    run('import', os.path.join(region, 'readings.csv'), '--region', region)
    people(region, word)
    by_hand(region, word, top)
    yearly(region, word, top)
    serve = begin(region)
    try:
        by_api(serve)
        sends(serve)
        sees(serve)
        serve = everybody(serve, region)
    finally:
        code = serve.stop()
    tell(code == 0, 'stops cleanly', code)
print(f'1..{count}')
sys.exit(1 if failed else 0)
