/* owners.c: see owners.h. */
#include "town/people/owners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "mizo/messages/account.h"
#include "region/load.h"

/* Which columns say who owns. */
static const struct owned {
    const char *file, *column;
} owned[] = {
    {"facilities.csv",     "bureau"},
    { "facilities.csv",    "entity"},
    { "inventories.csv",   "entity"},
    { "indicators.csv",    "owner" },
    { "plans.csv",         "owner" },
    { "businesses.csv",    "owner" },
    { "roadmap.csv",       "owner" },
    { "registers.csv",     "owner" },
    { "register-rows.csv", "owner" },
    { "sheets.csv",        "entity"},
};
enum { OWNED = sizeof owned / sizeof *owned, FILE_MOST = 16 << 20 };
static const char between[] = "・";

typedef struct one_file {
    char *path;
    buf was, is;
    bool written;
} one_file;

struct owners_change {
    env *env;
    one_file file[OWNED];
    size_t n;
};

static bool same(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* Who takes over from this owner; NULL: nobody. */
static const char *successor(owners_move *move, size_t n, const char *s, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (same(s, len, move[i].from)) {
            move[i].cells++;
            return move[i].to;
        }
    return NULL;
}

static void put_owner(owners_move *move, size_t n, const char *s, size_t len, buf *out)
{
    const char *to = successor(move, n, s, len);
    buf_add(out, to ? to : s, to ? strlen(to) : len);
}

static void put_owners(owners_move *move, size_t n, const csv_field *f, buf *out)
{
    const char *s = f->s, *end = f->s + f->n, *whole = successor(move, n, f->s, f->n);
    if (whole)
        buf_str(out, whole);
    while (!whole && s <= end) {
        const char *cut = memmem(s, (size_t)(end - s), between, strlen(between));
        put_owner(move, n, s, (size_t)((cut ? cut : end) - s), out);
        if (!cut)
            break;
        buf_str(out, between);
        s = cut + strlen(between);
    }
}

static void put_field(const char *s, size_t n, buf *out)
{
    bool plain = n == 0 || (!memchr(s, ',', n) && !memchr(s, '"', n) && !memchr(s, '\n', n) &&
                            !memchr(s, '\r', n) && s[0] != ' ' && s[n - 1] != ' ');
    if (!plain)
        buf_char(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"')
            buf_char(out, '"');
        buf_char(out, s[i]);
    }
    if (!plain)
        buf_char(out, '"');
}

/* The record with other owners behind *out; a record that stays is copied byte for byte. */
static void put_record(owners_move *move, size_t n, const csv_record *rec, int column, const char *raw,
                       size_t nraw, buf *out)
{
    buf cell;
    buf_init(&cell, 0);
    if (column < rec->nfield)
        put_owners(move, n, &rec->field[column], &cell);
    bool stays = column >= rec->nfield || cell.err ||
                 (cell.n == rec->field[column].n && memcmp(cell.p, rec->field[column].s, cell.n) == 0);
    if (stays) {
        buf_add(out, raw, nraw);
    } else {
        size_t end = nraw;
        while (end && (raw[end - 1] == '\n' || raw[end - 1] == '\r'))
            end--;
        for (int i = 0; i < rec->nfield; i++) {
            if (i)
                buf_char(out, ',');
            put_field(i == column ? cell.p : rec->field[i].s, i == column ? cell.n : rec->field[i].n, out);
        }
        buf_add(out, raw + end, nraw - end);
    }
    out->err = out->err ? out->err : cell.err;
    buf_fini(&cell);
}

static int column_of(const csv_record *header, const char *name)
{
    for (int i = 0; i < header->nfield; i++)
        if (same(header->field[i].s, header->field[i].n, name))
            return i;
    return -1;
}

/* The text of a file with other owners in one of its columns. A file that is no CSV stays: `mizo check` says why. */
static mizo_err rewrite(owners_move *move, size_t n, const buf *was, const char *name, buf *out)
{
    const char *what, *p = was->p ? was->p : "";
    csv_reader *csv = csv_open(p, was->n);
    csv_record *rec = malloc(sizeof *rec);
    mizo_err e = csv && rec ? MIZO_OK : MIZO_ENOMEM;
    size_t from = 0;
    int column = -1;
    bool header = false;
    while (!e && (e = csv_next(csv, rec, &what)) == MIZO_OK) {
        size_t to = csv_offset(csv);
        if (!header)
            column = column_of(rec, name);
        if (!header || column < 0)
            buf_add(out, p + from, to - from);
        else
            put_record(move, n, rec, column, p + from, to - from, out);
        header = true;
        from = to;
    }
    if (e == MIZO_ENOENT) {
        buf_add(out, p + from, was->n - from);
        e = out->err;
    }
    free(rec);
    csv_close(csv);
    return e;
}

/* The file's place in c, read where it is met first; NULL in *out: there is none. */
static mizo_err file_at(owners_change *c, const char *dir, const char *name, one_file **out)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->file[i].path, path) == 0) {
            *out = &c->file[i];
            return MIZO_OK;
        }
    *out = NULL;
    one_file *f = &c->file[c->n];
    buf_init(&f->was, FILE_MOST);
    buf_init(&f->is, FILE_MOST);
    mizo_err e = c->env->ops->read_file(c->env, path, &f->was);
    if (!e && !(f->path = strdup(path)))
        e = MIZO_ENOMEM;
    if (!e)
        buf_add(&f->is, f->was.p ? f->was.p : "", f->was.n);
    if (e || f->is.err) {
        buf_fini(&f->was);
        buf_fini(&f->is);
        return e == MIZO_ENOENT ? MIZO_OK : e ? e : MIZO_ENOMEM;
    }
    c->n++;
    *out = f;
    return MIZO_OK;
}

static mizo_err stage(owners_change *c, const char *dir, owners_move *move, size_t n)
{
    for (size_t i = 0; i < OWNED; i++) {
        one_file *f;
        buf next;
        MIZO_TRY(file_at(c, dir, owned[i].file, &f));
        if (!f)
            continue;
        buf_init(&next, 2 * FILE_MOST);
        mizo_err e = rewrite(move, n, &f->is, owned[i].column, &next);
        if (e == MIZO_EINPUT) { /* no CSV that can be read */
            buf_fini(&next);
            continue;
        }
        if (e) {
            buf_fini(&next);
            return e;
        }
        buf_fini(&f->is);
        f->is = next;
    }
    return MIZO_OK;
}

static mizo_err say_absent(const owners_move *move, size_t n, mizo_diags *d)
{
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < n; i++)
        if (!move[i].cells) {
            MIZO_DIAG(d, EXCHANGE_OWNER, MIZO_NOWHERE, move[i].from);
            e = MIZO_EINPUT;
        }
    return e;
}

static mizo_err write_all(owners_change *c, mizo_diags *d)
{
    for (size_t i = 0; i < c->n; i++) {
        one_file *f = &c->file[i];
        if (f->is.n == f->was.n && (!f->is.n || memcmp(f->is.p, f->was.p, f->is.n) == 0))
            continue;
        f->written = true;
        mizo_err e = c->env->ops->write_file(c->env, f->path, f->is.p ? f->is.p : "", f->is.n);
        if (e) {
            MIZO_DIAG(d, EXCHANGE_FILE, ((mizo_place){ f->path, 0, 0 }), mizo_err_text(e));
            return e;
        }
    }
    return MIZO_OK;
}

/* With other owners the region must still be one; warnings are `mizo check`'s to say. */
static mizo_err still_sound(env *e, const char *dir, mizo_diags *d)
{
    const mizo_region *r = NULL;
    mizo_diags *quiet = mizo_diags_new(1);
    mizo_err err = quiet ? region_load(e, dir, quiet, &r, NULL) : MIZO_ENOMEM;
    mizo_region_unref(r);
    mizo_diags_free(quiet);
    if (err == MIZO_EINPUT)
        err = region_load(e, dir, d, &r, NULL); /* once more, for what is wrong */
    return err;
}

mizo_err owners_hand_over(env *e, const char *dir, owners_move *move, size_t n, mizo_diags *d,
                          owners_change **out)
{
    owners_change *c = *out = calloc(1, sizeof *c);
    if (!c)
        return MIZO_ENOMEM;
    c->env = e;
    for (size_t i = 0; i < n; i++)
        move[i].cells = 0;
    MIZO_TRY(stage(c, dir, move, n));
    MIZO_TRY(say_absent(move, n, d));
    mizo_err err = write_all(c, d);
    if (!err)
        err = still_sound(e, dir, d);
    if (err)
        (void)owners_take_back(c);
    return err;
}

mizo_err owners_take_back(owners_change *c)
{
    mizo_err e = MIZO_OK;
    for (size_t i = 0; c && i < c->n; i++)
        if (c->file[i].written) {
            const buf *was = &c->file[i].was;
            mizo_err one = c->env->ops->write_file(c->env, c->file[i].path, was->p ? was->p : "", was->n);
            e = e ? e : one;
        }
    return e;
}

void owners_free(owners_change *c)
{
    for (size_t i = 0; c && i < c->n; i++) {
        free(c->file[i].path);
        buf_fini(&c->file[i].was);
        buf_fini(&c->file[i].is);
    }
    free(c);
}
