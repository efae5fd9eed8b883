/* files.c: mizo files: the register of what was sent and received. */
#include <string.h>

#include "cli/act.h"
#include "mizo/messages/files.h"
#include "town/register/register.h"

typedef struct words {
    const char *region, *kind, *with, *text, *out;
    cli_who who;
    mizo_day day;
    bool newest, json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--kind", OPTION_TEXT, "K", "only files of this kind", "この種類だけ", false, offsetof(words, kind), 0, 0 },
    { "--with", OPTION_TEXT, "ID", "only those sent to or received from this side", "この相手との分だけ", false, offsetof(words, with), 0, 0 },
    { "--day", OPTION_DATE, "DATE", "only those whose period has this day", "対象期間にこの日を含む分だけ", false, offsetof(words, day), 0, 0 },
    { "--newest", OPTION_FLAG, NULL, "only the newest version of each", "それぞれの最新版だけ", false, offsetof(words, newest), 0, 0 },
    { "--text", OPTION_TEXT, "TEXT", "answer: what the other side said", "answer: 相手の回答", false, offsetof(words, text), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--out", OPTION_TEXT, "FILE", "get: write it here; - is standard output (the file's own name)", "get: 書き出す先。- は標準出力 (指定しなければ元の名前)", false, offsetof(words, out), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

/* What was asked, of which town, by whom. */
typedef struct asked {
    cli *c;
    town *t;
    const words *w;
    const char *id, *who;
} asked;

/* ---- the list ---- */

typedef struct listing {
    const cli *c;
    const words *w;
    buf out;
    json j;
    int offset;
} listing;

static void put_json(const register_line *l, int offset, json *j)
{
    json_object(j, NULL);
    json_text(j, "id", l->id);
    json_text(j, "direction", l->sent ? "sent" : "received");
    json_bool(j, "refused", l->refused);
    json_text(j, "kind", l->kind);
    json_text(j, "with", l->with);
    json_day(j, "from", l->from);
    json_day(j, "to", l->to);
    json_int(j, "version", l->version);
    json_bool(j, "newest", l->newest);
    json_text(j, "name", l->name);
    json_int(j, "bytes", l->n);
    json_text(j, "hash", l->hash);
    json_bool(j, "kept", *l->kept);
    json_bool(j, "as_it_was", strcmp(l->hash, l->kept) == 0);
    json_text(j, "who", l->actor);
    json_time(j, "at", l->at, offset);
    json_text(j, "note", l->note);
    json_int(j, "answers", l->nanswer);
    json_text(j, "answer", l->nanswer ? l->answer.text : NULL);
    if (l->nanswer) {
        json_text(j, "answer_who", l->answer.actor);
        json_time(j, "answer_at", l->answer.at, offset);
    }
    json_end(j);
}

static void put_text(bool ja, const register_line *l, int offset, buf *out)
{
    char at[MIZO_INSTANT_TEXT], from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], version[32];
    mizo_ms_text(l->at - l->at % 1000, offset, at);
    mizo_day_text(l->from, from);
    mizo_day_text(l->to - 1, to);
    snprintf(version, sizeof version, "v%d%s", l->version, l->newest ? "" : ja ? " (旧)" : " (old)");
    buf_printf(out, "%s  %s  ", l->id, at);
    cli_cell(out,
             l->sent      ? (ja ? "送" : "sent")
             : l->refused ? (ja ? "却下" : "refused")
             : ja         ? "受"
                          : "received",
             -9);
    cli_cell(out, l->kind, -22);
    buf_printf(out, " %s", from);
    if (l->to - l->from > 1)
        buf_printf(out, "..%s", to);
    buf_printf(out, "  %s  %s  %s  %.12s  %s\n", version, l->with, l->name, l->hash, l->actor);
    if (l->refused)
        buf_printf(out, "    %s\n", l->note);
    if (l->nanswer)
        buf_printf(out, "    %s (%s)\n", l->answer.text, l->answer.actor);
}

static mizo_err on_line(void *arg, const register_line *l)
{
    listing *x = arg;
    if (x->w->json)
        put_json(l, x->offset, &x->j);
    else
        put_text(cli_japanese(x->c), l, x->offset, &x->out);
    return x->out.err;
}

static mizo_err list(const asked *a, int *status)
{
    const words *w = a->w;
    listing x = { .c = a->c, .w = w, .offset = a->t->region->offset };
    register_ask ask = { .kind = w->kind,
                         .with = w->with,
                         .of_day = w->day != MIZO_DAY_NONE,
                         .day = w->day,
                         .newest = w->newest };
    buf_init(&x.out, 0);
    json_init(&x.j, &x.out);
    if (w->json) {
        json_object(&x.j, NULL);
        json_array(&x.j, "files");
    }
    mizo_err e = register_scan(a->t, &ask, on_line, &x);
    if (w->json) {
        json_end(&x.j);
        json_end(&x.j);
        buf_char(&x.out, '\n');
    }
    *status = e ? CLI_DONE : cli_put(a->c, &x.out);
    buf_fini(&x.out);
    return e;
}

/* ---- one file ---- */

static mizo_err answer(const asked *a, int *status)
{
    register_line l;
    buf out;
    json j;
    MIZO_TRY(register_answer_put(a->t, a->id, a->w->text ? a->w->text : "", a->who, &l));
    buf_init(&out, 0);
    json_init(&j, &out);
    if (a->w->json)
        put_json(&l, a->t->region->offset, &j);
    else
        put_text(cli_japanese(a->c), &l, a->t->region->offset, &out);
    if (a->w->json)
        buf_char(&out, '\n');
    *status = cli_put(a->c, &out);
    buf_fini(&out);
    return MIZO_OK;
}

static mizo_err get(const asked *a, int *status)
{
    cli *c = a->c;
    register_line l;
    buf out;
    MIZO_TRY(register_get(a->t, a->id, &l));
    buf_init(&out, REGISTER_MOST + 1);
    mizo_err e = register_bytes(a->t, &l, &out);
    const char *path = a->w->out ? a->w->out : l.name;
    if (!e && strcmp(path, "-") == 0)
        *status = cli_put(c, &out);
    else if (!e && (e = c->env->ops->write_file(c->env, path, out.p ? out.p : "", out.n)))
        MIZO_DIAG(c->diags, REGISTER_UNWRITABLE, MIZO_NOWHERE, path, mizo_err_text(e));
    else if (!e)
        fprintf(stderr, "%s\n", path);
    buf_fini(&out);
    return e;
}

static mizo_err verify(const asked *a, int *status)
{
    int64_t lines, bad;
    buf out;
    json j;
    MIZO_TRY(register_verify(a->t, &lines, &bad));
    buf_init(&out, 0);
    json_init(&j, &out);
    if (a->w->json) {
        json_object(&j, NULL);
        json_bool(&j, "ok", bad == 0);
        json_int(&j, "files", lines);
        json_int(&j, "bad", bad);
        json_end(&j);
        buf_char(&out, '\n');
    } else {
        buf_printf(&out,
                   cli_japanese(a->c) ? "%lld 件のうち、中身のないもの・変わったもの %lld\n"
                                      : "%lld files, %lld gone or damaged\n",
                   (long long)lines, (long long)bad);
    }
    *status = cli_put(a->c, &out);
    buf_fini(&out);
    if (!*status && bad)
        *status = CLI_NO;
    return MIZO_OK;
}

/* ---- the verb ---- */

static const struct act {
    cli_act is;
    store_mode mode;
    mizo_err (*run)(const asked *a, int *status);
} acts[] = {
    {{ "list", NULL, 0, 0 },                STORE_READ,  list  },
    { { "get", "ID", 1, 1 },                STORE_READ,  get   },
    { { "answer", "ID --text TEXT", 1, 1 }, STORE_WRITE, answer},
    { { "verify", NULL, 0, 0 },             STORE_READ,  verify},
};

static const cli_acts table = CLI_ACTS("files", acts, "list");

static int run(cli *c)
{
    words w = { .day = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_files, &w, rest, &n, 3);
    if (status)
        return status;
    const struct act *act = cli_act_of(c, &table, rest, n);
    if (!act)
        return CLI_INPUT;
    town t;
    actor who = { 0 };
    status = act->mode == STORE_WRITE ? cli_actor(c, &w.who, w.region, ACT_FILE, &who) : CLI_DONE;
    if (status)
        return status;
    mizo_err e = town_open(c->env, w.region, act->mode, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    e = act->run(&(asked){ c, &t, &w, n == 2 ? rest[1] : NULL, who.name }, &status);
    town_close(&t);
    return e ? cli_status(e) : status;
}

const cli_verb cli_files = {
    .name = "files",
    .args = "[answer ID | get ID | verify] --region DIR",
    .help_en = "every file sent or received: kind, period, version, hash, who, when, the other side's answer",
    .help_ja = "送受信したファイルの登録簿: 種類、期間、版、ハッシュ、誰がいつ、相手の回答",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
