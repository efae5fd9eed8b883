/* contracts.c: the bills of FY2022 and FY2023, who supplied whom, and who has reported.
 *
 * A bill is the month's import of 2021, moved a little and stretched so that each fiscal year
 * comes to EX_TOWN_WH. The points with a 100 % menu are drawn one after another until their bills
 * come to the renewable supply that the city published for that year. */
#include <math.h>
#include <stdlib.h>

#include "town/example/parts.h"

const char *const ex_suppliers[4] = { "supplier-a", "supplier-b", "supplier-c", "supplier-d" };

static double bill_raw(const ex_town *t, int p, int k)
{
    double moved = 1 + 0.03 * ex_bell(t, EX_R_BILL, (uint64_t)p << 5 | (uint64_t)k, 0);
    return (double)t->point[p].month_wh[(3 + k) % 12] * moved;
}

/* Bills of fiscal year j (0: FY2022), whole kWh. */
static void bill_year(ex_town *t, int j)
{
    double lamps = 0, others = 0;
    for (int p = 0; p < t->npoint; p++) {
        if (t->point[p].reading == MIZO_BY_LAMP)
            lamps += (double)ex_lamp_wh(&t->point[p], EX_DAYS + j); /* FY2023 holds 29 February 2024 */
        else
            for (int k = 12 * j; k < 12 * j + 12; k++)
                others += bill_raw(t, p, k);
    }
    double stretch = ((double)EX_TOWN_WH - lamps) / others;
    for (int p = 0; p < t->npoint; p++)
        for (int k = 12 * j; k < 12 * j + 12; k++) {
            ex_point *x = &t->point[p];
            uint64_t key = (uint64_t)p << 5 | (uint64_t)k;
            double luck = ex_chance(t, EX_R_BILL, key, 1);
            bool small = x->target_wh < 100000000LL;
            x->bill_kwh[k] =
                small && luck < 0.0015 ? -1 : (int32_t)(bill_raw(t, p, k) * stretch / 1000 + 0.5);
            x->bill_estimated[k] = luck > 0.988;
            double kw = ceil(2.0 * x->month_max_wh[(3 + k) % 12] * stretch / 1000);
            x->bill_max_w[k] = x->voltage == MIZO_LOW ? MIZO_MISSING : (int32_t)kw * 1000;
        }
}

static int64_t billed_kwh(const ex_point *p, int j)
{
    int64_t sum = 0;
    for (int k = 12 * j; k < 12 * j + 12; k++)
        sum += p->bill_kwh[k] > 0 ? p->bill_kwh[k] : 0;
    return sum;
}

/* Points in a drawn order; lamps never have a 100 % menu before 2024. */
typedef struct drawn {
    double lot;
    int point;
} drawn;

static int by_lot(const void *a, const void *b)
{
    const drawn *x = a, *y = b;
    return x->lot < y->lot ? -1 : x->lot > y->lot ? 1 : x->point - y->point;
}

/* Gives 100 % menus in year j until the bills come to want_kwh: whatever still fits is taken. */
static void turn_green(ex_town *t, int j, int64_t want_kwh)
{
    drawn order[EX_POINTS];
    for (int p = 0; p < t->npoint; p++)
        order[p] = (drawn){ ex_chance(t, EX_R_SUPPLY, (uint64_t)p, 5), p };
    qsort(order, (size_t)t->npoint, sizeof *order, by_lot);
    int64_t sum = 0;
    for (int pass = j == 0; pass < 2; pass++) /* first those that were green the year before */
        for (int i = 0; i < t->npoint; i++) {
            ex_point *p = &t->point[order[i].point];
            int64_t kwh = billed_kwh(p, j);
            bool turn = pass || p->green[0];
            if (!turn || p->green[j] || p->reading == MIZO_BY_LAMP || sum + kwh > want_kwh)
                continue;
            p->green[j] = true;
            sum += kwh;
        }
}

/* About 200 public points, with a leaning to the larger ones, go to the local company in April 2024. */
static void go_local(ex_town *t)
{
    enum { WANTED = 200 };
    int n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int p = 0; p < t->npoint && n < WANTED; p++) {
            ex_point *x = &t->point[p];
            bool public = !(x->kind->flags & EX_PRIVATE), large = x->target_wh > 100000000LL;
            if (!public || x->local || (pass == 0 && !large) || x->reading != MIZO_BY_SLOT)
                continue;
            x->local = ex_chance(t, EX_R_SUPPLY, (uint64_t)p, 6) < 0.55;
            n += x->local;
        }
}

static void suppliers(ex_town *t)
{
    for (int p = 0; p < t->npoint; p++) {
        double a = ex_chance(t, EX_R_SUPPLY, (uint64_t)p, 1), b = ex_chance(t, EX_R_SUPPLY, (uint64_t)p, 2);
        int first = a < 0.46 ? 0 : a < 0.70 ? 1 : a < 0.88 ? 2 : 3;
        t->point[p].supplier[0] = first;
        t->point[p].supplier[1] = b < 0.85 ? first : (first + 1) % 4;
    }
}

/* Reports for a year come from April to June of the next; a few never came. */
static void reports(ex_town *t)
{
    static const double late[2] = { 0.004, 0.035 };
    for (int f = 0; f < t->nfacility; f++)
        for (int j = 0; j < 2; j++) {
            uint64_t key = (uint64_t)f << 1 | (uint64_t)j;
            mizo_day due = mizo_date_day((mizo_date){ 2023 + j, 4, 10 });
            bool never = ex_chance(t, EX_R_REPORT, key, 0) < late[j];
            t->facility[f].reported[j] =
                never ? MIZO_DAY_NONE : due + (int)(75 * ex_chance(t, EX_R_REPORT, key, 1));
        }
}

mizo_err ex_contracts(ex_town *t)
{
    bill_year(t, 0);
    bill_year(t, 1);
    suppliers(t);
    turn_green(t, 0, 31825490);
    turn_green(t, 1, 183147067);
    go_local(t);
    reports(t);
    return MIZO_OK;
}
