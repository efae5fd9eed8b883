/* achievement.h: the rate of a fiscal year from the town's own contracts and readings, and who has not
 * reported. docs/mechanisms/achievement.md */
#ifndef TOWN_ACHIEVEMENT_H
#define TOWN_ACHIEVEMENT_H

#include "mizo/carbon.h"
#include "store/store.h"

typedef struct achievement_own {
    mizo_achievement a; /* saving_wh is 0: contracts and meters do not show what was saved */
    mizo_wh self_wh;    /* of supply and demand: what roofs gave their own houses */
    int points, silent; /* points with a contract or a reading duty; those without any reading in the year */
    int64_t missing_days; /* point-days that no reading covers */
    size_t nunreported;
    mizo_ref *unreported; /* [nunreported] facilities that have not reported the year, by id */
} achievement_own;

/* Reads the year's slots and periods as known at as_of. Demand: slots where a day has all 48, else the
 * bills by days (a bill that reaches beyond the year or over such days is split by days, grade "split"),
 * else what slots there are; lamp tables by days (grade "estimated"). Renewable: the menu of the day.
 * MIZO_ERANGE: there is no demand (the sums are set, the rate is not). */
MIZO_MUST_USE mizo_err achievement_of_year(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                           achievement_own *out);
void achievement_free(achievement_own *a);

typedef enum achievement_from { FROM_SLOTS, FROM_BILL, FROM_LAMP, FROM_ROOF } achievement_from;

/* A piece of the demand: what a point took on days [day, day + days) under one menu and for the same users, or its own
 * roof gave it. */
typedef struct achievement_piece {
    mizo_ref point;
    mizo_day day;
    int days;
    mizo_wh wh, green; /* green: of it, renewable by contract or from the roof */
    mizo_ref menu;     /* of the contract; -1: none, or the roof */
    uint8_t quality;   /* mizo_quality */
    achievement_from from;
} achievement_piece;

/* The same, and every piece on its way. */
typedef mizo_err (*achievement_sink)(void *arg, const achievement_piece *p);
MIZO_MUST_USE mizo_err achievement_walk(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                        achievement_sink sink, void *arg, achievement_own *out);
/* All pieces of a year, read once for several who ask. MIZO_ERANGE: as above, and they are there. */
typedef struct achievement_pieces {
    achievement_piece *piece;
    size_t n, cap;
    achievement_own own;
} achievement_pieces;
MIZO_MUST_USE mizo_err achievement_pieces_read(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                               const bool *only, achievement_pieces *out);
MIZO_MUST_USE mizo_err achievement_pieces_each(const achievement_pieces *x, achievement_sink sink, void *arg);
void achievement_pieces_free(achievement_pieces *x);

/* Has the facility reported the year by that day? reported.csv. */
bool achievement_reported(const mizo_region *r, mizo_ref facility, int fy, mizo_day by);

/* The same of some points alone, point by point and day by day: quick where they are few. only: [npoint]; NULL: all. */
MIZO_MUST_USE mizo_err achievement_walk_points(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                               const bool *only, achievement_sink sink, void *arg,
                                               achievement_own *out);

#endif
