/* kept.c: see kept.h. */
#include "server/kept.h"

#include <stdio.h>
#include <string.h>

/* What the answer hangs on: path, parameters, language, packing. */
static bool key_of(const http_request *r, char out[KEPT_KEY])
{
    int n = snprintf(out, KEPT_KEY, "%c%c%s", r->gzip ? 'z' : '-', r->japanese ? 'j' : '-', r->path);
    for (int i = 0; i < r->q.n && n >= 0 && n < KEPT_KEY; i++)
        n += snprintf(out + n, (size_t)(KEPT_KEY - n), "&%s=%s", r->q.p[i].name, r->q.p[i].value);
    return n >= 0 && n < KEPT_KEY;
}

void kept_fini(kept *k)
{
    for (int i = 0; i < KEPT_MOST; i++)
        if (*k->a[i].key)
            buf_fini(&k->a[i].body);
}

void kept_not_modified(const http_request *r, http_response *out)
{
    if (out->status != 200 || !*out->own_etag || !strstr(r->if_none_match, out->own_etag))
        return;
    out->status = 304;
    out->gzip = false;
    buf_clear(&out->body);
}

bool kept_find(const kept *k, const http_request *r, uint64_t now_ns, http_response *out)
{
    char key[KEPT_KEY];
    if (!key_of(r, key))
        return false;
    for (int i = 0; i < KEPT_MOST; i++) {
        const kept_answer *a = &k->a[i];
        if (a->until_ns <= now_ns || strcmp(a->key, key) != 0)
            continue;
        out->status = 200;
        out->type = a->type;
        out->cache = a->cache;
        out->gzip = a->gzip;
        memcpy(out->own_etag, a->etag, sizeof a->etag);
        buf_add(&out->body, a->body.p, a->body.n);
        kept_not_modified(r, out);
        return !out->body.err;
    }
    return false;
}

void kept_put(kept *k, const http_request *r, uint64_t now_ns, const http_response *out)
{
    char key[KEPT_KEY];
    kept_answer *at = &k->a[0];
    if (out->status != 200 || out->fixed || !key_of(r, key))
        return;
    for (int i = 0; i < KEPT_MOST; i++) {
        if (strcmp(k->a[i].key, key) == 0) {
            at = &k->a[i];
            break;
        }
        if (k->a[i].until_ns < at->until_ns)
            at = &k->a[i];
    }
    if (*at->key)
        buf_fini(&at->body);
    *at = (kept_answer){
        .until_ns = now_ns + KEPT_MS * 1000000ull, .type = out->type, .cache = out->cache, .gzip = out->gzip
    };
    memcpy(at->key, key, sizeof key);
    memcpy(at->etag, out->own_etag, sizeof at->etag);
    buf_init(&at->body, out->body.n + 1);
    buf_add(&at->body, out->body.p, out->body.n);
    if (at->body.err) {
        buf_fini(&at->body);
        at->key[0] = '\0';
        at->until_ns = 0;
    }
}
