/* settle.c: what each pair of accounts should hold for a day, and the difference posted. */
#include "town/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "town/journal.h"

/* ---- flows: 48 Wh between two accounts ---- */

enum { FLOW_ISSUE, FLOW_INTO_OWN, FLOW_INTO_TOWN, FLOW_FROM_OWN, FLOW_FROM_TOWN, FLOW_STEPS };

typedef struct flow {
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
    int step;         /* the way of the power: generated, into a pool, out of it */
    int64_t want[48]; /* should stand in the journal */
    int64_t have[48]; /* stands there */
} flow;

typedef struct flows {
    flow *item;
    size_t n, cap;
} flows;

static int step_of(const char *from, const char *to)
{
    if (strcmp(from, "pool:own") == 0)
        return FLOW_FROM_OWN;
    if (strcmp(from, "pool:town") == 0)
        return FLOW_FROM_TOWN;
    if (strcmp(to, "pool:own") == 0)
        return FLOW_INTO_OWN;
    return strcmp(to, "pool:town") == 0 ? FLOW_INTO_TOWN : FLOW_ISSUE;
}

static mizo_err flow_add(flows *f, const char *from, const char *to, flow **out)
{
    MIZO_TRY(array_grow(&f->item, &f->cap, f->n + 1, sizeof *f->item));
    flow *x = &f->item[f->n++];
    memset(x, 0, sizeof *x);
    snprintf(x->from, sizeof x->from, "%s", from);
    snprintf(x->to, sizeof x->to, "%s", to);
    x->step = step_of(from, to);
    *out = x;
    return MIZO_OK;
}

static int by_pair(const void *a, const void *b)
{
    const flow *x = a, *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    int c = strcmp(x->from, y->from);
    return c ? c : strcmp(x->to, y->to);
}

/* One row for each pair: sums of what several rows want and have. */
static void flows_merge(flows *f)
{
    size_t n = 0;
    if (f->n)
        qsort(f->item, f->n, sizeof *f->item, by_pair);
    for (size_t i = 0; i < f->n; i++) {
        if (n && by_pair(&f->item[n - 1], &f->item[i]) == 0) {
            for (int k = 0; k < 48; k++) {
                f->item[n - 1].want[k] += f->item[i].want[k];
                f->item[n - 1].have[k] += f->item[i].have[k];
            }
        } else {
            f->item[n++] = f->item[i];
        }
    }
    f->n = n;
}

static mizo_err want_flow(flows *f, const char *from, const char *from_id, const char *to, const char *to_id,
                          const int32_t wh[48])
{
    bool any = false;
    for (int i = 0; i < 48; i++)
        any = any || wh[i];
    if (!any)
        return MIZO_OK;
    char a[MIZO_ACCOUNT_MAX], b[MIZO_ACCOUNT_MAX];
    flow *x;
    snprintf(a, sizeof a, "%s%s", from, from_id);
    snprintf(b, sizeof b, "%s%s", to, to_id);
    MIZO_TRY(flow_add(f, a, b, &x));
    for (int i = 0; i < 48; i++)
        x->want[i] = wh[i];
    return MIZO_OK;
}

/* ---- what the readings say ---- */

static int32_t known(int32_t v)
{
    return v == MIZO_MISSING || v < 0 ? 0 : v;
}

/* Everything that a day's matching needs, in arrays of the region's order. */
typedef struct matching {
    size_t nsource, nconsumer;
    mizo_match_source *source;                     /* plants, then points with panels */
    mizo_match_consumer *consumer;                 /* points */
    mizo_ref *source_point;                        /* -1: a plant */
    int32_t (*offer)[48], (*own)[48], (*need)[48]; /* of each source, source, point */
    int32_t (*given)[48], (*taken)[48];
    mizo_match_day day;
} matching;

static void matching_free(matching *m)
{
    free(m->source);
    free(m->consumer);
    free(m->source_point);
    free(m->offer);
    free(m->own);
    free(m->need);
    free(m->given);
    free(m->taken);
}

static mizo_err matching_room(const mizo_region *r, matching *m)
{
    size_t ns = r->nplant + r->npoint + 1, nc = r->npoint + 1;
    *m = (matching){ .source = calloc(ns, sizeof *m->source),
                     .consumer = calloc(nc, sizeof *m->consumer),
                     .source_point = calloc(ns, sizeof *m->source_point),
                     .offer = calloc(ns, sizeof *m->offer),
                     .own = calloc(ns, sizeof *m->own),
                     .need = calloc(nc, sizeof *m->need),
                     .given = calloc(ns, sizeof *m->given),
                     .taken = calloc(nc, sizeof *m->taken) };
    bool all =
        m->source && m->consumer && m->source_point && m->offer && m->own && m->need && m->given && m->taken;
    return all ? MIZO_OK : MIZO_ENOMEM;
}

static bool valid_on(mizo_day from, mizo_day to, mizo_day day)
{
    return day >= from && day < to;
}

/* The renewable part of what a plant sent out. */
static void add_plants(const mizo_region *r, const settle_day *in, matching *m)
{
    for (size_t i = 0; i < r->nplant; i++) {
        const mizo_plant *p = &r->plant[i];
        if (!valid_on(p->from, p->to, in->day))
            continue;
        size_t k = m->nsource++;
        m->source[k] = (mizo_match_source){ p->id, m->offer[k] };
        m->source_point[k] = -1;
        for (int s = 0; s < 48; s++)
            m->offer[k][s] = (int32_t)((int64_t)known(in->plant[i][s]) * p->biogenic_ppm / MIZO_PPM);
    }
}

/* A roof gives what it made: first to its own house, what left through the meter to the town. What a
 * battery sends out beyond that is no new renewable power. */
static void add_roofs(const mizo_region *r, const settle_day *in, matching *m)
{
    for (size_t i = 0; i < r->npoint; i++) {
        size_t first;
        if (!mizo_region_pv_of(r, (mizo_ref)i, &first) ||
            !valid_on(r->point[i].from, r->point[i].to, in->day))
            continue;
        size_t k = m->nsource++;
        m->source[k] = (mizo_match_source){ r->point[i].id, m->offer[k] };
        m->source_point[k] = (mizo_ref)i;
        for (int s = 0; s < 48; s++) {
            int32_t made = known(in->pv[i][s]), out = known(in->export[i][s]);
            m->offer[k][s] = out < made ? out : made;
            m->own[k][s] = made - m->offer[k][s];
        }
    }
}

static void add_points(const mizo_region *r, const settle_day *in, matching *m)
{
    for (size_t i = 0; i < r->npoint; i++) {
        m->consumer[i] = (mizo_match_consumer){ r->point[i].id, m->need[i] };
        for (int s = 0; s < 48; s++)
            m->need[i][s] = valid_on(r->point[i].from, r->point[i].to, in->day) ? known(in->import[i][s]) : 0;
    }
    m->nconsumer = r->npoint;
}

static mizo_wh sum48(const int32_t v[48])
{
    mizo_wh sum = 0;
    for (int i = 0; i < 48; i++)
        sum += v[i];
    return sum;
}

static bool anything(const mizo_region *r, const settle_day *in)
{
    for (size_t i = 0; i < r->nplant; i++)
        for (int s = 0; s < 48; s++)
            if (in->plant[i][s] != MIZO_MISSING)
                return true;
    for (size_t i = 0; i < r->npoint; i++)
        for (int s = 0; s < 48; s++)
            if (in->import[i][s] != MIZO_MISSING || in->pv[i][s] != MIZO_MISSING)
                return true;
    return false;
}

static mizo_err do_match(const mizo_region *r, const settle_day *in, matching *m, settle_result *out)
{
    *out = (settle_result){ .day = in->day, .empty = !anything(r, in) };
    MIZO_TRY(matching_room(r, m));
    add_plants(r, in, m);
    add_roofs(r, in, m);
    add_points(r, in, m);
    m->day = (mizo_match_day){ .from_source = m->given[0], .to_consumer = m->taken[0] };
    MIZO_TRY(mizo_match(m->source, m->nsource, m->consumer, m->nconsumer, &m->day));
    out->supply_wh = m->day.supply_wh;
    out->demand_wh = m->day.demand_wh;
    out->matched_wh = m->day.matched_wh;
    for (size_t i = 0; i < m->nsource; i++) {
        mizo_wh own = sum48(m->own[i]);
        out->own_wh += own;
        out->sources += own + sum48(m->offer[i]) > 0;
    }
    for (size_t i = 0; i < m->nconsumer; i++)
        out->consumers += sum48(m->need[i]) > 0;
    return MIZO_OK;
}

mizo_err settle_match(const mizo_region *r, const settle_day *in, settle_result *out, int32_t matched[48],
                      int32_t (*to_point)[48])
{
    matching m = { 0 };
    mizo_err err = do_match(r, in, &m, out);
    for (int s = 0; !err && matched && s < 48; s++) {
        int64_t sum = 0;
        for (size_t i = 0; i < m.nsource; i++)
            sum += m.given[i][s] + m.own[i][s];
        matched[s] = sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
    }
    if (!err && to_point) {
        memcpy(to_point, m.taken, m.nconsumer * sizeof *to_point);
        for (size_t i = 0; i < m.nsource; i++)
            for (int s = 0; m.source_point[i] >= 0 && s < 48; s++)
                to_point[m.source_point[i]][s] += m.own[i][s];
    }
    matching_free(&m);
    return err;
}

static mizo_err wanted(const mizo_region *r, const matching *m, flows *f)
{
    for (size_t i = 0; i < m->nsource; i++) {
        int32_t made[48];
        for (int s = 0; s < 48; s++)
            made[s] = m->offer[i][s] + m->own[i][s];
        MIZO_TRY(want_flow(f, "world", "", "source:", m->source[i].id, made));
        MIZO_TRY(want_flow(f, "source:", m->source[i].id, "pool:town", "", m->given[i]));
        MIZO_TRY(want_flow(f, "source:", m->source[i].id, "pool:own", "", m->own[i]));
        if (m->source_point[i] >= 0)
            MIZO_TRY(want_flow(f, "pool:own", "", "use:", r->point[m->source_point[i]].id, m->own[i]));
    }
    for (size_t i = 0; i < m->nconsumer; i++)
        MIZO_TRY(want_flow(f, "pool:town", "", "use:", m->consumer[i].id, m->taken[i]));
    return MIZO_OK;
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
    if (e->day != p->day || strcmp(e->unit, "Wh-re") || !e->slots)
        return MIZO_OK;
    bool back = strncmp(e->from, "use:", 4) == 0 || strcmp(e->to, "world") == 0 ||
                (strncmp(e->from, "pool:", 5) == 0 && strncmp(e->to, "source:", 7) == 0);
    flow *x;
    MIZO_TRY(flow_add(p->f, back ? e->to : e->from, back ? e->from : e->to, &x));
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
    return x->step == FLOW_ISSUE ? "generation" : "match";
}

/* Posts what is more than the journal has (sign 1), or what is less, backwards (sign -1). */
static mizo_err post_flow(poster *p, const flow *x, int sign)
{
    int32_t slots[48];
    int64_t sum = 0;
    for (int i = 0; i < 48; i++) {
        int64_t more = sign * (x->want[i] - x->have[i]);
        if (more > INT32_MAX)
            return MIZO_ERANGE;
        slots[i] = more > 0 ? (int32_t)more : 0;
        sum += slots[i];
    }
    if (sum == 0)
        return MIZO_OK;
    mizo_entry e = { .day = p->day,
                     .from = sign > 0 ? x->from : x->to,
                     .to = sign > 0 ? x->to : x->from,
                     .unit = "Wh-re",
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

/* Inside the open batch. */
static mizo_err post_day(store *s, const mizo_region *r, flows *f, mizo_day day, mizo_ms known_at,
                         mizo_diags *d, settle_result *out)
{
    char ref[MIZO_DATE_TEXT + 8];
    char text[MIZO_DATE_TEXT];
    poster p = { .day = day, .diags = d, .ref = ref };
    MIZO_TRY(read_past(s, day, f, d, &p.correction));
    flows_merge(f);
    mizo_day_text(day, text);
    snprintf(ref, sizeof ref, "day:%s", text);
    MIZO_TRY(journal_open(s, known_at, &p.journal));
    int64_t first = p.journal.seq + 1;
    MIZO_TRY(post_all(&p, f));
    out->posted = p.posted;
    out->corrected = p.correction && p.posted;
    return p.posted ? keep_record(s, &p, first, r->hash) : MIZO_OK;
}

static mizo_err in_batch(store *s, const mizo_region *r, flows *f, mizo_day day, mizo_ms known_at,
                         const char *actor, mizo_diags *d, settle_result *out)
{
    store_batch b = { .known = known_at, .actor = actor, .source = "settle", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err err = post_day(s, r, f, day, known_at, d, out);
    if (err || out->posted == 0) {
        s->ops->batch_rollback(s);
        return err;
    }
    return s->ops->batch_commit(s);
}

/* actor NULL: a batch is open already. */
static mizo_err settle(store *s, const mizo_region *r, const settle_day *in, mizo_ms known_at,
                       const char *actor, mizo_diags *d, settle_result *out)
{
    matching m = { 0 };
    flows f = { 0 };
    mizo_err err = do_match(r, in, &m, out);
    if (!err && !out->empty) {
        err = wanted(r, &m, &f);
        if (!err)
            err = actor ? in_batch(s, r, &f, in->day, known_at, actor, d, out)
                        : post_day(s, r, &f, in->day, known_at, d, out);
    }
    free(f.item);
    matching_free(&m);
    return err;
}

mizo_err settle_post(store *s, const mizo_region *r, const settle_day *in, mizo_ms known_at,
                     const char *actor, mizo_diags *d, settle_result *out)
{
    return settle(s, r, in, known_at, actor, d, out);
}

mizo_err settle_put(store *s, const mizo_region *r, const settle_day *in, mizo_ms known_at, mizo_diags *d,
                    settle_result *out)
{
    return settle(s, r, in, known_at, NULL, d, out);
}
