/* say.c: what the steps of a build share: memory, diagnoses, short texts in them. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* The warning of a FAULT stands right behind its error. */
_Static_assert(MIZO_MSG_REGION_BLANK_ASSET == MIZO_MSG_REGION_BLANK + 1, "FAULT makes two messages");

void region_say(region_builder *b, mizo_msg id, mizo_place at, const char *const p[MIZO_DIAG_PARAMS])
{
    if (mizo_msg_severity(id) == MIZO_ERROR)
        b->errors++;
    mizo_diag_add(b->d, id, at, p[0], p[1], p[2], p[3], p[4], p[5], (const char *)NULL);
}

/* ---- in the order in which a person reads ---- */

static int file_rank(const mizo_diag *d)
{
    return d->at.file ? (int)region_file_named(d->at.file) : -1;
}

static int by_place(const void *pa, const void *pb)
{
    const mizo_diag *a = *(const mizo_diag *const *)pa, *b = *(const mizo_diag *const *)pb;
    int fa = file_rank(a), fb = file_rank(b);
    if (fa != fb)
        return fa < fb ? -1 : 1;
    if (a->at.line != b->at.line)
        return a->at.line < b->at.line ? -1 : 1;
    return a->at.column < b->at.column ? -1 : a->at.column > b->at.column;
}

static void tell_one(const mizo_diag *m, mizo_diags *to)
{
    const char *p[MIZO_DIAG_PARAMS] = { NULL };
    for (int k = 0; k < m->nparam; k++)
        p[k] = m->param[k];
    mizo_diag_add(to, m->id, m->at, p[0], p[1], p[2], p[3], p[4], p[5], (const char *)NULL);
}

void region_tell(const mizo_diags *from, mizo_diags *to)
{
    size_t n = mizo_diags_kept(from);
    const mizo_diag **list = to && n ? malloc(n * sizeof *list) : NULL;
    for (size_t i = 0; list && i < n; i++)
        list[i] = mizo_diags_at(from, i);
    if (list)
        qsort(list, n, sizeof *list, by_place);
    for (size_t i = 0; i < n; i++) /* without memory to sort them, as they came */
        tell_one(list ? list[i] : mizo_diags_at(from, i), to);
    free(list);
}

void *region_work(region_builder *b, size_t n)
{
    void *p = arena_take(b->work, n ? n : 1);
    if (!p)
        b->err = MIZO_ENOMEM;
    return p;
}

static const char *keep_text(region_builder *b, const char *s, size_t n)
{
    const char *copy = arena_copy(b->work, s, n);
    if (!copy)
        b->err = MIZO_ENOMEM;
    return copy ? copy : "";
}

const char *region_quote(region_builder *b, const char *s, size_t n)
{
    char out[72];
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t step = utf8_get(s + i, n - i, &cp);
        if (!step || cp < ' ' || cp == 0x7f) {
            step = step ? step : 1;
            cp = 0xfffd;
        }
        if (k > 60) {
            memcpy(out + k, "...", 3);
            k += 3;
            break;
        }
        k += utf8_put(cp, out + k);
        i += step;
    }
    return keep_text(b, out, k);
}

const char *region_number(region_builder *b, int64_t v, int digits)
{
    char text[MIZO_NUM_TEXT];
    while (digits > 0 && v % 10 == 0) {
        v /= 10;
        digits--;
    }
    mizo_decimal_text(v, digits, text);
    return keep_text(b, text, strlen(text));
}

const char *region_date(region_builder *b, mizo_day d)
{
    char text[MIZO_DATE_TEXT];
    mizo_day_text(d, text);
    return keep_text(b, text, strlen(text));
}

const char *region_expects(region_builder *b, const field_row *f)
{
    buf text;
    buf_init(&text, 1 << 12);
    region_field_expects(f, &text);
    const char *s = keep_text(b, text.p ? text.p : "", text.n);
    buf_fini(&text);
    return s;
}

int region_column(const region_table *t, size_t row, const char *name)
{
    size_t n;
    const field_row *f = region_fields_of(t->file, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].name, name) == 0)
            return t->meta[row].column[i];
    return 0;
}
