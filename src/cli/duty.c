/* duty.c: mizo duty: what is due, and what people wrote down about it. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/document.h"
#include "mizo/messages/duty.h"
#include "town/duty/paper.h"
#include "town/duty/sheet.h"

typedef struct words {
    const char *region, *contract, *how, *proof, *text, *kind, *file;
    mizo_day from, until, today, in, on, ends;
    const char *template, *explained, *out, *every;
    bool after, open, json;
    cli_who who;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--from", OPTION_DATE, "DATE", "due from this day on (92 days before today)", "この日以降が期限のもの (今日の92日前)", false, offsetof(words, from), 0, 0 },
    { "--until", OPTION_DATE, "DATE", "due up to this day (92 days after today)", "この日までが期限のもの (今日の92日後)", false, offsetof(words, until), 0, 0 },
    { "--today", OPTION_DATE, "DATE", "the day to judge by (the clock's)", "基準とする日 (時計の今日)", false, offsetof(words, today), 0, 0 },
    { "--period", OPTION_DATE, "DATE", "done, sheet: a day within the period", "done、sheet: 対象期間の中の日", false, offsetof(words, in), 0, 0 },
    { "--on", OPTION_DATE, "DATE", "the day it was done, asked, sent or answered (today)", "済んだ・申し込んだ・送った・答えた日 (今日)", false, offsetof(words, on), 0, 0 },
    { "--ends", OPTION_DATE, "DATE", "notice: the day the contract ends", "notice: 契約が終わる日", false, offsetof(words, ends), 0, 0 },
    { "--contract", OPTION_TEXT, "ID", "task, notice, ask: the contract", "task、notice、ask: 契約", false, offsetof(words, contract), 0, 0 },
    { "--kind", OPTION_TEXT, "WORD", "ask: question, complaint ... (question)", "ask: question質問、complaint苦情など (question)", false, offsetof(words, kind), 0, 0 },
    { "--how", OPTION_TEXT, "TEXT", "notice, paper (needed): by letter, by mail ...", "notice、paper (必須): 書面、メールなどの方法", false, offsetof(words, how), 0, 0 },
    { "--proof", OPTION_TEXT, "TEXT", "notice: what proves it (a line of mizo files, a number of the post)", "notice: 証拠 (mizo files の番号、引受番号など)", false, offsetof(words, proof), 0, 0 },
    { "--file", OPTION_TEXT, "ID", "done: the file that was handed in (mizo files)", "done: 提出したファイル (mizo files の番号)", false, offsetof(words, file), 0, 0 },
    { "--text", OPTION_TEXT, "TEXT", "the question, the answer, a remark; no person's name", "質問・回答・備考。個人名は書かない", false, offsetof(words, text), 0, 0 },
    { "--after", OPTION_FLAG, NULL, "paper: the one after signing (before it)", "paper: 締結後の書面 (締結前)", false, offsetof(words, after), 0, 0 },
    { "--template", OPTION_TEXT, "FILE", "paper: its template (the built-in one)", "paper: ひな形 (組み込み)", false, offsetof(words, template), 0, 0 },
    { "--explained", OPTION_TEXT, "NAME", "paper: who explained it, by user id", "paper: 説明した人の利用者名", false, offsetof(words, explained), 0, 0 },
    { "--every", OPTION_TEXT, "WORD", "sheet: month, quarter, half, fy or year (the shortest of its duties)", "sheet: month月 quarter四半期 half半期 fy年度 year暦年 (義務のうち最短)", false, offsetof(words, every), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "sheet: as .xlsx, .csv, .pdf or .html", "sheet: .xlsx .csv .pdf .html のファイルに書く", false, offsetof(words, out), 0, 0 },
    { "--open", OPTION_FLAG, NULL, "only what is not done", "済んでいないものだけ", false, offsetof(words, open), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
    CLI_WHO_ROWS(words, who),
};
/* clang-format on */

typedef struct desk {
    cli *c;
    town *t;
    const words *w;
    const char *id; /* the word after the act; NULL: none */
    const char *actor;
    buf out;
    json j;
    int late;
} desk;

/* ---- the calendar ---- */

static void item_text(const duty_item *i, bool ja, buf *out)
{
    static const char *const words_ja[] = { "済", "遅れ", "間近", "先" };
    char due[MIZO_DATE_TEXT], from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(i->due, due);
    mizo_day_text(i->from, from);
    mizo_day_text(i->to - 1, to);
    buf_printf(out, "%s  ", due);
    cli_cell(out, ja ? words_ja[i->state] : duty_state_words[i->state], -6);
    buf_printf(out, "%5d  %s..%s  ", i->days_left, from, to);
    cli_cell(out, i->row->id, -22);
    const char *name = ja ? i->row->name_ja : i->row->name_en;
    buf_printf(out, "  %s", *name ? name : i->row->name_ja);
    if (i->row->mark == MIZO_MARK_SECONDARY || i->row->mark == MIZO_MARK_GENERAL)
        buf_printf(out, " [%s]", mizo_mark_text(i->row->mark));
    buf_char(out, '\n');
}

static mizo_err on_item(void *arg, const duty_item *i)
{
    desk *k = arg;
    k->late += i->state == DUTY_LATE;
    if (k->w->open && i->state == DUTY_DONE)
        return MIZO_OK;
    if (k->w->json)
        duty_item_json(i, &k->j);
    else
        item_text(i, cli_japanese(k->c), &k->out);
    return k->out.err;
}

static mizo_err list(desk *k)
{
    const words *w = k->w;
    mizo_day from = w->from == MIZO_DAY_NONE ? w->today - 92 : w->from;
    mizo_day until = w->until == MIZO_DAY_NONE ? w->today + 92 : w->until;
    if (w->json) {
        json_object(&k->j, NULL);
        json_day(&k->j, "today", w->today);
        json_array(&k->j, "duties");
    }
    MIZO_TRY(duty_each(k->t, from, until, w->today, on_item, k));
    if (w->json) {
        json_end(&k->j);
        json_int(&k->j, "late", k->late);
        json_end(&k->j);
    } else if (k->out.n == 0) {
        buf_printf(&k->out, cli_japanese(k->c) ? "この間に期限はありません\n" : "nothing is due then\n");
    }
    return k->out.err;
}

static mizo_err done(desk *k)
{
    duty_item i;
    MIZO_TRY(duty_done(k->t, k->id, k->w->in, k->w->on, k->w->file, k->w->text, k->actor, &i));
    if (k->w->json)
        duty_item_json(&i, &k->j);
    else
        item_text(&i, cli_japanese(k->c), &k->out);
    return k->out.err;
}

/* ---- notes ---- */

/* What a field of a note is called; hashes are of --json alone. */
static const struct {
    const char *field, *en, *ja;
} fields[] = {
    {"process",    "process",       "手続き"   },
    { "contract",  "contract",      "契約"      },
    { "asked",     "asked on",      "受付"      },
    { "until",     "to be done by", "期限"      },
    { "rule",      "by",            "根拠"      },
    { "done",      "done on",       "完了"      },
    { "remark",    "remark",        "備考"      },
    { "ends",      "contract ends", "契約終了"},
    { "sent",      "sent on",       "送付"      },
    { "latest",    "to be sent by", "送付期限"},
    { "how",       "how",           "方法"      },
    { "proof",     "proof",         "証拠"      },
    { "kind",      "kind",          "種類"      },
    { "question",  "question",      "質問"      },
    { "answered",  "answered on",   "回答日"   },
    { "answer",    "answer",        "回答"      },
    { "paper",     "paper",         "書面"      },
    { "given",     "given on",      "交付"      },
    { "explained", "explained by",  "説明者"   },
    { "file",      "file",          "ファイル"},
    { "consented", "consented on",  "同意"      },
    { "consent",   "consent by",    "同意方法"},
};
/* Words that are kept in English. */
static const char *const kept_ja[][2] = {
    {"before",     "締結前"},
    { "after",     "締結後"},
    { "question",  "質問"   },
    { "complaint", "苦情"   }
};

static const char *value_said(const char *value, bool ja)
{
    for (size_t i = 0; ja && i < sizeof kept_ja / sizeof *kept_ja; i++)
        if (strcmp(value, kept_ja[i][0]) == 0)
            return kept_ja[i][1];
    return value;
}

static void note_text(const note *n, bool ja, buf *out)
{
    buf_str(out, n->id);
    for (int i = 0; i < NOTE_FIELDS && n->kind->field[i].name; i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields && n->value[i][0]; k++)
            if (strcmp(fields[k].field, n->kind->field[i].name) == 0)
                buf_printf(out, "  %s: %s", ja ? fields[k].ja : fields[k].en, value_said(n->value[i], ja));
    buf_printf(out, "  (%s)\n", n->actor);
}

static mizo_err put_note(desk *k, const note *n)
{
    if (!k->w->json) {
        note_text(n, cli_japanese(k->c), &k->out);
        return k->out.err;
    }
    json_object(&k->j, NULL);
    note_json(n, k->t->region->offset, &k->j);
    json_end(&k->j);
    return k->out.err;
}

static mizo_err on_note(void *arg, const note *n)
{
    desk *k = arg;
    bool closed = *note_get(n, "done") || *note_get(n, "answered");
    return k->w->open && closed ? MIZO_OK : put_note(k, n);
}

static mizo_err notes(desk *k, const note_kind *kind, const char *plural)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_array(&k->j, plural);
    }
    MIZO_TRY(note_scan(k->t, kind, on_note, k));
    if (k->w->json) {
        json_end(&k->j);
        json_end(&k->j);
    }
    return k->out.err;
}

static mizo_err tasks(desk *k)
{
    return notes(k, &note_task, "tasks");
}

static mizo_err notices(desk *k)
{
    return notes(k, &note_notice, "notices");
}

static mizo_err enquiries(desk *k)
{
    return notes(k, &note_enquiry, "enquiries");
}

/* One that writes a note: made by `make`, then shown. */
static mizo_err wrote(desk *k, mizo_err (*make)(desk *k, note *out))
{
    note *n = malloc(sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    mizo_err e = make(k, n);
    if (!e)
        e = put_note(k, n);
    free(n);
    return e;
}

static mizo_err make_task(desk *k, note *n)
{
    return duty_task_new(k->t, k->id, k->w->contract ? k->w->contract : "", k->w->on, k->w->text, k->actor,
                         n);
}

static mizo_err make_task_done(desk *k, note *n)
{
    return duty_task_done(k->t, k->id, k->w->on, k->actor, n);
}

static mizo_err make_notice(desk *k, note *n)
{
    return duty_notice(k->t, k->id, k->w->ends, k->w->on, k->w->how, k->w->proof, k->actor, n);
}

static mizo_err make_ask(desk *k, note *n)
{
    const char *kind = k->w->kind ? k->w->kind : "question";
    return duty_enquiry_new(k->t, k->w->contract, kind, k->w->on, k->w->text, k->actor, n);
}

static mizo_err make_answer(desk *k, note *n)
{
    return duty_enquiry_answer(k->t, k->id, k->w->on, k->w->text, k->actor, n);
}

static mizo_err give(desk *k, note *n, const buf *text)
{
    paper_ask a = { .contract = k->id,
                    .after = k->w->after,
                    .template = text ? text->p : NULL,
                    .n = text ? text->n : 0,
                    .name = k->w->template,
                    .day = k->w->on,
                    .how = k->w->how,
                    .explained = k->w->explained ? k->w->explained : k->actor };
    return paper_give(k->t, &a, k->actor, n);
}

static mizo_err make_paper(desk *k, note *n)
{
    const env_ops *ops = k->c->env->ops;
    if (!k->w->template)
        return give(k, n, NULL);
    buf text;
    buf_init(&text, 1 << 20);
    mizo_err e = ops->read_file(k->c->env, k->w->template, &text);
    if (e)
        MIZO_DIAG(k->c->diags, FILE_UNREADABLE, ((mizo_place){ k->w->template, 0, 0 }), mizo_err_text(e));
    else
        e = give(k, n, &text);
    buf_fini(&text);
    return e;
}

static mizo_err make_consent(desk *k, note *n)
{
    return paper_consent(k->t, k->id, k->w->on, k->w->how, k->actor, n);
}

static mizo_err paper(desk *k)
{
    return wrote(k, make_paper);
}

static mizo_err consent(desk *k)
{
    return wrote(k, make_consent);
}

static mizo_err papers(desk *k)
{
    return notes(k, &note_paper, "papers");
}

static mizo_err task(desk *k)
{
    return wrote(k, make_task);
}

static mizo_err task_done(desk *k)
{
    return wrote(k, make_task_done);
}

static mizo_err notice(desk *k)
{
    return wrote(k, make_notice);
}

static mizo_err ask(desk *k)
{
    return wrote(k, make_ask);
}

static mizo_err answer(desk *k)
{
    return wrote(k, make_answer);
}

/* ---- transcription sheets ---- */

static mizo_err sheet(desk *k)
{
    mizo_day from, to;
    MIZO_TRY(sheet_period(k->t, k->id, k->w->every, k->w->in, &from, &to));
    if (k->w->json) {
        json_object(&k->j, NULL);
        MIZO_TRY(sheet_json(k->t, k->id, from, to, &k->j));
        json_end(&k->j);
        return k->out.err;
    }
    report *r;
    MIZO_TRY(sheet_report(k->t, k->id, from, to, k->c->lang, &r));
    mizo_err e = k->w->out ? cli_document(k->c, k->w->out, r) : report_plain(r, &k->out);
    report_free(r);
    return e;
}

/* ---- the verb ---- */

static const struct act {
    cli_act is;
    bool writes, period, ends;
    mizo_err (*run)(desk *k);
    size_t needs; /* offset of another option (a text) that it needs in words; 0: none */
} acts[] = {
    {{ "list", NULL, 0, 0 },                     false,                               false,                                                                  false,list     },
    { { "done", "DUTY --period DATE", 1, 1 },    true,                                true,                                                                   false,done     },
    { { "tasks", NULL, 0, 0 },                   false,                               false,                                                                  false,tasks    },
    { { "task", "PROCESS --contract ID", 1, 1 }, true,                                false,                                                                  false,task,      offsetof(words, contract) },
    { { "task-done", "ID", 1, 1 },                                 true,                                                                   false,                                                                                                              false,task_done},
    { { "notices", NULL, 0, 0 },                                 false,                                                                   false,                                                                                                                false,  notices                                                                                                                    },
    { { "notice", "CONTRACT --ends DATE --how TEXT", 1, 1 },
     true,                                                                     false,
     true,notice,
     offsetof(words, how) },
    { { "enquiries", NULL, 0, 0 },                                    false,                                                                  false,                                                                                                                                    false,enquiries},
    { { "ask", "--text TEXT", 0, 0 },                                     true,  false,false,ask,offsetof(words, text) },
    { { "answer", "ID --text TEXT", 1, 1 },                                     true,                                                                  false,                                                                                                                                                                                                          false,                                                                                                                                                                                                         answer,                                                                                                                                                                                                                                                                                                                                                              offsetof(words, text) },
    { { "papers", NULL, 0, 0 },      false, false, false,papers},
    { { "paper", "CONTRACT --how TEXT", 1, 1 },                                     true,                                                                       false,                                                                                                                     false,paper,offsetof(words, how) },
    { { "consent", "ID", 1, 1 },                                    true,                                                                      false,                                                                                                    false,                                                                                                                                                                                                                                                                          consent                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      },
    { { "sheet", "SHEET --period DATE", 1, 1 },                                     false,                                                          true,                                                                                                                            false,                 sheet                                                                             },
};

static const cli_acts table = CLI_ACTS("duty", acts, "list");

static int perform(cli *c, const struct act *a, words *w, const char *id)
{
    desk k = { .c = c, .w = w, .id = id };
    actor who = { 0 };
    town t;
    int status = a->writes ? cli_actor(c, &w->who, w->region, ACT_RECORD, &who) : CLI_DONE;
    if (status)
        return status;
    mizo_err e =
        town_open_as(c->env, w->region, a->writes ? STORE_WRITE : STORE_READ, who.name, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    w->today = cli_trading_day(c, &t, w->today);
    if (w->on == MIZO_DAY_NONE)
        w->on = w->today;
    k.t = &t;
    k.actor = who.name;
    buf_init(&k.out, 0);
    json_init(&k.j, &k.out);
    e = a->run(&k);
    if (!e && w->json)
        buf_char(&k.out, '\n');
    status = e ? cli_status(e) : cli_put(c, &k.out);
    if (!status && mizo_diags_count(c->diags, MIZO_ERROR)) /* a sheet that is not whole, with what it lacks */
        status = CLI_NO;
    buf_fini(&k.out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    words w = { .from = MIZO_DAY_NONE,
                .until = MIZO_DAY_NONE,
                .today = MIZO_DAY_NONE,
                .in = MIZO_DAY_NONE,
                .on = MIZO_DAY_NONE,
                .ends = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_duty, &w, rest, &n, 3);
    if (status)
        return status;
    const struct act *a = cli_act_of(c, &table, rest, n);
    if (!a)
        return CLI_INPUT;
    const char *needed = a->needs ? *(const char *const *)((const char *)&w + a->needs) : "";
    if ((a->period && w.in == MIZO_DAY_NONE) || (a->ends && w.ends == MIZO_DAY_NONE) || !needed)
        return cli_act_form(c, &table, &a->is);
    return perform(c, a, &w, n == 2 ? rest[1] : NULL);
}

const cli_verb cli_duty = {
    .name = "duty",
    .args =
        "[list | done DUTY | sheet SHEET | paper CONTRACT | consent ID | papers | task PROCESS | task-done ID | tasks | "
        "notice CONTRACT | notices | ask | answer ID | enquiries] --region DIR",
    .help_en =
        "what is due and when; what was asked of the network operator, told, given and answered to customers",
    .help_ja = "届出・公表の期限。託送への申込み、解約予告、契約書面、問い合わせの記録",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
