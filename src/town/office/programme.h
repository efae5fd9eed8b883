/* programme.h: what the town promised for its public sites, site by site: panels on half of those that can carry them,
 * 100 % renewable power for all, LED in all, by a year; and how long the stores of a site carry it when the grid is gone.
 * docs/mechanisms/programme.md
 *
 *     programme-aim solar|renewable|led   share of the sites (solar: of those where panels can be put)
 *     programme-aim-fy                    fiscal year by whose end
 *     programme-load KIND                 share of a site's mean power that is carried in a blackout; blank KIND: any
 *
 * Rows of params.csv, dated. Without a row of the aim nothing is promised; without one of the load all of it is carried. */
#ifndef TOWN_OFFICE_PROGRAMME_H
#define TOWN_OFFICE_PROGRAMME_H

#include "base/json.h"
#include "report/report.h"
#include "town/office/owner_ledger.h"
#include "town/people/actor.h"
#include "town/town.h"

typedef enum programme_measure {
    PROGRAMME_SOLAR,
    PROGRAMME_RENEWABLE,
    PROGRAMME_LED,
    PROGRAMME_MEASURES
} programme_measure;
extern const char *const programme_words[PROGRAMME_MEASURES]; /* "solar", "renewable", "led" */
enum { PROGRAMME_YEARS = 16 };

/* A public site. Years are fiscal: the first of those looked at at whose end the measure stands; 0: in none of them. */
typedef struct programme_site {
    mizo_ref facility;
    int since[PROGRAMME_MEASURES];
    int64_t dc_w;   /* its panels, on the day */
    mizo_wh led_wh; /* what its LED saves in the year */
} programme_site;

/* How long the stores of a site carry it. */
typedef struct programme_backup {
    mizo_ref facility;
    mizo_wh kept_wh, full_wh;   /* out of what is kept for a blackout; out of full stores */
    int64_t give_w;             /* what the stores give at most */
    int64_t load_w;             /* to be carried; 0: nobody knows */
    int64_t kept_min, full_min; /* -1: not known; 0: the stores cannot give so much */
} programme_backup;

/* The end of a fiscal year. */
typedef struct programme_year {
    int fy;
    int64_t sites, installable, done[PROGRAMME_MEASURES], dc_w;
    mizo_wh led_wh;
} programme_year;

typedef struct programme {
    const mizo_region *region;
    int fy;
    mizo_day day;                         /* of the state: the year's last, or the day that is asked of */
    int aim_fy;                           /* 0: none */
    int64_t aim_ppm[PROGRAMME_MEASURES];  /* -1: none */
    int64_t unjudged;                     /* sites of which nobody says whether panels can be put */
    programme_year now;                   /* on the day */
    programme_year year[PROGRAMME_YEARS]; /* [nyear] by year, up to the aim's */
    int nyear;
    programme_site *site; /* [nsite] by id */
    size_t nsite;
    programme_backup *backup; /* [nbackup] by id: public and private sites with a store */
    size_t nbackup;
} programme;

/* who: a user of one bureau gets its own sites alone; NULL: all. */
MIZO_MUST_USE mizo_err programme_make(town *t, int fy, mizo_ms as_of, mizo_day today, const actor *who,
                                      programme *out);
void programme_free(programme *p);
/* What has to be done for the aim: sites, rounded up; -1: nothing is promised. */
int64_t programme_wanted(const programme *p, const programme_year *y, programme_measure m);
void programme_json(const programme *p, json *j); /* members of the object that is open */
/* sites: with a row for each site; else the years and the stores alone. programme_doc.c */
void programme_doc(const programme *p, bool ja, bool sites, report *r);

#endif
