/* find.c: look-ups in a model: by id, by point, by day, and what a slot costs. */
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* The tables that are sorted by id all begin with it. */
static mizo_ref find_id(const void *rows, size_t n, size_t size, const char *id)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const char *here = *(const char *const *)(const void *)((const char *)rows + mid * size);
        int c = strcmp(here, id);
        if (c == 0)
            return (mizo_ref)mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

mizo_ref mizo_region_facility(const mizo_region *r, const char *id)
{
    return find_id(r->facility, r->nfacility, sizeof *r->facility, id);
}

mizo_ref mizo_region_point(const mizo_region *r, const char *id)
{
    return find_id(r->point, r->npoint, sizeof *r->point, id);
}

mizo_ref mizo_region_party(const mizo_region *r, const char *id)
{
    return find_id(r->party, r->nparty, sizeof *r->party, id);
}

mizo_ref mizo_region_contract(const mizo_region *r, const char *id)
{
    return find_id(r->contract, r->ncontract, sizeof *r->contract, id);
}

mizo_ref mizo_region_tariff(const mizo_region *r, const char *id)
{
    return find_id(r->tariff, r->ntariff, sizeof *r->tariff, id);
}

mizo_ref mizo_region_plant(const mizo_region *r, const char *id)
{
    return find_id(r->plant, r->nplant, sizeof *r->plant, id);
}

mizo_ref mizo_region_node(const mizo_region *r, const char *id)
{
    return find_id(r->node, r->nnode, sizeof *r->node, id);
}

mizo_ref mizo_region_pv(const mizo_region *r, const char *id)
{
    const mizo_ref *by_id = r->pv_by_id;
    size_t lo = 0, hi = r->npv;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(r->pv[by_id[mid]].id, id);
        if (c == 0)
            return by_id[mid];
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

/* First row whose reference, `at` bytes into it, is not below ref. */
static size_t lower(const void *rows, size_t n, size_t size, size_t at, mizo_ref ref)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        mizo_ref here;
        memcpy(&here, (const char *)rows + mid * size + at, sizeof here);
        if (here < ref)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static size_t rows_of(const void *rows, size_t n, size_t size, size_t at, mizo_ref ref, size_t *first)
{
    *first = lower(rows, n, size, at, ref);
    return ref < 0 || ref == INT32_MAX ? 0 : lower(rows, n, size, at, ref + 1) - *first;
}

#define ROWS_OF(list, n, type, member, ref, first)                                                           \
    rows_of(list, n, sizeof(type), offsetof(type, member), ref, first)

size_t mizo_region_pv_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    return ROWS_OF(r->pv, r->npv, mizo_pv, point, point, first);
}

size_t mizo_region_battery_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    return ROWS_OF(r->battery, r->nbattery, mizo_battery, point, point, first);
}

size_t mizo_region_charger_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    return ROWS_OF(r->charger, r->ncharger, mizo_charger, point, point, first);
}

size_t mizo_region_load_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    return ROWS_OF(r->load, r->nload, mizo_load, point, point, first);
}

const mizo_vehicle *mizo_region_vehicle_of(const mizo_region *r, mizo_ref charger)
{
    size_t first, n = ROWS_OF(r->vehicle, r->nvehicle, mizo_vehicle, charger, charger, &first);
    return n == 1 ? &r->vehicle[first] : NULL;
}

int32_t mizo_vehicle_full_wh(const mizo_vehicle *v, int32_t need_wh)
{
    int32_t full = (int32_t)((int64_t)v->energy_wh * 9 / 10);
    return full < need_wh ? need_wh : full;
}

bool mizo_load_holds(const mizo_load *l, mizo_day day)
{
    return l->from <= day && day < l->to && (l->daytypes >> (int)mizo_day_type(day) & 1);
}

mizo_wh mizo_load_drawn(const mizo_load *l, mizo_ms into_day)
{
    mizo_ms into = into_day - (mizo_ms)l->slot_from * MIZO_SLOT_MS,
            all = (mizo_ms)(l->slot_to - l->slot_from) * MIZO_SLOT_MS;
    return into <= 0 || l->energy_wh <= 0 ? 0 : into >= all ? l->energy_wh : l->energy_wh * into / all;
}

size_t mizo_region_uses_of(const mizo_region *r, mizo_ref facility, size_t *first)
{
    return ROWS_OF(r->use, r->nuse, mizo_use, facility, facility, first);
}

mizo_ref mizo_region_menu_on(const mizo_region *r, mizo_ref point, mizo_day d)
{
    size_t lo, n = ROWS_OF(r->supply, r->nsupply, mizo_supply, point, point, &lo);
    size_t hi = lo + n, first = lo;
    while (lo < hi) { /* past the last contract that has begun by then */
        size_t mid = lo + (hi - lo) / 2;
        if (r->supply[mid].from <= d)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > first && d < r->supply[lo - 1].to ? r->supply[lo - 1].menu : -1;
}

/* ---- prices ---- */

static bool fill(const mizo_rate *rate, int month, int daytype, int32_t *price)
{
    bool any = false;
    if (!(rate->months >> month & 1) || !(rate->daytypes >> daytype & 1))
        return false;
    for (int s = rate->slot_from; s < rate->slot_to && s < MIZO_DAY_SLOTS; s++) {
        if (price[s] != MIZO_MISSING)
            continue;
        price[s] = rate->myen_per_kwh;
        any = true;
    }
    return any;
}

bool region_prices(const mizo_rate *rate, size_t n, int32_t price[REGION_PRICES], bool *used, int *gap)
{
    for (int i = 0; i < REGION_PRICES; i++)
        price[i] = MIZO_MISSING;
    for (size_t k = 0; k < n; k++)
        for (int i = 0; i < 12 * 4; i++)
            if (fill(&rate[k], i / 4, i % 4, price + i * MIZO_DAY_SLOTS) && used)
                used[k] = true;
    for (*gap = 0; *gap < REGION_PRICES; ++*gap)
        if (price[*gap] == MIZO_MISSING)
            return false;
    return true;
}

int32_t mizo_region_rate(const mizo_region *r, mizo_ref tariff, mizo_day d, int slot_of_day)
{
    if (tariff < 0 || (size_t)tariff >= r->ntariff || slot_of_day < 0 || slot_of_day >= MIZO_DAY_SLOTS)
        return 0;
    int month = mizo_day_date(d).month - 1, type = (int)mizo_day_type(d);
    return r
        ->price[((size_t)tariff * 48 + (size_t)(month * 4 + type)) * MIZO_DAY_SLOTS + (size_t)slot_of_day];
}

bool mizo_region_recess(const mizo_region *r, const char *kind, mizo_day d)
{
    for (size_t i = 0; i < r->nterm; i++)
        if (d >= r->term[i].from && d < r->term[i].to && strcmp(r->term[i].kind, kind) == 0)
            return true;
    return false;
}

bool mizo_id_listed(const char *list, const char *id)
{
    size_t len = strlen(id);
    for (const char *s = list; *s;) {
        size_t skip = strspn(s, " "), n = strcspn(s + skip, " ");
        if (n && n == len && memcmp(s + skip, id, n) == 0)
            return true;
        s += skip + n;
    }
    return false;
}

const mizo_bg *mizo_region_bg_on(const mizo_region *r, const char *group, mizo_day d)
{
    for (size_t i = 0; i < r->nbg; i++)
        if (r->bg[i].from <= d && d < r->bg[i].to && strcmp(r->bg[i].id, group) == 0)
            return &r->bg[i];
    return NULL;
}

int32_t mizo_region_biogenic(const mizo_region *r, mizo_ref plant, mizo_day d)
{
    const mizo_plant *p = &r->plant[plant];
    if (p->carrier != MIZO_CARRIER_WASTE)
        return MIZO_PPM;
    for (size_t i = r->nbiogenic; i > 0; i--) { /* the row that began last */
        const mizo_biogenic *x = &r->biogenic[i - 1];
        if (x->plant == plant && d >= x->from && d < x->to)
            return x->share_ppm;
    }
    return p->biogenic_ppm;
}

const mizo_published *mizo_published_on(const mizo_region *r, int fy, const char *item, mizo_day as_of)
{
    const mizo_published *best = NULL; /* rows of one year and item stand by the day of their publication */
    for (size_t i = 0; i < r->npublished; i++) {
        const mizo_published *p = &r->published[i];
        if (p->fy == fy && p->on <= as_of && strcmp(p->item, item) == 0)
            best = p;
    }
    return best;
}

/* ---- words of an evaluation ---- */

static bool one_of(const char *list, const char *folded)
{
    char word[64];
    while (*list) {
        size_t n = strcspn(list, " ");
        text_fold(list, n, word, sizeof word);
        if (n && strcmp(word, folded) == 0)
            return true;
        list += n + (list[n] != '\0');
    }
    return false;
}

bool mizo_rating_is(const mizo_rating *x, const char *word)
{
    char folded[64];
    text_fold(word, strlen(word), folded, sizeof folded);
    return *folded && (one_of(x->word, folded) || one_of(x->print_ja, folded) || one_of(x->also, folded));
}
