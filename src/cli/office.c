/* office.c: mizo office (and mizo city, for these words): who is late, the ledger by facility, the grant, lists. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/document.h"
#include "cli/lists.h"
#include "cli/office.h"
#include "mizo/messages/base.h"
#include "mizo/messages/yearly.h"
#include "town/office/bems.h"
#include "town/office/grant.h"
#include "town/office/ledger_parts.h"
#include "town/office/owner_ledger.h"
#include "town/office/programme.h"
#include "town/office/saving.h"
#include "town/office/talk.h"

enum { WORDS_MOST = 24, FILE_MOST = 64 << 20 };

typedef struct words {
    const char *region, *fy, *bureau, *by, *part, *out, *xlsx;
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
    { "--part", OPTION_TEXT, "WORD", "ledger --by: who is in this part of it", "ledger --by: この内訳に入る施設・地点", false, offsetof(words, part), 0, 0 },
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
    const actor *who;
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
    if (k->w->xlsx)
        return cli_document_as(k->c, k->w->xlsx, REPORT_FORMAT_XLSX, r);
    return k->w->out ? cli_document(k->c, k->w->out, r) : report_plain(r, &k->out);
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

static mizo_err no_such_part(const desk *k, const ledger_parts *p)
{
    buf b;
    buf_init(&b, 1 << 14);
    for (size_t i = 0; i < p->n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", ledger_part_word(&p->part[i]));
    MIZO_DIAG(k->c->diags, OFFICE_PART, MIZO_NOWHERE, k->w->part, b.p ? b.p : "");
    buf_fini(&b);
    return MIZO_EINPUT;
}

static mizo_err parts(desk *k, ledger_cut cut)
{
    ledger_parts p;
    report *r = NULL;
    const ledger_cut_ask ask = { .cut = cut, .open = k->w->part, .bureau = k->w->bureau };
    MIZO_TRY(ledger_parts_make(k->t->store, k->t->region, k->fy, k->as_of, k->today, &ask, &p));
    mizo_err e = MIZO_OK;
    if (ask.open && !ledger_part_named(&p, ask.open)) {
        e = no_such_part(k, &p);
    } else if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "fy", k->fy);
        ledger_parts_json(k->t->region, &p, &k->j);
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
    if (!k->w->by && !k->w->part)
        return ledger_of(k, false);
    if (k->w->by && !ledger_cut_of(k->w->by, &cut))
        return parts(k, cut);
    MIZO_DIAG(k->c->diags, OFFICE_CUT, MIZO_NOWHERE, k->w->by ? k->w->by : "");
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

static mizo_err put(desk *k)
{
    const note_kind *kind;
    MIZO_TRY(kind_of(k, &kind));
    note *n = calloc(1, sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    mizo_err e = office_put(k->t, kind, k->word[1], k->word + 2, k->n - 2, k->w->after, k->who, n);
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
        e = office_load(k->t, kind, k->word[1], text.p ? text.p : "", text.n, k->who, &n);
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

/* ---- sums: each an object of JSON, or a document ---- */

static report *document(const desk *k, const char *ja, const char *en)
{
    return report_new(
        &(report_head){ .title = cli_japanese(k->c) ? ja : en,
                        .author = cli_japanese(k->c) ? k->t->region->name_ja : k->t->region->name_en,
                        .lang = k->c->lang,
                        .day = k->today,
                        .landscape = true });
}

static mizo_err put_document(desk *k, report *r)
{
    mizo_err e = r ? report_done(r) : MIZO_ENOMEM;
    e = e ? e : put_report(k, r);
    report_free(r);
    return e;
}

static mizo_err funnel(desk *k)
{
    talk_funnel f;
    MIZO_TRY(talk_funnel_make(k->t, k->today, &f));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        json_object(&k->j, NULL);
        talk_funnel_json(&f, &k->j);
        json_end(&k->j);
    } else {
        report *r = document(k, "参画の呼びかけ", "Recruiting");
        if (r)
            talk_funnel_doc(&f, cli_japanese(k->c), r);
        e = put_document(k, r);
    }
    talk_funnel_free(&f);
    return e;
}

static mizo_err savings(desk *k)
{
    office_savings s;
    MIZO_TRY(office_savings_make(k->t, k->fy, &s));
    mizo_err e = MIZO_OK;
    office_savings_say(&s, k->c->diags);
    if (k->w->json) {
        json_object(&k->j, NULL);
        office_savings_json(&s, k->t->region, NULL, &k->j);
        json_end(&k->j);
    } else {
        report *r = document(k, "省エネの記録", "Savings");
        if (r)
            office_savings_doc(&s, k->t->region, cli_japanese(k->c), r);
        e = put_document(k, r);
    }
    office_savings_free(&s);
    return e;
}

static mizo_err bems(desk *k)
{
    bems_list b;
    MIZO_TRY(bems_make(k->t, k->today, &b));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        json_object(&k->j, NULL);
        bems_json(&b, &k->j);
        json_end(&k->j);
    } else {
        report *r = document(k, "見える化・分析・実行・検証", "See, analyse, act, check");
        if (r)
            bems_doc(&b, k->t->region, cli_japanese(k->c), r);
        e = put_document(k, r);
    }
    k->no = b.due || b.credit;
    bems_free(&b);
    return e;
}

/* ---- the grant: all of it, the register of what was bought, the effect of a year, one job ---- */

static mizo_err one_job(desk *k, const office_grant *g, const char *id)
{
    const grant_job *x = office_grant_job(g, id);
    if (!x) {
        MIZO_DIAG(k->c->diags, OFFICE_NO_JOB, MIZO_NOWHERE, id);
        return MIZO_ENOENT;
    }
    k->no = x->fit != GRANT_FITS && x->fit != GRANT_DONE;
    if (!k->w->json) {
        grant_job_text(x, cli_japanese(k->c), &k->out);
        return k->out.err;
    }
    json_object(&k->j, NULL);
    grant_job_json(x, &k->j);
    json_end(&k->j);
    return k->out.err;
}

static const struct grant_part {
    const char *word, *ja, *en;
    void (*draw)(const office_grant *g, const mizo_region *r, bool ja, report *p);
} grant_parts[] = {
    {"",        "交付金",             "The grant",                   office_grant_doc},
    { "assets", "取得財産の台帳", "Register of what was bought", grant_assets_doc},
    { "effect", "交付金の効果",    "Effect of the grant",         grant_effect_doc},
};

static mizo_err put_grant(desk *k, const office_grant *g)
{
    for (size_t i = 0; i < sizeof grant_parts / sizeof *grant_parts; i++) {
        if (strcmp(k->n ? k->word[0] : "", grant_parts[i].word))
            continue;
        k->no = !office_grant_sound(g);
        if (k->w->json) {
            json_object(&k->j, NULL);
            office_grant_json(g, &k->j);
            json_end(&k->j);
            return k->out.err;
        }
        report *r = document(k, grant_parts[i].ja, grant_parts[i].en);
        if (r)
            grant_parts[i].draw(g, k->t->region, cli_japanese(k->c), r);
        return put_document(k, r);
    }
    return one_job(k, g, k->word[0]);
}

static mizo_err grant(desk *k)
{
    office_grant g;
    MIZO_TRY(office_grant_make(k->t, k->fy, k->today, &g));
    mizo_err e = put_grant(k, &g);
    office_grant_free(&g);
    return e;
}

static mizo_err programme_of(desk *k)
{
    programme p;
    MIZO_TRY(programme_make(k->t, k->fy, k->as_of, k->today, NULL, &p));
    mizo_err e = MIZO_OK;
    if (k->w->json) {
        json_object(&k->j, NULL);
        programme_json(&p, &k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else {
        report *r = document(k, "公共施設の取組", "The programme of the public sites");
        if (r)
            programme_doc(&p, cli_japanese(k->c), k->w->out || k->w->xlsx, r);
        e = put_document(k, r);
    }
    programme_free(&p);
    return e;
}

/* ---- the acts ---- */

static const struct act {
    cli_act is;
    bool writes;
    mizo_err (*run)(desk *k);
} acts[] = {
    {{ "late", NULL, 0, 0 },                              false, late        },
    { { "ledger", NULL, 0, 0 },                           false, ledger      },
    { { "grant", "[assets | effect | JOB]", 0, 1 },       false, grant       },
    { { "funnel", NULL, 0, 0 },                           false, funnel      },
    { { "savings", NULL, 0, 0 },                          false, savings     },
    { { "bems", NULL, 0, 0 },                             false, bems        },
    { { "programme", NULL, 0, 0 },                        false, programme_of},
    { { "put", "KIND ID FIELD=VALUE...", 3, WORDS_MOST }, true,  put         },
    { { "load", "KIND FILE.csv", 2, 2 },                  true,  load        },
};

const cli_acts cli_office_acts = CLI_ACTS("office", acts, NULL);

static int set_days(desk *k)
{
    int offset = k->t->region->offset;
    k->as_of = cli_as_of(k->w->as_of, offset);
    k->today = cli_day_of(k->c, k->t, k->w->as_of);
    k->fy = mizo_day_fy(k->today);
    return cli_fiscal_year(k->c, &cli_office, k->w->fy, &k->fy);
}

/* An unknown kind is said later, to whoever may enter anything. */
static town_act act_of_kind(const desk *k)
{
    const note_kind *kind = k->n ? office_kind(k->word[0]) : NULL;
    return kind ? office_act(kind) : ACT_ENTER;
}

static int perform(desk *k, const struct act *a, const words *w)
{
    town t;
    actor who;
    int status = cli_town(k->c, &w->who, w->region, a->writes ? (int)act_of_kind(k) : CLI_READS, &who, &t);
    if (status)
        return status;
    k->t = &t;
    k->w = w;
    k->who = &who;
    buf_init(&k->out, 0);
    json_init(&k->j, &k->out);
    status = set_days(k);
    if (status == CLI_DONE) {
        mizo_err e = a->run(k);
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
    if (c->argc > 0 && cli_is_act(&cli_lists_acts, c->argv[0]))
        return cli_lists.run(c);
    int status = cli_parse(c, &cli_office, &w, rest, &n, WORDS_MOST + 1);
    if (status != CLI_DONE)
        return status;
    const struct act *a = cli_act_of(c, &cli_office_acts, rest, n);
    if (!a)
        return CLI_INPUT;
    k.n = n - 1;
    for (size_t i = 0; i < k.n; i++)
        k.word[i] = rest[i + 1];
    return perform(&k, a, &w);
}

const cli_verb cli_office = {
    "office",
    "late | ledger | grant | funnel | savings | bems | programme | list KIND | put KIND ID FIELD=VALUE | load KIND FILE | lists | facility ID | map | public --region DIR",
    "the office's lists: who is late, the ledger by facility, savings, talks, the grant",
    "環境の担当の台帳。未報告、施設別の達成状況、省エネ、訪問、交付金",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
