/* child.h: this program once more, with other words, for what must not share this process: its memory is its own and
 * ends with it. */
#ifndef TOWN_CHILD_H
#define TOWN_CHILD_H

#include "base/buf.h"

/* Runs it to its end; words after the program's name, up to a NULL. What it prints goes to `out`, what it complains of
 * to standard error. *status: its exit status, 128 + the signal that ended it. MIZO_EIO: it could not be started. */
MIZO_MUST_USE mizo_err child_run(const char *const *words, buf *out, int *status);

#endif
