/* find.c: see find.h. */
#include "server/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "server/kana.h"

struct find_index {
    const mizo_region *region;
    char *text; /* the lines, one after another, NUL-ended */
    size_t *at; /* [nfacility] */
};

static void add_folded(buf *b, const char *s)
{
    char out[512];
    size_t n = text_fold(s ? s : "", s ? strlen(s) : 0, out, sizeof out);
    buf_add(b, out, n < sizeof out ? n : sizeof out - 1);
    buf_char(b, '\n');
}

static void add_line(buf *b, const mizo_facility *f)
{
    const char *const words[] = { f->id,   f->name_ja, f->name_en,    f->kind,
                                  f->ward, f->bureau,  f->owner_code, f->entity };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_folded(b, words[i]);
    buf_add(b, "", 1);
}

find_index *find_new(const mizo_region *r)
{
    find_index *f = calloc(1, sizeof *f);
    size_t *at = calloc(r->nfacility + 1, sizeof *at);
    buf b;
    buf_init(&b, 0);
    for (size_t i = 0; at && i < r->nfacility; i++) {
        at[i] = b.n;
        add_line(&b, &r->facility[i]);
    }
    buf_add(&b, "", 1);
    char *text = buf_steal(&b);
    if (!f || !at || !text) {
        free(f);
        free(at);
        free(text);
        buf_fini(&b);
        return NULL;
    }
    *f = (find_index){ .region = mizo_region_ref(r), .text = text, .at = at };
    return f;
}

void find_free(find_index *f)
{
    if (!f)
        return;
    mizo_region_unref(f->region);
    free(f->text);
    free(f->at);
    free(f);
}

const mizo_region *find_region(const find_index *f)
{
    return f->region;
}

/* Length of the blank at s: a space or an ideographic space; 0: none. */
static size_t blank(const char *s)
{
    if (*s == ' ')
        return 1;
    return strncmp(s, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

void find_cut(const char *q, find_words *out)
{
    out->n = 0;
    while (*q && out->n < FIND_WORDS) {
        size_t b = blank(q);
        if (b) {
            q += b;
            continue;
        }
        size_t n = 0;
        while (q[n] && !blank(q + n))
            n++;
        size_t len = text_fold(q, n, out->word[out->n], FIND_WORD);
        if (len > 0) {
            if (!kana_roman(out->word[out->n], out->roman[out->n], FIND_WORD))
                out->roman[out->n][0] = 0;
            out->n++;
        }
        q += n;
    }
}

static bool has_all(const find_index *f, size_t i, const find_words *w)
{
    const char *line = f->text + f->at[i];
    for (int k = 0; k < w->n; k++)
        if (!strstr(line, w->word[k]) && !(w->roman[k][0] && strstr(line, w->roman[k])))
            return false;
    return true;
}

size_t find_sites(const find_index *f, const find_words *w, size_t from, mizo_ref *out, size_t cap,
                  mizo_ref *next)
{
    size_t n = 0;
    *next = -1;
    for (size_t i = from; i < f->region->nfacility; i++) {
        if (!has_all(f, i, w))
            continue;
        if (n == cap) {
            *next = (mizo_ref)i;
            break;
        }
        out[n++] = (mizo_ref)i;
    }
    return n;
}

size_t find_count(const find_index *f, const find_words *w)
{
    size_t n = 0;
    for (size_t i = 0; i < f->region->nfacility; i++)
        n += has_all(f, i, w);
    return n;
}

size_t find_after(const find_index *f, const char *id)
{
    size_t lo = 0, hi = f->region->nfacility;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(f->region->facility[mid].id, id) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}
