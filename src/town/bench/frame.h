/* frame.h: a public set as numbers: CSV (plain, gzip, zstd) to columns, columns to days.
 * An empty field is NAN. Times are taken as written, in the file's own clock. */
#ifndef TOWN_BENCH_FRAME_H
#define TOWN_BENCH_FRAME_H

#include <stddef.h>

#include "mizo/slot.h"

enum { FRAME_COLUMNS = 256, FRAME_NAME = 40 };

typedef struct frame {
    int ncol; /* besides the first, which is the time */
    char name[FRAME_COLUMNS][FRAME_NAME];
    size_t nrow, cap;
    bool timed;               /* the first column is a time, not a number of the row */
    int64_t *second;          /* [nrow] of the file's clock, as if it were UTC */
    double *v[FRAME_COLUMNS]; /* [ncol][nrow] */
} frame;

/* DATA/SET/FILE. A file name that ends in `*` stands for every CSV file that begins so: their rows one after
 * another, in the order of their times; their columns together. A date is its day number, an instant its second, another word a number of its own. */
MIZO_MUST_USE mizo_err frame_read(frame *f, const char *data, const char *file, mizo_diags *d);
void frame_free(frame *f);
int frame_column(const frame *f, const char *name); /* -1: none */
double frame_word(const char *word);                /* the number that stands for a word */

/* Values by day and slot. */
typedef struct days {
    mizo_day first;
    int n, slots;
    double *v; /* [n * slots], NAN where the file has none */
} days;

/* Rows of column c by their own clock moved by `shift` seconds; several of one slot are averaged. */
MIZO_MUST_USE mizo_err days_of(const frame *f, int c, int slots, int shift, days *out);
void days_free(days *d);
double days_at(const days *d, mizo_day day, int slot); /* NAN outside */

/* Kinds of day by country: mizo_daytype. */
int kind_japan(mizo_day d);
int kind_england(mizo_day d);
int kind_korea(mizo_day d);
int kind_america(mizo_day d);
int kind_plain(mizo_day d); /* Saturday and Sunday only */
mizo_day easter_sunday(int year);

/* A value and its weight. The weighted median sorts x[0..n); no weight: NAN. */
typedef struct weighed {
    double v, w;
} weighed;

double weighed_median(weighed *x, int n);

#endif
