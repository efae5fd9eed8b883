/* fetch_curl.c: fetch_client over libcurl: the module mizo-http.
 *
 * One easy handle a question; nothing is kept between two. SSL_CERT_FILE names other authorities than the
 * system's, as it does elsewhere; proxies are libcurl's usual ones (https_proxy ...). */
#include "base/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

typedef struct run {
    const fetch_ask *ask;
    fetch_answer *out;
    bool too_big;
    char error[CURL_ERROR_SIZE];
} run;

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
    run *r = arg;
    n *= size;
    if (n > r->ask->most - r->out->body.n) {
        r->too_big = true;
        return 0;
    }
    buf_add(&r->out->body, p, n);
    return r->out->body.err ? 0 : n;
}

static int look(void *arg, curl_off_t to_come, curl_off_t came, curl_off_t up, curl_off_t done)
{
    (void)to_come, (void)came, (void)up, (void)done;
    const run *r = arg;
    return r->ask->stop && r->ask->stop(r->ask->arg);
}

static CURLcode set_limits(CURL *c, run *r)
{
    const fetch_ask *a = r->ask;
    bool secure = strncasecmp(a->url, "https:", 6) == 0;
    CURLcode e = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, a->redirects > 0 ? 1L : 0L);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)a->redirects);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)a->connect_ms);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)a->total_ms);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)a->most);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    const char *authorities = getenv("SSL_CERT_FILE");
    if (!e && authorities && *authorities)
        e = curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
    return e;
}

static CURLcode set_up(CURL *c, run *r)
{
    CURLcode e = set_limits(c, r);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_URL, r->ask->url);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_USERAGENT, "mizo");
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, r->error);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_WRITEDATA, r);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look);
    if (!e)
        e = curl_easy_setopt(c, CURLOPT_XFERINFODATA, r);
    return e ? e : curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
}

static mizo_err err_of(const run *r, CURLcode e)
{
    if (r->too_big || e == CURLE_FILESIZE_EXCEEDED)
        return MIZO_EFULL;
    switch (e) {
    case CURLE_OK:
        return MIZO_OK;
    case CURLE_ABORTED_BY_CALLBACK:
        return MIZO_ECANCELED;
    case CURLE_OUT_OF_MEMORY:
        return MIZO_ENOMEM;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return r->out->status ? MIZO_EIO : MIZO_EINPUT; /* a redirect that is not followed */
    default:
        return r->out->body.err == MIZO_ENOMEM ? MIZO_ENOMEM : MIZO_EIO;
    }
}

static mizo_err get(const fetch_ask *ask, fetch_answer *out)
{
    run r = { .ask = ask, .out = out };
    *out = (fetch_answer){ .status = 0 };
    buf_init(&out->body, ask->most + 1);
    CURL *c = curl_easy_init();
    if (!c)
        return MIZO_ENOMEM;
    CURLcode e = set_up(c, &r);
    if (!e)
        e = curl_easy_perform(c);
    long status = 0;
    const char *type = NULL;
    if (curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
        out->status = (int)status;
    if (curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type)
        snprintf(out->type, sizeof out->type, "%s", type);
    const char *why = *r.error ? r.error : curl_easy_strerror(e);
    if (e)
        snprintf(out->why, sizeof out->why, "%.*s", (int)sizeof out->why - 1, why);
    if (r.too_big || e == CURLE_FILESIZE_EXCEEDED)
        snprintf(out->why, sizeof out->why, "more than %zu bytes", ask->most);
    curl_easy_cleanup(c);
    return err_of(&r, e);
}

extern MIZO_API const fetch_client mizo_module_http;
const fetch_client mizo_module_http = { .name = "libcurl", .get = get };
