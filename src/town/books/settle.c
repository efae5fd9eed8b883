/* settle.c: what each pair of accounts should hold for a day, and the difference posted. */
#include "town/books/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "mizo/messages/books.h"
#include "town/books/journal.h"
#include "town/books/settle_flow.h"
#include "town/books/settle_stock.h"

static mizo_wh sum48(const int32_t v[48])
{
    mizo_wh sum = 0;
    for (int i = 0; i < 48; i++)
        sum += v[i];
    return sum;
}

/* ---- the day in sums ---- */

static mizo_wh sum_rows(match_row *rows, size_t n)
{
    mizo_wh sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += sum48(rows[i]);
    return sum;
}

static void sum_day(const match_today *d, settle_result *out)
{
    *out = (settle_result){ .day = d->day, .empty = d->empty };
    for (size_t i = 0; i < d->nsource; i++) {
        mizo_wh own = sum48(d->own[i]),
                offered = sum48(d->offer[MATCH_RE][i]) + sum48(d->offer[MATCH_FIT][i]);
        out->own_wh += own;
        out->unread += d->source[i].unread;
        out->unread_at = out->unread_at || !d->source[i].unread ? out->unread_at : d->source[i].id;
        out->sources += own + offered + sum48(d->offer[MATCH_FOSSIL][i]) > 0;
    }
    for (size_t i = 0; i < d->npoint; i++)
        out->consumers += sum48(d->need[i]) > 0;
    out->supply_wh = sum_rows(d->offer[MATCH_RE], d->nsource);
    out->demand_wh = sum_rows(d->need, d->npoint);
    out->matched_wh = sum_rows(d->taken[MATCH_RE], d->npoint);
}

mizo_err settle_match(const mizo_region *r, const settle_day *in, settle_result *out, int32_t matched[48],
                      int32_t (*to_point)[48])
{
    match_town *t;
    const match_today *d;
    MIZO_TRY(match_town_new(r, &t));
    mizo_err err = match_town_day(t, in, &d);
    if (!err)
        sum_day(d, out);
    for (int s = 0; !err && matched && s < 48; s++) {
        int64_t sum = 0;
        for (size_t i = 0; i < d->npoint; i++)
            sum += d->own_point[i][s] + d->taken[MATCH_RE][i][s];
        matched[s] = sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
    }
    for (size_t i = 0; !err && to_point && i < d->npoint; i++)
        for (int s = 0; s < 48; s++)
            to_point[i][s] = d->own_point[i][s] + d->taken[MATCH_RE][i][s];
    match_town_free(t);
    return err;
}

/* ---- what the journal has of the day: record "settled", one version a posting, "first last" ---- */

static const char settled[] = "settled";

typedef struct range {
    int64_t first, last;
} range;

typedef struct past {
    mizo_day day;
    flows *f;
    range *range;
    size_t n, cap;
    int64_t last; /* of the range in hand */
    mizo_diags *diags;
} past;

/* An entry of the day counts for its pair; one that runs back (a correction downwards) takes off. */
static mizo_err past_entry(void *arg, const store_entry *e)
{
    past *p = arg;
    if (e->seq > p->last)
        return MIZO_ECANCELED;
    if (strncmp(e->unit, "Wh-", 3) || !e->slots)
        return MIZO_OK;
    bool back = flow_step(e->from, e->to, e->unit) < 0;
    flow *x;
    MIZO_TRY(flow_add(p->f, back ? e->to : e->from, back ? e->from : e->to, e->unit, e->day, &x));
    for (int i = 0; i < 48; i++)
        x->have[i] = back ? -(int64_t)e->slots[i] : e->slots[i];
    return MIZO_OK;
}

static mizo_err past_range(void *arg, const store_record *r)
{
    past *p = arg;
    range x;
    char day[MIZO_DATE_TEXT];
    int got = sscanf(r->json, "{\"first\":%" SCNd64 ",\"last\":%" SCNd64, &x.first, &x.last);
    if (got != 2 || x.first < 1 || x.last < x.first) {
        mizo_day_text(p->day, day);
        MIZO_DIAG(p->diags, BOOKS_RECORD, MIZO_NOWHERE, day);
        return MIZO_ESTORE;
    }
    MIZO_TRY(array_grow(&p->range, &p->cap, p->n + 1, sizeof *p->range));
    p->range[p->n++] = x;
    return MIZO_OK;
}

static mizo_err scan_past(store *s, past *p)
{
    char id[MIZO_DATE_TEXT];
    mizo_day_text(p->day, id);
    mizo_err err = s->ops->record_versions(s, settled, id, past_range, p);
    if (err == MIZO_ENOENT)
        return MIZO_OK;
    for (size_t i = 0; i < p->n && !err; i++) {
        p->last = p->range[i].last;
        err = s->ops->entry_scan(s, p->range[i].first - 1, past_entry, p);
        err = err == MIZO_ECANCELED ? MIZO_OK : err;
    }
    return err;
}

static mizo_err read_past(store *s, mizo_day day, flows *f, mizo_diags *d, bool *any)
{
    past p = { .day = day, .f = f, .diags = d };
    mizo_err err = scan_past(s, &p);
    *any = p.n > 0;
    free(p.range);
    return err;
}

/* ---- posting ---- */

typedef struct poster {
    journal journal;
    mizo_day day;
    bool correction;
    const char *ref;
    mizo_diags *diags;
    int posted;
} poster;

static const char *kind_of(const poster *p, const flow *x)
{
    if (p->correction)
        return "correction";
    return flow_kind(x);
}

/* Posts what is to be posted (sign 1), or taken back (sign -1). */
static mizo_err post_flow(poster *p, const flow *x, int sign)
{
    int32_t slots[48];
    int64_t sum = 0;
    for (int i = 0; i < 48; i++) {
        int64_t more = sign > 0 ? x->up[i] : x->down[i];
        if (more > INT32_MAX)
            return MIZO_ERANGE;
        slots[i] = (int32_t)more;
        sum += more;
    }
    if (sum == 0)
        return MIZO_OK;
    mizo_entry e = { .day = x->day,
                     .from = sign > 0 ? x->from : x->to,
                     .to = sign > 0 ? x->to : x->from,
                     .unit = x->unit,
                     .kind = kind_of(p, x),
                     .ref = p->ref,
                     .amount = sum,
                     .slots = slots };
    p->posted++;
    return journal_post(&p->journal, &e, p->diags);
}

/* Downwards from the consumers back to the sources, then upwards from the sources on: so no account
 * is below zero at any moment. */
static mizo_err post_all(poster *p, const flows *f)
{
    for (size_t i = f->n; i > 0; i--)
        MIZO_TRY(post_flow(p, &f->item[i - 1], -1));
    for (size_t i = 0; i < f->n; i++)
        MIZO_TRY(post_flow(p, &f->item[i], 1));
    return MIZO_OK;
}

static mizo_err keep_record(store *s, const poster *p, int64_t first, const char *model)
{
    buf b;
    json j;
    char id[MIZO_DATE_TEXT];
    bool changed;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_int(&j, "first", first);
    json_int(&j, "last", p->journal.seq);
    json_text(&j, "model", model);
    json_end(&j);
    mizo_day_text(p->day, id);
    mizo_err err = b.err ? b.err : s->ops->record_put(s, settled, id, b.p, &changed);
    buf_fini(&b);
    return err;
}

/* Inside the open batch. f: what the books have of the day already, and what they should have. */
static mizo_err post_day(store *s, const mizo_region *r, flows *f, mizo_day day, bool correction,
                         mizo_diags *d, settle_result *out)
{
    char ref[MIZO_DATE_TEXT + 8];
    char text[MIZO_DATE_TEXT];
    poster p = { .day = day, .diags = d, .ref = ref, .correction = correction };
    flows_merge(f);
    MIZO_TRY(flows_order(f));
    mizo_day_text(day, text);
    snprintf(ref, sizeof ref, "day:%s", text);
    MIZO_TRY(journal_open(s, &p.journal));
    int64_t first = p.journal.seq + 1;
    MIZO_TRY(post_all(&p, f));
    out->posted = p.posted;
    out->corrected = p.correction && p.posted;
    return p.posted ? keep_record(s, &p, first, r->hash) : MIZO_OK;
}

typedef struct settling {
    store *store;
    const mizo_region *region;
    const settle_day *in;
    mizo_ms known;
    bool bare; /* nothing comes out of batteries */
    mizo_diags *diags;
} settling;

/* Matches the day with what the batteries held before it, and posts. */
static mizo_err settle_inside(const settling *x, settle_result *out)
{
    flows f = { 0 };
    match_town *t = NULL;
    const match_today *d = NULL;
    settle_day in = *x->in;
    bool before = false;
    if (x->bare)
        in.charge = in.discharge = NULL;
    mizo_err err = match_town_new(x->region, &t);
    if (!err)
        err = read_past(x->store, in.day, &f, x->diags, &before);
    if (!err)
        err = settle_stock(x->store, x->region, &in, &f, t);
    if (!err)
        err = match_town_day(t, &in, &d);
    if (!err)
        sum_day(d, out);
    if (!err && !out->empty)
        err = flows_of_day(x->region, d, &f);
    if (!err && !out->empty)
        err = post_day(x->store, x->region, &f, in.day, before, x->diags, out);
    free(f.item);
    match_town_free(t);
    return err;
}

static mizo_err in_batch(const settling *x, const char *actor, settle_result *out)
{
    store *s = x->store;
    store_batch b = { .known = x->known, .actor = actor, .source = "settle", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err err = settle_inside(x, out);
    if (err || out->posted == 0) {
        s->ops->batch_rollback(s);
        return err;
    }
    return s->ops->batch_commit(s);
}

mizo_err settle_post(store *s, const mizo_region *r, const settle_day *in, mizo_ms known_at,
                     const char *actor, mizo_diags *d, settle_result *out)
{
    *out = (settle_result){ .day = in->day };
    return in_batch(&(settling){ s, r, in, known_at, false, d }, actor, out);
}

mizo_err settle_bare(store *s, const mizo_region *r, const settle_day *in, mizo_ms known_at,
                     const char *actor, mizo_diags *d, settle_result *out)
{
    *out = (settle_result){ .day = in->day };
    return in_batch(&(settling){ s, r, in, known_at, true, d }, actor, out);
}

mizo_err settle_put(store *s, const mizo_region *r, const settle_day *in, mizo_diags *d, settle_result *out)
{
    *out = (settle_result){ .day = in->day };
    return settle_inside(&(settling){ .store = s, .region = r, .in = in, .diags = d }, out);
}
