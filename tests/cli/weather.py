"""mizo weather as a person runs it, and mizo serve, against a forecast service of this machine that is good, slow,
cut off, too big, of the wrong kind, empty, broken, moved, or gone. Standard library only.

    weather.py MIZO VILLAGE
"""

import datetime
import gzip
import http.server
import json
import os
import shutil
import signal
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = failed = 0
JST = datetime.timezone(datetime.timedelta(hours=9))


def hours(first, n, cc=10.0, **more):
    times = [(first + datetime.timedelta(hours=i)).strftime("%Y-%m-%dT%H:00") for i in range(n)]
    answer = {
        "latitude": 35.5, "longitude": 139.7, "utc_offset_seconds": 32400, "timezone": "Asia/Tokyo",
        "hourly_units": {"time": "iso8601", "temperature_2m": "°C", "shortwave_radiation": "W/m²"},
        "hourly": {"time": times, "temperature_2m": [cc] * n, "shortwave_radiation": [max(0, 600 - 100 * abs(12 - i % 24)) for i in range(n)]},
    }
    answer.update(more)
    return json.dumps(answer, ensure_ascii=False).encode()


def today():
    return datetime.datetime.now(JST).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


class Service(http.server.BaseHTTPRequestHandler):
    """Each path is a mood; `asked` counts them."""
    asked = {}
    paths = []
    mood = "good"  # of /moody
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for k, v in headers.items():
            self.send_header(k.replace("_", "-"), v)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0].strip("/")
        Service.paths.append(self.path)
        Service.asked[path] = Service.asked.get(path, 0) + 1
        mood = Service.mood if path == "moody" else path
        self.close_connection = True
        try:
            getattr(self, "be_" + mood.replace("-", "_"), self.be_gone)()
        except (BrokenPipeError, ConnectionResetError):
            pass

    def be_gone(self):
        self.answer(b"no such page", 404, "text/plain")

    def be_good(self):
        self.answer(hours(today(), 96))

    def be_packed(self):
        self.answer(gzip.compress(hours(today(), 96)), Content_Encoding="gzip")

    def be_bomb(self):
        self.answer(gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")

    def be_huge(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(64):
            self.wfile.write(b"[" + b" " * (1 << 18))

    def be_huge_said(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(1 << 40))
        self.end_headers()

    def be_cut(self):
        body = hours(today(), 96)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:500])

    def be_short(self):
        self.answer(hours(today(), 96)[:500])

    def be_page(self):
        self.answer(b"<html>please log in</html>", kind="text/html")

    def be_nulls(self):
        self.answer(hours(today(), 24, hourly={"time": [today().strftime("%Y-%m-%dT%H:00")], "temperature_2m": [None]}))

    def be_fahrenheit(self):
        self.answer(hours(today(), 24, hourly_units={"time": "iso8601", "temperature_2m": "°F", "shortwave_radiation": "W/m²"}))

    def be_elsewhere(self):
        self.answer(hours(today(), 24, latitude=51.5, longitude=-0.1))

    def be_refused(self):
        self.answer(b'{"error":true,"reason":"Daily API request limit exceeded"}', 429)

    def be_broken(self):
        self.answer(b"oh", 500, "text/plain")

    def be_moved(self):
        self.answer(b"", 302, Location="/good")

    def be_round(self):
        self.answer(b"", 302, Location="/round")

    def be_file(self):
        self.answer(b"", 302, Location="file:///etc/hostname")

    def be_dead(self):
        self.connection.close()

    def be_silent(self):
        time.sleep(30)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def start(certificate=None):
    server = Server(("127.0.0.1", 0), Service)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


PORT = start()


class Village:
    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="mizo-weather-")
        self.region = os.path.join(self.dir, "village")
        shutil.copytree(VILLAGE, self.region, ignore=shutil.ignore_patterns("mizo.db*"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def run(self, *words, lang="en", **env):
        e = dict(os.environ, MIZO_LANG=lang, no_proxy="*", **env)
        return subprocess.run([MIZO, *words, "--region", self.region], capture_output=True, env=e, timeout=90)

    def fetch(self, mood, *words, port=PORT, scheme="http", **env):
        return self.run("weather", "fetch", "--url", f"{scheme}://127.0.0.1:{port}/{mood}?lat={{lat}}&lon={{lon}}&key=secret", *words, **env)

    def configure(self, text):
        with open(os.path.join(self.region, "region.yaml"), "a", encoding="utf-8") as f:
            f.write(text)

    def readings(self):
        return self.run("export", "plan").stdout


def test(name):
    def wrap(fn):
        global count, failed
        count += 1
        try:
            with Village() as v:
                fn(v)
            print(f"ok {count} - {name}", flush=True)
        except Exception as e:  # every failure is told, and the rest goes on
            failed += 1
            print(f"not ok {count} - {name}", flush=True)
            print("# " + repr(e).replace("\\n", "\n# "), flush=True)
        return fn
    return wrap


def same(is_, should):
    assert is_ == should, f"{is_!r} instead of {should!r}"


@test("a good answer is kept, and shown with its source")
def _(v):
    r = v.fetch("good", "--json")
    same(r.returncode, 0)
    got = json.loads(r.stdout)
    assert got["hours"] == 96 and got["added"] > 100, got
    assert "/good?lat=35.530900&lon=139.703000&key=secret" in Service.paths, Service.paths
    tomorrow = (today() + datetime.timedelta(days=1)).strftime("%Y-%m-%d")
    now = datetime.datetime.now(JST).strftime("%Y-%m-%dT%H:%M:59+09:00")
    s = json.loads(v.run("weather", "show", "--day", tomorrow, "--as-of", now, "--json").stdout)
    same(set(s["air_from"]), {"forecast"})
    same(set(s["ghi_from"]), {"forecast"})
    same(set(s["air_cc"]), {1000})
    assert max(s["air_age_min"]) <= 2, s["air_age_min"]
    text = v.run("weather", "show", "--day", tomorrow, lang="ja").stdout.decode()
    same(len(text.splitlines()), 50)


@test("packed answers and a redirect are followed")
def _(v):
    same(v.fetch("packed").returncode, 0)
    r = v.fetch("moved")
    same(r.returncode, 0)


# mood: exit status, what is said, the longest that it may take
BAD = {
    "short": (2, "not readable as JSON", 10),
    "cut": (3, "could not be fetched", 10),
    "page": (2, '"text/html"; JSON expected', 10),
    "nulls": (2, "not one value", 10),
    "fahrenheit": (2, "is in °F", 10),
    "elsewhere": (2, "the town lies at 35.5309", 10),
    "refused": (3, "Daily API request limit exceeded", 10),
    "broken": (3, "status 500", 10),
    "missing": (3, "status 404", 10),
    "huge": (3, "more than 8388608 bytes", 10),
    "huge_said": (3, "more than 8388608 bytes", 10),
    "bomb": (3, "more than 8388608 bytes", 10),
    "round": (3, "could not be fetched", 10),
    "file": (3, "could not be fetched", 10),
    "dead": (3, "could not be fetched", 10),
}


@test("bad answers are refused in words, and the store is as it was")
def _(v):
    same(v.fetch("good").returncode, 0)
    before = v.readings()
    for mood, (status, words, seconds) in BAD.items():
        began = time.monotonic()
        r = v.fetch(mood)
        took = time.monotonic() - began
        text = r.stderr.decode()
        assert r.returncode == status and words in text, f"{mood}: {r.returncode} {text}"
        assert "secret" not in text, text
        assert took < seconds, f"{mood} took {took:.1f} s"
        assert "error: " in text and v.readings() == before, mood
    same(Service.asked["round"], 4)  # the first and three redirects


@test("Ctrl-C ends a service that does not answer")
def _(v):
    p = subprocess.Popen([MIZO, "weather", "fetch", "--region", v.region, "--url", f"http://127.0.0.1:{PORT}/silent"],
                         stderr=subprocess.PIPE, env=dict(os.environ, MIZO_LANG="en"))
    time.sleep(0.7)
    began = time.monotonic()
    p.send_signal(signal.SIGINT)
    p.communicate(timeout=20)
    assert p.returncode != 0 and time.monotonic() - began < 5, p.returncode


@test("https: an authority that is not known is refused; one that is named is believed")
def _(v):
    if not shutil.which("openssl"):
        return
    pem = os.path.join(v.dir, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", pem + ".crt"], check=True, capture_output=True)
    with open(pem, "a") as f, open(pem + ".crt") as crt:
        f.write(crt.read())
    port = start(pem)
    r = v.fetch("good", port=port, scheme="https")
    assert r.returncode == 3 and b"certificate" in r.stderr, r.stderr
    r = v.fetch("good", port=port, scheme="https", SSL_CERT_FILE=pem + ".crt")
    same((r.returncode, r.stderr), (0, b""))
    # from https never down to http
    Service.be_down = lambda self: self.answer(b"", 302, Location=f"http://127.0.0.1:{PORT}/good")
    r = v.fetch("down", port=port, scheme="https", SSL_CERT_FILE=pem + ".crt")
    same(r.returncode, 3)


@test("nothing is fetched where nothing is configured; wrong words are told")
def _(v):
    r = v.run("weather", "fetch")
    assert r.returncode == 2 and b"weather_url" in r.stderr, r.stderr
    r = v.run("weather", "fetch", "--url", "ftp://x/y")
    same(r.returncode, 2)
    r = v.run("weather", "fetsh")
    assert r.returncode == 2 and b"did you mean fetch" in r.stderr, r.stderr
    r = v.run("weather", "show", "--as-of", "soon")
    same(r.returncode, 2)
    r = v.run("weather", "fetch", "--url", "http://127.0.0.1:9/x", lang="ja")
    assert "取得できません".encode() in r.stderr, r.stderr


@test("the agency's table and a service's file through mizo import")
def _(v):
    jma = os.path.join(v.dir, "data.csv")
    with open(jma, "wb") as f:
        f.write((",横浜,横浜,東京\r\n年月日時,気温(℃),全天日射量(MJ/㎡),気温(℃)\r\n"
                 "2024/2/29 24:00,10.5,0,9.0\r\n").encode("cp932"))
    r = v.run("import", jma)
    assert r.returncode == 2 and "--station".encode() in r.stderr and ":3:1: error: ".encode() in r.stderr, r.stderr
    r = v.run("import", jma, "--station", "横浜")
    assert r.returncode == 0 and b"jma, 1 rows: 2 new" in r.stdout, r.stdout + r.stderr
    out = v.run("export", "readings").stdout
    assert b"village,temperature,2024-03-01T00:00:00+09:00,60,0,10.50,measured" in out, out
    assert b"village,irradiance,2024-02-29T23:00:00+09:00,60,0,0,measured" in out, out
    name = os.path.join(v.dir, "f.json")
    with open(name, "wb") as f:
        f.write(hours(datetime.datetime(2024, 3, 1), 24))
    r = v.run("import", name, "--known", "2024-02-29T18:00:00+09:00")
    assert r.returncode == 0 and b"open-meteo, 24 rows: 48 new" in r.stdout, r.stdout + r.stderr
    r = v.run("import", name, "--known", "2024-02-29T18:00:00+09:00")
    assert b"0 new, 0 changed, 48 same" in r.stdout, r.stdout


class Serve:
    def __init__(self, v):
        self.log = tempfile.TemporaryFile()
        self.p = subprocess.Popen([MIZO, "serve", "--region", v.region, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=self.log,
                                  text=True, env=dict(os.environ, MIZO_LANG="en"))
        self.port = int(self.p.stdout.readline().rsplit(":", 1)[1].strip().strip("/"))

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def alerts(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/town", timeout=10) as r:
            return [a["what"] for a in json.load(r)["alerts"]]

    def until(self, want, seconds=25):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if want():
                return True
            time.sleep(0.1)
        return False

    def stop(self):
        began = time.monotonic()
        self.p.send_signal(signal.SIGTERM)
        self.p.wait(30)
        return time.monotonic() - began


def seed(v):
    """A few days, so that the town runs."""
    path = os.path.join(v.dir, "r.csv")
    with open(path, "w") as f:
        f.write("point,start,kwh\n")
        for d in range(3, 12):
            f.writelines(f"p-hall,2023-07-{d:02d}T{s // 2:02d}:{s % 2 * 30:02d},1\n" for s in range(48))
    same(v.run("import", path).returncode, 0)


@test("the town asks by itself; when the service fails it says so and keeps what it has")
def _(v):
    seed(v)
    Service.mood = "good"
    v.configure(f"weather_url: http://127.0.0.1:{PORT}/moody?lat={{lat}}\nweather_every_hours: 1\nweather_note: invented\n")
    s = Serve(v)
    try:
        assert s.until(lambda: "fetched=yes" in s.said()), s.said()
        kept = v.readings()
        assert kept.count(b"forecast-mean") > 90
        assert not any("weather" in json.dumps(a) for a in s.alerts()), s.alerts()
    finally:
        assert s.stop() < 10
    Service.mood = "broken"
    s = Serve(v)
    try:
        assert s.until(lambda: any("weather service" in json.dumps(a) for a in s.alerts())), (s.alerts(), s.said())
        alert = next(a for a in s.alerts() if "weather service" in json.dumps(a))
        assert "status 500" in json.dumps(alert), alert
        same(v.readings(), kept)
    finally:
        assert s.stop() < 10
    Service.mood = "silent"
    asked = Service.asked["moody"]
    s = Serve(v)
    try:
        assert s.until(lambda: Service.asked["moody"] > asked), "not asked"
        assert s.until(lambda: s.alerts() is not None)  # the page answers while the service hangs
    finally:
        assert s.stop() < 10, "a hanging service holds the town up"


print(f"1..{count}")
sys.exit(failed > 0)
