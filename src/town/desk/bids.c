/* bids.c: bids for what is open, as a file of the exchange. */
#include <stdio.h>
#include <stdlib.h>

#include "mizo/messages/desk.h"
#include "town/desk/in.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS };

void desk_put_bids(const desk_act *a, const mizo_bid *bid, int n, buf *out)
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(a->day, day);
    buf_str(out, "day,slot,side,kwh,yen_per_kwh\r\n");
    for (int i = 0; i < n; i++) {
        char price[MIZO_NUM_TEXT];
        mizo_decimal_text(bid[i].myen, 3, price);
        buf_printf(out, "%s,%d,%s,%lld,%s\r\n", day, bid[i].slot + 1, bid[i].sell ? "sell" : "buy",
                   (long long)(bid[i].wh / 1000), price);
    }
}

static mizo_err keep_bids(const desk_act *a, const buf *file)
{
    char id[DESK_ID], day[MIZO_DATE_TEXT], name[MIZO_ID_MAX + 40];
    buf text;
    mizo_day_text(a->day, day);
    desk_id(a->group->id, a->day, id);
    snprintf(name, sizeof name, "jepx-bids-%s-%s.csv", a->group->id, day);
    buf_init(&text, 4096);
    buf_printf(&text, "{\"at_ms\":%lld,\"file\":\"%s\"}", (long long)a->now, name);
    desk_kept k = { "desk-bid", id, &text, "jepx-bids", "jepx", name, file->p, file->n, true };
    mizo_err e = file->err ? file->err : desk_keep(a, "day bid", &k);
    buf_fini(&text);
    return e;
}

/* What is open before what takes up the rest does so: the market is asked first. */
static mizo_wh before_rest(const desk_day *d, int t)
{
    mizo_wh open = d->book.open[t];
    for (size_t i = 0; i < d->book.nline; i++) {
        const mizo_desk_line *l = &d->book.line[i];
        if (l->source >= 0 && d->region->source[l->source].amount == MIZO_AMOUNT_REST)
            open += l->sale ? -l->wh[t] : l->wh[t];
    }
    return open;
}

mizo_err desk_bid(const desk_act *a, int32_t limit_myen, int32_t floor_myen, mizo_bid bid[2 * SLOTS],
                  int *count, buf *file)
{
    MIZO_TRY(desk_needs_market(a));
    desk_day *d = malloc(sizeof *d);
    mizo_wh open[SLOTS], low[SLOTS];
    mizo_err e = d ? desk_read(a->town, a->group, a->day, a->now, d) : MIZO_ENOMEM;
    if (!e && !d->has_forecast) {
        MIZO_DIAG(a->diags, DESK_NO_DRAFT, MIZO_NOWHERE, a->group->id);
        e = MIZO_ENOENT;
    }
    if (!e) {
        for (int t = 0; t < SLOTS; t++) {
            open[t] = before_rest(d, t);
            low[t] = open[t] - (d->forecast.demand[t] - d->forecast.low[t]);
        }
        mizo_bid_ask ask = { &d->rules, open, low, d->forecast.price, limit_myen, floor_myen };
        *count = mizo_desk_bids(&ask, bid);
        desk_put_bids(a, bid, *count, file);
        e = keep_bids(a, file);
    }
    free(d);
    return e;
}
