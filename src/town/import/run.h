/* run.h: what the parts of an import share while it runs. Of the town's import files alone. */
#ifndef TOWN_IMPORT_RUN_H
#define TOWN_IMPORT_RUN_H

#include "base/arena.h"
#include "base/table.h"
#include "grid/operator.h"
#include "town/import/confirmed.h"
#include "town/import/held.h"
#include "town/import/import.h"
#include "town/import/source.h"
#include "town/import/stage.h"
#include "town/import/steps.h"
#include "town/office/owner_report.h"
#include "town/register/register.h"

typedef enum owner_kind {
    OWNER_POINT,
    OWNER_PV,
    OWNER_STORAGE,
    OWNER_CHARGER,
    OWNER_VEHICLE,
    OWNER_PLANT,
    OWNER_MARKET
} owner_kind;

/* Something that may own a series. */
typedef struct import_owner {
    const char *id;
    owner_kind kind;
    int64_t rated_w;      /* 0: unknown */
    int32_t quick_series; /* of its usual quantity by half-hours, -1: not yet */
    int32_t quick_limit;  /* Wh in a half-hour, INT32_MAX: none */
    int32_t person;       /* place in import_run.person, counted from 1; 0: none */
} import_owner;

/* A text that names an owner: its id, or a point's 22 digits. */
typedef struct import_name {
    const char *text;
    uint32_t n;
    int32_t owner;
    int32_t next; /* the name that followed it last time: files repeat themselves */
} import_name;

/* One series of the file; the index is the stage's number for it. */
typedef struct import_series {
    mizo_series_key key;
    int32_t owner;
    int32_t limit;  /* Wh a step, 0: none */
    int64_t values; /* new to the file */
    mizo_slot first, last;
    mizo_slot before; /* the value that came last, to see a meter that is stuck: files go by time */
    int32_t before_value, run, stuck;
    mizo_slot stuck_to; /* last slot of the longest run */
} import_series;

/* A bad value that clashes with an earlier line of the file. */
typedef struct import_clash {
    int32_t series;
    mizo_slot slot;
    int line, column; /* of the later line; 0: found after a spill */
    int first_line;   /* found in a second reading, 0: not found */
    int second_line;
} import_clash;

typedef struct import_period {
    store_period p;
    int line, column;
} import_period;

typedef struct import_session {
    store_session s;
    int line, column;
} import_session;

/* A value of a forecast, to be known from `issued` on. */
typedef struct import_forecast {
    mizo_ms issued;
    int32_t series; /* in import_run.issued_series */
    mizo_day day;
    int32_t index, v;
    int line, column;
    uint8_t quality;
} import_forecast;

/* A file for the register. */
typedef struct import_file_kept {
    const char *kind, *with, *name, *of, *hash; /* of NULL: the only one; hash NULL: of the bytes */
    mizo_day from, to;
    char *bytes; /* ours; NULL: not kept */
    size_t n;
} import_file_kept;

/* Personal data of a point, on its way to where it is sealed. */
typedef struct import_person {
    const char *point;
    char consumer[OPERATOR_TEXT], name[OPERATOR_TEXT], place[OPERATOR_TEXT];
} import_person;

/* A plant, or a furnace of it, that stands still or sends less for a while: a record of kind `outage`. */
typedef struct import_outage {
    char plant[MIZO_ID_MAX], furnace[MIZO_ID_MAX];
    char note[120];
    mizo_ms from, to;
    int64_t output_w; /* -1: nothing */
} import_outage;

typedef struct import_run {
    town *t;
    const import_options *o;
    import_result *r;
    source *src;
    const table_reader *reader;
    table_state *state;
    mizo_ms now, latest; /* readings begin before `latest`, prices and forecasts up to some days after */
    uint64_t began, told;
    int rows_to_look; /* rows until the next look at the clock and at Ctrl-C */

    import_owner *owner;
    size_t nowner, owner_cap;
    import_name *name;
    size_t nname, name_cap;
    int32_t *name_table; /* open addressing over names; -1 free */
    size_t name_mask;
    int32_t last_name;
    arena *texts;

    import_series *series;
    size_t nseries, series_cap;
    int32_t *series_table;
    size_t series_mask;
    int32_t *store_id; /* [nseries] the store's numbers, once the batch is open */
    size_t store_id_cap;
    size_t numbered; /* how many have one */

    stage *stage;
    steps *steps;
    stage_count count;
    bool batch_open;
    store_batch batch;

    int32_t home; /* owner of weather that names no station */
    import_forecast *forecast;
    size_t nforecast, forecast_cap;
    mizo_series_key *issued_series;
    size_t nissued_series, issued_series_cap;

    import_period *period;
    size_t nperiod, period_cap;
    import_session *session;
    size_t nsession, session_cap;

    import_clash *clash;
    size_t nclash, clash_cap;
    bool looking; /* the second reading: lines of clashes */

    import_file_kept *file;
    size_t nfile, file_cap;
    confirmed_month *month;
    size_t nmonth, month_cap;
    held_day *held;
    size_t nheld, held_cap;
    import_outage *outage;
    size_t noutage, outage_cap;
    owner_report *report;
    size_t nreport, report_cap;
    import_person *person;
    size_t nperson, person_cap;
    operator_code *code; /* of operator-codes.csv; NULL: not looked at yet */
    size_t ncode;
    int header_fields; /* of the table at hand */
    int header_line;
    int npersonal;
    uint8_t personal[CSV_FIELDS];   /* operator_meaning of a column with names or codes of people; 0: none */
    struct operator_work *operator; /* the table at hand is the network operator's; NULL: it is not */
    bool let_in;                    /* a person has let the value in that comes now */
    bool kept;                      /* something of these is new: the batch stays though no value is */

    buf bad;           /* rows for FILE.bad.csv */
    const char *shown; /* the file's name in messages */
} import_run;

/* ---- import_owners.c ---- */
MIZO_MUST_USE mizo_err import_owners_load(import_run *im); /* from the model and the store's series */
/* The owner that a text names, -1: none (or out of memory). */
int32_t import_owner_find(import_run *im, const char *s, size_t n);
/* What is wrong with a text that names none: always MIZO_EINPUT. */
mizo_err import_unknown_owner(import_run *im, const table_text *id, table_fault *f);
/* The same for an owner that a reader knows; adds it. -1: out of memory. */
int32_t import_owner_known(import_run *im, const char *id);
/* Number of the series in the file, made at its first value. -1: out of memory. quantity 0: the owner's usual. */
int32_t import_series_of(import_run *im, int32_t owner, uint8_t quantity, uint8_t role, int exponent,
                         int step_min);
/* The ids of the model, for "did you mean". NULL: none near. */
const char *import_nearest(import_run *im, const char *word);

/* ---- import_bad.c ---- */
/* One bad row: reported, counted, and with --skip-bad kept for the file beside. rec NULL: only reported. */
void import_bad(import_run *im, int line, const csv_record *rec, const table_fault *f);
/* A row that clashes with an earlier one is reported at the end, with both lines; with --skip-bad it is
 * kept at once. */
void import_keep_clash(import_run *im, int line, const csv_record *rec, int32_t series, int column);
void import_bad_header(import_run *im, const csv_record *header);
MIZO_MUST_USE mizo_err import_bad_write(import_run *im); /* FILE.bad.csv, if there is something for it */

/* ---- import_rows.c ---- */
/* Reads the whole file into the stage. */
MIZO_MUST_USE mizo_err import_read(import_run *im);
/* True if the table at hand is half-hours of points: by line or by day. */
bool import_is_readings(const import_run *im);
/* A member of an archive as if it were the file. */
MIZO_MUST_USE mizo_err import_read_bytes(import_run *im, const char *p, size_t n);
/* Once every 4,096 rows or so: progress; MIZO_ECANCELED after Ctrl-C. */
MIZO_MUST_USE mizo_err import_look(import_run *im, int rows);
/* Opens the batch unless it is, numbers new series, flushes the stage. */
MIZO_MUST_USE mizo_err import_spill(import_run *im);

/* ---- import_values.c ---- */
MIZO_MUST_USE mizo_err import_row(import_run *im, const csv_record *rec, const table_row *row);
/* Faults that an instant may have on its own. */
bool import_when_bad(const import_run *im, mizo_ms at, int step_min, bool may_be_future, table_fault *f);
MIZO_MUST_USE mizo_err import_clashed(import_run *im, int32_t series, mizo_slot slot, int line, int column);
/* In the second reading: notes the line of a slot that clashed. */
void import_look_for(import_run *im, int32_t series, mizo_slot slot, int line);
void import_count_slot(import_run *im, int32_t series, mizo_slot slot, int32_t value);

/* ---- import_issued.c: forecasts, each known from the instant of its issue on ---- */
MIZO_MUST_USE mizo_err import_add_forecast(import_run *im, const csv_record *rec, const table_row *row,
                                           int32_t owner);
/* Puts them in order; the same step of one issue twice, differently, is a bad row. */
void import_check_forecasts(import_run *im);
/* What was issued at the instant at which the open batch is known. */
MIZO_MUST_USE mizo_err import_put_forecasts(import_run *im);
/* Everything else, a batch for each instant of issue, oldest first. */
MIZO_MUST_USE mizo_err import_put_issues(import_run *im);

/* ---- import_keep.c: what is kept besides values ---- */
/* of: which of several files of that kind and period it is; NULL: there is one. sum: hash of the file as it came, where
 * bytes are not all of it; else NULL. */
MIZO_MUST_USE mizo_err import_keep_file(import_run *im, const char *kind, const char *with, const char *name,
                                        const char *of, mizo_day from, mizo_day to, const char *bytes,
                                        size_t n, const char *sum);
MIZO_MUST_USE mizo_err import_keep_month(import_run *im, const confirmed_month *m);
MIZO_MUST_USE mizo_err import_keep_held(import_run *im, const held_day *h);
MIZO_MUST_USE mizo_err import_keep_outage(import_run *im, const import_outage *o);
MIZO_MUST_USE mizo_err import_put_kept(import_run *im); /* into the open batch */
void import_keep_free(import_run *im);

/* ---- import_people.c: names and consumer codes, on their way to where they are sealed ---- */
/* Finds the columns of a table that hold them. */
MIZO_MUST_USE mizo_err import_people_header(import_run *im, const csv_record *header);
/* True if the field may hold them: in a row of another length than the header's every field may. */
bool import_people_hide(const import_run *im, const csv_record *rec, int field);
MIZO_MUST_USE mizo_err import_people_row(import_run *im, const csv_record *rec, const table_row *row);
MIZO_MUST_USE mizo_err import_keep_person(import_run *im, int32_t owner, const operator_point *p);
MIZO_MUST_USE mizo_err
import_people_keys(import_run *im); /* once the file is read, before the batch if it can be */
MIZO_MUST_USE mizo_err import_people_seal(import_run *im); /* into the open batch */
void import_people_free(import_run *im);

/* ---- import_register.c: what was received, as lines of the register ---- */
void import_find_period(
    import_run *im); /* what is known of the days that the file speaks of, into the result */
/* A file that no reader has kept has a line too, with its hash alone. */
MIZO_MUST_USE mizo_err import_put_files(import_run *im); /* into the open batch */

/* ---- import_files.c: archives, workbooks, XML ---- */
/* Is it one of them? */
bool import_is_file(const char *p, size_t n);
MIZO_MUST_USE mizo_err import_whole_file(import_run *im, const char *p, size_t n);

/* ---- import_yearly.c ---- */
/* An owners' yearly table in a CSV. *taken: it is one (and what is wrong was said as bad rows). */
MIZO_MUST_USE mizo_err import_yearly_csv(import_run *im, const char *p, size_t n, bool *taken);

/* ---- import_weather.c ---- */
/* The answer of a forecast service. */
bool import_is_json(const char *p, size_t n);
MIZO_MUST_USE mizo_err import_json(import_run *im, const char *p, size_t n);

/* ---- import_periods.c ---- */
MIZO_MUST_USE mizo_err import_add_period(import_run *im, const csv_record *rec, const table_row *row);
MIZO_MUST_USE mizo_err import_add_session(import_run *im, const csv_record *rec, const table_row *row);
MIZO_MUST_USE mizo_err import_check_periods(import_run *im); /* overlaps, in the file and with the store */
MIZO_MUST_USE mizo_err import_put_periods(import_run *im);   /* into the open batch */

#endif
