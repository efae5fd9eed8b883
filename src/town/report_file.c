/* report_file.c: picks the maker of a format. */
#include "town/report_file.h"

#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "mizo/messages/report.h"
#include "town/module.h"

static const struct format {
    const char *word, *ending, *type;
} formats[REPORT_FORMAT_COUNT] = {
    [REPORT_FORMAT_TEXT] = {"text",   "txt",  "text/plain; charset=utf-8"                      },
    [REPORT_FORMAT_HTML] = { "html",  "html", "text/html; charset=utf-8"                       },
    [REPORT_FORMAT_CSV] = { "csv",   "csv",  "text/csv; charset=utf-8"                        },
    [REPORT_FORMAT_CSV_CP932] = { "cp932", "csv",  "text/csv; charset=windows-31j"                  },
    [REPORT_FORMAT_TSV] = { "tsv",   "tsv",  "text/tab-separated-values; charset=utf-8"       },
    [REPORT_FORMAT_PDF] = { "pdf",   "pdf",  "application/pdf"                                },
    [REPORT_FORMAT_XLSX] = { "xlsx",  "xlsx",
                            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};

mizo_err report_format_find(const char *word, report_format *out)
{
    for (int i = 0; i < REPORT_FORMAT_COUNT; i++)
        if (strcmp(word, formats[i].word) == 0) {
            *out = (report_format)i;
            return MIZO_OK;
        }
    return MIZO_ENOENT;
}

mizo_err report_format_of(const char *path, report_format *out)
{
    const char *dot = strrchr(path, '.'), *ending = dot ? dot + 1 : "";
    if (strcasecmp(ending, "htm") == 0)
        ending = "html";
    for (int i = 0; i < REPORT_FORMAT_COUNT; i++)
        if (strcasecmp(ending, formats[i].ending) == 0) {
            *out = (report_format)i;
            return MIZO_OK;
        }
    return MIZO_ENOENT;
}

const char *report_format_ending(report_format f)
{
    return formats[f].ending;
}

const char *report_format_type(report_format f)
{
    return formats[f].type;
}

mizo_err report_from_books(report *r, store *s)
{
    int64_t entries;
    hash head;
    char text[HASH_TEXT];
    MIZO_TRY(s->ops->entry_head(s, &entries, head.b));
    hash_text(head, text);
    report_book(r, entries, text);
    return MIZO_OK;
}

static mizo_err by_module(const report *r, report_format f, mizo_diags *d, buf *out)
{
    const report_maker *maker;
    char why[REPORT_WHY] = "";
    size_t before = out->n;
    MIZO_TRY(module_report(formats[f].word, d, &maker));
    mizo_err err = maker->make(r, out, why);
    if (err && !out->err && out->p) {
        out->n = before;
        out->p[before] = 0;
    }
    if (err == MIZO_EUNSUPPORTED)
        MIZO_DIAG(d, REPORT_NO_FONT, MIZO_NOWHERE, formats[f].word, why);
    else if (err)
        MIZO_DIAG(d, REPORT_FAILED, MIZO_NOWHERE, formats[f].word, why);
    return err;
}

mizo_err report_make(const report *r, report_format f, mizo_diags *d, buf *out)
{
    switch (f) {
    case REPORT_FORMAT_TEXT:
        return report_plain(r, out);
    case REPORT_FORMAT_HTML:
        return report_html(r, out);
    case REPORT_FORMAT_CSV:
    case REPORT_FORMAT_CSV_CP932:
        return report_csv(r, -1, f == REPORT_FORMAT_CSV ? REPORT_UTF8_BOM : REPORT_CP932, d, out);
    case REPORT_FORMAT_TSV:
        return report_tsv(r, out);
    case REPORT_FORMAT_PDF:
    case REPORT_FORMAT_XLSX:
        return by_module(r, f, d, out);
    case REPORT_FORMAT_COUNT:
        break;
    }
    return MIZO_EINPUT;
}
