/* plan_file.h: plans of a balancing group as a file in the operator's XML.
 *
 * There is one model of a plan and one exporter. The codes (element names, message types, how a number is written)
 * are data: plan_codes.csv of the region over the built-in table, each row with its source and mark. Until that
 * table says that its codes were validated against the official texts, the file's name says "not-validated".
 * Structure: docs/formats/plan-file.md (from public importers of such files; energy in whole kWh, 48 rows a series).
 *
 * Pure: values in, text out.
 */
#ifndef GRID_PLAN_FILE_H
#define GRID_PLAN_FILE_H

#include "base/buf.h"
#include "mizo/number.h"
#include "mizo/slot.h"

enum { PLAN_CODE = 6, PLAN_FILE_NAME = 160 };

/* 需要調達計画, 発電販売計画, 連系線利用計画 */
typedef enum plan_file_kind { PLAN_FILE_DEMAND, PLAN_FILE_GENERATION, PLAN_FILE_LINK } plan_file_kind;

/* 48 whole kWh under a code of up to 5 letters: of a counterparty, a generating unit, an interconnector. */
typedef struct plan_series {
    const char *code;
    int32_t kwh[MIZO_DAY_SLOTS]; /* >= 0 */
} plan_series;

/* A retailer within a group (JP06316). Its parts sum to the group's. */
typedef struct plan_member {
    const char *code;
    int32_t demand_kwh[MIZO_DAY_SLOTS];
    const plan_series *buy; /* by counterparty */
    size_t nbuy;
    const plan_series *sell;
    size_t nsell;
} plan_member;

/* A generation group (JP06300) with its units (JP06186). */
typedef struct plan_plants {
    const char *code;
    const plan_series *unit;
    size_t nunit;
} plan_plants;

/* One plan of one day. Arrays and strings are borrowed. */
typedef struct plan_file {
    plan_file_kind kind;
    mizo_day day;
    const char *sender_code, *sender_name; /* JP06110, JP06111 */
    const char *receiver_code;             /* JP06112 */
    const char *plan_name;                 /* JP06170 */
    const char *company_code;              /* JP06358 */
    const char *group_code;                /* JP06360 */
    int32_t demand_kwh[MIZO_DAY_SLOTS];    /* PLAN_FILE_DEMAND: of the group */
    const plan_series *buy;                /* procurement by counterparty (DEMAND, GENERATION) */
    size_t nbuy;
    const plan_series *sell; /* sales by counterparty (DEMAND, GENERATION) */
    size_t nsell;
    const plan_member *member; /* DEMAND; 0: the group has no member of its own */
    size_t nmember;
    const plan_plants *plants; /* GENERATION */
    size_t nplants;
    const plan_series *link; /* LINK: by interconnector */
    size_t nlink;
    int version; /* from 1: stands in the file's name */
} plan_file;

/* One code: what it is called here, what it is called in the file. */
typedef struct plan_code {
    const char *name; /* "demand", "time-code", "record-of-demand" ... */
    const char *code; /* "JP06376" */
    const char *source, *mark;
} plan_code;

/* The table of codes that a file is written by. */
typedef struct plan_codes {
    const plan_code *row; /* over the built-in rows of the same name */
    size_t n;
    bool validated; /* checked against the official texts */
} plan_codes;

/* The built-in rows, for the page and for tests. */
const plan_code *plan_codes_builtin(size_t *n);

/* Sums of the slots: procurement = demand + sales of a retail group; procurement + generation = sales of a
 * generation group; members' parts = the group's. Names every slot and part in which it fails, in d.
 * MIZO_EINPUT: at least one; also a code that is too long or missing, a value below zero, the same code twice. */
MIZO_MUST_USE mizo_err plan_file_check(const plan_file *p, mizo_diags *d);

/* Checks, then appends the XML (UTF-8) to out. As plan_file_check; codes NULL: the built-in ones.
 * MIZO_EINPUT also where a row of codes names nothing that there is. */
MIZO_MUST_USE mizo_err plan_file_xml(const plan_file *p, const plan_codes *codes, mizo_diags *d, buf *out);

/* "demand-20260401-GROUP-v1-not-validated.xml" */
void plan_file_name(const plan_file *p, const plan_codes *codes, char out[PLAN_FILE_NAME]);

/* Whole kWh of the parts of a sum, so that they still sum: out[i] of wh[0..n) sum to `total_kwh` in each slot by
 * the largest remainder, ties to the lower index; no part moves by 1 kWh or more unless the total itself was
 * rounded away from the parts' sum by more. MIZO_ERANGE: all parts zero and a total that is not. */
MIZO_MUST_USE mizo_err plan_round(const mizo_wh *wh, size_t n, int64_t total_kwh, int32_t *out);

#endif
