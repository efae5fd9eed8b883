/* certificate_in.h: what certificate.c and certificate_in.c share. */
#ifndef TOWN_CERTIFICATE_IN_H
#define TOWN_CERTIFICATE_IN_H

#include "town/books/posting.h"
#include "town/proof/certificate.h"

void certificate_unit(certificate_kind kind, int vintage, char out[MIZO_ID_MAX]);
/* The entry and the record of a new lot. */
MIZO_MUST_USE mizo_err certificate_put(posting *p, const certificate *c);

#endif
