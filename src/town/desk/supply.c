/* supply.c: small questions about groups, sources and readings. */
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/inner.h"

bool desk_listed(const char *list, size_t k, char id[MIZO_ID_MAX])
{
    for (const char *s = list; *s;) {
        size_t skip = strspn(s, " "), n = strcspn(s + skip, " ");
        if (n && n < MIZO_ID_MAX && k-- == 0) {
            memcpy(id, s + skip, n);
            id[n] = '\0';
            return true;
        }
        s += skip + n;
    }
    return false;
}

int desk_member_of(const mizo_region *r, const mizo_bg *g, mizo_ref point, mizo_day day)
{
    char id[MIZO_ID_MAX];
    const mizo_point *p = &r->point[point];
    mizo_ref menu = day >= p->from && day < p->to ? mizo_region_menu_on(r, point, day) : -1;
    if (menu < 0)
        return -1;
    for (size_t k = 0; k < MIZO_DESK_MEMBERS && desk_listed(g->members, k, id); k++)
        if (strcmp(id, r->supplier[r->menu[menu].supplier].id) == 0)
            return (int)k;
    return -1;
}

static bool on_day(const mizo_source *s, mizo_day day)
{
    for (int t = 0; t < DESK_SLOTS; t++)
        if (mizo_source_on(s, day, t))
            return true;
    return false;
}

bool desk_source_of(const mizo_region *r, const mizo_bg *g, const mizo_source *s, mizo_day day)
{
    if (!on_day(s, day))
        return false;
    if (strcmp(s->group, g->id) == 0)
        return true;
    const char *id = s->plant >= 0 ? r->plant[s->plant].id : s->pv >= 0 ? r->pv[s->pv].id : NULL;
    return g->kind == MIZO_BG_GENERATION && id && mizo_id_listed(g->members, id);
}

mizo_ref desk_market(const mizo_region *r, const mizo_bg *g, mizo_day day)
{
    for (size_t i = 0; i < r->nsource; i++)
        if (r->source[i].kind == MIZO_SOURCE_MARKET && strcmp(r->source[i].group, g->id) == 0 &&
            on_day(&r->source[i], day))
            return (mizo_ref)i;
    return -1;
}

mizo_err desk_needs_market(const desk_act *a)
{
    if (desk_market(a->town->region, a->group, a->day) >= 0)
        return MIZO_OK;
    MIZO_DIAG(a->diags, DESK_NO_MARKET, MIZO_NOWHERE, a->group->id);
    return MIZO_EINPUT;
}

int32_t desk_lamp_wh(const mizo_point *p, int slot)
{
    int from_midnight =
        slot < DESK_SLOTS / 2 ? slot : DESK_SLOTS - 1 - slot; /* half-hours away, on its side */
    int burnt = p->lamp_minutes / 2 - from_midnight * 30;
    burnt = burnt < 0 ? 0 : burnt > 30 ? 30 : burnt;
    return (int32_t)mizo_div_round(p->lamp_mw * burnt, 60000, MIZO_ROUND_HALF_UP);
}

mizo_wh desk_through_loss(mizo_wh wh, int32_t loss_ppm)
{
    int64_t out;
    return mizo_mul_div(wh, MIZO_PPM - loss_ppm, MIZO_PPM, MIZO_ROUND_DOWN, &out) ? wh : out;
}

mizo_err desk_read_series(store *s, const char *owner, mizo_quantity q, mizo_day day, mizo_ms as_of,
                          int32_t v[DESK_SLOTS])
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id;
    desk_blank(v);
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    if (!e)
        e = store_read_day(s, id, day, as_of, v, NULL);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- what somebody sent ---- */

typedef struct notice {
    store *store;
    mizo_ms by;
    int32_t *wh;
    bool found;
} notice;

static mizo_err take_notice(void *arg, const store_record *rec)
{
    notice *n = arg;
    mizo_ms known;
    json_reader r;
    json_token t;
    MIZO_TRY(store_batch_known(n->store, rec->batch, &known));
    if (known > n->by)
        return MIZO_OK;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &t) == MIZO_OK && t.kind != JSON_END)
        if (t.depth == 1 && t.kind == JSON_ARRAY && strcmp(t.key, "wh") == 0) {
            MIZO_TRY(desk_ints32(&r, &t, n->wh, DESK_SLOTS));
            n->found = true;
        }
    return MIZO_OK;
}

mizo_err desk_notified(store *s, const char *kind, const char *id, mizo_day day, mizo_ms by,
                       int32_t wh[DESK_SLOTS])
{
    char key[DESK_ID];
    notice n = { .store = s, .by = by, .wh = wh };
    desk_id(id, day, key);
    desk_blank(wh);
    mizo_err e = s->ops->record_versions(s, kind, key, take_notice, &n);
    if (e && e != MIZO_ENOENT)
        return e;
    return n.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err desk_sent_sheet(store *s, const char *plant, mizo_day day, mizo_ms by, int32_t wh[DESK_SLOTS],
                         bool *told)
{
    char owner[2 * MIZO_ID_MAX];
    size_t n = strlen(plant);
    int32_t id;
    memcpy(owner, plant, n);
    memcpy(owner + n, "-notified", sizeof "-notified");
    *told = false;
    desk_blank(wh);
    if (!mizo_id_valid(owner, strlen(owner)))
        return MIZO_OK;
    mizo_series_key key = store_key(owner, MIZO_Q_GENERATION, MIZO_ROLE_FORECAST_MEAN);
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    if (!e)
        e = store_read_day(s, id, day, by, wh, NULL);
    for (int t = 0; t < DESK_SLOTS && !e; t++)
        *told = *told || wh[t] != MIZO_MISSING;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
