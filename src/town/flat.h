/* flat.h: fields of a record whose JSON is one flat object. */
#ifndef TOWN_FLAT_H
#define TOWN_FLAT_H

#include "mizo/slot.h"

/* MIZO_ENOENT: there is no such member, or it is of another kind. */
MIZO_MUST_USE mizo_err flat_text(const char *json, const char *key, char *out, size_t cap);
MIZO_MUST_USE mizo_err flat_int(const char *json, const char *key, int64_t *out);
MIZO_MUST_USE mizo_err flat_day(const char *json, const char *key, mizo_day *out);

#endif
