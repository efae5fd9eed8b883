/* lws_inner.h: what an exchange is, for the files of the link (lws.c the connections, lws_read.c a request's head,
 * lws_write.c an answer's bytes). */
#ifndef MIZO_SERVER_LWS_INNER_H
#define MIZO_SERVER_LWS_INNER_H

#include <libwebsockets.h>

#include "server/http.h"

enum { LWS_PIECE = 32768 };

/* One event as it goes to every stream. */
typedef struct event {
    int refs;
    size_t n;
    unsigned char text[]; /* LWS_PRE bytes of room, then the text */
} event;

struct http_exchange {
    http_link *link;
    struct lws *wsi; /* NULL: the peer has gone */
    http_method method;
    bool japanese;
    bool answered, head_sent, streaming;
    bool unread;           /* a body that is not read: the connection ends with the answer */
    http_request *waiting; /* for its body; NULL: handed on */
    char *body;
    size_t nbody, body_size;
    http_response r;
    size_t sent;
    event *next_event;
    http_exchange *before, *after; /* among the streams */
};

typedef struct session {
    http_exchange *x;
} session;

struct http_link {
    env *env;
    struct lws_context *context;
    struct lws_vhost *vhost;
    http_limits limits;
    http_counts counts;
    http_handler fn;
    http_body_most most;
    void *arg;
    http_exchange *streams;
    int open; /* exchanges that are not freed yet */
    event *last;
    struct lws_protocols protocols[2];
    void *loops[1];
    void (*done)(void *);
    void *done_arg;
    env_timer *closing;
    unsigned char piece[LWS_PRE + LWS_PIECE];
    int waited; /* looks since it began to close */
};

/* All of a request but its body; r->bad says what is wrong with it. */
void lws_read_request(struct lws *wsi, const char *path, size_t n, http_request *r);
/* The length of the body that it announces; -1: it does not say. */
int64_t lws_body_length(struct lws *wsi);

/* The connection takes more: writes the head, then a piece of the answer, or the next event. -1: to close. */
int lws_write_more(session *s);
void event_unref(event *e);
/* The peer has gone, or the exchange is over. */
void lws_detach(session *s);

#endif
