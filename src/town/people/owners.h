/* owners.h: a bureau hands what it owns to another, as on the first of April: its cells in the region's files, all files
 * or none. A cell that names several (環境局・経済労働局) changes in that part. Users are exchange.h's. */
#ifndef TOWN_OWNERS_H
#define TOWN_OWNERS_H

#include "base/env.h"
#include "mizo/error.h"
#include "town/people/account.h"

enum { OWNERS_MOVES = 64 };

typedef struct owners_move {
    char from[ACCOUNT_BUREAU], to[ACCOUNT_BUREAU];
    int cells; /* out: how many were changed */
} owners_move;

typedef struct owners_change owners_change; /* the files as they were */

/* Writes the files of dir in which a cell changes, each whole. A move that finds no cell is said (MIZO_EINPUT), and so is
 * what region files would then get wrong; then, and on any other error, the files are as they were. */
MIZO_MUST_USE mizo_err owners_hand_over(env *e, const char *dir, owners_move *move, size_t n, mizo_diags *d,
                                        owners_change **out);
/* The files as they were before: what belongs to it could not be done. */
mizo_err owners_take_back(owners_change *c);
void owners_free(owners_change *c);

#endif
