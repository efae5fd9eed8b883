/* match.c: see live_match.h. */
#include "town/live/match.h"

#include <stdlib.h>
#include <string.h>

#include "town/books/settle.h"

struct live_match {
    mizo_day day;
    int slot; /* done up to here; -1: nothing yet */
    size_t npoint;
    int32_t matched[MIZO_DAY_SLOTS];
    int32_t (*rows)[MIZO_DAY_SLOTS]; /* [4 * npoint]: roofs, import, export, green */
};

live_match *live_match_new(void)
{
    live_match *m = calloc(1, sizeof *m);
    if (m)
        m->slot = -1;
    return m;
}

void live_match_free(live_match *m)
{
    if (m)
        free(m->rows);
    free(m);
}

static bool make_room(live_match *m, size_t npoint)
{
    if (m->rows && m->npoint == npoint)
        return true;
    free(m->rows);
    m->rows = calloc(4 * npoint + 1, sizeof *m->rows);
    m->npoint = npoint;
    return m->rows != NULL;
}

static bool compute(live_match *m, const town_view *v)
{
    if (!make_room(m, v->npoint))
        return false;
    size_t n = v->npoint;
    for (size_t i = 0; i < n; i++) {
        memcpy(m->rows[i], v->point[i].pv, sizeof m->rows[i]);
        memcpy(m->rows[n + i], v->point[i].import, sizeof m->rows[i]);
        memcpy(m->rows[2 * n + i], v->point[i].export, sizeof m->rows[i]);
    }
    settle_day in = {
        .day = v->day, .plant = v->plant, .pv = m->rows, .import = m->rows + n, .export = m->rows + 2 * n
    };
    settle_result result;
    return settle_match(v->region, &in, &result, m->matched, m->rows + 3 * n) == MIZO_OK;
}

void live_match_fill(live_match *m, town_view *v)
{
    if (m->day != v->day || m->slot != v->slot || m->npoint != v->npoint) {
        m->day = v->day;
        m->slot = compute(m, v) ? v->slot : -1;
    }
    size_t bytes = (size_t)(m->slot < 0                ? 0
                            : m->slot < MIZO_DAY_SLOTS ? m->slot
                                                       : MIZO_DAY_SLOTS) *
                   sizeof(int32_t);
    if (!bytes)
        return;
    memcpy(v->matched, m->matched, bytes);
    for (size_t i = 0; i < v->npoint; i++)
        memcpy(v->point[i].green, m->rows[3 * m->npoint + i], bytes);
    view_total(v);
}
