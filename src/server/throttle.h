/* throttle.h: slows down whoever guesses: per account and per address. Pure: times come in.
 *
 * A key (a name, an address) has some tries free; from then on each further one must wait twice as long as the
 * one before, up to a bound. A try counts when it begins, so that many at once do not slip through; a right
 * answer forgets the account's count, not the address's. Keys are kept as hashes, a bounded number of them; the
 * one that was quiet for longest makes room.
 */
#ifndef SERVER_THROTTLE_H
#define SERVER_THROTTLE_H

#include <stdint.h>

enum { THROTTLE_KEYS = 1024, THROTTLE_FORGET_S = 900 };

typedef struct throttle_key {
    uint64_t hash; /* 0: free */
    int tries;
    uint64_t last_ns;
} throttle_key;

typedef struct throttle {
    int free_tries, most_s; /* before the first wait; the longest wait */
    throttle_key key[THROTTLE_KEYS];
} throttle;

/* Seconds to wait until a try of this key is taken; 0: now. */
int throttle_wait(const throttle *t, const char *key, uint64_t now_ns);
/* A try begins. */
void throttle_try(throttle *t, const char *key, uint64_t now_ns);
/* It was right. */
void throttle_right(throttle *t, const char *key);

#endif
