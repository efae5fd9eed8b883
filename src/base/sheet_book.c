/* sheet_book.c: the parts of a workbook and how they hang together: relations, the list of sheets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sheet_inner.h"

#define BOOK_MOST ((size_t)256 << 20)

mizo_err sheet_bad(sheet_read *r, int line, const char *where, const char *why)
{
    snprintf(r->fault->where, sizeof r->fault->where, "%.159s", where);
    snprintf(r->fault->why, sizeof r->fault->why, "%.199s", why);
    r->fault->line = line;
    return MIZO_EINPUT;
}

const char *sheet_trimmed(arena *a, const char *s, size_t n, size_t *len)
{
    for (;;) {
        if (n && strchr(" \t\r\n", *s))
            s++, n--;
        else if (n >= 3 && memcmp(s, "\xe3\x80\x80", 3) == 0)
            s += 3, n -= 3;
        else
            break;
    }
    for (;;) {
        if (n && strchr(" \t\r\n", s[n - 1]))
            n--;
        else if (n >= 3 && memcmp(s + n - 3, "\xe3\x80\x80", 3) == 0)
            n -= 3;
        else
            break;
    }
    *len = n;
    return n ? arena_copy(a, s, n) : "";
}

/* ---- one part ---- */

typedef struct part_read {
    sheet_read *r;
    const char *name;
    const xml_sink *sink;
    bool found;
} part_read;

static bool wanted(void *arg, const char *name)
{
    const part_read *x = arg;
    return strcmp(x->name, name) == 0;
}

static mizo_err take_part(void *arg, const char *name, const char *bytes, size_t n)
{
    part_read *x = arg;
    xml_fault why = { 0 };
    buf text;
    x->found = true;
    buf_init(&text, XML_BYTES);
    mizo_err e = xml_utf8(bytes, n, &text, &why);
    if (!e)
        e = x->r->xml->read(text.n ? text.p : "", text.n, x->sink, &why);
    buf_fini(&text);
    return e == MIZO_EINPUT && *why.why ? sheet_bad(x->r, why.line, name, why.why) : e;
}

mizo_err sheet_part(sheet_read *r, const char *part, const xml_sink *sink)
{
    part_read x = { r, part, sink, false };
    zip_sink z = { &x, wanted, take_part };
    zip_limits limits = { .unpacked = (int64_t)512 << 20 };
    zip_fault why = { 0 };
    r->part = part;
    mizo_err e = r->zip->read(r->bytes, r->n, &limits, &z, &why);
    if (e == MIZO_EINPUT && *why.why)
        return sheet_bad(r, 0, *why.member ? why.member : part, why.why);
    return e ? e : x.found ? MIZO_OK : MIZO_ENOENT;
}

/* ---- relations ---- */

typedef struct relation {
    const char *id, *type, *target;
} relation;

typedef struct relations {
    sheet_read *r;
    const char *dir; /* of the part that they are of, "xl/" */
    relation *item;
    size_t n, cap;
} relations;

/* "worksheets/sheet1.xml" of "xl/" is "xl/worksheets/sheet1.xml"; "/xl/..." stands by itself. */
static const char *resolve(arena *a, const char *dir, const char *target)
{
    char path[SHEET_PART];
    size_t n = strlen(dir);
    if (*target == '/' || n + strlen(target) >= sizeof path)
        return arena_copy(a, *target == '/' ? target + 1 : target, strlen(target) - (*target == '/'));
    memcpy(path, dir, n);
    for (; strncmp(target, "../", 3) == 0; target += 3) {
        n -= n > 0;
        while (n > 0 && path[n - 1] != '/')
            n--;
    }
    snprintf(path + n, sizeof path - n, "%s", target);
    return arena_copy(a, path, strlen(path));
}

static mizo_err on_relation(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    (void)line;
    relations *x = arg;
    const char *id = xml_get(a, n, "Id"), *type = xml_get(a, n, "Type"), *target = xml_get(a, n, "Target");
    const char *mode = xml_get(a, n, "TargetMode");
    if (strcmp(name, "Relationship") || !id || !type || !target || (mode && strcmp(mode, "External") == 0))
        return MIZO_OK;
    if (x->n >= 4096)
        return sheet_bad(x->r, line, x->r->part, "more than 4,096 relations");
    MIZO_TRY(array_grow(&x->item, &x->cap, x->n + 1, sizeof *x->item));
    arena *m = x->r->book->a;
    const char *last = strrchr(type, '/');
    relation *t = &x->item[x->n];
    t->id = arena_copy(m, id, strlen(id));
    t->type = arena_copy(m, last ? last + 1 : type, strlen(last ? last + 1 : type));
    t->target = resolve(m, x->dir, target);
    if (!t->id || !t->type || !t->target)
        return MIZO_ENOMEM;
    x->n++;
    return MIZO_OK;
}

static const char *target_of(const relations *x, const char *type, const char *id)
{
    for (size_t i = 0; i < x->n; i++)
        if ((type && strcmp(x->item[i].type, type) == 0) || (id && strcmp(x->item[i].id, id) == 0))
            return x->item[i].target;
    return NULL;
}

static mizo_err read_relations(sheet_read *r, const char *part, const char *dir, relations *x)
{
    *x = (relations){ .r = r, .dir = dir };
    xml_sink sink = { x, on_relation, NULL };
    mizo_err e = sheet_part(r, part, &sink);
    return e == MIZO_ENOENT ? sheet_bad(r, 0, part, "this is a zip archive, but no workbook (.xlsx)") : e;
}

/* ---- the list of sheets ---- */

typedef struct listed {
    const char *name, *relation;
    bool hidden;
} listed;

typedef struct list {
    sheet_read *r;
    listed item[SHEET_SHEETS];
    size_t n;
} list;

static bool truth(const char *s)
{
    return s && (strcmp(s, "1") == 0 || strcmp(s, "true") == 0);
}

static mizo_err on_book(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    list *x = arg;
    if (strcmp(name, "workbookPr") == 0)
        x->r->from_1904 = truth(xml_get(a, n, "date1904"));
    if (strcmp(name, "sheet"))
        return MIZO_OK;
    const char *title = xml_get(a, n, "name"), *state = xml_get(a, n, "state"), *id = NULL;
    for (size_t i = 0; i < n; i++) /* r:id; sheetId is another */
        if (strcmp(a[i].name, "id") == 0)
            id = a[i].value;
    if (!title || !id)
        return sheet_bad(x->r, line, x->r->part, "a sheet without a name or a relation");
    if (x->n == SHEET_SHEETS)
        return sheet_bad(x->r, line, x->r->part, "more than 256 sheets");
    arena *m = x->r->book->a;
    listed *s = &x->item[x->n++];
    *s = (listed){ arena_copy(m, title, strlen(title)), arena_copy(m, id, strlen(id)),
                   state && strcmp(state, "visible") != 0 };
    return s->name && s->relation ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err read_sheets(sheet_read *r, const list *x, const relations *rel)
{
    sheet_book *b = r->book;
    MIZO_TRY(array_grow(&b->sheet, &b->sheet_cap, x->n + 1, sizeof *b->sheet));
    for (size_t i = 0; i < x->n; i++) {
        const char *part = target_of(rel, NULL, x->item[i].relation);
        if (!part)
            return sheet_bad(r, 0, x->item[i].name, "the sheet's part is not in the file");
        if (!strstr(part, "worksheets/")) /* a chart or a dialogue on a tab of its own */
            continue;
        sheet *s = &b->sheet[b->nsheet];
        *s = (sheet){ .name = x->item[i].name, .hidden = x->item[i].hidden };
        mizo_err e = sheet_read_cells(r, part, s);
        if (e == MIZO_ENOENT)
            return sheet_bad(r, 0, s->name, "the sheet's part is not in the file");
        MIZO_TRY(e);
        b->nsheet++;
    }
    return MIZO_OK;
}

static mizo_err optional(mizo_err e)
{
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err read_workbook(sheet_read *r, const char *book, const char *dir, const relations *rel)
{
    list *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    (void)dir;
    x->r = r;
    xml_sink sink = { x, on_book, NULL };
    const char *shared = target_of(rel, "sharedStrings", NULL), *styles = target_of(rel, "styles", NULL);
    mizo_err e = sheet_part(r, book, &sink);
    if (e == MIZO_ENOENT)
        e = sheet_bad(r, 0, book, "the workbook's part is not in the file");
    if (!e && shared)
        e = optional(sheet_read_shared(r, shared));
    if (!e && styles)
        e = optional(sheet_read_styles(r, styles));
    if (!e)
        e = read_sheets(r, x, rel);
    free(x);
    return e;
}

/* ---- the whole ---- */

static mizo_err read_all(sheet_read *r)
{
    relations top, rel;
    char dir[SHEET_PART], part[SHEET_PART + 16];
    mizo_err e = read_relations(r, "_rels/.rels", "", &top);
    const char *book = e ? NULL : target_of(&top, "officeDocument", NULL);
    free(top.item);
    MIZO_TRY(e);
    if (!book || strlen(book) >= sizeof dir)
        return sheet_bad(r, 0, "_rels/.rels", "it names no workbook");
    const char *slash = strrchr(book, '/');
    snprintf(dir, sizeof dir, "%.*s", (int)(slash ? slash + 1 - book : 0), book);
    snprintf(part, sizeof part, "%s_rels/%s.rels", dir, slash ? slash + 1 : book);
    e = read_relations(r, part, dir, &rel);
    if (!e)
        e = read_workbook(r, book, dir, &rel);
    free(rel.item);
    return e;
}

static mizo_err refuse_old(sheet_read *r)
{
    return sheet_bad(r, 0, "-",
                     "an old workbook (.xls) or one with a password; save it as .xlsx without a password");
}

mizo_err sheet_open(const xml_reader *xml, const zip_reader *zip, const void *bytes, size_t n,
                    sheet_book **out, sheet_fault *fault)
{
    sheet_book *b = calloc(1, sizeof *b);
    *out = NULL;
    memset(fault, 0, sizeof *fault);
    if (!b || !(b->a = arena_new((size_t)1 << 30))) {
        free(b);
        return MIZO_ENOMEM;
    }
    sheet_read r = { .book = b, .xml = xml, .zip = zip, .bytes = bytes, .n = n, .fault = fault };
    mizo_err e;
    if (!zip_looks(bytes, n))
        e = sheet_looks(bytes, n) ? refuse_old(&r) : sheet_bad(&r, 0, "-", "no workbook (.xlsx)");
    else if (n > BOOK_MOST)
        e = sheet_bad(&r, 0, "-", "larger than 256 MiB");
    else
        e = read_all(&r);
    free(r.shared);
    free(r.style);
    if (e)
        sheet_close(b);
    else
        *out = b;
    return e;
}

void sheet_close(sheet_book *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->nsheet; i++) {
        free((void *)(uintptr_t)b->sheet[i].cell);
        free((void *)(uintptr_t)b->sheet[i].merge);
    }
    free(b->sheet);
    arena_free(b->a);
    free(b);
}
