/* facts.c: every figure of a document with a name, so that two states of one document can be held against each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

enum { KEYS = 8 };

/* A name and a figure are each of one line without tabs. */
static void put(buf *out, const char *s)
{
    for (; s && *s; s++)
        buf_char(out, *s == '\t' || *s == '\n' || *s == '\r' ? ' ' : *s);
}

/* How often a name was there already: of two figures of one name the second is "name (2)". */
typedef struct names {
    char **v;
    size_t n, cap;
} names;

static mizo_err numbered(names *x, buf *name)
{
    int again = 1;
    for (size_t i = 0; i < x->n; i++)
        again += strcmp(x->v[i], name->p) == 0;
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    x->v[x->n] = strdup(name->p);
    if (!x->v[x->n])
        return MIZO_ENOMEM;
    x->n++;
    if (again > 1)
        buf_printf(name, " (%d)", again);
    return name->err;
}

static mizo_err fact(names *x, buf *out, buf *name, const char *value)
{
    if (name->err)
        return name->err;
    MIZO_TRY(numbered(x, name));
    buf_add(out, name->p, name->n);
    buf_char(out, '\t');
    put(out, value);
    buf_char(out, '\n');
    return out->err;
}

/* Columns before the first that is set to the right, at most KEYS, say what a row is of; at least the first. */
static int keys_of(const report_table *t)
{
    int n = 1;
    while (n < t->ncolumn && n < KEYS && t->column[n].align != REPORT_RIGHT && !t->column[n].bars)
        n++;
    return n;
}

static mizo_err table(names *x, const report_table *t, buf *out)
{
    int keys = keys_of(t);
    char room[MIZO_NUM_TEXT];
    const char *above[KEYS] = { "" };
    mizo_err e = MIZO_OK;
    buf name;
    buf_init(&name, 0);
    for (const report_row *row = t->first; row && !e; row = row->next)
        for (int i = 0; i < t->ncolumn && !e; i++) {
            bool said = row->cell[i].kind != REPORT_CELL_BLANK;
            if (i < keys && row->cell[i].kind == REPORT_CELL_TEXT && *row->cell[i].text)
                above[i] = row->cell[i].text; /* a blank means the one above */
            if ((i < keys && keys < t->ncolumn) || !said || t->column[i].bars)
                continue;
            buf_clear(&name);
            put(&name, t->caption);
            for (int k = 0; k < keys; k++) {
                const char *own = report_cell_shown(&row->cell[k], t->column[k].plain, room);
                buf_str(&name, " | ");
                put(&name, *own ? own : above[k] ? above[k] : "");
            }
            buf_str(&name, " | ");
            put(&name, t->column[i].title);
            e = fact(x, out, &name, report_cell_shown(&row->cell[i], t->column[i].plain, room));
        }
    buf_fini(&name);
    return e;
}

static mizo_err block(names *x, const report_block *b, const char *under, buf *out)
{
    buf name;
    if (b->kind == REPORT_TABLE)
        return table(x, b->table, out);
    if (b->kind != REPORT_FIGURE && b->kind != REPORT_PAIR)
        return MIZO_OK;
    buf_init(&name, 0);
    put(&name, under);
    buf_str(&name, *under ? " | " : "");
    put(&name, b->key);
    mizo_err e = fact(x, out, &name, b->text);
    buf_fini(&name);
    return e;
}

mizo_err report_facts(const report *r, buf *out)
{
    names x = { 0 };
    const char *under = "";
    mizo_err e = MIZO_OK;
    for (const report_block *b = report_blocks(r); b && !e; b = b->next) {
        if (b->kind == REPORT_HEADING)
            under = b->text;
        e = block(&x, b, under, out);
    }
    for (size_t i = 0; i < x.n; i++)
        free(x.v[i]);
    free(x.v);
    return e ? e : out->err;
}

/* ---- held against each other ---- */

typedef struct line {
    const char *name, *value;
    size_t n, nvalue;
    bool met;
} line;

static mizo_err lines_of(const char *s, line **out, size_t *n)
{
    size_t cap = 0;
    *n = 0;
    for (; *s; s += strcspn(s, "\n"), s += *s == '\n') {
        size_t end = strcspn(s, "\n"), tab = strcspn(s, "\t");
        if (tab >= end)
            continue;
        MIZO_TRY(array_grow(out, &cap, *n + 1, sizeof **out));
        (*out)[(*n)++] = (line){ s, s + tab + 1, tab, end - tab - 1, false };
    }
    return MIZO_OK;
}

static line *find(line *v, size_t n, const line *x)
{
    for (size_t i = 0; i < n; i++)
        if (!v[i].met && v[i].n == x->n && memcmp(v[i].name, x->name, x->n) == 0)
            return &v[i];
    return NULL;
}

typedef struct teller {
    mizo_err (*fn)(void *arg, const char *name, const char *before, const char *after);
    void *arg;
    buf name, before, after;
} teller;

static const char *copy(buf *b, const char *s, size_t n)
{
    buf_clear(b);
    buf_add(b, s, n);
    buf_char(b, '\0');
    return b->p ? b->p : "";
}

static mizo_err tell(teller *t, const line *was, const line *is)
{
    const line *any = is ? is : was;
    const char *name = copy(&t->name, any->name, any->n);
    const char *before = was ? copy(&t->before, was->value, was->nvalue) : NULL;
    const char *after = is ? copy(&t->after, is->value, is->nvalue) : NULL;
    if (t->name.err || t->before.err || t->after.err)
        return MIZO_ENOMEM;
    return t->fn(t->arg, name, before, after);
}

static mizo_err differ(teller *t, line *a, size_t na, line *b, size_t nb)
{
    for (size_t i = 0; i < nb; i++) {
        line *was = find(a, na, &b[i]);
        if (was)
            was->met = true;
        if (!was || was->nvalue != b[i].nvalue || memcmp(was->value, b[i].value, was->nvalue) != 0)
            MIZO_TRY(tell(t, was, &b[i]));
    }
    for (size_t i = 0; i < na; i++)
        if (!a[i].met)
            MIZO_TRY(tell(t, &a[i], NULL));
    return MIZO_OK;
}

mizo_err report_facts_differ(const char *before, const char *after,
                             mizo_err (*fn)(void *arg, const char *name, const char *before,
                                            const char *after),
                             void *arg)
{
    line *a = NULL, *b = NULL;
    size_t na, nb = 0;
    teller t = { .fn = fn, .arg = arg };
    buf_init(&t.name, 0);
    buf_init(&t.before, 0);
    buf_init(&t.after, 0);
    mizo_err e = lines_of(before, &a, &na);
    e = e ? e : lines_of(after, &b, &nb);
    e = e ? e : differ(&t, a, na, b, nb);
    buf_fini(&t.name);
    buf_fini(&t.before);
    buf_fini(&t.after);
    free(a);
    free(b);
    return e;
}
