/* http.h: a request and a response as values, and the link that carries them.
 *
 * lws.c alone knows libwebsockets. It speaks HTTP/1.1, takes GET, HEAD, POST, PUT and DELETE, and
 * hands everything else on as HTTP_OTHER for a 405. A body comes with its length and is handed on whole. It
 * runs on env's loop; all functions here are called on the loop thread.
 */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "base/env.h"
#include "server/query.h"

typedef enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER } http_method;

enum { HTTP_PATH = 513, HTTP_HOST = 261, HTTP_ETAG = 129, HTTP_SECRET = 1025, HTTP_WORD = 129 };

/* What is asked beside path and parameters. A header that is longer than its place is as if it were not there. */
typedef struct http_proof {
    char cookie[HTTP_SECRET], authorization[HTTP_WORD];
    char origin[HTTP_HOST + 8], site[HTTP_WORD];               /* Origin, Sec-Fetch-Site */
    char type[HTTP_WORD];                                      /* Content-Type */
    char if_match[HTTP_WORD], csrf[HTTP_WORD], key[HTTP_WORD]; /* X-Mizo-CSRF, Idempotency-Key */
    char peer[64];                                             /* numeric address of the connection */
    char forwarded[HTTP_WORD], scheme[HTTP_WORD]; /* X-Forwarded-For, X-Forwarded-Proto: claims */
} http_proof;

typedef struct http_request {
    http_method method;
    char path[HTTP_PATH];
    char host[HTTP_HOST];
    char if_none_match[HTTP_ETAG];
    bool gzip;     /* the peer takes it */
    bool japanese; /* the peer prefers it */
    mizo_err bad;  /* why the target cannot be used; MIZO_OK: it can */
    query q;
    http_proof proof;
    const char *body; /* nbody bytes, NUL behind them; NULL: none. Wiped when the exchange ends */
    size_t nbody;
    int refused; /* 411 no length, 413 too long: the body was not read; 0 */
} http_request;

typedef struct http_response {
    int status;
    const char *type;  /* static text */
    const char *cache; /* Cache-Control; NULL: no-store */
    const char *etag;  /* static text with its quotes, or NULL */
    bool gzip;         /* the body is gzipped */
    int retry_after;   /* seconds, 0: none */
    const char *allow; /* of a 405: static text; NULL: "GET, HEAD" */
    char own_etag[32]; /* used instead of etag when not "" */
    char cookie[160];  /* Set-Cookie, when not "" */
    char name[128];    /* not "": a file to keep, by this name of [A-Za-z0-9._-] */
    buf body;          /* owned */
    const void *fixed; /* used instead of body when not NULL: lives as long as the link */
    size_t nfixed;
} http_response;

void http_response_init(http_response *r);
void http_response_fini(http_response *r);

typedef struct http_limits {
    int connections, streams;    /* at once */
    int head_bytes;              /* of one request's head */
    int head_s, write_s, idle_s; /* to send the head; to take a piece of the answer; between requests */
} http_limits;

extern const http_limits http_limits_default;

typedef struct http_counts {
    int64_t requests, refused, bytes; /* since the start; refused: connections above the bound */
    int64_t by_class[6];              /* answers of 1xx .. 5xx */
    int connections, streams;         /* now */
} http_counts;

typedef struct http_link http_link;
typedef struct http_exchange http_exchange;

/* Called for each request. Answers with http_answer or http_stream exactly once, now or later. */
typedef void (*http_handler)(void *arg, const http_request *r, http_exchange *x);

/* Called with the head of a request that has a body: how many bytes of it are taken, -1: the body is not
 * read, for the answer needs none (and the connection ends with it). */
typedef int64_t (*http_body_most)(void *arg, const http_request *r);

/* Listens on address:port (numeric; "" or "0.0.0.0", "::": all). MIZO_EBUSY: the port is in use; MIZO_EIO:
 * the address cannot be listened on; MIZO_EINPUT: it is no numeric address. *port 0 becomes the port that was found. */
MIZO_MUST_USE mizo_err http_listen(env *e, const char *address, int *port, const http_limits *limits,
                                   http_handler fn, http_body_most most, void *arg, http_link **out);
/* Closes everything; done is called on the loop thread once nothing of it is left. */
void http_close(http_link *l, void (*done)(void *), void *arg);

/* Takes r over (and empties it). The peer may have gone: then r is dropped. */
void http_answer(http_exchange *x, http_response *r);
/* Makes of the exchange a stream of server-sent events. False: too many; the exchange still waits for
 * its answer. */
bool http_stream(http_exchange *x);
/* Sends one event to every stream: text is "event: ...\ndata: ...\n\n". A slow peer skips what it has not
 * taken when the next one comes. */
void http_broadcast(http_link *l, const char *text, size_t n);
const http_counts *http_counted(const http_link *l);

#endif
