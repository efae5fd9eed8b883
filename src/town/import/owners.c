/* owners.c: whose values they are. Ids are checked against the model; what the
 * store has a series of already, and the market and area ids that readers name, are known too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/import.h"
#include "mizo/metering.h"
#include "town/import/run.h"

enum { SERIES_MOST = 4 << 20, NUMBER_DIGITS = 22 };

static uint64_t text_hash(const char *s, size_t n)
{
    uint64_t h = n, w;
    for (; n >= 8; s += 8, n -= 8) {
        memcpy(&w, s, 8);
        h = mizo_mix64(h ^ w);
    }
    w = 0;
    memcpy(&w, s, n);
    return mizo_mix64(h ^ w);
}

static size_t name_place(const import_run *im, const char *s, size_t n)
{
    size_t at = (size_t)text_hash(s, n) & im->name_mask;
    for (; im->name_table[at] >= 0; at = (at + 1) & im->name_mask) {
        const import_name *name = &im->name[im->name_table[at]];
        if (name->n == n && memcmp(name->text, s, n) == 0)
            break;
    }
    return at;
}

static mizo_err grow_names(import_run *im)
{
    MIZO_TRY(index_grow(&im->name_table, &im->name_mask, 4096));
    for (size_t i = 0; i < im->nname; i++)
        im->name_table[name_place(im, im->name[i].text, im->name[i].n)] = (int32_t)i;
    return MIZO_OK;
}

/* text lives as long as the import. The first owner of a name keeps it. */
static mizo_err add_name(import_run *im, const char *text, int32_t owner)
{
    if (!im->name_table || im->nname * 2 >= im->name_mask)
        MIZO_TRY(grow_names(im));
    size_t at = name_place(im, text, strlen(text));
    if (im->name_table[at] >= 0)
        return MIZO_OK;
    MIZO_TRY(array_grow(&im->name, &im->name_cap, im->nname + 1, sizeof *im->name));
    im->name[im->nname] = (import_name){
        .text = text, .n = (uint32_t)strlen(text), .owner = owner, .next = (int32_t)im->nname
    };
    im->name_table[at] = (int32_t)im->nname++;
    return MIZO_OK;
}

static mizo_err add_owner(import_run *im, const char *id, owner_kind kind, int64_t rated_w, const char *alias)
{
    MIZO_TRY(array_grow(&im->owner, &im->owner_cap, im->nowner + 1, sizeof *im->owner));
    int32_t limit = mizo_step_limit(rated_w, 30);
    im->owner[im->nowner] = (import_owner){ .id = id,
                                            .kind = kind,
                                            .rated_w = rated_w,
                                            .quick_series = -1,
                                            .quick_limit = limit ? limit : INT32_MAX };
    MIZO_TRY(add_name(im, id, (int32_t)im->nowner));
    if (alias && *alias)
        MIZO_TRY(add_name(im, alias, (int32_t)im->nowner));
    im->nowner++;
    return MIZO_OK;
}

static mizo_err add_assets(import_run *im, const mizo_region *g)
{
    for (size_t i = 0; i < g->npv; i++)
        MIZO_TRY(add_owner(im, g->pv[i].id, OWNER_PV, g->pv[i].ac_w, NULL));
    for (size_t i = 0; i < g->nbattery; i++) {
        const mizo_battery *b = &g->battery[i];
        int32_t most = b->charge_w > b->discharge_w ? b->charge_w : b->discharge_w;
        MIZO_TRY(add_owner(im, b->id, OWNER_STORAGE, most, NULL));
    }
    for (size_t i = 0; i < g->ncharger; i++)
        MIZO_TRY(add_owner(im, g->charger[i].id, OWNER_CHARGER, g->charger[i].max_w, NULL));
    for (size_t i = 0; i < g->nvehicle; i++)
        MIZO_TRY(add_owner(im, g->vehicle[i].id, OWNER_VEHICLE, 0, NULL));
    for (size_t i = 0; i < g->nplant; i++)
        MIZO_TRY(add_owner(im, g->plant[i].id, OWNER_PLANT, g->plant[i].capacity_w, NULL));
    return MIZO_OK;
}

/* What has a series already was accepted once: the weather of the town, a market, an area. */
static mizo_err add_known(void *arg, int32_t id, const mizo_series_key *key)
{
    import_run *im = arg;
    (void)id;
    return import_owner_known(im, key->owner) < 0 ? MIZO_ENOMEM : MIZO_OK;
}

mizo_err import_owners_load(import_run *im)
{
    const mizo_region *g = im->t->region;
    im->last_name = -1;
    for (size_t i = 0; i < g->npoint; i++)
        MIZO_TRY(add_owner(im, g->point[i].id, OWNER_POINT, g->point[i].contract_w, g->point[i].number));
    MIZO_TRY(add_assets(im, g));
    if (*g->market_area)
        MIZO_TRY(add_owner(im, g->market_area, OWNER_MARKET, 0, NULL));
    if (*g->id)
        MIZO_TRY(add_owner(im, g->id, OWNER_MARKET, 0, NULL));
    im->home = import_owner_known(im, *g->weather_station ? g->weather_station : g->id);
    if (im->home < 0)
        return MIZO_ENOMEM;
    return im->t->store->ops->series_scan(im->t->store, add_known, im);
}

/* "jepx-kyushu", "tepco-area-pv", "weather-north": what the readers of the market, of the areas and of the
 * weather name. */
static bool market_name(const char *s, size_t n)
{
    return mizo_id_valid(s, n) &&
           ((n > 5 && memcmp(s, "jepx-", 5) == 0) || (n > 8 && memcmp(s, "weather-", 8) == 0) ||
            (n > 10 && memcmp(s, "imbalance-", 10) == 0) || memmem(s, n, "-area", 5));
}

/* "03-0012-..." and full-width digits, as bills print them: the 22 digits alone. */
static bool point_number(const char *s, size_t n, char out[NUMBER_DIGITS])
{
    char folded[2 * NUMBER_DIGITS + 2];
    size_t k = 0, have = text_fold(s, n, folded, sizeof folded);
    for (size_t i = 0; i < have; i++) {
        if (folded[i] == '-')
            continue;
        if (folded[i] < '0' || folded[i] > '9' || k == NUMBER_DIGITS)
            return false;
        out[k++] = folded[i];
    }
    return k == NUMBER_DIGITS && !(n == k && memcmp(s, out, k) == 0);
}

int32_t import_owner_find(import_run *im, const char *s, size_t n)
{
    char digits[NUMBER_DIGITS];
    const import_name *last = im->last_name >= 0 ? &im->name[im->last_name] : NULL;
    if (last) { /* most files go round the same points in the same order */
        const import_name *guess = &im->name[last->next];
        if (guess->n == n && memcmp(guess->text, s, n) == 0) {
            im->last_name = last->next;
            return guess->owner;
        }
    }
    if (!im->name_table)
        return -1;
    int32_t found = n < MIZO_ID_MAX ? im->name_table[name_place(im, s, n)] : -1;
    if (found < 0 && point_number(s, n, digits))
        found = im->name_table[name_place(im, digits, sizeof digits)];
    if (found < 0) {
        if (!market_name(s, n) || import_owner_known(im, arena_copy(im->texts, s, n)) < 0)
            return -1;
        found = im->name_table[name_place(im, s, n)];
    }
    if (im->last_name >= 0)
        im->name[im->last_name].next = found;
    im->last_name = found;
    return im->name[found].owner;
}

int32_t import_owner_known(import_run *im, const char *id)
{
    size_t n = id ? strlen(id) : 0;
    if (n == 0)
        return -1;
    if (im->name_table) {
        int32_t found = im->name_table[name_place(im, id, n)];
        if (found >= 0)
            return im->name[found].owner;
    }
    const char *text = arena_copy(im->texts, id, n);
    if (!text || add_owner(im, text, OWNER_MARKET, 0, NULL))
        return -1;
    return (int32_t)im->nowner - 1;
}

static uint8_t usual_quantity(owner_kind kind)
{
    switch (kind) {
    case OWNER_PV:
    case OWNER_PLANT:
        return MIZO_Q_GENERATION;
    case OWNER_STORAGE:
    case OWNER_CHARGER:
    case OWNER_VEHICLE:
        return MIZO_Q_CHARGE;
    default:
        return MIZO_Q_IMPORT;
    }
}

static size_t series_place(const import_run *im, const mizo_series_key *k, int32_t owner)
{
    uint64_t h = (uint64_t)(uint32_t)owner << 32 | (uint64_t)k->quantity << 24 | (uint64_t)k->role << 16 |
                 (uint64_t)(uint8_t)k->exponent << 8 | (uint64_t)(uint8_t)k->step_min;
    size_t at = (size_t)mizo_mix64(h) & im->series_mask;
    for (; im->series_table[at] >= 0; at = (at + 1) & im->series_mask) {
        const import_series *s = &im->series[im->series_table[at]];
        if (s->owner == owner && s->key.quantity == k->quantity && s->key.role == k->role &&
            s->key.exponent == k->exponent && s->key.step_min == k->step_min)
            break;
    }
    return at;
}

static mizo_err grow_series(import_run *im)
{
    MIZO_TRY(index_grow(&im->series_table, &im->series_mask, 4096));
    for (size_t i = 0; i < im->nseries; i++)
        im->series_table[series_place(im, &im->series[i].key, im->series[i].owner)] = (int32_t)i;
    return MIZO_OK;
}

static bool is_flow(uint8_t q)
{
    return q == MIZO_Q_IMPORT || q == MIZO_Q_EXPORT || q == MIZO_Q_GENERATION || q == MIZO_Q_CHARGE ||
           q == MIZO_Q_DISCHARGE || q == MIZO_Q_DEMAND || q == MIZO_Q_NET;
}

int32_t import_series_of(import_run *im, int32_t owner, uint8_t quantity, uint8_t role, int exponent,
                         int step_min)
{
    const import_owner *o = &im->owner[owner];
    mizo_series_key key = { .quantity = quantity ? quantity : usual_quantity(o->kind),
                            .role = role,
                            .exponent = (int8_t)exponent,
                            .step_min = (int16_t)step_min };
    if ((!im->series_table || im->nseries * 2 >= im->series_mask) && grow_series(im))
        return -1;
    size_t at = series_place(im, &key, owner);
    if (im->series_table[at] >= 0)
        return im->series_table[at];
    if (im->nseries >= SERIES_MOST ||
        array_grow(&im->series, &im->series_cap, im->nseries + 1, sizeof *im->series))
        return -1;
    memcpy(key.owner, o->id, strlen(o->id) + 1);
    im->series[im->nseries] = (import_series){
        .key = key, .owner = owner, .limit = is_flow(key.quantity) ? mizo_step_limit(o->rated_w, step_min) : 0
    };
    im->series_table[at] = (int32_t)im->nseries;
    return (int32_t)im->nseries++;
}

const char *import_nearest(import_run *im, const char *word)
{
    const char **words = malloc((im->nowner + 1) * sizeof *words);
    if (!words)
        return NULL;
    for (size_t i = 0; i < im->nowner; i++)
        words[i] = im->owner[i].id;
    const char *near = text_nearest(word, words, im->nowner);
    free(words);
    return near;
}

/* Digits that a spreadsheet took for a number: 3.00012E+20, or the zero before them gone. */
static bool rounded_number(const csv_field *f)
{
    size_t n = 0, digits = 0;
    for (; n < f->n && strchr("0123456789.", f->s[n]); n++)
        digits += f->s[n] != '.';
    return n == f->n ? digits == NUMBER_DIGITS - 1 : n && (f->s[n] == 'E' || f->s[n] == 'e');
}

mizo_err import_unknown_owner(import_run *im, const table_text *id, table_fault *f)
{
    csv_field at = { id->s, id->n, id->column };
    if (rounded_number(&at))
        return table_bad_text(f, MIZO_MSG_IMPORT_ROUNDED_NUMBER, &at, NULL);
    table_bad_text(f, MIZO_MSG_IMPORT_UNKNOWN_ID, &at, NULL);
    char word[MIZO_ID_MAX];
    snprintf(word, sizeof word, "%.*s", (int)(id->n < sizeof word ? id->n : sizeof word - 1), id->s);
    const char *near = mizo_diags_kept(im->t->diags) < 200 ? import_nearest(im, word) : NULL;
    return near ? table_bad_text(f, MIZO_MSG_IMPORT_UNKNOWN_ID_NEAR, &at, near) : MIZO_EINPUT;
}
