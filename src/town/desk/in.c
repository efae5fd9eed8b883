/* in.c: reads the desk's tables, row by row, every mistake with its place. */
#include "town/desk/in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/inner.h"
#include "town/desk/table.h"
#include "town/import/import.h"
#include "town/register/register.h"

enum { SLOTS = DESK_SLOTS };

/* ---- keeping ---- */

register_file desk_file_line(const desk_act *a, desk_file_in what, const char *name, const char *bytes,
                             size_t n)
{
    static const struct {
        const char *kind, *with;
    } of[] = {
        [DESK_IN_SPOT] = {"jepx-results",      "jepx"   },
        [DESK_IN_INTRADAY] = { "jepx-intraday",    "jepx"   },
        [DESK_IN_PLANTS] = { "plant-plan",       "plants" },
        [DESK_IN_PARENT] = { "parent-imbalance", "parent" },
        [DESK_IN_MEMBERS] = { "member-values",    "members"},
    };
    bool parent = what == DESK_IN_PARENT && *a->group->parent;
    return (register_file){ .kind = of[what].kind,
                            .name = name,
                            .with = parent ? a->group->parent : of[what].with,
                            .from = a->day,
                            .to = a->day + 1,
                            .actor = a->actor,
                            .at = a->now,
                            .bytes = bytes,
                            .n = n };
}

mizo_err desk_put_file(const desk_act *a, const char *kind, const char *with, const char *name,
                       const char *bytes, size_t n, bool sent)
{
    register_line line;
    register_file f = { .kind = kind,
                        .name = name,
                        .sent = sent,
                        .with = with,
                        .from = a->day,
                        .to = a->day + 1,
                        .actor = a->actor,
                        .at = a->now,
                        .note = a->reason,
                        .bytes = bytes,
                        .n = n };
    return register_put(a->town, &f, &line);
}

mizo_err desk_keep(const desk_act *a, const char *source, const desk_kept *k)
{
    store *s = a->town->store;
    bool changed;
    store_batch b = { .known = a->now, .actor = a->actor, .source = source, .note = "" };
    if (k->text->err)
        return k->text->err;
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = desk_put_file(a, k->file_kind, k->with, k->name, k->bytes, k->n, k->sent);
    if (!e)
        e = s->ops->record_put(s, k->kind, k->id, k->text->p, &changed);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

static void put_wide(json *j, const char *key, const int64_t *v)
{
    json_array(j, key);
    for (int t = 0; t < SLOTS; t++)
        json_int(j, NULL, v[t]);
    json_end(j);
}

/* ---- results of the exchange ---- */

typedef struct results {
    const desk_act *a;
    const mizo_desk_rules *rules;
    int32_t fee_myen;
    bool spot, said;
    bool seen[2][SLOTS];
    int64_t wh[SLOTS], uyen[SLOTS];
} results;

/* The exchange trades whole steps: anything else is a file of something else, or in another unit. */
static void say_step(const results *r, desk_table *t, int64_t kwh)
{
    char is[24], step[24];
    snprintf(is, sizeof is, "%lld", (long long)kwh);
    snprintf(step, sizeof step, "%d", (int)r->rules->market_step_kwh);
    MIZO_DIAG(t->d, DESK_BID_STEP, MIZO_AT(t->file, t->rec.line, desk_cell(t, 3)->column), is, step);
    t->errors++;
}

static void results_row(void *arg, desk_table *t)
{
    results *r = arg;
    int slot;
    int64_t kwh, myen;
    char side[16];
    if (!desk_cell_of_day(t, r->a->day, 0, &r->said) || !desk_cell_slot(t, 1, &slot))
        return;
    text_fold(desk_cell(t, 2)->s, desk_cell(t, 2)->n, side, sizeof side);
    bool sell = strcmp(side, "sell") == 0 || strcmp(side, "売") == 0 || strcmp(side, "売り") == 0;
    if (!sell && strcmp(side, "buy") && strcmp(side, "買") && strcmp(side, "買い")) {
        desk_cell_bad(t, 2, "buy, sell");
        return;
    }
    if (!desk_cell_number(t, 3, 0, &kwh, "kWh >= 0") || !desk_cell_number(t, 4, 3, &myen, "yen/kWh"))
        return;
    if (kwh < 0 || kwh > 100000000 || myen > 1000000 || myen < -1000000) {
        desk_cell_bad(t, kwh < 0 || kwh > 100000000 ? 3 : 4, "0..100000000 kWh, -1000..1000 yen/kWh");
        return;
    }
    if (r->rules->market_step_kwh > 0 && kwh % r->rules->market_step_kwh) {
        say_step(r, t, kwh);
        return;
    }
    if (r->spot && r->seen[sell][slot])
        desk_slot_twice(t, slot);
    r->seen[sell][slot] = true;
    r->wh[slot] += (sell ? -1000 : 1000) * kwh;
    r->uyen[slot] += 1000 * kwh * ((sell ? -myen : myen) + r->fee_myen);
}

mizo_err desk_in_results(const desk_act *a, const char *market, const char *name, const char *bytes, size_t n)
{
    static const char *const names[] = { "day", "slot", "side", "kwh", "yen_per_kwh", NULL };
    desk_table t = { .file = name,
                     .columns = "day, slot, side, kwh, yen_per_kwh",
                     .name = names,
                     .needed = 5,
                     .d = a->diags };
    results r = { .a = a, .spot = strcmp(market, "spot") == 0 };
    mizo_desk_rules rules;
    char id[DESK_ID], full[DESK_ID + 16];
    MIZO_TRY(desk_needs_market(a));
    MIZO_TRY(desk_rules(a->town->region, a->day, a->diags, &rules));
    r.rules = &rules;
    r.fee_myen = r.spot ? rules.spot_fee_myen : rules.intraday_fee_myen;
    MIZO_TRY(desk_table_read(&t, bytes, n, results_row, &r));
    buf text;
    json j;
    buf_init(&text, 1 << 20);
    json_init(&j, &text);
    json_object(&j, NULL);
    json_text(&j, "market", market);
    put_wide(&j, "wh", r.wh);
    put_wide(&j, "uyen", r.uyen);
    json_end(&j);
    desk_id(a->group->id, a->day, id);
    snprintf(full, sizeof full, "%s/%s", id, market);
    desk_kept k = { "desk-result", full, &text, r.spot ? "jepx-results" : "jepx-intraday", "jepx", name,
                    bytes,         n,    false };
    mizo_err e = desk_keep(a, "day results", &k);
    buf_fini(&text);
    return e;
}

/* ---- what plants will give ---- */

typedef struct notices {
    const desk_act *a;
    const char *id; /* NULL: the file says */
    bool said;
    size_t n;
    struct {
        char id[MIZO_ID_MAX];
        int64_t wh[SLOTS];
        int seen;
    } of[DESK_UNITS];
} notices;

static bool is_plant(const mizo_region *r, const char *id)
{
    return mizo_region_plant(r, id) >= 0;
}

static bool is_source(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nsource; i++)
        if (strcmp(r->source[i].id, id) == 0)
            return true;
    return false;
}

static int notice_of(notices *x, desk_table *t)
{
    char id[MIZO_ID_MAX];
    const csv_field *f = desk_cell(t, 3);
    snprintf(id, sizeof id, "%.*s", (int)(f->n < MIZO_ID_MAX ? f->n : 0), f->s);
    const char *name = f->n ? id : x->id;
    if (!name || (!is_plant(x->a->town->region, name) && !is_source(x->a->town->region, name))) {
        desk_cell_bad(t, 3, "plants.csv, sources.csv: id");
        return -1;
    }
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->of[i].id, name) == 0)
            return (int)i;
    if (x->n == DESK_UNITS) {
        desk_cell_bad(t, 3, "<= 64");
        return -1;
    }
    memcpy(x->of[x->n].id, name, strlen(name) + 1);
    for (int s = 0; s < SLOTS; s++)
        x->of[x->n].wh[s] = INT64_MIN;
    return (int)x->n++;
}

static void notice_row(void *arg, desk_table *t)
{
    notices *x = arg;
    int slot;
    int64_t wh;
    if (!desk_cell_of_day(t, x->a->day, 0, &x->said) || !desk_cell_slot(t, 1, &slot))
        return;
    int i = notice_of(x, t);
    if (i < 0 || !desk_cell_number(t, 2, 3, &wh, "kWh >= 0"))
        return;
    if (wh < 0 || wh > INT32_MAX) {
        desk_cell_bad(t, 2, "0..2000000 kWh");
        return;
    }
    if (x->of[i].wh[slot] != INT64_MIN)
        desk_slot_twice(t, slot);
    x->of[i].seen += x->of[i].wh[slot] == INT64_MIN;
    x->of[i].wh[slot] = wh;
}

static mizo_err keep_notices(const desk_act *a, const notices *x, const char *name, const char *bytes,
                             size_t n)
{
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day plants", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = desk_put_file(a, "plant-plan", "plants", name, bytes, n, false);
    for (size_t i = 0; i < x->n && !e; i++) {
        char id[DESK_ID];
        buf text;
        json j;
        bool changed;
        desk_id(x->of[i].id, a->day, id);
        buf_init(&text, 1 << 20);
        json_init(&j, &text);
        json_object(&j, NULL);
        put_wide(&j, "wh", x->of[i].wh);
        json_text(&j, "file", name);
        json_end(&j);
        const char *kind = is_plant(a->town->region, x->of[i].id) ? "plant-plan" : "source-plan";
        e = text.err ? text.err : s->ops->record_put(s, kind, id, text.p, &changed);
        buf_fini(&text);
    }
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

mizo_err desk_in_plants(const desk_act *a, const char *id, const char *name, const char *bytes, size_t n)
{
    static const char *const names[] = { "day", "slot", "kwh", "id", NULL };
    desk_table t = {
        .file = name, .columns = "day, slot, kwh, id", .name = names, .needed = 3, .d = a->diags
    };
    notices *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    x->a = a;
    x->id = id;
    mizo_err e = desk_table_read(&t, bytes, n, notice_row, x);
    for (size_t i = 0; i < x->n && !e; i++) {
        char missing[16];
        if (x->of[i].seen == SLOTS)
            continue;
        snprintf(missing, sizeof missing, "%d", SLOTS - x->of[i].seen);
        MIZO_DIAG(a->diags, DESK_SLOTS_MISSING, MIZO_AT(name, 0, 0), missing);
        e = MIZO_EINPUT;
    }
    if (!e)
        e = keep_notices(a, x, name, bytes, n);
    free(x);
    return e;
}

/* ---- as a person uploads it ---- */

mizo_err desk_in_plant_file(const desk_act *a, const char *name, const char *bytes, size_t n)
{
    import_result r;
    import_options o = { .path = name, .bytes = bytes, .nbytes = n, .actor = a->actor, .known = a->now };
    if (n < 2 || memcmp(bytes, "PK", 2) != 0)
        return desk_in_plants(a, NULL, name, bytes, n);
    return import_file(a->town, &o, &r);
}

/* ---- the parent's figures ---- */

typedef struct parent_in {
    desk_parent *out;
    size_t cap;
    mizo_err err;
} parent_in;

static void parent_row(void *arg, desk_table *t)
{
    parent_in *x = arg;
    desk_parent_row row = { 0 };
    if (!desk_cell_day(t, 0, &row.day) || !desk_cell_slot(t, 1, &row.slot) ||
        !desk_cell_number(t, 2, 3, &row.imbalance, "kWh") || !desk_cell_number(t, 3, 6, &row.received, "yen"))
        return;
    if (desk_cell(t, 4)->n && !desk_cell_number(t, 4, 6, &row.fee, "yen"))
        return;
    row.shared = desk_cell(t, 5)->n && desk_cell(t, 6)->n;
    if (row.shared &&
        (!desk_cell_number(t, 5, 3, &row.group, "kWh") || !desk_cell_number(t, 6, 3, &row.weight, "kWh")))
        return;
    if (x->out->n == x->cap) {
        size_t cap = x->cap ? 2 * x->cap : 2048;
        desk_parent_row *more = realloc(x->out->row, cap * sizeof *more);
        if (!more) {
            x->err = MIZO_ENOMEM;
            return;
        }
        x->out->row = more;
        x->cap = cap;
    }
    x->out->row[x->out->n++] = row;
}

static int by_time(const void *a, const void *b)
{
    const desk_parent_row *x = a, *y = b;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : x->slot - y->slot;
}

mizo_err desk_in_parent(const desk_act *a, const char *name, const char *bytes, size_t n, desk_parent *out)
{
    static const char *const names[] = {
        "day", "slot", "imbalance_kwh", "received_yen", "fee_yen", "group_imbalance_kwh", "group_weight_kwh",
        NULL
    };
    desk_table t = { .file = name,
                     .columns = "day, slot, imbalance_kwh, received_yen",
                     .name = names,
                     .needed = 4,
                     .d = a->diags };
    parent_in x = { .out = out };
    *out = (desk_parent){ 0 };
    mizo_err e = desk_table_read(&t, bytes, n, parent_row, &x);
    e = e ? e : x.err;
    if (!e && out->n)
        qsort(out->row, out->n, sizeof *out->row, by_time);
    for (size_t i = 1; i < out->n && !e; i++)
        if (by_time(&out->row[i - 1], &out->row[i]) == 0) {
            desk_slot_twice(&t, out->row[i].slot);
            e = MIZO_EINPUT;
        }
    if (e)
        desk_parent_fini(out);
    return e;
}

void desk_parent_fini(desk_parent *p)
{
    free(p->row);
    *p = (desk_parent){ 0 };
}
