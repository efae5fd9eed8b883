/* owners.c: fuels, heat and leaked gases that the owners of a few facilities report: illustrative, read from tables as
 * owners send them. */
#include <stdio.h>
#include <string.h>

#include "town/example/parts.h"
#include "town/office/owner_report.h"

typedef struct taking {
    town *t;
    const char *name;
    const sheet *s;
    bool bad;
} taking;

static mizo_err take(void *arg, const yearly_value *v)
{
    taking *x = arg;
    char cell[SHEET_ADDRESS];
    bool changed;
    owner_report r = { .facility = v->facility, .fy = v->fy, .energy = v->energy };
    memcpy(r.milli, v->milli, sizeof r.milli);
    sheet_address(NULL, v->row, v->column[0], cell);
    snprintf(r.place, sizeof r.place, "%.60s %s", x->name, cell);
    snprintf(r.note, sizeof r.note, "説明用の例 (illustrative)");
    return owner_report_put(x->t, &r, &changed);
}

static void said(void *arg, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    taking *x = arg;
    (void)row;
    (void)column;
    (void)p0;
    (void)p1;
    x->bad |= mizo_msg_severity(id) == MIZO_ERROR;
}

static mizo_err put_table(town *t, const yearly_names *names, const ex_text *f)
{
    yearly_paper *paper = NULL;
    taking x = { .t = t, .name = f->name };
    const yearly_sink sink = { &x, take, said };
    yearly_ask ask = { .region = t->region, .names = names, .today = INT32_MAX, .file = f->name };
    yearly_count n;
    mizo_err e = yearly_csv(f->text, strlen(f->text), &paper);
    x.s = paper ? yearly_paper_sheet(paper) : NULL;
    e = e ? e : yearly_read(x.s, &ask, &sink, &n);
    yearly_paper_free(paper);
    return e ? e : x.bad ? MIZO_EINPUT : MIZO_OK;
}

mizo_err ex_owners_put(town *t)
{
    yearly_names *names = NULL;
    mizo_err e = owner_report_names(t->region, &names);
    for (int i = 0; i < ex_owners_files && !e; i++)
        e = put_table(t, names, &ex_owners[i]);
    yearly_names_free(names);
    return e;
}
