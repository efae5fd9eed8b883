/* export.c: mizo export. */
#include "town/import/export.h"

#include <stddef.h>
#include <string.h>

#include "base/env_stream.h"
#include "cli/cli.h"
#include "town/office/owner_report.h"
#include "town/report_file.h"

typedef struct words {
    const char *region, *point, *as_of, *out, *fy, *bureau, *energy, *xlsx;
    mizo_day from, to;
    bool cp932;
} words;

static const option_row rows[] = {
    {"--region", OPTION_TEXT, "DIR",     "region directory",                        "地域のディレクトリ",             true,  offsetof(words, region),
     0,                                                                                                                                                           0},
    { "--from",  OPTION_DATE, "DATE",    "first day",                               "最初の日",                            false, offsetof(words, from),   0, 0},
    { "--to",    OPTION_DATE, "DATE",    "last day, included",                      "最後の日 (この日を含む)",       false,
     offsetof(words,                                                                                                                                  to),     0, 0},
    { "--point", OPTION_TEXT, "ID",      "only this point, asset or account",       "この地点・設備・口座だけ",    false,
     offsetof(words,                                                                                                                                  point),  0, 0},
    { "--as-of", OPTION_TEXT, "INSTANT", "what was known then",                     "その時点で分かっていた内容", false,
     offsetof(words,                                                                                                                                  as_of),  0, 0},
    { "--cp932", OPTION_FLAG, NULL,      "CP932 (Shift_JIS) instead of UTF-8",
     "UTF-8 の代わりに CP932 (Shift_JIS) で",                                                                            false, offsetof(words, cp932),  0, 0},
    { "--out",   OPTION_TEXT, "FILE",    "write a file instead of standard output",
     "標準出力の代わりにファイルに書く",                                                                       false, offsetof(words, out),    0, 0},
 /* clang-format off */
    { "--fy", OPTION_TEXT, "Y", "of yearly: the fiscal year", "yearly: 年度", false, offsetof(words, fy), 0, 0 },
    { "--bureau", OPTION_TEXT, "NAME", "of yearly: facilities of this bureau alone", "yearly: この局の施設だけ", false, offsetof(words, bureau), 0, 0 },
    { "--energy", OPTION_TEXT, "KIND", "of yearly: electricity, city-gas ...; else all that was reported", "yearly: electricity、city-gas など。指定しなければ報告のあるものすべて", false, offsetof(words, energy), 0, 0 },
    { "--xlsx", OPTION_TEXT, "FILE", "of yearly: a workbook", "yearly: Excel のブックに書く", false, offsetof(words, xlsx), 0, 0 },
  /* clang-format on */
};

/* A date means the end of that day: everything that was known by then. */
static mizo_err read_as_of(const char *s, int offset, mizo_ms *out)
{
    mizo_date d;
    *out = STORE_LATEST;
    if (!s)
        return MIZO_OK;
    if (mizo_date_parse(s, strlen(s), &d) == MIZO_OK) {
        *out = mizo_slot_ms(mizo_day_slot(mizo_date_day(d) + 1, offset)) - 1;
        return MIZO_OK;
    }
    return mizo_ms_parse(s, strlen(s), offset, out);
}

static mizo_err to_stdout(void *arg, const char *p, size_t n)
{
    (void)arg;
    return fwrite(p, 1, n, stdout) == n ? MIZO_OK : MIZO_EIO;
}

static mizo_err to_sink(void *arg, const char *p, size_t n)
{
    return env_sink_add(arg, p, n);
}

/* An empty answer is an answer, but a mistyped id looks the same. */
static void say_empty(const cli *c, const export_options *o, int64_t n)
{
    if (n == 0)
        fprintf(
            stderr,
            cli_japanese(c)
                ? "mizo export: 該当する行がありません (%s%s%s)。--from、--to、--as-of、--point を確かめてください\n"
                : "mizo export: no rows (%s%s%s); look at --from, --to, --as-of and --point\n",
            o->what, o->point ? " " : "", o->point ? o->point : "");
}

static mizo_err export_to(cli *c, town *t, const export_options *o, const char *path)
{
    int64_t n = 0;
    if (!path) {
        mizo_err e = export_csv(t, o, to_stdout, NULL, &n);
        if (!e)
            say_empty(c, o, n);
        return e ? e : fflush(stdout) == 0 ? MIZO_OK : MIZO_EIO;
    }
    env_sink *sink;
    mizo_err e = env_sink_open(path, &sink), end;
    if (e) {
        MIZO_DIAG(c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
        return e;
    }
    e = export_csv(t, o, to_sink, sink, &n);
    end = env_sink_end(sink, e == MIZO_OK);
    if (end || e == MIZO_EIO || e == MIZO_EFULL)
        MIZO_DIAG(c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    else if (!e)
        say_empty(c, o, n);
    return e ? e : end;
}

/* ---- the owners' yearly table ---- */

static int bad_yearly(const cli *c, const char *option, const char *is)
{
    fprintf(stderr,
            cli_japanese(c) ? "mizo export yearly: %s %s がわかりません\n"
                            : "mizo export yearly: %s %s is not known\n",
            option, is);
    return CLI_INPUT;
}

static mizo_err yearly_to(cli *c, const report *r, const words *w)
{
    buf b;
    buf_init(&b, 0);
    const char *path = w->xlsx ? w->xlsx : w->out;
    mizo_err e = w->xlsx ? report_make(r, REPORT_FORMAT_XLSX, c->diags, &b)
                         : report_csv(r, -1, w->cp932 ? REPORT_CP932 : REPORT_UTF8_BOM, c->diags, &b);
    if (!e && !path)
        e = to_stdout(NULL, b.p, b.n);
    else if (!e && (e = c->env->ops->write_file(c->env, path, b.p, b.n)))
        MIZO_DIAG(c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    buf_fini(&b);
    return e;
}

static int yearly(cli *c, town *t, const words *w, mizo_ms as_of)
{
    owner_report_ask ask = { .bureau = w->bureau, .energy = w->energy, .as_of = as_of, .lang = c->lang };
    report *r = NULL;
    if (!w->fy || mizo_fy_parse(w->fy, strlen(w->fy), &ask.fy))
        return bad_yearly(c, "--fy", w->fy ? w->fy : "");
    if (w->energy && !yearly_energy_of(w->energy))
        return bad_yearly(c, "--energy", w->energy);
    mizo_err e = owner_report_doc(t, &ask, &r);
    if (!e)
        e = yearly_to(c, r, w);
    report_free(r);
    return cli_status(e);
}

static int run(cli *c)
{
    words w = { .from = 0, .to = MIZO_DAY_NONE - 1 };
    const char *what[1] = { NULL };
    size_t n = 0;
    int status = cli_parse(c, &cli_export, &w, what, &n, 1);
    if (status)
        return status;
    if ((status = cli_days_in_order(c, &cli_export, w.from, w.to)) != CLI_DONE)
        return status;
    town t;
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    export_options o = {
        .what = n ? what[0] : "readings", .from = w.from, .to = w.to + 1, .point = w.point, .cp932 = w.cp932
    };
    if (read_as_of(w.as_of, t.region->offset, &o.as_of)) {
        fprintf(
            stderr,
            strcmp(c->lang, "ja") == 0
                ? "mizo export: --as-of %s は日時ではありません。2024-04-01 か 2024-04-01T09:00:00+09:00 のように書いてください\n"
                : "mizo export: --as-of %s is no date or instant; write 2024-04-01 or 2024-04-01T09:00:00+09:00\n",
            w.as_of);
        status = CLI_INPUT;
    } else if (strcmp(o.what, "yearly") == 0) {
        status = yearly(c, &t, &w, o.as_of);
    } else {
        status = cli_status(export_to(c, &t, &o, w.out));
    }
    town_close(&t);
    return status;
}

const cli_verb cli_export = {
    .name = "export",
    .args = "readings|plan|periods|sessions|ledger|yearly --region DIR",
    .help_en = "CSV that can be imported again; --as-of shows what was known",
    .help_ja = "再び取り込める CSV を書き出す。--as-of で過去に分かっていた内容を出す",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
