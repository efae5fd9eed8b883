/* sample.h: a document with every kind of block. */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include "report/report.h"

/* rows: of its table. NULL: out of memory. The caller frees it. */
report *sample_report(int rows, const char *stamp);

#endif
