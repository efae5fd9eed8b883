/* api_payouts.c: what purchase statements owe, paid through one bank file: made, approved by another person, exported
 * once, paid. Acts of town/ in the name of who asked, each in one batch with its audit record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/payout.h"

/* ---- reading ---- */

typedef struct listing {
    json j;
    int offset;
} listing;

static mizo_err put_payout(void *arg, const payout *p)
{
    listing *l = arg;
    json_object(&l->j, NULL);
    payout_json(p, l->offset, &l->j);
    json_end(&l->j);
    return MIZO_OK;
}

void api_payouts(const api_call *c, http_response *out)
{
    char dir[API_DIR];
    store *s;
    listing l = { .offset = c->view->region->offset };
    if (!api_open_store(c, out, &s))
        return;
    mizo_diags *d = mizo_diags_new(20);
    town t = api_town_of(c, s, d, dir);
    api_begin(out, &l.j);
    json_array(&l.j, "payouts");
    mizo_err e = d ? payout_scan(&t, put_payout, &l) : MIZO_ENOMEM;
    json_end(&l.j);
    json_end(&l.j);
    if (e && e != MIZO_ENOENT)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    mizo_diags_free(d);
    s->ops->close(s);
}

/* ---- writing ---- */

typedef struct paying {
    char dir[API_DIR];
    town t;
    mizo_day day;
    char why[RUN_WHY * 4];
    payout p; /* as it stands after the act */
} paying;

static const shape_field day_rows[] = {
    {"day", SHAPE_DAY, false, 0, 0, NULL, offsetof(paying, day), 0},
};
static const shape_field why_rows[] = {
    {"why", SHAPE_TEXT, true, 1, 240, NULL, offsetof(paying, why), sizeof((paying *)0)->why},
};

static mizo_err begin(api_write *w, const shape_field *rows, size_t nrows, paying *k)
{
    memset(k, 0, sizeof *k);
    k->day = MIZO_DAY_NONE;
    if (nrows)
        MIZO_TRY(api_body(w, rows, nrows, k));
    k->t = api_town_of(w->c, w->store, w->diags, k->dir);
    if (k->day == MIZO_DAY_NONE)
        k->day = mizo_slot_day(mizo_ms_slot(w->known), k->t.region->offset);
    (void)snprintf(w->object, sizeof w->object, "payout/%s", w->c->id);
    return MIZO_OK;
}

static void put_stands(const void *arg, json *j)
{
    const paying *k = arg;
    payout_json(&k->p, k->t.region->offset, j);
}

/* The caller must have seen the payout as it stands. */
static mizo_err same(api_write *w, paying *k)
{
    int64_t mine;
    MIZO_TRY(api_failed(w, payout_get(&k->t, w->c->id, &k->p)));
    mizo_err e = api_same(w, k->p.version, &mine);
    if (e == MIZO_ECONFLICT)
        e = api_other(w, mine, k->p.version, put_stands, k);
    (void)snprintf(w->before, sizeof w->before, "%s", payout_state_word(k->p.state));
    payout_free(&k->p);
    return e;
}

/* What the act has left; e: how it ended. */
static mizo_err done(api_write *w, paying *k, mizo_err e, const buf *file)
{
    json j;
    MIZO_TRY(api_failed(w, e));
    (void)snprintf(w->object, sizeof w->object, "payout/%s", k->p.id);
    (void)snprintf(w->after, sizeof w->after, "%s", payout_state_word(k->p.state));
    (void)snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)k->p.version);
    if (file) {
        w->unkept = true;
        w->out->status = 200;
        w->out->type = "application/octet-stream";
        buf_add(&w->out->body, file->p, file->n);
    } else {
        api_begin(w->out, &j);
        put_stands(k, &j);
        json_end(&j);
    }
    payout_free(&k->p);
    return w->out->body.err;
}

mizo_err api_payout_make_write(api_write *w)
{
    paying k;
    MIZO_TRY(begin(w, day_rows, 1, &k));
    return done(w, &k, payout_make(&k.t, k.day, &w->who, &k.p), NULL);
}

mizo_err api_payout_approve_write(api_write *w)
{
    paying k;
    MIZO_TRY(begin(w, NULL, 0, &k));
    MIZO_TRY(same(w, &k));
    return done(w, &k, payout_approve(&k.t, w->c->id, &w->who, &k.p), NULL);
}

/* The bank file is the answer, once: the register has its hash, nobody keeps the names that are in it. */
mizo_err api_payout_export_write(api_write *w)
{
    paying k;
    buf bytes;
    MIZO_TRY(begin(w, NULL, 0, &k));
    MIZO_TRY(same(w, &k));
    buf_init(&bytes, 1 << 20);
    mizo_err e = done(w, &k, payout_export(&k.t, w->c->id, &w->who, &bytes, &k.p), &bytes);
    if (bytes.p)
        explicit_bzero(bytes.p, bytes.n);
    buf_fini(&bytes);
    return e;
}

mizo_err api_payout_paid_write(api_write *w)
{
    paying k;
    MIZO_TRY(begin(w, day_rows, 1, &k));
    MIZO_TRY(same(w, &k));
    return done(w, &k, payout_mark_paid(&k.t, w->c->id, k.day, &w->who, &k.p), NULL);
}

mizo_err api_payout_cancel_write(api_write *w)
{
    paying k;
    MIZO_TRY(begin(w, why_rows, 1, &k));
    MIZO_TRY(same(w, &k));
    return done(w, &k, payout_cancel(&k.t, w->c->id, k.why, &w->who, &k.p), NULL);
}
