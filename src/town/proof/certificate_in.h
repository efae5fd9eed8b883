/* certificate_in.h: what certificate.c and certificate_in.c share. */
#ifndef TOWN_CERTIFICATE_IN_H
#define TOWN_CERTIFICATE_IN_H

#include "town/books/posting.h"
#include "town/proof/certificate.h"

void certificate_unit(certificate_kind kind, int vintage, char out[MIZO_ID_MAX]);
/* The record of a lot; the entry and the record of a new one. */
MIZO_MUST_USE mizo_err certificate_keep(store *s, const certificate *c);
MIZO_MUST_USE mizo_err certificate_put(posting *p, const certificate *c);

#endif
