/* lws_write.c: the bytes of an answer, when the connection takes them. */
#include <stdio.h>
#include <string.h>

#include "server/lws_inner.h"

enum { HEAD = 2048 };

/* ---- heads ---- */

typedef struct head {
    struct lws *wsi;
    unsigned char *p, *end;
    bool bad;
} head;

static void put(head *h, const char *name, const char *value)
{
    if (lws_add_http_header_by_name(h->wsi, (const unsigned char *)name, (const unsigned char *)value,
                                    (int)strlen(value), &h->p, h->end))
        h->bad = true;
}

static void put_security(head *h)
{
    put(h, "content-security-policy:",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    put(h, "x-content-type-options:", "nosniff");
    put(h, "referrer-policy:", "no-referrer");
    put(h, "cross-origin-opener-policy:", "same-origin");
    put(h, "cross-origin-resource-policy:", "same-origin");
}

static size_t body_size(const http_response *r)
{
    return r->fixed ? r->nfixed : r->body.n;
}

static bool write_head(http_exchange *x, bool close)
{
    unsigned char room[LWS_PRE + HEAD], *start = room + LWS_PRE;
    const http_response *r = &x->r;
    head h = { x->wsi, start, room + sizeof room - 1, false };
    int status = x->streaming ? 200 : r->status;
    if (lws_add_http_header_status(x->wsi, (unsigned)status, &h.p, h.end))
        return false;
    if (x->streaming || r->type)
        put(&h, "content-type:", x->streaming ? "text/event-stream" : r->type);
    put(&h, "cache-control:", !x->streaming && r->cache ? r->cache : "no-store");
    put(&h, "vary:", "accept-encoding, accept-language");
    put_security(&h);
    if (r->etag || *r->own_etag)
        put(&h, "etag:", *r->own_etag ? r->own_etag : r->etag);
    if (*r->cookie)
        put(&h, "set-cookie:", r->cookie);
    if (*r->name) {
        char text[sizeof r->name + 32];
        snprintf(text, sizeof text, "attachment; filename=\"%s\"", r->name);
        put(&h, "content-disposition:", text);
    }
    if (r->gzip && status == 200)
        put(&h, "content-encoding:", "gzip");
    if (status == 405)
        put(&h, "allow:", r->allow ? r->allow : "GET, HEAD");
    if (r->retry_after) {
        char text[16];
        snprintf(text, sizeof text, "%d", r->retry_after);
        put(&h, "retry-after:", text);
    }
    if (close)
        put(&h, "connection:", "close");
    if (!x->streaming && status != 304 &&
        lws_add_http_header_content_length(x->wsi, (lws_filepos_t)body_size(r), &h.p, h.end))
        return false;
    if (h.bad || lws_finalize_http_header(x->wsi, &h.p, h.end))
        return false;
    int n = (int)(h.p - start);
    return lws_write(x->wsi, start, (size_t)n, LWS_WRITE_HTTP_HEADERS) == n;
}

/* ---- writing ---- */

/* Returns -1 to close. */
static int finish(session *s, bool close)
{
    struct lws *wsi = s->x->wsi;
    lws_detach(s);
    if (close)
        return -1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int write_stream(http_exchange *x)
{
    if (!x->head_sent) {
        if (!write_head(x, true))
            return -1;
        x->head_sent = true;
        if (x->next_event)
            lws_callback_on_writable(x->wsi);
        else
            lws_set_timeout(x->wsi, NO_PENDING_TIMEOUT, 0);
        return 0;
    }
    event *e = x->next_event;
    if (!e)
        return 0;
    x->next_event = NULL;
    int n = lws_write(x->wsi, e->text + LWS_PRE, e->n, LWS_WRITE_HTTP);
    x->link->counts.bytes += (int64_t)e->n;
    event_unref(e);
    if (n < 0)
        return -1;
    if (lws_partial_buffered(x->wsi)) /* the peer takes it slowly: until it is gone, the clock runs */
        lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, x->link->limits.write_s);
    else
        lws_set_timeout(x->wsi, NO_PENDING_TIMEOUT, 0);
    return 0;
}

static int write_piece(session *s, bool close)
{
    http_exchange *x = s->x;
    http_link *l = x->link;
    size_t all = body_size(&x->r), left = all - x->sent, n = left < LWS_PIECE ? left : LWS_PIECE;
    const char *from = x->r.fixed ? x->r.fixed : x->r.body.p;
    memcpy(l->piece + LWS_PRE, from + x->sent, n);
    bool last = n == left;
    if (lws_write(x->wsi, l->piece + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) != (int)n)
        return -1;
    x->sent += n;
    l->counts.bytes += (int64_t)n;
    if (last)
        return finish(s, close);
    lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, l->limits.write_s);
    lws_callback_on_writable(x->wsi);
    return 0;
}

int lws_write_more(session *s)
{
    http_exchange *x = s->x;
    if (!x)
        return 0;
    if (x->streaming)
        return write_stream(x);
    if (!x->answered)
        return 0;
    /* What came with a method that we do not take is not read: the connection ends with the answer. */
    bool close = x->method == HTTP_OTHER || x->r.status == 421 || x->unread;
    if (!x->head_sent) {
        if (!write_head(x, close))
            return -1;
        x->head_sent = true;
        if (x->method == HTTP_HEAD || x->r.status == 304 || body_size(&x->r) == 0)
            return finish(s, close);
        lws_callback_on_writable(x->wsi);
        return 0;
    }
    return write_piece(s, close);
}
