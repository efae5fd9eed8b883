/* fuzz_auth.c: cookie, authorization, origin and the other words that prove who asks. Lines: cookie, authorization,
 * origin, site, type, version, forwarded, host. */
#include <stdlib.h>
#include <string.h>

#include "server/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

/* The next line into out; what does not fit is as if it were not there, as in the link. */
static const char *line(const char *p, const char *end, char *out, size_t cap)
{
    size_t n = 0;
    while (p + n < end && p[n] != '\n' && p[n])
        n++;
    out[0] = '\0';
    if (n < cap) {
        memcpy(out, p, n);
        out[n] = '\0';
    }
    return p + n < end ? p + n + 1 : end;
}

/* True if a pair of the cookie has our name: "2mizo=x" has another. */
static bool own_pair(const char *cookie)
{
    for (const char *p = cookie; *p; p += strcspn(p, ";")) {
        p += strspn(p, "; \t");
        if (strncmp(p, "mizo=", 5) == 0 || strncmp(p, "__Host-mizo=", 12) == 0)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const char *p = (const char *)data, *end = p + size;
    http_proof q = { .peer = "10.0.0.2" };
    char host[HTTP_HOST], text[TICKET_ROOM];
    p = line(p, end, q.cookie, sizeof q.cookie);
    p = line(p, end, q.authorization, sizeof q.authorization);
    p = line(p, end, q.origin, sizeof q.origin);
    p = line(p, end, q.site, sizeof q.site);
    p = line(p, end, q.type, sizeof q.type);
    p = line(p, end, q.if_match, sizeof q.if_match);
    p = line(p, end, q.forwarded, sizeof q.forwarded);
    (void)line(p, end, host, sizeof host);
    auth_kind kind = auth_read(&q, text);
    if (kind == AUTH_SESSION)
        demand(strlen(text) == 43 && strstr(q.cookie, text));
    if (kind == AUTH_TOKEN)
        demand(strlen(text) == 48 && strncmp(text, "mizo_", 5) == 0 && !own_pair(q.cookie));
    const char *const proxies[] = { "10.0.0.2" };
    auth_place at;
    auth_where(&q, host, proxies, 1, &at);
    demand(!at.local && strlen(at.address) < sizeof at.address);
    if (auth_same_origin(&q, host, false))
        demand(*q.origin || strcmp(q.site, "same-origin") == 0);
    demand(auth_version(q.if_match) >= -1);
    if (auth_json(q.type))
        demand(strlen(q.type) >= 16);
    if (auth_key_ok(q.site))
        demand(strlen(q.site) <= 64);
    return 0;
}
