/* model.c: the steps of building a model, one after another, and its references. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "mizo/messages/region.h"
#include "region/build.h"

enum { SEARCHES = 200 };

/* ---- reading ---- */

static const mizo_file *file_of(const mizo_file *files, size_t n, region_file f, mizo_diags *d, int *errors)
{
    const mizo_file *found = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(files[i].name, region_files[f].name))
            continue;
        if (found) {
            MIZO_DIAG(d, REGION_FILE_TWICE, MIZO_AT(region_files[f].name, 0, 0), region_files[f].name);
            ++*errors;
            break;
        }
        found = &files[i];
    }
    return found;
}

/* An empty file is one with nothing in it; "" stands for no bytes. */
static void read_file(region_builder *b, region_file f, const mizo_file *file)
{
    buf text;
    buf_init(&text, (size_t)REGION_FILE_MB * 3 << 20);
    mizo_file named = { region_files[f].name, file->n ? file->bytes : "", file->n };
    b->t[f].present = true;
    if (named.n > (size_t)REGION_FILE_MB << 20) {
        SAY(b, FILE_BIG, f, 0, 0, region_number(b, REGION_FILE_MB, 0));
        b->t[f].torn = b->t[f].lost = true;
    } else if (!region_normal(&named, b->d, &text)) {
        b->errors++;
        b->t[f].torn = b->t[f].lost = true;
    } else if (f == FILE_REGION) {
        region_read_yaml(b, text.p ? text.p : "", text.n);
    } else {
        region_read_rows(b, f, text.p ? text.p : "", text.n);
    }
    if (text.err)
        b->err = MIZO_ENOMEM;
    buf_fini(&text);
}

static void read_files(region_builder *b, const mizo_file *files, size_t n)
{
    for (int f = 0; f < FILE_COUNT && !b->err; f++) {
        const mizo_file *file = file_of(files, n, (region_file)f, b->d, &b->errors);
        b->t[f].file = (region_file)f;
        if (file)
            read_file(b, (region_file)f, file);
        else if (region_files[f].needed)
            SAY(b, FILE_MISSING, f, 0, 0, region_files[f].name);
    }
}

/* ---- freezing ---- */

static void *keep_rows(region_builder *b, region_file f, size_t *n)
{
    const region_table *t = &b->t[f];
    size_t size = region_files[f].size;
    unsigned char *rows = arena_take(b->keep, (t->norder ? t->norder : 1) * size);
    *n = t->norder;
    if (!rows)
        b->err = MIZO_ENOMEM;
    for (size_t k = 0; rows && k < t->norder; k++)
        memcpy(rows + k * size, region_row(t, (size_t)t->order[k]), size);
    return rows;
}

#define KEEP(name, file)                                                                                     \
    do {                                                                                                     \
        void *rows_ = keep_rows(b, FILE_##file, &r->n##name);                                                \
        r->name = rows_;                                                                                     \
    } while (0)

/* A point's lamps as one: their watts, and the burning time weighted by watts. */
static void sum_lamps(region_builder *b, mizo_point *point, size_t npoint)
{
    const region_table *t = &b->t[FILE_LAMPS];
    int64_t *minutes = region_work(b, (npoint + 1) * sizeof *minutes);
    if (!minutes)
        return;
    for (size_t k = 0; k < t->norder; k++) {
        const region_lamp *lamp = region_row(t, (size_t)t->order[k]);
        int64_t mw = (int64_t)lamp->mw * lamp->count;
        point[lamp->point].lamp_mw += mw; /* bounded by check.c */
        minutes[lamp->point] += mw * lamp->minutes;
    }
    for (size_t i = 0; i < npoint; i++)
        if (point[i].lamp_mw)
            point[i].lamp_minutes = (int32_t)mizo_div_round(minutes[i], point[i].lamp_mw, MIZO_ROUND_HALF_UP);
}

static void keep_prices(region_builder *b, mizo_tariff *tariff, region_model *m)
{
    const mizo_region *r = &m->pub;
    int32_t *price = arena_take(b->keep, (r->ntariff + 1) * REGION_PRICES * sizeof *price);
    if (!price) {
        b->err = MIZO_ENOMEM;
        return;
    }
    size_t first = 0;
    for (size_t k = 0; k < r->ntariff; k++) {
        size_t end = first;
        int gap;
        while (end < r->nrate && r->rate[end].tariff == (mizo_ref)k)
            end++;
        tariff[k].rate_first = (mizo_ref)first;
        tariff[k].rate_count = (mizo_ref)(end - first);
        (void)region_prices(r->rate + first, end - first, price + k * REGION_PRICES, NULL, &gap);
        first = end;
    }
    m->pub.price = price;
}

typedef struct pv_name {
    const char *id;
    mizo_ref row;
} pv_name;

static int by_pv_id(const void *a, const void *b)
{
    return strcmp(((const pv_name *)a)->id, ((const pv_name *)b)->id);
}

static void keep_pv_ids(region_builder *b, region_model *m)
{
    size_t n = m->pub.npv;
    pv_name *name = region_work(b, (n + 1) * sizeof *name);
    mizo_ref *ref = arena_take(b->keep, (n + 1) * sizeof *ref);
    if (!name || !ref) {
        b->err = MIZO_ENOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        name[i] = (pv_name){ m->pub.pv[i].id, (mizo_ref)i };
    qsort(name, n, sizeof *name, by_pv_id);
    for (size_t i = 0; i < n; i++)
        ref[i] = name[i].row;
    m->pub.pv_by_id = ref;
}

typedef struct contract_row {
    mizo_ref point;
    mizo_day from;
    mizo_ref row;
} contract_row;

static int by_point_from(const void *pa, const void *pb)
{
    const contract_row *a = pa, *b = pb;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

static void keep_contract_points(region_builder *b, mizo_region *r)
{
    size_t n = r->ncontract;
    contract_row *list = region_work(b, (n + 1) * sizeof *list);
    mizo_ref *ref = arena_take(b->keep, (n + 1) * sizeof *ref);
    if (!list || !ref) {
        b->err = MIZO_ENOMEM;
        return;
    }
    for (size_t i = 0; i < n; i++)
        list[i] = (contract_row){ r->contract[i].point, r->contract[i].from, (mizo_ref)i };
    qsort(list, n, sizeof *list, by_point_from);
    for (size_t i = 0; i < n; i++)
        ref[i] = list[i].row;
    r->contract_by_point = ref;
}

static void keep_tables(region_builder *b, mizo_region *r)
{
    KEEP(facility, FACILITIES);
    KEEP(building, BUILDINGS);
    KEEP(use, USES);
    KEEP(supplier, SUPPLIERS);
    KEEP(menu, MENUS);
    KEEP(supply, SUPPLY);
    KEEP(pv, PV);
    KEEP(battery, BATTERIES);
    KEEP(charger, CHARGERS);
    KEEP(vehicle, VEHICLES);
    KEEP(load, LOADS);
    KEEP(plant, PLANTS);
    KEEP(furnace, FURNACES);
    KEEP(burn_plan, BURNS);
    KEEP(term, TERMS);
    KEEP(node, NODES);
    KEEP(obligation, OBLIGATIONS);
    KEEP(meter, METERS);
    KEEP(virtual_point, VIRTUALS);
    KEEP(operator_code, OPERATOR_CODES);
    KEEP(plan_code, PLAN_CODES);
    KEEP(bg, GROUPS);
    KEEP(source, SOURCES);
    KEEP(rate, RATES);
    KEEP(published, PUBLISHED);
    KEEP(reported, REPORTED);
    KEEP(party, PARTIES);
    KEEP(contract, CONTRACTS);
    KEEP(charge, CHARGES);
    KEEP(param, PARAMS);
    KEEP(rounding, ROUNDINGS);
    KEEP(pool, POOLS);
    KEEP(member, MEMBERS);
    KEEP(biogenic, BIOGENIC);
    KEEP(factor, FACTORS);
    KEEP(fuel, FUELS);
    KEEP(marginal, MARGINAL);
    KEEP(issuer, ISSUERS);
    KEEP(bank, BANKING);
    KEEP(purchase, PURCHASES);
    KEEP(ledger, LEDGER);
    KEEP(indicator, INDICATORS);
    KEEP(goal, GOALS);
    KEEP(plan_node, NODES_OF_PLANS);
    KEEP(business, BUSINESSES);
    KEEP(listing, LISTINGS);
    KEEP(budget, BUDGETS);
    KEEP(task, TASKS);
    KEEP(judged, JUDGED);
    KEEP(rating, RATINGS);
    KEEP(evaluation, EVALUATIONS);
    KEEP(reg, REGISTERS);
    KEEP(register_row, REGISTER_ROWS);
    KEEP(register_count, REGISTER_COUNTS);
    KEEP(inventory, INVENTORIES);
    KEEP(emission, EMISSIONS);
    KEEP(activity, ACTIVITIES);
    KEEP(gwp, GWPS);
    KEEP(category, CATEGORIES);
    KEEP(alias, ALIASES);
    KEEP(check, CHECKS);
    KEEP(duty, DUTIES);
    KEEP(process, PROCESSES);
    KEEP(sheet_row, SHEETS);
}

/* The immutable model from tables without an error. NULL: b->err. */
static region_model *freeze(region_builder *b, const mizo_file *files, size_t n)
{
    region_model *m = arena_take(b->keep, sizeof *m);
    char *text = mizo_region_text(files, n);
    if (!m || !text) {
        free(text);
        b->err = MIZO_ENOMEM;
        return NULL;
    }
    m->pub = b->head.r;
    hash_text(hash_bytes(text, strlen(text)), m->pub.hash);
    free(text);
    keep_tables(b, &m->pub);
    mizo_point *point = keep_rows(b, FILE_POINTS, &m->pub.npoint);
    mizo_tariff *tariff = keep_rows(b, FILE_TARIFFS, &m->pub.ntariff);
    m->pub.point = point;
    m->pub.tariff = tariff;
    if (!b->err)
        sum_lamps(b, point, m->pub.npoint);
    if (!b->err)
        keep_prices(b, tariff, m);
    if (!b->err)
        keep_pv_ids(b, m);
    if (!b->err)
        keep_contract_points(b, &m->pub);
    m->keep = b->keep;
    atomic_init(&m->refs, 1);
    return b->err ? NULL : m;
}

/* ---- the whole way ---- */

static void finish(region_builder *b)
{
    for (int f = 0; f < FILE_COUNT; f++) {
        free(b->t[f].row);
        free(b->t[f].meta);
    }
    arena_free(b->work);
    mizo_diags_free(b->d);
}

static mizo_err build_all(region_builder *b, const mizo_file *files, size_t n, const mizo_region **out)
{
    region_model *m = NULL;
    read_files(b, files, n);
    if (!b->err)
        region_link(b);
    if (!b->err)
        region_check_all(b);
    if (!b->err && b->errors)
        b->err = MIZO_EINPUT;
    if (!b->err)
        m = freeze(b, files, n);
    if (m)
        *out = &m->pub;
    return b->err;
}

enum { DIAGS_OF_A_BUILD = 100000 };

mizo_err mizo_region_build(const mizo_file *files, size_t n, mizo_diags *d, const mizo_region **out)
{
    region_builder b = { .d = mizo_diags_new(DIAGS_OF_A_BUILD),
                         .searches = SEARCHES,
                         .keep = arena_new(0),
                         .work = arena_new(0) };
    *out = NULL;
    b.err = b.keep && b.work && b.d ? MIZO_OK : MIZO_ENOMEM;
    if (!b.err)
        b.err = build_all(&b, files, n, out);
    if (b.d)
        region_tell(b.d, d);
    if (b.err == MIZO_ENOMEM)
        mizo_diag_add(d, MIZO_MSG_OUT_OF_MEMORY, MIZO_NOWHERE, (const char *)NULL);
    if (!*out)
        arena_free(b.keep);
    finish(&b);
    return b.err;
}

/* The model is immutable but for its count; the pointer that callers hold is const. */
static region_model *counted(const mizo_region *r)
{
    return (region_model *)(uintptr_t)r;
}

const mizo_region *mizo_region_ref(const mizo_region *r)
{
    if (r)
        atomic_fetch_add_explicit(&counted(r)->refs, 1, memory_order_relaxed);
    return r;
}

void mizo_region_unref(const mizo_region *r)
{
    if (!r || atomic_fetch_sub_explicit(&counted(r)->refs, 1, memory_order_acq_rel) != 1)
        return;
    arena_free(counted(r)->keep);
}
