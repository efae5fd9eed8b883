/* host.c: addresses to listen on and names that may be asked for. Pure. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server/server.h"

static mizo_err parse_port(const char *s, int *port)
{
    size_t n = strlen(s);
    if (n == 0 || n > 5)
        return MIZO_EINPUT;
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return MIZO_EINPUT;
        v = v * 10 + (s[i] - '0');
    }
    if (v > 65535)
        return MIZO_EINPUT;
    *port = v;
    return MIZO_OK;
}

mizo_err server_listen_parse(const char *s, char *address, size_t cap, int *port)
{
    const char *from = s, *colon = strrchr(s, ':');
    size_t n = colon ? (size_t)(colon - s) : 0;
    if (*s == '[') {
        const char *end = strchr(s, ']');
        if (!end || end[1] != ':')
            return MIZO_EINPUT;
        colon = end + 1;
        from = s + 1;
        n = (size_t)(end - from);
    } else if (n && memchr(s, ':', n)) {
        return MIZO_EINPUT; /* an IPv6 address needs its brackets */
    }
    if (n >= cap)
        return MIZO_EINPUT;
    MIZO_TRY(parse_port(colon ? colon + 1 : s, port));
    memcpy(address, from, n);
    address[n] = 0;
    if (!colon)
        snprintf(address, cap, "127.0.0.1");
    else if (strcasecmp(address, "localhost") == 0)
        snprintf(address, cap, "127.0.0.1");
    return MIZO_OK;
}

bool server_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* Length of the name in a Host header, its port and last dot left off. */
static size_t name_length(const char *h)
{
    size_t n = *h == '[' ? strcspn(h, "]") + 1 : strcspn(h, ":");
    if (n > strlen(h))
        return 0;
    const char *rest = h + n;
    int port;
    if (*rest && (*rest != ':' || parse_port(rest + 1, &port)))
        return 0;
    if (n > 1 && h[n - 1] == '.')
        n--;
    return n;
}

static bool same(const char *h, size_t n, const char *name)
{
    return strlen(name) == n && strncasecmp(h, name, n) == 0;
}

bool server_host_ok(const char *header, const char *address, const char *const *hosts, size_t nhosts)
{
    size_t n = name_length(header);
    if (n == 0)
        return false;
    static const char *const loopback[] = { "localhost", "127.0.0.1", "[::1]" };
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++)
        if (same(header, n, loopback[i]))
            return true;
    char bracketed[80];
    snprintf(bracketed, sizeof bracketed, strchr(address, ':') ? "[%s]" : "%s", address);
    if (*address && same(header, n, bracketed))
        return true;
    for (size_t i = 0; i < nhosts; i++)
        if (same(header, n, hosts[i]))
            return true;
    return false;
}
