/* import.c: mizo import. */
#include "town/import/import.h"

#include <stddef.h>
#include <string.h>

#include "base/env_stream.h"
#include "cli/cli.h"
#include "mizo/messages/files.h"

enum { FILES_MOST = 4096, BAR = 24 };

typedef struct words {
    const char *region, *kind, *known, *station, *fy, *bureau;
    cli_who who;
    bool skip_bad, accept_same, json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--skip-bad", OPTION_FLAG, NULL, "keep the good rows, write the bad ones to FILE.bad.csv", "正しい行だけ取り込み、誤りの行は FILE.bad.csv に書く", false, offsetof(words, skip_bad), 0, 0 },
    { "--kind", OPTION_TEXT, "KIND", "do not guess the kind of file from its header", "形式を見出しから判断せず、指定する", false, offsetof(words, kind), 0, 0 },
    { "--known", OPTION_TEXT, "INSTANT", "when it became known (now)", "知った日時 (指定しなければ現在)", false, offsetof(words, known), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--fy", OPTION_TEXT, "Y", "of an owners' yearly table: the fiscal year that is meant", "施設別の年間表: どの年度か", false, offsetof(words, fy), 0, 0 },
    { "--bureau", OPTION_TEXT, "NAME", "of an owners' yearly table: rows of other bureaus are mistakes", "施設別の年間表: この局の施設だけを受け付ける", false, offsetof(words, bureau), 0, 0 },
    { "--accept-same", OPTION_FLAG, NULL, "of an owners' yearly table: it may repeat last year's values", "施設別の年間表: 前の年度と同じ値でも取り込む", false, offsetof(words, accept_same), 0, 0 },
    { "--station", OPTION_TEXT, "NAME", "of several weather stations in the file the one that is meant", "気象の観測所が複数あるとき使う観測所", false, offsetof(words, station), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSON で出力する", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

/* A date is its midnight. */
static mizo_err read_known(const char *s, int offset, mizo_ms *out)
{
    mizo_date d;
    *out = 0;
    if (!s)
        return MIZO_OK;
    if (mizo_date_parse(s, strlen(s), &d) == MIZO_OK) {
        *out = mizo_slot_ms(mizo_day_slot(mizo_date_day(d), offset));
        return MIZO_OK;
    }
    return mizo_ms_parse(s, strlen(s), offset, out);
}

/* ---- the progress line ---- */

typedef struct bar {
    bool shown;
    const char *file;
} bar;

static void draw(void *arg, const import_progress *p)
{
    bar *b = arg;
    double s = (double)p->ns * 1e-9, part = p->size > 0 ? (double)p->eaten / (double)p->size : 0;
    double rate = s > 0 ? (double)p->rows / s : 0;
    char line[BAR + 1];
    for (int i = 0; i < BAR; i++)
        line[i] = i < (int)(part * BAR) ? '#' : '.';
    line[BAR] = '\0';
    if (p->size > 0 && part > 0.01)
        fprintf(stderr, "\r%s [%s] %3.0f %%  %.2f M/s  %.0f s \033[K", b->file, line, part * 100, rate * 1e-6,
                s / part - s);
    else
        fprintf(stderr, "\r%s  %lld  %.2f M/s \033[K", b->file, (long long)p->rows, rate * 1e-6);
    b->shown = true;
}

static void wipe(const bar *b)
{
    if (b->shown)
        fputs("\r\033[K", stderr);
}

/* ---- what is printed ---- */

static void put_text(const cli *c, buf *out, const char *file, const import_result *r, int offset)
{
    char rows_text[MIZO_NUM_TEXT], added[MIZO_NUM_TEXT], changed[MIZO_NUM_TEXT], same[MIZO_NUM_TEXT];
    mizo_grouped_text(r->rows, rows_text);
    mizo_grouped_text(r->added, added);
    mizo_grouped_text(r->changed, changed);
    mizo_grouped_text(r->same, same);
    bool ja = japanese(c);
    buf_printf(
        out, ja ? "%s: %s、%s 行: 新規 %s、変更 %s、同じ %s" : "%s: %s, %s rows: %s new, %s changed, %s same",
        file, r->kind, rows_text, added, changed, same);
    if (r->held)
        buf_printf(out, ja ? "、保留 %lld" : ", %lld held back", (long long)r->held);
    if (r->bad)
        buf_printf(out, ja ? "、誤り %lld" : ", %lld bad", (long long)r->bad);
    if (r->first) {
        char first[MIZO_INSTANT_TEXT], last[MIZO_INSTANT_TEXT];
        mizo_ms_text(r->first, offset, first);
        mizo_ms_text(r->last, offset, last);
        buf_printf(out, ja ? "。%s から %s" : "; %s to %s", first, last);
    }
    if (r->gaps)
        buf_printf(out, ja ? "。欠測 %lld か所、最長 %lld コマ" : "; %lld gaps, longest %lld slots",
                   (long long)r->gaps, (long long)r->gap_longest);
    buf_printf(out, ja ? "。%.2f 秒\n" : "; %.2f s\n", (double)r->ns * 1e-9);
}

static void put_json(json *j, const char *file, const import_result *r, mizo_err e, int offset)
{
    json_object(j, NULL);
    json_text(j, "file", file);
    json_text(j, "error", e ? mizo_err_text(e) : NULL);
    json_text(j, "kind", r->kind);
    json_int(j, "rows", r->rows);
    json_int(j, "bad", r->bad);
    json_int(j, "blank", r->blank);
    json_int(j, "added", r->added);
    json_int(j, "changed", r->changed);
    json_int(j, "same", r->same);
    json_int(j, "series", r->series);
    if (r->first) {
        json_time(j, "first", r->first, offset);
        json_time(j, "last", r->last, offset);
    }
    json_int(j, "files", r->files);
    json_int(j, "held", r->held);
    json_int(j, "sealed", r->sealed);
    json_int(j, "gaps", r->gaps);
    json_int(j, "gap_slots", r->gap_slots);
    json_int(j, "gap_longest", r->gap_longest);
    json_int(j, "stuck", r->stuck);
    json_int(j, "batch", r->batch);
    json_text(j, "blake2b", r->hash);
    json_text(j, "bad_file", *r->bad_file ? r->bad_file : NULL);
    json_double(j, "seconds", (double)r->ns * 1e-9);
    json_end(j);
}

/* ---- the verb ---- */

static int import_files(cli *c, town *t, const words *w, const actor *who, mizo_ms known, int fy,
                        const char **file, size_t n)
{
    buf out;
    json j;
    buf_init(&out, 0);
    json_init(&j, &out);
    if (w->json) {
        json_object(&j, NULL);
        json_array(&j, "files");
    }
    int status = CLI_DONE;
    for (size_t i = 0; i < n; i++) {
        bar b = { .file = file[i] };
        import_options o = { .path = file[i],
                             .kind = w->kind,
                             .actor = who->name,
                             .station = w->station,
                             .known = known,
                             .skip_bad = w->skip_bad,
                             .fy = fy,
                             .bureau = w->bureau,
                             .accept_same = w->accept_same,
                             .progress = env_terminal() ? draw : NULL,
                             .arg = &b };
        import_result r;
        register_line line;
        mizo_err e = import_file(t, &o, &r);
        wipe(&b);
        if (e == MIZO_EINPUT && import_refused(t, &o, &r, &line))
            MIZO_DIAG(t->diags, REGISTER_NO_LINE, MIZO_NOWHERE, file[i]);
        if (w->json)
            put_json(&j, file[i], &r, e, t->region->offset);
        else if (!e)
            put_text(c, &out, file[i], &r, t->region->offset);
        int s = cli_status(e);
        status = s > status ? s : status;
        if (e == MIZO_ECANCELED)
            break;
    }
    if (w->json) {
        json_end(&j);
        json_end(&j);
        buf_char(&out, '\n');
    }
    int s = cli_put(c, &out);
    buf_fini(&out);
    return s > status ? s : status;
}

/* Who may only enter takes the owners' yearly table in, of its own bureau where it has one. */
static mizo_err narrow(cli *c, const actor *who, words *w)
{
    if (w->kind && strcmp(w->kind, "yearly") != 0)
        return actor_may(who, ACT_IMPORT, c->diags);
    w->kind = "yearly";
    w->bureau = *who->bureau ? who->bureau : w->bureau;
    return MIZO_OK;
}

static int run(cli *c)
{
    words w = { 0 };
    const char *file[FILES_MOST];
    size_t n = 0;
    int status = cli_parse(c, &cli_import, &w, file, &n, FILES_MOST);
    if (status)
        return status;
    if (n == 0) {
        fputs(japanese(c) ? "mizo import: 取り込むファイルを指定してください (- は標準入力)\n"
                          : "mizo import: name the files to import (- is standard input)\n",
              stderr);
        return CLI_INPUT;
    }
    int fy = 0;
    if ((status = cli_fiscal_year(c, &cli_import, w.fy, &fy)) != CLI_DONE)
        return status;
    town t;
    actor who;
    if ((status = cli_actor(c, &w.who, w.region, ACT_ENTER, &who)) != CLI_DONE)
        return status;
    if (!role_may(who.roles, ACT_IMPORT) && narrow(c, &who, &w))
        return CLI_INPUT;
    mizo_err e = town_open_as(c->env, w.region, STORE_CREATE, who.name, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    mizo_ms known;
    if (read_known(w.known, t.region->offset, &known)) {
        fprintf(
            stderr,
            japanese(c)
                ? "mizo import: --known %s は日時ではありません。2024-04-01 か 2024-04-01T09:00:00+09:00 のように書いてください\n"
                : "mizo import: --known %s is no date or instant; write 2024-04-01 or 2024-04-01T09:00:00+09:00\n",
            w.known);
        status = CLI_INPUT;
    } else {
        env_interruptible();
        status = import_files(c, &t, &w, &who, known, fy, file, n);
    }
    town_close(&t);
    return status;
}

const cli_verb cli_import = {
    .name = "import",
    .args = "FILE... --region DIR",
    .help_en = "readings, weather, prices and sessions in; a second time changes nothing",
    .help_ja = "計測値・気象・価格・充電予定を取り込む。二度取り込んでも変わらない",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
