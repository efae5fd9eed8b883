/* link.c: ids to references, and each table in the order in which the model keeps it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* ---- ids ---- */

typedef struct named {
    const char *id;
    int32_t row;
    region_file file;
} named;

static int by_id(const void *pa, const void *pb)
{
    const named *a = pa, *b = pb;
    int c = strcmp(a->id, b->id);
    if (c)
        return c;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Files are mostly in order already: then there is nothing to sort. */
static void sort_list(void *list, size_t n, size_t size, int (*order)(const void *, const void *))
{
    const char *p = list;
    for (size_t i = 1; i < n; i++) {
        if (order(p + (i - 1) * size, p + i * size) > 0) {
            qsort(list, n, size, order);
            return;
        }
    }
}

static void index_ids(region_builder *b, region_table *t)
{
    named *list = region_work(b, t->n * sizeof *list);
    t->byid = region_work(b, t->n * sizeof *t->byid);
    if (!list || !t->byid)
        return;
    for (size_t i = 0; i < t->n; i++)
        if (t->meta[i].id)
            list[t->nid++] = (named){ t->meta[i].id, (int32_t)i, t->file };
    sort_list(list, t->nid, sizeof *list, by_id);
    for (size_t i = 0; i < t->nid; i++)
        t->byid[i] = list[i].row;
}

static int compare_at(const region_table *t, size_t i, const char *id)
{
    return strcmp(t->meta[t->byid[i]].id, id);
}

/* The first place in byid that has the id; nid: none has. */
static size_t place_of_id(const region_table *t, const char *id)
{
    size_t lo = 0, hi = t->nid;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (compare_at(t, mid, id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->nid && compare_at(t, lo, id) == 0 ? lo : t->nid;
}

static void check_twice(region_builder *b, region_table *t)
{
    size_t at = 0; /* the first of its id */
    for (size_t i = 1; i < t->nid; i++) {
        row_meta *m = &t->meta[t->byid[i]];
        if (compare_at(t, at, m->id)) {
            at = i;
            continue;
        }
        int32_t first = t->byid[at];
        FAULT(b, ID_TWICE, t->file, m->line, region_column(t, (size_t)t->byid[i], "id"), &m->bad,
              region_quote(b, m->id, strlen(m->id)), region_number(b, t->meta[first].line, 0));
    }
}

/* Readings are kept under these ids, so no two of these files may share one. */
static const region_file owners[] = { FILE_POINTS,   FILE_PV,       FILE_BATTERIES,
                                      FILE_CHARGERS, FILE_VEHICLES, FILE_PLANTS };
enum { NOWNERS = sizeof owners / sizeof *owners };

static const char *place_text(region_builder *b, const named *o)
{
    buf text;
    buf_init(&text, 256);
    buf_printf(&text, "%s:%d", region_files[o->file].name,
               o->row < 0 ? b->head_at[0].line : b->t[o->file].meta[o->row].line);
    const char *s = text.p ? region_quote(b, text.p, text.n) : "";
    buf_fini(&text);
    return s;
}

static void say_owner(region_builder *b, const named *first, const named *other)
{
    region_table *t = &b->t[other->file];
    row_meta *m = &t->meta[other->row];
    FAULT(b, ID_OWNER, other->file, m->line, region_column(t, (size_t)other->row, "id"), &m->bad,
          region_quote(b, m->id, strlen(m->id)), place_text(b, first));
}

static void check_owners(region_builder *b)
{
    size_t n = 1, k = 0;
    for (int i = 0; i < NOWNERS; i++)
        n += b->t[owners[i]].nid;
    named *list = region_work(b, n * sizeof *list);
    if (!list)
        return;
    const char *market = b->head.r.market_area;
    if (market && *market)
        list[k++] = (named){ market, -1, FILE_REGION };
    for (int i = 0; i < NOWNERS; i++)
        for (size_t j = 0; j < b->t[owners[i]].nid; j++) {
            int32_t row = b->t[owners[i]].byid[j];
            list[k++] = (named){ b->t[owners[i]].meta[row].id, row, owners[i] };
        }
    qsort(list, k, sizeof *list, by_id);
    size_t first = 0;
    for (size_t i = 1; i < k; i++) {
        if (strcmp(list[i].id, list[first].id))
            first = i;
        else if (list[i].file != list[first].file)
            say_owner(b, &list[first], &list[i]);
    }
}

/* ---- references ---- */

const char *region_nearest_id(region_builder *b, const region_table *t, const char *id)
{
    if (b->searches <= 0 || t->nid == 0)
        return NULL;
    b->searches--;
    const char **words = malloc(t->nid * sizeof *words);
    if (!words)
        return NULL; /* the mistake is said without the hint */
    for (size_t i = 0; i < t->nid; i++)
        words[i] = t->meta[t->byid[i]].id;
    const char *near = text_nearest(id, words, t->nid);
    free(words);
    return near;
}

/* An id that is not there. Where its file is missing or could not be read, that has been said. */
static void say_dangling(region_builder *b, region_table *t, size_t row, const field_row *f, int column,
                         const char *id)
{
    row_meta *m = &t->meta[row];
    const region_table *to = &b->t[f->to];
    const char *quoted = region_quote(b, id, strlen(id)), *file = region_files[f->to].name;
    if (to->lost || (!to->present && region_files[f->to].needed)) {
        m->quiet = m->quiet || !m->bad;
        m->bad = true;
        return;
    }
    const char *near = to->present ? region_nearest_id(b, to, id) : NULL;
    if (!to->present)
        FAULT(b, REF_FILE, t->file, m->line, column, &m->bad, f->name, quoted, file);
    else if (near)
        FAULT(b, REF_NEAR, t->file, m->line, column, &m->bad, f->name, quoted, file, near);
    else
        FAULT(b, REF, t->file, m->line, column, &m->bad, f->name, quoted, file);
}

/* The row with an id. Rows of one file mostly refer to those of another in order: the last place and
 * the one behind it are looked at first. */
static int32_t row_near(const region_table *t, const char *id, size_t *guess)
{
    size_t i = *guess;
    if (i < t->nid && compare_at(t, i, id) == 0)
        return t->byid[i];
    i++; /* what stands before it is another id, so it is the first of its own */
    if (i >= t->nid || compare_at(t, i, id))
        i = place_of_id(t, id);
    if (i >= t->nid)
        return -1;
    *guess = i;
    return t->byid[i];
}

/* Puts the reference of one field. A row that points at a bad row is bad too: quietly, because that
 * has been said and fails, unless the bad row is a disabled asset. */
static void resolve(region_builder *b, region_table *t, size_t row, const field_row *f, int column,
                    const char *id, size_t *guess)
{
    row_meta *m = &t->meta[row];
    const region_table *to = &b->t[f->to];
    int32_t at = row_near(to, id, guess);
    if (at < 0) {
        say_dangling(b, t, row, f, column, id);
        return;
    }
    mizo_ref ref = to->now[at];
    memcpy((unsigned char *)region_row(t, row) + f->offset, &ref, sizeof ref);
    if (ref >= 0)
        return;
    if (region_files[to->file].kind == FILE_ASSET && !to->meta[at].quiet)
        SAY(b, REF_DISABLED, t->file, m->line, column, f->name, id);
    else
        m->quiet = m->quiet || !m->bad;
    m->bad = true;
}

static void link_rows(region_builder *b, region_table *t)
{
    size_t n;
    const field_row *f = region_fields_of(t->file, &n);
    size_t guess[REGION_REFS] = { 0 };
    for (size_t row = 0; row < t->n; row++) {
        int nth = 0;
        for (size_t i = 0; i < n; i++) {
            if (f[i].kind != FIELD_REF)
                continue;
            const char *id = t->meta[row].ref[nth];
            if (id)
                resolve(b, t, row, &f[i], t->meta[row].column[i], id, &guess[nth]);
            nth++;
        }
    }
}

/* ---- order ---- */

typedef struct sort_key {
    int64_t a, b;
    const char *id, *key;
    int64_t c;
    int32_t row;
} sort_key;

static int by_key(const void *pa, const void *pb)
{
    const sort_key *x = pa, *y = pb;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    int c = strcmp(x->id, y->id);
    c = c ? c : strcmp(x->key, y->key);
    if (c || x->c != y->c)
        return c ? c : x->c < y->c ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static sort_key key_of(const region_table *t, size_t i)
{
    const void *row = region_row(t, i);
    sort_key k = { 0, 0, t->meta[i].id ? t->meta[i].id : "", "", 0, (int32_t)i };
    switch (t->file) {
    case FILE_USES:
        k.a = ((const mizo_use *)row)->facility;
        k.b = ((const mizo_use *)row)->point;
        break;
    case FILE_SUPPLY:
        k.a = ((const mizo_supply *)row)->point;
        k.b = ((const mizo_supply *)row)->from;
        break;
    case FILE_PV:
        k.a = ((const mizo_pv *)row)->point;
        break;
    case FILE_BATTERIES:
        k.a = ((const mizo_battery *)row)->point;
        break;
    case FILE_CHARGERS:
        k.a = ((const mizo_charger *)row)->point;
        break;
    case FILE_VEHICLES:
        k.a = ((const mizo_vehicle *)row)->charger;
        break;
    case FILE_LOADS:
        k.a = ((const mizo_load *)row)->point;
        break;
    case FILE_RATES:
        k.a = ((const mizo_rate *)row)->tariff;
        break;
    case FILE_PUBLISHED:
        k.a = ((const mizo_published *)row)->fy;
        k.id = ((const mizo_published *)row)->item;
        k.c = ((const mizo_published *)row)->on;
        break;
    case FILE_REPORTED:
        k.a = ((const mizo_reported *)row)->facility;
        k.b = ((const mizo_reported *)row)->fy;
        break;
    case FILE_LAMPS:
        k.a = ((const region_lamp *)row)->point;
        break;
    case FILE_FURNACES:
        k.a = ((const mizo_furnace *)row)->plant;
        break;
    case FILE_BURNS:
        k.a = ((const mizo_burn_plan *)row)->plant;
        k.b = ((const mizo_burn_plan *)row)->from;
        break;
    case FILE_OBLIGATIONS:
        k.a = ((const mizo_obligation *)row)->node;
        k.b = (int64_t)((const mizo_obligation *)row)->from * MIZO_DAY_SLOTS +
              ((const mizo_obligation *)row)->slot_from;
        break;
    case FILE_METERS:
        k.a = ((const mizo_meter *)row)->point;
        k.b = ((const mizo_meter *)row)->from;
        break;
    case FILE_GROUPS:
        k.id = ((const mizo_bg *)row)->id;
        k.b = ((const mizo_bg *)row)->from;
        break;
    case FILE_POOLS:
        k.a = ((const mizo_pool *)row)->order;
        break;
    case FILE_MEMBERS:
        k.a = ((const mizo_pool_member *)row)->pool;
        k.b = ((const mizo_pool_member *)row)->consumer;
        break;
    case FILE_BIOGENIC:
        k.a = ((const mizo_biogenic *)row)->plant;
        k.b = ((const mizo_biogenic *)row)->from;
        break;
    case FILE_FACTORS:
        k.a = ((const mizo_factor *)row)->fy;
        k.b = ((const mizo_factor *)row)->published;
        break;
    case FILE_FUELS:
        k.id = ((const mizo_fuel *)row)->fuel;
        break;
    case FILE_MARGINAL:
        k.a = ((const mizo_marginal *)row)->price_from;
        break;
    case FILE_TERMS:
        k.id = ((const mizo_term *)row)->kind;
        k.b = ((const mizo_term *)row)->from;
        break;
    case FILE_CHARGES:
        k.a = ((const mizo_charge *)row)->tariff;
        break;
    case FILE_PARAMS:
        k.id = ((const mizo_param *)row)->name;
        k.key = ((const mizo_param *)row)->key;
        k.c = ((const mizo_param *)row)->from;
        break;
    case FILE_ISSUERS:
        k.a = ((const mizo_issuer *)row)->from;
        break;
    case FILE_BANKING:
        k.a = ((const mizo_bank *)row)->party;
        k.b = ((const mizo_bank *)row)->from;
        break;
    case FILE_ROUNDINGS:
        k.id = ((const mizo_rounding *)row)->chain;
        k.c = ((const mizo_rounding *)row)->step;
        break;
    default:
        break;
    }
    return k;
}

static void order_rows(region_builder *b, region_table *t)
{
    sort_key *key = region_work(b, t->n * sizeof *key);
    t->order = region_work(b, t->n * sizeof *t->order);
    t->now = region_work(b, t->n * sizeof *t->now);
    if (!key || !t->order || !t->now)
        return;
    for (size_t i = 0; i < t->n; i++) {
        t->now[i] = -1;
        if (!t->meta[i].bad)
            key[t->norder++] = key_of(t, i);
    }
    sort_list(key, t->norder, sizeof *key, by_key);
    for (size_t i = 0; i < t->norder; i++) {
        t->order[i] = key[i].row;
        t->now[key[i].row] = (mizo_ref)i;
    }
}

/* Of vehicles, batteries and loads a site has so many at most: those with the last ids are disabled. */
static mizo_ref point_of(const region_builder *b, const region_table *t, int32_t row)
{
    if (t->file == FILE_BATTERIES)
        return ((const mizo_battery *)region_row(t, (size_t)row))->point;
    if (t->file == FILE_LOADS)
        return ((const mizo_load *)region_row(t, (size_t)row))->point;
    const region_table *chargers = &b->t[FILE_CHARGERS];
    mizo_ref charger = ((const mizo_vehicle *)region_row(t, (size_t)row))->charger;
    return ((const mizo_charger *)region_row(chargers, (size_t)chargers->order[charger]))->point;
}

static void check_many(region_builder *b, region_table *t, int most)
{
    mizo_ref point = -1;
    int count = 0;
    bool over = false;
    for (size_t i = 0; i < t->norder; i++) {
        mizo_ref here = point_of(b, t, t->order[i]);
        count = here == point ? count + 1 : 1;
        point = here;
        if (count <= most)
            continue;
        row_meta *m = &t->meta[t->order[i]];
        const region_table *points = &b->t[FILE_POINTS];
        SAY(b, TOO_MANY, t->file, m->line, 1, region_number(b, most, 0), region_files[t->file].name,
            points->meta[points->order[point]].id);
        m->bad = true;
        over = true;
    }
    if (over) {
        t->norder = 0;
        order_rows(b, t);
    }
}

void region_link(region_builder *b)
{
    for (int f = FILE_FACILITIES; f < FILE_COUNT && !b->err; f++) {
        index_ids(b, &b->t[f]);
        if (!b->err)
            check_twice(b, &b->t[f]);
    }
    if (!b->err)
        check_owners(b);
    for (int f = FILE_FACILITIES; f < FILE_COUNT && !b->err; f++) {
        region_table *t = &b->t[f];
        link_rows(b, t);
        for (size_t i = 0; i < t->n; i++)
            if (!t->meta[i].bad || (t->meta[i].quiet && !t->torn))
                region_check_row(b, t, i);
        order_rows(b, t);
        if (!b->err && f == FILE_BATTERIES)
            check_many(b, t, REGION_BATTERIES_MOST);
        if (!b->err && f == FILE_VEHICLES)
            check_many(b, t, REGION_VEHICLES_MOST);
        if (!b->err && f == FILE_LOADS)
            check_many(b, t, REGION_LOADS_MOST);
    }
}
