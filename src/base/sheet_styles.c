/* sheet_styles.c: texts that cells share, and which formats show a date. */
#include <stdlib.h>
#include <string.h>

#include "base/sheet_inner.h"

/* ---- shared texts ---- */

typedef struct texts {
    sheet_read *r;
    buf text;
    int aside; /* within the reading aid of a kanji (rPh) */
} texts;

static mizo_err text_open(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    (void)a, (void)n, (void)line;
    texts *x = arg;
    if (strcmp(name, "si") == 0)
        buf_clear(&x->text);
    x->aside += strcmp(name, "rPh") == 0;
    return MIZO_OK;
}

static mizo_err text_close(void *arg, const char *name, const char *s, size_t n, int line)
{
    texts *x = arg;
    sheet_read *r = x->r;
    size_t len;
    x->aside -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "t") == 0 && x->aside == 0)
        buf_add(&x->text, s, n);
    if (strcmp(name, "si"))
        return x->text.err;
    if (r->nshared >= SHEET_SHARED)
        return sheet_bad(r, line, r->part, "more than 4,194,304 shared texts");
    MIZO_TRY(array_grow(&r->shared, &r->shared_cap, r->nshared + 1, sizeof *r->shared));
    const char *kept = sheet_trimmed(r->book->a, x->text.n ? x->text.p : "", x->text.n, &len);
    r->shared[r->nshared++] = (char *)(uintptr_t)kept;
    return kept ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err sheet_read_shared(sheet_read *r, const char *part)
{
    texts x = { .r = r };
    xml_sink sink = { &x, text_open, text_close };
    buf_init(&x.text, XML_TEXT);
    mizo_err e = sheet_part(r, part, &sink);
    if (e == MIZO_EFULL)
        e = sheet_bad(r, 0, part, "a text of more than 1 MiB");
    buf_fini(&x.text);
    return e;
}

/* ---- formats ---- */

enum { CUSTOM_MOST = 4096, FIRST_CUSTOM = 164 };

typedef struct formats {
    sheet_read *r;
    struct {
        int id;
        uint8_t style;
    } custom[CUSTOM_MOST];
    size_t ncustom;
    bool in_cells; /* within cellXfs */
} formats;

/* A whole number >= 0; -1: none. */
static int64_t whole(const char *s)
{
    int64_t v = 0;
    if (!s || !*s || strlen(s) > 9)
        return -1;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return -1;
        v = v * 10 + (*s - '0');
    }
    return v;
}

/* Letters of a format outside "..." and [...] (but [h] and [mm] are times), and not after a backslash. */
static sheet_style style_of(const char *code)
{
    bool day = false, clock = false;
    for (const char *s = code; *s && *s != ';'; s++) {
        if (*s == '\\' || *s == '_' || *s == '*') {
            s += s[1] != '\0';
        } else if (*s == '"') {
            const char *end = strchr(s + 1, '"');
            if (!end)
                break;
            s = end;
        } else if (*s == '[') {
            clock |= strchr("hHsS", s[1]) && s[1];
            clock |= (s[1] == 'm' || s[1] == 'M') && (s[2] == ']' || s[2] == 'm' || s[2] == 'M');
            const char *end = strchr(s, ']');
            if (!end)
                break;
            s = end;
        } else {
            if (strncmp(s, "General", 7) == 0) {
                s += 6;
                continue;
            }
            day |= strchr("yYdDgGeErR", *s) != NULL && !(strchr("eE", *s) && strchr("+-", s[1]) && s[1]);
            clock |= strchr("hHsS", *s) != NULL;
        }
    }
    if (!day && !clock && strpbrk(code, "mM") && !strpbrk(code, "0#?"))
        day = true; /* "mmm" alone */
    return day ? STYLE_DATE : clock ? STYLE_TIME : STYLE_PLAIN;
}

/* The formats that have a number and no text in the file; 27-36 and 50-58 are the Japanese ones. */
static sheet_style builtin(int64_t id)
{
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || id == 32 || id == 33)
        return STYLE_TIME;
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)
               ? STYLE_DATE
               : STYLE_PLAIN;
}

static sheet_style format_style(const formats *x, int64_t id)
{
    for (size_t i = 0; i < x->ncustom; i++)
        if (x->custom[i].id == id)
            return (sheet_style)x->custom[i].style;
    return builtin(id);
}

static mizo_err style_open(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    formats *x = arg;
    sheet_read *r = x->r;
    if (strcmp(name, "cellXfs") == 0)
        x->in_cells = true;
    int64_t id = whole(xml_get(a, n, "numFmtId"));
    if (strcmp(name, "numFmt") == 0 && id >= 0) {
        const char *code = xml_get(a, n, "formatCode");
        if (x->ncustom == CUSTOM_MOST)
            return sheet_bad(r, line, r->part, "more than 4,096 formats");
        x->custom[x->ncustom].id = (int)id;
        x->custom[x->ncustom++].style = (uint8_t)style_of(code ? code : "");
    }
    if (!x->in_cells || strcmp(name, "xf"))
        return MIZO_OK;
    if (r->nstyle >= SHEET_STYLES)
        return sheet_bad(r, line, r->part, "more than 65,536 cell formats");
    MIZO_TRY(array_grow(&r->style, &r->style_cap, r->nstyle + 1, sizeof *r->style));
    r->style[r->nstyle++] = (uint8_t)format_style(x, id);
    return MIZO_OK;
}

static mizo_err style_close(void *arg, const char *name, const char *s, size_t n, int line)
{
    (void)s, (void)n, (void)line;
    formats *x = arg;
    if (strcmp(name, "cellXfs") == 0)
        x->in_cells = false;
    return MIZO_OK;
}

mizo_err sheet_read_styles(sheet_read *r, const char *part)
{
    formats *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    x->r = r;
    xml_sink sink = { x, style_open, style_close };
    mizo_err e = sheet_part(r, part, &sink);
    free(x);
    return e;
}
