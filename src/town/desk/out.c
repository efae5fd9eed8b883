/* out.c: a plan as a file. Codes come from groups.csv and sources.csv; the layout is grid's. */
#include "town/desk/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid/plan_file.h"
#include "town/desk/inner.h"
#include "town/register/register.h"

enum { SLOTS = DESK_SLOTS };

typedef struct series_list {
    plan_series row[MIZO_DESK_LINES];
    size_t n;
} series_list;

typedef struct out_parts {
    series_list buy, sell, unit;
    plan_member member[MIZO_DESK_MEMBERS];
    char code[MIZO_DESK_MEMBERS][MIZO_ID_MAX];
    plan_series *buy_of[MIZO_DESK_MEMBERS], *sell_of[MIZO_DESK_MEMBERS]; /* parts of each member */
    plan_plants plants;
} out_parts;

/* ---- the operator's file ---- */

/* Lines of one code are one series. */
static plan_series *series_of(series_list *list, const char *code)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->row[i].code, code) == 0)
            return &list->row[i];
    plan_series *s = &list->row[list->n++];
    memset(s, 0, sizeof *s);
    s->code = code;
    return s;
}

static const char *code_of(const mizo_region *r, const mizo_desk_line *l)
{
    if (l->source >= 0)
        return r->source[l->source].code;
    for (size_t i = 0; i < r->nsource; i++) { /* a unit has the code of the row that names it */
        const mizo_source *s = &r->source[i];
        const char *id = s->plant >= 0 ? r->plant[s->plant].id : s->pv >= 0 ? r->pv[s->pv].id : "";
        if (s->code[0] && strcmp(id, l->id) == 0)
            return s->code;
    }
    return "";
}

static void add_line(const mizo_region *r, const mizo_desk_line *l, series_list *to)
{
    plan_series *s = series_of(to, code_of(r, l));
    for (int t = 0; t < SLOTS; t++)
        s->kwh[t] += (int32_t)(l->wh[t] / MIZO_PLAN_UNIT);
}

static bool empty(const mizo_desk_line *l)
{
    for (int t = 0; t < SLOTS; t++)
        if (l->wh[t])
            return false;
    return true;
}

static void add_lines(const mizo_region *r, const desk_plan *p, out_parts *o)
{
    for (size_t i = 0; i < p->book.nline; i++) {
        const mizo_desk_line *l = &p->book.line[i];
        if (empty(l) && l->source >= 0)
            continue;
        add_line(r, l, l->sale ? &o->sell : l->source < 0 ? &o->unit : &o->buy);
    }
}

static plan_series *empty_parts(const series_list *list, mizo_err *e)
{
    plan_series *part = calloc(list->n + 1, sizeof *part);
    for (size_t i = 0; part && i < list->n; i++)
        part[i].code = list->row[i].code;
    *e = part ? *e : MIZO_ENOMEM;
    return part;
}

/* Parts of one series in a slot, in proportion to what each member still needs; taken off it. No part is above what
 * is needed, for all together need no less than the series holds; the last series so gives each the rest. */
static mizo_err split_series(int64_t kwh, int64_t *need, size_t n, int64_t *out)
{
    int64_t any = 0;
    for (size_t k = 0; k < n; k++)
        any += need[k];
    if (any < kwh)
        return MIZO_EINPUT;
    MIZO_TRY(mizo_split(kwh, need, n, out));
    for (size_t k = 0; k < n; k++)
        need[k] -= out[k];
    return MIZO_OK;
}

/* Sales by demand; then procurement by what demand and sales need: each member's plan is balanced as the group's. */
static mizo_err split_slot(const desk_plan *p, const series_list *list, int t, bool sale, int64_t *need,
                           out_parts *o)
{
    int64_t weight[MIZO_DESK_MEMBERS], out[MIZO_DESK_MEMBERS];
    for (size_t i = 0; i < list->n; i++) {
        int64_t any = 0;
        for (size_t k = 0; k < p->nmember; k++)
            any += weight[k] = p->member[k].demand[t];
        for (size_t k = 0; k < p->nmember && !any; k++)
            weight[k] = 1;
        MIZO_TRY(sale ? mizo_split(list->row[i].kwh[t], weight, p->nmember, out)
                      : split_series(list->row[i].kwh[t], need, p->nmember, out));
        for (size_t k = 0; k < p->nmember; k++) {
            (sale ? o->sell_of : o->buy_of)[k][i].kwh[t] = (int32_t)out[k];
            need[k] += sale ? out[k] : 0;
        }
    }
    return MIZO_OK;
}

static mizo_err add_members(const mizo_bg *g, const desk_plan *p, out_parts *o)
{
    mizo_err e = MIZO_OK;
    for (size_t k = 0; k < p->nmember && !e; k++) {
        plan_member *m = &o->member[k];
        if (desk_listed(g->member_codes, k, o->code[k]))
            m->code = o->code[k];
        for (int t = 0; t < SLOTS; t++)
            m->demand_kwh[t] = (int32_t)(p->member[k].demand[t] / MIZO_PLAN_UNIT);
        m->buy = o->buy_of[k] = empty_parts(&o->buy, &e);
        m->nbuy = o->buy.n;
        m->sell = o->sell_of[k] = empty_parts(&o->sell, &e);
        m->nsell = o->sell.n;
    }
    for (int t = 0; t < SLOTS && !e; t++) {
        int64_t need[MIZO_DESK_MEMBERS];
        for (size_t k = 0; k < p->nmember; k++)
            need[k] = p->member[k].demand[t] / MIZO_PLAN_UNIT;
        e = split_slot(p, &o->sell, t, true, need, o);
        if (!e)
            e = split_slot(p, &o->buy, t, false, need, o);
    }
    return e;
}

static void free_members(out_parts *o)
{
    for (size_t k = 0; k < MIZO_DESK_MEMBERS; k++) {
        free(o->buy_of[k]);
        free(o->sell_of[k]);
    }
}

static void fill_file(const mizo_bg *g, mizo_day day, const desk_plan *p, const out_parts *o, plan_file *f)
{
    *f = (plan_file){ .kind = g->kind == MIZO_BG_GENERATION ? PLAN_FILE_GENERATION : PLAN_FILE_DEMAND,
                      .day = day,
                      .sender_code = g->firm,
                      .sender_name = g->name_ja[0] ? g->name_ja : g->id,
                      .receiver_code = g->receiver,
                      .plan_name = g->id,
                      .company_code = g->firm,
                      .group_code = g->code,
                      .buy = o->buy.row,
                      .nbuy = o->buy.n,
                      .sell = o->sell.row,
                      .nsell = o->sell.n,
                      .version = p->version };
    for (int t = 0; t < SLOTS; t++)
        f->demand_kwh[t] = (int32_t)(p->book.demand[t] / MIZO_PLAN_UNIT);
}

mizo_err desk_out_xml(const mizo_region *r, const mizo_bg *g, mizo_day day, const desk_plan *p, mizo_diags *d,
                      buf *out, char *name)
{
    out_parts *o = calloc(1, sizeof *o);
    plan_file f;
    if (!o)
        return MIZO_ENOMEM;
    add_lines(r, p, o);
    fill_file(g, day, p, o, &f);
    mizo_err e = MIZO_OK;
    if (g->member_codes[0] && g->kind == MIZO_BG_DEMAND) {
        e = add_members(g, p, o);
        f.member = o->member;
        f.nmember = p->nmember;
    }
    if (g->kind == MIZO_BG_GENERATION) {
        o->plants = (plan_plants){ g->code, o->unit.row, o->unit.n };
        f.plants = &o->plants;
        f.nplants = 1;
    }
    if (!e)
        e = plan_file_xml(&f, NULL, d, out);
    if (!e)
        plan_file_name(&f, NULL, name);
    free_members(o);
    free(o);
    return e;
}

/* ---- into the register ---- */

static mizo_err put_one(const desk_act *a, const char *kind, const char *with, const char *name, const buf *b,
                        register_line *line)
{
    register_file file = { .kind = kind,
                           .name = name,
                           .sent = true,
                           .with = with,
                           .from = a->day,
                           .to = a->day + 1,
                           .actor = a->actor,
                           .at = a->now,
                           .note = a->reason,
                           .bytes = b->p,
                           .n = b->n };
    return b->err ? b->err : register_put(a->town, &file, line);
}

/* The workbook beside the CSV, of the same name. */
static mizo_err put_workbook(const desk_act *a, const desk_plan *p, const char *stem)
{
    register_line line;
    char name[160];
    buf bytes;
    buf_init(&bytes, 16 << 20);
    snprintf(name, sizeof name, "%s.xlsx", stem);
    mizo_err e = desk_out_xlsx(a->group, a->day, p, a->diags, &bytes);
    if (!e)
        e = put_one(a, "hand-in-xlsx", a->group->parent, name, &bytes, &line);
    buf_fini(&bytes);
    return e;
}

static mizo_err put_hand_in(const desk_act *a, desk_plan *p, register_line *line)
{
    char date[MIZO_DATE_TEXT], stem[sizeof p->file - 8];
    buf bytes;
    buf_init(&bytes, 16 << 20);
    mizo_day_text(a->day, date);
    snprintf(stem, sizeof stem, "%s-%s-v%d", a->group->id, date, p->version);
    snprintf(p->file, sizeof p->file, "%s.csv", stem);
    desk_out_csv(a->group, a->day, p, &bytes);
    mizo_err e = put_one(a, "hand-in", a->group->parent, p->file, &bytes, line);
    if (!e && a->xlsx)
        e = put_workbook(a, p, stem);
    buf_fini(&bytes);
    return e;
}

static mizo_err put_operator(const desk_act *a, desk_plan *p, register_line *line)
{
    char name[PLAN_FILE_NAME];
    buf bytes;
    buf_init(&bytes, 16 << 20);
    mizo_err e = desk_out_xml(a->town->region, a->group, a->day, p, a->diags, &bytes, name);
    if (!e) {
        snprintf(p->file, sizeof p->file, "%s", name);
        e = put_one(a, a->group->kind == MIZO_BG_GENERATION ? "plan-generation" : "plan-demand", "occto",
                    name, &bytes, line);
    }
    buf_fini(&bytes);
    return e;
}

mizo_err desk_out_put(const desk_act *a, desk_plan *p)
{
    register_line line;
    mizo_err e = a->group->role == MIZO_BG_MEMBER ? put_hand_in(a, p, &line) : put_operator(a, p, &line);
    if (!e)
        memcpy(p->hash, line.hash, sizeof p->hash);
    return e;
}
