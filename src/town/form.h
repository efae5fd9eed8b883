/* form.h: the records that people write on pages or by the API: one row a kind, with the shape of its JSON,
 * who may write it, and what it is. Pure; docs/formats/records.md is written from the same rows by hand, and a
 * test compares them. */
#ifndef TOWN_FORM_H
#define TOWN_FORM_H

#include "base/shape.h"
#include "town/people/role.h"

typedef struct form {
    const char *kind; /* of the record */
    town_act act;     /* what writing it is */
    const shape_field *rows;
    size_t nrows;
    size_t size; /* of the struct that the rows fill */
} form;

enum { FORM_MOST = 16384 };

/* NULL: no such kind. */
const form *form_of(const char *kind);
/* The kinds with commas between, for messages. */
void form_kinds(char *out, size_t cap);
extern const form forms[];
extern const size_t nforms;

/* Checks text[0..n) against the kind's shape and writes it in the one form that is kept. MIZO_EINPUT: all mistakes are in d. */
MIZO_MUST_USE mizo_err form_check(const form *p, const char *text, size_t n, buf *out, mizo_diags *d);

#endif
