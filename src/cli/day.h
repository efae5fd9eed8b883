/* day.h: what the files of `mizo day` share. */
#ifndef CLI_DAY_H
#define CLI_DAY_H

#include "cli/cli.h"
#include "town/desk/desk.h"
#include "town/desk/in.h"

typedef struct day_options {
    const char *region, *group, *at, *reason, *member, *over, *kwh, *market, *source, *out, *paper, *limit,
        *floor;
    mizo_day day;
    int64_t slot; /* 1..48 as people count; 0: not said */
    cli_who who;
    bool generation, self, keep, provisional, json;
} day_options;

typedef struct day_job {
    cli *c;
    const day_options *o;
    town t;
    const mizo_bg *group;
    mizo_ms now;
    actor who;
    const char *const *file; /* [nfile] words after the act */
    size_t nfile;
    desk_day *d; /* room for one */
} day_job;

/* The desk as a person reads it. day_text.c */
void day_text(const desk_day *d, bool ja, buf *out);
/* Acts with files: each returns the status to leave with. day_files.c */
mizo_err day_bid(day_job *j, buf *out);
mizo_err day_results(day_job *j, buf *out);
mizo_err day_plants(day_job *j, buf *out);
/* Imbalance of the month of --day, and the parent's figures against ours. day_imbalance.c */
mizo_err day_imbalance(day_job *j, buf *out);
mizo_err day_take(day_job *j, buf *out);

/* Of members and proposals. day_group.c */
mizo_err day_members(day_job *j, buf *out);
mizo_err day_allot(day_job *j, buf *out);
mizo_err day_decide(day_job *j, buf *out);
bool day_wants_xlsx(const day_job *j);
/* What was filed of j->d, to --out where it is given. */
mizo_err day_write_filed(day_job *j);

/* j->d as text or JSON. */
mizo_err day_print(const day_job *j, buf *out);
desk_act day_act(const day_job *j);
/* Reads one of the files into text. */
mizo_err day_read_file(day_job *j, size_t i, buf *text);
/* After a file was read: where it was refused (MIZO_EINPUT) the register has a line of it. Returns e. */
mizo_err day_refused(day_job *j, desk_file_in what, const buf *text, mizo_err e);

#endif
