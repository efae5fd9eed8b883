/* memory.c: see memory.h. */
#include "memory.h"

#include <sqlite3.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t align, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
void __wrap_free(void *p);

static long calls, fail_at = -1, alive;
static bool for_ever, armed;

static bool refuse(void)
{
    if (!armed)
        return false;
    long n = calls++;
    return fail_at >= 0 && (n == fail_at || (for_ever && n > fail_at));
}

static void *counted(void *p)
{
    alive += p != NULL;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return refuse() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return refuse() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    if (refuse())
        return NULL;
    void *q = __real_realloc(p, n);
    alive += !p && q;
    return q;
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return refuse() ? NULL : counted(__real_aligned_alloc(align, n));
}

char *__wrap_strdup(const char *s)
{
    return refuse() ? NULL : counted(__real_strdup(s));
}

char *__wrap_strndup(const char *s, size_t n)
{
    return refuse() ? NULL : counted(__real_strndup(s, n));
}

void __wrap_free(void *p)
{
    alive -= p != NULL;
    __real_free(p);
}

/* ---- SQLite's own memory goes the same way ---- */

enum { HEAD = 16 };

static void *s_malloc(int n)
{
    char *p = refuse() ? NULL : __real_malloc((size_t)n + HEAD);
    if (!p)
        return NULL;
    memcpy(p, &n, sizeof n);
    alive++;
    return p + HEAD;
}

static void s_free(void *p)
{
    if (p) {
        alive--;
        __real_free((char *)p - HEAD);
    }
}

static int s_size(void *p)
{
    int n = 0;
    if (p)
        memcpy(&n, (char *)p - HEAD, sizeof n);
    return n;
}

static void *s_realloc(void *p, int n)
{
    void *q = s_malloc(n);
    if (!q)
        return NULL;
    int had = s_size(p);
    memcpy(q, p, (size_t)(had < n ? had : n));
    s_free(p);
    return q;
}

static int s_round(int n)
{
    return (n + 7) & ~7;
}

static int s_init(void *arg)
{
    (void)arg;
    return SQLITE_OK;
}

static void s_shutdown(void *arg)
{
    (void)arg;
}

void memory_of_sqlite(void)
{
    static const sqlite3_mem_methods m = { s_malloc, s_free, s_realloc,  s_size,
                                           s_round,  s_init, s_shutdown, NULL };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &m);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* every small piece is a point of its own */
}

/* ---- for the tests ---- */

void memory_fail(long n, bool ever)
{
    calls = 0;
    fail_at = n;
    for_ever = ever;
    armed = true;
}

long memory_stop(void)
{
    armed = false;
    return calls;
}

long memory_alive(void)
{
    return alive;
}
