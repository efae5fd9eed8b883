/* verify_kept.c: what is kept beside the entries against them: balances, and months that are closed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mizo/messages/books.h"
#include "town/books/verify_book_inner.h"

/* ---- the kept balances ---- */

static void balance_differs(verify_book *b, const char *name, const char *unit, mizo_day day, int64_t kept,
                            int64_t real)
{
    char when[MIZO_DATE_TEXT] = "-", is[24], should[24];
    if (day != MIZO_DAY_NONE)
        mizo_day_text(day, when);
    snprintf(is, sizeof is, "%" PRId64, kept);
    snprintf(should, sizeof should, "%" PRId64, real);
    MIZO_DIAG(b->diags, BOOKS_BALANCE, MIZO_NOWHERE, name, unit, when, is, should);
    b->out->ok = false;
}

static bool same_slots(const verify_book *b, const holding *h, const int64_t *slots)
{
    if (h->slots < 0 || !slots)
        return (h->slots < 0) == (slots == NULL);
    return memcmp(*b->row[h->slots], slots, sizeof(row48)) == 0;
}

/* Of the day in hand, or of one that no entry has. */
static mizo_err on_balance(void *arg, const char *name, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    verify_book *b = arg;
    int32_t who;
    MIZO_TRY(verify_account(b, name, unit, false, &who));
    bool here = who >= 0 && b->any && day == b->day && b->account[who].today >= 0;
    holding *h = here ? &b->holding[b->account[who].today] : NULL;
    if (!h || h->total != total || !same_slots(b, h, slots))
        balance_differs(b, name, unit, day, total, h ? h->total : 0);
    if (h)
        h->met = true;
    return MIZO_OK;
}

static mizo_err on_total(void *arg, const char *name, const char *unit, mizo_day day, int64_t total,
                         const int64_t *slots)
{
    verify_book *b = arg;
    int32_t who;
    (void)slots;
    if (day != MIZO_DAY_NONE)
        return on_balance(arg, name, unit, day, total, slots);
    MIZO_TRY(verify_account(b, name, unit, false, &who));
    int64_t real = who >= 0 ? b->account[who].total : 0;
    if (who < 0 || total != real)
        balance_differs(b, name, unit, day, total, real);
    if (who >= 0)
        b->account[who].today = 0; /* met */
    return MIZO_OK;
}

mizo_err verify_balances(verify_book *b)
{
    b->recent[0] = b->recent[1] = UINT32_MAX;
    MIZO_TRY(b->store->ops->balance_scan(b->store, b->next, b->day, on_balance, b));
    b->next = b->day + 1;
    for (size_t i = 0; i < b->nholding; i++) {
        const holding *h = &b->holding[i];
        const account *a = &b->account[h->account];
        if (!h->met)
            balance_differs(b, a->name, a->unit, b->day, 0, h->total);
    }
    return MIZO_OK;
}

mizo_err verify_totals(verify_book *b)
{
    for (size_t i = 0; i < b->naccount; i++)
        b->account[i].today = -1;
    MIZO_TRY(b->store->ops->balance_scan(b->store, b->next, MIZO_DAY_NONE, on_total, b));
    for (size_t i = 0; i < b->naccount; i++)
        if (b->account[i].today < 0)
            balance_differs(b, b->account[i].name, b->account[i].unit, MIZO_DAY_NONE, 0, b->account[i].total);
    return MIZO_OK;
}

/* ---- months that are closed ---- */

mizo_err verify_month_closed(void *arg, const store_record *r)
{
    verify_book *b = arg;
    int year, month;
    char rest;
    if (sscanf(r->id, "%4d-%2d%c", &year, &month, &rest) != 2 || month < 1 || month > 12)
        return MIZO_OK;
    MIZO_TRY(array_grow(&b->closed.month, &b->closed.cap, b->closed.n + 1, sizeof *b->closed.month));
    b->closed.month[b->closed.n++] = year * 12 + month - 1; /* records come by their ids */
    return MIZO_OK;
}

static bool is_closed(const verify_book *b, int32_t month)
{
    for (size_t i = 0; i < b->closed.n; i++)
        if (b->closed.month[i] == month)
            return true;
    return false;
}

void verify_month_end(verify_book *b)
{
    bool must = b->month >= 0 && is_closed(b, b->month);
    for (size_t i = 0; i < b->naccount; i++) {
        account *a = &b->account[i];
        if (must && a->month) {
            char month[16], left[24];
            snprintf(month, sizeof month, "%04d-%02d", b->month / 12, b->month % 12 + 1);
            snprintf(left, sizeof left, "%" PRId64, a->month);
            MIZO_DIAG(b->diags, BOOKS_NOT_CLOSED, MIZO_NOWHERE, a->name, month, left, a->unit);
            b->out->ok = false;
        }
        a->month = 0;
    }
}

void verify_month_add(verify_book *b)
{
    mizo_date d = mizo_day_date(b->day);
    int32_t month = d.year * 12 + d.month - 1;
    if (!b->closed.n)
        return;
    if (month != b->month)
        verify_month_end(b);
    b->month = month;
    for (size_t i = 0; i < b->nholding; i++) {
        account *a = &b->account[b->holding[i].account];
        if (a->closes)
            a->month = (int64_t)((uint64_t)a->month + (uint64_t)b->holding[i].total);
    }
}
