/* view.c: the town at one instant, as a value. All arrays of a view lie in one block, so that a copy is
 * one memcpy and a release one free. */
#include "town/live/view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "town/plan/area_nodes.h"

enum { ALERT_TEXT = 64 };

typedef struct alert_text {
    char param[MIZO_DIAG_PARAMS][ALERT_TEXT];
} alert_text;

typedef struct layout {
    size_t point, now, plant, plant_now, van, more_of, more, run, store, place, text, size;
} layout;

typedef struct counts {
    size_t npoint, nplant, nvan, nmore, nrun, nstore, nplace;
} counts;

static size_t take(size_t *at, size_t n)
{
    size_t here = *at;
    *at += (n + 15) & ~(size_t)15;
    return here;
}

static layout layout_of(const counts *n)
{
    layout l;
    size_t at = 0;
    take(&at, sizeof(town_view));
    l.point = take(&at, n->npoint * sizeof(view_day));
    l.now = take(&at, n->npoint * sizeof(view_now));
    l.plant = take(&at, n->nplant * sizeof(int32_t[48]));
    l.plant_now = take(&at, n->nplant * sizeof(int32_t));
    l.van = take(&at, n->nvan * sizeof(view_van));
    l.more_of = take(&at, n->npoint * sizeof(mizo_ref));
    l.more = take(&at, n->nmore * sizeof(view_more));
    l.run = take(&at, n->nrun * sizeof(view_run));
    l.store = take(&at, n->nstore * sizeof(view_store));
    l.place = take(&at, n->nplace * sizeof(view_place));
    l.text = take(&at, VIEW_ALERTS * sizeof(alert_text));
    l.size = at;
    return l;
}

static counts counts_of(const town_view *v)
{
    return (counts){ v->npoint, v->nplant, v->nvan, v->nmore, v->nrun, v->nstore, v->nplace };
}

static alert_text *texts_of(town_view *v)
{
    counts n = counts_of(v);
    return (alert_text *)((char *)v + layout_of(&n).text);
}

/* Points the view's arrays into its own block, and the alerts' parameters too. */
static void settle_pointers(town_view *v)
{
    counts n = counts_of(v);
    layout l = layout_of(&n);
    char *p = (char *)v;
    v->block = p;
    v->point = (view_day *)(p + l.point);
    v->point_now = (view_now *)(p + l.now);
    v->plant = (int32_t(*)[48])(p + l.plant);
    v->plant_now_w = (int32_t *)(p + l.plant_now);
    v->van = (view_van *)(p + l.van);
    v->more_of = (mizo_ref *)(p + l.more_of);
    v->more = (view_more *)(p + l.more);
    v->run = (view_run *)(p + l.run);
    v->store = (view_store *)(p + l.store);
    v->place = (view_place *)(p + l.place);
    alert_text *text = (alert_text *)(p + l.text);
    for (size_t i = 0; i < VIEW_ALERTS; i++)
        for (int k = 0; k < MIZO_DIAG_PARAMS; k++)
            v->alert[i].what.param[k] = text[i].param[k];
}

static void fill_missing(int32_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = MIZO_MISSING;
}

void view_clear_day(view_day *d)
{
    fill_missing((int32_t *)d, sizeof *d / sizeof(int32_t));
}

static view_now silent(void)
{
    return (view_now){ .demand_w = MIZO_MISSING,
                       .pv_w = MIZO_MISSING,
                       .import_w = MIZO_MISSING,
                       .export_w = MIZO_MISSING,
                       .battery_w = MIZO_MISSING,
                       .soc_wh = MIZO_MISSING,
                       .vehicle_w = MIZO_MISSING,
                       .why = MIZO_WHY_PLAN,
                       .mean_w = MIZO_MISSING };
}

void view_clear_place(view_place *p)
{
    enum { FIRST = offsetof(view_place, import_limit), VALUES = 7 * 48 };
    fill_missing((int32_t *)((char *)p + FIRST), VALUES);
}

bool view_limited(const view_place *p)
{
    for (int s = 0; s < 48; s++)
        if (p->import_limit[s] != MIZO_MISSING || p->export_limit[s] != MIZO_MISSING)
            return true;
    return false;
}

static void name_places(town_view *v, const area_nodes *a)
{
    for (size_t i = 0; i < v->nplace; i++) {
        v->place[i].node = a->place[i].node;
        v->place[i].over_myen = a->place[i].over_myen;
        v->place[i].standing = a->place[i].standing;
        view_clear_place(&v->place[i]);
    }
}

/* Has the point something beside batteries and vehicles that only take? */
static bool has_more(const mizo_region *r, mizo_ref point)
{
    size_t first, n = mizo_region_load_of(r, point, &first);
    bool any = n > 0;
    n = mizo_region_battery_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        any = any || r->battery[i].kind != MIZO_STORE_BATTERY;
    n = mizo_region_charger_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        any = any || r->charger[i].give_w > 0;
    return any;
}

static void clear_more(view_more *m)
{
    fill_missing((int32_t *)m, sizeof *m / sizeof(int32_t));
}

void view_clear_point(town_view *v, mizo_ref point)
{
    view_clear_day(&v->point[point]);
    if (v->more_of[point] >= 0)
        clear_more(&v->more[v->more_of[point]]);
}

const view_more *view_more_of(const town_view *v, mizo_ref point)
{
    return v->more_of[point] >= 0 ? &v->more[v->more_of[point]] : NULL;
}

static void list_more(town_view *v)
{
    mizo_ref next = 0;
    for (size_t i = 0; i < v->npoint; i++) {
        v->more_of[i] = has_more(v->region, (mizo_ref)i) ? next++ : -1;
        view_clear_point(v, (mizo_ref)i);
        v->point_now[i] = silent();
    }
    for (size_t i = 0; i < v->nrun; i++)
        v->run[i].plan_slot = -1;
}

static counts counts_for(const mizo_region *r, const area_nodes *nodes)
{
    counts n = { r->npoint, r->nplant, r->nvehicle, 0, r->nload, r->nbattery, (size_t)nodes->n };
    for (size_t i = 0; i < r->npoint; i++)
        n.nmore += has_more(r, (mizo_ref)i);
    return n;
}

town_view *view_new(const mizo_region *r)
{
    area_nodes nodes;
    if (area_nodes_new(r, &nodes))
        return NULL;
    counts n = counts_for(r, &nodes);
    town_view *v = calloc(1, layout_of(&n).size);
    if (!v) {
        area_nodes_free(&nodes);
        return NULL;
    }
    v->nplace = n.nplace;
    v->region = mizo_region_ref(r);
    v->npoint = n.npoint;
    v->nplant = n.nplant;
    v->nvan = n.nvan;
    v->nmore = n.nmore;
    v->nrun = n.nrun;
    v->nstore = n.nstore;
    v->speed = 1;
    v->refs = 1;
    settle_pointers(v);
    list_more(v);
    view_clear_day(&v->total);
    v->total_now = silent();
    for (size_t i = 0; i < v->nplant; i++) {
        fill_missing(v->plant[i], 48);
        v->plant_now_w[i] = MIZO_MISSING;
    }
    fill_missing(v->price, 48);
    fill_missing(v->matched, 48);
    fill_missing(v->buy.today, 48);
    fill_missing(v->buy.tomorrow, 48);
    name_places(v, &nodes);
    area_nodes_free(&nodes);
    return v;
}

town_view *view_copy(const town_view *v)
{
    counts n = counts_of(v);
    size_t size = layout_of(&n).size;
    town_view *copy = malloc(size);
    if (!copy)
        return NULL;
    memcpy(copy, v, size);
    copy->refs = 1;
    mizo_region_ref(copy->region);
    settle_pointers(copy);
    return copy;
}

town_view *view_ref(town_view *v)
{
    __atomic_add_fetch(&v->refs, 1, __ATOMIC_RELAXED);
    return v;
}

void view_unref(town_view *v)
{
    if (!v || __atomic_sub_fetch(&v->refs, 1, __ATOMIC_ACQ_REL))
        return;
    mizo_region_unref(v->region);
    free(v);
}

/* Sums over the points that are known; missing only where none is. A sum beyond int32 stays at its end. */
static int32_t sum_of(const char *first, size_t stride, size_t n)
{
    int64_t sum = 0;
    bool known = false;
    for (size_t i = 0; i < n; i++) {
        int32_t x;
        memcpy(&x, first + i * stride, sizeof x);
        if (x == MIZO_MISSING)
            continue;
        known = true;
        sum += x;
    }
    if (!known)
        return MIZO_MISSING;
    return sum > INT32_MAX ? INT32_MAX : sum < -INT32_MAX ? -INT32_MAX : (int32_t)sum;
}

void view_total(town_view *v)
{
    enum { DAY_VALUES = sizeof(view_day) / sizeof(int32_t) };
    for (size_t k = 0; k < DAY_VALUES; k++)
        ((int32_t *)&v->total)[k] = sum_of((const char *)v->point + k * 4, sizeof(view_day), v->npoint);
    for (int s = 0; s < 48 && v->waking; s++)
        v->total.forecast[s] = v->total.forecast_p10[s] = v->total.forecast_p90[s] = v->total.pv_forecast[s] =
            MIZO_MISSING;
    static const size_t now_at[] = { offsetof(view_now, demand_w),  offsetof(view_now, pv_w),
                                     offsetof(view_now, import_w),  offsetof(view_now, export_w),
                                     offsetof(view_now, battery_w), offsetof(view_now, soc_wh),
                                     offsetof(view_now, vehicle_w), offsetof(view_now, run_w),
                                     offsetof(view_now, store_w) };
    for (size_t k = 0; k < sizeof now_at / sizeof *now_at; k++) {
        int32_t sum = sum_of((const char *)v->point_now + now_at[k], sizeof(view_now), v->npoint);
        memcpy((char *)&v->total_now + now_at[k], &sum, sizeof sum);
    }
    v->total_now.controlled = false;
    for (size_t i = 0; i < v->npoint; i++)
        v->total_now.controlled = v->total_now.controlled || v->point_now[i].controlled;
}

/* Drops the oldest alert; the texts move, since they lie in their slots. */
static void drop_oldest(town_view *v)
{
    alert_text *text = texts_of(v);
    memmove(v->alert, v->alert + 1, (VIEW_ALERTS - 1) * sizeof *v->alert);
    memmove(text, text + 1, (VIEW_ALERTS - 1) * sizeof *text);
    v->nalert = VIEW_ALERTS - 1;
    settle_pointers(v);
}

void view_alarm(town_view *v, mizo_slot slot, mizo_msg id, ...)
{
    if (v->nalert == VIEW_ALERTS)
        drop_oldest(v);
    view_alert *a = &v->alert[v->nalert];
    alert_text *text = texts_of(v) + v->nalert++;
    memset(text, 0, sizeof *text);
    a->slot = slot;
    a->what.id = id;
    a->what.at = MIZO_NOWHERE;
    a->what.nparam = 0;
    va_list ap;
    va_start(ap, id);
    for (const char *s = va_arg(ap, const char *); s && a->what.nparam < MIZO_DIAG_PARAMS;
         s = va_arg(ap, const char *)) {
        size_t n = strnlen(s, ALERT_TEXT - 1);
        while (n && n == ALERT_TEXT - 1 && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--; /* do not cut a letter in two */
        memcpy(text->param[a->what.nparam++], s, n);
    }
    va_end(ap);
}

settle_day view_meters(const town_view *v, int32_t (*rows)[MIZO_DAY_SLOTS])
{
    settle_day in = { .day = v->day,
                      .plant = v->plant,
                      .pv = rows,
                      .import = rows + v->npoint,
                      .export = rows + 2 * v->npoint,
                      .charge = rows + 3 * v->npoint,
                      .discharge = rows + 4 * v->npoint };
    for (size_t i = 0; i < v->npoint; i++) {
        memcpy(in.pv[i], v->point[i].pv, sizeof in.pv[i]);
        memcpy(in.import[i], v->point[i].import, sizeof in.import[i]);
        memcpy(in.export[i], v -> point[i].export, sizeof in.export[i]);
        memcpy(in.charge[i], v->point[i].charge, sizeof in.charge[i]);
        memcpy(in.discharge[i], v->point[i].discharge, sizeof in.discharge[i]);
    }
    return in;
}
