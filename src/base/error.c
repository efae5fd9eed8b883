/* error.c: the list of errors, and diagnoses. */
#include "mizo/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages.h"

const char *mizo_err_text(mizo_err e)
{
    static const char *const text[] = {
#define X(name, t) [name] = t,
        MIZO_ERRORS(X)
#undef X
    };
    size_t i = (size_t)e;
    return i < sizeof text / sizeof text[0] ? text[i] : "unknown error";
}

typedef struct msg_row {
    mizo_msg id;
    mizo_severity severity;
    const char *name, *en, *ja;
} msg_row;

static const msg_row messages[] = {
/* by id, as the rooms follow each other */
#define X(id, severity, en, ja) { MIZO_MSG_##id, MIZO_##severity, #id, en, ja },
#include "mizo/messages.def"
#undef X
};

enum { MESSAGES = sizeof messages / sizeof messages[0] };

static int by_id(const void *key, const void *row)
{
    mizo_msg a = *(const mizo_msg *)key, b = ((const msg_row *)row)->id;
    return (a > b) - (a < b);
}

static const msg_row *row_of(mizo_msg id)
{
    return bsearch(&id, messages, MESSAGES, sizeof messages[0], by_id);
}

mizo_msg mizo_msg_at(size_t i)
{
    return i < MESSAGES ? messages[i].id : 0;
}

mizo_severity mizo_msg_severity(mizo_msg id)
{
    const msg_row *row = row_of(id);
    return row ? row->severity : MIZO_ERROR;
}

const char *mizo_msg_name(mizo_msg id)
{
    const msg_row *row = row_of(id);
    return row ? row->name : "UNKNOWN";
}

/* ---- the list ---- */

enum { DIAGS_DEFAULT = 1000 };

struct mizo_diags {
    size_t max, kept;
    size_t cap;
    size_t count[MIZO_ERROR + 1]; /* by severity, also those not kept */
    mizo_diag **item;             /* each one block: the diagnosis and its texts */
};

mizo_diags *mizo_diags_new(size_t max)
{
    mizo_diags *d = calloc(1, sizeof *d);
    if (d)
        d->max = max ? max : DIAGS_DEFAULT;
    return d;
}

void mizo_diags_clear(mizo_diags *d)
{
    for (size_t i = 0; i < d->kept; i++)
        free(d->item[i]);
    d->kept = 0;
    memset(d->count, 0, sizeof d->count);
}

void mizo_diags_free(mizo_diags *d)
{
    if (!d)
        return;
    mizo_diags_clear(d);
    free(d->item);
    free(d);
}

/* One block that holds the diagnosis and a copy of every text. NULL: out of memory. */
static mizo_diag *make_diag(mizo_msg id, mizo_place at, const char *const *param, int n)
{
    size_t bytes = at.file ? strlen(at.file) + 1 : 0;
    for (int i = 0; i < n; i++)
        bytes += strlen(param[i]) + 1;
    mizo_diag *g = malloc(sizeof *g + bytes);
    if (!g)
        return NULL;
    *g = (mizo_diag){ .id = id, .at = at, .nparam = n };
    char *to = (char *)(g + 1);
    if (at.file) {
        size_t len = strlen(at.file) + 1;
        g->at.file = memcpy(to, at.file, len);
        to += len;
    }
    for (int i = 0; i < n; i++) {
        size_t len = strlen(param[i]) + 1;
        g->param[i] = memcpy(to, param[i], len);
        to += len;
    }
    return g;
}

static bool room_for_one(mizo_diags *d)
{
    if (d->kept < d->cap)
        return true;
    size_t cap = d->cap ? d->cap * 2 : 16;
    mizo_diag **p = realloc(d->item, cap * sizeof *p);
    if (!p)
        return false;
    d->item = p;
    d->cap = cap;
    return true;
}

void mizo_diag_add(mizo_diags *d, mizo_msg id, mizo_place at, ...)
{
    if (!d)
        return;
    const char *param[MIZO_DIAG_PARAMS];
    int n = 0;
    va_list ap;
    va_start(ap, at);
    for (const char *s = va_arg(ap, const char *); s && n < MIZO_DIAG_PARAMS; s = va_arg(ap, const char *))
        param[n++] = s;
    va_end(ap);
    d->count[mizo_msg_severity(id)]++;
    if (d->kept == d->max && at.line == 0 && d->max > 1)
        free(d->item[--d->kept]); /* a verdict on the whole must not be lost behind a thousand rows */
    if (d->kept == d->max || !room_for_one(d))
        return;
    mizo_diag *g = make_diag(id, at, param, n);
    if (g)
        d->item[d->kept++] = g;
}

size_t mizo_diags_kept(const mizo_diags *d)
{
    return d ? d->kept : 0;
}

size_t mizo_diags_count(const mizo_diags *d, mizo_severity at_least)
{
    size_t n = 0;
    for (int s = (int)at_least; d && s <= MIZO_ERROR; s++)
        n += d->count[s];
    return n;
}

const mizo_diag *mizo_diags_at(const mizo_diags *d, size_t i)
{
    return d && i < d->kept ? d->item[i] : NULL;
}

/* ---- text ---- */

typedef struct text_out {
    char *p;
    size_t cap, n; /* n also counts what did not fit */
} text_out;

static void put(text_out *o, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++, o->n++)
        if (o->n + 1 < o->cap)
            o->p[o->n] = s[i];
}

/* Steps back so that the cut text does not end inside a UTF-8 letter. */
static size_t whole_letters(const char *s, size_t n)
{
    size_t start = n;
    while (start > 0 && ((unsigned char)s[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return n;
    unsigned char lead = (unsigned char)s[start - 1];
    size_t need = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return start - 1 + need == n ? n : start - 1;
}

/* The parameter that the brace at s names to that reader, and how long the brace is; -1: none. */
static int parameter(const char *s, bool ja, size_t *len)
{
    int k[2];
    bool two = s[0] == '{' && s[1] && s[2] == '|';
    for (int i = 0; i < 2; i++) {
        const char *digit = s + (two && i ? 3 : 1);
        k[i] = s[0] == '{' && digit[0] >= '0' && digit[0] < '0' + MIZO_DIAG_PARAMS &&
                       digit[1] == (two && !i ? '|' : '}')
                   ? digit[0] - '0'
                   : -1;
    }
    *len = two ? 5 : 3;
    return k[0] < 0 || k[1] < 0 ? -1 : k[ja];
}

size_t mizo_diag_text(const mizo_diag *d, const char *lang, char *out, size_t cap)
{
    const msg_row *row = row_of(d->id);
    bool ja = lang && strcmp(lang, "ja") == 0;
    const char *s = !row ? "?" : ja ? row->ja : row->en;
    text_out o = { out, cap, 0 };
    while (*s) {
        size_t len;
        int k = parameter(s, ja, &len);
        if (k < 0) {
            put(&o, s++, 1);
            continue;
        }
        const char *p = k < d->nparam ? d->param[k] : "";
        put(&o, p, strlen(p));
        s += len;
    }
    if (cap)
        out[o.n < cap ? o.n : whole_letters(out, cap - 1)] = 0;
    return o.n;
}
