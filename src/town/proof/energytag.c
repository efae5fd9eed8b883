/* energytag.c: see energytag.h. What each device gave to whom is gathered in a table of devices by holders, a half-hour,
 * day or month long, and told from there. */
#include "town/proof/energytag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "mizo/books.h"
#include "mizo/messages/match.h"
#include "town/proof/claim.h"

const char *const energytag_step_words[] = {
#define X(name, word) word,
    ENERGYTAG_STEPS(X)
#undef X
        NULL
};

static const char *const columns =
    "record,certificate_bundle_id,id_range_start,id_range_end,face_value_wh,device_id,energy_carrier,"
    "energy_source,production_starting_interval,production_ending_interval,issuance_id,is_storage,"
    "certificate_bundle_status,account_id,matched_wh\n";

/* A claim beside the matching, and what it took on the day in hand. */
typedef struct taken {
    claim_row is;
    bool surplus; /* of what nobody matched; else of the own roof */
    int64_t wh[MIZO_DAY_SLOTS];
} taken;

#define OWN "own" /* under the own roof, as a pool */

/* Holders of what a device made: the own roof, the pools, nobody yet, then each claim. */
enum { HOLDER_OWN, HOLDER_POOL };

typedef struct writing {
    const mizo_region *region;
    store *store;
    const energytag_ask *ask;
    mizo_err (*put)(void *, const char *, size_t);
    void *arg;
    energytag_sum *sum;
    buf out;
    json json;
    taken *claim;
    size_t nclaim, claim_cap;
    bool *wanted;   /* [npoint] */
    mizo_ref plant; /* the one plant wanted; -1: none, or all where no site was asked for */
    /* the table: rows of sources, then of batteries by point; its columns are holders */
    match_source *source; /* [nsource] */
    const char **pool;    /* [npool] ids */
    size_t nsource, npool, nrow, nholder;
    int64_t *wh, *used, *matched; /* [nrow][nholder]; [npoint] of what was used */
    mizo_day from, to;            /* of what is in it; from MIZO_DAY_NONE: nothing */
} writing;

/* A line to be written. */
typedef struct bundle {
    const char *record; /* "production", "storage" or "consumption" */
    const char *device, *source, *status, *account;
    const char *when, *from, *to; /* number or name of the interval; its ends */
    int64_t first, wh, matched;   /* ids first .. first + wh - 1 within the device and half-hour */
} bundle;

/* ---- lines ---- */

static bool is_made(const bundle *b)
{
    return strcmp(b->record, "consumption") != 0;
}

static void put_csv(buf *out, const bundle *b, bool ids)
{
    buf_printf(out, "%s,%s-%s,", b->record, b->device, b->when);
    if (ids)
        buf_printf(out, "%" PRId64 ",%" PRId64, b->first, b->first + b->wh - 1);
    else
        buf_char(out, ',');
    buf_printf(out, ",%" PRId64 ",%s,electricity,%s,%s,%s,%s-%s,%s,%s,%s,", b->wh, b->device, b->source,
               b->from, b->to, b->device, b->when, strcmp(b->record, "storage") ? "no" : "yes", b->status,
               b->account);
    if (!is_made(b))
        buf_printf(out, "%" PRId64, b->matched);
    buf_char(out, '\n');
}

static void put_json(json *j, const bundle *b, bool ids)
{
    char id[MIZO_ID_MAX + 32];
    snprintf(id, sizeof id, "%s-%s", b->device, b->when);
    json_object(j, NULL);
    json_text(j, "record", b->record);
    json_text(j, "certificate_bundle_id", id);
    if (ids) {
        json_int(j, "id_range_start", b->first);
        json_int(j, "id_range_end", b->first + b->wh - 1);
    }
    json_int(j, "face_value_wh", b->wh);
    json_text(j, "device_id", b->device);
    json_text(j, "energy_carrier", "electricity");
    json_text(j, "energy_source", b->source);
    json_text(j, "production_starting_interval", b->from);
    json_text(j, "production_ending_interval", b->to);
    json_text(j, "issuance_id", id);
    json_bool(j, "is_storage", strcmp(b->record, "storage") == 0);
    json_text(j, "certificate_bundle_status", b->status);
    json_text(j, "account_id", b->account);
    if (!is_made(b))
        json_int(j, "matched_wh", b->matched);
    json_end(j);
}

static void put(writing *w, const bundle *b)
{
    bool ids = is_made(b) && w->ask->step == ENERGYTAG_SLOT;
    if (b->wh <= 0)
        return;
    w->sum->records++;
    if (w->ask->json)
        put_json(&w->json, b, ids);
    else
        put_csv(&w->out, b, ids);
}

/* What is written so far goes out. */
static mizo_err flush(writing *w)
{
    MIZO_TRY(w->out.err);
    w->sum->bytes += (int64_t)w->out.n;
    if (w->out.n)
        MIZO_TRY(w->put(w->arg, w->out.p, w->out.n));
    buf_clear(&w->out);
    return MIZO_OK;
}

/* ---- the table told ---- */

/* The column of what nobody has claimed; those of claims follow. */
static size_t nobody(const writing *w)
{
    return HOLDER_POOL + w->npool;
}

static bool holder_wanted(const writing *w, size_t h)
{
    const char *pool = w->ask->pool;
    if (!pool)
        return true;
    return strcmp(pool, OWN) == 0
               ? h == HOLDER_OWN
               : h >= HOLDER_POOL && h < nobody(w) && strcmp(pool, w->pool[h - HOLDER_POOL]) == 0;
}

/* Where the Wh of a holder stand. */
static void holder_account(const writing *w, size_t row, size_t h, bundle *b, char out[MIZO_ACCOUNT_MAX])
{
    size_t left = nobody(w);
    b->status = h == left ? "active" : "claimed";
    if (h == HOLDER_OWN && row < w->nsource)
        snprintf(out, MIZO_ACCOUNT_MAX, "pool:" OWN);
    else if (h == HOLDER_OWN)
        snprintf(out, MIZO_ACCOUNT_MAX, "%s", w->region->point[row - w->nsource].id);
    else if (h < left)
        snprintf(out, MIZO_ACCOUNT_MAX, "pool:%s", w->pool[h - HOLDER_POOL]);
    else if (h == left)
        snprintf(out, MIZO_ACCOUNT_MAX, "source:%s", b->device);
    else
        snprintf(out, MIZO_ACCOUNT_MAX, "claim:%s", w->claim[h - left - 1].is.id);
    b->account = out;
}

static void put_holder(writing *w, size_t row, size_t h, bundle *b)
{
    char account[MIZO_ACCOUNT_MAX];
    holder_account(w, row, h, b, account);
    b->wh = w->wh[row * w->nholder + h];
    if (holder_wanted(w, h))
        put(w, b);
    b->first += b->wh;
}

static void put_claims(writing *w, size_t row, bool surplus, bundle *b)
{
    for (size_t c = 0; c < w->nclaim; c++)
        if (w->claim[c].surplus == surplus)
            put_holder(w, row, nobody(w) + 1 + c, b);
}

/* Claims follow what they took from, so that a claim splits a bundle and moves the numbers of no other. */
static void put_row(writing *w, size_t row, bundle b)
{
    b.first = 1;
    put_holder(w, row, HOLDER_OWN, &b);
    put_claims(w, row, false, &b);
    for (size_t h = HOLDER_POOL; h <= nobody(w); h++)
        put_holder(w, row, h, &b);
    put_claims(w, row, true, &b);
}

static const char *energy_source(const mizo_region *r, const match_source *s)
{
    static const char *const carrier[] = { "biogenic-waste", "solar", "wind", "hydro", "biomass", "other" };
    return s->plant >= 0 ? carrier[r->plant[s->plant].carrier] : "solar";
}

static bool source_wanted(const writing *w, const match_source *s)
{
    if (!w->ask->site)
        return true;
    return s->plant >= 0 ? s->plant == w->plant : w->wanted[s->point];
}

static void put_made(writing *w, bundle b)
{
    char device[MIZO_ID_MAX + 8];
    b.record = "production";
    for (size_t i = 0; i < w->nsource; i++) {
        b.device = w->source[i].id;
        b.source = energy_source(w->region, &w->source[i]);
        if (source_wanted(w, &w->source[i]))
            put_row(w, i, b);
    }
    b.record = b.source = "storage";
    b.device = device;
    for (size_t i = 0; i < w->region->npoint; i++) {
        snprintf(device, sizeof device, "%s-battery", w->region->point[i].id);
        if (w->wanted[i])
            put_row(w, w->nsource + i, b);
    }
}

static void put_used(writing *w, bundle b)
{
    b.record = "consumption";
    b.source = b.status = "";
    for (size_t i = 0; i < w->region->npoint; i++) {
        b.device = b.account = w->region->point[i].id;
        b.wh = w->used[i];
        b.matched = w->matched[i];
        if (w->wanted[i])
            put(w, &b);
    }
}

/* Tells what is in the table of the half-hours [from, to), and empties it. */
static void tell(writing *w, const char *when, mizo_slot from, mizo_slot to)
{
    char begin[MIZO_INSTANT_TEXT], end[MIZO_INSTANT_TEXT];
    const energytag_ask *a = w->ask;
    mizo_ms_text(mizo_slot_ms(from), w->region->offset, begin);
    mizo_ms_text(mizo_slot_ms(to), w->region->offset, end);
    bundle b = { .when = when, .from = begin, .to = end };
    if (a->certificates || !a->consumption)
        put_made(w, b);
    if ((a->consumption || !a->certificates) && !a->pool)
        put_used(w, b);
    memset(w->wh, 0, w->nrow * w->nholder * sizeof *w->wh);
    memset(w->used, 0, w->region->npoint * sizeof *w->used);
    memset(w->matched, 0, w->region->npoint * sizeof *w->matched);
}

/* ---- a half-hour into the table ---- */

static void give(writing *w, const match_today *d, match_attribute a, size_t first, size_t n, int slot)
{
    for (size_t i = 0; i < n; i++)
        w->wh[(first + i) * w->nholder + nobody(w)] += d->offer[a][i][slot];
    for (size_t k = 0; k < d->npool; k++) {
        const mizo_match_pool *m = &d->pool[a][k].m;
        for (size_t i = 0; i < m->nsource; i++) {
            int64_t *row = w->wh + (first + m->source[i].row) * w->nholder;
            row[HOLDER_POOL + k] += m->given[i][slot];
            row[nobody(w)] -= m->given[i][slot];
        }
    }
}

/* A claim takes from who held it: the own roof, or nobody. Never more than is there. */
static void take_claim(writing *w, size_t c, int slot)
{
    const taken *k = &w->claim[c];
    for (size_t i = 0; k->wh[slot] > 0 && i < w->nsource; i++) {
        if (strcmp(w->source[i].id, k->is.of) != 0)
            continue;
        int64_t *row = w->wh + i * w->nholder, *from = row + (k->surplus ? nobody(w) : HOLDER_OWN);
        int64_t wh = k->wh[slot] < *from ? k->wh[slot] : *from;
        *from -= wh;
        row[nobody(w) + 1 + c] += wh;
    }
}

static void gather(writing *w, const match_today *d, int slot)
{
    for (size_t i = 0; i < d->nsource; i++)
        w->wh[i * w->nholder + HOLDER_OWN] += d->own[i][slot];
    give(w, d, MATCH_RE, 0, d->nsource, slot);
    for (size_t i = 0; i < d->npoint; i++) {
        w->wh[(d->nsource + i) * w->nholder + HOLDER_OWN] += d->site[i][slot];
        w->used[i] += d->load[i][slot];
        w->matched[i] += match_used(d, (mizo_ref)i, slot);
    }
    give(w, d, MATCH_STORED, d->nsource, d->npoint, slot);
    for (size_t c = 0; c < w->nclaim; c++)
        take_claim(w, c, slot);
}

/* ---- days ---- */

static mizo_err make_table(writing *w, const match_today *d)
{
    if (w->wh)
        return MIZO_OK;
    w->nsource = d->nsource;
    w->npool = d->npool;
    w->nholder = HOLDER_POOL + d->npool + 1 + w->nclaim;
    w->nrow = d->nsource + d->npoint;
    w->wh = calloc(w->nrow * w->nholder + 1, sizeof *w->wh);
    w->used = calloc(d->npoint + 1, sizeof *w->used);
    w->matched = calloc(d->npoint + 1, sizeof *w->matched);
    w->source = calloc(d->nsource + 1, sizeof *w->source);
    w->pool = calloc(d->npool + 1, sizeof *w->pool);
    if (!w->wh || !w->used || !w->matched || !w->source || !w->pool)
        return MIZO_ENOMEM;
    memcpy(w->source, d->source, d->nsource * sizeof *w->source);
    for (size_t k = 0; k < d->npool; k++)
        w->pool[k] = d->pool[MATCH_RE][k].id;
    return MIZO_OK;
}

/* What each claim took on the day, by the journal. */
static mizo_err read_claims(writing *w, mizo_day day)
{
    for (size_t c = 0; c < w->nclaim; c++) {
        taken *k = &w->claim[c];
        char account[MIZO_ACCOUNT_MAX];
        int64_t total;
        memset(k->wh, 0, sizeof k->wh);
        if (day < k->is.from || day >= k->is.to)
            continue;
        snprintf(account, sizeof account, "claim:%s", k->is.id);
        MIZO_TRY(w->store->ops->balance_get(w->store, account, match_unit(MATCH_RE), day, &total, k->wh));
    }
    return MIZO_OK;
}

static void tell_slots(writing *w, const match_today *d)
{
    mizo_slot first = mizo_day_slot(d->day, w->region->offset);
    for (int slot = 0; slot < MIZO_DAY_SLOTS; slot++) {
        char when[24];
        snprintf(when, sizeof when, "%" PRId64, first + slot);
        gather(w, d, slot);
        tell(w, when, first + slot, first + slot + 1);
    }
}

static void tell_sum(writing *w)
{
    char when[MIZO_DATE_TEXT];
    mizo_day_text(w->from, when);
    if (w->ask->step == ENERGYTAG_MONTH)
        when[sizeof "2021-07" - 1] = 0;
    tell(w, when, mizo_day_slot(w->from, w->region->offset), mizo_day_slot(w->to, w->region->offset));
    w->from = MIZO_DAY_NONE;
}

/* The day, or its month as far as it was asked for. */
static void begin_sum(writing *w, mizo_day day)
{
    const energytag_ask *a = w->ask;
    mizo_date date = mizo_day_date(day);
    bool month = a->step == ENERGYTAG_MONTH;
    w->from = month ? day - date.day + 1 : day;
    w->to = w->from + (month ? mizo_month_days(date.year, date.month) : 1);
    w->from = w->from < a->from ? a->from : w->from;
    w->to = w->to > a->to ? a->to : w->to;
}

static mizo_err on_day(void *arg, match_town *t, const match_today *d)
{
    writing *w = arg;
    (void)t;
    MIZO_TRY(make_table(w, d));
    MIZO_TRY(read_claims(w, d->day));
    w->sum->days++;
    if (w->ask->step == ENERGYTAG_SLOT) {
        tell_slots(w, d);
        return flush(w);
    }
    if (w->from != MIZO_DAY_NONE && d->day >= w->to)
        tell_sum(w);
    if (w->from == MIZO_DAY_NONE)
        begin_sum(w, d->day);
    for (int slot = 0; slot < MIZO_DAY_SLOTS; slot++)
        gather(w, d, slot);
    return flush(w);
}

/* ---- the whole ---- */

static mizo_err on_claim(void *arg, const claim_row *c)
{
    writing *w = arg;
    if (strcmp(c->kind, claim_words[CLAIM_SAVING]) == 0 || c->to <= w->ask->from || c->from >= w->ask->to)
        return MIZO_OK;
    MIZO_TRY(array_grow(&w->claim, &w->claim_cap, w->nclaim + 1, sizeof *w->claim));
    w->claim[w->nclaim++] = (taken){ .is = *c, .surplus = strcmp(c->kind, claim_words[CLAIM_SURPLUS]) == 0 };
    return MIZO_OK;
}

/* Which points and which plant are meant. */
static mizo_err find_site(writing *w, mizo_diags *d)
{
    const mizo_region *r = w->region;
    const char *site = w->ask->site;
    size_t first, n;
    w->wanted = calloc(r->npoint + 1, sizeof *w->wanted);
    w->plant = site ? mizo_region_plant(r, site) : -1;
    if (!w->wanted)
        return MIZO_ENOMEM;
    if (!site)
        memset(w->wanted, true, r->npoint * sizeof *w->wanted);
    if (!site || w->plant >= 0)
        return MIZO_OK;
    mizo_ref point = mizo_region_point(r, site), facility = mizo_region_facility(r, site);
    if (point >= 0) {
        w->wanted[point] = true;
    } else if (facility >= 0) {
        n = mizo_region_uses_of(r, facility, &first);
        for (size_t i = first; i < first + n; i++)
            w->wanted[r->use[i].point] = true;
    } else {
        MIZO_DIAG(d, ENERGYTAG_SITE, MIZO_NOWHERE, site);
        return MIZO_EINPUT;
    }
    return MIZO_OK;
}

static mizo_err check_pool(const mizo_region *r, const char *pool, mizo_diags *d)
{
    bool known = !pool || strcmp(pool, OWN) == 0 || (r->npool == 0 && strcmp(pool, "town") == 0);
    for (size_t i = 0; i < r->npool && !known; i++)
        known = strcmp(r->pool[i].id, pool) == 0;
    if (!known)
        MIZO_DIAG(d, ENERGYTAG_POOL, MIZO_NOWHERE, pool);
    return known ? MIZO_OK : MIZO_EINPUT;
}

static void put_head(writing *w)
{
    const energytag_ask *a = w->ask;
    json *j = &w->json;
    if (!a->json) {
        buf_str(&w->out, columns);
        return;
    }
    json_object(j, NULL);
    json_text(j, "format", "energytag-granular-certificates");
    json_int(j, "version", 1);
    json_text(j, "unit", "Wh");
    json_text(j, "region", w->region->id);
    json_text(j, "model", w->region->hash);
    json_day(j, "from", a->from);
    json_day(j, "to", a->to - 1);
    json_text(j, "by", energytag_step_words[a->step]);
    json_array(j, "bundles");
}

static mizo_err write_all(writing *w, mizo_diags *d)
{
    MIZO_TRY(check_pool(w->region, w->ask->pool, d));
    MIZO_TRY(find_site(w, d));
    MIZO_TRY(claim_each(w->store, on_claim, w));
    put_head(w);
    MIZO_TRY(match_each_day(w->store, w->region, w->ask->from, w->ask->to, STORE_LATEST, on_day, w));
    if (w->from != MIZO_DAY_NONE)
        tell_sum(w);
    if (w->ask->json) {
        json_end(&w->json);
        json_end(&w->json);
        buf_char(&w->out, '\n');
    }
    return flush(w);
}

mizo_err energytag_write(store *s, const mizo_region *r, const energytag_ask *ask, mizo_diags *d,
                         mizo_err (*put_text)(void *, const char *, size_t), void *arg, energytag_sum *sum)
{
    writing w = {
        .region = r, .store = s, .ask = ask, .put = put_text, .arg = arg, .sum = sum, .from = MIZO_DAY_NONE
    };
    *sum = (energytag_sum){ 0 };
    buf_init(&w.out, 0);
    json_init(&w.json, &w.out);
    mizo_err err = write_all(&w, d);
    buf_fini(&w.out);
    free(w.claim);
    free(w.wanted);
    free(w.source);
    free(w.pool);
    free(w.wh);
    free(w.used);
    free(w.matched);
    return err;
}
