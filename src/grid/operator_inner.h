/* operator_inner.h: what the parts of the operator's reader share. Of grid/operator*.c alone. */
#ifndef GRID_OPERATOR_INNER_H
#define GRID_OPERATOR_INNER_H

#include "grid/operator.h"

/* OPERATOR_MEANING_COUNT: no row names it. */
operator_meaning operator_meaning_of(const operator_code *codes, size_t n, const char *code);

#endif
