/* serve.c: `mizo serve`: the running town behind a page and an API, until SIGINT or SIGTERM. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "mizo/messages/server.h"
#include "server/server.h"
#include "town/live/live.h"
#include "town/people/user.h"

typedef struct words {
    const char *region, *listen, *clock, *web, *host, *proxy;
    mizo_day from;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--listen", OPTION_TEXT, "A", "address and port (127.0.0.1:8080); port 0 finds a free one", "アドレスとポート（既定は 127.0.0.1:8080、ポート 0 は空きを探す）", false, offsetof(words, listen), 0, 0 },
    { "--host", OPTION_TEXT, "NAMES", "further names that this server answers to, with commas between", "このサーバーが答える名前（コンマ区切り）", false, offsetof(words, host), 0, 0 },
    { "--proxy", OPTION_TEXT, "ADDRS", "addresses of proxies with TLS in front, with commas between: what they forward is believed", "前に置いた TLS プロキシのアドレス（コンマ区切り）。転送された送信元と方式を信じる", false, offsetof(words, proxy), 0, 0 },
    { "--clock", OPTION_TEXT, "C", "real, or xN: N times faster than life (real)", "real（実時間、既定）または xN（N 倍速）", false, offsetof(words, clock), 0, 0 },
    { "--from", OPTION_DATE, "DAY", "first day of the town's clock (where it stood, or the region's clock_start)", "町の時計の最初の日（既定は前回の続き、または clock_start）", false, offsetof(words, from), 0, 0 },
    { "--web", OPTION_TEXT, "DIR", "serve the pages from here instead of the built-in ones", "組み込みの代わりにこのディレクトリのページを出す", false, offsetof(words, web), 0, 0 },
};
/* clang-format on */

typedef struct serving {
    cli *c;
    words w;
    char address[80];
    char hosts[1024], proxies[512];
    double speed;
    server_options so;
    buf store_path;
    char link[TICKET_ROOM]; /* of the first start */
    live *live;
    server *server;
    bool ending;
} serving;

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

/* "real" or "x600". */
static bool parse_clock(const char *s, double *speed)
{
    if (!s || strcmp(s, "real") == 0) {
        *speed = 1;
        return true;
    }
    int64_t n;
    if (s[0] != 'x' || mizo_decimal_parse(s + 1, strlen(s + 1), 0, &n) || n < 1 || n > 100000)
        return false;
    *speed = (double)n;
    return true;
}

/* Words with commas between, cut in their place. */
static size_t cut(const char *text, char *room, size_t size, const char **out, size_t cap)
{
    size_t found = 0;
    snprintf(room, size, "%s", text ? text : "");
    for (char *p = room; *p && found < cap;) {
        size_t n = strcspn(p, ", ");
        char *next = p + n + (p[n] != 0);
        p[n] = 0;
        if (n)
            out[found++] = p;
        p = next;
    }
    return found;
}

static int check_words(serving *s)
{
    const char *listen = s->w.listen ? s->w.listen : "127.0.0.1:8080";
    if (server_listen_parse(listen, s->address, sizeof s->address, &s->so.port)) {
        MIZO_DIAG(s->c->diags, SERVER_LISTEN, MIZO_NOWHERE, listen);
        return CLI_INPUT;
    }
    if (!parse_clock(s->w.clock, &s->speed)) {
        MIZO_DIAG(s->c->diags, SERVER_CLOCK, MIZO_NOWHERE, s->w.clock);
        return CLI_INPUT;
    }
    if (s->w.web) {
        int64_t mtime, size;
        buf name;
        buf_init(&name, 1 << 14);
        buf_printf(&name, "%s/index.html", s->w.web);
        mizo_err e = name.err ? name.err : s->c->env->ops->file_stamp(s->c->env, name.p, &mtime, &size);
        buf_fini(&name);
        if (e) {
            MIZO_DIAG(s->c->diags, SERVER_WEB_DIR, MIZO_NOWHERE, s->w.web);
            return CLI_INPUT;
        }
    }
    s->so.nhosts = cut(s->w.host, s->hosts, sizeof s->hosts, s->so.hosts, SERVER_HOSTS);
    s->so.nproxies = cut(s->w.proxy, s->proxies, sizeof s->proxies, s->so.proxies, AUTH_PROXIES);
    return CLI_DONE;
}

/* ---- the source of the server ---- */

static const town_view *source_view(void *arg)
{
    const serving *s = arg;
    return s->live ? live_view(s->live) : NULL;
}

static const live_model *source_model(void *arg)
{
    const serving *s = arg;
    return s->live ? live_model_now(s->live) : NULL;
}

static const score_card *source_score(void *arg)
{
    const serving *s = arg;
    return s->live ? live_score_card(s->live) : NULL;
}

static writer *source_writer(void *arg)
{
    const serving *s = arg;
    return s->live ? live_writer(s->live) : NULL;
}

static void on_change(void *arg)
{
    serving *s = arg;
    if (s->server)
        server_changed(s->server);
}

/* ---- the end ---- */

static void stop_loop(void *arg)
{
    serving *s = arg;
    s->c->env->ops->stop(s->c->env);
}

/* What the writer posted before stands in the loop's queue: it runs first. */
static void when_closed(void *arg)
{
    serving *s = arg;
    live_stop(s->live);
    if (s->c->env->ops->post(s->c->env, stop_loop, s))
        stop_loop(s);
}

static void on_signal(void *arg)
{
    serving *s = arg;
    if (s->ending)
        return;
    s->ending = true;
    server *closing = s->server;
    s->server = NULL;
    server_close(closing, when_closed, s);
}

/* ---- the beginning ---- */

static mizo_err start_live(serving *s)
{
    town t;
    cli *c = s->c;
    mizo_diags *loaded = mizo_diags_new(200);
    mizo_err e = town_open(c->env, s->w.region, STORE_CREATE, loaded, &t);
    if (e) { /* the mistakes are the answer */
        mizo_diags_free(loaded);
        return town_open(c->env, s->w.region, STORE_CREATE, c->diags, &t);
    }
    live_options o = {
        .env = c->env,
        .dir = s->w.region,
        .region = t.region,
        .diags = loaded,
        .speed = s->speed,
        .from = s->w.from,
        .changed = on_change,
        .arg = s,
    };
    t.store->ops->close(t.store);
    t.store = NULL;
    e = live_start(&o, c->diags, &s->live);
    town_close(&t);
    return e;
}

static mizo_err start_server(serving *s)
{
    s->so.env = s->c->env;
    s->so.address = s->address;
    s->so.web_dir = s->w.web;
    s->so.assets = web_assets;
    s->so.nassets = web_nassets;
    s->so.store = &store_sqlite;
    s->so.store_path = s->store_path.p;
    s->so.source = (server_source){ s, source_view, source_model, source_score, source_writer };
    return server_new(&s->so, s->c->diags, &s->server);
}

static void say_hello(serving *s)
{
    if (!server_loopback(s->address))
        MIZO_DIAG(s->c->diags, SERVER_OPEN_ADDRESS, MIZO_NOWHERE, *s->address ? s->address : "0.0.0.0");
    cli_print_diags(s->c);
    mizo_diags_clear(s->c->diags);
    const char *host = *s->address ? s->address : "127.0.0.1";
    bool v6 = strchr(host, ':') != NULL;
    printf(japanese(s->c) ? "町のページ: http://%s%s%s:%d/\n" : "the town is at http://%s%s%s:%d/\n",
           v6 ? "[" : "", host, v6 ? "]" : "", server_port(s->server));
    if (*s->link)
        printf(
            japanese(s->c)
                ? "利用者はまだいません。最初の利用者を作るリンク（15 分間、一度だけ）: http://%s%s%s:%d/#/first/%s\n"
                : "there are no users yet; the first one is made here, once, within 15 minutes: "
                  "http://%s%s%s:%d/#/first/%s\n",
            v6 ? "[" : "", host, v6 ? "]" : "", server_port(s->server), s->link);
    fflush(stdout);
    explicit_bzero(s->link, sizeof s->link);
}

static mizo_err serve(serving *s)
{
    mizo_err e = env_uv_on_signal(s->c->env, on_signal, s);
    buf_init(&s->store_path, 1 << 14);
    town_store_path(s->w.region, &s->store_path);
    if (!e)
        e = s->store_path.err;
    if (!e)
        e = start_server(s); /* first: a port in use is known before anything is opened for writing */
    if (!e)
        e = start_live(s);
    if (e)
        return e;
    mizo_err none =
        user_at_start(s->c->env, s->store_path.p, s->c->diags, s->link); /* said, and the town runs on */
    (void)none;
    server_changed(s->server);
    say_hello(s);
    return s->c->env->ops->run(s->c->env);
}

/* After a failure the server still holds handles of the loop: it runs until they are closed. */
static void take_down(serving *s)
{
    if (!s->server)
        return;
    on_signal(s);
    mizo_err e = s->c->env->ops->run(s->c->env);
    (void)e;
}

static int run(cli *c)
{
    serving s = { .c = c, .w = { .from = MIZO_DAY_NONE } };
    size_t none = 0;
    int status = cli_parse(c, &cli_serve, &s.w, NULL, &none, 0);
    if (status == CLI_DONE)
        status = check_words(&s);
    if (status != CLI_DONE)
        return status;
    mizo_err e = serve(&s);
    take_down(&s);
    live_release(s.live);
    buf_fini(&s.store_path);
    return e == MIZO_EBUSY || e == MIZO_EIO ? CLI_FAILED : cli_status(e);
}

const cli_verb cli_serve = {
    "serve",
    "--region DIR [--listen A] [--clock real|xN]",
    "the running town: a page, an API, live",
    "町を動かし、ページと API で見せる",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
