/* journal.c: one entry into the books: checked, guarded, chained, appended. */
#include "town/books/journal.h"
#include "mizo/messages/books.h"
#include "mizo/messages/close.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

mizo_err journal_open(store *s, journal *j)
{
    *j = (journal){ .store = s, .known = s->known };
    return s->ops->entry_head(s, &j->seq, j->head);
}

/* ---- one kWh, one claim ---- */

typedef struct claim {
    const mizo_entry *wanted;
    int slot; /* -1: the whole day */
    mizo_diags *diags;
} claim;

/* Stops at the first entry that took from the account on this day and slot. */
static mizo_err find_claim(void *arg, const store_entry *e)
{
    claim *c = arg;
    const mizo_entry *w = c->wanted;
    if (e->day != w->day || strcmp(e->from, w->from) || strcmp(e->unit, w->unit))
        return MIZO_OK;
    if (c->slot >= 0 && e->slots && e->slots[c->slot] == 0)
        return MIZO_OK;
    char seq[24];
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    MIZO_DIAG(c->diags, BOOKS_FIRST_CLAIM, MIZO_NOWHERE, seq, e->from, e->to, e->kind);
    return MIZO_ECONFLICT;
}

static mizo_err refuse(journal *j, const mizo_entry *e, int slot, int64_t want, int64_t left, mizo_diags *d)
{
    char day[MIZO_DATE_TEXT], where[16] = "-", wanted[24], have[24];
    mizo_day_text(e->day, day);
    if (slot >= 0)
        snprintf(where, sizeof where, "%d", slot + 1);
    snprintf(wanted, sizeof wanted, "%" PRId64, want);
    snprintf(have, sizeof have, "%" PRId64, left);
    MIZO_DIAG(d, BOOKS_CLAIMED, MIZO_NOWHERE, e->from, day, where, wanted, e->unit, have);
    claim c = { e, slot, d };
    mizo_err err = j->store->ops->entry_scan(j->store, 0, find_claim, &c);
    return err && err != MIZO_ECONFLICT ? err : MIZO_ECONFLICT;
}

static mizo_err guard(journal *j, const mizo_entry *e, mizo_diags *d)
{
    int64_t total, slots[MIZO_DAY_SLOTS] = { 0 };
    if (!mizo_account_guarded(e->from, e->unit))
        return MIZO_OK;
    MIZO_TRY(j->store->ops->balance_get(j->store, e->from, e->unit, e->day, &total, slots));
    for (int i = 0; e->slots && i < MIZO_DAY_SLOTS; i++)
        if (e->slots[i] > slots[i])
            return refuse(j, e, i, e->slots[i], slots[i], d);
    return e->amount > total ? refuse(j, e, -1, e->amount, total, d) : MIZO_OK;
}

/* ---- months that are closed for good ---- */

static mizo_err on_close(void *arg, const store_record *r)
{
    static const char first[] = "{\"state\":\"final\"";
    *(bool *)arg = strncmp(r->json, first, sizeof first - 1) == 0;
    return MIZO_OK;
}

static mizo_err closed(journal *j, const mizo_entry *e, mizo_diags *d)
{
    mizo_date m = mizo_day_date(e->day);
    int32_t month = m.year * 12 + m.month;
    int at = (int)((uint32_t)month % JOURNAL_MONTHS);
    char id[16], day[MIZO_DATE_TEXT];
    (void)snprintf(id, sizeof id, "%04d-%02d", m.year % 10000, m.month);
    if (j->seen[at].month != month) {
        bool final = false;
        mizo_err err = j->store->ops->record_scan(j->store, "close", id, on_close, &final);
        if (err && err != MIZO_ENOENT)
            return err;
        j->seen[at].month = month;
        j->seen[at].final = final;
    }
    if (!j->seen[at].final)
        return MIZO_OK;
    mizo_day_text(e->day, day);
    MIZO_DIAG(d, CLOSE_BOOK, MIZO_NOWHERE, id, day);
    return MIZO_ECONFLICT;
}

mizo_err journal_post(journal *j, mizo_entry *e, mizo_diags *d)
{
    e->seq = j->seq + 1;
    e->known = j->known;
    MIZO_TRY(mizo_entry_check(e, d));
    MIZO_TRY(closed(j, e, d));
    MIZO_TRY(guard(j, e, d));
    uint8_t hash[MIZO_CHAIN_BYTES];
    mizo_entry_chain(j->head, e, hash);
    store_entry row = { .day = e->day,
                        .from = e->from,
                        .to = e->to,
                        .unit = e->unit,
                        .kind = e->kind,
                        .ref = e->ref,
                        .amount = e->amount,
                        .slots = e->slots };
    MIZO_TRY(j->store->ops->entry_append(j->store, &row, hash));
    if (row.seq != e->seq) /* somebody else posted inside our transaction: the chain would be wrong */
        return MIZO_ESTORE;
    j->seq = e->seq;
    memcpy(j->head, hash, sizeof hash);
    return MIZO_OK;
}
