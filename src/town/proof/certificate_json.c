/* certificate_json.c: lots, what they are used for, what stands behind each menu, other claims; as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/books.h"
#include "town/proof/certificate.h"
#include "town/proof/claim.h"

/* ---- lots ---- */

typedef struct lots {
    const mizo_region *region;
    json *j;
} lots;

static mizo_err put_lot(void *arg, const certificate *c)
{
    const lots *k = arg;
    json *j = k->j;
    json_object(j, NULL);
    json_text(j, "lot", c->lot);
    json_text(j, "kind", certificate_words[c->kind]);
    json_int(j, "vintage", c->vintage);
    json_int(j, "last_fy", c->vintage + certificate_later_years(k->region, c->vintage));
    json_int(j, "number_from", c->first);
    json_int(j, "number_to", c->last);
    json_int(j, "issued_wh", c->wh);
    json_int(j, "held_wh", c->held);
    json_text(j, "plant", c->plant);
    json_text(j, "place", c->place);
    if (c->bought == MIZO_DAY_NONE) {
        json_null(j, "bought");
        json_null(j, "yen_per_kwh");
        json_null(j, "cost_yen");
    } else {
        mizo_uyen cost;
        MIZO_TRY(certificate_cost(c, &cost));
        json_day(j, "bought", c->bought);
        json_yen(j, "yen_per_kwh", c->price_e6);
        json_yen(j, "cost_yen", cost);
    }
    json_end(j);
    return MIZO_OK;
}

mizo_err certificate_lots_json(store *s, const mizo_region *r, const char *key, json *j)
{
    lots k = { r, j };
    json_array(j, key);
    mizo_err e = certificate_each(s, put_lot, &k);
    json_end(j);
    return e;
}

/* ---- what they are used for ---- */

/* Of "assigned:menu:M:FY" and "claim:menu:M:FY". */
typedef struct use_row {
    char target[MIZO_ACCOUNT_MAX], unit[32];
    mizo_wh assigned, used;
} use_row;

typedef struct uses {
    use_row *row;
    size_t n, cap;
} uses;

static mizo_err row_for(uses *u, const char *target, const char *unit, use_row **out)
{
    for (size_t i = 0; i < u->n; i++)
        if (strcmp(u->row[i].target, target) == 0 && strcmp(u->row[i].unit, unit) == 0) {
            *out = &u->row[i];
            return MIZO_OK;
        }
    MIZO_TRY(array_grow(&u->row, &u->cap, u->n + 1, sizeof *u->row));
    *out = &u->row[u->n++];
    **out = (use_row){ 0 };
    snprintf((*out)->target, sizeof(*out)->target, "%s", target);
    snprintf((*out)->unit, sizeof(*out)->unit, "%s", unit);
    return MIZO_OK;
}

static mizo_err on_balance(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    bool claim = strncmp(account, "claim:", 6) == 0, assigned = strncmp(account, "assigned:", 9) == 0;
    const char *target = account + (claim ? 6 : 9);
    use_row *row;
    (void)slots;
    if (day == MIZO_DAY_NONE || (!claim && !assigned) ||
        (strncmp(target, "menu:", 5) && strncmp(target, "party:", 6)))
        return MIZO_OK;
    MIZO_TRY(row_for(arg, target, unit, &row));
    *(claim ? &row->used : &row->assigned) += total;
    return MIZO_OK;
}

static mizo_ref menu_of(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nmenu; i++)
        if (strcmp(r->menu[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

static void put_use(const mizo_region *r, const use_row *u, json *j)
{
    bool menu = strncmp(u->target, "menu:", 5) == 0;
    const char *id = u->target + (menu ? 5 : 6), *fy = strrchr(u->target, ':');
    char name[MIZO_ACCOUNT_MAX];
    snprintf(name, sizeof name, "%.*s", fy > id ? (int)(fy - id) : 0, id);
    mizo_ref m = menu ? menu_of(r, name) : -1, p = menu ? -1 : mizo_region_party(r, name);
    json_object(j, NULL);
    json_text(j, "to", menu ? "menu" : "party");
    json_text(j, "id", name);
    json_text(j, "name_ja", m >= 0 ? r->menu[m].name_ja : p >= 0 ? r->party[p].name_ja : "");
    json_text(j, "name_en", m >= 0 ? r->menu[m].name_en : p >= 0 ? r->party[p].name_en : "");
    json_int(j, "fy", fy > id ? strtol(fy + 1, NULL, 10) : 0);
    json_text(j, "unit", u->unit);
    json_int(j, "assigned_wh", u->assigned);
    json_int(j, "used_wh", u->used);
    json_end(j);
}

mizo_err certificate_uses_json(store *s, const mizo_region *r, const char *key, json *j)
{
    uses u = { 0 };
    mizo_err e = s->ops->balance_scan(s, mizo_fy_first(1990), mizo_fy_first(2200), on_balance, &u);
    json_array(j, key);
    for (size_t i = 0; i < u.n && !e; i++)
        put_use(r, &u.row[i], j);
    json_end(j);
    free(u.row);
    return e;
}

/* ---- what stands behind each menu ---- */

static void put_cover(json *j, const mizo_region *r, const certificate_cover *x)
{
    static const char *const promise[] = { "", "re", "effective", "mix", "none" };
    json_object(j, NULL);
    json_text(j, "menu", r->menu[x->menu].id);
    json_text(j, "name_ja", r->menu[x->menu].name_ja);
    json_text(j, "name_en", r->menu[x->menu].name_en);
    json_text(j, "promise", promise[x->promise]);
    json_int(j, "import_wh", x->import);
    json_int(j, "need_wh", x->need);
    json_int(j, "value_wh", x->value);
    json_int(j, "certificates_wh", x->certificates);
    json_int(j, "without_designation_wh", x->other);
    json_int(j, "shortfall_wh", x->shortfall);
    json_end(j);
}

mizo_err certificate_covers_json(store *s, const match_report *m, const char *key, json *j, size_t *short_of)
{
    certificate_cover *cover = calloc(m->region->nmenu + 1, sizeof *cover);
    mizo_err e = cover ? certificate_covers(s, m, cover, short_of) : MIZO_ENOMEM;
    json_array(j, key);
    for (size_t i = 0; i < m->region->nmenu && !e; i++)
        if (cover[i].import)
            put_cover(j, m->region, &cover[i]);
    json_end(j);
    free(cover);
    return e;
}

/* ---- other claims ---- */

static mizo_err put_claim(void *arg, const claim_row *c)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "id", c->id);
    json_text(j, "kind", c->kind);
    json_text(j, "of", c->of);
    json_text(j, "measure", c->measure);
    json_day(j, "from", c->from);
    json_day(j, "to", c->to - 1);
    json_int(j, "wh", c->wh);
    json_end(j);
    return MIZO_OK;
}

mizo_err claim_json(store *s, const char *key, json *j)
{
    json_array(j, key);
    mizo_err e = claim_each(s, put_claim, j);
    json_end(j);
    return e;
}
