/* margin.c: months and their rows. See margin.h. */
#include "town/bills/margin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/close.h"
#include "town/bills/margin_inner.h"

static const char *const words[] = {
#define X(name, word, en, ja) word,
    MARGIN_BYS(X)
#undef X
};

const char *margin_by_word(margin_by by)
{
    return words[by];
}

bool margin_by_of(const char *word, margin_by *out)
{
    for (int i = 0; i < MARGIN_BY_COUNT; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (margin_by)i;
            return true;
        }
    return false;
}

static mizo_err add(int64_t *to, int64_t v)
{
    return __builtin_add_overflow(*to, v, to) ? MIZO_ERANGE : MIZO_OK;
}

/* ---- into the table's rows ---- */

static mizo_err add_cell(margin_cell *to, const margin_cell *v)
{
    MIZO_TRY(add(&to->wh, v->wh));
    MIZO_TRY(add(&to->income, v->income));
    return add(&to->cost, v->cost);
}

static mizo_err put_row(margin_table *m, const char *id, const char *ja, const char *en, const margin_cell *v)
{
    size_t i;
    if (!v->wh && !v->income && !v->cost)
        return MIZO_OK;
    /* half-hours come in order and once */
    for (i = m->by == MARGIN_SLOT ? m->n : 0; i < m->n && strcmp(m->row[i].id, id); i++)
        ;
    if (i == m->n) {
        MIZO_TRY(array_grow(&m->row, &m->cap, m->n + 1, sizeof *m->row));
        m->row[m->n] = (margin_row){ .name_ja = ja ? ja : "", .name_en = en ? en : "" };
        (void)snprintf(m->row[m->n++].id, MARGIN_ID, "%s", id);
    }
    return add_cell(&m->row[i].v, v);
}

static mizo_err slot_rows(margin_work *w)
{
    const margin_cell *v = margin_slots(w->m);
    margin_table *m = w->out;
    for (size_t s = 0; s < w->nslot; s++) {
        char id[MARGIN_ID], day[MIZO_DATE_TEXT];
        int k = (int)(s % MIZO_DAY_SLOTS);
        mizo_day_text(w->month + (mizo_day)(s / MIZO_DAY_SLOTS), day);
        MIZO_TRY(add_cell(&m->sum, &v[s]));
        if (m->by == MARGIN_SLOT)
            (void)snprintf(id, sizeof id, "%sT%02d:%02d", day, k / 2, k % 2 * 30);
        else if (m->by == MARGIN_TIME)
            (void)snprintf(id, sizeof id, "%02d:%02d", k / 2, k % 2 * 30);
        else if (m->by == MARGIN_MONTH)
            (void)snprintf(id, sizeof id, "%.7s", day);
        else
            continue;
        MIZO_TRY(put_row(m, id, NULL, NULL, &v[s]));
    }
    return MIZO_OK;
}

static mizo_err contract_rows(margin_work *w)
{
    const margin_cell *v = margin_contracts(w->m);
    const mizo_region *r = w->t->region;
    margin_table *m = w->out;
    for (size_t i = 0; i < r->ncontract; i++) {
        const mizo_contract *c = &r->contract[i];
        const mizo_party *p = &r->party[c->party];
        const mizo_tariff *f = &r->tariff[c->tariff];
        if (m->by == MARGIN_CUSTOMER)
            MIZO_TRY(put_row(m, p->id, p->name_ja, p->name_en, &v[i]));
        else if (m->by == MARGIN_MENU)
            MIZO_TRY(put_row(m, f->id, f->name_ja, f->name_en, &v[i]));
        else if (m->by == MARGIN_CONTRACT)
            MIZO_TRY(put_row(m, c->id, p->name_ja, p->name_en, &v[i]));
    }
    return MIZO_OK;
}

static mizo_err source_rows(margin_work *w)
{
    const margin_cell *v = margin_sources(w->m);
    for (size_t k = 0; k < w->nsource; k++)
        MIZO_TRY(put_row(w->out, w->source[k].id, w->source[k].name_ja, w->source[k].name_en, &v[k]));
    return put_row(w->out, "balance", "需給調整", "balance", &v[w->nsource]);
}

static mizo_err rows(margin_work *w)
{
    MIZO_TRY(slot_rows(w));
    MIZO_TRY(contract_rows(w));
    return w->out->by == MARGIN_SOURCE ? source_rows(w) : MIZO_OK;
}

/* What is another now than at the month's last close. */
static mizo_err read_changes(town *t, mizo_day month, margin_table *m, margin_month *of)
{
    close_record r;
    close_month c;
    mizo_err e = close_find(t, month, &r);
    close_id(month, of->id);
    of->state = r.state;
    of->edition = r.edition;
    of->kept = r.margin;
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    MIZO_TRY(close_look(t, month, false, &c));
    e = array_grow(&m->change, &m->hcap, m->nchange + c.nchange, sizeof *m->change);
    if (!e && c.nchange) {
        memcpy(m->change + m->nchange, c.change, c.nchange * sizeof *c.change);
        m->nchange += c.nchange;
    }
    close_done(&c);
    return e;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const margin_row *)a)->id, ((const margin_row *)b)->id);
}

mizo_err margin_read(town *t, mizo_day from, mizo_day to, margin_by by, margin_table *out)
{
    mizo_err e = MIZO_OK;
    *out = (margin_table){ .region = t->region, .by = by };
    if (to < from || mizo_month_first(from, MARGIN_MONTHS) <= to) {
        MIZO_DIAG(t->diags, MARGIN_RANGE, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    for (mizo_day m = mizo_month_first(from, 0); m <= to && !e; m = mizo_month_first(m, 1)) {
        margin_work w = { .t = t, .out = out, .month = m };
        margin_month *of = &out->month[out->nmonth++];
        margin_cell before = out->sum;
        e = margin_gather(&w, of);
        e = e ? e : rows(&w);
        of->is = out->sum.income - before.income - (out->sum.cost - before.cost);
        e = e ? e : read_changes(t, m, out, of);
        margin_gathered(&w);
    }
    if (!e && out->n && by != MARGIN_SLOT)
        qsort(out->row, out->n, sizeof *out->row, by_id);
    if (e)
        margin_done(out);
    return e;
}

void margin_done(margin_table *m)
{
    free(m->row);
    free(m->change);
    m->row = NULL;
    m->change = NULL;
    m->n = m->nchange = 0;
}
