/* report_inner.h: what a document is made of, for the files that build and change it. */
#ifndef REPORT_REPORT_INNER_H
#define REPORT_REPORT_INNER_H

#include "report/report.h"

struct report {
    arena *arena;
    report_head head;
    report_block *first, *last;
    int at; /* cells of the table's last row, when it is open */
    bool open;
    mizo_err err;
};

/* Room of the document's; NULL: the building has failed. */
void *report_take(report *r, size_t n);
/* A copy of a text; "" for NULL and where the building has failed. */
const char *report_keep(report *r, const char *s);

#endif
