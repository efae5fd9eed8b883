/* claim.c: see claim.h. */
#include "town/proof/claim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "mizo/messages/match.h"
#include "town/books/posting.h"
#include "town/flat.h"

const char *const claim_words[] = {
#define X(name, word, ja) word,
    CLAIM_KINDS(X)
#undef X
        NULL
};

const char *claim_said(const char *word, bool japanese)
{
    static const char *const words_ja[] = {
#define X(name, word, ja) ja,
        CLAIM_KINDS(X)
#undef X
    };
    int k = 0;
    while (claim_words[k] && strcmp(claim_words[k], word))
        k++;
    return japanese && claim_words[k] ? words_ja[k] : word;
}

static const char record_kind[] = "claim";

/* ---- records ---- */

typedef struct each {
    mizo_err (*fn)(void *, const claim_row *);
    void *arg;
} each;

static mizo_err on_record(void *arg, const store_record *r)
{
    const each *e = arg;
    claim_row c = { .batch = r->batch };
    snprintf(c.id, sizeof c.id, "%s", r->id);
    bool whole = !flat_text(r->json, "kind", c.kind, sizeof c.kind) &&
                 !flat_text(r->json, "of", c.of, sizeof c.of) && !flat_day(r->json, "from", &c.from) &&
                 !flat_day(r->json, "to", &c.to) && !flat_int(r->json, "wh", &c.wh);
    if (flat_text(r->json, "measure", c.measure, sizeof c.measure))
        c.measure[0] = 0;
    return whole ? e->fn(e->arg, &c) : MIZO_ESTORE;
}

mizo_err claim_each(store *s, mizo_err (*fn)(void *, const claim_row *), void *arg)
{
    each e = { fn, arg };
    mizo_err err = s->ops->record_scan(s, record_kind, NULL, on_record, &e);
    return err == MIZO_ENOENT ? MIZO_OK : err;
}

static mizo_err put_record(store *s, const claim_want *w, mizo_wh wh)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "kind", claim_words[w->kind]);
    json_text(&j, "of", w->of);
    json_text(&j, "measure", w->measure ? w->measure : "");
    json_day(&j, "from", w->from);
    json_day(&j, "to", w->to);
    json_int(&j, "wh", wh);
    json_text(&j, "by", w->by ? w->by : "");
    json_text(&j, "note", w->note ? w->note : "");
    json_end(&j);
    mizo_err err = b.err ? b.err : s->ops->record_put(s, record_kind, w->id, b.p, &changed);
    buf_fini(&b);
    return err;
}

/* ---- what is claimed ---- */

typedef struct claiming {
    town *town;
    const claim_want *want;
    posting *posting;
    mizo_ref point; /* -1: none */
    claim_done *out;
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX], ref[MIZO_ACCOUNT_MAX];
} claiming;

static mizo_err post_day(claiming *c, mizo_day day, const int32_t slots[48])
{
    mizo_entry e = { .day = day,
                     .from = c->from,
                     .to = c->to,
                     .unit = match_unit(MATCH_RE),
                     .kind = "retire",
                     .ref = c->ref,
                     .slots = slots };
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        e.amount += slots[s];
    if (e.amount == 0)
        return MIZO_OK;
    c->out->wh += e.amount;
    c->out->posted++;
    return posting_add(c->posting, &e);
}

/* What the own roof gave its house, by the readings: what was charged was not used yet. */
static mizo_err on_day(void *arg, match_town *t, const match_today *d)
{
    claiming *c = arg;
    int32_t slots[48];
    (void)t;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        slots[s] = d->own_point[c->point][s] - d->in_own[c->point][s];
    return post_day(c, d->day, slots);
}

/* What stands on the source's account: nobody has matched it. */
static mizo_err claim_surplus(claiming *c)
{
    store *s = c->town->store;
    for (mizo_day day = c->want->from; day < c->want->to; day++) {
        int64_t total, have[48] = { 0 };
        int32_t slots[48];
        MIZO_TRY(s->ops->balance_get(s, c->from, match_unit(MATCH_RE), day, &total, have));
        for (int k = 0; k < MIZO_DAY_SLOTS; k++)
            slots[k] = have[k] > INT32_MAX ? INT32_MAX : (int32_t)have[k];
        MIZO_TRY(post_day(c, day, slots));
    }
    return MIZO_OK;
}

/* ---- what stands in the way ---- */

typedef struct clash {
    const claim_want *want;
    mizo_diags *diags;
} clash;

/* The same measure at the same point over the same days; or the same kWh, used under a roof or of a source nobody
 * matched. */
static mizo_err on_other(void *arg, const claim_row *c)
{
    const clash *x = arg;
    const claim_want *w = x->want;
    bool saving = w->kind == CLAIM_SAVING, surplus = w->kind == CLAIM_SURPLUS;
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], days[2 * MIZO_DATE_TEXT + 8], batch[24];
    if (strcmp(c->of, w->of) || c->from >= w->to || w->from >= c->to ||
        saving != (strcmp(c->kind, claim_words[CLAIM_SAVING]) == 0))
        return MIZO_OK;
    if (saving ? strcmp(c->measure, w->measure) != 0
               : surplus != (strcmp(c->kind, claim_words[CLAIM_SURPLUS]) == 0))
        return MIZO_OK;
    mizo_day_text(c->from, from);
    mizo_day_text(c->to - 1, to);
    snprintf(days, sizeof days, "%s – %s", from, to);
    snprintf(batch, sizeof batch, "%" PRId64, c->batch);
    MIZO_DIAG(x->diags, CLAIM_TWICE, MIZO_NOWHERE, w->of, c->id, c->kind, claim_said(c->kind, true), days,
              batch);
    return MIZO_ECONFLICT;
}

static mizo_err check(town *t, const claim_want *w, mizo_ref *point)
{
    *point = mizo_region_point(t->region, w->of);
    bool known =
        w->kind == CLAIM_SURPLUS ? *point >= 0 || mizo_region_plant(t->region, w->of) >= 0 : *point >= 0;
    if (!known) {
        MIZO_DIAG(t->diags, CLAIM_OF, MIZO_NOWHERE, w->of);
        return MIZO_ENOENT;
    }
    bool id = w->id && mizo_id_valid(w->id, strlen(w->id));
    bool saving = w->kind == CLAIM_SAVING;
    if (!id || w->from >= w->to || (saving && (w->wh <= 0 || !w->measure || !*w->measure))) {
        MIZO_DIAG(t->diags, CLAIM_WORDS, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    clash x = { w, t->diags };
    return claim_each(t->store, on_other, &x);
}

static mizo_err on_known(void *arg, const store_record *r)
{
    (void)r;
    *(bool *)arg = true;
    return MIZO_OK;
}

static mizo_err id_is_new(town *t, const char *id)
{
    bool known = false;
    mizo_err err = t->store->ops->record_versions(t->store, record_kind, id, on_known, &known);
    if (err && err != MIZO_ENOENT)
        return err;
    if (known)
        MIZO_DIAG(t->diags, CLAIM_ID, MIZO_NOWHERE, id);
    return known ? MIZO_ECONFLICT : MIZO_OK;
}

/* ---- posting ---- */

/* A saving is made by its record alone, and claimed in the same breath. */
static mizo_err claim_saving(claiming *c)
{
    const claim_want *w = c->want;
    mizo_entry made = { .day = w->from,
                        .from = "world",
                        .to = c->from,
                        .unit = "Wh-saving",
                        .kind = "issue",
                        .ref = c->ref,
                        .amount = w->wh };
    mizo_entry kept = made;
    kept.from = c->from;
    kept.to = c->to;
    kept.kind = "retire";
    c->out->wh = w->wh;
    c->out->posted = 1;
    MIZO_TRY(posting_add(c->posting, &made));
    return posting_add(c->posting, &kept);
}

static mizo_err post_claim(claiming *c)
{
    const claim_want *w = c->want;
    town *t = c->town;
    if (w->kind == CLAIM_SAVING)
        MIZO_TRY(claim_saving(c));
    else if (w->kind == CLAIM_SURPLUS)
        MIZO_TRY(claim_surplus(c));
    else
        MIZO_TRY(match_each_day(t->store, t->region, w->from, w->to, STORE_LATEST, on_day, c));
    if (c->out->wh == 0) {
        MIZO_DIAG(t->diags, CLAIM_NOTHING, MIZO_NOWHERE, c->from);
        return MIZO_ENOENT;
    }
    return put_record(posting_store(c->posting), w, c->out->wh);
}

mizo_err claim_post(town *t, const claim_want *w, const char *actor, claim_done *out)
{
    claiming c = { .town = t, .want = w, .out = out };
    *out = (claim_done){ 0 };
    MIZO_TRY(check(t, w, &c.point));
    MIZO_TRY(id_is_new(t, w->id));
    snprintf(c.from, sizeof c.from, "%s:%s",
             w->kind == CLAIM_SURPLUS || w->kind == CLAIM_SAVING ? "source" : "use", w->of);
    snprintf(c.to, sizeof c.to, "claim:%s", w->id);
    snprintf(c.ref, sizeof c.ref, "claim:%s", w->id);
    MIZO_TRY(posting_open(t->store, town_now(t), actor, "claim", t->diags, &c.posting));
    mizo_err err = post_claim(&c);
    if (err) {
        posting_cancel(c.posting);
        return err;
    }
    return posting_commit(c.posting);
}

/* ---- sums ---- */

typedef struct taken {
    const mizo_region *region;
    store *store;
    mizo_ms as_of; /* claims that were recorded by then */
    struct claim_of {
        char account[MIZO_ACCOUNT_MAX];
        mizo_ref point;
    } * item;
    size_t n, cap;
    match_sum *sum;
} taken;

static mizo_err on_claim(void *arg, const claim_row *c)
{
    taken *t = arg;
    bool of_use =
        strcmp(c->kind, claim_words[CLAIM_CREDIT]) == 0 || strcmp(c->kind, claim_words[CLAIM_GREEN]) == 0;
    mizo_ref point = mizo_region_point(t->region, c->of);
    mizo_ms known = 0;
    if (!of_use || point < 0)
        return MIZO_OK;
    if (t->as_of != STORE_LATEST)
        MIZO_TRY(store_batch_known(t->store, c->batch, &known));
    if (known > t->as_of)
        return MIZO_OK;
    if (t->n == t->cap) {
        size_t cap = t->cap ? 2 * t->cap : 16;
        struct claim_of *more = realloc(t->item, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        t->item = more;
        t->cap = cap;
    }
    snprintf(t->item[t->n].account, sizeof t->item[t->n].account, "claim:%s", c->id);
    t->item[t->n++].point = point;
    return MIZO_OK;
}

static mizo_err on_balance(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    taken *t = arg;
    (void)slots;
    if (day == MIZO_DAY_NONE || strcmp(unit, match_unit(MATCH_RE)) || strncmp(account, "claim:", 6))
        return MIZO_OK;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->item[i].account, account) == 0)
            t->sum[t->item[i].point].claimed += total;
    return MIZO_OK;
}

mizo_err claim_sums(store *s, const mizo_region *r, mizo_day from, mizo_day to, mizo_ms as_of, match_sum *sum)
{
    taken t = { .region = r, .store = s, .as_of = as_of, .sum = sum };
    mizo_err err = claim_each(s, on_claim, &t);
    if (!err && t.n)
        err = s->ops->balance_scan(s, from, to - 1, on_balance, &t);
    free(t.item);
    return err;
}
