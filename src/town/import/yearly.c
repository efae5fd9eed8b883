/* yearly.c: the owners' yearly tables, from a workbook or a CSV, into reports of facilities. Beside what the table
 * itself can show (city/yearly.h), it is held against what is known: the points' power, last year, the report before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/import.h"
#include "mizo/messages/yearly.h"
#include "town/import/run.h"
#include "town/import/xlsx.h"

enum { JUMP = 10, SAME_LEAST = 3, TOLD_CHANGES = 20 /* facilities: the rest is in the sum */ };

typedef struct taking {
    import_run *im;
    const char *name; /* of the file */
    const sheet *s;
    const yearly_paper *paper; /* NULL: a workbook */
    owner_reports known;
    int rows, repeats; /* facilities; those that are last year's to the last digit */
    int fy, bad, told; /* told: changes */
    size_t first;      /* of the run's reports, those of this file */
} taking;

/* ---- saying ---- */

static void said(void *arg, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    taking *x = arg;
    char cell[SHEET_ADDRESS];
    table_fault f;
    csv_field nowhere = { .column = x->paper ? 1 : 0 };
    if (row > 0)
        sheet_address(x->paper ? NULL : x->s, row, column > 0 ? column : 1, cell);
    else
        snprintf(cell, sizeof cell, "%s", x->s->name);
    int line = x->paper ? yearly_paper_line(x->paper, row) : 0;
    table_bad(&f, id, &nowhere, cell, p0 ? p0 : "", p1 ? p1 : "");
    f.column = 0;
    if (mizo_msg_severity(id) == MIZO_ERROR) {
        import_bad(x->im, line, NULL, &f);
        x->bad++;
        return;
    }
    mizo_diag_add(x->im->t->diags, id, MIZO_AT(x->im->shown, line, 0), f.param[0], f.param[1], f.param[2],
                  (const char *)NULL);
}

static void amount_text(int64_t milli, const yearly_energy *e, char out[64])
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(milli, 1000, MIZO_ROUND_HALF_UP), text);
    snprintf(out, 64, "%s %s", text, e->unit);
}

/* ---- what is known ---- */

/* The most that a facility's points may take in a month, Wh; 0: no point says it. */
static int64_t most_of(const mizo_region *r, mizo_ref facility, mizo_day from, mizo_day to)
{
    int64_t most = 0;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        int64_t w;
        if (u->facility != facility || u->from >= to || u->to <= from)
            continue;
        if (mizo_mul_div(r->point[u->point].contract_w, u->share_ppm, MIZO_PPM, MIZO_ROUND_UP, &w))
            return 0;
        most += w * 24 * (to - from) * 3 / 2;
    }
    return most;
}

static mizo_day month_first(int fy, int m)
{
    return mizo_date_day((mizo_date){ m < 9 ? fy : fy + 1, (m + 3) % 12 + 1, 1 });
}

static bool too_large(taking *x, const yearly_value *v)
{
    bool bad = false;
    if (strcmp(v->energy->id, "electricity") != 0)
        return false;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        int64_t most =
            most_of(x->im->t->region, v->facility, month_first(v->fy, m), month_first(v->fy, m + 1));
        char is[64], may[64];
        if (v->milli[m] == YEARLY_MISSING || most == 0 || v->milli[m] <= most)
            continue;
        amount_text(v->milli[m], v->energy, is);
        amount_text(most, v->energy, may);
        said(x, MIZO_MSG_YEARLY_LARGE, v->row, v->column[m], is, may);
        bad = true;
    }
    return bad;
}

static int64_t year_sum(const int64_t milli[YEARLY_MONTHS])
{
    int64_t sum = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++)
        if (milli[m] == YEARLY_MISSING || __builtin_add_overflow(sum, milli[m], &sum))
            return -1;
    return sum;
}

/* Against the year before: the very same twelve values, or ten times as much or as little. */
static void hold_against_last(taking *x, const yearly_value *v)
{
    const owner_report *last = owner_reports_find(&x->known, v->facility, v->energy, v->fy - 1);
    if (!last)
        return;
    int64_t now = year_sum(v->milli), then = year_sum(last->milli);
    if (now > 0 && memcmp(v->milli, last->milli, sizeof last->milli) == 0)
        x->repeats++;
    if (now <= 0 || then <= 0 || (now / JUMP < then && then / JUMP < now))
        return;
    char is[64], was[64];
    amount_text(now, v->energy, is);
    amount_text(then, v->energy, was);
    said(x, MIZO_MSG_YEARLY_JUMP, v->row, v->column[0], is, was);
}

/* Against the report before: a month that is blank now keeps its value. */
static void keep_blank(taking *x, const yearly_value *v, const owner_report *before, owner_report *r)
{
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        char month[16];
        if (r->milli[m] != YEARLY_MISSING || before->milli[m] == YEARLY_MISSING)
            continue;
        r->milli[m] = before->milli[m];
        snprintf(month, sizeof month, "%d-%02d", m < 9 ? v->fy : v->fy + 1, (m + 3) % 12 + 1);
        said(x, MIZO_MSG_YEARLY_BLANK_NOW, v->row, v->column[m], x->im->t->region->facility[v->facility].id,
             month);
    }
}

/* The first month that is another one now, and how many more are. */
static void tell_change(taking *x, const yearly_value *v, const owner_report *before, const owner_report *r)
{
    char was[64], is[64], what[160], more[24] = "";
    int first = -1, others = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        if (before->milli[m] == r->milli[m])
            continue;
        others += first >= 0;
        first = first < 0 ? m : first;
    }
    if (first < 0 || x->told++ >= TOLD_CHANGES)
        return;
    if (before->milli[first] == YEARLY_MISSING)
        snprintf(was, sizeof was, "–");
    else
        amount_text(before->milli[first], v->energy, was);
    amount_text(r->milli[first], v->energy, is);
    if (others)
        snprintf(more, sizeof more, " (+%d)", others);
    snprintf(what, sizeof what, "%d-%02d %s → %s%s", first < 9 ? v->fy : v->fy + 1, (first + 3) % 12 + 1, was,
             is, more);
    said(x, MIZO_MSG_YEARLY_CHANGED, v->row, v->column[first], x->im->t->region->facility[v->facility].id,
         what);
}

/* ---- taking ---- */

/* Another sheet of the file has the same row: with the same values it is a copy, else one of the two is wrong. */
static bool seen_before(taking *x, const yearly_value *v, const owner_report *r)
{
    for (size_t i = x->first; i < x->im->nreport; i++) {
        const owner_report *other = &x->im->report[i];
        if (other->facility != r->facility || other->fy != r->fy || other->energy != r->energy)
            continue;
        if (!owner_report_same(other, r))
            said(x, MIZO_MSG_YEARLY_TWICE, v->row, v->column[0], x->im->t->region->facility[r->facility].id,
                 other->place);
        return true;
    }
    return false;
}

static mizo_err take_value(void *arg, const yearly_value *v)
{
    taking *x = arg;
    import_run *im = x->im;
    char cell[SHEET_ADDRESS];
    owner_report r = { .facility = v->facility, .fy = v->fy, .energy = v->energy };
    x->rows++;
    if (too_large(x, v))
        return MIZO_OK;
    memcpy(r.milli, v->milli, sizeof r.milli);
    if (seen_before(x, v, &r))
        return MIZO_OK;
    hold_against_last(x, v);
    const owner_report *before = owner_reports_find(&x->known, v->facility, v->energy, v->fy);
    if (before)
        keep_blank(x, v, before, &r);
    if (before && owner_report_same(before, &r)) {
        im->r->same++;
        return MIZO_OK;
    }
    sheet_address(x->paper ? NULL : x->s, v->row, v->column[0], cell);
    snprintf(r.place, sizeof r.place, "%.60s %s", x->name, cell);
    snprintf(r.note, sizeof r.note, "%s", v->note);
    if (before)
        tell_change(x, v, before, &r);
    *(before ? &im->r->changed : &im->r->added) += 1;
    MIZO_TRY(array_grow(&im->report, &im->report_cap, im->nreport + 1, sizeof r));
    im->report[im->nreport++] = r;
    return MIZO_OK;
}

static mizo_err take_sheet(taking *x, const yearly_names *names)
{
    import_run *im = x->im;
    int offset = im->t->region->offset;
    yearly_ask ask = { .region = im->t->region,
                       .names = names,
                       .bureau = im->o->bureau,
                       .fy = im->o->fy,
                       .today = mizo_slot_day(mizo_ms_slot(im->o->known ? im->o->known : im->now), offset),
                       .file = x->name };
    yearly_sink sink = { x, take_value, said };
    yearly_count n;
    x->rows = x->repeats = 0;
    mizo_err e = yearly_read(x->s, &ask, &sink, &n);
    if (e && e != MIZO_EINPUT)
        return e;
    im->r->rows += n.rows;
    im->r->blank += n.blank;
    x->fy = e ? x->fy : n.fy;
    char many[16], year[16];
    snprintf(many, sizeof many, "%d", x->repeats);
    snprintf(year, sizeof year, "%d", n.fy - 1);
    if (x->repeats >= SAME_LEAST && x->repeats * 2 >= x->rows && !im->o->accept_same)
        said(x, MIZO_MSG_YEARLY_LAST_YEAR, 1, 1, many, year);
    return MIZO_OK;
}

static void tell_again(const taking *x)
{
    const import_result *r = x->im->r;
    char year[16], rows[24];
    if (r->bad || r->added || r->changed || !r->same)
        return;
    snprintf(year, sizeof year, "%d", x->fy);
    snprintf(rows, sizeof rows, "%lld", (long long)r->same);
    MIZO_DIAG(x->im->t->diags, YEARLY_AGAIN, MIZO_AT(x->im->shown, 0, 0), year, rows);
}

/* A sheet that shows how the form is filled in, by its name. */
static bool example(taking *x)
{
    static const char *const words[] = { "記入例", "記載例", "入力例", "記入見本", "example", "sample" };
    char name[128];
    text_fold(x->s->name, strlen(x->s->name), name, sizeof name);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i])) {
            said(x, MIZO_MSG_YEARLY_EXAMPLE, 0, 0, NULL, NULL);
            return true;
        }
    return false;
}

/* Every sheet or the CSV. */
static mizo_err take_all(taking *x, const sheet_book *book, const char *p, size_t n)
{
    import_run *im = x->im;
    yearly_names *names = NULL;
    snprintf(im->r->kind, sizeof im->r->kind, "yearly");
    x->first = im->nreport;
    if (im->looking)
        return MIZO_OK;
    MIZO_TRY(import_spill(im)); /* the batch is open: what is known does not change until it is written */
    mizo_err e = owner_reports_load(im->t->store, im->t->region, 0, STORE_LATEST, &x->known);
    if (!e)
        e = owner_report_names(im->t->region, &names);
    if (!e && !book)
        e = take_sheet(x, names);
    for (size_t i = 0; book && i < sheet_count(book) && !e; i++) {
        x->s = sheet_of(book, i);
        if (yearly_looks(x->s) && !(sheet_count(book) > 1 && example(x)))
            e = take_sheet(x, names);
    }
    if (!e && x->fy && !im->r->bad)
        e = import_keep_file(im, "owner-yearly", "owners", x->name, NULL, mizo_fy_first(x->fy),
                             mizo_fy_first(x->fy + 1), p, n, NULL);
    tell_again(x);
    yearly_names_free(names);
    owner_reports_free(&x->known);
    return e;
}

mizo_err import_yearly_book(import_run *im, const sheet_book *book, const char *name, const char *p, size_t n,
                            bool *taken)
{
    taking x = { .im = im, .name = name };
    *taken = false;
    for (size_t i = 0; i < sheet_count(book); i++)
        *taken |= yearly_looks(sheet_of(book, i));
    if (!*taken && im->o->kind && strcmp(im->o->kind, "yearly") == 0) {
        x.s = sheet_of(book, 0);
        said(&x, MIZO_MSG_YEARLY_HEADER, 0, 0, NULL, NULL);
        *taken = true;
        return MIZO_OK;
    }
    return *taken ? take_all(&x, book, p, n) : MIZO_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Rows that are no CSV, or have a letter that is none: each with its cell. */
static void say_faults(taking *x)
{
    size_t n;
    const yearly_fault *f = yearly_paper_faults(x->paper, &n);
    for (size_t i = 0; i < n; i++)
        said(x, MIZO_MSG_YEARLY_UNREADABLE, f[i].row, f[i].column, f[i].why, NULL);
}

mizo_err import_yearly_csv(import_run *im, const char *p, size_t n, bool *taken)
{
    yearly_paper *paper = NULL;
    bool meant = im->o->kind != NULL;
    *taken = false;
    mizo_err e = yearly_csv(p, n, &paper);
    if (e)
        return e == MIZO_EFULL ? MIZO_OK : e;
    taking x = { .im = im, .name = base_name(im->shown), .s = yearly_paper_sheet(paper), .paper = paper };
    *taken = meant || yearly_looks(x.s);
    if (*taken && !im->looking)
        say_faults(&x);
    if (*taken)
        e = take_all(&x, NULL, p, n);
    yearly_paper_free(paper);
    return e;
}
