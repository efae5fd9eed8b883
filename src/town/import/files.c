/* files.c: files that are no tables: zip archives, workbooks, XML. The readers come from the module mizo-files. */
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/sheet.h"
#include "mizo/messages/files.h"
#include "town/import/operator.h"
#include "town/import/xlsx.h"
#include "town/module.h"

bool import_is_file(const char *p, size_t n)
{
    return sheet_looks(p, n) || xml_looks(p, n);
}

static void bad(import_run *im, mizo_msg id, int line, const char *p0, const char *p1)
{
    table_fault f;
    csv_field nowhere = { 0 };
    table_bad(&f, id, &nowhere, p0, p1, NULL);
    f.column = 0;
    import_bad(im, line, NULL, &f);
}

/* ---- archives ---- */

typedef struct members {
    import_run *im;
    const char *archive;
    int n;
    bool within; /* an archive in an archive is not opened */
} members;

static mizo_err take_member(void *arg, const char *name, const char *bytes, size_t n)
{
    members *m = arg;
    import_run *im = m->im;
    char shown[ZIP_NAME + 512];
    snprintf(shown, sizeof shown, "%s/%s", m->archive, name);
    m->n++;
    im->shown = arena_copy(im->texts, shown, strlen(shown));
    if (!im->shown)
        return MIZO_ENOMEM;
    if (sheet_looks(bytes, n)) {
        bad(im, MIZO_MSG_FILES_NESTED, 0, NULL, NULL);
        return MIZO_OK;
    }
    return import_read_bytes(im, bytes, n);
}

static void bad_archive(import_run *im, const char *member, const char *why)
{
    table_fault f;
    csv_field nowhere = { 0 };
    char ja[FAULT_TEXT];
    table_bad(&f, MIZO_MSG_FILES_BAD_ZIP, &nowhere, member, why, fault_ja(why, ja));
    f.column = 0;
    import_bad(im, 0, NULL, &f);
}

static mizo_err read_archive(import_run *im, const zip_reader *zip, const char *p, size_t n)
{
    members m = { .im = im, .archive = im->shown };
    zip_sink sink = { &m, NULL, take_member };
    zip_fault fault;
    char colon[ZIP_NAME + 8];
    mizo_err e = zip->read(p, n, NULL, &sink, &fault);
    im->shown = m.archive;
    if (e == MIZO_EINPUT && *fault.why) {
        snprintf(colon, sizeof colon, "%s%s", fault.member, *fault.member ? ": " : "");
        bad_archive(im, colon, fault.why);
        return MIZO_OK;
    }
    if (!e && m.n == 0) {
        bad_archive(im, "", "it has no file");
        return MIZO_OK;
    }
    return e;
}

/* A workbook is an archive with a list of content types. */
typedef struct peek {
    bool workbook;
} peek;

static bool see(void *arg, const char *name)
{
    ((peek *)arg)->workbook |= strcmp(name, "[Content_Types].xml") == 0;
    return false;
}

static mizo_err none(void *arg, const char *name, const char *bytes, size_t n)
{
    (void)arg, (void)name, (void)bytes, (void)n;
    return MIZO_OK;
}

static bool is_workbook(const zip_reader *zip, const char *p, size_t n)
{
    peek x = { false };
    zip_sink sink = { &x, see, none };
    zip_fault fault;
    return zip->read(p, n, NULL, &sink, &fault) == MIZO_OK && x.workbook;
}

/* ---- what it is ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

mizo_err import_whole_file(import_run *im, const char *p, size_t n)
{
    const xml_reader *xml;
    const zip_reader *zip;
    MIZO_TRY(module_files(im->t->diags, &xml, &zip));
    if (!sheet_looks(p, n))
        return import_operator(im, xml, im->shown, p, n);
    if (sheet_foreign(p, n)) {
        bad(im, MIZO_MSG_FILES_FOREIGN_SHEET, 0, NULL, NULL);
        return MIZO_OK;
    }
    if (is_workbook(zip, p, n))
        return import_xlsx(im, xml, zip, base_name(im->shown), p, n);
    return read_archive(im, zip, p, n);
}
