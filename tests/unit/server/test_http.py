#!/usr/bin/env python3
"""The real program over HTTP, as a TAP suite: methods, names, limits, slow peers, cursors, mistakes in the
model while it serves, restarts, the end of recorded truth. Standard library only.

  test_http.py MIZO
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

MIZO = os.path.abspath(sys.argv[1])
VILLAGE = os.environ['MIZO_VILLAGE']
count = failed = 0


def tell(ok, name, detail=''):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if detail or not ok:
        for line in str(detail).splitlines()[:12]:
            print(f'#   {line}', flush=True)


def region(parent, name):
    d = os.path.join(parent, name)
    shutil.copytree(VILLAGE, d)
    mill = os.path.join(parent, 'mill.csv')  # the village's plant sends out 50 kW, so that there is something to match
    with open(mill, 'w') as f:
        f.write('point,start,kwh\n')
        f.writelines(f'mill,2023-07-{3 + n // 48:02d}T{n % 48 // 2:02d}:{n % 2 * 30:02d}:00+09:00,25\n' for n in range(7 * 48))
    subprocess.run([MIZO, 'import', os.path.join(d, 'readings.csv'), mill, '--region', d], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return d


class Serve:
    """A running `mizo serve`; port 0 lets it find one."""

    def __init__(self, directory, *words, listen='127.0.0.1:0'):
        self.log = tempfile.TemporaryFile()
        began = time.monotonic()
        self.process = subprocess.Popen([MIZO, 'serve', '--region', directory, '--listen', listen, *words],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, 'MIZO_LANG': 'en'})
        line = self.process.stdout.readline()
        self.started = time.monotonic() - began
        self.port = int(line.rsplit(':', 1)[1].strip().strip('/')) if ':' in line else 0

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors='replace')

    def get(self, path, method='GET', headers=None, host=None):
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        c.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        c.putheader('Host', host or f'127.0.0.1:{self.port}')
        for k, v in (headers or {}).items():
            c.putheader(k, v)
        c.endheaders()
        r = c.getresponse()
        body = r.read()
        c.close()
        return r.status, {k.lower(): v for k, v in r.getheaders()}, body

    def json(self, path):
        return json.loads(self.get(path)[2])

    def until(self, path, want, seconds=10):
        end = time.monotonic() + seconds
        while True:
            got = self.json(path)
            if want(got) or time.monotonic() > end:
                return got
            time.sleep(0.1)

    def resident_mb(self):
        with open(f'/proc/{self.process.pid}/status') as f:
            return int(next(line for line in f if line.startswith('VmRSS')).split()[1]) / 1024

    def stop(self, sig=signal.SIGTERM):
        began = time.monotonic()
        self.process.send_signal(sig)
        status = self.process.wait(timeout=20)
        return status, time.monotonic() - began

    def raw(self, data, wait=5.0):
        s = socket.create_connection(('127.0.0.1', self.port), timeout=wait)
        try:
            s.sendall(data)
            out = b''
            while True:
                piece = s.recv(65536)
                if not piece:
                    return out
                out += piece
        except (socket.timeout, ConnectionError):
            return out
        finally:
            s.close()


def methods(s):
    tell(s.get('/api/v1/town')[0] == 200, 'GET answers')
    status, head, body = s.get('/api/v1/plants', 'HEAD')
    whole = s.get('/api/v1/plants')
    tell(status == 200 and body == b'' and head['content-type'] == 'application/json', 'HEAD answers without a body')
    tell('content-length' in head and abs(int(head['content-length']) - len(whole[2])) < 40, 'HEAD tells the length')
    for method in ('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'):
        status, head, body = s.get('/api/v1/town', method)
        tell(status == 405 and head.get('allow') == 'GET, HEAD' and json.loads(body)['id'] == 'SERVER_METHOD',
             f'{method} is refused with 405 and Allow')
    upgrade = s.raw(b'GET /api/v1/town HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                    b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n')
    tell(b'101' not in upgrade[:20], 'no upgrade is let through', upgrade[:60])


def names(s):
    for host, status in (('localhost', 200), ('LOCALHOST:1', 200), ('[::1]:80', 200), ('town.example', 200),
                         ('evil.example', 421), ('127.0.0.1.evil.example', 421), ('localhost, evil', 421)):
        got = s.get('/api/v1/health', host=host)[0]
        tell(got == status, f'Host "{host}" gives {status}', got)
    twice = s.raw(b'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n')
    tell(b' 200 ' not in twice[:20], 'two Host headers are refused', twice[:60])
    without = s.raw(b'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n')
    tell(b' 200 ' not in without[:20], 'no Host header is refused', without[:60])


def headers(s):
    status, head, _ = s.get('/')
    tell(status == 200 and head['content-type'].startswith('text/html') or status == 404, 'the page is there (or was not built)', status)
    csp = head.get('content-security-policy', '')
    tell("script-src 'self'" in csp and "frame-ancestors 'none'" in csp and 'unsafe' not in csp, 'own scripts only', csp)
    tell(head.get('x-content-type-options') == 'nosniff' and head.get('referrer-policy') == 'no-referrer', 'nosniff, no referrer')
    import gzip
    _, head, packed = s.get('/api/v1/sites/depot', headers={'Accept-Encoding': 'br, gzip'})
    _, whole, plain = s.get('/api/v1/sites/depot')
    tell(head.get('content-encoding') == 'gzip' and int(head['content-length']) == len(packed) < len(plain) / 3 and 'content-encoding' not in whole
         and json.loads(gzip.decompress(packed))['id'] == json.loads(plain)['id'], 'a large answer is packed for those who take it', (len(packed), len(plain)))
    tell('content-encoding' not in s.get('/api/v1/health', headers={'Accept-Encoding': 'gzip'})[1], 'a small one is not')
    status, head, plain = s.get('/api/v1/openapi.json')
    if status == 404:
        tell(True, 'ETag and gzip # SKIP the pages were not built')
        return
    status, packed, gz = s.get('/api/v1/openapi.json', headers={'Accept-Encoding': 'gzip'})
    tell(packed.get('content-encoding') == 'gzip' and gzip.decompress(gz) == plain and len(gz) < len(plain), 'gzip is the same bytes')
    status, head, body = s.get('/api/v1/openapi.json', headers={'If-None-Match': packed['etag']})
    tell(status == 304 and body == b'', 'ETag gives 304')
    tell(s.get('/api/v1/openapi.json', headers={'If-None-Match': '"other"'})[0] == 200, 'another ETag gives it whole')


def requests(s):
    rows = [('/nothing', 404), ('/api/v1/', 404), ('/api/v2/town', 404), ('/../etc/passwd', 404), ('/api/v1/sites?limit=0', 400),
            ('/api/v1/sites?limit=1&limit=2', 400), ('/api/v1/sites?x=1', 400), ('/api/v1/sites?q=%ff', 400),
            ('/api/v1/sites?q=%E5%9B%B3%E6%9B%B8%E9%A4%A8', 200), ('/api/v1/sites/UPPER', 404), ('/api/v1/sites/nowhere', 404),
            ('/api/v1/sites/depot/day', 400), ('/api/v1/sites/depot/day?date=2023-07-04', 200), ('/api/v1/achievement?fy=x', 400),
            ('/' + 'a' * 600, 414), ('/api/v1/sites?q=' + 'a' * 400, 414)]
    for path, status in rows:
        got, head, body = s.get(path)
        ok = got == status and (status == 200 or json.loads(body)['status'] == status)
        tell(ok, f'{path[:48]} gives {status}', '' if ok else f'{got} {body[:80]}')
    problem = json.loads(s.get('/api/v1/sites/nowhere', headers={'Accept-Language': 'ja,en;q=0.5'})[2])
    tell(problem['detail'] == problem['detail_ja'] and problem['detail_en'] != problem['detail_ja'], 'a problem speaks the language asked for')
    day = s.json('/api/v1/sites/depot/day?date=2023-07-04')
    readings = [x for x in day['series'] if x['role'] == 'reading' and x['owner'] == 'p-depot']
    tell(bool(readings) and len(readings[0]['values']) == 48, 'a day comes from the store')


def cursor(s):
    seen, after = [], ''
    while True:
        page = s.json(f'/api/v1/sites?limit=1{after}')
        seen += [x['id'] for x in page['items']]
        if page['next'] is None or len(seen) > 9:
            break
        after = f"&after={page['next']}"
    tell(seen == sorted(set(seen)) and len(seen) == page['total'], 'the cursor goes through every site once', seen)


def limits(s):
    long_head = s.raw(b'GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ' + b'a' * 40000 + b'\r\n\r\n')
    tell(b' 200 ' not in long_head[:20], 'a head that is too long is cut off')
    tell(b' 200 ' not in s.raw(b'\x00\x01\x02garbage\r\n\r\n')[:20], 'garbage is cut off')
    began = time.monotonic()
    slow = socket.create_connection(('127.0.0.1', s.port), timeout=30)
    slow.sendall(b'GET / HTTP/1.1\r\nHost: loc')
    try:
        while time.monotonic() - began < 25:
            time.sleep(0.5)
            slow.sendall(b'a')
    except OSError:
        pass
    took = time.monotonic() - began
    slow.close()
    tell(took < 20, 'a head that trickles is cut off in time', f'{took:.1f} s')


def crowd(s):
    """More peers than there is room for: those inside are served, those above are turned away, and it heals."""
    held = []
    for _ in range(300):
        try:
            held.append(socket.create_connection(('127.0.0.1', s.port), timeout=2))
        except OSError:
            break
    time.sleep(0.3)
    for h in held:
        h.close()
    time.sleep(0.3)
    tell(s.get('/api/v1/health')[0] == 200, f'{len(held)} peers at once: it goes on')
    refused = [line for line in s.get('/api/v1/metrics')[2].decode().splitlines() if line.startswith('mizo_http_refused_total')]
    tell(int(refused[0].split()[1]) > 0, 'those above the bound were counted', refused)


def events(s):
    peer = socket.create_connection(('127.0.0.1', s.port), timeout=10)
    peer.sendall(b'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    text, end = b'', time.monotonic() + 8
    while text.count(b'}\n\n') < 6 and time.monotonic() < end:
        text += peer.recv(65536)
    peer.close()
    data = [json.loads(line[6:]) for line in text.split(b'\n') if line.startswith(b'data: ') and line.endswith(b'}')]
    times = [d['now'] for d in data]
    tell(b'text/event-stream' in text and len(data) >= 3, 'events come', len(data))
    tell(times == sorted(times) and times[0] < times[-1], 'the town moves', (times[0], times[-1]) if times else '')
    time.sleep(0.7)
    held = [socket.create_connection(('127.0.0.1', s.port), timeout=5) for _ in range(70)]
    for h in held:
        h.sendall(b'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    time.sleep(0.8)
    first = [h.recv(15) for h in held]
    for h in held:
        h.close()
    tell(any(b'503' in f for f in first) and sum(b'200' in f for f in first) == 64, '64 streams, the rest are asked to poll',
         (sum(b'200' in f for f in first), sum(b'503' in f for f in first)))
    time.sleep(0.5)
    deaf = socket.create_connection(('127.0.0.1', s.port), timeout=5)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(b'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    time.sleep(2)
    began = time.monotonic()
    s.get('/api/v1/town')
    tell(time.monotonic() - began < 1, 'a peer that does not listen holds nobody up')
    deaf.close()


def model(s, directory):
    path = os.path.join(directory, 'facilities.csv')
    with open(path) as f:
        good = f.read()
    before = s.json('/api/v1/model')
    with open(path, 'w') as f:
        f.write(good[:len(good) // 2] + '\nbroken row, without end')
    got = s.until('/api/v1/model', lambda m: m['refused'])
    tell(got['refused'] and got['hash'] == before['hash'] and got['errors'] > 0, 'a mistake keeps the running model', got['diagnoses'][0]['text_en'] if got['diagnoses'] else got)
    tell(all(k in got['diagnoses'][0] for k in ('file', 'line', 'text_ja')) and got['diagnoses'][0]['file'] == 'facilities.csv', 'and says where')
    town = s.json('/api/v1/town')
    tell(any(a['what']['id'] == 'SERVER_MODEL_REFUSED' for a in town['alerts']) and town['running'], 'it is an alert, and the town goes on')
    with open(path, 'w') as f:
        f.write(good)
    got = s.until('/api/v1/model', lambda m: not m['refused'])
    tell(not got['refused'], 'the mended file is taken back')
    with open(path, 'w') as f:
        f.write(good.replace('Village library', 'Village reading room'))
    got = s.until('/api/v1/model', lambda m: m['hash'] != before['hash'], 20)
    names = s.until('/api/v1/sites?q=reading%20room', lambda p: p['total'] == 1, 20)
    tell(names['total'] == 1, 'a changed model runs from the next midnight on', got['hash'][:12])


def ending(directory):
    s = Serve(directory, '--clock', 'x20000', '--from', '2023-07-09')
    town = s.until('/api/v1/town', lambda t: not t['running'], 25)
    tell(not town['running'] and town['now'].startswith('2023-07-10T00:00'), 'when recorded truth ends the clock stops', town['now'])
    tell(s.json('/api/v1/health')['state'] == 'ended', 'and says so')
    status, took = s.stop()
    tell(status == 0 and took < 1, 'SIGTERM ends it', f'{took * 1000:.0f} ms, status {status}')
    again = Serve(directory, '--clock', 'x600')
    town = again.until('/api/v1/town', lambda t: not t['running'], 10)
    tell(not town['running'] and town['now'].startswith('2023-07-10T00:00'), 'and stands where it was after a restart', town['now'])
    again.stop()
    books(directory, 1)


def restarts(directory):
    s = Serve(directory, '--clock', 'x6000', '--from', '2023-07-08')
    town = s.until('/api/v1/town', lambda t: t['slot'] >= 14, 20)
    s.stop(signal.SIGKILL)
    s = Serve(directory, '--clock', 'x60')
    back = s.until('/api/v1/town', lambda t: t['slot'] >= town['slot'] - 5, 10)
    tell(town['slot'] - 5 <= back['slot'] <= town['slot'] + 2 and back['day'] == town['day'], 'after kill -9 it goes on where the store says',
         (town['now'], back['now']))
    s.stop()
    books(directory, 0)


def books(directory, least):
    """`mizo verify` over what the town posted: at least so many entries, chain and sums whole."""
    done = subprocess.run([MIZO, 'verify', '--region', directory, '--lang', 'en'], capture_output=True, text=True)
    entries = int(''.join(c for c in done.stdout.split(' entries')[0].split(':')[-1] if c.isdigit()) or 0)
    if 'there is no verb' in done.stderr:
        tell(True, 'the books hold # SKIP this build has no verify')
    else:
        tell(done.returncode == 0 and entries >= least, f'the books hold, {entries} entries', '' if done.returncode == 0 and entries >= least else done.stdout + done.stderr)


class Strain:
    """System calls of a running program that fail, until it is let go."""

    def __init__(self, process, calls, error):
        self.tool = subprocess.Popen(['strace', '-f', '-q', '-o', '/dev/null', '-e', f'trace={calls}', '-e', f'inject={calls}:error={error}',
                                      '-p', str(process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def let_go(self):
        self.tool.terminate()
        self.tool.wait(timeout=10)


def bad_disk(directory):
    """No room on the disk while the town runs, and room again; then a disk that does not keep its word."""
    if not shutil.which('strace'):
        tell(True, 'a bad disk while serving # SKIP no strace')
        return
    s = Serve(directory, '--clock', 'x15000', '--from', '2023-07-04')
    s.until('/api/v1/town', lambda t: t['slot'] >= 10)
    strain = Strain(s.process, 'pwrite64', 'ENOSPC')
    time.sleep(0.5)
    if strain.tool.poll() is not None:
        tell(True, 'a bad disk while serving # SKIP strace may not attach here')
        s.stop()
        return
    health = s.until('/api/v1/health', lambda h: h['store'] != 'well', 25)
    town = s.json('/api/v1/town')
    tell(health['store'] == 'full' and any(a['what']['id'] == 'TOWN_STORE_FULL' for a in town['alerts']), 'a full disk is said', health)
    later = s.until('/api/v1/town', lambda t: t['now'] > town['now'])
    tell(later['running'] and later['now'] > town['now'], 'control goes on', (town['now'], later['now']))
    strain.let_go()
    health = s.until('/api/v1/health', lambda h: h['store'] == 'well', 25)
    tell(health['store'] == 'well' and 'store=full' in s.said(), 'with room again it writes on, and the log has it', s.said())
    s.until('/api/v1/town', lambda t: not t['running'], 40)
    status, took = s.stop()
    tell(status == 0, 'and ends cleanly', f'{took * 1000:.0f} ms')
    kept = energy(directory)
    tell(kept['ok'] and kept['point_days'] == 6 and kept['slots'] == 6 * 48, 'no day is missing, each slot balances', kept)
    s = Serve(directory, '--clock', 'x15000', '--from', '2023-07-03')
    s.until('/api/v1/town', lambda t: t['slot'] >= 10)
    strain = Strain(s.process, 'fdatasync,fsync', 'EIO')
    health = s.until('/api/v1/health', lambda h: h['store'] == 'failed', 25)
    town = s.json('/api/v1/town')
    tell(health['store'] == 'failed' and any(a['what']['id'] == 'TOWN_STORE_FAILED' for a in town['alerts']), 'a failed sync is said', health)
    strain.let_go()
    time.sleep(1.5)
    later = s.json('/api/v1/town')
    tell(later['now'] > town['now'] and s.json('/api/v1/health')['store'] == 'failed', 'control goes on; it is final until a restart')
    status, took = s.stop()
    tell(status == 0 and took < 1.5, 'and ends cleanly', f'{took * 1000:.0f} ms, status {status}')
    kept = energy(directory)
    tell(kept['ok'], 'what was kept is true', kept)


def energy(directory):
    done = subprocess.run([MIZO, 'verify', '--json', '--region', directory], capture_output=True, text=True)
    return json.loads(done.stdout)


def stops_quickly(directory):
    """SIGTERM in the first moments and around the town's midnight."""
    worst = 0.0
    for wait in (0.0, 0.02, 0.1, 0.3, 0.75, 0.8, 0.85, 0.9):
        s = Serve(directory, '--clock', 'x100000', '--from', '2023-07-05')
        time.sleep(wait)
        status, took = s.stop()
        worst = max(worst, took if status == 0 else 99)
    tell(worst < 1, 'SIGTERM at any moment ends it within a second', f'{worst * 1000:.0f} ms')


def real_clock(directory):
    """At life's own speed the clock takes a step of a minute at once, and then one each minute."""
    s = Serve(directory, '--clock', 'real', '--from', '2023-07-05')
    town = s.until('/api/v1/town', lambda t: t['now'].startswith('2023-07-05T00:01'))
    tell(town['speed'] == 1 and town['running'] and town['now'].startswith('2023-07-05T00:01'), 'the real clock takes its first step', town['now'])
    time.sleep(2)
    tell(s.json('/api/v1/town')['now'] == town['now'], 'and no further one before its minute', town['now'])
    s.stop()


def gaps(parent):
    """Readings that are missing for a slot, a day, and a month: they stay gaps."""
    d = os.path.join(parent, 'gaps')
    shutil.copytree(VILLAGE, d)
    path = os.path.join(parent, 'gaps.csv')
    with open(path, 'w') as f:
        f.write('point,start,kwh\n')
        for day in range(90):
            for slot in range(48):
                date = time.strftime('%Y-%m-%d', time.gmtime(1688169600 + day * 86400))  # from 2023-07-01
                at = f'{date}T{slot // 2:02d}:{slot % 2 * 30:02d}:00+09:00'
                if not (day == 80 and slot == 20 or day == 81 or 40 <= day < 71):
                    f.write(f'p-depot,{at},20\n')
                f.write(f'p-school,{at},5\n')
    subprocess.run([MIZO, 'import', path, '--region', d], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    s = Serve(d, '--clock', 'x30000', '--from', '2023-09-19')  # day 80
    seen = {}
    end = time.monotonic() + 20
    while time.monotonic() < end:
        town = s.json('/api/v1/town')
        if town['day'] > '2023-09-20':
            break
        if 22 <= town['slot'] < 40 and town['day'] not in seen:  # far from midnight: two requests see one day
            seen[town['day']] = (s.json('/api/v1/sites/depot'), town)
    s.stop()
    text = {day: json.dumps(x[0]) for day, x in seen.items()}
    slots = {day: find(x[0], 'import_wh') for day, x in seen.items()}
    one, whole = slots.get('2023-09-19'), slots.get('2023-09-20')
    tell(bool(one) and one[19] is not None and one[20] is None and one[21] is not None, 'a slot that is missing is null', one or list(text))
    tell(bool(whole) and all(v is None for v in whole[:22]), 'so is a day', whole or list(text))
    alerts = [a['what']['id'] for x in seen.values() for a in x[1]['alerts']]
    tell('TOWN_GAP' in alerts, 'and it is said', alerts)
    s = Serve(d, '--clock', 'x30000', '--from', '2023-08-20')  # in the month without readings
    town = s.until('/api/v1/town', lambda t: t['day'] > '2023-08-20', 15)
    tell(town['running'], 'a month without readings is run through', town['now'])
    s.stop()
    kept = energy(d)
    tell(kept['ok'] and kept['bad_slots'] == 0, 'and the books hold', kept)


def find(x, key):
    """The first list of that name, wherever it lies."""
    if isinstance(x, dict):
        if isinstance(x.get(key), list):
            return x[key]
        x = list(x.values())
    if isinstance(x, list):
        for y in x:
            got = find(y, key)
            if got:
                return got
    return None


def starts(directory):
    s = Serve(directory, '--clock', 'x600')
    taken = subprocess.run([MIZO, 'serve', '--region', directory, '--listen', f'127.0.0.1:{s.port}'], capture_output=True, text=True,
                           env={**os.environ, 'MIZO_LANG': 'en'}, timeout=20)
    tell(taken.returncode == 3 and 'in use' in taken.stderr and str(s.port) in taken.stderr, 'a port in use: status 3 and why', taken.stderr)
    tell(s.started < (5 if 'SANITIZED' in os.environ else 3), 'up soon', f'{s.started * 1000:.0f} ms, {s.resident_mb():.0f} MB resident')
    s.stop()
    for words, status in ((['--listen', 'nowhere'], 2), (['--clock', 'fast'], 2), (['--clock', 'x0'], 2), (['--web', '/nonexistent'], 2),
                          (['--listen', '203.0.113.7:0'], 3)):
        got = subprocess.run([MIZO, 'serve', '--region', directory, *words], capture_output=True, text=True, timeout=20)
        tell(got.returncode == status, f"{' '.join(words)} gives {status}", '' if got.returncode == status else got.stderr)
    wide = Serve(directory, listen='0.0.0.0:0')
    time.sleep(0.2)
    tell('public_reading' in wide.said(), 'an open address is warned about')
    wide.stop()


def main():
    top = tempfile.mkdtemp()
    try:
        d = region(top, 'a')
        starts(d)
        s = Serve(d, '--clock', 'x1200', '--from', '2023-07-08', '--host', 'town.example,other.example')
        for act in (methods, names, headers, requests, cursor, events, crowd):
            act(s)
        s.stop()
        e = region(top, 'b')
        s = Serve(e, '--clock', 'x6000', '--from', '2023-07-06')
        model(s, e)
        status, took = s.stop()
        tell(status == 0 and took < 1.5, 'it stops cleanly', f'{took * 1000:.0f} ms, status {status}\n{s.said()}')
        restarts(region(top, 'c'))
        ending(region(top, 'd'))
        bad_disk(region(top, 'e'))
        f = region(top, 'f')
        stops_quickly(f)
        real_clock(f)
        gaps(top)
        s = Serve(d, '--clock', 'real')
        limits(s)
        s.stop()
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f'1..{count}')


main()
sys.exit(1 if failed else 0)
