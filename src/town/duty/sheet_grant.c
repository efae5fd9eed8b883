/* sheet_grant.c: see sheet_grant.h. */
#include "town/duty/sheet_grant.h"

#include <string.h>

static int64_t jobs(const grant_year *y)
{
    return y->jobs;
}
static int64_t cost(const grant_year *y)
{
    return y->cost_yen;
}
static int64_t award(const grant_year *y)
{
    return y->award_yen;
}
static int64_t spent(const grant_year *y)
{
    return y->spent_yen;
}

static int64_t made(const grant_asset *a)
{
    return a->made_wh;
}
static int64_t used(const grant_asset *a)
{
    return a->used_wh;
}
static int64_t saved(const grant_asset *a)
{
    return a->saved_mg;
}

static const struct {
    const char *word;
    int64_t (*year)(const grant_year *y);
    int64_t (*asset)(const grant_asset *a);
} values[] = {
    {"grant-jobs",       jobs,  NULL },
    { "grant-cost-yen",  cost,  NULL },
    { "grant-award-yen", award, NULL },
    { "grant-spent-yen", spent, NULL },
    { "grant-made-kwh",  NULL,  made },
    { "grant-used-kwh",  NULL,  used },
    { "grant-saved",     NULL,  saved},
};

void sheet_grant_value(const office_grant *g, form_cell *c)
{
    size_t k = 0;
    while (k < sizeof values / sizeof *values && strcmp(values[k].word, c->row->item))
        k++;
    if (k == sizeof values / sizeof *values)
        return;
    for (int i = 0; values[k].year && i < g->nyear; i++)
        c->exact += g->year[i].fy == g->fy ? values[k].year(&g->year[i]) : 0;
    for (size_t i = 0; values[k].asset && i < g->nasset; i++) {
        c->exact += values[k].asset(&g->asset[i]);
        c->missing += g->asset[i].thing == GRANT_PV && g->asset[i].days == 0;
    }
}
