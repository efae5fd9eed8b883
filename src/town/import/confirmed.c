/* confirmed.c: see confirmed.h. */
#include "town/import/confirmed.h"

#include <stdio.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/account.h"

static const char record_kind[] = "confirmed";

typedef struct kept {
    confirmed_month m;
    int64_t year, month, total_wh, slots_wh;
} kept;

#define AT(member) offsetof(kept, member), sizeof(((kept *)0)->member)
#define WHOLE(name, member)                                                                                  \
    {                                                                                                        \
        name, SHAPE_INT, true, -1, INT64_MAX, NULL, AT(member)                                               \
    }
static const shape_field rows[] = {
    {"point",         SHAPE_ID,   true,  1, 40, NULL, AT(m.point)       },
    WHOLE("year", year),
    WHOLE("month", month),
    { "from",         SHAPE_DAY,  true,  0, 0,  NULL, AT(m.from)        },
    { "to",           SHAPE_DAY,  true,  0, 0,  NULL, AT(m.to)          },
    { "provided",     SHAPE_BOOL, true,  0, 0,  NULL, AT(m.provided)    },
    WHOLE("total_wh", total_wh),
    WHOLE("slots_wh", slots_wh),
    WHOLE("slots", m.slots),
    WHOLE("missing", m.missing),
    WHOLE("max_w", m.max_w),
    WHOLE("power_factor_e2", m.power_factor_e2),
    { "next_reading", SHAPE_DAY,  false, 0, 0,  NULL, AT(m.next_reading)},
    { "voltage",      SHAPE_TEXT, false, 0, 15, NULL, AT(m.voltage)     },
    WHOLE("items", m.items),
};
enum { NROWS = sizeof rows / sizeof *rows };

static void id_of(const char *point, int year, int month, char out[CONFIRMED_ID])
{
    snprintf(out, CONFIRMED_ID, "%s-%04d%02d", point, year, month);
}

typedef struct taking {
    town *t;
    kept *k;
    bool found;
} taking;

static mizo_err take(void *arg, const store_record *r)
{
    taking *x = arg;
    x->found = true;
    return shape_read(rows, NROWS, r->json, strlen(r->json), r->id, x->k, x->t->diags) ? MIZO_ESTORE
                                                                                       : MIZO_OK;
}

mizo_err confirmed_get(town *t, const char *point, int year, int month, confirmed_month *out)
{
    char id[CONFIRMED_ID];
    kept k = { 0 };
    taking x = { t, &k, false };
    id_of(point, year, month, id);
    mizo_err e = t->store->ops->record_scan(t->store, record_kind, id, take, &x);
    if (e && e != MIZO_ENOENT)
        return e;
    if (!x.found)
        return MIZO_ENOENT;
    *out = k.m;
    out->year = (int)k.year;
    out->month = (int)k.month;
    out->total_wh = k.total_wh;
    out->slots_wh = k.slots_wh;
    return MIZO_OK;
}

mizo_err confirmed_put(town *t, const confirmed_month *m, bool *changed)
{
    char id[CONFIRMED_ID];
    kept k = {
        .m = *m, .year = m->year, .month = m->month, .total_wh = m->total_wh, .slots_wh = m->slots_wh
    };
    buf b;
    json j;
    buf_init(&b, 1 << 14);
    json_init(&j, &b);
    json_object(&j, NULL);
    shape_write(rows, NROWS, &k, &j);
    json_end(&j);
    id_of(m->point, m->year, m->month, id);
    mizo_err e = b.err ? b.err : t->store->ops->record_put(t->store, record_kind, id, b.p, changed);
    buf_fini(&b);
    return e;
}
