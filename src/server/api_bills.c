/* api_bills.c: the bills of a month as they come out now: who is supplied under which contract, and one bill line by
 * line. In a job; nothing is issued or written. Whoever asks has logged in, wherever the request comes from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/bill.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/billing_slots.h"

enum { MISTAKES = 200 };

/* ?month=2021-07; without it the month of the town's day. */
static bool read_month(const api_call *c, http_response *out, mizo_day *month)
{
    const char *given = query_get(&c->request->q, "month");
    mizo_date date = mizo_day_date(c->view->day);
    *month = mizo_date_day((mizo_date){ date.year, date.month, 1 });
    if (!given || api_month(given, month))
        return true;
    api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, given, NULL);
    return false;
}

static void put_month(json *j, mizo_day month)
{
    char text[MIZO_DATE_TEXT];
    mizo_day_text(month, text);
    text[7] = '\0';
    json_text(j, "month", text);
}

/* The facility that uses most of a point; NULL: none. */
static const mizo_facility *place_of(const mizo_region *r, mizo_ref point, mizo_day day)
{
    int32_t most = 0;
    const mizo_facility *f = NULL;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point && day >= u->from && day < u->to && u->share_ppm > most) {
            most = u->share_ppm;
            f = &r->facility[u->facility];
        }
    }
    return f;
}

static void put_contract(json *j, const mizo_region *r, const mizo_contract *c, mizo_day day)
{
    const mizo_party *p = &r->party[c->party];
    const mizo_tariff *tariff = &r->tariff[c->tariff];
    const mizo_facility *f = place_of(r, c->point, day);
    json_text(j, "contract", c->id);
    json_text(j, "party", p->id);
    json_text(j, "party_ja", p->name_ja);
    json_text(j, "party_en", p->name_en);
    json_text(j, "point", r->point[c->point].id);
    json_text(j, "site", f ? f->id : NULL);
    json_text(j, "name_ja", f ? f->name_ja : "");
    json_text(j, "name_en", f ? f->name_en : "");
    json_text(j, "tariff", tariff->id);
    json_text(j, "tariff_ja", tariff->name_ja);
    json_text(j, "tariff_en", *tariff->name_en ? tariff->name_en : tariff->name_ja);
    json_text(j, "rounding", c->rounding);
    json_text(j, "invoice", c->invoice);
    json_int(j, "agreed_w", c->agreed_w);
}

static void put_mistakes(json *j, const mizo_diags *d)
{
    json_array(j, "diagnoses");
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        api_diag(j, NULL, mizo_diags_at(d, i));
    json_end(j);
}

/* ---- all of a month ---- */

typedef struct made {
    bool there;
    int estimated;
    mizo_wh wh;
    mizo_uyen total, left;
} made;

static mizo_err keep(void *arg, const mizo_bill *b, const char *text)
{
    (void)text;
    ((made *)arg)[b->contract] = (made){ true, b->estimated, b->wh, b->total, b->left };
    return MIZO_OK;
}

static void put_row(json *j, const mizo_region *r, const mizo_contract *c, mizo_day from, mizo_day to,
                    const made *m)
{
    json_object(j, NULL);
    put_contract(j, r, c, from);
    json_day(j, "from", from);
    json_day(j, "to", to);
    if (m->there) {
        json_object(j, "bill");
        json_int(j, "wh", m->wh);
        json_int(j, "estimated", m->estimated);
        json_yen(j, "total_yen", m->total);
        json_yen(j, "left_yen", m->left);
        json_end(j);
    } else {
        json_null(j, "bill");
    }
    json_end(j);
}

static void put_sum(json *j, const billing_sum *s)
{
    json_object(j, "sum");
    json_int(j, "contracts", s->contracts);
    json_int(j, "bills", s->bills);
    json_int(j, "failed", s->failed);
    json_int(j, "wh", s->wh);
    json_yen(j, "exact_yen", s->exact);
    json_yen(j, "total_yen", s->total);
    json_yen(j, "left_yen", s->left);
    json_end(j);
}

static void put_all(const town *t, mizo_day month, const made *m, const billing_sum *s, http_response *out)
{
    const mizo_region *r = t->region;
    json j;
    api_begin(out, &j);
    put_month(&j, month);
    put_sum(&j, s);
    json_array(&j, "items");
    for (size_t i = 0; i < r->ncontract; i++) {
        const mizo_contract *c = &r->contract[i];
        mizo_day from, to;
        mizo_bill_period(c, month, &from, &to);
        if (c->from < to && c->to > from)
            put_row(&j, r, c, from > c->from ? from : c->from, to < c->to ? to : c->to, &m[i]);
    }
    json_end(&j);
    put_mistakes(&j, t->diags);
    json_end(&j);
}

static mizo_err answer_all(const api_call *c, town *t, mizo_day month, http_response *out)
{
    (void)c;
    billing_sum sum;
    made *m = calloc(t->region->ncontract + 1, sizeof *m);
    mizo_err e = m ? billing_make(t, month, STORE_LATEST, NULL, keep, m, &sum) : MIZO_ENOMEM;
    if (!e || e == MIZO_EINPUT) { /* what could not be made is said beside the others */
        put_all(t, month, m, &sum, out);
        e = MIZO_OK;
    }
    free(m);
    return e;
}

/* ---- one, line by line ---- */

static const char *const how_words[] = { "none", "half-up", "cut", "down", "up" };

static void put_roundings(json *j, const mizo_region *r, const char *chain)
{
    json_array(j, "roundings");
    for (size_t i = 0; i < r->nrounding; i++) {
        const mizo_rounding *x = &r->rounding[i];
        char unit[MIZO_NUM_TEXT];
        if (strcmp(x->chain, chain) != 0)
            continue;
        mizo_decimal_text(x->unit_e6, 6, unit);
        json_object(j, NULL);
        json_text(j, "step", mizo_step_word(x->step));
        json_text(j, "unit", unit);
        json_text(j, "how", how_words[x->how]);
        json_int(j, "line", x->line);
        json_end(j);
    }
    json_end(j);
}

static mizo_err keep_text(void *arg, const mizo_bill *b, const char *text)
{
    (void)b;
    buf_str(arg, text);
    return ((buf *)arg)->err;
}

static mizo_err answer_one(const api_call *c, town *t, mizo_day month, http_response *out)
{
    billing_sum sum;
    buf text;
    json j;
    mizo_ref i = mizo_region_contract(t->region, c->id);
    if (i < 0) {
        api_problem(c->request, out, 404, MIZO_MSG_BILL_CONTRACT_NONE, c->id, NULL);
        return MIZO_OK;
    }
    buf_init(&text, 1 << 20);
    mizo_err e = billing_make(t, month, STORE_LATEST, c->id, keep_text, &text, &sum);
    if (!e || e == MIZO_EINPUT) {
        const mizo_contract *k = &t->region->contract[i];
        api_begin(out, &j);
        put_month(&j, month);
        put_contract(&j, t->region, k, month);
        put_roundings(&j, t->region, k->rounding);
        if (text.n)
            json_raw(&j, "bill", text.p);
        else
            json_null(&j, "bill");
        put_mistakes(&j, t->diags);
        json_end(&j);
        e = MIZO_OK;
    }
    buf_fini(&text);
    return e;
}

/* ---- one, opened to its half-hours ---- */

static mizo_err answer_slots(const api_call *c, town *t, mizo_day month, http_response *out)
{
    json j;
    if (mizo_region_contract(t->region, c->id) < 0) {
        api_problem(c->request, out, 404, MIZO_MSG_BILL_CONTRACT_NONE, c->id, NULL);
        return MIZO_OK;
    }
    api_begin(out, &j);
    put_month(&j, month);
    json_text(&j, "contract", c->id);
    mizo_err e = billing_slots_json(t, month, STORE_LATEST, c->id, &j);
    if (e == MIZO_EINPUT)
        json_bool(&j, "slots", false); /* it cannot be made: why is said */
    put_mistakes(&j, t->diags);
    json_end(&j);
    return e == MIZO_EINPUT ? MIZO_OK : e;
}

/* ---- all of them ---- */

static void answer(const api_call *c, http_response *out,
                   mizo_err (*fn)(const api_call *, town *, mizo_day, http_response *))
{
    mizo_day month;
    town t = { .env = c->env, .region = c->view->region, .now = api_clock(c) };
    if (!read_month(c, out, &month) || !api_open_store(c, out, &t.store))
        return;
    t.diags = mizo_diags_new(MISTAKES);
    mizo_err e = t.diags ? fn(c, &t, month, out) : MIZO_ENOMEM;
    t.store->ops->close(t.store);
    mizo_diags_free(t.diags);
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
}

void api_bills(const api_call *c, http_response *out)
{
    answer(c, out, answer_all);
}

void api_bill(const api_call *c, http_response *out)
{
    answer(c, out, answer_one);
}

void api_bill_slots(const api_call *c, http_response *out)
{
    answer(c, out, answer_slots);
}
