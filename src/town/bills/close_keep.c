/* close_keep.c: the record of a closed month, what has changed since, and the two people's words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/text.h"
#include "mizo/messages/close.h"
#include "town/bills/close.h"
#include "town/note.h"

enum { RECORD_MOST = 64 << 20 };
static const char *const states[] = { "open", "provisional", "final" };

const char *close_state_word(close_state s)
{
    return states[s];
}

/* ---- reading ---- */

static mizo_err text_of(const json_token *k, const char *key, char *out, size_t room)
{
    if (k->kind == JSON_STRING && strcmp(k->key, key) == 0)
        (void)snprintf(out, room, "%.*s", (int)room - 1, k->text);
    return MIZO_OK;
}

static mizo_err int_of(const json_token *k, const char *key, int64_t *out)
{
    if (k->kind != JSON_NUMBER || strcmp(k->key, key))
        return MIZO_OK;
    return mizo_decimal_parse(k->text, strlen(k->text), 0, out);
}

static mizo_err on_record(void *arg, const store_record *rec)
{
    close_record *c = arg;
    json_reader r;
    json_token *k = malloc(sizeof *k);
    mizo_err e = k ? MIZO_OK : MIZO_ENOMEM;
    char state[16] = "";
    int64_t edition = 1;
    c->version = rec->version;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (!e && (e = json_next(&r, k)) == MIZO_OK && k->kind != JSON_END) {
        if (k->depth != 1)
            continue;
        (void)text_of(k, "state", state, sizeof state);
        (void)text_of(k, "maker", c->maker, sizeof c->maker);
        (void)text_of(k, "approver", c->approver, sizeof c->approver);
        (void)text_of(k, "why", c->why, sizeof c->why);
        (void)text_of(k, "hash", c->hash, sizeof c->hash);
        if (k->kind == JSON_STRING && strcmp(k->key, "margin_yen") == 0)
            e = mizo_decimal_parse(k->text, strlen(k->text), 6, &c->margin);
        e = e ? e : int_of(k, "edition", &edition);
        e = e ? e : int_of(k, "made_ms", &c->made);
        e = e ? e : int_of(k, "approved_ms", &c->approved);
    }
    free(k);
    c->edition = (int)edition;
    c->state = CLOSE_PROVISIONAL; /* of a program that knew no states */
    for (int i = 0; i < CLOSE_STATES; i++)
        c->state = strcmp(state, states[i]) == 0 ? (close_state)i : c->state;
    return e == MIZO_EINPUT || e == MIZO_ERANGE ? MIZO_ESTORE : e;
}

mizo_err close_find(town *t, mizo_day month, close_record *out)
{
    char id[CLOSE_ID];
    *out = (close_record){ .state = CLOSE_OPEN };
    close_id(month, id);
    mizo_err e = t->store->ops->record_scan(t->store, "close", id, on_record, out);
    return !e && !out->version ? MIZO_ENOENT : e;
}

/* ---- what has changed ---- */

typedef struct comparing {
    town *t;
    close_month *m;
    bool cost;
    char id[MIZO_ID_MAX];
    mizo_uyen was;
    uint8_t *seen; /* contracts that the record knows */
} comparing;

typedef struct finding {
    close_change *c;
    mizo_ms known; /* of the batch; INT64_MIN: by its number */
} finding;

static mizo_err on_batch(void *arg, const store_batch *b)
{
    finding *f = arg;
    if (f->known == INT64_MIN ? b->id != f->c->batch : b->known != f->known)
        return MIZO_OK;
    f->c->batch = b->id;
    (void)snprintf(f->c->actor, sizeof f->c->actor, "%s", b->actor);
    (void)snprintf(f->c->source, sizeof f->c->source, "%s", b->source);
    return MIZO_OK;
}

static mizo_err push_change(comparing *x, const char *id, mizo_uyen was, mizo_uyen is, int64_t batch,
                            mizo_ms known)
{
    close_month *m = x->m;
    if (was == is)
        return MIZO_OK;
    MIZO_TRY(array_grow(&m->change, &m->hcap, m->nchange + 1, sizeof *m->change));
    close_change *c = &m->change[m->nchange++];
    *c = (close_change){ .cost = x->cost, .was = was, .is = is, .batch = batch };
    (void)snprintf(c->id, sizeof c->id, "%s", id);
    finding f = { c, x->cost ? INT64_MIN : known };
    if (x->cost ? batch == 0 : known == INT64_MIN)
        return MIZO_OK;
    mizo_err e = x->t->store->ops->batch_scan(x->t->store, x->cost ? batch - 1 : 0, on_batch, &f);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static const close_contract *contract_now(const comparing *x, mizo_ref ref, size_t *at)
{
    for (size_t i = 0; i < x->m->ncontract; i++)
        if (x->m->contract[i].contract == ref) {
            *at = i;
            return &x->m->contract[i];
        }
    return NULL;
}

static mizo_err compare_one(comparing *x)
{
    cost_kind k;
    size_t at;
    if (x->cost) {
        int64_t batch = 0;
        if (!cost_kind_of(x->id, strlen(x->id), &k))
            return MIZO_OK;
        for (size_t i = 0; i < x->m->cost.n; i++)
            if (x->m->cost.v[i].kind == k && x->m->cost.v[i].batch > batch)
                batch = x->m->cost.v[i].batch;
        return push_change(x, x->id, x->was, x->m->cost.sum[k].cost, batch, 0);
    }
    mizo_ref ref = mizo_region_contract(x->t->region, x->id);
    const close_contract *c = contract_now(x, ref, &at);
    if (c)
        x->seen[at] = 1;
    return push_change(x, x->id, x->was, c ? c->total : 0, 0, c ? c->known : INT64_MIN);
}

static mizo_err on_before(void *arg, const store_record *rec)
{
    comparing *x = arg;
    json_reader r;
    json_token *k = malloc(sizeof *k);
    mizo_err e = k ? MIZO_OK : MIZO_ENOMEM;
    bool in = false;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (!e && (e = json_next(&r, k)) == MIZO_OK && k->kind != JSON_END) {
        if (k->depth == 1 && k->kind == JSON_ARRAY) {
            x->cost = strcmp(k->key, "costs") == 0;
            in = x->cost || strcmp(k->key, "contracts") == 0;
        }
        if (!in)
            continue;
        if (k->depth == 3 && strcmp(k->key, "id") == 0)
            (void)snprintf(x->id, sizeof x->id, "%.*s", (int)sizeof x->id - 1, k->text);
        else if (k->depth == 3 && strcmp(k->key, "yen") == 0)
            e = mizo_decimal_parse(k->text, strlen(k->text), 6, &x->was);
        else if (k->depth == 2 && k->kind == JSON_CLOSE)
            e = compare_one(x);
    }
    free(k);
    return e == MIZO_EINPUT ? MIZO_ESTORE : e;
}

static mizo_err hash_content(const town *t, close_month *m)
{
    buf b;
    json j;
    buf_init(&b, RECORD_MOST);
    json_init(&j, &b);
    json_object(&j, NULL);
    close_content(t, m, &j);
    json_end(&j);
    mizo_err e = b.err;
    if (!e)
        hash_text(hash_bytes(b.p, b.n), m->hash);
    buf_fini(&b);
    return e;
}

mizo_err close_compare(town *t, close_month *m)
{
    comparing x = { .t = t, .m = m };
    MIZO_TRY(hash_content(t, m));
    if (!m->record.version || strcmp(m->hash, m->record.hash) == 0)
        return MIZO_OK;
    x.seen = calloc(m->ncontract + 1, 1);
    mizo_err e = x.seen ? t->store->ops->record_scan(t->store, "close", m->id, on_before, &x) : MIZO_ENOMEM;
    x.cost = false;
    for (size_t i = 0; i < m->ncontract && !e; i++)
        if (!x.seen[i])
            e = push_change(&x, t->region->contract[m->contract[i].contract].id, 0, m->contract[i].total, 0,
                            m->contract[i].made ? m->contract[i].known : INT64_MIN);
    free(x.seen);
    return e;
}

/* ---- the two words ---- */

static mizo_err keep(town *t, const close_month *m, const close_record *r)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, RECORD_MOST);
    json_init(&j, &b);
    json_object(&j, NULL);
    close_record_json(r, t->region->offset, &j);
    json_text(&j, "hash", m->hash);
    close_findings(t, m, &j);
    json_end(&j);
    mizo_err e = b.err;
    e = e ? e : t->store->ops->record_put(t->store, "close", m->id, b.p, &changed);
    buf_fini(&b);
    return e;
}

/* Nobody else took the month further since it was looked at. A batch is open. */
static mizo_err still(town *t, const close_month *m)
{
    close_record now;
    mizo_err e = close_find(t, m->month, &now);
    if (e && e != MIZO_ENOENT)
        return e;
    if (now.version == m->record.version)
        return MIZO_OK;
    MIZO_DIAG(t->diags, CLOSE_MOVED, MIZO_NOWHERE, m->id, states[now.state], now.maker);
    return MIZO_ECONFLICT;
}

/* Record, then entries: the month is open again for them where it was final. */
mizo_err close_put(town *t, const close_act *a)
{
    posting *p;
    MIZO_TRY(still(t, &a->month));
    MIZO_TRY(keep(t, &a->month, &a->next));
    if (!a->post)
        return MIZO_OK;
    MIZO_TRY(posting_join(t->store, t->diags, &p));
    mizo_err e = close_post(t, &a->month.cost, a->month.month, a->month.end - 1, p);
    if (!e)
        return posting_commit(p);
    posting_cancel(p);
    return e;
}

/* In a batch of its own; *m is the month with its new record. */
static mizo_err put_now(town *t, close_act *a, close_month *m)
{
    store *s = t->store;
    store_batch b = { .known = town_now(t),
                      .actor = a->post ? a->next.maker : a->next.approver,
                      .source = "close",
                      .note = "" };
    mizo_err e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = close_put(t, a);
        if (!e)
            e = s->ops->batch_commit(s);
        else
            s->ops->batch_rollback(s);
    }
    if (e) {
        close_done(&a->month);
        return e;
    }
    *m = a->month;
    m->record = a->next;
    return MIZO_OK;
}

static mizo_err reason(town *t, const close_month *m, const char *why)
{
    bool needed = m->record.state == CLOSE_FINAL, given = why && *why;
    if ((needed && !given) || (given && (strlen(why) >= CLOSE_WHY || strchr(why, '\n')))) {
        MIZO_DIAG(t->diags, CLOSE_REASON, MIZO_NOWHERE, m->id);
        return MIZO_EINPUT;
    }
    return MIZO_OK;
}

mizo_err close_look_make(town *t, mizo_day month, const char *why, const actor *who, close_act *out)
{
    close_month *m = &out->month;
    MIZO_TRY(close_look(t, month, true, m));
    bool again = m->record.state == CLOSE_PROVISIONAL;
    out->post = true;
    out->next = (close_record){ .state = CLOSE_PROVISIONAL,
                                .edition = m->record.edition + !again,
                                .made = town_now(t),
                                .version = m->record.version + 1 };
    out->next.margin = m->margin;
    memcpy(out->next.hash, m->hash, sizeof out->next.hash);
    (void)snprintf(out->next.maker, sizeof out->next.maker, "%s", who->name);
    (void)snprintf(out->next.why, sizeof out->next.why, "%s", why ? why : again ? m->record.why : "");
    mizo_err e = reason(t, m, why);
    if (e)
        close_done(m);
    return e;
}

mizo_err close_make(town *t, mizo_day month, const char *why, const actor *who, close_month *m)
{
    close_act a;
    MIZO_TRY(close_look_make(t, month, why, who, &a));
    return put_now(t, &a, m);
}

static void say_blocks(const town *t, const close_month *m, const close_check *c, const char *n)
{
    char half[2][CLOSE_DETAIL] = { "-", "-" };
    for (int ja = 0; ja < 2 && *c->detail; ja++) {
        size_t len;
        const char *text = text_said(c->detail, ja, &len);
        (void)snprintf(half[ja], sizeof half[ja], "%.*s", (int)len, text);
    }
    MIZO_DIAG(t->diags, CLOSE_BLOCKS, MIZO_NOWHERE, m->id, c->id, n, half[0], half[1]);
}

static mizo_err may_approve(town *t, const close_month *m, const actor *who)
{
    char n[24];
    if (m->record.state != CLOSE_PROVISIONAL) {
        MIZO_DIAG(t->diags, CLOSE_STATE, MIZO_NOWHERE, m->id, states[m->record.state]);
        return MIZO_ECONFLICT;
    }
    MIZO_TRY(actor_second(m->record.maker, who, t->diags));
    if (strcmp(m->hash, m->record.hash)) {
        (void)snprintf(n, sizeof n, "%zu", m->nchange);
        MIZO_DIAG(t->diags, CLOSE_CHANGED, MIZO_NOWHERE, m->id, n, m->nchange ? m->change[0].id : "-");
        return MIZO_ECONFLICT;
    }
    for (int i = 0; i < m->ncheck; i++) {
        const close_check *c = &m->check[i];
        (void)snprintf(n, sizeof n, "%lld", (long long)c->count);
        if (c->blocks)
            say_blocks(t, m, c, n);
    }
    return m->blocked ? MIZO_EINPUT : MIZO_OK;
}

mizo_err close_look_approve(town *t, mizo_day month, const actor *who, close_act *out)
{
    MIZO_TRY(close_look(t, month, true, &out->month));
    out->post = false;
    out->next = out->month.record;
    out->next.state = CLOSE_FINAL;
    out->next.approved = town_now(t);
    out->next.version++;
    (void)snprintf(out->next.approver, sizeof out->next.approver, "%s", who->name);
    mizo_err e = may_approve(t, &out->month, who);
    if (e)
        close_done(&out->month);
    return e;
}

mizo_err close_approve(town *t, mizo_day month, const actor *who, close_month *m)
{
    close_act a;
    MIZO_TRY(close_look_approve(t, month, who, &a));
    return put_now(t, &a, m);
}

/* ---- what somebody took ---- */

static const note_kind note_accept = {
    "cost-accept",
    {{ "month", NOTE_WORD, true },
      { "kind", NOTE_WORD, true },
      { "taken", NOTE_LINE, true }, /* yen; of the desk half-hours */
      { "why", NOTE_LINE, true }},
};

int64_t close_desk_open(const close_month *m)
{
    return (int64_t)m->cost.unfiled * MIZO_DAY_SLOTS + m->cost.unsettled;
}

mizo_err close_accepted(town *t, mizo_day month, const char *what, int64_t *taken, bool *is)
{
    char id[MIZO_ID_MAX], m[CLOSE_ID];
    note *n = malloc(sizeof *n);
    *is = false;
    *taken = 0;
    if (!n)
        return MIZO_ENOMEM;
    close_id(month, m);
    (void)snprintf(id, sizeof id, "%s-%s", m, what);
    mizo_err e = note_find(t, &note_accept, id, n);
    if (!e) {
        const char *text = note_get(n, "taken");
        *is = mizo_decimal_parse(text, strlen(text), strcmp(what, CLOSE_DESK) ? 6 : 0, taken) == MIZO_OK;
    }
    free(n);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err put_accept(town *t, const close_month *m, const char *what, const char *taken,
                           const char *why)
{
    char id[MIZO_ID_MAX];
    note *n = malloc(sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    (void)snprintf(id, sizeof id, "%s-%s", m->id, what);
    note_begin(n, &note_accept, id);
    note_set(n, "month", m->id);
    note_set(n, "kind", what);
    note_set(n, "taken", taken);
    note_set(n, "why", why);
    mizo_err e = note_put_open(t, n);
    free(n);
    return e;
}

mizo_err close_accept_put(town *t, const close_month *m, const char *kind, const char *why)
{
    cost_kind k;
    char taken[MIZO_NUM_TEXT];
    bool desk = strcmp(kind, CLOSE_DESK) == 0;
    if (desk ? close_desk_open(m) > 0 : cost_kind_of(kind, strlen(kind), &k) && m->cost.sum[k].off) {
        mizo_decimal_text(desk ? close_desk_open(m) : m->cost.sum[k].off_sum, desk ? 0 : 6, taken);
        return put_accept(t, m, kind, taken, why);
    }
    MIZO_DIAG(t->diags, CLOSE_NO_DIFFERENCE, MIZO_NOWHERE, m->id, kind);
    return MIZO_EINPUT;
}

mizo_err close_accept(town *t, mizo_day month, const char *kind, const char *why, const actor *who)
{
    close_month m;
    store *s = t->store;
    store_batch b = { .known = town_now(t), .actor = who->name, .source = note_accept.name, .note = "" };
    MIZO_TRY(close_look(t, month, false, &m));
    mizo_err e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = close_accept_put(t, &m, kind, why);
        if (!e)
            e = s->ops->batch_commit(s);
        else
            s->ops->batch_rollback(s);
    }
    close_done(&m);
    return e;
}
