/* city.c: mizo city: the figures that must come out, questions to the books, texts held against them, results entered. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/city.h"
#include "cli/inventory.h"
#include "cli/lists.h"
#include "cli/office.h"
#include "mizo/messages/base.h"
#include "mizo/messages/city.h"
#include "town/example/example.h"

enum { TEXT_MOST = 4 << 20 };

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory (without it: the figures that come with mizo, to read)", "地域のディレクトリ (省くと同梱の数字を読む)", false, offsetof(city_words, region), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "figures and targets as they were known on that day", "その日に知られていた値と目標で", false, offsetof(city_words, as_of), 0, 0 },
    { "--all", OPTION_FLAG, NULL, "check-text: statements that agree too", "check-text: 合っている記述も出す", false, offsetof(city_words, all), 0, 0 },
    { "--value", OPTION_TEXT, "FIGURE", "enter: the figure with its unit: 2,084万t-CO2, 約46％", "enter: 単位つきの値。2,084万t-CO2、約46％など", false, offsetof(city_words, value), 0, 0 },
    { "--vintage", OPTION_TEXT, "WORD", "enter: provisional, revised or final (final)", "enter: provisional暫定値 revised改定値 final確定値 (final)", false, offsetof(city_words, vintage), 0, 0 },
    { "--rounded", OPTION_FLAG, NULL, "enter: it is known to its last written place only", "enter: 書いた桁までの丸めた値", false, offsetof(city_words, rounded), 0, 0 },
    { "--source", OPTION_TEXT, "TEXT", "enter: where the figure comes from", "enter: 出典", false, offsetof(city_words, source), 0, 0 },
    { "--note", OPTION_TEXT, "TEXT", "enter: a remark; no person's name", "enter: 備考。個人名は書かない", false, offsetof(city_words, note), 0, 0 },
    { "--on", OPTION_DATE, "D", "enter: the day of its publication (today)", "enter: 公表日 (今日)", false, offsetof(city_words, on), 0, 0 },
    { "--after", OPTION_INT, "VERSION", "enter: the version that was seen; another one since is refused", "enter: 見ていた版。その後に書き換えられていれば断る", false, offsetof(city_words, after), 0, INT32_MAX },
    { "--out", OPTION_TEXT, "FILE", "published: the file as it was published, .html, .xlsx or .tsv by its name", "published: 公表したときのファイル。名前の終わりで .html .xlsx .tsv", false, offsetof(city_words, out), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(city_words, json), 0, 0 },
    CLI_WHO_ROWS(city_words, who),
};
/* clang-format on */

/* ---- golden: checks.csv ---- */

static mizo_err on_check(void *arg, const city_check_result *x)
{
    city_act *k = arg;
    k->bad += !x->ok;
    k->good += x->ok;
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "check", x->row->id);
        json_bool(&k->j, "ok", x->ok);
        json_text(&k->j, "value", x->value);
        json_text(&k->j, "expected", x->row->expected);
        json_text(&k->j, "source", x->row->source);
        json_text(&k->j, "ask", x->row->ask);
        json_text(&k->j, "note", *x->row->note ? x->row->note : NULL);
        json_end(&k->j);
        return k->out.err;
    }
    buf_str(&k->out, x->ok ? "ok  " : "NO  ");
    cli_cell(&k->out, x->row->id, -28);
    buf_printf(&k->out, " %s", x->value);
    if (!x->ok)
        buf_printf(&k->out, cli_japanese(k->c) ? "  (期待: %s)" : "  (expected %s)", x->row->expected);
    buf_printf(&k->out, "  [%s]\n", x->row->source);
    return k->out.err;
}

static mizo_err golden(city_act *k)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "rows");
    }
    MIZO_TRY(city_check_each(&k->d->books, on_check, k));
    if (k->w->json) {
        json_end(&k->j);
        json_int(&k->j, "ok", k->good);
        json_int(&k->j, "failed", k->bad);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else {
        buf_printf(&k->out, cli_japanese(k->c) ? "一致 %d、不一致 %d\n" : "%d hold, %d do not\n", k->good,
                   k->bad);
    }
    return k->out.err;
}

/* ---- ask ---- */

static void list_questions(city_act *k)
{
    for (size_t i = 0; i < ncity_asks; i++) {
        buf_str(&k->out, "  ");
        cli_cell(&k->out, city_asks[i].verb, -13);
        cli_cell(&k->out, city_asks[i].args, -32);
        buf_printf(&k->out, "%s\n", cli_japanese(k->c) ? city_asks[i].help_ja : city_asks[i].help_en);
    }
}

static mizo_err ask(city_act *k)
{
    buf question, answer;
    char why[CITY_ASK_WHY];
    if (k->n == 0) {
        list_questions(k);
        return k->out.err;
    }
    buf_init(&question, 0);
    buf_init(&answer, 0);
    for (size_t i = 0; i < k->n; i++)
        buf_printf(&question, "%s%s", i ? " " : "", k->word[i]);
    mizo_err e = question.err ? question.err : city_ask(&k->d->books, question.p, &answer, why);
    if (e == MIZO_EINPUT || e == MIZO_ENOENT || e == MIZO_ERANGE)
        MIZO_DIAG(k->c->diags, CITY_ASK, MIZO_NOWHERE, question.p, why);
    else if (!e && k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "ask", question.p);
        json_text(&k->j, "value", answer.p);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else if (!e) {
        buf_printf(&k->out, "%s\n", answer.p ? answer.p : "");
    }
    buf_fini(&question);
    buf_fini(&answer);
    return e;
}

/* ---- check-text ---- */

static const char *verdict(const city_statement *s)
{
    static const char *const word[] = { "agrees", "disagrees", "unknown", "no known name", "not held" };
    return word[s->verdict];
}

static void statement_json(city_act *k, const city_statement *s, const char *text)
{
    json_object(&k->j, NULL);
    json_int(&k->j, "line", s->line);
    json_int(&k->j, "column", s->column);
    json_text(&k->j, "indicator", s->indicator ? s->indicator->id : NULL);
    json_text(&k->j, "counted", s->counted);
    s->fy ? json_int(&k->j, "fy", s->fy) : json_null(&k->j, "fy");
    json_bool(&k->j, "year_said", s->year_said);
    json_text(&k->j, "text", text);
    json_text(&k->j, "verdict", verdict(s));
    json_text(&k->j, "books", *s->books ? s->books : NULL);
    json_text(&k->j, "beside", s->beside && *s->beside ? s->beside : NULL);
    json_text(&k->j, "needs", s->needs && *s->needs ? s->needs : NULL);
    json_bool(&k->j, "target", s->target);
    json_bool(&k->j, "final_said", s->final_said);
    json_text(&k->j, "source", *s->source ? s->source : NULL);
    json_end(&k->j);
}

static void statement_line(city_act *k, const city_statement *s, const char *text)
{
    static const char *const ja[] = { "合う", "合わない", "帳簿にない年度", "知られた指標名がない",
                                      "比べていない" };
    buf_printf(&k->out, "%s:%d:%d: ", k->word[0], s->line, s->column);
    if (s->indicator)
        buf_printf(&k->out, "%s FY%d ", s->indicator->id, s->fy);
    else if (s->counted)
        buf_printf(&k->out, "%s ", s->counted);
    buf_printf(&k->out, "%s %s%s%s", text, cli_japanese(k->c) ? ja[s->verdict] : verdict(s),
               *s->books ? " " : "", s->books);
    if (*s->needs)
        buf_printf(&k->out,
                   cli_japanese(k->c)
                       ? s->counted || !s->indicator ? " (どの名簿か: %s)" : " (帳簿にあるのは %s)"
                   : s->counted || !s->indicator ? " (which list: %s)"
                                                 : " (the books have %s)",
                   s->needs);
    if (s->verdict == CITY_UNKNOWN && s->indicator)
        buf_printf(&k->out,
                   cli_japanese(k->c) ? "。published.csv に行を足すか: mizo city enter %s %d --value %s"
                                      : "; add it to published.csv, or: mizo city enter %s %d --value %s",
                   s->indicator->id, s->fy, text);
    buf_char(&k->out, '\n');
}

/* What a count should be, and what else the books have of it. */
static void say_count(city_act *k, const city_statement *s, const char *text)
{
    const char *name = cli_japanese(k->c) ? s->name_ja : s->name_en;
    if (s->verdict == CITY_DISAGREES)
        MIZO_DIAG(k->c->diags, CITY_COUNT, MIZO_AT(k->word[0], s->line, s->column), text, name, s->books,
                  s->source);
    if (*s->beside)
        MIZO_DIAG(k->c->diags, CITY_COUNT_TWO, MIZO_AT(k->word[0], s->line, s->column), text, name, s->books,
                  s->beside);
}

static const char *indicator_name(const city_act *k, const mizo_indicator *i)
{
    return cli_japanese(k->c) || !*i->name_en ? i->name_ja : i->name_en;
}

/* Those that agree are listed with --all only. */
static mizo_err on_statement(void *arg, const city_statement *s)
{
    city_act *k = arg;
    bool seen = s->verdict != CITY_AGREES;
    char text[200], year[16];
    (void)snprintf(text, sizeof text, "%.*s", (int)(s->bytes < 190 ? s->bytes : 190), s->text);
    (void)snprintf(year, sizeof year, "%d", s->fy);
    k->bad += s->verdict == CITY_DISAGREES;
    k->good += s->verdict == CITY_AGREES;
    k->unknown += s->verdict == CITY_UNKNOWN;
    k->no_name += s->verdict == CITY_NO_NAME;
    k->not_held += s->verdict == CITY_NOT_HELD;
    if (s->final_said)
        MIZO_DIAG(k->c->diags, CITY_NOT_FINAL, MIZO_AT(k->word[0], s->line, s->column), text,
                  indicator_name(k, s->indicator), year);
    if (s->counted)
        say_count(k, s, text);
    else if (s->verdict == CITY_DISAGREES)
        MIZO_DIAG(k->c->diags, CITY_STATEMENT, MIZO_AT(k->word[0], s->line, s->column), text,
                  indicator_name(k, s->indicator), year, s->books, s->source);
    if (k->w->json) {
        if (seen || k->w->all)
            statement_json(k, s, text);
    } else if (s->verdict != CITY_DISAGREES && (seen || k->w->all)) {
        statement_line(k, s, text);
    }
    return k->out.err;
}

static mizo_err check_text(city_act *k)
{
    buf text;
    if (k->n != 1)
        return MIZO_EINPUT;
    buf_init(&text, TEXT_MOST);
    mizo_err e = k->c->env->ops->read_file(k->c->env, k->word[0], &text);
    if (e) {
        MIZO_DIAG(k->c->diags, FILE_UNREADABLE, MIZO_AT(k->word[0], 0, 0), mizo_err_text(e));
        buf_fini(&text);
        return e;
    }
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "file", k->word[0]);
        json_array(&k->j, "rows");
    }
    e = city_statements(&k->d->books, text.p ? text.p : "", text.n, k->c->lang, k->today, on_statement, k);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(k->c->diags, CITY_NOT_UTF8, MIZO_AT(k->word[0], 0, 0), "UTF-8");
    if (k->w->json) {
        json_end(&k->j);
        json_int(&k->j, "agree", k->good);
        json_int(&k->j, "disagree", k->bad);
        json_int(&k->j, "unknown", k->unknown);
        json_int(&k->j, "no_name", k->no_name);
        json_int(&k->j, "not_held", k->not_held);
        json_end(&k->j);
    } else if (!e) {
        buf_printf(
            &k->out,
            cli_japanese(k->c)
                ? "合う記述 %d、合わない記述 %d、帳簿にない年度 %d、知られた指標名がない数値 %d、比べていない数値 %d\n"
                : "%d statements agree, %d disagree, %d of years that the books do not have, %d figures "
                  "with no known name, %d not held\n",
            k->good, k->bad, k->unknown, k->no_name, k->not_held);
    }
    buf_fini(&text);
    return e;
}

/* ---- check: formulas ---- */

static mizo_err check(city_act *k)
{
    size_t before = mizo_diags_count(k->c->diags, MIZO_WARNING);
    city_check(&k->d->books, k->c->diags);
    k->bad = (int)(mizo_diags_count(k->c->diags, MIZO_WARNING) - before);
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "indicators", (int64_t)k->t->region->nindicator);
        json_int(&k->j, "errors", k->bad);
        json_end(&k->j);
    } else {
        buf_printf(&k->out, cli_japanese(k->c) ? "指標 %zu、誤り %d\n" : "%zu indicators, %d errors\n",
                   k->t->region->nindicator, k->bad);
    }
    return k->out.err;
}

/* ---- results that people enter ---- */

static mizo_err put_result(city_act *k, const note *n)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        note_json(n, k->t->region->offset, &k->j);
        json_end(&k->j);
    } else {
        char value[MIZO_NUM_TEXT];
        int64_t v = 0;
        if (mizo_decimal_parse(note_get(n, "value_e6"), strlen(note_get(n, "value_e6")), 0, &v))
            v = 0;
        mizo_decimal_text(v, 6, value);
        buf_printf(&k->out, "%s  %s %s  (%lld, %s)  %s\n", n->id, value, note_get(n, "unit"),
                   (long long)n->version, n->actor, note_get(n, "source"));
    }
    return k->out.err;
}

static mizo_err on_result(void *arg, const note *n)
{
    return put_result(arg, n);
}

static mizo_err results(city_act *k)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "rows");
    }
    MIZO_TRY(note_scan(k->t, &note_result, on_result, k));
    if (k->w->json) {
        json_end(&k->j);
        json_end(&k->j);
    }
    return k->out.err;
}

static mizo_err enter(city_act *k)
{
    note *n = malloc(sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    const city_entry e = { .indicator = k->word[0],
                           .fy = k->word[1],
                           .value = k->w->value ? k->w->value : "",
                           .vintage = k->w->vintage ? k->w->vintage : "final",
                           .source = k->w->source ? k->w->source : "",
                           .note = k->w->note,
                           .rounded = k->w->rounded,
                           .on = k->w->on,
                           .today = k->today,
                           .after = k->w->after,
                           .actor = k->actor };
    mizo_err err = city_enter(k->t, &e, n);
    if (!err)
        err = put_result(k, n);
    free(n);
    return err;
}

/* ---- the acts ---- */

static const struct act {
    cli_act is;
    bool writes;
    mizo_err (*run)(city_act *k);
} acts[] = {
    {{ "golden", NULL, 0, 0 },                                                   false, golden            },
    { { "ask", "[QUESTION]", 0, CITY_WORDS_MOST },                               false, ask               },
    { { "why", "INDICATOR|NODE|NUMBER|REGISTER|INVENTORY|FACILITY [FY]", 1, 2 }, false, city_act_why      },
    { { "published", "[ID]", 0, 1 },                                             false, city_act_published},
    { { "check", NULL, 0, 0 },                                                   false, check             },
    { { "check-text", "FILE", 1, 1 },                                            false, check_text        },
    { { "results", NULL, 0, 0 },                                                 false, results           },
    { { "enter", "INDICATOR FY", 2, 2 },                                         true,  enter             },
};

static const cli_acts table = CLI_ACTS("city", acts, NULL);

/* Acts of other verbs that are the city's too. */
static const struct {
    const cli_acts *acts;
    const cli_verb *verb;
} others[] = {
    {&cli_lists_acts,      &cli_lists    },
    { &cli_office_acts,    &cli_office   },
    { &cli_inventory_acts, &cli_inventory},
};
enum { OTHERS = sizeof others / sizeof *others };

/* The figures that come with mizo: no store, so nothing that anybody entered. */
static mizo_err bare_town(cli *c, town *t)
{
    *t = (town){ .env = c->env, .dir = "", .diags = c->diags };
    return town_example_figures(c->diags, &t->region);
}

static int perform(city_act *k, const struct act *a, city_words *w)
{
    city_desk d;
    town t;
    actor who = { 0 };
    int status = w->region
                     ? cli_town(k->c, &w->who, w->region, a->writes ? (int)ACT_RECORD : CLI_READS, &who, &t)
                     : cli_status(bare_town(k->c, &t));
    if (status)
        return status;
    k->today = cli_day_of(k->c, &t, MIZO_DAY_NONE);
    if (w->on == MIZO_DAY_NONE)
        w->on = k->today;
    k->t = &t;
    k->w = w;
    k->actor = who.name;
    buf_init(&k->out, 0);
    json_init(&k->j, &k->out);
    mizo_err e = city_desk_open(&t, w->as_of, &d);
    if (!e) {
        k->d = &d;
        e = a->run(k);
        city_desk_close(&d);
    }
    if (!e && w->json)
        buf_char(&k->out, '\n');
    status = e ? cli_status(e) : cli_put(k->c, &k->out);
    buf_fini(&k->out);
    town_close(&t);
    return status == CLI_DONE && k->bad ? CLI_NO : status;
}

static int run(cli *c)
{
    city_words w = { .as_of = MIZO_DAY_NONE, .on = MIZO_DAY_NONE, .after = -1 };
    const char *rest[CITY_WORDS_MOST + 1];
    city_act k = { .c = c };
    size_t n = 0;
    for (size_t i = 0; i < OTHERS && c->argc > 0; i++)
        if (cli_is_act(others[i].acts, c->argv[0]))
            return others[i].verb->run(c);
    int status = cli_parse(c, &cli_city, &w, rest, &n, CITY_WORDS_MOST + 1);
    if (status != CLI_DONE)
        return status;
    const struct act *a = cli_act_of(c, &table, rest, n);
    bool known = n && cli_is_act(&table, rest[0]);
    for (size_t i = 0; i < OTHERS && !a && !known; i++)
        (void)cli_act_usage(c, others[i].acts);
    if (!a)
        return CLI_INPUT;
    if (a->writes && !w.region) {
        fputs(cli_japanese(c) ? "mizo city enter: --region DIR が必要です\n"
                              : "mizo city enter: --region DIR is needed\n",
              stderr);
        return CLI_INPUT;
    }
    k.n = n - 1;
    for (size_t i = 0; i < k.n; i++)
        k.word[i] = rest[i + 1];
    return perform(&k, a, &w);
}

const cli_verb cli_city = {
    "city",
    "golden | ask QUESTION | why INDICATOR|NODE|REGISTER|INVENTORY|FACILITY FY | check | check-text FILE | published [ID] | results | enter INDICATOR FY | lists | list ID | facility ID | map | public | late | ledger | grant [assets|effect|JOB] | funnel | savings | bems | put KIND ID FIELD=VALUE | load KIND FILE | entity [WHO] | capacity | home-pv | provisional | scheme SCHEME | take SCHEME FILE --region DIR",
    "the city's figures: those that must come out, questions, texts held against them, results entered",
    "市の指標。出るべき数字の検査、問い、文章との照合、実績の入力",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
