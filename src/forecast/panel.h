/* panel.h: ridge regressions side by side over columns that the caller fills, each with a memory of its own.
 * Told a day at a time; cannot see further. Same calls, same bits. docs/mechanisms/price.md */
#ifndef FORECAST_PANEL_H
#define FORECAST_PANEL_H

#include <stdbool.h>

typedef struct panel panel;

typedef struct panel_member {
    double half_life; /* days until a day counts half */
    double ridge;     /* penalty as a share of each column's own size */
    int columns;      /* the first so many of the task's; 0: all */
    int reach;        /* neighbouring slots on each side that are learned from too, for less */
    int each;         /* slots that share a regression; 0: 1 */
} panel_member;

enum { PANEL_MEMBERS = 16, PANEL_COLUMNS = 160, PANEL_SLOTS = 96 };

typedef struct panel_task {
    int slots, columns, members;
    const panel_member *member;
    int fit_days; /* days between fits */
    int warm;     /* days before a regression speaks */
} panel_task;

panel *panel_new(const panel_task *t); /* NULL: out of memory or range */
void panel_free(panel *p);             /* NULL is fine */
/* x[slots * columns], said[members * slots]; NAN until warm. Changes no later answer. */
void panel_say(panel *p, const double *x, double *said);
/* The next panel_say fits, whatever the day. */
void panel_renew(panel *p);
/* What happened on the day of x. y[slots]: NAN missing. */
void panel_learn(panel *p, const double *x, const double *y);

#endif
