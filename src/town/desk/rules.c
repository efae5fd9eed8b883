/* rules.c: what the desk's rules are on a day, which group is meant, what time it is. */
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/desk.h"
#include "town/live/keep.h"

typedef struct rule_row {
    const char *name, *key;
    int digits;
    size_t at;
} rule_row;

static const rule_row rule_rows[] = {
#define X(member, name, key, digits) { name, key, digits, offsetof(mizo_desk_rules, member) },
    MIZO_DESK_PARAMS(X)
#undef X
};

/* value_e6 as a whole number of 10^-digits. */
static bool as_kept(int64_t e6, int digits, int32_t *out)
{
    for (int i = digits; i < 6; i++) {
        if (e6 % 10)
            return false;
        e6 /= 10;
    }
    *out = (int32_t)e6;
    return e6 >= INT32_MIN && e6 <= INT32_MAX;
}

mizo_err desk_rules(const mizo_region *r, mizo_day day, mizo_diags *d, mizo_desk_rules *out)
{
    bool all = true;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof rule_rows / sizeof *rule_rows; i++) {
        const rule_row *row = &rule_rows[i];
        const mizo_param *p = NULL;
        int64_t e6;
        int32_t v = 0;
        if (mizo_param_get(r, row->name, row->key, day, d, &e6, &p)) {
            all = false;
            continue;
        }
        if (!as_kept(e6, row->digits, &v)) {
            MIZO_DIAG(d, DESK_PARAM, MIZO_AT("params.csv", p->line, 1), row->name, row->key);
            all = false;
        }
        memcpy((char *)out + row->at, &v, sizeof v);
    }
    return all ? MIZO_OK : MIZO_ENOENT;
}

/* ---- which group ---- */

mizo_err desk_group(const mizo_region *r, const char *id, mizo_bg_kind kind, mizo_day day, mizo_diags *d,
                    const mizo_bg **out)
{
    char text[MIZO_DATE_TEXT];
    int found = 0;
    mizo_day_text(day, text);
    *out = id ? mizo_region_bg_on(r, id, day) : NULL;
    if (id && !*out)
        MIZO_DIAG(d, DESK_NO_GROUP, MIZO_NOWHERE, id, text);
    for (size_t i = 0; i < r->nbg && !id; i++) {
        const mizo_bg *g = &r->bg[i];
        if (g->kind != kind || day < g->from || day >= g->to)
            continue;
        found++;
        *out = g;
    }
    if (!id && found != 1)
        MIZO_DIAG(d, DESK_WHICH_GROUP, MIZO_NOWHERE, text);
    if (!id && found != 1)
        *out = NULL;
    return *out ? MIZO_OK : MIZO_ENOENT;
}

/* ---- what time it is ---- */

mizo_err desk_now(town *t, mizo_ms *now)
{
    mizo_slot next;
    bool simulated = !t->now && t->region->clock_start != MIZO_DAY_NONE;
    mizo_err e = simulated && t->store ? keep_resume(t->store, &next) : MIZO_ENOENT;
    *now = simulated && e == MIZO_ENOENT
               ? mizo_slot_ms(mizo_day_slot(t->region->clock_start, t->region->offset))
               : town_now(t);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
