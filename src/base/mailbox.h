/* mailbox.h: messages between threads. A bounded queue of pointers; the sender
 * gives the message away, the receiver frees it. */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include "mizo/error.h"

typedef struct mailbox mailbox;

mailbox *mailbox_new(size_t most); /* NULL: out of memory */
void mailbox_free(mailbox *m);     /* only when nobody uses it; must be empty */
/* MIZO_EFULL: at its bound (the message stays the sender's); MIZO_ECANCELED: closed. */
MIZO_MUST_USE mizo_err mailbox_put(mailbox *m, void *message);
/* Waits up to `ms` (-1: for ever) for a message; then takes up to `most` that are
 * there. 0 messages: time is up, or closed and empty (*closed). */
size_t mailbox_take(mailbox *m, void **out, size_t most, int ms, bool *closed);
void mailbox_close(mailbox *m);

#endif
