/* settle_real.c: real homes at real prices: lcl_homes of 2013 as a market-linked menu at the Tokyo
 * prices of the same days of 2023 (jepx_spot), month by month.
 *
 * Every bill must close to the micro-yen, and the exact sum of all bills must be what one sum over every
 * half-hour of every home comes to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/frame.h"
#include "town/bench/settle.h"

__extension__ typedef __int128 wide;

enum { SHIFT = 3652 /* 2013 to 2023 */, MONTHS = 9, FEE_E6 = 5500000, LOSS_E6 = 69000 };

static const char yaml[] = "format: 1\nid: real\nlatitude: 35.5\nlongitude: 139.7\nmarket_area: jepx-tokyo\n";
static const char charges[] = "tariff,kind,price,param\nhome,market,5.5,loss-rate\n";
static const char params[] = "name,key,value\nloss-rate,low,0.069\nbill-gap-slots,,1488\n";
static const char roundings[] = "chain,step,unit,how\nreal,market-unit,0.01,half-up\nreal,subtotal,0.01,cut\n"
                                "real,total,1,cut\n";

static mizo_err region(mizo_diags *d, const mizo_region **out)
{
#define TEXT(name, text)                                                                                     \
    {                                                                                                        \
        name, text, sizeof text - 1                                                                          \
    }
    static const char facilities[] = "id,kind\nhome,home\n", tariffs[] = "id\nhome\n",
                      rates[] = "tariff,yen_per_kwh\nhome,0\n", parties[] = "id,kind\nhome,household\n",
                      points[] = "id,voltage,reading,tariff,contract_kw\nhome,low,slot,home,1000\n",
                      uses[] = "facility,point\nhome,home\n",
                      contracts[] = "id,point,party,tariff,rounding\nhome,home,home,home,real\n";
    const mizo_file files[] = { TEXT("region.yaml", yaml),       TEXT("facilities.csv", facilities),
                                TEXT("tariffs.csv", tariffs),    TEXT("rates.csv", rates),
                                TEXT("parties.csv", parties),    TEXT("charges.csv", charges),
                                TEXT("params.csv", params),      TEXT("roundings.csv", roundings),
                                TEXT("points.csv", points),      TEXT("uses.csv", uses),
                                TEXT("contracts.csv", contracts) };
#undef TEXT
    return mizo_region_build(files, sizeof files / sizeof *files, d, out);
}

typedef struct real {
    const mizo_region *r;
    frame homes;
    days price;
    mizo_day month[MONTHS + 1];
    mizo_bill_table *table[MONTHS];
    bench_settle_real *out;
    mizo_diags *d;
    int32_t v[64 * MIZO_DAY_SLOTS]; /* of a month */
    mizo_bill bill;
} real;

static int32_t thousandths(double v)
{
    return isnan(v) ? MIZO_MISSING : (int32_t)lrint(v * 1000);
}

static mizo_err tables(real *x)
{
    for (int m = 0; m <= MONTHS; m++)
        x->month[m] = mizo_date_day((mizo_date){ 2023, m + 1, 1 });
    for (int m = 0; m < MONTHS; m++) {
        int n = (x->month[m + 1] - x->month[m]) * MIZO_DAY_SLOTS;
        for (int i = 0; i < n; i++)
            x->v[i] = thousandths(days_at(&x->price, x->month[m] + i / MIZO_DAY_SLOTS, i % MIZO_DAY_SLOTS));
        MIZO_TRY(mizo_bill_table_new(x->r, 0, MIZO_LOW, "real", x->month[m], x->month[m], x->month[m + 1],
                                     x->v, &x->table[m]));
    }
    return MIZO_OK;
}

/* The unit before its rounding, from the price alone. */
static int64_t unit_of(const real *x, mizo_day day, int slot)
{
    int64_t myen = thousandths(days_at(&x->price, day, slot));
    return mizo_div_round(myen * 1000 * 1000000, 1000000 - LOSS_E6, MIZO_ROUND_HALF_UP) + FEE_E6;
}

static mizo_err bill_month(real *x, const days *home, int m)
{
    int n = (x->month[m + 1] - x->month[m]) * MIZO_DAY_SLOTS;
    mizo_bill *b = &x->bill;
    mizo_wh wh = 0;
    wide sum = 0;
    for (int i = 0; i < n; i++) {
        mizo_day day = x->month[m] + i / MIZO_DAY_SLOTS;
        x->v[i] = thousandths(days_at(home, day - SHIFT, i % MIZO_DAY_SLOTS));
        wh += x->v[i] == MIZO_MISSING ? 0 : x->v[i];
        sum += x->v[i] == MIZO_MISSING ? 0 : (wide)x->v[i] * unit_of(x, day, i % MIZO_DAY_SLOTS);
    }
    mizo_bill_in in = {
        .wh = x->v, .power_factor_e6 = MIZO_NO_PRICE, .max_w = MIZO_MISSING, .as_of = INT64_MAX
    };
    MIZO_TRY(mizo_bill_make(x->table[m], &in, b, x->d));
    x->out->bills++;
    x->out->slots += n;
    x->out->estimated += b->estimated;
    x->out->wh += b->wh;
    x->out->exact += b->exact;
    x->out->total += b->total;
    x->out->left += b->left;
    x->out->closes = x->out->closes && b->exact == b->total + b->left;
    if (!b->estimated) /* then the bill's exact sum is this one, rounded once to the micro-yen */
        x->out->closes = x->out->closes && b->wh == wh && b->exact == (mizo_uyen)((sum + 500) / 1000);
    return MIZO_OK;
}

static mizo_err homes(real *x)
{
    for (int c = 0; c < x->homes.ncol; c++) {
        days home;
        MIZO_TRY(days_of(&x->homes, c, MIZO_DAY_SLOTS, 0, &home));
        mizo_err e = MIZO_OK;
        for (int m = 0; m < MONTHS && !e; m++)
            e = bill_month(x, &home, m);
        days_free(&home);
        MIZO_TRY(e);
        x->out->homes++;
    }
    x->out->months = MONTHS;
    return MIZO_OK;
}

static mizo_err read_prices(const char *data, mizo_diags *d, days *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "jepx_spot/spot_*", d));
    int c = frame_column(&f, "tokyo_jpy_kwh");
    mizo_err e = c < 0 ? MIZO_EINPUT : days_of(&f, c, MIZO_DAY_SLOTS, 0, out);
    frame_free(&f);
    return e;
}

mizo_err bench_settle_real_row(const char *data, mizo_diags *d, bench_settle_real *out)
{
    *out = (bench_settle_real){ .closes = true };
    real *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    x->out = out;
    x->d = d;
    mizo_err e = read_prices(data, d, &x->price);
    if (!e && !(e = frame_read(&x->homes, data, "lcl_homes/kwh_30min_*", d))) {
        e = region(d, &x->r);
        e = e ? e : tables(x);
        e = e ? e : homes(x);
        frame_free(&x->homes);
    }
    for (int m = 0; m < MONTHS; m++)
        mizo_bill_table_free(x->table[m]);
    mizo_region_unref(x->r);
    days_free(&x->price);
    free(x);
    return e;
}
