/* invoice_print.h: runs and invoices as mizo invoice prints them: text and JSON with the same numbers. */
#ifndef CLI_INVOICE_PRINT_H
#define CLI_INVOICE_PRINT_H

#include "cli/cli.h"
#include "town/bills/invoice.h"

typedef struct invoice_words {
    const char *region, *month, *why, *format, *run, *out;
    mizo_day day;
    cli_who who;
    bool purchases, leave, json;
} invoice_words;

typedef struct invoice_printer {
    town *t;
    bool as_json, ja;
    buf out;
    json j;
    int count;
    int open; /* JSON containers to close */
} invoice_printer;

/* list: the name of the JSON list; NULL: a run's head comes first. */
void invoice_print_begin(invoice_printer *p, town *t, bool as_json, bool ja, const char *list);
void invoice_print_end(invoice_printer *p);
void invoice_print_one_run(const invoice_run *r, invoice_printer *p);
void invoice_print_run_head(const invoice_run *r, invoice_printer *p); /* then its invoices */
void invoice_print_line(const invoice *v, invoice_printer *p);
/* Contract by contract. */
MIZO_MUST_USE mizo_err invoice_print_change(const invoice *v, invoice_printer *p);
/* One run alone. */
void invoice_print_run(const invoice_run *r, bool as_json, bool ja, int offset, buf *out);
/* The word across the pages of what is not issued; NULL: none. */
const char *invoice_stamp(run_state s, const char *lang);

#endif
