/* report_file.h: a document as the bytes of a file, whatever makes them. */
#ifndef TOWN_REPORT_FILE_H
#define TOWN_REPORT_FILE_H

#include "report/report.h"
#include "store/store.h"

typedef enum report_format {
    REPORT_FORMAT_TEXT,
    REPORT_FORMAT_HTML,
    REPORT_FORMAT_CSV,       /* UTF-8 with BOM */
    REPORT_FORMAT_CSV_CP932, /* for programs that read nothing else */
    REPORT_FORMAT_TSV,       /* its tables, to be pasted */
    REPORT_FORMAT_PDF,
    REPORT_FORMAT_XLSX,
    REPORT_FORMAT_COUNT
} report_format;

/* "pdf", "xlsx", "html", "csv", "cp932", "tsv", "text". MIZO_ENOENT: no such word. */
MIZO_MUST_USE mizo_err report_format_find(const char *word, report_format *out);
/* By the ending of a file's name: .pdf .xlsx .html .htm .csv .tsv .txt. */
MIZO_MUST_USE mizo_err report_format_of(const char *path, report_format *out);
const char *report_format_ending(report_format f); /* "pdf" */
const char *report_format_type(report_format f);   /* as a Content-Type */

/* Says in the document which state of the books it was made from (report_book): inside a batch, with what it has posted. */
MIZO_MUST_USE mizo_err report_from_books(report *r, store *s);

/* Appends the file to out. MIZO_EUNSUPPORTED: the module is not here, or the font it needs: d says which and
 * what to install; the other formats still work. From any thread. */
MIZO_MUST_USE mizo_err report_make(const report *r, report_format f, mizo_diags *d, buf *out);

#endif
