/* people_points.c: a party is forgotten with whom the operator's files name at its points. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/people.h"
#include "town/bills/invoice.h"
#include "town/people/people.h"

/* The contract of a point that begins last says whose names stand there now. */
static bool last_of_its_point(const mizo_region *r, const mizo_contract *c)
{
    for (size_t i = 0; i < r->ncontract; i++)
        if (r->contract[i].point == c->point && r->contract[i].from > c->from)
            return false;
    return true;
}

static mizo_err on_row(void *arg, const char *id, int64_t batch, const void *sealed, size_t n)
{
    (void)id, (void)batch, (void)sealed;
    *(bool *)arg |= n > 0;
    return MIZO_OK;
}

/* Sealed bytes, or the key of some: both have to go. */
static mizo_err anybody(store *s, const char *id, bool *any)
{
    uint8_t key[32];
    mizo_err err = s->ops->key_get(s, id, key);
    *any = err == MIZO_OK;
    memset(key, 0, sizeof key);
    if (err && err != MIZO_ENOENT)
        return err;
    return s->ops->person_scan(s, id, on_row, any);
}

/* ---- what is on its way ---- */

typedef struct waiting {
    const mizo_region *region;
    const people_act *act;
    const char *id;
    mizo_ref party;
} waiting;

/* Has the party a contract, or a purchase, at some time in [from, to)? */
static bool has_part(const waiting *w, invoice_kind kind, mizo_day from, mizo_day to)
{
    const mizo_region *r = w->region;
    for (size_t i = 0; i < r->ncontract && kind == INVOICE_BILL; i++)
        if (r->contract[i].party == w->party && r->contract[i].from < to && from < r->contract[i].to)
            return true;
    for (size_t i = 0; i < r->npurchase && kind == INVOICE_PURCHASE; i++)
        if (r->purchase[i].party == w->party && r->purchase[i].from < to && from < r->purchase[i].to)
            return true;
    return false;
}

/* A month's bills begin with a reading day in it or in the month before. */
static mizo_err on_run(void *arg, const invoice_run *run)
{
    const waiting *w = arg;
    if ((run->state != RUN_DRAFT && run->state != RUN_APPROVED) ||
        !has_part(w, run->kind, mizo_month_first(run->month, -1), mizo_month_first(run->month, 1)))
        return MIZO_OK;
    MIZO_DIAG(w->act->diags, PEOPLE_IN_RUN, MIZO_NOWHERE, w->id, run->id, run_state_word(run->state));
    return MIZO_ECONFLICT;
}

static mizo_err nothing_open(const people_act *a, town *t, const char *id)
{
    waiting w = { t->region, a, id, mizo_region_party(t->region, id) };
    MIZO_TRY(people_may_erase(a, id)); /* open money of the party keeps its points' names too */
    return w.party < 0 ? MIZO_OK : invoice_run_scan(t, on_run, &w);
}

mizo_err people_erase_party(const people_act *a, town *t, const char *id, mizo_day after, mizo_day today)
{
    const mizo_region *r = t->region;
    char at[PERSON_ID];
    bool own, any = false, some = false;
    mizo_ref party = mizo_region_party(r, id);
    MIZO_TRY(anybody(a->store, id, &own));
    if (after == MIZO_DAY_NONE || after <= today)
        MIZO_TRY(nothing_open(a, t, id));
    for (size_t i = 0; i < r->ncontract && party >= 0; i++) {
        const mizo_contract *c = &r->contract[i];
        if (c->party != party || !last_of_its_point(r, c))
            continue;
        (void)snprintf(at, sizeof at, "point:%s", r->point[c->point].id);
        MIZO_TRY(anybody(a->store, at, &any));
        if (any)
            MIZO_TRY(people_erase(a, at, after, today));
        some |= any;
    }
    return some && !own ? MIZO_OK : people_erase(a, id, after, today);
}
