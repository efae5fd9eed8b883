/* gate.h: who may ask, and how a write goes: the one way to a handler that needs a login or changes something.
 *
 * Reading: from this machine, or where the region says public_reading, nobody is asked; else a session or a
 * token with a role. Writing: the head is looked at on the loop thread (origin, CSRF token, content type,
 * lengths, tries), who it is and what a password is worth in a job of the pool (two hashes at once, sixteen
 * wait, the next is answered 503), then the writer's thread looks once more at session, user and role and runs
 * the handler in one batch with its audit record. Every refusal is kept as an audit record too; of a flood of
 * them, sixty a minute, and how many more there were.
 */
#ifndef SERVER_GATE_H
#define SERVER_GATE_H

#include "server/api.h"
#include "server/throttle.h"
#include "town/writer.h"

enum { GATE_HASHES = 2, GATE_HASH_QUEUE = 16, GATE_SEEN = 64, GATE_SEEN_MS = 1000, GATE_NOTES = 60 };

typedef struct gate_options {
    env *env;
    const store_ops *store; /* NULL: nobody can log in */
    const char *store_path;
    writer *(*writer)(void *arg); /* NULL, or gives NULL: not yet */
    void *arg;
    const char *const *proxies;
    size_t nproxies;
} gate_options;

typedef struct gate gate;

gate *gate_new(const gate_options *o); /* NULL: out of memory */
void gate_free(gate *g);               /* when nothing is under way */

/* Where the request comes from. */
void gate_place(const gate *g, const http_request *r, auth_place *out);

/* Finds out who asks (c->from is set). everybody: the region lets all read what this route reads (LOGIN_READ, LOGIN_PUBLIC). done is called on the loop thread, perhaps before this returns: *who and *session are set
 * (who->name "": nobody), or out holds the refusal and the error is not MIZO_OK. c, out, who, session stay until then. */
typedef void (*gate_done)(void *arg, mizo_err e);
void gate_ask(gate *g, const api_call *c, const api_route *route, bool everybody, actor *who, ticket *session,
              http_response *out, gate_done done, void *arg);

/* Whether nobody need be known for it. local: from this machine. */
bool gate_open(const api_route *route, bool local, bool everybody);

/* Runs a route that writes. done on the loop thread once out is filled. */
void gate_write(gate *g, const api_call *c, const api_route *route, http_response *out, gate_done done,
                void *arg);

/* ---- pieces, for tests ---- */
/* Who a ticket's text stands for. MIZO_ENOENT: nobody (any more). */
MIZO_MUST_USE mizo_err gate_who(store *s, auth_kind kind, const char *text, mizo_ms now, actor *who,
                                ticket *t);

#endif
