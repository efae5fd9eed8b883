/* password.c: see password.h. */
#include "town/people/password.h"
#include "mizo/messages/account.h"

#include <sodium.h>
#include <string.h>

_Static_assert(PASSWORD_HASH == crypto_pwhash_STRBYTES, "libsodium's text of a hash");

/* security.md 5: 64 MiB; two passes are libsodium's interactive measure. */
enum { PASSES = 2, MEMORY = 64 << 20 };

/* Of a password that nobody knows: so that an unknown user takes as long as a known one. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$bWl6by1ub2JvZHktc2FsdA$"
                             "NwZ4oQ9Xn0cJmQ1lq8nHcYw2o0bqv0m1n3s8uT5kR7E";

/* Long enough, and on every list; compared without what stands at their end: digits and marks. */
static const char *const common[] = { "password",         "passwordpassword", "passw0rd",
                                      "p@ssword",         "qwertyuiop",       "qwertyuiopasdf",
                                      "qwertyqwerty",     "asdfghjkl",        "asdfghjklqwer",
                                      "zxcvbnmasdfghjkl", "1q2w3e4r5t6y",     "qazwsxedcrfv",
                                      "letmeinletmein",   "iloveyouiloveyou", "administrator",
                                      "adminadminadmin",  "changemechangeme", "welcomewelcome",
                                      "sunshinesunshine", "dragondragon",     "kawasakicity",
                                      "denkidenki",       "mizomizomizo",     "correcthorsebatterystaple" };

static size_t count_letters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_start(const char *s, size_t n, const char *word)
{
    if (strlen(word) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(s[i]) != word[i])
            return false;
    return true;
}

/* How much of it is left when digits and marks at its end are taken off. */
static size_t stem_length(const char *s)
{
    size_t n = strlen(s);
    while (n && !((lower(s[n - 1]) >= 'a' && lower(s[n - 1]) <= 'z') || (unsigned char)s[n - 1] >= 0x80))
        n--;
    return n;
}

static bool is_common(const char *s)
{
    size_t n = stem_length(s), whole = strlen(s);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (same_start(s, n, common[i]) || same_start(s, whole, common[i]))
            return true;
    return false;
}

static int distinct_bytes(const char *s)
{
    bool seen[256] = { false };
    int n = 0;
    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

/* 12345678..., abcdefgh..., or backwards: each letter the next one. */
static bool is_stairs(const char *s)
{
    int up = 0, down = 0, n = (int)strlen(s);
    for (int i = 1; i < n; i++) {
        up += s[i] == s[i - 1] + 1 || (s[i - 1] == '9' && s[i] == '0');
        down += s[i] == s[i - 1] - 1 || (s[i - 1] == '0' && s[i] == '9');
    }
    return up >= n - 2 || down >= n - 2;
}

static bool holds_user(const char *s, const char *user)
{
    size_t n = strlen(user), room = strlen(s);
    if (n < 3)
        return false;
    for (size_t i = 0; i + n <= room; i++)
        if (same_start(s + i, n, user))
            return room < n + PASSWORD_LEAST; /* with enough beside it, it is no matter */
    return false;
}

mizo_err password_fit(const char *password, const char *user, mizo_diags *d)
{
    if (count_letters(password) < PASSWORD_LEAST) {
        MIZO_DIAG(d, PASSWORD_SHORT, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    if (!is_common(password) && distinct_bytes(password) >= 5 && !is_stairs(password) &&
        !holds_user(password, user))
        return MIZO_OK;
    MIZO_DIAG(d, PASSWORD_COMMON, MIZO_NOWHERE, NULL);
    return MIZO_EINPUT;
}

mizo_err password_hash(const char *password, char out[PASSWORD_HASH])
{
    if (sodium_init() < 0)
        return MIZO_EIO;
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY,
                                 crypto_pwhash_ALG_ARGON2ID13)
               ? MIZO_ENOMEM
               : MIZO_OK;
}

bool password_matches(const char *password, const char *hash)
{
    if (sodium_init() < 0)
        return false;
    int differs = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password));
    return hash && !differs;
}

void password_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}
