/* frozen_differ.c: a published report held against what it would say today, and what came in between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/office/frozen.h"
#include "town/office/office.h"

enum { OPERANDS = 32 };

/* ---- what came since ---- */

typedef struct search {
    town *t;
    const frozen *f;
    frozen_difference *x;
    const char *kind;
    int64_t imports;
} search;

static const char *kept(frozen_difference *x, const char *s)
{
    const char *copy = arena_copy(x->mem, s, strlen(s));
    return copy ? copy : "";
}

static mizo_err add_cause(search *s, const char *what, const char *who, mizo_ms at, const char *indicator)
{
    const city_books b = { s->t->region, NULL, 0, MIZO_DAY_NONE };
    frozen_difference *x = s->x;
    MIZO_TRY(array_grow(&x->cause, &x->cause_cap, x->ncause + 1, sizeof *x->cause));
    x->cause[x->ncause++] = (frozen_cause){ s->kind, kept(x, what), kept(x, who), at,
                                            city_indicator(&b, indicator, strlen(indicator)) };
    return MIZO_OK;
}

/* "home-pv-2024-final: 161.000000 件 (subsidy office)" */
static mizo_err on_note(void *arg, const note *n)
{
    search *s = arg;
    static const char *const said[] = { "value", "status", "direction", "name", "done", "gained" };
    if (n->batch <= s->f->batch)
        return MIZO_OK;
    buf b;
    buf_init(&b, 1 << 16);
    buf_printf(&b, "%s:", n->id);
    int64_t v;
    const char *value = note_get(n, "value_e6");
    if (*value && !mizo_decimal_parse(value, strlen(value), 0, &v)) {
        char text[MIZO_NUM_TEXT];
        mizo_decimal_text(v, 6, text);
        buf_printf(&b, " %s %s", text, note_get(n, "unit"));
    }
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (*note_get(n, said[i]))
            buf_printf(&b, " %s", note_get(n, said[i]));
    if (*note_get(n, "source"))
        buf_printf(&b, " (%s)", note_get(n, "source"));
    mizo_err e = b.err ? b.err : add_cause(s, b.p, n->actor, n->at, note_get(n, "indicator"));
    buf_fini(&b);
    return e;
}

static mizo_err records_since(search *s)
{
    static const char *const kinds[] = { "evaluation", "target", "member", "progress", "saving" };
    s->kind = "result";
    MIZO_TRY(note_scan(s->t, &note_result, on_note, s));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        s->kind = kinds[i];
        MIZO_TRY(note_scan(s->t, office_kind(kinds[i]), on_note, s));
    }
    return MIZO_OK;
}

/* Files that were read in: their batches carry the hash of their bytes. */
static mizo_err on_batch(void *arg, const store_batch *b)
{
    search *s = arg;
    if (!*b->hash)
        return MIZO_OK;
    s->kind = strcmp(b->source, "region") == 0 ? "model" : "import";
    return add_cause(s, s->kind[0] == 'm' ? b->hash : b->source, b->actor, b->known, "");
}

static mizo_err causes(town *t, const frozen *f, frozen_difference *x)
{
    search s = { .t = t, .f = f, .x = x };
    MIZO_TRY(t->store->ops->batch_scan(t->store, f->batch, on_batch, &s));
    return records_since(&s);
}

/* ---- which of them touches a figure ---- */

typedef struct operands {
    const mizo_indicator *v[OPERANDS];
    size_t n;
} operands;

static mizo_err on_step(void *arg, const city_step *s)
{
    operands *o = arg;
    if (o->n < OPERANDS)
        o->v[o->n++] = s->indicator;
    return MIZO_OK;
}

/* The indicator of the longest name that a figure's name has in it. */
static const mizo_indicator *named_in(const mizo_region *r, const char *name)
{
    const mizo_indicator *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < r->nindicator; i++) {
        const char *const words[] = { r->indicator[i].name_ja, r->indicator[i].name_en };
        for (size_t k = 0; k < 2; k++)
            if (strlen(words[k]) > most && strstr(name, words[k])) {
                most = strlen(words[k]);
                best = &r->indicator[i];
            }
    }
    return best;
}

static const frozen_cause *because(const city_books *b, const frozen *f, const frozen_difference *x,
                                   const char *name)
{
    const frozen_cause *best = NULL;
    operands o = { .n = 0 };
    const mizo_indicator *i = named_in(b->region, name);
    if (i && city_trace(b, i, f->fy, on_step, &o) == MIZO_ENOMEM)
        return NULL;
    for (size_t c = 0; c < x->ncause; c++)
        for (size_t k = 0; k < o.n; k++)
            if (x->cause[c].indicator && x->cause[c].indicator->id && o.v[k]->id &&
                strcmp(x->cause[c].indicator->id, o.v[k]->id) == 0)
                best = &x->cause[c];
    return best;
}

typedef struct finding {
    const city_books *b;
    const frozen *f;
    frozen_difference *x;
} finding;

static mizo_err on_change(void *arg, const char *name, const char *before, const char *after)
{
    finding *k = arg;
    frozen_difference *x = k->x;
    MIZO_TRY(array_grow(&x->change, &x->change_cap, x->nchange + 1, sizeof *x->change));
    x->change[x->nchange++] = (frozen_change){ kept(x, name), before ? kept(x, before) : NULL,
                                               after ? kept(x, after) : NULL, because(k->b, k->f, x, name) };
    return MIZO_OK;
}

static mizo_err differ(town *t, const frozen *f, mizo_day today, const buf *then, frozen_difference *x)
{
    const city_doc_ask ask = { .name = f->report, .lang = f->lang, .fy = f->fy, .day = today };
    report *r = NULL;
    city_desk d;
    buf now;
    buf_init(&now, REPORT_BYTES);
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    finding k = { &d.books, f, x };
    mizo_err e = city_doc(&d, &ask, NULL, &r);
    e = e ? e : report_facts(r, &now);
    e = e ? e : report_facts_differ(then->p ? then->p : "", now.p ? now.p : "", on_change, &k);
    report_free(r);
    city_desk_close(&d);
    buf_fini(&now);
    return e;
}

mizo_err frozen_differ(town *t, const frozen *f, mizo_day today, frozen_difference *x)
{
    buf then;
    *x = (frozen_difference){ .mem = arena_new(0) };
    buf_init(&then, REPORT_BYTES);
    mizo_err e = x->mem ? frozen_bytes(t, f, FROZEN_FACTS, &then) : MIZO_ENOMEM;
    e = e ? e : causes(t, f, x);
    e = e ? e : differ(t, f, today, &then, x);
    buf_fini(&then);
    if (e)
        frozen_difference_free(x);
    return e;
}

void frozen_difference_free(frozen_difference *x)
{
    free(x->change);
    free(x->cause);
    arena_free(x->mem);
    *x = (frozen_difference){ .mem = NULL };
}

/* ---- told ---- */

static const char *day_text(const town *t, mizo_ms at, char out[MIZO_DATE_TEXT])
{
    mizo_day_text(mizo_slot_day(mizo_ms_slot(at), t->region->offset), out);
    return out;
}

static void because_cell(const town *t, report *r, const frozen_cause *c)
{
    char day[MIZO_DATE_TEXT];
    if (c)
        report_cell_textf(r, "%s, %s, %s", c->what, c->who, day_text(t, c->at, day));
    else
        report_cell_blank(r);
}

static void changes(const town *t, report *r, const frozen_difference *x, bool ja)
{
    /* clang-format off */
    report_columns(r, ja ? "変わった数字" : "Figures that changed",
                   (const report_column[]){
                       { .title = ja ? "数字" : "figure" },
                       { .title = ja ? "公表時" : "as published", .align = REPORT_RIGHT },
                       { .title = ja ? "今日" : "today", .align = REPORT_RIGHT },
                       { .title = ja ? "理由" : "because" },
                   }, 4);
    /* clang-format on */
    for (size_t i = 0; i < x->nchange; i++) {
        const frozen_change *c = &x->change[i];
        report_cell_text(r, c->name);
        report_cell_text(r, c->before ? c->before : "–");
        report_cell_text(r, c->after ? c->after : "–");
        because_cell(t, r, c->because);
    }
}

static void since(const town *t, report *r, const frozen_difference *x, bool ja)
{
    /* clang-format off */
    report_columns(r, ja ? "公表の後に入ったもの" : "What came since it was published",
                   (const report_column[]){
                       { .title = ja ? "種類" : "kind" },
                       { .title = ja ? "内容" : "what" },
                       { .title = ja ? "誰が" : "who" },
                       { .title = ja ? "日" : "day" },
                   }, 4);
    /* clang-format on */
    for (size_t i = 0; i < x->ncause; i++) {
        report_cell_text(r, x->cause[i].kind);
        report_cell_text(r, x->cause[i].what);
        report_cell_text(r, x->cause[i].who);
        report_cell_day(r, mizo_slot_day(mizo_ms_slot(x->cause[i].at), t->region->offset));
    }
}

mizo_err frozen_doc(const town *t, const frozen *f, const frozen_difference *x, const char *lang,
                    report **out)
{
    bool ja = strcmp(lang, "ja") == 0;
    char day[MIZO_DATE_TEXT];
    report *r = report_new(&(report_head){ .title = f->id, .lang = lang, .day = f->day, .landscape = true });
    *out = r;
    if (!r)
        return MIZO_ENOMEM;
    report_pair(r, ja ? "公表" : "published", day_text(t, f->at, day));
    report_pair(r, ja ? "誰が" : "by", f->actor);
    report_pair(r, ja ? "理由" : "why", f->why);
    report_pair(r, ja ? "ハッシュ" : "hash", f->hash);
    report_textf(r,
                 x->nchange
                     ? ja ? "公表したときと %zu 件の数字が違います。公表した版もそのまま残っています。"
                          : "%zu figures are not what was published; what was published is kept as it was."
                     : (ja ? "公表したときと同じです。" : "Every figure is what was published."),
                 x->nchange);
    if (x->nchange)
        changes(t, r, x, ja);
    if (x->ncause)
        since(t, r, x, ja);
    mizo_err e = report_done(r);
    if (e) {
        report_free(r);
        *out = NULL;
    }
    return e;
}

static void cause_json(const town *t, const char *key, const frozen_cause *c, json *j)
{
    json_object(j, key);
    json_text(j, "kind", c->kind);
    json_text(j, "what", c->what);
    json_text(j, "who", c->who);
    json_time(j, "at", c->at, t->region->offset);
    json_end(j);
}

void frozen_difference_json(const town *t, const frozen_difference *x, json *j)
{
    json_array(j, "changes");
    for (size_t i = 0; i < x->nchange; i++) {
        json_object(j, NULL);
        json_text(j, "figure", x->change[i].name);
        json_text(j, "published", x->change[i].before);
        json_text(j, "today", x->change[i].after);
        if (x->change[i].because)
            cause_json(t, "because", x->change[i].because, j);
        json_end(j);
    }
    json_end(j);
    json_array(j, "since");
    for (size_t i = 0; i < x->ncause; i++)
        cause_json(t, NULL, &x->cause[i], j);
    json_end(j);
}
