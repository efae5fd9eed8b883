/* verify_chain.c: each entry's hash follows from the one before it and from what it says. */
#include "town/books/verify_chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/books.h"
#include "mizo/number.h"

/* Older programs chained what the API posted with the instant of the request, and kept the batch with that of its
 * writing: at most so far apart, in milliseconds. So many hashes that no instant fits are looked into. */
enum { APART = 60000, LOOKS = 2 };

typedef struct walker {
    verify_chain *c;
    mizo_diags *diags;
    mizo_ms *known; /* of each batch, by its number */
    size_t nknown, cap;
    int looks; /* into hashes that no instant explains */
} walker;

uint64_t verify_chain_share(int64_t seq)
{
    return mizo_mix64((uint64_t)seq);
}

static mizo_err on_batch(void *arg, const store_batch *batch)
{
    walker *w = arg;
    if (batch->id < 0 || batch->id > INT32_MAX)
        return MIZO_OK;
    size_t want = (size_t)batch->id + 1;
    MIZO_TRY(array_grow(&w->known, &w->cap, want, sizeof *w->known));
    for (; w->nknown < want; w->nknown++)
        w->known[w->nknown] = 0;
    w->known[batch->id] = batch->known;
    return MIZO_OK;
}

static void bad(verify_chain *c, int64_t seq)
{
    if (!c->first_bad || seq < c->first_bad)
        c->first_bad = seq;
    c->ok = false;
}

static void check_number(walker *w, int64_t seq)
{
    char want[24], is[24];
    if (seq == w->c->last + 1)
        return;
    snprintf(want, sizeof want, "%" PRId64, w->c->last + 1);
    snprintf(is, sizeof is, "%" PRId64, seq);
    MIZO_DIAG(w->diags, BOOKS_GAP, MIZO_NOWHERE, want, is);
    bad(w->c, seq);
}

static bool fits(const walker *w, mizo_entry *e, mizo_ms known, const uint8_t stored[MIZO_CHAIN_BYTES])
{
    uint8_t head[MIZO_CHAIN_BYTES];
    e->known = known;
    mizo_entry_chain(w->c->head, e, head);
    return memcmp(head, stored, sizeof head) == 0;
}

/* Is it the instant alone? The hash fits one only, so what is found is when the entry was posted. */
static bool find_instant(walker *w, mizo_entry *e, mizo_ms batch, const uint8_t stored[MIZO_CHAIN_BYTES])
{
    if (w->looks == LOOKS)
        return false;
    for (mizo_ms off = 1; off <= APART; off++)
        if (fits(w, e, batch - off, stored) || fits(w, e, batch + off, stored))
            return true;
    w->looks++;
    return false;
}

static void check_hash(walker *w, mizo_entry *e, int64_t batch, const uint8_t stored[MIZO_CHAIN_BYTES])
{
    mizo_ms known = e->known;
    char seq[24], id[24], was[24], is[24];
    if (fits(w, e, known, stored))
        return;
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    bad(w->c, e->seq);
    if (batch < 0 || (size_t)batch >= w->nknown || !find_instant(w, e, known, stored)) {
        MIZO_DIAG(w->diags, BOOKS_CHAIN_BROKEN, MIZO_NOWHERE, seq);
        return;
    }
    snprintf(id, sizeof id, "%" PRId64, batch);
    snprintf(was, sizeof was, "%" PRId64, e->known);
    snprintf(is, sizeof is, "%" PRId64, known);
    MIZO_DIAG(w->diags, BOOKS_INSTANT, MIZO_NOWHERE, seq, id, was, is);
    w->known[batch] = e->known; /* one finding for all entries of the batch */
}

static mizo_err on_entry(void *arg, const store_entry *row)
{
    walker *w = arg;
    verify_chain *c = w->c;
    if (row->seq > c->upto)
        return MIZO_ECANCELED;
    bool batch = row->batch >= 0 && (size_t)row->batch < w->nknown;
    mizo_entry e = { .seq = row->seq,
                     .known = batch ? w->known[row->batch] : 0,
                     .day = row->day,
                     .from = row->from,
                     .to = row->to,
                     .unit = row->unit,
                     .kind = row->kind,
                     .ref = row->ref,
                     .amount = row->amount,
                     .slots = row->slots };
    check_number(w, e.seq);
    c->last = row->seq; /* after a gap, go on from what is there */
    check_hash(w, &e, row->batch, row->hash);
    /* On with the stored one, so that one change is one finding and not all that follow. */
    memcpy(c->head, row->hash, sizeof c->head);
    if (c->since && memcmp(c->since, c->head, sizeof c->head) == 0)
        c->since_at = row->seq;
    c->entries++;
    c->sum += verify_chain_share(row->seq);
    return MIZO_OK;
}

/* It is the first bad one, if none before it was. */
static void unreadable(walker *w)
{
    char seq[24];
    snprintf(seq, sizeof seq, "%" PRId64, w->c->last + 1);
    MIZO_DIAG(w->diags, BOOKS_UNREADABLE, MIZO_NOWHERE, seq);
    bad(w->c, w->c->last + 1);
    w->c->unreadable = true;
}

mizo_err verify_chain_walk(store *s, mizo_diags *d, verify_chain *c)
{
    static const uint8_t empty[MIZO_CHAIN_BYTES];
    walker w = { .c = c, .diags = d };
    *c = (verify_chain){ .upto = c->upto, .since = c->since, .ok = true };
    c->since_at = c->since && memcmp(c->since, empty, sizeof empty) == 0 ? 0 : -1;
    mizo_err err = s->ops->batch_scan(s, 0, on_batch, &w), walk = MIZO_OK;
    if (!err)
        walk = s->ops->entry_scan(s, 0, on_entry, &w);
    if (walk == MIZO_ESTORE)
        unreadable(&w);
    free(w.known);
    return err || walk == MIZO_OK || walk == MIZO_ESTORE || walk == MIZO_ECANCELED ? err : walk;
}
