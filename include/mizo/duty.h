/* duty.h: what is due to whom, and how long an act may take: the files duties.csv and processes.csv of a region.
 *
 * Every date that a law, a notice or a neighbour's rule sets stands in a dated row with its source and mark, never
 * in code. Validity is [from, to) in local days; of a duty it is asked of the last day of the period. `line` is the
 * row's line in its file. Strings belong to the model. */
#ifndef MIZO_DUTY_H
#define MIZO_DUTY_H

#include "mizo/trade.h"

/* How often: the periods that a duty speaks of. */
typedef enum mizo_duty_every {
    MIZO_EVERY_MONTH,
    MIZO_EVERY_QUARTER, /* of the fiscal year: from April, July, October, January */
    MIZO_EVERY_HALF,    /* from April, from October */
    MIZO_EVERY_FY,
    MIZO_EVERY_YEAR /* January to December */
} mizo_duty_every;

/* What becomes of a due date that is no business day. */
typedef enum mizo_duty_shift { MIZO_SHIFT_NONE, MIZO_SHIFT_NEXT, MIZO_SHIFT_BEFORE } mizo_duty_shift;

/* Due on `day` of the month that lies `months` after the last month of the period: the fifteenth, two months after
 * April, is 15 June. A day that the month lacks is its last one. */
typedef struct mizo_duty {
    const char *id, *name_ja, *name_en;
    const char *who; /* "retailer", "generator", "city" ...: a word to sort by */
    mizo_duty_every every;
    int32_t months; /* -12..24 */
    int32_t day;    /* 1..31 */
    mizo_duty_shift shift;
    int32_t warn_days;                /* so many days before it the desk is told */
    const char *sheet;                /* transcription sheet that has its figures; "": none */
    const char *to_ja, *to_en, *note; /* to whom it goes; what to know */
    mizo_day from, to;
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_duty;

/* How long an act takes. Business days, then calendar days, counted from the day after it was asked; or back from the
 * day on which it is to be: a notice fifteen days before the end. The first row that fits holds. */
typedef struct mizo_process {
    const char *kind; /* "switch", "move-in", "meter-exchange", "cancel-notice" ... */
    const char *name_ja, *name_en;
    const char *voltage;    /* "low", "high", "extra-high"; "": any */
    int32_t least_w, end_w; /* contract power [least, end); end 0: no end */
    int32_t business_days, days;
    bool before; /* counted back */
    mizo_day from, to;
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_process;

/* One cell of a transcription sheet: a form of an authority may not be altered, so its figures are copied cell by cell.
 * Which cell takes which figure is the form's, and changes with it: data. */
typedef struct mizo_sheet_row {
    const char *sheet; /* name, as in mizo_duty */
    const char *cell;  /* "D12", "Sheet1!C7": where the form wants it */
    const char *name_ja, *name_en;
    const char *item;   /* what is counted: town/duty/sheet.h */
    const char *key;    /* a plant, a voltage, a menu, a kind of energy; "": all */
    const char *entity; /* of entity- items: the reporting entity; "": all of the city's */
    const char *unit;   /* "kwh", "mwh", "yen", "thousand-yen", "count", "gj", "kl-oil", "t-co2" ... */
    int32_t digits;     /* decimals, rounded half up */
    mizo_day from, to;  /* of the form; asked of the last day of the period */
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_sheet_row;

/* A day on which offices work: no Saturday, Sunday, holiday, nor 29 December to 3 January. */
MIZO_API bool mizo_business_day(mizo_day d);
/* d itself for n 0; else the n-th business day after it (n > 0) or before it (n < 0). */
MIZO_API mizo_day mizo_business_days_from(mizo_day d, int n);

/* The period [*from, *to) of that kind that has the day in it. */
MIZO_API void mizo_duty_period(mizo_duty_every every, mizo_day in, mizo_day *from, mizo_day *to);
/* When the duty of the period that ends before `to` is due. */
MIZO_API mizo_day mizo_duty_due(const mizo_duty *d, mizo_day to);
/* True if the row holds for the period that ends before `to`. */
MIZO_API bool mizo_duty_holds(const mizo_duty *d, mizo_day to);

/* The row of a kind of act for a point of that voltage and contract power, asked on a day. NULL: none. */
MIZO_API const mizo_process *mizo_process_of(const mizo_region *r, const char *kind, const char *voltage,
                                             int32_t contract_w, mizo_day asked);
/* When it ends that is asked for on `day`, or, counted back, the last day on which it may be asked for `day`. */
MIZO_API mizo_day mizo_process_day(const mizo_process *p, mizo_day day);
/* By text id: -1 is none. */
MIZO_API mizo_ref mizo_region_duty(const mizo_region *r, const char *id);

#endif
