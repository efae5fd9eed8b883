/* energytag.c: see energytag.h. */
#include "town/proof/energytag.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "mizo/messages/match.h"

static const char *const columns =
    "record,certificate_bundle_id,id_range_start,id_range_end,face_value_wh,device_id,energy_carrier,"
    "energy_source,production_starting_interval,production_ending_interval,issuance_id,is_storage,"
    "certificate_bundle_status,account_id,matched_wh\n";

/* One bundle, or what a point used. */
typedef struct bundle {
    const char *record; /* "production", "storage" or "consumption" */
    const char *device, *source, *status, *account;
    mizo_slot slot;
    int64_t first, wh, matched; /* ids first .. first + wh - 1 within the device and half-hour */
} bundle;

typedef struct writing {
    const mizo_region *region;
    buf *out;
    json *json; /* NULL: CSV */
    int64_t bundles;
} writing;

static const char *energy_source(const mizo_region *r, const match_source *s)
{
    static const char *const carrier[] = { "biogenic-waste", "solar", "wind", "hydro", "biomass", "other" };
    return s->plant >= 0 ? carrier[r->plant[s->plant].carrier] : "solar";
}

static void put_csv(const writing *w, const bundle *b, const char *from, const char *to)
{
    bool made = strcmp(b->record, "consumption") != 0;
    buf_printf(w->out, "%s,%s-%" PRId64 ",", b->record, b->device, b->slot);
    if (made)
        buf_printf(w->out, "%" PRId64 ",%" PRId64, b->first, b->first + b->wh - 1);
    else
        buf_str(w->out, ",");
    buf_printf(w->out, ",%" PRId64 ",%s,electricity,%s,%s,%s,%s-%" PRId64 ",%s,%s,%s,", b->wh, b->device,
               b->source, from, to, b->device, b->slot, strcmp(b->record, "storage") ? "no" : "yes",
               b->status, b->account);
    if (!made)
        buf_printf(w->out, "%" PRId64, b->matched);
    buf_char(w->out, '\n');
}

static void put_json(const writing *w, const bundle *b, const char *from, const char *to)
{
    char id[MIZO_ID_MAX + 24];
    json *j = w->json;
    bool made = strcmp(b->record, "consumption") != 0;
    snprintf(id, sizeof id, "%s-%" PRId64, b->device, b->slot);
    json_object(j, NULL);
    json_text(j, "record", b->record);
    json_text(j, "certificate_bundle_id", id);
    if (made) {
        json_int(j, "id_range_start", b->first);
        json_int(j, "id_range_end", b->first + b->wh - 1);
    }
    json_int(j, "face_value_wh", b->wh);
    json_text(j, "device_id", b->device);
    json_text(j, "energy_carrier", "electricity");
    json_text(j, "energy_source", b->source);
    json_text(j, "production_starting_interval", from);
    json_text(j, "production_ending_interval", to);
    json_text(j, "issuance_id", id);
    json_bool(j, "is_storage", strcmp(b->record, "storage") == 0);
    json_text(j, "certificate_bundle_status", b->status);
    json_text(j, "account_id", b->account);
    if (!made)
        json_int(j, "matched_wh", b->matched);
    json_end(j);
}

static void put(writing *w, const bundle *b)
{
    char from[MIZO_INSTANT_TEXT], to[MIZO_INSTANT_TEXT];
    if (b->wh <= 0)
        return;
    mizo_ms_text(mizo_slot_ms(b->slot), w->region->offset, from);
    mizo_ms_text(mizo_slot_ms(b->slot + 1), w->region->offset, to);
    w->bundles++;
    if (w->json)
        put_json(w, b, from, to);
    else
        put_csv(w, b, from, to);
}

/* What row `row` of a pass gave in a slot, pool by pool; then what is left of it. */
static void put_given(writing *w, const match_today *d, match_attribute a, size_t row, bundle b, int slot,
                      int64_t left)
{
    for (size_t k = 0; k < d->npool; k++) {
        const match_pool *p = &d->pool[a][k];
        char account[MIZO_ID_MAX + 8];
        for (size_t i = 0; i < p->m.nsource; i++) {
            if (p->m.source[i].row != row || !p->m.given[i][slot])
                continue;
            snprintf(account, sizeof account, "pool:%s", p->id);
            b.account = account;
            b.status = "claimed";
            b.wh = p->m.given[i][slot];
            put(w, &b);
            b.first += b.wh;
            left -= b.wh;
            break;
        }
    }
    char account[MIZO_ID_MAX + 8];
    snprintf(account, sizeof account, "source:%s", b.device);
    b.account = account;
    b.status = "active";
    b.wh = left;
    put(w, &b);
}

static void put_source(writing *w, const match_today *d, size_t i, int slot, mizo_slot at)
{
    const match_source *s = &d->source[i];
    bundle b = { .record = "production",
                 .device = s->id,
                 .source = energy_source(w->region, s),
                 .slot = at,
                 .first = 1,
                 .status = "claimed",
                 .account = "pool:own",
                 .wh = d->own[i][slot] };
    put(w, &b);
    b.first += d->own[i][slot];
    put_given(w, d, MATCH_RE, i, b, slot, d->offer[MATCH_RE][i][slot]);
}

static void put_point(writing *w, const match_today *d, size_t i, int slot, mizo_slot at)
{
    const char *id = w->region->point[i].id;
    char device[MIZO_ID_MAX + 8];
    snprintf(device, sizeof device, "%s-battery", id);
    bundle out = { .record = "storage", .device = device, .source = "storage", .slot = at, .first = 1 };
    out.status = "claimed";
    out.account = id;
    out.wh = d->site[i][slot];
    put(w, &out);
    out.first += d->site[i][slot];
    put_given(w, d, MATCH_STORED, i, out, slot, d->offer[MATCH_STORED][i][slot]);
    bundle used = { .record = "consumption",
                    .device = id,
                    .source = "",
                    .status = "",
                    .account = id,
                    .slot = at,
                    .wh = d->load[i][slot],
                    .matched = match_used(d, (mizo_ref)i, slot) };
    put(w, &used);
}

static mizo_err on_day(void *arg, match_town *t, const match_today *d)
{
    writing *w = arg;
    mizo_slot first = mizo_day_slot(d->day, w->region->offset);
    (void)t;
    for (int slot = 0; slot < MIZO_DAY_SLOTS; slot++) {
        for (size_t i = 0; i < d->nsource; i++)
            put_source(w, d, i, slot, first + slot);
        for (size_t i = 0; i < d->npoint; i++)
            put_point(w, d, i, slot, first + slot);
    }
    return w->out->err;
}

mizo_err energytag_text(store *s, const mizo_region *r, mizo_day from, mizo_day to, bool as_json, buf *out,
                        int64_t *bundles)
{
    json j;
    writing w = { .region = r, .out = out, .json = as_json ? &j : NULL };
    json_init(&j, out);
    if (as_json) {
        json_object(&j, NULL);
        json_text(&j, "format", "energytag-granular-certificates");
        json_int(&j, "version", 1);
        json_text(&j, "unit", "Wh");
        json_text(&j, "region", r->id);
        json_text(&j, "model", r->hash);
        json_array(&j, "bundles");
    } else {
        buf_str(out, columns);
    }
    MIZO_TRY(match_each_day(s, r, from, to, on_day, &w));
    if (as_json) {
        json_end(&j);
        json_end(&j);
        buf_char(out, '\n');
    }
    *bundles = w.bundles;
    return out->err;
}

mizo_err energytag_write(town *t, int fy, int month, const char *path, buf *told)
{
    size_t n = strlen(path);
    int year = month && month < 4 ? fy + 1 : fy;
    mizo_day from = month ? mizo_date_day((mizo_date){ year, month, 1 }) : mizo_fy_first(fy);
    mizo_day to = month ? from + mizo_month_days(year, month) : mizo_fy_first(fy + 1);
    int64_t bundles = 0;
    buf text;
    buf_init(&text, 0);
    bool as_json = n > 5 && strcmp(path + n - 5, ".json") == 0;
    mizo_err err = energytag_text(t->store, t->region, from, to, as_json, &text, &bundles);
    if (!err)
        err = t->env->ops->write_file(t->env, path, text.p ? text.p : "", text.n);
    if (!err)
        buf_printf(told, "%s: %" PRId64 " records, %zu bytes\n", path, bundles, text.n);
    if (err == MIZO_EFULL)
        MIZO_DIAG(t->diags, ENERGYTAG_BIG, MIZO_NOWHERE, path);
    buf_fini(&text);
    return err;
}
