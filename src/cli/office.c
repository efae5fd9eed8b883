/* office.c: mizo office (and mizo city, for these words): who is late, the ledger by facility, the grant, lists. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/office.h"
#include "mizo/messages/base.h"
#include "mizo/messages/yearly.h"
#include "town/office/ledger_parts.h"
#include "town/office/office_grant.h"
#include "town/office/owner_ledger.h"
#include "town/report_file.h"

enum { WORDS_MOST = 24, FILE_MOST = 64 << 20 };

typedef struct words {
    const char *region, *fy, *bureau, *by, *out, *xlsx;
    mizo_day as_of;
    int64_t after;
    bool json;
    cli_who who;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, R5 (that of the day)", "年度。2023、R5など(その日の年度)", false, offsetof(words, fy), 0, 0 },
    { "--bureau", OPTION_TEXT, "NAME", "facilities of this bureau alone", "この局の施設だけ", false, offsetof(words, bureau), 0, 0 },
    { "--by", OPTION_TEXT, "WORD", "ledger: cut by group, bureau, kind, ward, supplier or menu", "ledger: 分け方。group施設群 bureau局 kind種別 ward区 supplier事業者 menuメニュー", false, offsetof(words, by), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "as known at the end of that day (today)", "その日の終わりに知られていた内容で(今日)", false, offsetof(words, as_of), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "as .pdf, .xlsx, .html, .csv or .txt by its name", "名前の終わりの形式(.pdf .xlsx .html .csv .txt)で書く", false, offsetof(words, out), 0, 0 },
    { "--xlsx", OPTION_TEXT, "FILE", "as a workbook", "XLSXのファイルに書く", false, offsetof(words, xlsx), 0, 0 },
    { "--after", OPTION_INT, "VERSION", "put: the version that was seen; another one since is refused", "put: 見ていた版。その後に書き換えられていれば断る", false, offsetof(words, after), 0, INT32_MAX },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
    CLI_WHO_ROWS(words, who),
};
/* clang-format on */

typedef struct desk {
    cli *c;
    town *t;
    const words *w;
    const char *word[WORDS_MOST];
    size_t n;
    const char *actor;
    int fy;
    mizo_day today;
    mizo_ms as_of;
    bool no; /* the answer is no */
    buf out;
    json j;
} desk;

static const char *lang_of(const desk *k)
{
    return k->c->lang;
}

/* A document to where it is wanted: a file, or the terminal. */
static mizo_err put_report(desk *k, const report *r)
{
    const char *path = k->w->xlsx ? k->w->xlsx : k->w->out;
    report_format f = REPORT_FORMAT_XLSX;
    if (!path)
        return report_plain(r, &k->out);
    if (!k->w->xlsx && report_format_of(path, &f))
        f = REPORT_FORMAT_TEXT;
    buf b;
    buf_init(&b, 0);
    mizo_err e = report_make(r, f, k->c->diags, &b);
    if (!e && (e = k->c->env->ops->write_file(k->c->env, path, b.p, b.n)))
        MIZO_DIAG(k->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    buf_fini(&b);
    return e;
}

/* ---- the ledger and who is late ---- */

static mizo_err ledger_of(desk *k, bool late)
{
    owner_ledger l;
    ledger_ask ask = { .bureau = k->w->bureau, .lang = lang_of(k), .late = late };
    report *r = NULL;
    MIZO_TRY(owner_ledger_make(k->t->store, k->t->region, k->fy, k->as_of, k->today, &l));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "fy", k->fy);
        owner_ledger_json(k->t->region, &l, &ask, &k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else if (!(e = owner_ledger_doc(k->t->region, &l, &ask, &r))) {
        e = put_report(k, r);
    }
    for (size_t i = 0; i < l.nrow && late; i++)
        k->no |=
            ledger_late(&l.row[i]) &&
            (!k->w->bureau || strcmp(k->t->region->facility[l.row[i].facility].bureau, k->w->bureau) == 0);
    report_free(r);
    owner_ledger_free(&l);
    return e;
}

static mizo_err parts(desk *k, ledger_cut cut)
{
    ledger_parts p;
    report *r = NULL;
    MIZO_TRY(ledger_parts_make(k->t->store, k->t->region, k->fy, k->as_of, k->today, cut, &p));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "fy", k->fy);
        ledger_parts_json(&p, &k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else if (!(e = ledger_parts_doc(k->t->region, &p, k->today, lang_of(k), &r))) {
        e = put_report(k, r);
    }
    report_free(r);
    ledger_parts_free(&p);
    return e;
}

static mizo_err ledger(desk *k)
{
    ledger_cut cut;
    if (!k->w->by)
        return ledger_of(k, false);
    if (!ledger_cut_of(k->w->by, &cut))
        return parts(k, cut);
    MIZO_DIAG(k->c->diags, OFFICE_CUT, MIZO_NOWHERE, k->w->by);
    return MIZO_EINPUT;
}

static mizo_err late(desk *k)
{
    return ledger_of(k, true);
}

/* ---- lists ---- */

static mizo_err kind_of(desk *k, const note_kind **kind)
{
    *kind = office_kind(k->word[0]);
    if (*kind)
        return MIZO_OK;
    buf b;
    buf_init(&b, 1024);
    office_kind_words(&b);
    MIZO_DIAG(k->c->diags, OFFICE_KIND, MIZO_NOWHERE, k->word[0], b.p ? b.p : "");
    buf_fini(&b);
    return MIZO_EINPUT;
}

static mizo_err note_row(void *arg, const note *n)
{
    desk *k = arg;
    json_object(&k->j, NULL);
    note_json(n, k->t->region->offset, &k->j);
    json_end(&k->j);
    return k->out.err;
}

static mizo_err list(desk *k)
{
    const note_kind *kind;
    report *r = NULL;
    MIZO_TRY(kind_of(k, &kind));
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "kind", kind->name);
        json_array(&k->j, "rows");
        MIZO_TRY(note_scan(k->t, kind, note_row, k));
        json_end(&k->j);
        json_end(&k->j);
        return k->out.err;
    }
    MIZO_TRY(office_list(k->t, kind, lang_of(k), &r));
    mizo_err e = put_report(k, r);
    report_free(r);
    return e;
}

static mizo_err put(desk *k)
{
    const note_kind *kind;
    MIZO_TRY(kind_of(k, &kind));
    note *n = calloc(1, sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    mizo_err e = office_put(k->t, kind, k->word[1], k->word + 2, k->n - 2, k->w->after, k->actor, n);
    if (!e && k->w->json)
        e = note_row(k, n);
    else if (!e)
        buf_printf(&k->out, "%s %s (%lld, %s)\n", kind->name, n->id, (long long)n->version, n->actor);
    free(n);
    return e;
}

static mizo_err load(desk *k)
{
    const note_kind *kind;
    office_count n;
    buf text;
    MIZO_TRY(kind_of(k, &kind));
    buf_init(&text, FILE_MOST);
    mizo_err e = k->c->env->ops->read_file(k->c->env, k->word[1], &text);
    if (e)
        MIZO_DIAG(k->c->diags, FILE_ABSENT, MIZO_NOWHERE, k->word[1]);
    else
        e = office_load(k->t, kind, k->word[1], text.p ? text.p : "", text.n, k->actor, &n);
    buf_fini(&text);
    if (e)
        return e;
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "kind", kind->name);
        json_int(&k->j, "rows", n.rows);
        json_int(&k->j, "added", n.added);
        json_int(&k->j, "changed", n.changed);
        json_int(&k->j, "same", n.same);
        json_end(&k->j);
    } else {
        buf_printf(&k->out,
                   cli_japanese(k->c) ? "%s: %lld 行: 新規 %lld、変更 %lld、同じ %lld\n"
                                      : "%s: %lld rows: %lld new, %lld changed, %lld same\n",
                   kind->name, (long long)n.rows, (long long)n.added, (long long)n.changed,
                   (long long)n.same);
    }
    return MIZO_OK;
}

/* ---- sums ---- */

static mizo_err funnel(desk *k)
{
    office_funnel f;
    MIZO_TRY(office_funnel_make(k->t, k->today, &f));
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "rows", f.rows);
        json_int(&k->j, "overdue", f.overdue);
        json_array(&k->j, "stages");
    }
    for (int i = 0; i < OFFICE_STAGES; i++) {
        char kwh[MIZO_NUM_TEXT];
        if (k->w->json) {
            json_object(&k->j, NULL);
            json_text(&k->j, "stage", office_stages[i]);
            json_int(&k->j, "at", f.at[i]);
            json_int(&k->j, "reached", f.reached[i]);
            json_int(&k->j, "potential_wh", f.potential_wh[i]);
            json_end(&k->j);
            continue;
        }
        mizo_grouped_text(f.potential_wh[i] / 1000, kwh);
        buf_printf(&k->out, "%-12s %6lld %6lld  %14s kWh\n", office_stages[i], (long long)f.at[i],
                   (long long)f.reached[i], kwh);
    }
    if (k->w->json) {
        json_end(&k->j);
        json_end(&k->j);
    }
    return k->out.err;
}

static mizo_err savings(desk *k)
{
    office_savings s;
    MIZO_TRY(office_savings_make(k->t, k->fy, &s));
    char year[16], kwh[MIZO_NUM_TEXT];
    snprintf(year, sizeof year, "%d", k->fy);
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "fy", k->fy);
        json_int(&k->j, "saved_wh", s.saved_wh);
        json_int(&k->j, "counted", s.counted);
        json_int(&k->j, "twice", s.twice);
        json_array(&k->j, "rows");
    }
    for (size_t i = 0; i < s.nrow; i++) {
        const office_saving *x = &s.row[i];
        if (x->twice)
            MIZO_DIAG(k->c->diags, OFFICE_TWICE, MIZO_NOWHERE, x->id, year);
        mizo_decimal_text(x->before_wh - x->after_wh, 3, kwh);
        if (!k->w->json) {
            buf_printf(&k->out, "%-24s %16s kWh%s\n", x->id, kwh, x->twice ? "  *" : "");
            continue;
        }
        json_object(&k->j, NULL);
        json_text(&k->j, "id", x->id);
        json_int(&k->j, "before_wh", x->before_wh);
        json_int(&k->j, "after_wh", x->after_wh);
        json_bool(&k->j, "counted", !x->twice);
        json_end(&k->j);
    }
    if (k->w->json) {
        json_end(&k->j);
        json_end(&k->j);
    } else {
        mizo_grouped_text(s.saved_wh / 1000, kwh);
        buf_printf(&k->out, "FY%d: %s kWh (%lld)\n", k->fy, kwh, (long long)s.counted);
    }
    office_savings_free(&s);
    return k->out.err;
}

/* ---- the grant ---- */

static void whole_yen(json *j, const char *key, int64_t yen)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(yen, 0, text);
    json_text(j, key, text);
}

static void finding_json(const grant_finding *f, json *j)
{
    char day[MIZO_DATE_TEXT];
    json_object(j, NULL);
    json_text(j, "id", f->id);
    json_text(j, "asset", f->asset);
    json_text(j, "rule", grant_rule_words[f->rule]);
    json_bool(j, "unknown", f->unknown);
    if (f->month != MIZO_DAY_NONE) {
        mizo_day_text(f->month, day);
        day[7] = '\0';
        json_text(j, "month", day);
    }
    json_int(j, "is", f->is);
    json_int(j, "should", f->should);
    json_end(j);
}

static void grant_json(const office_grant *g, json *j)
{
    json_object(j, NULL);
    whole_yen(j, "cap_yen", g->cap_yen);
    whole_yen(j, "award_yen", g->award_yen);
    whole_yen(j, "spent_yen", g->spent_yen);
    whole_yen(j, "left_yen", g->left_yen);
    whole_yen(j, "return_yen", g->return_yen);
    json_int(j, "assets", g->assets);
    json_array(j, "years");
    for (int i = 0; i < g->nyear; i++) {
        const grant_year *y = &g->year[i];
        json_object(j, NULL);
        json_int(j, "fy", y->fy);
        json_int(j, "jobs", y->jobs);
        whole_yen(j, "cost_yen", y->cost_yen);
        whole_yen(j, "asked_yen", y->asked_yen);
        whole_yen(j, "award_yen", y->award_yen);
        whole_yen(j, "spent_yen", y->spent_yen);
        whole_yen(j, "unspent_yen", y->award_yen - y->spent_yen);
        json_int(j, "saved_kg", y->saved_kg);
        json_end(j);
    }
    json_end(j);
    json_array(j, "jobs");
    for (size_t i = 0; i < g->njob; i++) {
        json_object(j, NULL);
        json_text(j, "id", g->job[i].id);
        json_int(j, "fy", g->job[i].fy);
        whole_yen(j, "want_yen", g->job[i].want_yen);
        json_text(j, "fit", grant_fit_words[g->job[i].fit]);
        json_end(j);
    }
    json_end(j);
    json_array(j, "findings");
    for (size_t i = 0; i < g->nfinding; i++)
        finding_json(&g->finding[i], j);
    json_end(j);
    json_end(j);
}

static void grant_years(desk *k, const office_grant *g, report *r)
{
    bool ja = cli_japanese(k->c);
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "年度" : "FY", .plain = true },
        { .title = ja ? "件数" : "jobs", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "事業費" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "要望" : "asked", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "交付決定" : "awarded", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "支出" : "spent", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "削減量" : "saved", .unit = "kg-CO2", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    report_columns(r, NULL, c, sizeof c / sizeof *c);
    for (int i = 0; i < g->nyear; i++) {
        const grant_year *y = &g->year[i];
        const int64_t v[] = { y->fy,        y->jobs,      y->cost_yen, y->asked_yen,
                              y->award_yen, y->spent_yen, y->saved_kg };
        for (size_t n = 0; n < sizeof v / sizeof *v; n++)
            report_cell_number(r, v[n], 0);
    }
    report_sum(r, ja ? "計" : "sum");
    char cap[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT], back[MIZO_NUM_TEXT];
    mizo_grouped_text(g->cap_yen, cap);
    mizo_grouped_text(g->left_yen, left);
    mizo_grouped_text(g->return_yen, back);
    report_pair(r, ja ? "上限 (円)" : "cap, yen", g->cap_yen < 0 ? "?" : cap);
    report_pair(r, ja ? "残り (円)" : "left, yen", g->cap_yen < 0 ? "?" : left);
    report_pair(r, ja ? "返還 (円、残期間の日割り)" : "to return, yen (by the days left)", back);
}

static void grant_rows(desk *k, const office_grant *g, report *r)
{
    bool ja = cli_japanese(k->c);
    /* clang-format off */
    const report_column jobs[] = {
        { .title = ja ? "事業" : "job" },
        { .title = ja ? "年度" : "FY" },
        { .title = ja ? "要望 (円)" : "wanted, yen", .align = REPORT_RIGHT },
        { .title = ja ? "間に合うか" : "in time?" },
    };
    /* clang-format on */
    report_columns(r, ja ? "事業" : "Jobs", jobs, 4);
    for (size_t i = 0; i < g->njob; i++) {
        report_cell_text(r, g->job[i].id);
        report_cell_textf(r, "%d", g->job[i].fy);
        report_cell_number(r, g->job[i].want_yen, 0);
        report_cell_text(r, grant_fit_words[g->job[i].fit]);
    }
    /* clang-format off */
    const report_column found[] = {
        { .title = ja ? "財産" : "asset" },
        { .title = ja ? "条件" : "condition" },
        { .title = ja ? "月" : "month" },
        { .title = ja ? "実際" : "is", .align = REPORT_RIGHT },
        { .title = ja ? "基準" : "should be", .align = REPORT_RIGHT },
    };
    /* clang-format on */
    report_columns(r, ja ? "守られていない条件" : "Conditions that do not hold", found, 5);
    for (size_t i = 0; i < g->nfinding; i++) {
        const grant_finding *f = &g->finding[i];
        report_cell_text(r, f->asset);
        report_cell_textf(r, "%s%s", grant_rule_words[f->rule], f->unknown ? " ?" : "");
        if (f->month == MIZO_DAY_NONE)
            report_cell_blank(r);
        else
            report_cell_day(r, f->month);
        report_cell_number(r, f->is, 0);
        report_cell_number(r, f->should, 0);
    }
}

static mizo_err grant(desk *k)
{
    office_grant g;
    MIZO_TRY(office_grant_make(k->t, k->fy, k->today, &g));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        grant_json(&g, &k->j);
    } else {
        bool ja = cli_japanese(k->c);
        report *r = report_new(
            &(report_head){ .title = ja ? "交付金" : "The grant", .lang = k->c->lang, .day = k->today });
        if (r) {
            grant_years(k, &g, r);
            grant_rows(k, &g, r);
        }
        e = r ? report_done(r) : MIZO_ENOMEM;
        e = e ? e : put_report(k, r);
        report_free(r);
    }
    for (size_t i = 0; i < g.nfinding; i++)
        k->no |= !g.finding[i].unknown;
    k->no |= g.cap_yen >= 0 && g.award_yen > g.cap_yen;
    office_grant_free(&g);
    return e;
}

/* ---- the acts ---- */

static const struct act {
    const char *word, *after;
    size_t least, most;
    bool writes;
    mizo_err (*run)(desk *k);
} acts[] = {
    {"late",     NULL,                     0, 0,          false, late   },
    { "ledger",  NULL,                     0, 0,          false, ledger },
    { "grant",   NULL,                     0, 0,          false, grant  },
    { "funnel",  NULL,                     0, 0,          false, funnel },
    { "savings", NULL,                     0, 0,          false, savings},
    { "list",    "KIND",                   1, 1,          false, list   },
    { "put",     "KIND ID FIELD=VALUE...", 3, WORDS_MOST, true,  put    },
    { "load",    "KIND FILE.csv",          2, 2,          true,  load   },
};

static const struct act *act_of(const char *word, size_t n)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(word, acts[i].word) == 0 && n >= acts[i].least && n <= acts[i].most)
            return &acts[i];
    return NULL;
}

bool cli_office_word(const char *word)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(word, acts[i].word) == 0)
            return true;
    return false;
}

static int usage(const cli *c)
{
    fputs(cli_japanese(c) ? "mizo office: 続けて書けるのは" : "mizo office: after it come", stderr);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        fprintf(stderr, "%s %s%s%s", i ? "," : "", acts[i].word, acts[i].after ? " " : "",
                acts[i].after ? acts[i].after : "");
    fputc('\n', stderr);
    return CLI_INPUT;
}

static int set_days(desk *k)
{
    int offset = k->t->region->offset;
    k->as_of = cli_as_of(k->w->as_of, offset);
    k->today = k->w->as_of != MIZO_DAY_NONE
                   ? k->w->as_of
                   : mizo_slot_day(mizo_ms_slot(k->c->env->ops->wall_ms(k->c->env)), offset);
    k->fy = mizo_day_fy(k->today);
    if (!k->w->fy || mizo_fy_parse(k->w->fy, strlen(k->w->fy), &k->fy) == MIZO_OK)
        return CLI_DONE;
    fprintf(stderr,
            cli_japanese(k->c) ? "mizo office: --fy %s は年度ではありません\n"
                               : "mizo office: --fy %s is no fiscal year\n",
            k->w->fy);
    return CLI_INPUT;
}

static int perform(desk *k, const struct act *a, const words *w)
{
    town t;
    actor who = { 0 };
    int status = a->writes ? cli_actor(k->c, &w->who, w->region, ACT_RECORD, &who) : CLI_DONE;
    if (status)
        return status;
    mizo_err e =
        town_open_as(k->c->env, w->region, a->writes ? STORE_CREATE : STORE_READ, who.name, k->c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(k->c->diags); /* warnings about the model are `mizo check`'s to say */
    k->t = &t;
    k->w = w;
    k->actor = who.name;
    buf_init(&k->out, 0);
    json_init(&k->j, &k->out);
    status = set_days(k);
    if (status == CLI_DONE) {
        e = a->run(k);
        if (!e && w->json)
            buf_char(&k->out, '\n');
        status = e ? cli_status(e) : cli_put(k->c, &k->out);
    }
    buf_fini(&k->out);
    town_close(&t);
    return status == CLI_DONE && k->no ? CLI_NO : status;
}

static int run(cli *c)
{
    words w = { .as_of = MIZO_DAY_NONE, .after = -1 };
    const char *rest[WORDS_MOST + 1];
    desk k = { .c = c };
    size_t n = 0;
    int status = cli_parse(c, &cli_office, &w, rest, &n, WORDS_MOST + 1);
    if (status != CLI_DONE)
        return status;
    const struct act *a = n ? act_of(rest[0], n - 1) : NULL;
    if (!a)
        return usage(c);
    k.n = n - 1;
    for (size_t i = 0; i < k.n; i++)
        k.word[i] = rest[i + 1];
    return perform(&k, a, &w);
}

const cli_verb cli_office = {
    "office",
    "late | ledger | grant | funnel | savings | list KIND | put KIND ID FIELD=VALUE | load KIND FILE --region DIR",
    "the office's lists: who is late, the ledger by facility, savings, talks, the grant",
    "環境の担当の台帳。未報告、施設別の達成状況、省エネ、訪問、交付金",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
