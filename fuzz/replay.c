/* replay.c: runs a fuzz target over its seeds and over small damages of them, without libFuzzer:
 * the part of fuzzing that fits into `make test`. Prints TAP, one result a seed. The damages come
 * from a fixed sequence, so a failure comes again. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static uint64_t state;

static uint64_t next(void)
{
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Runs the target on a copy of exactly n bytes, so that one byte past the end is seen. */
static void once(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy)
        exit(3);
    if (n)
        memcpy(copy, p, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void damaged(const uint8_t *p, size_t n)
{
    uint8_t *q = malloc(2 * n + 16);
    if (!q)
        exit(3);
    size_t m = n;
    if (n)
        memcpy(q, p, n);
    for (unsigned changes = 1 + next() % 4; changes; changes--) {
        size_t at = m ? next() % m : 0;
        switch (next() % 5) {
        case 0: /* one bit */
            if (m)
                q[at] ^= (uint8_t)(1u << (next() % 8));
            break;
        case 1: /* one byte */
            if (m)
                q[at] = (uint8_t)next();
            break;
        case 2: /* cut */
            m = at;
            break;
        case 3: /* insert */
            if (m < 2 * n + 16) {
                memmove(q + at + 1, q + at, m - at);
                q[at] = "0,\n\"-:. \xef\x00\xff/9A{["[next() % 16];
                m++;
            }
            break;
        case 4: /* repeat a piece at the end */
            if (m) {
                size_t len = next() % (m - at) + 1, room = 2 * n + 16 - m;
                len = len < room ? len : room;
                memmove(q + m, q + at, len);
                m += len;
            }
            break;
        }
    }
    once(q, m);
    free(q);
}

static uint8_t *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *p = malloc(size > 0 ? (size_t)size : 1);
    *n = p && size > 0 ? fread(p, 1, (size_t)size, f) : 0;
    fclose(f);
    return p;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    int rounds = getenv("FUZZ_ROUNDS") ? (int)strtol(getenv("FUZZ_ROUNDS"), NULL, 10) : 300;
    struct dirent **names;
    int count = scandir(argv[1], &names, NULL, alphasort), done = 0;
    once((const uint8_t *)"", 0);
    for (int i = 0; i < count; i++) {
        char path[4096];
        size_t n;
        snprintf(path, sizeof path, "%s/%s", argv[1], names[i]->d_name);
        uint8_t *p = names[i]->d_name[0] == '.' ? NULL : read_all(path, &n);
        if (p) {
            once(p, n);
            state = (uint64_t)done;
            for (int r = 0; r < rounds && (size_t)r * n < 20000000u; r++)
                damaged(p, n);
            printf("ok %d - %s\n", ++done, names[i]->d_name);
            free(p);
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    printf("1..%d\n", done);
    return done ? 0 : 1;
}
