/* billing_slots.c: one bill opened to its half-hours, as JSON. */
#include <stdlib.h>

#include "town/bills/billing_slots.h"

static void put_lines(const mizo_bill_slot *v, int n, bool wheeling, json *j)
{
    json_array(j, wheeling ? "wheeling" : "energy");
    for (int i = 0; i < n; i++) {
        int line = wheeling ? v[i].wheeling : v[i].energy;
        if (line < 0)
            json_null(j, NULL);
        else
            json_int(j, NULL, line);
    }
    json_end(j);
}

static void put_prices(const mizo_bill *b, const mizo_bill_slot *v, int n, json *j)
{
    json_array(j, "price_yen");
    for (int i = 0; i < n; i++) {
        bool own = v[i].energy >= 0 && b->line[v[i].energy].kind == MIZO_CHARGE_MARKET;
        if (own && v[i].price_e6 != MIZO_NO_PRICE)
            json_yen(j, NULL, v[i].price_e6);
        else
            json_null(j, NULL);
    }
    json_end(j);
}

static void put(const mizo_bill *b, const mizo_bill_slot *v, int n, json *j)
{
    json_bool(j, "slots", true);
    json_array(j, "wh");
    for (int i = 0; i < n; i++)
        json_int(j, NULL, v[i].wh);
    json_end(j);
    json_array(j, "estimated");
    for (int i = 0; i < n; i++)
        if (v[i].estimated)
            json_int(j, NULL, i);
    json_end(j);
    put_lines(v, n, false, j);
    put_lines(v, n, true, j);
    put_prices(b, v, n, j);
}

static mizo_err on_bill(void *arg, const billing_parts *p)
{
    json *j = arg;
    int n = (p->bill->to - p->bill->from) * MIZO_DAY_SLOTS;
    mizo_bill_slot *v = calloc((size_t)n + 1, sizeof *v);
    mizo_err e = v ? mizo_bill_slots(p->table, p->in, p->bill, v) : MIZO_ENOMEM;
    if (!e || e == MIZO_ENOENT) {
        json_day(j, "from", p->bill->from);
        json_day(j, "to", p->bill->to);
    }
    if (!e)
        put(p->bill, v, n, j);
    else if (e == MIZO_ENOENT)
        json_bool(j, "slots", false);
    free(v);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err billing_slots_json(town *t, mizo_day month, mizo_ms as_of, const char *contract, json *j)
{
    billing_sum sum;
    return billing_open(t, month, as_of, contract, on_bill, j, &sum);
}
