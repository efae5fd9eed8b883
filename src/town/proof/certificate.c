/* certificate.c: see certificate.h. Lots, their way, and what stands behind a menu. */
#include "town/proof/certificate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "mizo/messages/match.h"
#include "town/books/posting.h"
#include "town/flat.h"
#include "town/proof/certificate_in.h"

const char *const certificate_words[] = {
#define X(name, word, re) word,
    CERTIFICATE_KINDS(X)
#undef X
        NULL
};

static const bool renewable[] = {
#define X(name, word, re) re,
    CERTIFICATE_KINDS(X)
#undef X
};

static const char record_kind[] = "certificate";

void certificate_unit(certificate_kind kind, int vintage, char out[MIZO_ID_MAX])
{
    snprintf(out, MIZO_ID_MAX, "Wh-%s-%d", certificate_words[kind], vintage);
}

static mizo_day day_of(int vintage)
{
    return mizo_date_day((mizo_date){ vintage, 12, 31 });
}

/* ---- records ---- */

typedef struct each {
    store *store;
    mizo_err (*fn)(void *, const certificate *);
    void *arg;
} each;

static mizo_err kind_of(const char *word, certificate_kind *out)
{
    for (int k = 0; k < CERTIFICATE_KIND_COUNT; k++)
        if (strcmp(word, certificate_words[k]) == 0) {
            *out = (certificate_kind)k;
            return MIZO_OK;
        }
    return MIZO_EINPUT;
}

static mizo_err on_record(void *arg, const store_record *r)
{
    const each *e = arg;
    certificate c = { .batch = r->batch };
    char kind[24], account[MIZO_ACCOUNT_MAX], unit[MIZO_ID_MAX];
    int64_t vintage, line, slots[48];
    snprintf(c.lot, sizeof c.lot, "%s", r->id);
    bool whole = !flat_text(r->json, "kind", kind, sizeof kind) && !kind_of(kind, &c.kind) &&
                 !flat_int(r->json, "vintage", &vintage) && !flat_int(r->json, "number_from", &c.first) &&
                 !flat_int(r->json, "number_to", &c.last) && !flat_int(r->json, "wh", &c.wh) &&
                 !flat_text(r->json, "plant", c.plant, sizeof c.plant) &&
                 !flat_text(r->json, "place", c.place, sizeof c.place) &&
                 !flat_text(r->json, "file", c.file, sizeof c.file) && !flat_int(r->json, "line", &line);
    if (!whole)
        return MIZO_ESTORE;
    c.vintage = (int)vintage;
    c.line = (int)line;
    if (flat_day(r->json, "bought", &c.bought) || flat_int(r->json, "price_e6", &c.price_e6)) {
        c.bought = MIZO_DAY_NONE; /* a lot of long ago, or nobody said it */
        c.price_e6 = 0;
    }
    snprintf(account, sizeof account, "cert:%s", c.lot);
    certificate_unit(c.kind, c.vintage, unit);
    MIZO_TRY(e->store->ops->balance_get(e->store, account, unit, day_of(c.vintage), &c.held, slots));
    return e->fn(e->arg, &c);
}

mizo_err certificate_each(store *s, mizo_err (*fn)(void *, const certificate *), void *arg)
{
    each e = { s, fn, arg };
    mizo_err err = s->ops->record_scan(s, record_kind, NULL, on_record, &e);
    return err == MIZO_ENOENT ? MIZO_OK : err;
}

mizo_err certificate_keep(store *s, const certificate *c)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "kind", certificate_words[c->kind]);
    json_int(&j, "vintage", c->vintage);
    json_int(&j, "number_from", c->first);
    json_int(&j, "number_to", c->last);
    json_int(&j, "wh", c->wh);
    json_text(&j, "plant", c->plant);
    json_text(&j, "place", c->place);
    json_text(&j, "file", c->file);
    json_int(&j, "line", c->line);
    if (c->bought != MIZO_DAY_NONE) {
        json_day(&j, "bought", c->bought);
        json_int(&j, "price_e6", c->price_e6);
    }
    json_end(&j);
    mizo_err err = b.err ? b.err : s->ops->record_put(s, record_kind, c->lot, b.p, &changed);
    buf_fini(&b);
    return err;
}

mizo_err certificate_put(posting *p, const certificate *c)
{
    char account[MIZO_ACCOUNT_MAX], unit[MIZO_ID_MAX], ref[MIZO_ACCOUNT_MAX];
    snprintf(account, sizeof account, "cert:%s", c->lot);
    snprintf(ref, sizeof ref, "lot:%s", c->lot);
    certificate_unit(c->kind, c->vintage, unit);
    mizo_entry e = { .day = day_of(c->vintage),
                     .from = "world",
                     .to = account,
                     .unit = unit,
                     .kind = "issue",
                     .ref = ref,
                     .amount = c->wh };
    MIZO_TRY(posting_add(p, &e));
    return certificate_keep(posting_store(p), c);
}

mizo_err certificate_cost(const certificate *c, mizo_uyen *out)
{
    *out = 0;
    if (c->bought == MIZO_DAY_NONE)
        return MIZO_OK;
    return mizo_mul_div(c->wh, c->price_e6, 1000, MIZO_ROUND_HALF_UP, out);
}

/* ---- assigning ---- */

typedef struct wanted_lot {
    const char *lot;
    certificate found;
    bool any;
} wanted_lot;

static mizo_err on_lot(void *arg, const certificate *c)
{
    wanted_lot *w = arg;
    if (strcmp(c->lot, w->lot) == 0) {
        w->found = *c;
        w->any = true;
    }
    return MIZO_OK;
}

/* "menu:local-re100:2021"; MIZO_ENOENT, said: there is no such menu or party. */
static mizo_err target_of(town *t, const char *menu, const char *party, int fy, char out[MIZO_ACCOUNT_MAX])
{
    const mizo_region *r = t->region;
    bool found = !menu && party && mizo_region_party(r, party) >= 0;
    for (size_t i = 0; i < r->nmenu && menu && !party; i++)
        found = found || strcmp(r->menu[i].id, menu) == 0;
    if (!found) {
        MIZO_DIAG(t->diags, CERT_TARGET, MIZO_NOWHERE, menu ? menu : party ? party : "");
        return MIZO_ENOENT;
    }
    snprintf(out, MIZO_ACCOUNT_MAX, "%s:%s:%d", menu ? "menu" : "party", menu ? menu : party, fy);
    return MIZO_OK;
}

int certificate_later_years(const mizo_region *r, int fy)
{
    const mizo_param *p = mizo_param_on(r, "certificate-later-years", NULL, mizo_fy_first(fy));
    return p ? (int)(p->value_e6 / 1000000) : 0;
}

static mizo_err check_vintage(town *t, const certificate *c, int fy)
{
    int later = certificate_later_years(t->region, fy);
    char vintage[16], year[16];
    if (fy >= c->vintage && fy - c->vintage <= later)
        return MIZO_OK;
    snprintf(vintage, sizeof vintage, "%d", c->vintage);
    snprintf(year, sizeof year, "%d", fy);
    MIZO_DIAG(t->diags, CERT_VINTAGE, MIZO_NOWHERE, c->lot, vintage, year);
    return MIZO_EINPUT;
}

static mizo_err move(town *t, const char *from, const char *to, const char *kind, const char *unit,
                     mizo_day day, mizo_wh wh, const char *actor)
{
    posting *p;
    MIZO_TRY(posting_open(t->store, town_now(t), actor, "certificate", t->diags, &p));
    mizo_entry e = {
        .day = day, .from = from, .to = to, .unit = unit, .kind = kind, .ref = to, .amount = wh
    };
    mizo_err err = posting_add(p, &e);
    if (err) {
        posting_cancel(p);
        return err;
    }
    return posting_commit(p);
}

mizo_err certificate_assign(town *t, const char *lot, const char *menu, const char *party, int fy, mizo_wh wh,
                            const char *actor, mizo_wh *done)
{
    wanted_lot w = { .lot = lot };
    char target[MIZO_ACCOUNT_MAX], from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX + 16], unit[MIZO_ID_MAX];
    *done = 0;
    MIZO_TRY(certificate_each(t->store, on_lot, &w));
    if (!w.any) {
        MIZO_DIAG(t->diags, CERT_LOT, MIZO_NOWHERE, lot);
        return MIZO_ENOENT;
    }
    MIZO_TRY(target_of(t, menu, party, fy, target));
    MIZO_TRY(check_vintage(t, &w.found, fy));
    *done = wh ? wh : w.found.held;
    if (*done == 0) {
        MIZO_DIAG(t->diags, CERT_EMPTY, MIZO_NOWHERE, lot);
        return MIZO_ECONFLICT;
    }
    snprintf(from, sizeof from, "cert:%s", lot);
    snprintf(to, sizeof to, "assigned:%s", target);
    certificate_unit(w.found.kind, w.found.vintage, unit);
    return move(t, from, to, "transfer", unit, day_of(w.found.vintage), *done, actor);
}

/* ---- retiring ---- */

typedef struct retiring {
    char account[MIZO_ACCOUNT_MAX];
    struct part {
        char unit[MIZO_ID_MAX];
        mizo_day day;
        mizo_wh wh;
    } part[64];
    size_t n;
} retiring;

static mizo_err on_assigned(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                            const int64_t *slots)
{
    retiring *x = arg;
    (void)slots;
    if (day == MIZO_DAY_NONE || total <= 0 || strcmp(account, x->account))
        return MIZO_OK;
    if (x->n == sizeof x->part / sizeof *x->part)
        return MIZO_EFULL;
    snprintf(x->part[x->n].unit, sizeof x->part[x->n].unit, "%s", unit);
    x->part[x->n].day = day;
    x->part[x->n++].wh = total;
    return MIZO_OK;
}

mizo_err certificate_retire(town *t, const char *menu, const char *party, int fy, const char *actor,
                            mizo_wh *done)
{
    char target[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX + 16];
    retiring x = { .n = 0 };
    posting *p;
    *done = 0;
    MIZO_TRY(target_of(t, menu, party, fy, target));
    if (snprintf(x.account, sizeof x.account, "assigned:%s", target) >= (int)sizeof x.account)
        return MIZO_ERANGE;
    snprintf(to, sizeof to, "claim:%s", target);
    MIZO_TRY(t->store->ops->balance_scan(t->store, day_of(fy - 30), day_of(fy), on_assigned, &x));
    if (!x.n)
        return MIZO_OK;
    MIZO_TRY(posting_open(t->store, town_now(t), actor, "certificate", t->diags, &p));
    mizo_err err = MIZO_OK;
    for (size_t i = 0; i < x.n && !err; i++) {
        mizo_entry e = { .day = x.part[i].day,
                         .from = x.account,
                         .to = to,
                         .unit = x.part[i].unit,
                         .kind = "retire",
                         .ref = to,
                         .amount = x.part[i].wh };
        *done += e.amount;
        err = posting_add(p, &e);
    }
    if (err) {
        posting_cancel(p);
        return err;
    }
    return posting_commit(p);
}

/* ---- what stands behind a menu ---- */

typedef struct covering {
    const mizo_region *region;
    certificate_cover *cover;
    int fy;
} covering;

static bool unit_is_renewable(const char *unit)
{
    for (int k = CERTIFICATE_KIND_COUNT; k > 0; k--) { /* the longest word first: nonfit-re before nonfit */
        static const int order[] = { CERTIFICATE_NONFIT, CERTIFICATE_FIT, CERTIFICATE_NONFIT_RE };
        int kind = order[k - 1];
        char head[MIZO_ID_MAX];
        int n = snprintf(head, sizeof head, "Wh-%s-", certificate_words[kind]);
        if (strncmp(unit, head, (size_t)n) == 0)
            return renewable[kind];
    }
    return false;
}

/* Both what is assigned and what is retired stands behind the menu. */
static mizo_err on_cover(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                         const int64_t *slots)
{
    covering *c = arg;
    char want[MIZO_ACCOUNT_MAX];
    (void)slots;
    const char *target = strncmp(account, "assigned:", 9) == 0 ? account + 9
                         : strncmp(account, "claim:", 6) == 0  ? account + 6
                                                               : NULL;
    if (day == MIZO_DAY_NONE || !target || strncmp(target, "menu:", 5))
        return MIZO_OK;
    for (size_t i = 0; i < c->region->nmenu; i++) {
        snprintf(want, sizeof want, "menu:%s:%d", c->region->menu[i].id, c->fy);
        if (strcmp(want, target) == 0)
            *(unit_is_renewable(unit) ? &c->cover[i].certificates : &c->cover[i].other) += total;
    }
    return MIZO_OK;
}

static mizo_promise promise_of(const mizo_menu *m)
{
    if (m->promise != MIZO_PROMISE_BY_SHARE)
        return m->promise;
    return m->renewable_ppm == MIZO_PPM ? MIZO_PROMISE_RE
           : m->renewable_ppm           ? MIZO_PROMISE_MIX
                                        : MIZO_PROMISE_NONE;
}

mizo_err certificate_covers(store *s, const match_report *m, certificate_cover *cover, size_t *short_of)
{
    const mizo_region *r = m->region;
    covering c = { r, cover, m->fy };
    *short_of = 0;
    for (size_t i = 0; i < r->nmenu; i++)
        cover[i] = (certificate_cover){ .menu = (mizo_ref)i, .promise = promise_of(&r->menu[i]) };
    MIZO_TRY(s->ops->balance_scan(s, day_of(m->fy - 30), day_of(m->fy), on_cover, &c));
    for (size_t i = 0; i < r->nmenu; i++) {
        certificate_cover *x = &cover[i];
        const match_sum *sum = &m->menu[i];
        x->import = sum->import;
        if (x->promise == MIZO_PROMISE_MIX)
            MIZO_TRY(mizo_mul_div(x->import, r->menu[i].renewable_ppm, MIZO_PPM, MIZO_ROUND_UP, &x->need));
        else
            x->need = x->promise == MIZO_PROMISE_NONE ? 0 : x->import;
        mizo_wh own = sum->own;
        x->value =
            sum->matched > own ? sum->matched - own : 0; /* what roofs gave their houses was never sold */
        mizo_wh have = x->value + x->certificates;
        x->shortfall = have < x->need ? x->need - have : 0;
        *short_of += x->shortfall > 0;
    }
    return MIZO_OK;
}
