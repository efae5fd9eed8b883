/* hand.c: the 48 values that a member hands to its parent, as a CSV and as a workbook; what was filed, again. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/inner.h"
#include "town/desk/out.h"
#include "town/register/register.h"
#include "town/report_file.h"

enum { SLOTS = DESK_SLOTS };

void desk_out_csv(const mizo_bg *g, mizo_day day, const desk_plan *p, buf *out)
{
    char date[MIZO_DATE_TEXT];
    mizo_day_text(day, date);
    buf_str(out, "group,member,day,slot,from,demand_kwh\r\n");
    for (size_t k = 0; k < p->nmember; k++)
        for (int t = 0; t < SLOTS; t++)
            buf_printf(out, "%s,%s,%s,%d,%d:%02d,%lld\r\n", g->id, p->member[k].id, date, t + 1, t / 2,
                       t % 2 * 30, (long long)(p->member[k].demand[t] / MIZO_PLAN_UNIT));
}

/* ---- the workbook ---- */

static void put_head(report *r, const mizo_bg *g, mizo_day day, const desk_plan *p)
{
    char date[MIZO_DATE_TEXT];
    mizo_day_text(day, date);
    report_pair(r, "グループ / group", g->id);
    report_pair(r, "受渡日 / day", date);
    report_pairf(r, "版 / version", "%d", p->version);
    if (p->reason[0])
        report_pair(r, "理由 / reason", p->reason);
}

static void put_slots(report *r, const desk_plan *p)
{
    report_column column[REPORT_COLUMNS] = {
        {.title = "コマ / slot", .align = REPORT_RIGHT, .plain = true },
        { .title = "開始 / from",                       .align = REPORT_CENTRE                   }
    };
    int n = 2;
    for (size_t k = 0; k < p->nmember && n < REPORT_COLUMNS; k++)
        column[n++] = (report_column){
            .title = p->member[k].id, .unit = "kWh", .align = REPORT_RIGHT, .sum = true, .plain = true
        };
    report_columns(r, "需要計画値 / demand", column, n);
    for (int t = 0; t < SLOTS; t++) {
        report_cell_number(r, t + 1, 0);
        report_cell_textf(r, "%02d:%02d", t / 2, t % 2 * 30);
        for (int k = 0; k < n - 2; k++)
            report_cell_number(r, p->member[k].demand[t] / MIZO_PLAN_UNIT, 0);
    }
    report_sum(r, "計 / sum");
}

mizo_err desk_out_xlsx(const mizo_bg *g, mizo_day day, const desk_plan *p, mizo_diags *d, buf *out)
{
    report *r = report_new(&(report_head){
        .title = "計画値提出 / values handed in", .author = g->id, .lang = "ja", .day = day });
    if (!r)
        return MIZO_ENOMEM;
    put_head(r, g, day, p);
    put_slots(r, p);
    mizo_err e = report_done(r);
    if (!e)
        e = report_make(r, REPORT_FORMAT_XLSX, d, out);
    report_free(r);
    return e;
}

/* ---- again ---- */

typedef struct search {
    const char *name, *hash; /* one of them is NULL */
    register_line *line;
    bool found;
} search;

static mizo_err look(void *arg, const register_line *line)
{
    search *s = arg;
    if (line->sent && strcmp(s->hash ? line->hash : line->name, s->hash ? s->hash : s->name) == 0) {
        *s->line = *line;
        s->found = true;
    }
    return MIZO_OK;
}

mizo_err desk_out_filed(town *t, const mizo_bg *g, mizo_day day, const desk_plan *p, bool xlsx,
                        register_line *line, buf *out)
{
    char name[REGISTER_NAME];
    size_t n = strlen(p->file), csv = n > 4 && strcmp(p->file + n - 4, ".csv") == 0 ? n - 4 : n;
    register_ask ask = { .of_day = true, .day = day };
    search s = { .name = name, .hash = xlsx ? NULL : p->hash, .line = line };
    snprintf(name, sizeof name, "%.*s%s", (int)(xlsx ? csv : n), p->file, xlsx ? ".xlsx" : "");
    if (p->version)
        MIZO_TRY(
            register_scan(t, &ask, look, &s)); /* a plan filed again as it was has the line of the first */
    if (s.found)
        return register_bytes(t, line, out);
    if (xlsx && p->version && g->role == MIZO_BG_MEMBER) {
        *line = (register_line){ .sent = true };
        snprintf(line->name, sizeof line->name, "%s", name);
        return desk_out_xlsx(g, day, p, t->diags, out);
    }
    MIZO_DIAG(t->diags, DESK_NO_FILE, MIZO_NOWHERE, g->id);
    return MIZO_ENOENT;
}
