/* sheet_doc.c: a transcription sheet as a document, and its units and where its figures come from in words. */
#include <stdio.h>
#include <string.h>

#include "town/duty/sheet.h"
#include "town/report_file.h"

typedef struct word {
    const char *word, *ja, *en;
} word;

static const word units[] = {
    {"kwh",           "kWh",      "kWh"         },
    { "mwh",          "MWh",      "MWh"         },
    { "yen",          "円",      "yen"         },
    { "thousand-yen", "千円",   "thousand yen"},
    { "count",        "件",      ""            },
    { "percent",      "％",      "%"           },
    { "kg-per-kwh",   "kg/kWh",   "kg/kWh"      },
    { "gj",           "GJ",       "GJ"          },
    { "kl-oil",       "原油kL", "kL of oil"   },
    { "t-co2",        "t-CO2",    "t-CO2"       },
    { "l",            "L",        "L"           },
    { "kl",           "kL",       "kL"          },
    { "thousand-m3",  "千m3",    "thousand m3" },
    { "mj",           "MJ",       "MJ"          },
};

/* Files of the region keep their names. */
static const word origins[] = {
    {"readings",                   "計量値",                            "readings"                     },
    { "readings, matched",         "計量値と電源の突き合わせ", "readings, matched"            },
    { "readings, factors.csv",     "計量値、factors.csv",              "readings, factors.csv"        },
    { "readings, owners' reports", "計量値、所管の報告",          "readings, owners' reports"    },
    { "readings, grant-asset",     "計量値、交付金の財産",       "readings, assets of the grant"},
    { "owners' reports",           "所管の報告",                      "owners' reports"              },
    { "bills",                     "請求",                               "bills"                        },
    { "the books",                 "帳簿",                               "the books"                    },
    { "grant",                     "交付金の記録",                   "records of the grant"         },
};

static const char *said_in(const word *w, size_t n, const char *of, bool ja)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(w[i].word, of) == 0)
            return ja ? w[i].ja : w[i].en;
    return of;
}

const char *sheet_unit(const char *unit, bool ja)
{
    return said_in(units, sizeof units / sizeof *units, unit, ja);
}

const char *sheet_origin(const char *from, bool ja)
{
    return said_in(origins, sizeof origins / sizeof *origins, from, ja);
}

typedef struct making {
    report *r;
    bool ja;
} making;

static const char *either(const char *mine, const char *other)
{
    return *mine ? mine : other;
}

static mizo_err put_cell(void *arg, const form_cell *c)
{
    const making *x = arg;
    const mizo_sheet_row *row = c->row;
    report *r = x->r;
    report_cell_text(r, row->cell);
    report_cell_text(r, x->ja ? either(row->name_ja, row->name_en) : either(row->name_en, row->name_ja));
    report_cell_number(r, c->value, row->digits);
    report_cell_text(r, sheet_unit(row->unit, x->ja));
    report_cell_number(r, c->missing, 0);
    report_cell_textf(r, "%s; %s%s%s", sheet_origin(c->from, x->ja), report_said(r, row->source),
                      row->mark ? " " : "", mizo_mark_text(row->mark));
    return MIZO_OK;
}

/* Its name is that of the duty that uses it. */
static const char *title_of(const mizo_region *r, const char *sheet, bool ja)
{
    for (size_t i = 0; i < r->nduty; i++)
        if (strcmp(r->duty[i].sheet, sheet) == 0)
            return ja ? either(r->duty[i].name_ja, r->duty[i].name_en)
                      : either(r->duty[i].name_en, r->duty[i].name_ja);
    return sheet;
}

mizo_err sheet_report(town *t, const char *sheet, mizo_day from, mizo_day to, const char *lang, report **out)
{
    /* clang-format off */
    static const report_column columns[2][6] = {
        { { "Cell", NULL, REPORT_LEFT, 12, false, false }, { "Figure of", NULL, REPORT_LEFT, 34, false, false },
          { "Figure", NULL, REPORT_RIGHT, 18, false, true }, { "Unit", NULL, REPORT_LEFT, 10, false, false },
          { "Missing", "half-hours", REPORT_RIGHT, 8, false, false }, { "From", NULL, REPORT_LEFT, 18, false, false } },
        { { "セル", NULL, REPORT_LEFT, 12, false, false }, { "項目", NULL, REPORT_LEFT, 34, false, false },
          { "数値", NULL, REPORT_RIGHT, 18, false, true }, { "単位", NULL, REPORT_LEFT, 10, false, false },
          { "欠測", "コマ", REPORT_RIGHT, 8, false, false }, { "もと", NULL, REPORT_LEFT, 18, false, false } },
    };
    /* clang-format on */
    making x = { .ja = strcmp(lang, "ja") == 0 };
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT], span[64];
    mizo_day_text(from, a);
    mizo_day_text(to - 1, b);
    (void)snprintf(span, sizeof span, "%s .. %s", a, b);
    x.r = report_new(&(report_head){ .title = x.ja ? "転記表" : "Transcription sheet",
                                     .subtitle = title_of(t->region, sheet, x.ja),
                                     .header = span,
                                     .lang = x.ja ? "ja" : "en",
                                     .day = to - 1 });
    if (!x.r)
        return MIZO_ENOMEM;
    report_columns(x.r, span, columns[x.ja], 6);
    mizo_err e = sheet_each(t, sheet, from, to, put_cell, &x);
    if (!e)
        e = report_from_books(x.r, t->store);
    if (!e)
        e = report_done(x.r);
    if (e) {
        report_free(x.r);
        x.r = NULL;
    }
    *out = x.r;
    return e;
}
