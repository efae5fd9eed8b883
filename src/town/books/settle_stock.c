/* settle_stock.c: see settle_stock.h. */
#include "town/books/settle_stock.h"

#include <stdio.h>
#include <string.h>

/* A battery turns over within days: what is older than this without having come out is left where it is. */
enum { LOOK_BACK_DAYS = 60 };

static bool moved(const int32_t a[48], const int32_t b[48])
{
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        if ((a[s] != MIZO_MISSING && a[s] > 0) || (b[s] != MIZO_MISSING && b[s] > 0))
            return true;
    return false;
}

/* Takes off what the day itself has posted on the account. */
static void without(const flows *past, const char *account, const char *unit, mizo_day day, int64_t slots[48])
{
    for (size_t i = 0; i < past->n; i++) {
        const flow *x = &past->item[i];
        if (x->day != day || strcmp(x->unit, unit))
            continue;
        int sign = strcmp(x->to, account) == 0 ? -1 : strcmp(x->from, account) == 0 ? 1 : 0;
        for (int s = 0; s < MIZO_DAY_SLOTS && sign; s++)
            slots[s] += sign * x->have[s];
    }
}

static mizo_err read_point(store *s, const char *account, mizo_day day, const flows *past, mizo_stock *stock)
{
    int64_t re[48], other[48], total;
    for (mizo_day d = day - LOOK_BACK_DAYS; d <= day; d++) {
        memset(re, 0, sizeof re);
        memset(other, 0, sizeof other);
        MIZO_TRY(s->ops->balance_get(s, account, match_unit(MATCH_RE), d, &total, re));
        MIZO_TRY(s->ops->balance_get(s, account, "Wh-grid", d, &total, other));
        without(past, account, match_unit(MATCH_RE), d, re);
        without(past, account, "Wh-grid", d, other);
        for (int k = 0; k < MIZO_DAY_SLOTS && d < day; k++)
            MIZO_TRY(mizo_stock_in(stock, (mizo_slot)d * MIZO_DAY_SLOTS + k, re[k] > 0 ? re[k] : 0,
                                   other[k] > 0 ? other[k] : 0));
    }
    return MIZO_OK;
}

mizo_err settle_stock(store *s, const mizo_region *r, const settle_day *in, const flows *past, match_town *t)
{
    char account[MIZO_ACCOUNT_MAX];
    for (size_t i = 0; in->charge && in->discharge && i < r->npoint; i++) {
        mizo_stock *stock = match_town_stock(t, (mizo_ref)i);
        if (!stock->most || !moved(in->charge[i], in->discharge[i]))
            continue;
        snprintf(account, sizeof account, "storage:%s", r->point[i].id);
        MIZO_TRY(read_point(s, account, in->day, past, stock));
    }
    return MIZO_OK;
}
