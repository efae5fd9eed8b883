/* area_store.c: what the engine keeps of a site's problem. */
#include <stdlib.h>
#include <string.h>

#include "optimize/area_store.h"

void area_prices_free(area_prices *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->row[i]);
    free(p->row);
    memset(p, 0, sizeof *p);
}

static bool grow(area_prices *p)
{
    size_t room = p->room ? 2 * p->room : 16;
    int32_t **row = realloc(p->row, room * sizeof *row);
    if (!row)
        return false;
    p->row = row;
    p->room = room;
    return true;
}

/* Looks among the rows used last, then among all of a few; where every site has its own, each gets one. */
static mizo_err find_row(area_prices *p, const int32_t *v, size_t *out)
{
    size_t bytes = (size_t)p->n * sizeof *v, most = p->count < 256 ? p->count : 0;
    for (size_t i = 0; i < 4; i++)
        if (p->last[i] < p->count && !memcmp(p->row[p->last[i]], v, bytes)) {
            *out = p->last[i];
            return MIZO_OK;
        }
    size_t i = 0;
    while (i < most && memcmp(p->row[i], v, bytes) != 0)
        i++;
    if (i == most) {
        int32_t *row = malloc(bytes);
        if (!row || (p->count == p->room && !grow(p))) {
            free(row);
            return MIZO_ENOMEM;
        }
        memcpy(row, v, bytes);
        i = p->count++;
        p->row[i] = row;
    }
    memmove(p->last + 1, p->last, 3 * sizeof p->last[0]);
    p->last[0] = *out = i;
    return MIZO_OK;
}

static void *take(char **at, const void *from, size_t bytes)
{
    if (!from || !bytes)
        return NULL;
    void *to = *at;
    memcpy(to, from, bytes);
    *at += (bytes + 7) / 8 * 8;
    return to;
}

static bool any(const int32_t *v, int n)
{
    for (int t = 0; v && t < n; t++)
        if (v[t])
            return true;
    return false;
}

static size_t used_by(const mizo_site_problem *p)
{
    size_t row = ((size_t)p->n * sizeof(int32_t) + 7) / 8 * 8, bytes = any(p->pv_w, p->n) ? 2 * row : row;
    for (int b = 0; b < p->nbattery; b++) {
        const mizo_plan_battery *x = &p->battery[b];
        bytes += (size_t)((x->use_w != NULL) + (x->reserved_w != NULL) + (x->reserved_wh != NULL)) * row;
    }
    return bytes + (size_t)p->nbattery * (sizeof p->battery[0] + 8) +
           (size_t)p->nvehicle * (sizeof p->vehicle[0] + 8) + (size_t)p->nrun * (sizeof p->run[0] + 8) + 24;
}

mizo_err area_keep(area_kept *k, area_prices *prices, const mizo_site_problem *p)
{
    area_kept o = { .limit_w = p->limit_w,
                    .export_w = p->export_w,
                    .standing_w = p->standing_w,
                    .peak_myen_per_kw = p->peak_myen_per_kw,
                    .agreed_w = p->agreed_w,
                    .over_agreed_myen_per_kw = p->over_agreed_myen_per_kw,
                    .keep_import_w = p->keep_import_w,
                    .nbattery = (int16_t)p->nbattery,
                    .nvehicle = (int16_t)p->nvehicle,
                    .nrun = (int16_t)p->nrun };
    size_t row = (size_t)p->n * sizeof(int32_t);
    MIZO_TRY(find_row(prices, p->buy_myen, &o.buy));
    MIZO_TRY(find_row(prices, p->sell_myen, &o.sell));
    char *at = malloc(used_by(p));
    if (!at)
        return MIZO_ENOMEM;
    o.memory = at;
    o.load_w = take(&at, p->load_w, row);
    o.pv_w = any(p->pv_w, p->n) ? take(&at, p->pv_w, row) : NULL;
    o.battery = take(&at, p->battery, (size_t)p->nbattery * sizeof p->battery[0]);
    for (int b = 0; b < p->nbattery; b++) {
        o.battery[b].use_w = take(&at, o.battery[b].use_w, row);
        o.battery[b].reserved_w = take(&at, o.battery[b].reserved_w, row);
        o.battery[b].reserved_wh = take(&at, o.battery[b].reserved_wh, row);
    }
    o.vehicle = take(&at, p->vehicle, (size_t)p->nvehicle * sizeof p->vehicle[0]);
    o.run = take(&at, p->run, (size_t)p->nrun * sizeof p->run[0]);
    free(k->memory);
    *k = o;
    return MIZO_OK;
}

void area_kept_free(area_kept *k)
{
    free(k->memory);
    memset(k, 0, sizeof *k);
}

void area_kept_problem(const area_kept *k, const area_prices *prices, int n, int step_min,
                       mizo_site_problem *out)
{
    memset(out, 0, sizeof *out);
    out->size = sizeof *out;
    out->n = n;
    out->step_min = step_min;
    out->load_w = k->load_w;
    out->pv_w = k->pv_w;
    out->buy_myen = prices->row[k->buy];
    out->sell_myen = prices->row[k->sell];
    out->limit_w = k->limit_w;
    out->export_w = k->export_w;
    out->standing_w = k->standing_w;
    out->peak_myen_per_kw = k->peak_myen_per_kw;
    out->agreed_w = k->agreed_w;
    out->over_agreed_myen_per_kw = k->over_agreed_myen_per_kw;
    out->keep_import_w = k->keep_import_w;
    out->nbattery = k->nbattery;
    out->nvehicle = k->nvehicle;
    out->nrun = k->nrun;
    if (k->nbattery)
        memcpy(out->battery, k->battery, (size_t)k->nbattery * sizeof out->battery[0]);
    if (k->nvehicle)
        memcpy(out->vehicle, k->vehicle, (size_t)k->nvehicle * sizeof out->vehicle[0]);
    if (k->nrun)
        memcpy(out->run, k->run, (size_t)k->nrun * sizeof out->run[0]);
}

size_t area_kept_bytes(const area_kept *k, int n)
{
    size_t row = (size_t)n * sizeof(int32_t);
    return sizeof *k + 16 + row * (k->pv_w ? 2 : 1) + (size_t)k->nbattery * sizeof *k->battery +
           (size_t)k->nvehicle * sizeof *k->vehicle + (size_t)k->nrun * sizeof *k->run;
}
