/* throttle.c: see throttle.h. */
#include "server/throttle.h"

#include <string.h>

#include "base/hash.h"

enum { NS = 1000000000 };

static uint64_t hash_of(const char *key)
{
    hash h = hash_bytes(key, strlen(key));
    uint64_t v = get_le64(h.b);
    return v ? v : 1;
}

static bool forgotten(const throttle_key *k, uint64_t now_ns)
{
    return !k->hash || now_ns - k->last_ns > (uint64_t)THROTTLE_FORGET_S * NS;
}

static const throttle_key *find(const throttle *t, uint64_t h)
{
    for (int i = 0; i < THROTTLE_KEYS; i++)
        if (t->key[i].hash == h)
            return &t->key[i];
    return NULL;
}

/* Seconds between a try and the next one. */
static int gap(const throttle *t, int tries)
{
    int over = tries - t->free_tries;
    if (over < 0)
        return 0;
    return over >= 16 || 1 << over > t->most_s ? t->most_s : 1 << over;
}

int throttle_wait(const throttle *t, const char *key, uint64_t now_ns)
{
    const throttle_key *k = find(t, hash_of(key));
    if (!k || forgotten(k, now_ns))
        return 0;
    uint64_t until = k->last_ns + (uint64_t)gap(t, k->tries) * NS;
    return until > now_ns ? (int)((until - now_ns + NS - 1) / NS) : 0;
}

void throttle_try(throttle *t, const char *key, uint64_t now_ns)
{
    uint64_t h = hash_of(key);
    throttle_key *k = (throttle_key *)(uintptr_t)find(t, h);
    if (!k) {
        k = &t->key[0];
        for (int i = 1; i < THROTTLE_KEYS && k->hash; i++)
            if (!t->key[i].hash || t->key[i].last_ns < k->last_ns)
                k = &t->key[i];
        *k = (throttle_key){ .hash = h };
    }
    if (forgotten(k, now_ns))
        k->tries = 0;
    k->tries++;
    k->last_ns = now_ns;
}

void throttle_right(throttle *t, const char *key)
{
    throttle_key *k = (throttle_key *)(uintptr_t)find(t, hash_of(key));
    if (k)
        *k = (throttle_key){ 0 };
}
