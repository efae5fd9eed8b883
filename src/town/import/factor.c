/* factor.c: see factor.h. */
#include "town/import/factor.h"

#include <stdio.h>

#include "base/json.h"
#include "mizo/messages/operator.h"
#include "mizo/number.h"

static mizo_err check(town *t, const char *point, int64_t percent_e2, const char *reason)
{
    if (mizo_region_point(t->region, point) < 0) {
        MIZO_DIAG(t->diags, READINGS_UNKNOWN, MIZO_NOWHERE, point);
        return MIZO_ENOENT;
    }
    bool bad = percent_e2 <= 0 || percent_e2 > 10000;
    if (bad)
        MIZO_DIAG(t->diags, FACTOR_RANGE, MIZO_NOWHERE, point);
    if (!*reason)
        MIZO_DIAG(t->diags, FACTOR_REASON, MIZO_NOWHERE, point);
    return bad || !*reason ? MIZO_EINPUT : MIZO_OK;
}

static mizo_err put(town *t, const char *point, mizo_day month, int64_t percent_e2, const char *reason,
                    bool *changed)
{
    char id[MIZO_ID_MAX + MIZO_DATE_TEXT], percent[MIZO_NUM_TEXT];
    mizo_date m = mizo_day_date(month);
    buf b;
    json j;
    (void)snprintf(id, sizeof id, "%s:%04d-%02d", point, m.year, m.month);
    mizo_decimal_text(percent_e2, 2, percent);
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "percent", percent);
    json_text(&j, "reason", reason);
    json_end(&j);
    mizo_err e = b.err ? b.err : t->store->ops->record_put(t->store, "power-factor", id, b.p, changed);
    buf_fini(&b);
    return e;
}

mizo_err factor_put(town *t, const char *point, mizo_day month, int64_t percent_e2, const char *reason,
                    const char *actor, bool *changed)
{
    store *s = t->store;
    store_batch b = { .known = town_now(t), .actor = actor, .source = "readings factor", .note = "" };
    MIZO_TRY(check(t, point, percent_e2, reason));
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = put(t, point, month, percent_e2, reason, changed);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}
