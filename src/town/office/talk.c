/* talk.c: see talk.h. */
#include "town/office/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

const char *const talk_stages[TALK_STAGES + 1] = { "invited", "visited",  "interested", "agreed",
                                                   "joined",  "declined", NULL };
static const char *const stages_ja[TALK_STAGES] = { "案内", "訪問", "関心あり", "合意", "参画", "辞退" };
enum { VISITED = 1, JOINED = 4, NEXT_SHOWN = 40 };

static int stage_of(const note *n)
{
    for (int i = 0; i < TALK_STAGES; i++)
        if (strcmp(note_get(n, "stage"), talk_stages[i]) == 0)
            return i;
    return 0;
}

/* ---- one firm ---- */

static mizo_err add_objection(talk_funnel *f, const char *text, bool declined)
{
    size_t i = 0;
    while (i < f->nobjection && strcmp(f->objection[i].text, text))
        i++;
    if (i == f->nobjection) {
        MIZO_TRY(array_grow(&f->objection, &f->objection_cap, f->nobjection + 1, sizeof *f->objection));
        f->objection[f->nobjection] = (talk_objection){ 0 };
        snprintf(f->objection[f->nobjection++].text, NOTE_TEXT, "%s", text);
    }
    f->objection[i].firms++;
    f->objection[i].declined += declined;
    return MIZO_OK;
}

static mizo_err add_next(talk_funnel *f, const note *n, int stage, mizo_day day)
{
    MIZO_TRY(array_grow(&f->next, &f->next_cap, f->nnext + 1, sizeof *f->next));
    talk_next *x = &f->next[f->nnext++];
    *x = (talk_next){ .stage = stage, .day = day };
    snprintf(x->id, sizeof x->id, "%s", n->id);
    snprintf(x->name, sizeof x->name, "%s", note_get(n, "name"));
    snprintf(x->step, sizeof x->step, "%s", note_get(n, "next"));
    snprintf(x->by, sizeof x->by, "%s", note_get(n, "by"));
    return MIZO_OK;
}

static mizo_err add_talk(void *arg, const note *n)
{
    talk_funnel *f = arg;
    int stage = stage_of(n), far = stage;
    if (stage == TALK_DECLINED)
        far = note_day(n, "visited") != MIZO_DAY_NONE ? VISITED : 0;
    f->rows++;
    f->at[stage]++;
    f->potential_wh[stage] += note_number(n, "potential_kwh", 3, MIZO_ROUND_HALF_UP);
    for (int i = 0; i <= far; i++)
        f->reached[i]++;
    f->reached[TALK_DECLINED] += stage == TALK_DECLINED;
    if (*note_get(n, "objection"))
        MIZO_TRY(add_objection(f, note_get(n, "objection"), stage == TALK_DECLINED));
    if (stage >= JOINED)
        return MIZO_OK;
    mizo_day day = note_day(n, "next_day");
    bool step = day != MIZO_DAY_NONE || *note_get(n, "next");
    f->overdue += day != MIZO_DAY_NONE && day < f->today;
    f->stuck += !step;
    return step ? add_next(f, n, stage, day) : MIZO_OK;
}

/* ---- the funnel ---- */

static int by_firms(const void *a, const void *b)
{
    const talk_objection *x = a, *y = b;
    return x->firms != y->firms ? (x->firms < y->firms ? 1 : -1) : strcmp(x->text, y->text);
}

/* Those without a day come last. */
static int by_day(const void *a, const void *b)
{
    const talk_next *x = a, *y = b;
    bool nx = x->day == MIZO_DAY_NONE, ny = y->day == MIZO_DAY_NONE;
    if (nx != ny)
        return nx ? 1 : -1;
    return x->day != y->day ? (x->day > y->day ? 1 : -1) : strcmp(x->id, y->id);
}

/* The latest published count up to the year of the day. */
static int64_t said(const mizo_region *r, const char *item, mizo_day today)
{
    for (int fy = mizo_day_fy(today); fy > mizo_day_fy(today) - 10; fy--) {
        const mizo_published *p = mizo_published_on(r, fy, item, MIZO_DAY_NONE);
        if (p)
            return p->value_e6 / 1000000;
    }
    return -1;
}

mizo_err talk_funnel_make(town *t, mizo_day today, talk_funnel *out)
{
    *out = (talk_funnel){ .today = today,
                          .invited_said = said(t->region, "invited", today),
                          .visited_said = said(t->region, "interviewed", today) };
    mizo_err e = note_scan(t, office_kind("recruit"), add_talk, out);
    if (e) {
        talk_funnel_free(out);
        return e;
    }
    if (out->nobjection)
        qsort(out->objection, out->nobjection, sizeof *out->objection, by_firms);
    if (out->nnext)
        qsort(out->next, out->nnext, sizeof *out->next, by_day);
    return MIZO_OK;
}

void talk_funnel_free(talk_funnel *f)
{
    free(f->objection);
    free(f->next);
    f->objection = NULL;
    f->next = NULL;
    f->nobjection = f->nnext = 0;
}

int64_t talk_conversion_bp(const talk_funnel *f, int stage)
{
    int64_t bp = 0;
    int before = stage == TALK_DECLINED ? 0 : stage - 1;
    if (stage == 0 || f->reached[before] == 0 ||
        mizo_mul_div(f->reached[stage], 10000, f->reached[before], MIZO_ROUND_HALF_UP, &bp))
        return -1;
    return bp;
}

/* ---- JSON ---- */

static void count_or_null(json *j, const char *key, int64_t v)
{
    if (v < 0)
        json_null(j, key);
    else
        json_int(j, key, v);
}

static void stages_json(const talk_funnel *f, json *j)
{
    json_array(j, "stages");
    for (int i = 0; i < TALK_STAGES; i++) {
        json_object(j, NULL);
        json_text(j, "stage", talk_stages[i]);
        json_int(j, "at", f->at[i]);
        json_int(j, "reached", f->reached[i]);
        count_or_null(j, "conversion_bp", talk_conversion_bp(f, i));
        json_int(j, "potential_wh", f->potential_wh[i]);
        json_end(j);
    }
    json_end(j);
}

static void next_json(const talk_funnel *f, json *j)
{
    json_array(j, "next");
    for (size_t i = 0; i < f->nnext; i++) {
        const talk_next *x = &f->next[i];
        json_object(j, NULL);
        json_text(j, "id", x->id);
        json_text(j, "name", x->name);
        json_text(j, "stage", talk_stages[x->stage]);
        json_text(j, "step", x->step);
        json_text(j, "by", x->by);
        if (x->day == MIZO_DAY_NONE)
            json_null(j, "day");
        else
            json_day(j, "day", x->day);
        json_bool(j, "overdue", x->day != MIZO_DAY_NONE && x->day < f->today);
        json_end(j);
    }
    json_end(j);
}

void talk_funnel_json(const talk_funnel *f, json *j)
{
    json_int(j, "rows", f->rows);
    json_int(j, "overdue", f->overdue);
    json_int(j, "without_next_step", f->stuck);
    count_or_null(j, "invited_published", f->invited_said);
    count_or_null(j, "visited_published", f->visited_said);
    stages_json(f, j);
    json_array(j, "objections");
    for (size_t i = 0; i < f->nobjection; i++) {
        json_object(j, NULL);
        json_text(j, "objection", f->objection[i].text);
        json_int(j, "firms", f->objection[i].firms);
        json_int(j, "declined", f->objection[i].declined);
        json_end(j);
    }
    json_end(j);
    next_json(f, j);
}

/* ---- a document ---- */

static void stages_doc(const talk_funnel *f, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "段階" : "stage" },
        { .title = ja ? "現在" : "at it", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "到達" : "came so far", .align = REPORT_RIGHT },
        { .title = ja ? "前の段階から" : "of the stage before", .unit = "%", .align = REPORT_RIGHT },
        { .title = ja ? "見込み" : "potential", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    report_columns(p, NULL, c, sizeof c / sizeof *c);
    for (int i = 0; i < TALK_STAGES; i++) {
        int64_t bp = talk_conversion_bp(f, i);
        report_cell_text(p, ja ? stages_ja[i] : talk_stages[i]);
        report_cell_number(p, f->at[i], 0);
        report_cell_number(p, f->reached[i], 0);
        if (bp < 0)
            report_cell_blank(p);
        else
            report_cell_scaled(p, bp, 2, 1);
        report_cell_scaled(p, f->potential_wh[i], 3, 0);
    }
    report_sum(p, ja ? "計" : "sum");
    if (f->invited_said >= 0)
        report_notef(p,
                     ja ? "公表: 案内 約%lld、個別の意見交換 約%lld。"
                        : "Published: about %lld invited, about %lld visited.",
                     (long long)f->invited_said, (long long)(f->visited_said < 0 ? 0 : f->visited_said));
    report_notef(
        p,
        ja ? "辞退の割合は案内した数に対するもの。期日を過ぎた次の一手 %lld、次の一手のないもの %lld。"
           : "Who declined is counted against all who were invited. Overdue steps: %lld; without a next step: %lld.",
        (long long)f->overdue, (long long)f->stuck);
}

static void objections_doc(const talk_funnel *f, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "断られた理由・懸念" : "objection" },
        { .title = ja ? "者数" : "firms", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "うち辞退" : "of them declined", .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    if (!f->nobjection)
        return;
    report_columns(p, ja ? "懸念" : "Objections", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < f->nobjection; i++) {
        report_cell_text(p, f->objection[i].text);
        report_cell_number(p, f->objection[i].firms, 0);
        report_cell_number(p, f->objection[i].declined, 0);
    }
    report_sum(p, ja ? "計" : "sum");
}

static void next_doc(const talk_funnel *f, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "期日" : "day" },
        { .title = ja ? "事業者" : "firm" },
        { .title = ja ? "段階" : "stage" },
        { .title = ja ? "次の一手" : "next step" },
        { .title = ja ? "担当" : "by" },
        { .title = "" },
    };
    /* clang-format on */
    if (!f->nnext)
        return;
    report_columns(p, ja ? "次の一手" : "Next steps", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < f->nnext && i < NEXT_SHOWN; i++) {
        const talk_next *x = &f->next[i];
        if (x->day == MIZO_DAY_NONE)
            report_cell_gap(p);
        else
            report_cell_day(p, x->day);
        report_cell_text(p, x->name);
        report_cell_text(p, ja ? stages_ja[x->stage] : talk_stages[x->stage]);
        report_cell_text(p, x->step);
        report_cell_text(p, x->by);
        report_cell_text(p,
                         x->day != MIZO_DAY_NONE && x->day < f->today ? (ja ? "期日超過" : "overdue") : "");
    }
    if (f->nnext > NEXT_SHOWN)
        report_notef(p, ja ? "ほか %zu 件。" : "%zu more.", f->nnext - NEXT_SHOWN);
}

void talk_funnel_doc(const talk_funnel *f, bool ja, report *p)
{
    stages_doc(f, ja, p);
    objections_doc(f, ja, p);
    next_doc(f, ja, p);
}
