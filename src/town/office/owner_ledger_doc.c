/* owner_ledger_doc.c: the ledger by facility and the list of who is late, as a document and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/office/owner_ledger.h"

enum { MISSING_TEXT = 160 };

static const char *name_of(const mizo_facility *f, bool ja)
{
    return ja || !*f->name_en ? f->name_ja : f->name_en;
}

static bool wanted(const mizo_region *r, const ledger_ask *ask, const ledger_row *x)
{
    const char *bureau = r->facility[x->facility].bureau;
    return (!ask->bureau || strcmp(bureau, ask->bureau) == 0) && (!ask->late || ledger_late(x));
}

/* Rows by bureau, then as they stand. */
typedef struct order {
    const ledger_row *row;
    const char *bureau;
} order;

static int by_bureau(const void *a, const void *b)
{
    const order *x = a, *y = b;
    int c = strcmp(x->bureau, y->bureau);
    return c ? c : (x->row > y->row) - (x->row < y->row);
}

static order *in_order(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, size_t *n)
{
    order *o = calloc(l->nrow + 1, sizeof *o);
    *n = 0;
    for (size_t i = 0; o && i < l->nrow; i++)
        if (wanted(r, ask, &l->row[i]))
            o[(*n)++] = (order){ &l->row[i], r->facility[l->row[i].facility].bureau };
    if (o && *n)
        qsort(o, *n, sizeof *o, by_bureau);
    return o;
}

/* The ten thousandths of a / b, for shares; 0 where b is. */
static int64_t share_bp(mizo_wh a, mizo_wh b)
{
    int64_t bp = 0;
    return b > 0 && mizo_mul_div(a, 10000, b, MIZO_ROUND_HALF_UP, &bp) == MIZO_OK ? bp : 0;
}

/* ---- the ledger ---- */

static void ledger_head(report *p, bool ja)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "所管局" : "bureau" },
        { .title = ja ? "需要" : "demand", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "うち再エネ" : "renewable", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "再エネ率" : "share", .unit = "%", .align = REPORT_RIGHT },
        { .title = ja ? "根拠(4月〜3月)" : "evidence, April to March" },
        { .title = ja ? "報告" : "reported", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "計測との差" : "less readings", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "未報告の月" : "months missing" },
    };
    /* clang-format on */
    report_columns(p, NULL, c, sizeof c / sizeof *c);
}

static void evidence_text(const ledger_row *x, bool ja, char out[64])
{
    static const char *const letter_ja[LEDGER_EVIDENCES] = { "計", "請", "報", "推", "未", "・" };
    static const char *const letter[LEDGER_EVIDENCES] = { "M", "B", "R", "E", "-", "." };
    out[0] = '\0';
    for (int m = 0; m < YEARLY_MONTHS; m++)
        strncat(out, (ja ? letter_ja : letter)[x->month[m].evidence], 63 - strlen(out));
}

static void ledger_line(report *p, const mizo_region *r, const owner_ledger *l, const ledger_row *x, bool ja)
{
    char evidence[64], missing[MISSING_TEXT];
    const mizo_facility *f = &r->facility[x->facility];
    evidence_text(x, ja, evidence);
    ledger_missing_text(l, x, missing, sizeof missing);
    report_cell_text(p, name_of(f, ja));
    report_cell_text(p, f->bureau);
    report_cell_scaled(p, x->demand_wh, 3, 0);
    report_cell_scaled(p, x->supply_wh, 3, 0);
    if (x->demand_wh > 0)
        report_cell_number(p, mizo_div_round(share_bp(x->supply_wh, x->demand_wh), 10, MIZO_ROUND_HALF_UP),
                           1);
    else
        report_cell_gap(p);
    report_cell_text(p, evidence);
    if (x->both_wh || x->reported_wh) {
        report_cell_scaled(p, x->reported_wh, 3, 0);
        report_cell_scaled(p, x->reported_wh - x->both_wh, 3, 0);
    } else {
        report_cell_blank(p);
        report_cell_blank(p);
    }
    report_cell_text(p, missing);
}

static void evidence_shares(report *p, const owner_ledger *l, bool ja)
{
    for (int e = 0; e < LEDGER_MISSING; e++) {
        char value[128], kwh[MIZO_NUM_TEXT], share[MIZO_NUM_TEXT];
        mizo_grouped_text(mizo_div_round(l->by_evidence[e], 1000, MIZO_ROUND_HALF_UP), kwh);
        mizo_decimal_text(share_bp(l->by_evidence[e], l->demand_wh), 2, share);
        snprintf(value, sizeof value, "%s kWh (%s %%)", kwh, share);
        report_pair(p, ja ? ledger_words_ja[e] : ledger_words[e], value);
    }
}

static void ledger_body(report *p, const mizo_region *r, const owner_ledger *l, const order *o, size_t n,
                        bool ja)
{
    ledger_head(p, ja);
    for (size_t i = 0; i < n; i++)
        ledger_line(p, r, l, o[i].row, ja);
    report_sum(p, ja ? "計" : "sum");
    report_heading(p, 2, ja ? "需要の根拠" : "Evidence of the demand");
    evidence_shares(p, l, ja);
    report_note(
        p,
        ja ? "計 計器、請 請求、報 施設所管の報告、推 推計・按分、未 未報告、・ 対象外。報告は、計測のない月だけを数えます。"
           : "M meter, B bill, R owner's report, E estimate or split, - missing, . not due. A report counts only "
             "in months without readings.");
}

/* ---- who is late ---- */

static void late_body(report *p, const mizo_region *r, const owner_ledger *l, const order *o, size_t n,
                      bool ja)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "所管局" : "bureau" },
        { .title = ja ? "施設ID" : "facility id" },
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "未報告の月" : "months missing" },
        { .title = ja ? "月数" : "months", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "いつから" : "since" },
        { .title = ja ? "経過" : "late", .unit = ja ? "日" : "days", .align = REPORT_RIGHT },
    };
    /* clang-format on */
    report_columns(p, NULL, c, sizeof c / sizeof *c);
    for (size_t i = 0; i < n; i++) {
        const ledger_row *x = o[i].row;
        char missing[MISSING_TEXT];
        ledger_missing_text(l, x, missing, sizeof missing);
        report_cell_text(p, o[i].bureau);
        report_cell_text(p, r->facility[x->facility].id);
        report_cell_text(p, name_of(&r->facility[x->facility], ja));
        report_cell_text(p, missing);
        report_cell_number(p, x->missing, 0);
        report_cell_day(p, x->since);
        report_cell_number(p, l->today - x->since, 0);
        if (i + 1 == n || strcmp(o[i].bureau, o[i + 1].bureau) != 0)
            report_sum(p, ja ? "小計" : "subtotal");
    }
}

mizo_err owner_ledger_body(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, report *p)
{
    size_t n;
    order *o = in_order(r, l, ask, &n);
    if (!o)
        return MIZO_ENOMEM;
    (ask->late ? late_body : ledger_body)(p, r, l, o, n, strcmp(ask->lang, "ja") == 0);
    free(o);
    return MIZO_OK;
}

mizo_err owner_ledger_doc(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, report **out)
{
    bool ja = strcmp(ask->lang, "ja") == 0;
    char title[120];
    if (ask->late)
        snprintf(title, sizeof title, ja ? "%d年度 未報告の施設" : "Facilities that have not reported FY%d",
                 l->fy);
    else
        snprintf(title, sizeof title, ja ? "%d年度 施設別の達成状況" : "FY%d by facility", l->fy);
    report *p = report_new(&(report_head){ .title = title,
                                           .subtitle = ask->bureau,
                                           .author = ja ? r->name_ja : r->name_en,
                                           .lang = ask->lang,
                                           .day = l->today,
                                           .landscape = true });
    if (!p)
        return MIZO_ENOMEM;
    mizo_err e = owner_ledger_body(r, l, ask, p);
    e = e ? e : report_done(p);
    if (e) {
        report_free(p);
        return e;
    }
    *out = p;
    return MIZO_OK;
}

/* ---- JSON ---- */

static void month_json(const ledger_row *x, json *j)
{
    json_array(j, "months");
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        const ledger_month *k = &x->month[m];
        json_object(j, NULL);
        json_text(j, "evidence", ledger_words[k->evidence]);
        if (k->pieces)
            json_int(j, "read_wh", k->metered_wh);
        if (k->pieces)
            json_int(j, "renewable_wh", k->green_wh);
        if (k->reported_wh != YEARLY_MISSING)
            json_int(j, "reported_wh", k->reported_wh);
        json_end(j);
    }
    json_end(j);
}

static void row_json(const mizo_region *r, const owner_ledger *l, const ledger_row *x, bool months, json *j)
{
    char text[MISSING_TEXT];
    const mizo_facility *f = &r->facility[x->facility];
    json_object(j, NULL);
    json_text(j, "facility", f->id);
    json_text(j, "name_ja", f->name_ja);
    json_text(j, "name_en", *f->name_en ? f->name_en : f->name_ja);
    json_text(j, "bureau", f->bureau);
    json_int(j, "demand_wh", x->demand_wh);
    json_int(j, "supply_wh", x->supply_wh);
    ledger_missing_text(l, x, text, sizeof text);
    json_text(j, "evidence", ledger_words[ledger_row_evidence(x)]);
    json_int(j, "missing", x->missing);
    json_text(j, "missing_months", text);
    json_bool(j, "late", ledger_late(x));
    if (x->since != MIZO_DAY_NONE) {
        char day[MIZO_DATE_TEXT];
        mizo_day_text(x->since, day);
        json_text(j, "since", day);
        json_int(j, "days", l->today - x->since);
    }
    json_int(j, "reported_wh", x->reported_wh);
    json_int(j, "read_of_reported_wh", x->both_wh);
    if (months)
        month_json(x, j);
    json_end(j);
}

static void bureaus_json(const order *o, size_t n, json *j)
{
    json_array(j, "bureaus");
    for (size_t i = 0; i < n;) {
        size_t k = i;
        int late = 0, months = 0;
        for (; k < n && strcmp(o[k].bureau, o[i].bureau) == 0; k++) {
            late += ledger_late(o[k].row);
            months += ledger_late(o[k].row) ? o[k].row->missing : 0;
        }
        json_object(j, NULL);
        json_text(j, "bureau", o[i].bureau);
        json_int(j, "facilities", (int64_t)(k - i));
        json_int(j, "late", late);
        json_int(j, "months", months);
        json_end(j);
        i = k;
    }
    json_end(j);
}

/* Of whom is told: all, or one bureau's. */
static void counts_json(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, json *j)
{
    int facilities = 0, late = 0;
    for (size_t i = 0; i < l->nrow; i++) {
        bool ours = !ask->bureau || strcmp(r->facility[l->row[i].facility].bureau, ask->bureau) == 0;
        facilities += ours;
        late += ours && ledger_late(&l->row[i]);
    }
    json_int(j, "facilities", facilities);
    json_int(j, "late", late);
}

void owner_ledger_json(const mizo_region *r, const owner_ledger *l, const ledger_ask *ask, json *j)
{
    size_t n;
    order *o = in_order(r, l, ask, &n);
    json_int(j, "demand_wh", l->demand_wh);
    json_int(j, "supply_wh", l->supply_wh);
    json_int(j, "rest_wh", l->rest_wh);
    counts_json(r, l, ask, j);
    json_object(j, "by_evidence");
    for (int e = 0; e < LEDGER_MISSING; e++)
        json_int(j, ledger_words[e], l->by_evidence[e]);
    json_end(j);
    bureaus_json(o, o ? n : 0, j);
    json_array(j, "rows");
    for (size_t i = 0; o && i < n; i++)
        row_json(r, l, o[i].row, !ask->late && !ask->brief, j);
    json_end(j);
    free(o);
}
