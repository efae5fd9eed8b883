#!/usr/bin/env python3
"""Logins and writes against the real program, as a TAP suite: every way to be refused, what a proxy changes,
tokens, the command line's --as, kills in mid-write, and that no secret is found in any file or log.

  test_accounts.py MIZO
"""
import concurrent.futures
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import serving

MIZO = os.path.abspath(sys.argv[1])
VILLAGE = os.environ['MIZO_VILLAGE']
PASSWORD, SECOND = 'canary words of haru', 'canary words of aki'
count = failed = 0


def tell(ok, name, detail=''):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f'#   {line[:300]}', flush=True)


def run(*words, **more):
    return subprocess.run([MIZO, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, 'MIZO_LANG': 'en', **more}, timeout=60, start_new_session=True)


class Serve(serving.Serve):
    def __init__(self, directory, *words, **more):
        super().__init__(MIZO, directory, *words, **more)


def note(text='x'):
    return {'day': '2023-07-08', 'text': text}


def first(s, link):
    tell(s.ask('GET', 'me')[1] == {'user': None, 'roles': [], 'bureau': None, 'csrf': None, 'idle_s': None, 'ends': None, 'users': False}, 'nobody is there at first')
    status, body = s.ask('PUT', 'records/handover/a', note(), {'If-Match': '"0"'})
    tell(status == 401 and body['id'] == 'SERVER_LOGIN', 'nobody writes without a login', body)
    tell(s.ask('POST', 'first', {'link': 'x' * 43, 'user': 'haru', 'password': PASSWORD})[0] == 403, 'a made-up link is refused')
    status, body = s.ask('POST', 'first', {'link': link, 'user': 'HARU', 'pass': PASSWORD})
    tell(status == 400 and [d['id'] for d in body['diagnoses']] == ['SHAPE_ID', 'SHAPE_UNKNOWN', 'SHAPE_MISSING'] and PASSWORD not in str(body), 'all mistakes at once, without the words', body)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        got = sorted(pool.map(lambda n: s.ask('POST', 'first', {'link': link, 'user': f'haru{n or ""}', 'password': PASSWORD})[0], range(4)))
    tell(got[0] == 200 and set(got[1:]) <= {409, 429}, 'four at once: one is first', got)


def refusals(s, user):
    tell(s.login(user, PASSWORD) == 200, 'log in')
    cookie = s.last['set-cookie']
    tell(re.fullmatch(r'mizo=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict', cookie) is not None, 'the cookie is HttpOnly and strict', cookie)
    me = s.ask('GET', 'me')[1]
    tell(me['user'] == user and me['roles'] == ['operator', 'approver'], 'who am I', me)
    wrong = s.ask('POST', 'login', {'user': user, 'password': 'another four words'}, {'Cookie': None})
    nobody = s.ask('POST', 'login', {'user': 'nobody', 'password': 'another four words'}, {'Cookie': None})
    tell(wrong[0] == 401 and wrong == nobody, 'unknown user and wrong password: the same answer', (wrong, nobody))
    rows = [
        ({'X-Mizo-CSRF': None}, 403, 'SERVER_CSRF', 'no CSRF token'), ({'X-Mizo-CSRF': '0' * 64}, 403, 'SERVER_CSRF', 'a wrong CSRF token'),
        ({'Origin': 'http://evil.example'}, 403, 'SERVER_ORIGIN', 'another origin'), ({'Origin': None}, 403, 'SERVER_ORIGIN', 'no origin'),
        ({'Sec-Fetch-Site': 'cross-site'}, 403, 'SERVER_ORIGIN', 'a cross-site fetch'), ({'Content-Type': 'text/plain'}, 415, 'SERVER_TYPE', 'plain text'),
        ({'If-Match': None}, 428, 'SERVER_VERSION', 'no version'), ({'If-Match': '"7"'}, 409, 'SERVER_EDITED', 'a version that never was'),
        ({'Idempotency-Key': 'a b'}, 400, 'SERVER_KEY', 'a strange key'), ({'Cookie': 'mizo=' + 'a' * 43}, 403, 'SERVER_CSRF', 'a made-up session'),
        ({'Cookie': 'mizo=' + 'a' * 43 + '; mizo=' + 'b' * 43}, 401, 'SERVER_LOGIN', 'two sessions'),
        ({'Authorization': 'Bearer mizo_' + 'a' * 43, 'Cookie': None}, 401, 'SERVER_LOGIN', 'a made-up token'),
        ({'X-Forwarded-For': '1.2.3.4'}, 409, None, 'a forged forwarded address changes nothing (a version is missing all the same)'),
    ]
    for more, status, id_, name in rows:
        head = {'If-Match': '"0"' if status != 409 or id_ else '"9"', **more}
        got = s.ask('PUT', 'records/handover/refused', note(), head)
        tell(got[0] == status and (id_ is None or got[1]['id'] == id_), f'refused: {name}', got)
    tell(s.ask('PUT', 'records/handover/refused', raw=b'{"day":', headers={'If-Match': '"0"'})[0] == 400, 'refused: half a body')
    tell(s.ask('PUT', 'records/handover/refused', note('x' * 20000), {'If-Match': '"0"'})[0] == 413, 'refused: a long body')
    tell(s.ask('PUT', 'records/nothing/a', note(), {'If-Match': '"0"'})[0] == 404, 'refused: no such kind')
    tell(s.ask('PUT', 'records/handover/refused?x=1', note(), {'If-Match': '"0"'})[0] == 400, 'refused: a parameter')
    tell(s.ask('GET', 'records/handover/refused')[0] == 404, 'and nothing of it was kept')
    tell(s.ask('GET', 'audit')[0] == 403, 'the audit trail is the auditor\'s')
    tell(s.ask('PATCH', 'records/handover/a')[0] == 405 and s.last['allow'] == 'GET, HEAD, PUT', 'Allow says what a path takes', s.last)
    chunked = b'PUT /api/v1/records/handover/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n'
    import socket
    c = socket.create_connection(('127.0.0.1', s.port), timeout=10)
    c.sendall(chunked)
    answer = c.recv(200)
    c.close()
    tell(b' 411 ' in answer[:20] or b' 40' in answer[:20], 'refused: a body without its length', answer[:80])


def versions(s):
    status, body = s.ask('PUT', 'records/handover/a', note('one'), {'If-Match': '"0"', 'Idempotency-Key': 'k1'})
    tell(status == 201 and body['version'] == 1 and s.last['etag'] == '"1"', 'the first version', body)
    again = s.ask('PUT', 'records/handover/a', note('one'), {'If-Match': '"0"', 'Idempotency-Key': 'k1'})
    tell(again == (201, body), 'the same key gives the same answer', again)
    tell(s.ask('PUT', 'records/handover/a', note('else'), {'If-Match': '"0"', 'Idempotency-Key': 'k1'})[0] == 422, 'and another request with it none')
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: s.ask('PUT', 'records/handover/a', note(f'by {n}'), {'If-Match': '"1"'}), range(8)))
    won = [b for st, b in got if st == 200]
    lost = [b for st, b in got if st == 409]
    tell(len(won) == 1 and len(lost) == 7, 'eight edit one figure: one is kept', [g[0] for g in got])
    tell(all(b['theirs']['value'] == won[0]['value'] and b['yours'] != b['theirs']['value'] and b['theirs']['version'] == 2 for b in lost), 'the others see both versions', lost[:1])
    tell(s.ask('GET', 'records/handover/a')[1]['value'] == won[0]['value'], 'and it stands')
    status, body = s.ask('PUT', 'records/rota/d1', {'day': '2023-07-09', 'user': 'haru'}, {'If-Match': '"0"'})
    tell(status == 201, 'an approver says who is at the desk', body)


def tokens(d, s, user):
    made = json.loads(run('user', 'token', user, '--new', 'script', '--roles', 'operator', '--region', d, '--json').stdout)['token']
    bare = {'Cookie': None, 'X-Mizo-CSRF': None, 'Origin': None, 'Authorization': f'Bearer {made}'}
    tell(s.ask('PUT', 'records/handover/t', note(), {**bare, 'If-Match': '"0"'})[0] == 201, 'a program writes with its token')
    tell(s.ask('PUT', 'records/rota/t', {'day': '2023-07-09', 'user': 'haru'}, {**bare, 'If-Match': '"0"'})[0] == 403, 'no more than its roles')
    tell(s.ask('PUT', 'records/handover/t', note(), {**bare, 'Origin': 'http://evil.example', 'If-Match': '"1"'})[0] == 403, 'not from a page elsewhere')
    tell(s.ask('POST', 'password', {'old': PASSWORD, 'password': 'some other words 1'}, {**bare, 'Authorization': 'Bearer mizo_x'})[0] == 401, 'a broken token is none')
    id_ = json.loads(run('user', 'token', user, '--region', d, '--json').stdout)['tokens'][0]['id']
    run('user', 'token', user, '--revoke', id_[:12], '--region', d)
    tell(s.ask('PUT', 'records/handover/t', note('2'), {**bare, 'If-Match': '"1"'})[0] == 401, 'a revoked token is worth nothing at once')
    return made


def switched(d, s, user):
    link = json.loads(run('user', 'add', 'aki', '--roles', 'reader,auditor', '--region', d, '--json').stdout)['link']
    other = Serve.__new__(Serve)
    other.port, other.host, other.headers = s.port, s.host, {}
    status, _ = other.ask('POST', 'link', {'link': link, 'password': SECOND})
    tell(status == 200, 'a link sets a password', _)
    tell(other.ask('POST', 'link', {'link': link, 'password': SECOND})[0] == 403, 'once')
    tell(other.login('aki', SECOND) == 200, 'who can log in with it')
    status, page = other.ask('GET', 'audit?limit=5')
    older = other.ask('GET', f"audit?limit=5&before={page['next']}")[1]
    tell(status == 200 and len(page['items']) == 5 and older['items'][0]['seq'] == page['items'][-1]['seq'] - 1, 'the auditor reads the trail page by page', page)
    status, body = other.ask('PUT', 'records/handover/b', note(), {'If-Match': '"0"'})
    tell(status == 403 and body['id'] == 'SERVER_ROLE', 'and writes nothing', body)
    run('user', 'role', 'aki', '--roles', 'auditor', '--region', d)
    status, body = other.ask('GET', 'audit?limit=1')
    tell(status == 401 and body['id'] == 'SERVER_ENDED', 'other roles: the sessions end', body)
    tell(other.login('aki', SECOND) == 200 and other.ask('GET', 'audit?limit=1')[0] == 200, 'and a new login has them')
    run('user', 'disable', 'aki', '--region', d)
    status, body = other.ask('PUT', 'records/handover/b', note(), {'If-Match': '"0"'})
    tell(status == 401 and body['id'] == 'SERVER_ENDED', 'switched off: out at once', body)
    tell(other.login('aki', SECOND) == 401, 'and not in again')
    tell(s.ask('POST', 'logout')[0] == 200 and s.ask('PUT', 'records/handover/a', note(), {'If-Match': '"9"'})[0] == 401, 'logged out is out')


def guessing(s, user):
    got = [s.ask('POST', 'login', {'user': user, 'password': f'guess number {n}'}, {'Cookie': None})[0] for n in range(9)]
    tell(429 in got and got[0] == 401, 'guessing is slowed down', got)
    tell(int(s.last.get('retry-after', 0)) >= 1, 'and told how long')
    status = s.ask('POST', 'login', {'user': user, 'password': PASSWORD}, {'Cookie': None})[0]
    tell(status == 429, 'also with the right words', status)


def command_line(d, user):
    path = os.path.join(d, 'pw')

    def keep(text, mode=0o600):
        with open(path, 'w') as f:
            f.write(text + '\n')
        os.chmod(path, mode)

    words = ('settle', '--region', d, '--from', '2023-07-04', '--to', '2023-07-04')
    tell(run(*words).returncode == 2 and '--as NAME' in run(*words).stderr, 'with users, a verb that writes asks who')
    keep(PASSWORD)
    tell(run(*words, '--as', user, '--password-file', path).returncode == 0, 'a password file lets the operator settle')
    tell(run(*words, '--as', user, MIZO_PASSWORD_FILE=path).returncode == 0, 'or MIZO_PASSWORD_FILE')
    keep(PASSWORD, 0o644)
    got = run(*words, '--as', user, '--password-file', path)
    tell(got.returncode == 2 and 'chmod 600' in got.stderr, 'a file that others may read is refused', got.stderr)
    keep('wrong words altogether')
    got = run(*words, '--as', user, '--password-file', path)
    tell(got.returncode == 2 and 'not right' in got.stderr, 'a wrong password is refused', got.stderr)
    keep('')
    tell(run(*words, '--as', user, '--password-file', path).returncode == 2, 'an empty file is refused')
    tell(run(*words, '--as', user, '--password-file', '/nonexistent').returncode == 2, 'one that is not there too')
    tell(run(*words, '--as', 'No Name').returncode == 2, 'and a name that is none')
    tell(run(*words, '--as', user).returncode == 2, 'without a terminal there is nobody to ask')
    run('user', 'role', user, '--roles', 'approver', '--region', d)
    keep(PASSWORD)
    got = run(*words, '--as', user, '--password-file', path)
    tell(got.returncode == 2 and 'needs operator' in got.stderr, 'without the role: refused, and said which', got.stderr)
    run('user', 'role', user, '--roles', 'operator,approver', '--region', d)
    trail = json.loads(run('user', 'audit', '--region', d, '--limit', '9', '--json').stdout)['records']
    tell([r['why'] for r in trail if r['from'] == 'cli' and r['result'] == 'denied'][:2] == ['role', 'password'], 'both refusals are in the trail', trail[:4])
    by_link(d, keep)
    for bad in (['password'], ['password', '--link', 'x' * 43], ['add'], ['nothing'], ['add', 'x', '--roles', 'king'], ['role', 'nobody', '--roles', 'reader'], ['token', user, '--revoke', 'ffffffffff'], ['add', 'X', '--roles', 'reader']):
        got = run('user', *bad, '--region', d)
        tell(got.returncode == 2 and 'error' in got.stderr, f"mizo user {' '.join(bad)} is refused", got.stderr)


def by_link(d, keep):
    """A password without a browser: the link at the terminal."""
    path = os.path.join(d, 'pw')
    link = json.loads(run('user', 'add', 'desk', '--roles', 'reader', '--region', d, '--json').stdout)['link']
    words = ('user', 'password', '--link', link, '--password-file', path, '--region', d)
    keep('shortword')
    got = run(*words)
    tell(got.returncode == 2 and 'at least 12 letters' in got.stderr, 'a link and a short password: refused, the link stays good', got.stderr)
    keep(SECOND)
    got = run(*words)
    tell(got.returncode == 0 and 'desk' in got.stdout and SECOND not in got.stdout + got.stderr, 'mizo user password --link sets it', got.stdout + got.stderr)
    got = run(*words)
    tell(got.returncode == 2 and 'used already' in got.stderr, 'once', got.stderr)
    got = run('settle', '--region', d, '--from', '2023-07-04', '--to', '2023-07-04', '--as', 'desk', '--password-file', path)
    tell(got.returncode == 2 and 'needs operator' in got.stderr, 'and it is the right one: a reader is known, and may not settle', got.stderr)
    got = run('user', 'password', '--link', link, '--region', d)
    tell(got.returncode == 2 and '--password-file' in got.stderr, 'without a terminal there is nobody to ask for it', got.stderr)
    os.unlink(path)


def full_disk(d, s):
    """A write while the disk is full: a clear answer, and nothing half-written."""
    if not shutil.which('strace'):
        tell(True, 'a write on a full disk # SKIP no strace')
        return
    tool = subprocess.Popen(['strace', '-f', '-q', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=ENOSPC',
                             '-p', str(s.process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    if tool.poll() is not None:
        tell(True, 'a write on a full disk # SKIP strace may not attach here')
        return
    status, body = s.ask('PUT', 'records/handover/full', note(), {'If-Match': '"0"'})
    tool.terminate()
    tool.wait(timeout=10)
    tell(status == 507 and body['id'] == 'SERVER_NOT_KEPT', 'a full disk: 507, and why', (status, body))
    tell(s.ask('GET', 'records/handover/full')[0] == 404, 'nothing of it is there')
    tell(s.ask('PUT', 'records/handover/full', note(), {'If-Match': '"0"'})[0] == 201, 'with room again the same write is kept')
    got = run('verify', '--region', d, '--json')
    tell(got.returncode == 0 and json.loads(got.stdout)['audit']['first_bad'] is None, 'and the books and the trail are true', got.stdout + got.stderr)


def closed_reading(d):
    """A machine in front that is no proxy of ours: what it forwards comes from elsewhere."""
    s = Serve(d)
    s.process.stdout  # no link: there are users
    far = {'X-Forwarded-For': '203.0.113.9'}
    tell(s.ask('GET', 'town')[0] == 200 and s.ask('GET', 'town', headers=far)[0] == 401, 'only the machine itself reads without a login')
    tell(s.ask('GET', 'events', headers=far)[0] == 401 and s.ask('GET', 'sites/depot/day?date=2023-07-04', headers=far)[0] == 401, 'live events and the store neither')
    tell(s.ask('GET', 'health', headers=far)[0] in (200, 503), 'health is open')
    s.stop()
    s = Serve(d, '--proxy', '127.0.0.1', '--host', 'town.example')
    s.host = 'town.example'
    far = {**far, 'X-Forwarded-Proto': 'http'}
    tell(s.ask('POST', 'login', {'user': 'x', 'password': 'y'}, far)[1]['id'] == 'SERVER_PLAIN', 'no password over a plain network')
    s.headers = {'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https', 'Origin': 'https://town.example'}
    tell(s.ask('GET', 'town')[0] == 401, 'through the proxy too a login is needed')
    return s


def proxied(s, user):
    status, body = s.ask('POST', 'login', {'user': user, 'password': PASSWORD})
    cookie = s.last.get('set-cookie', '')
    tell(status == 200 and cookie.startswith('__Host-mizo=') and cookie.endswith('; Secure'), 'through TLS: __Host- and Secure', cookie)
    s.headers['Cookie'] = cookie.split(';')[0]
    tell(s.ask('GET', 'town')[0] == 200, 'and then it reads')
    tell(s.ask('GET', 'town')[0] == 200 and s.ask('GET', 'sites/depot')[0] == 200, 'again, from what is remembered')
    s.stop()


def open_region(d):
    with open(os.path.join(d, 'region.yaml'), 'a') as f:
        f.write('public_reading: yes\n')
    with open(os.path.join(d, 'meters.csv')) as f:
        rows = f.read()
    with open(os.path.join(d, 'meters.csv'), 'w') as f:
        f.write(rows.replace('2030-06-01', '2023-09-01'))
    s = Serve(d)
    end = time.monotonic() + 10
    while (got := s.ask('GET', 'town', headers={'X-Forwarded-For': '203.0.113.9'})[0]) != 200 and time.monotonic() < end:
        time.sleep(0.2)
    tell(got == 200, 'public_reading: yes opens reading', got)
    tell(s.ask('PUT', 'records/handover/z', note(), {'If-Match': '"0"'})[0] == 401, 'but no writing')
    told = [a['what'] for a in s.ask('GET', 'town')[1]['alerts']]
    tell(any(a['id'] == 'METER_TERMS_ENDING' and '1 meters ends within 90 days, first m-depot-new on 2023-09-01' in a['text_en'] for a in told),
         'the town says whose term of verification ends soon', told)
    return s


def killed(s, d, user):
    """kill -9 while writes come: what was answered is there, nothing stands twice, the chain holds."""
    s.login(user, PASSWORD)
    done = []

    def one(n):
        try:
            if s.ask('PUT', f'records/handover/k{n}', note(str(n)), {'If-Match': '"0"', 'Idempotency-Key': f'kill{n}'})[0] == 201:
                done.append(n)
        except OSError:
            pass

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        all_ = [pool.submit(one, n) for n in range(60)]
        time.sleep(0.15)
        s.stop(signal.SIGKILL)
        for x in all_:
            x.result()
    with sqlite3.connect(os.path.join(d, 'mizo.db')) as c:
        kept = [r[0] for r in c.execute("SELECT id FROM record WHERE kind = 'handover' AND id LIKE 'k%'")]
        audits = c.execute("SELECT count(*) FROM record WHERE kind = 'audit' AND json LIKE '%handover/k%' AND json LIKE '%done%'").fetchone()[0]
    tell(all(f'k{n}' in kept for n in done) and len(kept) == len(set(kept)) == audits, f'killed after {len(done)} answers: all are kept, each with its audit record', (done, kept, audits))
    tell(run('user', 'audit', '--verify', '--region', d).returncode == 0, 'the chain holds')


def canaries(top, logs, token):
    found = []
    words = [PASSWORD.encode(), SECOND.encode(), token.encode(), b'guess number']
    for where, _, files in os.walk(top):
        for name in files:
            with open(os.path.join(where, name), 'rb') as f:
                data = f.read()
            found += [f'{name}: {w}' for w in words if w in data]
    found += [f'log: {w}' for log in logs for w in words if w in open(log, 'rb').read()]
    tell(not found, 'no password or token in any file or log', found)


def tampered(d):
    with sqlite3.connect(os.path.join(d, 'mizo.db')) as c:
        c.execute("UPDATE record SET json = replace(json, '127.0.0.1', '127.0.0.2') WHERE kind = 'audit' AND id = '000000000003'")
    got = run('user', 'audit', '--verify', '--region', d, '--json')
    tell(got.returncode == 1 and json.loads(got.stdout)['first_bad'] == 4, 'a changed audit record is found', got.stdout)
    got = run('verify', '--region', d, '--json')
    v = json.loads(got.stdout)
    tell(got.returncode == 1 and not v['ok'] and v['audit']['first_bad'] == 4 and v['first_bad'] is None and 'from record 4 on' in got.stderr,
         'and by mizo verify, which names it', got.stdout + got.stderr)


def main():
    top = tempfile.mkdtemp()
    try:
        d = os.path.join(top, 'village')
        shutil.copytree(VILLAGE, d)
        run('import', os.path.join(d, 'readings.csv'), '--region', d)
        s = Serve(d)
        logs = [s.log.name]
        keep = [s.log]
        first(s, s.link())
        user = json.loads(run('user', 'list', '--region', d, '--json').stdout)['users'][0]['id']
        refusals(s, user)
        versions(s)
        token = tokens(d, s, user)
        switched(d, s, user)
        s.login(user, PASSWORD)
        full_disk(d, s)
        guessing(s, user)
        tell(s.stop() == 0, 'it stops cleanly')
        command_line(d, user)
        p = closed_reading(d)
        proxied(p, user)
        keep.append(p.log)
        s = open_region(d)
        killed(s, d, user)
        logs += [p.log.name, s.log.name]
        canaries(top, logs, token)
        tampered(d)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f'1..{count}')


main()
sys.exit(1 if failed else 0)
