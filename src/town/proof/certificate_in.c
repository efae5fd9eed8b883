/* certificate_in.c: a file of certificates: every wrong row is said, and none is posted then. */
#include "town/proof/certificate_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "mizo/messages/files.h"
#include "mizo/messages/match.h"
#include "town/register/register.h"

enum {
    LOT,
    KIND,
    VINTAGE,
    FROM,
    TO,
    KWH,
    PLANT,
    PLACE,
    BOUGHT,
    PRICE,
    COLUMNS,
    NEEDED = KWH + 1,
    FILE_MOST = 64 << 20
};
static const char *const names[COLUMNS] = { "lot", "kind",  "vintage", "number_from", "number_to",
                                            "kwh", "plant", "place",   "bought",      "yen_per_kwh" };

typedef struct reading {
    town *town;
    const char *file;
    int at[COLUMNS];   /* cell of each column, -1 */
    certificate *held; /* recorded before, then those of this file */
    size_t n, before, cap;
    bool *is_new;
    size_t new_cap;
    certificate_result *out;
    int bad, clashes;
} reading;

static mizo_err keep(reading *x, const certificate *c, bool is_new)
{
    MIZO_TRY(array_grow(&x->held, &x->cap, x->n + 1, sizeof *x->held));
    MIZO_TRY(array_grow(&x->is_new, &x->new_cap, x->n + 1, sizeof *x->is_new));
    x->held[x->n] = *c;
    x->is_new[x->n++] = is_new;
    return MIZO_OK;
}

static mizo_err on_held(void *arg, const certificate *c)
{
    return keep(arg, c, false);
}

/* ---- one row ---- */

static void say(reading *x, const csv_record *rec, int column, const char *expected)
{
    int cell = x->at[column];
    const csv_field none = { "", 0, 1 }, *f = cell >= 0 && cell < rec->nfield ? &rec->field[cell] : &none;
    char value[64];
    snprintf(value, sizeof value, "%.*s", (int)(f->n < 60 ? f->n : 60), f->s);
    MIZO_DIAG(x->town->diags, CERT_VALUE, MIZO_AT(x->file, rec->line, f->column), names[column], value,
              expected);
    x->bad++;
}

static const csv_field *cell_of(const reading *x, const csv_record *rec, int column)
{
    static const csv_field none = { "", 0, 0 };
    int cell = x->at[column];
    return cell >= 0 && cell < rec->nfield ? &rec->field[cell] : &none;
}

static bool number(reading *x, const csv_record *rec, int column, int digits, int64_t least, int64_t most,
                   const char *expected, int64_t *out)
{
    const csv_field *f = cell_of(x, rec, column);
    if (mizo_decimal_parse(f->s, f->n, digits, out) == MIZO_OK && *out >= least && *out <= most)
        return true;
    say(x, rec, column, expected);
    return false;
}

static void text(const reading *x, const csv_record *rec, int column, char *out, size_t cap)
{
    const csv_field *f = cell_of(x, rec, column);
    size_t n = f->n < cap - 1 ? f->n : cap - 1;
    while (n && n < f->n && ((unsigned char)f->s[n] & 0xc0) == 0x80) /* whole letters */
        n--;
    memcpy(out, f->s, n);
    out[n] = 0;
}

/* Day and price of the purchase: both or neither. */
static void read_bought(reading *x, const csv_record *rec, certificate *c)
{
    mizo_date d;
    const csv_field *day = cell_of(x, rec, BOUGHT), *price = cell_of(x, rec, PRICE);
    c->bought = MIZO_DAY_NONE;
    if (!day->n && !price->n)
        return;
    if (!day->n || mizo_date_parse(day->s, day->n, &d))
        say(x, rec, BOUGHT, "a day, beside its yen_per_kwh: 2021-08-27");
    else
        c->bought = mizo_date_day(d);
    (void)number(x, rec, PRICE, 6, 0, INT64_C(1000000000), "yen without tax, 0..1000, beside its day: 0.4",
                 &c->price_e6);
}

static bool read_row(reading *x, const csv_record *rec, certificate *c)
{
    int64_t vintage = 0;
    char kind[24];
    int before = x->bad;
    *c = (certificate){ .line = rec->line, .kind = CERTIFICATE_KIND_COUNT };
    snprintf(c->file, sizeof c->file, "%s", x->file);
    text(x, rec, LOT, c->lot, sizeof c->lot);
    text(x, rec, KIND, kind, sizeof kind);
    text(x, rec, PLANT, c->plant, sizeof c->plant);
    text(x, rec, PLACE, c->place, sizeof c->place);
    for (int k = 0; k < CERTIFICATE_KIND_COUNT; k++)
        c->kind = strcmp(kind, certificate_words[k]) == 0 ? (certificate_kind)k : c->kind;
    if (!mizo_id_valid(c->lot, strlen(c->lot)) || strlen(c->lot) != cell_of(x, rec, LOT)->n)
        say(x, rec, LOT, "[a-z0-9-]{1,40}");
    if (c->kind == CERTIFICATE_KIND_COUNT)
        say(x, rec, KIND, "fit, nonfit-re, nonfit");
    if (number(x, rec, VINTAGE, 0, 2010, 2100, "2010..2100", &vintage))
        c->vintage = (int)vintage;
    bool numbers = number(x, rec, FROM, 0, 0, INT64_MAX / 2, "0..", &c->first);
    numbers = number(x, rec, TO, 0, 0, INT64_MAX / 2, "0..", &c->last) && numbers;
    if (numbers && c->first > c->last)
        say(x, rec, TO, ">= number_from");
    (void)number(x, rec, KWH, 3, 1, 1000000000000000, "0.001..", &c->wh);
    read_bought(x, rec, c);
    return x->bad == before;
}

/* ---- issued twice ---- */

static bool same(const certificate *a, const certificate *b)
{
    return strcmp(a->lot, b->lot) == 0 && a->kind == b->kind && a->vintage == b->vintage &&
           a->first == b->first && a->last == b->last && a->wh == b->wh;
}

/* True if the row may stand: neither its numbers nor its name were there. The same row again is nothing new (*again: the
 * lot as it is kept). */
static bool is_free(reading *x, const certificate *c, const certificate **again)
{
    *again = NULL;
    for (size_t i = 0; i < x->n; i++) {
        const certificate *h = &x->held[i];
        char line[16], first[24], last[24];
        bool numbers =
            h->kind == c->kind && h->vintage == c->vintage && h->first <= c->last && c->first <= h->last;
        if (!numbers && strcmp(h->lot, c->lot))
            continue;
        if (i < x->before && same(h, c)) {
            *again = h;
            return true;
        }
        snprintf(line, sizeof line, "%d", h->line);
        snprintf(first, sizeof first, "%" PRId64, h->first);
        snprintf(last, sizeof last, "%" PRId64, h->last);
        MIZO_DIAG(x->town->diags, CERT_TWICE, MIZO_AT(x->file, c->line, 1), c->lot, h->lot, first, last,
                  h->file, line);
        x->clashes++;
        return false;
    }
    return true;
}

/* ---- the file ---- */

static bool read_header(reading *x, const csv_record *rec)
{
    int missing = 0;
    for (int k = 0; k < COLUMNS; k++) {
        x->at[k] = -1;
        for (int c = 0; c < rec->nfield; c++) {
            char folded[64];
            (void)text_fold(rec->field[c].s, rec->field[c].n, folded, sizeof folded);
            if (strcmp(folded, names[k]) == 0)
                x->at[k] = c;
        }
        if (x->at[k] >= 0 || k >= NEEDED)
            continue;
        MIZO_DIAG(x->town->diags, CERT_COLUMN, MIZO_AT(x->file, rec->line, 1), names[k]);
        missing++;
    }
    x->bad += missing;
    return missing == 0;
}

static mizo_err on_row(reading *x, const csv_record *rec)
{
    certificate c;
    const certificate *again;
    x->out->rows++;
    if (!read_row(x, rec, &c) || !is_free(x, &c, &again))
        return MIZO_OK;
    if (!again)
        return keep(x, &c, true);
    bool priced = c.bought != MIZO_DAY_NONE && (c.bought != again->bought || c.price_e6 != again->price_e6);
    *(priced ? &x->out->priced : &x->out->same) += 1;
    return priced ? keep(x, &c, false) : MIZO_OK;
}

static mizo_err read_rows(reading *x, const char *bytes, size_t n)
{
    csv_reader *csv = csv_open(bytes, n);
    csv_record *rec = malloc(sizeof *rec);
    mizo_err err = csv && rec ? MIZO_OK : MIZO_ENOMEM;
    bool header = false;
    while (!err) {
        const char *what = "";
        mizo_err e = csv_next(csv, rec, &what);
        if (e == MIZO_ENOENT)
            break;
        if (e) {
            MIZO_DIAG(x->town->diags, CERT_CSV, MIZO_AT(x->file, rec->line, rec->field[0].column), what);
            x->bad++;
            break;
        }
        if (header)
            err = on_row(x, rec);
        else if (!read_header(x, rec))
            break;
        header = true;
    }
    free(rec);
    csv_close(csv);
    return err;
}

/* A lot is of a fiscal year of making: the file's period is from the first to the last of them. What it says stands in
 * the lots, with its name and lines: the register keeps its hash. */
static mizo_err keep_file(const reading *x, const char *bytes, size_t n, const char *actor, mizo_ms at)
{
    register_line line;
    char sum[HASH_TEXT];
    register_file f = {
        .kind = "certificates", .with = "registry", .name = x->file, .actor = actor, .at = at, .hash = sum
    };
    hash_text(hash_bytes(bytes, n), sum);
    for (size_t i = x->before; i < x->n; i++) {
        mizo_day from = mizo_date_day((mizo_date){ x->held[i].vintage, 4, 1 });
        mizo_day to = mizo_date_day((mizo_date){ x->held[i].vintage + 1, 4, 1 });
        f.from = i == x->before || from < f.from ? from : f.from;
        f.to = to > f.to ? to : f.to;
    }
    return register_put(x->town, &f, &line);
}

static mizo_err post_new(reading *x, const char *bytes, size_t n, const char *actor)
{
    posting *p;
    town *t = x->town;
    mizo_ms now = town_now(t);
    MIZO_TRY(posting_open(t->store, now, actor, x->file, t->diags, &p));
    mizo_err err = keep_file(x, bytes, n, actor, now);
    for (size_t i = x->before; i < x->n && !err; i++) {
        bool added = x->is_new[i];
        err = added ? certificate_put(p, &x->held[i]) : certificate_keep(t->store, &x->held[i]);
        x->out->added += added;
        x->out->wh += added ? x->held[i].wh : 0;
    }
    if (err) {
        posting_cancel(p);
        return err;
    }
    return posting_commit(p);
}

mizo_err certificate_import_text(town *t, const char *name, const char *bytes, size_t n, const char *actor,
                                 certificate_result *out)
{
    reading x = { .town = t, .file = name, .out = out };
    *out = (certificate_result){ 0 };
    mizo_err err = certificate_each(t->store, on_held, &x);
    x.before = x.n;
    if (!err)
        err = read_rows(&x, bytes, n);
    if (!err && (x.bad || x.clashes))
        err = x.bad ? MIZO_EINPUT : MIZO_ECONFLICT;
    if (!err && x.n > x.before)
        err = post_new(&x, bytes, n, actor);
    free(x.held);
    free(x.is_new);
    if (err)
        out->added = out->priced = 0;
    return err;
}

static void refused(town *t, const char *path, const char *bytes, size_t n, const char *actor)
{
    register_line line;
    register_file f = {
        .kind = "certificates", .with = "registry", .name = path, .actor = actor, .bytes = bytes, .n = n
    };
    if (register_refuse(t, &f, 0, 0, &line))
        MIZO_DIAG(t->diags, REGISTER_NO_LINE, MIZO_NOWHERE, path);
}

mizo_err certificate_import(town *t, const char *path, const char *actor, certificate_result *out)
{
    buf b;
    buf_init(&b, FILE_MOST);
    mizo_err err = t->env->ops->read_file(t->env, path, &b);
    if (err)
        MIZO_DIAG(t->diags, CERT_FILE, MIZO_NOWHERE, path, mizo_err_text(err));
    else
        err = certificate_import_text(t, path, b.p ? b.p : "", b.n, actor, out);
    if (err == MIZO_EINPUT || err == MIZO_ECONFLICT)
        refused(t, path, b.p, b.n, actor);
    buf_fini(&b);
    return err;
}
