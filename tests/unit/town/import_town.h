/* import_town.h: the village with an empty store of its own, and bytes imported into it. */
#ifndef TESTS_IMPORT_TOWN_H
#define TESTS_IMPORT_TOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "town/import/import.h"

typedef struct import_town {
    town t;
    char dir[64];
    char file[128]; /* of the last import */
} import_town;

void import_town_open(import_town *it);
void import_town_close(import_town *it);
void import_town_put(import_town *it, const char *name, const char *bytes, size_t n);
/* Writes the bytes into a file of that name and imports it; clears the diagnoses before. */
mizo_err import_bytes(import_town *it, const char *name, const char *bytes, size_t n, const import_options *o,
                      import_result *r);
mizo_err import_text(import_town *it, const char *text, import_result *r);
/* Value and quality of a half-hour of a local day; MIZO_MISSING. */
int32_t import_value(import_town *it, const char *owner, mizo_quantity q, const char *date, int slot,
                     mizo_ms as_of, int *quality);
int64_t import_batches(import_town *it); /* how many the store has */
/* True if a diagnosis of this id stands at line and column (0: any). */
bool import_said(import_town *it, mizo_msg id, int line, int column);

#endif
