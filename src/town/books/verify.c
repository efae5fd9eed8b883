/* verify.c: the chain, the books, the meters and the medium, on one thread or two. */
#include "town/books/verify.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "mizo/messages/account.h"
#include "mizo/messages/books.h"
#include "town/books/verify_book.h"
#include "town/books/verify_chain.h"
#include "town/books/verify_claims.h"
#include "town/books/verify_flows.h"
#include "town/people/audit.h"

/* ---- the medium: in parts, each for whoever is first through with its walk ---- */

typedef struct medium {
    atomic_int next; /* store_medium */
} medium;

/* MIZO_EINPUT (damaged, and said) says more than MIZO_ESTORE (not to be read), any other error more than both. */
static mizo_err worse(mizo_err a, mizo_err b)
{
    if (!a || !b)
        return a ? a : b;
    if (a != MIZO_EINPUT && a != MIZO_ESTORE)
        return a;
    return b == MIZO_ESTORE ? a : b;
}

static mizo_err read_medium(medium *m, store *s, mizo_diags *d)
{
    mizo_err worst = MIZO_OK;
    for (int part; (part = atomic_fetch_add(&m->next, 1)) < STORE_MEDIUM_PARTS;)
        worst = worse(worst, s->ops->medium(s, (store_medium)part, d));
    return worst;
}

/* ---- the chain: what another thread may do ---- */

typedef struct side {
    store *store;
    mizo_diags *diags;
    medium *shared;
    verify_chain chain;
    mizo_err err;    /* of the chain */
    mizo_err medium; /* of what it read of it */
} side;

static void read_side(void *arg)
{
    side *x = arg;
    x->err = verify_chain_walk(x->store, x->diags, &x->chain);
    x->medium = read_medium(x->shared, x->store, x->diags);
}

/* ---- the books and the meters, day by day ---- */

typedef struct front {
    verify_book *book;
    verify_flows *flows;
    verify_result *out;
} front;

static mizo_err on_day(void *arg, const verify_day *d)
{
    front *f = arg;
    MIZO_TRY(verify_book_until(f->book, d->day, d));
    verify_flows_day(f->flows, d, f->out);
    return MIZO_OK;
}

static mizo_err with_meters(store *s, const mizo_region *r, mizo_diags *d, front *f)
{
    f->flows = verify_flows_new(r);
    mizo_err err = f->flows ? verify_days(s, r, on_day, f) : MIZO_ENOMEM;
    if (!err)
        err = verify_book_end(f->book);
    if (!err)
        verify_flows_say(f->flows, d, f->out);
    verify_flows_free(f->flows);
    return err;
}

/* Entries that one walk met and the other did not: the index lies. */
static void compare_walks(const verify_book *b, const verify_chain *c, mizo_diags *d, verify_result *out)
{
    uint64_t sum;
    char by_day[24], all[24];
    int64_t n = verify_book_entries(b, &sum);
    if (c->unreadable || (n == c->entries && sum == c->sum))
        return;
    snprintf(by_day, sizeof by_day, "%" PRId64, n);
    snprintf(all, sizeof all, "%" PRId64, c->entries);
    MIZO_DIAG(d, BOOKS_INDEX, MIZO_NOWHERE, by_day, all);
    out->ok = false;
}

static mizo_err read_audit(store *s, mizo_diags *d, verify_result *out)
{
    char at[24];
    MIZO_TRY(audit_verify(s, &out->audits, &out->bad_audit));
    if (!out->bad_audit)
        return MIZO_OK;
    snprintf(at, sizeof at, "%" PRId64, out->bad_audit);
    MIZO_DIAG(d, AUDIT_BAD, MIZO_NOWHERE, at);
    out->ok = false;
    return MIZO_OK;
}

static mizo_err read_front(store *s, const mizo_region *r, mizo_diags *d, verify_result *out, front *f)
{
    f->out = out;
    MIZO_TRY(verify_book_new(s, r, d, out, &f->book));
    MIZO_TRY(r ? with_meters(s, r, d, f) : verify_book_end(f->book));
    MIZO_TRY(verify_claims(s, d, out));
    return read_audit(s, d, out);
}

/* ---- together ---- */

static void take_chain(const verify_chain *c, verify_result *out)
{
    out->ok = out->ok && c->ok;
    out->entries = c->entries;
    out->since_at = c->since_at;
    memcpy(out->head, c->head, sizeof out->head);
    if (c->first_bad && (!out->first_bad || c->first_bad < out->first_bad))
        out->first_bad = c->first_bad;
}

static void tell_again(const mizo_diags *from, mizo_diags *to)
{
    for (size_t i = 0; i < mizo_diags_kept(from); i++) {
        const mizo_diag *x = mizo_diags_at(from, i);
        const char *p[MIZO_DIAG_PARAMS + 1] = { NULL };
        for (int k = 0; k < x->nparam; k++)
            p[k] = x->param[k];
        mizo_diag_add(to, x->id, x->at, p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
    }
}

/* What cannot be read is an answer too, once it has been named. */
static mizo_err outcome(const front *f, const side *x, mizo_err front_err, mizo_diags *d, verify_result *out)
{
    if (x->err)
        return x->err;
    take_chain(&x->chain, out);
    if (front_err && front_err != MIZO_ESTORE)
        return front_err;
    if (x->medium && x->medium != MIZO_EINPUT && x->medium != MIZO_ESTORE)
        return x->medium;
    if (!front_err)
        compare_walks(f->book, &x->chain, d, out);
    bool named = !out->ok || x->medium == MIZO_EINPUT;
    if (x->medium == MIZO_EINPUT || (front_err && named))
        out->ok = false;
    if (front_err && !named)
        return front_err;
    return x->medium == MIZO_ESTORE && !named ? x->medium : MIZO_OK;
}

static mizo_err one_by_one(const verify_how *how, store *s, const mizo_region *r, mizo_diags *d,
                           verify_result *out)
{
    front f = { 0 };
    side x = {
        .store = s, .diags = d, .chain = {.upto = INT64_MAX, .since = how->since}
    };
    MIZO_TRY(s->ops->snapshot(s, true));
    x.err = verify_chain_walk(s, d, &x.chain);
    mizo_err err = x.err ? x.err : read_front(s, r, d, out, &f), end = s->ops->snapshot(s, false);
    if (!end && !x.err)
        x.medium = read_medium(&(medium){ 0 }, s, d);
    err = end ? end : outcome(&f, &x, err, d, out);
    verify_book_free(f.book);
    return err;
}

/* x reads on a connection of its own, as far as the snapshot of s goes. */
static mizo_err side_by_side(const verify_how *how, side *x, store *s, const mizo_region *r, mizo_diags *d,
                             verify_result *out)
{
    front f = { 0 };
    env_thread *hand;
    MIZO_TRY(s->ops->snapshot(s, true));
    mizo_err err = s->ops->entry_head(s, &x->chain.upto, x->chain.head);
    if (err == MIZO_ESTORE)
        x->chain.upto = INT64_MAX, err = MIZO_OK; /* the last hash is none: the walk will say so */
    if (!err)
        err = how->env->ops->thread(how->env, "chain", read_side, x, &hand);
    if (!err) {
        mizo_err front_err = read_front(s, r, d, out, &f), part = read_medium(x->shared, s, d);
        how->env->ops->join(how->env, hand);
        x->medium = worse(x->medium, part);
        tell_again(x->diags, d);
        err = outcome(&f, x, front_err, d, out);
    }
    mizo_err end = s->ops->snapshot(s, false);
    verify_book_free(f.book);
    return err ? err : end;
}

mizo_err verify_store(const verify_how *how, store *s, const mizo_region *r, mizo_diags *d,
                      verify_result *out)
{
    medium shared = { 0 };
    side x = { .shared = &shared, .chain = { .since = how->since } };
    *out = (verify_result){ .ok = true, .since_at = -1 };
    if (!how->path || s->ops->open(how->path, STORE_READ, NULL, &x.store))
        return one_by_one(how, s, r, d, out);
    x.diags = mizo_diags_new(0);
    mizo_err err = x.diags ? side_by_side(how, &x, s, r, d, out) : MIZO_ENOMEM;
    mizo_diags_free(x.diags);
    x.store->ops->close(x.store);
    return err;
}

mizo_err verify_books(store *s, const mizo_region *r, mizo_diags *d, verify_result *out)
{
    return verify_store(&(verify_how){ 0 }, s, r, d, out);
}
