/* lws_read.c: the head of a request. */
#include <string.h>

#include "base/text.h"
#include "server/lws_inner.h"

static http_method method_of(struct lws *wsi)
{
    if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI))
        return HTTP_GET;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI))
        return HTTP_HEAD;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
        return HTTP_POST;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_PUT_URI))
        return HTTP_PUT;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_DELETE_URI))
        return HTTP_DELETE;
    return HTTP_OTHER;
}

static bool header(struct lws *wsi, enum lws_token_indexes which, char *out, int cap)
{
    out[0] = 0;
    return lws_hdr_total_length(wsi, which) > 0 && lws_hdr_copy(wsi, out, cap, which) > 0;
}

static mizo_err read_query(struct lws *wsi, query *q)
{
    char piece[QUERY_NAME + QUERY_VALUE + 2];
    for (int i = 0; i < 64; i++) {
        int want = lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (want <= 0)
            return MIZO_OK;
        if (want >= (int)sizeof piece)
            return MIZO_EFULL;
        int n = lws_hdr_copy_fragment(wsi, piece, sizeof piece, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n > 0)
            MIZO_TRY(query_add(q, piece, (size_t)n));
    }
    return MIZO_EFULL;
}

static void custom(struct lws *wsi, const char *name, char *out, int cap)
{
    int n = lws_hdr_custom_length(wsi, name, (int)strlen(name));
    out[0] = 0;
    if (n > 0 && n < cap && lws_hdr_custom_copy(wsi, out, cap, name, (int)strlen(name)) < 0)
        out[0] = 0;
}

static void read_proof(struct lws *wsi, http_proof *p)
{
    header(wsi, WSI_TOKEN_HTTP_COOKIE, p->cookie, sizeof p->cookie);
    header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, p->authorization, sizeof p->authorization);
    header(wsi, WSI_TOKEN_ORIGIN, p->origin, sizeof p->origin);
    header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, p->type, sizeof p->type);
    header(wsi, WSI_TOKEN_HTTP_IF_MATCH, p->if_match, sizeof p->if_match);
    header(wsi, WSI_TOKEN_X_FORWARDED_FOR, p->forwarded, sizeof p->forwarded);
    custom(wsi, "sec-fetch-site:", p->site, sizeof p->site);
    custom(wsi, "x-mizo-csrf:", p->csrf, sizeof p->csrf);
    custom(wsi, "idempotency-key:", p->key, sizeof p->key);
    custom(wsi, "x-forwarded-proto:", p->scheme, sizeof p->scheme);
    lws_get_peer_simple(wsi, p->peer, sizeof p->peer);
}

void lws_read_request(struct lws *wsi, const char *path, size_t n, http_request *r)
{
    char text[256];
    r->method = method_of(wsi);
    if (n >= HTTP_PATH)
        r->bad = MIZO_EFULL;
    else if (!text_plain(path, n))
        r->bad = MIZO_EINPUT;
    else
        memcpy(r->path, path, n);
    header(wsi, WSI_TOKEN_HOST, r->host, sizeof r->host);
    header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, r->if_none_match, sizeof r->if_none_match);
    if (header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof text))
        r->gzip = strstr(text, "gzip") && !strstr(text, "gzip;q=0");
    if (header(wsi, WSI_TOKEN_HTTP_ACCEPT_LANGUAGE, text, sizeof text)) {
        const char *ja = strstr(text, "ja"), *en = strstr(text, "en");
        r->japanese = ja && (!en || ja < en);
    }
    if (!r->bad)
        r->bad = read_query(wsi, &r->q);
    read_proof(wsi, &r->proof);
}

int64_t lws_body_length(struct lws *wsi)
{
    char text[24];
    int64_t v = 0;
    if (!header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text))
        return -1;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || v > INT64_C(1) << 40)
            return -1;
        v = 10 * v + (*p - '0');
    }
    return v;
}
