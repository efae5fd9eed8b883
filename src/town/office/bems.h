/* bems.h: the list of the integrated BEMS: what was seen at a facility, how it was analysed, what was done and whether the
 * check proved it (kind `finding`, office.h), with what the facility's own readings say before and after the act.
 * docs/mechanisms/office.md
 *
 * Proof: the whole months after the act, at most eleven, whose readings are there, held against the same months a year
 * before. Weather and use are not taken out of it: a proof is that the kWh went down by what was expected, no more. */
#ifndef TOWN_OFFICE_BEMS_H
#define TOWN_OFFICE_BEMS_H

#include "base/json.h"
#include "report/report.h"
#include "town/office/office.h"

typedef enum bems_step { BEMS_SEEN, BEMS_ANALYSED, BEMS_ACTED, BEMS_CHECKED, BEMS_STEPS } bems_step;
extern const char *const bems_step_words[BEMS_STEPS];

typedef enum bems_proof {
    BEMS_UNKNOWN, /* fewer than BEMS_MONTHS_LEAST months have readings on both sides */
    BEMS_PROVEN,  /* it fell by what was expected, or more; without an expectation: it fell */
    BEMS_PARTLY,  /* it fell, by less */
    BEMS_NOT,     /* it did not fall */
    BEMS_PROOFS
} bems_proof;
extern const char *const bems_proof_words[BEMS_PROOFS];
enum { BEMS_MONTHS_LEAST = 3, BEMS_MONTHS = 11 }; /* the twelfth would be held against the month of the act */

typedef struct bems_finding {
    char id[MIZO_ID_MAX], facility[MIZO_ID_MAX],
        saving[MIZO_ID_MAX]; /* saving: the record that credits it; "" */
    char seen[NOTE_TEXT], analysed[NOTE_TEXT], act[NOTE_TEXT], result[NOTE_TEXT], by[NOTE_TEXT];
    mizo_day seen_on, acted, checked; /* MIZO_DAY_NONE */
    bems_step step;                   /* how far it is */
    mizo_wh expected_wh;              /* a year; 0: nothing is said */
    int months;                       /* compared */
    mizo_wh before_wh, after_wh;      /* of these months */
    bems_proof proof;
    bool due;    /* acted a year ago or more, and nobody has checked */
    bool credit; /* its saving is credited, and the readings do not prove it */
} bems_finding;

typedef struct bems_list {
    mizo_day today;
    bems_finding *row; /* [nrow] by id */
    size_t nrow, cap;
    int64_t at[BEMS_STEPS], proof[BEMS_PROOFS], due, credit;
} bems_list;

/* Reads the ledgers of the years that the acts touch. */
MIZO_MUST_USE mizo_err bems_make(town *t, mizo_day today, bems_list *out);
void bems_free(bems_list *b);
void bems_json(const bems_list *b, json *j); /* members of the object that is open */
void bems_doc(const bems_list *b, const mizo_region *r, bool ja, report *p);

#endif
