/* cost_in.c: what others charge us: CSV into records, and out of them again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/json_read.h"
#include "mizo/messages/close.h"
#include "town/bills/close.h"
#include "town/register/register.h"

enum { COLUMNS = 9, NEEDED = 4, MONTHS_MOST = 24, KIND = 16, RECORD = 32 };
static const char *const names[COLUMNS] = {
    "kind", "month", "id", "yen", "kwh", "kw", "tax", "party", "bill"
};
enum { C_KIND, C_MONTH, C_ID, C_YEN, C_KWH, C_KW, C_TAX, C_PARTY, C_BILL };

/* ---- a record: the lines of a kind in a month ---- */

static void record_id(mizo_day month, cost_kind k, char out[RECORD])
{
    mizo_date m = mizo_day_date(month);
    (void)snprintf(out, RECORD, "%04d-%02d:%s", m.year % 10000, m.month, cost_kind_word(k));
}

static void line_json(const cost_line *c, json *j)
{
    json_object(j, NULL);
    json_text(j, "id", c->id);
    json_int(j, "wh", c->billed_wh);
    if (c->billed_w == MIZO_MISSING)
        json_null(j, "w");
    else
        json_int(j, "w", c->billed_w);
    json_yen(j, "yen", c->billed);
    json_yen(j, "tax_yen", c->tax);
    json_text(j, "party", c->party);
    json_text(j, "bill", c->bill);
    json_text(j, "file", c->file);
    json_end(j);
}

typedef struct reading {
    cost_list *l;
    cost_kind kind;
    int64_t batch;
    bool as_kept; /* line by line; else added up by id */
} reading;

/* One member of a line's object. */
static mizo_err take(cost_line *c, const json_token *k)
{
    size_t n = strlen(k->text);
    if (k->kind == JSON_NULL)
        return MIZO_OK;
    if (strcmp(k->key, "id") == 0)
        (void)snprintf(c->id, sizeof c->id, "%.*s", (int)sizeof c->id - 1, k->text);
    else if (strcmp(k->key, "party") == 0)
        (void)snprintf(c->party, sizeof c->party, "%.*s", (int)sizeof c->party - 1, k->text);
    else if (strcmp(k->key, "bill") == 0)
        (void)snprintf(c->bill, sizeof c->bill, "%.*s", (int)sizeof c->bill - 1, k->text);
    else if (strcmp(k->key, "file") == 0)
        (void)snprintf(c->file, sizeof c->file, "%.*s", (int)sizeof c->file - 1, k->text);
    else if (strcmp(k->key, "wh") == 0)
        return mizo_decimal_parse(k->text, n, 0, &c->billed_wh);
    else if (strcmp(k->key, "w") == 0)
        return mizo_decimal_parse(k->text, n, 0, &c->billed_w);
    else if (strcmp(k->key, "yen") == 0)
        return mizo_decimal_parse(k->text, n, 6, &c->billed);
    else if (strcmp(k->key, "tax_yen") == 0)
        return mizo_decimal_parse(k->text, n, 6, &c->tax);
    return MIZO_OK;
}

/* Of which kinds one id may be charged by several parties in a month. */
static bool by_party(cost_kind k)
{
    return k == COST_IMBALANCE || k == COST_FEE;
}

static bool same_line(const cost_line *a, const cost_line *b)
{
    return strcmp(a->id, b->id) == 0 && (!by_party(a->kind) || strcmp(a->party, b->party) == 0);
}

/* Into the close's list: the lines of one id add up. */
static mizo_err merge(reading *r, const cost_line *in)
{
    cost_line *c;
    MIZO_TRY(cost_line_of(r->l, r->kind, in->id, &c));
    if (c->nparts == COST_PARTS)
        return MIZO_EFULL;
    cost_part *p = &c->part[c->nparts];
    *p = (cost_part){ .billed = in->billed, .tax = in->tax };
    memcpy(p->party, in->party, sizeof p->party);
    if (!c->nparts++) {
        memcpy(c->party, in->party, sizeof c->party);
        memcpy(c->bill, in->bill, sizeof c->bill);
        memcpy(c->file, in->file, sizeof c->file);
    }
    c->has_billed = true;
    c->billed_w = in->billed_w;
    c->batch = r->batch;
    return __builtin_add_overflow(c->billed, in->billed, &c->billed) |
                   __builtin_add_overflow(c->billed_wh, in->billed_wh, &c->billed_wh) |
                   __builtin_add_overflow(c->tax, in->tax, &c->tax)
               ? MIZO_ERANGE
               : MIZO_OK;
}

/* Into the list of a record: a line that was there is replaced. */
static mizo_err replace(reading *r, const cost_line *in)
{
    cost_list *l = r->l;
    size_t i;
    for (i = 0; i < l->n && !same_line(&l->v[i], in); i++)
        ;
    if (i == l->n) {
        if (l->n && strcmp(l->v[l->n - 1].id, in->id) > 0) /* by id, as ever */
            for (i = 0; strcmp(l->v[i].id, in->id) <= 0; i++)
                ;
        MIZO_TRY(array_grow(&l->v, &l->cap, l->n + 1, sizeof *l->v));
        memmove(l->v + i + 1, l->v + i, (l->n++ - i) * sizeof *l->v);
    }
    l->v[i] = *in;
    return MIZO_OK;
}

static mizo_err on_record(void *arg, const store_record *rec)
{
    reading *r = arg;
    json_reader in;
    json_token *k = malloc(sizeof *k);
    cost_line c;
    mizo_err e = k ? MIZO_OK : MIZO_ENOMEM;
    r->batch = rec->batch;
    json_read_init(&in, rec->json, strlen(rec->json));
    while (!e && (e = json_next(&in, k)) == MIZO_OK && k->kind != JSON_END) {
        if (k->depth == 2 && k->kind == JSON_OBJECT)
            c = (cost_line){ .kind = r->kind, .billed_w = MIZO_MISSING };
        else if (k->depth == 3)
            e = take(&c, k);
        else if (k->depth == 2 && k->kind == JSON_CLOSE)
            e = r->as_kept ? replace(r, &c) : merge(r, &c);
    }
    free(k);
    return e == MIZO_EINPUT || e == MIZO_ERANGE ? MIZO_ESTORE : e;
}

static mizo_err read_kind(store *s, mizo_day month, cost_kind k, bool as_kept, cost_list *l)
{
    char id[RECORD];
    reading r = { l, k, 0, as_kept };
    record_id(month, k, id);
    mizo_err e = s->ops->record_scan(s, "cost", id, on_record, &r);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err cost_billed(town *t, mizo_day month, cost_list *l)
{
    for (int k = 0; k < COST_KIND_COUNT; k++)
        MIZO_TRY(read_kind(t->store, month, (cost_kind)k, false, l));
    return MIZO_OK;
}

/* ---- the file ---- */

typedef struct row {
    mizo_day month;
    cost_line c;
} row;

typedef struct intake {
    town *t;
    const char *name;
    csv_record *rec;
    int at[COLUMNS];
    int errors;
    row *v; /* by month, kind */
    size_t n, cap;
} intake;

static const csv_field *cell(const intake *x, int c)
{
    static const csv_field nothing = { "", 0, 1 };
    return x->at[c] >= 0 && x->at[c] < x->rec->nfield ? &x->rec->field[x->at[c]] : &nothing;
}

static void say(intake *x, int c, const char *expected)
{
    const csv_field *f = cell(x, c);
    char text[64];
    (void)snprintf(text, sizeof text, "%.*s", (int)(f->n < 60 ? f->n : 60), f->s);
    MIZO_DIAG(x->t->diags, COST_CELL, MIZO_AT(x->name, x->rec->line, f->column), names[c], text, expected);
    x->errors++;
}

static void number(intake *x, int c, int digits, int64_t *v)
{
    const csv_field *f = cell(x, c);
    mizo_err e = mizo_decimal_parse(f->s, f->n, digits, v);
    if (e == MIZO_ENOENT && c != C_YEN)
        return; /* blank */
    if (e || *v > INT64_C(1000000000000000000) || *v < -INT64_C(1000000000000000000))
        say(x, c, digits == 6 ? "an amount in yen: 1234.56" : "a number: 1234.5");
}

static void word(intake *x, int c, char *out, size_t room, bool id)
{
    const csv_field *f = cell(x, c);
    if (f->n >= room || (id && f->n && !mizo_id_valid(f->s, f->n)))
        say(x, c, id ? "[a-z0-9-]{1,40}" : "at most 63 bytes");
    else
        (void)snprintf(out, room, "%.*s", (int)f->n, f->s);
}

static void month(intake *x, mizo_day *out)
{
    const csv_field *f = cell(x, C_MONTH);
    char text[16];
    mizo_date d;
    (void)snprintf(text, sizeof text, "%.*s-01", f->n > 7 ? 7 : (int)f->n, f->s);
    if (f->n != 7 || mizo_date_parse(text, strlen(text), &d) || !mizo_date_valid(d))
        say(x, C_MONTH, "a month: 2021-07");
    else
        *out = mizo_date_day(d);
}

static mizo_err known(intake *x, const row *r)
{
    const char *expected;
    MIZO_TRY(cost_id_expected(x->t, r->c.kind, r->c.id, r->month, &expected));
    expected = *r->c.id ? expected : "[a-z0-9-]{1,40}";
    if (expected)
        say(x, C_ID, expected);
    return MIZO_OK;
}

static mizo_err take_row(intake *x)
{
    row r = { .month = MIZO_DAY_NONE, .c = { .billed_w = MIZO_MISSING } };
    int before = x->errors;
    const csv_field *f = cell(x, C_KIND);
    if (!cost_kind_of(f->s, f->n, &r.c.kind) || r.c.kind == COST_SHARE) /* a share is ours to ask for */
        say(x, C_KIND,
            "wheeling, imbalance, market, bilateral, fee, certificates, levy, generation, capacity or other");
    month(x, &r.month);
    word(x, C_ID, r.c.id, sizeof r.c.id, true);
    number(x, C_YEN, 6, &r.c.billed);
    number(x, C_TAX, 6, &r.c.tax);
    number(x, C_KWH, 3, &r.c.billed_wh);
    number(x, C_KW, 3, &r.c.billed_w);
    word(x, C_PARTY, r.c.party, sizeof r.c.party, true);
    word(x, C_BILL, r.c.bill, sizeof r.c.bill, false);
    if (x->errors == before)
        MIZO_TRY(known(x, &r));
    if (!*r.c.party)
        (void)snprintf(r.c.party, sizeof r.c.party, "operator");
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    x->v[x->n++] = r;
    return MIZO_OK;
}

static bool header(intake *x)
{
    for (int c = 0; c < COLUMNS; c++) {
        x->at[c] = -1;
        for (int i = 0; i < x->rec->nfield; i++) {
            char text[64];
            text_fold(x->rec->field[i].s, x->rec->field[i].n, text, sizeof text);
            if (x->at[c] < 0 && strcmp(text, names[c]) == 0)
                x->at[c] = i;
        }
        if (c < NEEDED && x->at[c] < 0)
            return false;
    }
    return true;
}

static mizo_err parse(intake *x, const char *bytes, size_t n)
{
    const char *what = "";
    csv_reader *r = csv_open(bytes, n);
    x->rec = malloc(sizeof *x->rec);
    mizo_err e = r && x->rec ? csv_next(r, x->rec, &what) : MIZO_ENOMEM;
    if (!e && !header(x))
        e = MIZO_EINPUT;
    if (e == MIZO_EINPUT || e == MIZO_ENOENT) {
        MIZO_DIAG(x->t->diags, COST_TABLE, MIZO_AT(x->name, 1, 1), what);
        e = MIZO_EINPUT;
    }
    while (!e && (e = csv_next(r, x->rec, &what)) == MIZO_OK)
        e = take_row(x);
    if (e == MIZO_EINPUT && *what)
        MIZO_DIAG(x->t->diags, COST_TABLE, MIZO_AT(x->name, x->rec->line, 1), what);
    csv_close(r);
    free(x->rec);
    x->rec = NULL;
    if (e != MIZO_ENOENT)
        return e;
    return x->errors ? MIZO_EINPUT : MIZO_OK;
}

/* The same line twice in a file: one of them is wrong, and nobody knows which. */
static int by_line(const void *pa, const void *pb)
{
    const row *a = pa, *b = pb;
    if (a->month != b->month)
        return a->month < b->month ? -1 : 1;
    int d = a->c.kind != b->c.kind ? (int)a->c.kind - (int)b->c.kind : strcmp(a->c.id, b->c.id);
    return d || !by_party(a->c.kind) ? d : strcmp(a->c.party, b->c.party);
}

static mizo_err order(intake *x)
{
    bool twice = false;
    if (x->n)
        qsort(x->v, x->n, sizeof *x->v, by_line);
    for (size_t i = 1; i < x->n; i++)
        if (by_line(&x->v[i - 1], &x->v[i]) == 0) {
            MIZO_DIAG(x->t->diags, COST_TWICE, MIZO_AT(x->name, 0, 0), cost_kind_word(x->v[i].c.kind),
                      x->v[i].c.id);
            twice = true;
        }
    if (!x->n)
        MIZO_DIAG(x->t->diags, COST_TABLE, MIZO_AT(x->name, 1, 1), "no rows");
    return twice || !x->n ? MIZO_EINPUT : MIZO_OK;
}

/* ---- into the store ---- */

static mizo_err keep_kind(intake *x, size_t first, size_t end, const char *file, bool *changed)
{
    store *s = x->t->store;
    char id[RECORD];
    cost_list l = { 0 };
    reading r = { .l = &l, .kind = x->v[first].c.kind };
    buf b;
    json j;
    buf_init(&b, 64 << 20);
    json_init(&j, &b);
    record_id(x->v[first].month, r.kind, id);
    mizo_err e = read_kind(s, x->v[first].month, r.kind, true, &l);
    for (size_t i = first; i < end && !e; i++) {
        (void)snprintf(x->v[i].c.file, sizeof x->v[i].c.file, "%s", file);
        e = replace(&r, &x->v[i].c);
    }
    json_object(&j, NULL);
    json_array(&j, "lines");
    for (size_t i = 0; i < l.n; i++)
        line_json(&l.v[i], &j);
    json_end(&j);
    json_end(&j);
    e = e ? e : b.err;
    e = e ? e : s->ops->record_put(s, "cost", id, b.p, changed);
    buf_fini(&b);
    cost_free(&l);
    return e;
}

static mizo_err keep(intake *x, const char *bytes, size_t n, const char *who, cost_file_sum *out)
{
    register_line line;
    MIZO_TRY(register_put(x->t,
                          &(register_file){ .kind = "cost",
                                            .name = x->name,
                                            .with = x->v[0].c.party,
                                            .from = x->v[0].month,
                                            .to = mizo_month_first(x->v[x->n - 1].month, 1),
                                            .actor = who,
                                            .bytes = bytes,
                                            .n = n },
                          &line));
    (void)snprintf(out->file, sizeof out->file, "%s", line.id);
    for (size_t i = 0, k; i < x->n; i = k) {
        bool changed = false;
        for (k = i + 1; k < x->n && x->v[k].month == x->v[i].month && x->v[k].c.kind == x->v[i].c.kind; k++)
            ;
        MIZO_TRY(keep_kind(x, i, k, line.id, &changed));
        out->changed += changed;
        out->months += k == x->n || x->v[k].month != x->v[i].month;
    }
    return MIZO_OK;
}

/* What comes for a month that is final moves in the month that runs: accruals released, the difference posted. */
static mizo_err post_late(intake *x, mizo_ms now)
{
    for (size_t i = 0; i < x->n; i++)
        if (i == 0 || x->v[i].month != x->v[i - 1].month)
            MIZO_TRY(close_late_costs(x->t, x->v[i].month, now));
    return MIZO_OK;
}

mizo_err cost_in_open(town *t, const char *name, const char *bytes, size_t n, const char *who, mizo_ms known,
                      cost_file_sum *out)
{
    intake x = { .t = t, .name = name };
    *out = (cost_file_sum){ 0 };
    mizo_err e = parse(&x, bytes, n);
    e = e ? e : order(&x);
    out->lines = (int)x.n;
    e = e ? e : keep(&x, bytes, n, who, out);
    e = e ? e : post_late(&x, known);
    free(x.v);
    return e;
}

mizo_err cost_in(town *t, const char *name, const char *bytes, size_t n, const char *who, cost_file_sum *out)
{
    store *s = t->store;
    store_batch b = { .known = town_now(t), .actor = who, .source = "close cost", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = cost_in_open(t, name, bytes, n, who, b.known, out);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}
