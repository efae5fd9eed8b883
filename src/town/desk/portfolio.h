/* portfolio.h: the demand of the points that are in supply by the contract calendar (supply.csv).
 *
 * A point counts on the days of its contract, no others. Rows of the calendar that lie ahead are plans and known
 * beforehand; readings only as they were known when the forecast is issued. docs/mechanisms/portfolio.md */
#ifndef TOWN_PORTFOLIO_H
#define TOWN_PORTFOLIO_H

#include "town/foresee/forecast.h"

enum { PORTFOLIO_LATER = 14 }; /* days after those forecast of which joins and leaves are told */

typedef struct portfolio_ask {
    mizo_day day; /* the first */
    int days;     /* 1 .. MIZO_AHEAD */
    mizo_ms issued;
    bool hindcast;
    mizo_ref supplier; /* -1: any */
    int npath;         /* 1 .. MIZO_PATHS */
    /* ---- from here on: zero is fine ---- */
    const char *members; /* suppliers by id, with spaces between; NULL: any */
    /* May change what was said of a point, after its days of contract; NULL: nobody does. The sum is then that of
     * what was changed, and the past of the sum does not move it. */
    void (*shape)(void *arg, mizo_ref point, foresee_out *said);
    void *arg;
    const int *stop; /* atomic: not zero ends it between two points, with MIZO_ECANCELED; NULL: none */
} portfolio_ask;

typedef struct portfolio_change {
    mizo_ref point, menu;
    mizo_day day; /* the first in supply, or the first no longer */
    bool joins;
} portfolio_change;

bool portfolio_has(const mizo_region *r, const portfolio_ask *ask, mizo_ref point, mizo_day day);
/* Who joins and leaves on the days asked for and PORTFOLIO_LATER more, by day and point; freed by the caller with
 * free(). NULL: out of memory. */
portfolio_change *portfolio_changes(const mizo_region *r, const portfolio_ask *ask, size_t *count);

typedef struct portfolio {
    foresee_town *town;           /* joined, of the points that were forecast; NULL: of none */
    int points, borrowed, silent; /* silent: in supply, with half-hours, and nothing to learn from */
    int unread; /* in supply without half-hours: lamps; meters read by the month of whose kind nothing is known */
    int on[MIZO_AHEAD]; /* points in supply on each day */
} portfolio;

/* MIZO_ENOENT: nothing was known of any of them; or the store's error. */
MIZO_MUST_USE mizo_err portfolio_forecast(const mizo_region *r, store *s, const portfolio_ask *ask,
                                          portfolio *out);
void portfolio_fini(portfolio *p);

#endif
