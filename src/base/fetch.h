/* fetch.h: asking another machine for a page. A constant table with one member over libcurl, which is loaded as
 * the module mizo-http at first use (town/module.h), and the tests' own. It waits: ask on a thread that may. */
#ifndef BASE_FETCH_H
#define BASE_FETCH_H

#include "base/buf.h"

typedef struct fetch_ask {
    const char *url;         /* http or https; certificates are checked, always */
    int connect_ms;          /* until there is a connection */
    int total_ms;            /* for all of it, redirects too */
    size_t most;             /* bytes of the body, unpacked */
    int redirects;           /* followed at most; never from https to http */
    bool (*stop)(void *arg); /* asked some times a second; true ends it. NULL: none */
    void *arg;
} fetch_ask;

typedef struct fetch_answer {
    int status;    /* 200 ...; 0: none came */
    char type[80]; /* Content-Type, "" if none */
    char why[160]; /* of an error, in English */
    buf body;      /* the caller's to fini, also after an error */
} fetch_answer;

typedef struct fetch_client {
    const char *name;
    /* MIZO_OK: an answer came, whatever its status. MIZO_EIO: none, or not a whole one (why says); MIZO_EFULL:
     * more than `most`; MIZO_ECANCELED; MIZO_EINPUT: not an address; MIZO_ENOMEM. */
    mizo_err (*get)(const fetch_ask *ask, fetch_answer *out);
} fetch_client;

#endif
