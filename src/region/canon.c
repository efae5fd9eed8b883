/* canon.c: the canonical text of a directory, which its hash names. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/region.h"
#include "region/build.h"

static const char first_line[] = "mizo region 1\n";
static const char last_line[] = "end\n";

static void place_of(const char *s, size_t at, int *line, int *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < at; i++) {
        if (s[i] == '\n' || (s[i] == '\r' && s[i + 1] != '\n')) {
            ++*line;
            start = i + 1;
        }
    }
    *column = (int)(at - start) + 1;
}

/* Appends s[0..n) with LF as the only line end. */
static void put_lines(const char *s, size_t n, buf *out)
{
    size_t from = 0;
    bool plain = n == 0 || (!memchr(s, '\r', n) && !memchr(s, 0, n));
    for (size_t i = 0; !plain && i < n; i++) {
        if (s[i] != '\r' && s[i] != 0)
            continue;
        buf_add(out, s + from, i - from);
        if (s[i] == 0)
            buf_str(out, "\xef\xbf\xbd");
        else if (i + 1 == n || s[i + 1] != '\n')
            buf_char(out, '\n');
        from = i + 1;
    }
    buf_add(out, s + from, n - from);
}

static bool say(mizo_diags *d, mizo_msg id, const mizo_file *f, size_t at)
{
    int line, column;
    place_of(f->bytes, at, &line, &column);
    mizo_diag_add(d, id, MIZO_AT(f->name, line, column), (const char *)NULL);
    return false;
}

bool region_normal(const mizo_file *f, mizo_diags *d, buf *out)
{
    const char *nul = f->n ? memchr(f->bytes, 0, f->n) : NULL;
    bool fine = nul ? say(d, MIZO_MSG_REGION_NUL, f, (size_t)(nul - f->bytes)) : true;
    text_encoding encoding = text_guess(f->bytes, f->n);
    size_t skip = encoding == TEXT_UTF8_BOM ? 3 : 0;
    if (encoding == TEXT_UTF8 || utf8_valid(f->bytes + skip, f->n - skip)) {
        put_lines(f->bytes + skip, f->n - skip, out);
        return fine;
    }
    buf text;
    size_t bad = 0;
    buf_init(&text, 0);
    mizo_err e = cp932_to_utf8(f->bytes, f->n, &text, &bad);
    if (e == MIZO_OK)
        put_lines(text.p ? text.p : "", text.n, out);
    else if (e == MIZO_ENOMEM)
        out->err = e;
    else
        fine = say(d, MIZO_MSG_REGION_ENCODING, f, bad < f->n ? bad : 0);
    buf_fini(&text);
    return fine;
}

static void put_file(const mizo_file *f, buf *out)
{
    buf text;
    buf_init(&text, 0);
    if (!region_normal(f, NULL, &text) && text.n == 0)
        put_lines(f->bytes, f->n, &text); /* undecodable: never accepted, but still named */
    buf_printf(out, "file %s %zu\n", f->name, text.n);
    buf_add(out, text.p ? text.p : "", text.n);
    buf_char(out, '\n');
    if (text.err)
        out->err = text.err;
    buf_fini(&text);
}

char *mizo_region_text(const mizo_file *files, size_t n)
{
    buf out;
    buf_init(&out, 0);
    buf_str(&out, first_line);
    for (int k = 0; k < FILE_COUNT; k++) {
        for (size_t i = 0; i < n; i++) {
            if (strcmp(files[i].name, region_files[k].name) == 0) {
                put_file(&files[i], &out);
                break;
            }
        }
    }
    buf_str(&out, last_line);
    char *text = buf_steal(&out);
    buf_fini(&out);
    return text;
}

/* ---- back ---- */

typedef struct text_in {
    const char *p, *end;
    const char *why; /* what is wrong with it */
} text_in;

static bool take(text_in *in, const char *what)
{
    size_t n = strlen(what);
    if ((size_t)(in->end - in->p) < n || memcmp(in->p, what, n))
        return false;
    in->p += n;
    return true;
}

/* "NAME BYTES\n", bytes, LF. */
static bool take_file(text_in *in, mizo_file *f)
{
    const char *space = memchr(in->p, ' ', (size_t)(in->end - in->p));
    if (!space)
        return false;
    for (int k = 0; k < FILE_COUNT; k++) {
        size_t n = strlen(region_files[k].name);
        if ((size_t)(space - in->p) == n && memcmp(in->p, region_files[k].name, n) == 0)
            f->name = region_files[k].name;
    }
    if (!f->name)
        return false;
    char *after;
    unsigned long long n = strtoull(space + 1, &after, 10);
    if (after == space + 1 || *after != '\n' || (size_t)(in->end - after) < 2 ||
        n > (size_t)(in->end - after) - 2)
        return false;
    f->bytes = after + 1;
    f->n = (size_t)n;
    in->p = f->bytes + n;
    return take(in, "\n");
}

mizo_err mizo_region_from_text(const char *text, mizo_diags *d, const mizo_region **out)
{
    mizo_file files[FILE_COUNT] = { { 0 } };
    size_t n = 0;
    text_in in = { text, text + strlen(text), NULL };
    *out = NULL;
    if (!take(&in, first_line))
        in.why = "its first line is not \"mizo region 1\"";
    while (!in.why && n < FILE_COUNT && take(&in, "file "))
        if (!take_file(&in, &files[n++]))
            in.why = "a file line, or the length on it, is wrong";
    if (!in.why && (!take(&in, last_line) || in.p != in.end))
        in.why = "it does not end with \"end\"";
    if (in.why) {
        MIZO_DIAG(d, REGION_TEXT, MIZO_NOWHERE, in.why);
        return MIZO_EINPUT;
    }
    return mizo_region_build(files, n, d, out);
}
