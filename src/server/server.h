/* server.h: HTTP on the loop thread: the API, live events and the built pages. A face over town/.
 *
 * What reads takes the immutable view of the moment, or its own short read-only connection to the store in a job
 * of the pool; what writes goes through the gate (gate.h) to the writer's thread. The loop never waits for either.
 * docs/formats/api.md and web/openapi.json describe what it answers.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "server/asset.h"
#include "server/auth.h"
#include "server/http.h"
#include "town/live/live.h"
#include "town/writer.h"

enum { SERVER_HOSTS = 16 };

/* Whom the server asks. All functions are called on the loop thread; what they return is borrowed
 * until the loop turns. A test hands a source of its own. */
typedef struct server_source {
    void *arg;
    const town_view *(*view)(void *arg);   /* NULL: not yet */
    const live_model *(*model)(void *arg); /* NULL: not yet */
    const score_card *(*score)(void *arg); /* NULL: not yet; a source may have none to ask */
    writer *(*writer)(void *arg);          /* NULL: not yet, or there is none: then nothing can be written */
} server_source;

typedef struct server_options {
    env *env;
    const char *address;             /* numeric, "" all */
    int port;                        /* 0: any */
    const char *hosts[SERVER_HOSTS]; /* further names that a Host header may have */
    size_t nhosts;
    const char *proxies[AUTH_PROXIES]; /* addresses whose X-Forwarded-For and -Proto are believed */
    size_t nproxies;
    const char *web_dir; /* serve the pages from here instead; NULL: built in */
    const asset *assets;
    size_t nassets;
    const store_ops *store; /* NULL: no store, days and ledgers answer 503 */
    const char *store_path;
    server_source source;
    const http_limits *limits; /* NULL: the defaults */
} server_options;

typedef struct server server;

/* Listens. The strings of o must outlive the server. Errors as http_listen, said in d. */
MIZO_MUST_USE mizo_err server_new(const server_options *o, mizo_diags *d, server **out);
int server_port(const server *s);
/* There is a new view: tells the streams. On the loop thread. */
void server_changed(server *s);
/* Closes; done on the loop thread when all is closed, and s is freed before it. */
void server_close(server *s, void (*done)(void *), void *arg);

/* Splits "127.0.0.1:8080", "[::1]:80", ":8080" or "8080". MIZO_EINPUT: neither. */
MIZO_MUST_USE mizo_err server_listen_parse(const char *s, char *address, size_t cap, int *port);
/* True for an address that only this machine reaches. */
bool server_loopback(const char *address);
/* True if a Host header names this server: loopback names, `address`, or one of hosts. */
bool server_host_ok(const char *header, const char *address, const char *const *hosts, size_t n);

#endif
