/* gate_inner.h: what gate.c and gate_write.c share. */
#ifndef SERVER_GATE_INNER_H
#define SERVER_GATE_INNER_H

#include "server/gate.h"
#include "server/server.h"
#include "town/people/audit.h"

typedef struct gate_seen {
    actor who;
    ticket t;
    auth_kind kind;
    uint64_t until_ns;
} gate_seen;

typedef struct passing passing; /* a write on its way */

struct gate {
    gate_options o;
    throttle account, address;
    gate_seen seen[GATE_SEEN];
    int hashing, nqueue; /* passwords at work, and waiting */
    passing *first, *last;
    uint64_t minute; /* of the notes that were kept */
    int notes;
    int64_t skipped;
};

/* True where a secret may be shown: this machine, or TLS. */
bool gate_safe(const auth_place *from);
void gate_forget(gate *g); /* all that was remembered of who is who */
mizo_err gate_touch(store *s, const ticket *t, mizo_ms now);
mizo_err gate_is_there(void *arg, const store_record *r);
/* Keeps a refusal: denied (401, 403, 429), or failed. who "": nobody known. */
void gate_note(gate *g, const api_call *c, const char *who, const char *act, const char *why, int status);

#endif
