/* yearly.h: the owners' yearly table as people send it: one facility a row, twelve months across.
 *
 * Found by words, not by places. The header is the row of the first thirty that names all twelve months (4月, R5.4, 2023/4,
 * a date, Apr); several blocks of twelve may stand side by side (electricity, then gas; two years). Above it, in its
 * cells or in columns of their own stand the year (令和5年度), the kind of energy and the unit (電力 (千kWh)). Rows are
 * facilities, notes (※), totals; totals of rows and columns are checked and never read in. A cell that is blank or
 * says "no value" (-, ***, 未検針) is missing, which is not zero. Mistakes are said all at once, each with its cell.
 *
 * Pure: cells in, values out. A CSV comes as a sheet too (yearly_csv.c). Docs: docs/formats/yearly.md */
#ifndef CITY_YEARLY_H
#define CITY_YEARLY_H

#include "base/csv.h"
#include "base/sheet.h"
#include "mizo/region.h"

enum { YEARLY_MONTHS = 12, YEARLY_TEXT = 128, YEARLY_ENERGIES = 24 };
#define YEARLY_MISSING INT64_MIN

/* A kind of energy, water, or a gas that leaked, counted in thousandths of `unit`: electricity in Wh. */
typedef struct yearly_energy {
    const char *id;   /* "electricity": stands in records, never changes */
    const char *unit; /* "kWh", "m3", "L", "kg", "MJ" */
    const char *ja, *en;
    const char *fuel;     /* its rows of fuels.csv; NULL: no fuel */
    const char *gas;      /* its rows of gwp.csv: what left a machine; NULL: no gas */
    const char *words[6]; /* folded, as they stand in headings; the longest that fits decides */
    const char *weak;     /* decides where no word does: ガス alone; NULL */
    const char
        *as; /* the kind that this is in another unit, by params.csv kg-per-m3; NULL: a kind of its own */
} yearly_energy;

extern const yearly_energy yearly_energies[YEARLY_ENERGIES]; /* ended by an id of NULL */
const yearly_energy *yearly_energy_of(const char *id);       /* NULL: none */

/* The kind itself, or the same in another unit; NULL: it is not counted in that. */
const yearly_energy *yearly_energy_in_unit(const yearly_energy *e, const char *unit);

/* The names by which facilities are known: ids, codes, names, other names. Compared folded. */
typedef struct yearly_names yearly_names;
yearly_names *yearly_names_new(void); /* NULL: out of memory */
void yearly_names_free(yearly_names *n);
MIZO_MUST_USE mizo_err yearly_names_add(yearly_names *n, const char *text, mizo_ref facility); /* "": none */
/* The id, the owner's code and both names of every facility. */
MIZO_MUST_USE mizo_err yearly_names_of(yearly_names *n, const mizo_region *r);
void yearly_names_sort(yearly_names *n); /* once, before it is asked */
/* -1: none; -2: several. bureau: of the row, "" not said; it tells namesakes apart. */
mizo_ref yearly_names_find(const yearly_names *n, const mizo_region *r, const char *text, const char *bureau);
const char *yearly_names_near(const yearly_names *n, const mizo_region *r, const char *text); /* NULL */

typedef struct yearly_ask {
    const mizo_region *region;
    const yearly_names *names;
    const char *bureau; /* rows of others are errors; NULL: any */
    int fy;             /* the year that is meant; 0: as the table says */
    mizo_day today;     /* months that begin after it have no values */
    const char *file;   /* its name: may say the year where the table does not; NULL */
} yearly_ask;

/* One facility's twelve months of one kind of energy. */
typedef struct yearly_value {
    mizo_ref facility;
    int fy;
    const yearly_energy *energy;
    int64_t milli[YEARLY_MONTHS]; /* from April, thousandths of the unit, >= 0; YEARLY_MISSING */
    int row, column[YEARLY_MONTHS];
    const char *note; /* borrowed */
} yearly_value;

/* said: a message with its cell and up to two parameters; an error where its severity is one. */
typedef struct yearly_sink {
    void *arg;
    mizo_err (*value)(void *arg, const yearly_value *v);
    void (*said)(void *arg, mizo_msg id, int row, int column, const char *p0, const char *p1);
} yearly_sink;

typedef struct yearly_count {
    int rows;    /* of facilities */
    int blank;   /* of them without any value */
    int totals;  /* cells of totals that were checked */
    int textual; /* numbers that were stored as text */
    int fy;      /* of the first block */
} yearly_count;

/* Has it a header of twelve months, and columns for a facility? */
bool yearly_looks(const sheet *s);
/* MIZO_EINPUT: no header, or no year (said). Rows that are wrong are said and left out. Other errors: of the sink, MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err yearly_read(const sheet *s, const yearly_ask *ask, const yearly_sink *sink,
                                   yearly_count *out);

/* A CSV as a sheet of texts, row = record. A record that cannot be read (a quote that is not closed, a byte that is no
 * letter) is a row without cells, and a fault. MIZO_EFULL: too large. */
typedef struct yearly_paper yearly_paper;
typedef struct yearly_fault {
    int row, column;
    const char *why; /* static */
} yearly_fault;
MIZO_MUST_USE mizo_err yearly_csv(const char *bytes, size_t n, yearly_paper **out);
const yearly_fault *yearly_paper_faults(const yearly_paper *p, size_t *n);
const sheet *yearly_paper_sheet(const yearly_paper *p);
int yearly_paper_line(const yearly_paper *p, int row); /* of the file */
void yearly_paper_free(yearly_paper *p);

#endif
