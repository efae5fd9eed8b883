"""A running `mizo serve` and what a client says to it: shared by the suites of this folder."""
import http.client
import json
import os
import signal
import subprocess
import tempfile


class Serve:
    def __init__(self, mizo, directory, *words, listen='127.0.0.1:0', clock='x600', start='2023-07-08'):
        self.region = directory
        self.log = tempfile.NamedTemporaryFile()
        self.process = subprocess.Popen([mizo, 'serve', '--region', directory, '--listen', listen, '--clock', clock, '--from', start, *words],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, 'MIZO_LANG': 'en'})
        self.port = int(self.process.stdout.readline().rsplit(':', 1)[1].strip().strip('/'))
        self.host = f'127.0.0.1:{self.port}'
        self.headers = {}

    def link(self):
        return self.process.stdout.readline().strip().rsplit('/', 1)[1]

    def ask(self, method, path, body=None, headers=None, raw=None):
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
        head = {'Host': self.host, 'Origin': f'http://{self.host}', **self.headers, **(headers or {})}
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        if data is not None:
            head.setdefault('Content-Type', 'application/json')
        c.request(method, '/api/v1/' + path, data, {k: v for k, v in head.items() if v is not None})
        r = c.getresponse()
        text = r.read()
        c.close()
        self.last = {k.lower(): v for k, v in r.getheaders()}
        try:
            return r.status, json.loads(text) if text else None
        except ValueError:
            return r.status, text

    def login(self, user, password):
        status, body = self.ask('POST', 'login', {'user': user, 'password': password}, {'Cookie': None, 'X-Mizo-CSRF': None})
        if status == 200:
            self.headers = {'Cookie': self.last['set-cookie'].split(';')[0], 'X-Mizo-CSRF': body['csrf']}
        return status

    def stop(self, sig=signal.SIGTERM):
        self.process.send_signal(sig)
        return self.process.wait(timeout=20)
