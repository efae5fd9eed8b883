/* block.c: the stored form of a day of a series. docs/formats/block.md has the bytes. */
#include <string.h>

#include "mizo/series.h"

enum {
    BLOCK_FORMAT = 0x10,
    BLOCK_MISSING = 1, /* the code with all bits set is missing */
    BLOCK_SCALE = 2,   /* the deltas are divided by a common factor */
    BLOCK_QUALITY = 4, /* runs of qualities follow the values */
    BLOCK_FLAGS = 7,
    VARINT_MAX = 5
};

/* ---- varints: seven bits a byte, low first ---- */

static uint8_t *put_varint(uint8_t *p, uint32_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

/* NULL: past the end or too long. */
static const uint8_t *get_varint(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
    uint32_t out = 0;
    for (int shift = 0; p && p < end && shift < 35; shift += 7) {
        uint32_t b = *p++;
        if (shift == 28 && b > 15)
            return NULL;
        out |= (b & 0x7f) << shift;
        if (!(b & 0x80)) {
            *v = out;
            return p;
        }
    }
    return NULL;
}

static uint32_t zigzag(int32_t v)
{
    return v < 0 ? ~((uint32_t)v << 1) : (uint32_t)v << 1;
}

static int32_t unzigzag(uint32_t u)
{
    return (int32_t)((u >> 1) ^ (0u - (u & 1)));
}

/* ---- what a block holds ---- */

typedef struct shape {
    int32_t least;  /* of the values that are there */
    uint32_t most;  /* largest delta from it */
    uint32_t scale; /* common factor of the deltas, 1 or more */
    int missing, width;
} shape;

static uint32_t gcd(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* The largest factor of all deltas. Stops at 1, which most series reach at once. */
static uint32_t common_factor(const mizo_block *b, int32_t least)
{
    uint32_t g = 0;
    for (int i = 0; i < b->n && g != 1; i++)
        if (b->v[i] != MIZO_MISSING)
            g = gcd((uint32_t)b->v[i] - (uint32_t)least, g);
    return g ? g : 1;
}

static shape look(const mizo_block *b)
{
    int32_t least = INT32_MAX, most = INT32_MIN;
    int missing = 0;
    for (int i = 0; i < b->n; i++) {
        int32_t v = b->v[i];
        missing += v == MIZO_MISSING;
        least = v < least && v != MIZO_MISSING ? v : least;
        most = v > most ? v : most;
    }
    shape s = { .missing = missing, .scale = 1 };
    if (missing == b->n)
        return s;
    s.least = least;
    s.scale = common_factor(b, least);
    s.most = ((uint32_t)most - (uint32_t)least) / s.scale;
    uint32_t need = missing ? s.most + 1 : s.most; /* room for the code of a missing value */
    s.width = need ? 32 - __builtin_clz(need) : 0;
    return s;
}

/* ---- bits, least significant first ---- */

static uint8_t *put_bits(uint8_t *p, const mizo_block *b, const shape *s)
{
    uint64_t acc = 0;
    int have = 0, w = s->width;
    uint32_t none = w == 32 ? UINT32_MAX : (1u << w) - 1, least = (uint32_t)s->least, scale = s->scale;
    for (int i = 0; i < b->n; i++) {
        uint32_t delta = (uint32_t)b->v[i] - least;
        if (scale != 1)
            delta /= scale;
        acc |= (uint64_t)(b->v[i] == MIZO_MISSING ? none : delta) << have;
        have += w;
        if (have >= 32) {
            for (int k = 0; k < 4; k++)
                *p++ = (uint8_t)(acc >> (8 * k));
            acc >>= 32;
            have -= 32;
        }
    }
    for (; have > 0; have -= 8, acc >>= 8)
        *p++ = (uint8_t)acc;
    return p;
}

typedef struct plan {
    int32_t least;
    uint32_t scale, none; /* none: the code of a missing value */
    int width;
    bool missing;
} plan;

/* False: a value does not fit. */
static bool get_bits(const uint8_t *p, const uint8_t *end, const plan *h, int32_t *v, int n)
{
    uint64_t acc = 0, mask = ((uint64_t)1 << h->width) - 1;
    int have = 0;
    for (int i = 0; i < n; i++) {
        while (have < h->width) {
            if (have <= 32 && end - p >= 4) {
                uint32_t four =
                    (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
                acc |= (uint64_t)four << have;
                p += 4;
                have += 32;
            } else {
                acc |= (uint64_t)*p++ << have;
                have += 8;
            }
        }
        uint32_t code = (uint32_t)(acc & mask);
        acc >>= h->width;
        have -= h->width;
        int64_t value = (int64_t)h->least + (int64_t)((uint64_t)code * h->scale & INT64_MAX);
        if (h->missing && code == h->none)
            value = MIZO_MISSING;
        else if (value > INT32_MAX || value == MIZO_MISSING)
            return false;
        v[i] = (int32_t)value;
    }
    return true;
}

/* ---- qualities: runs of (length << 3 | quality); length 0 is "to the end" ---- */

/* True if every value that is there was measured: then nothing is written. */
static bool plain_quality(const mizo_block *b)
{
    if (!b->q)
        return true;
    uint8_t other = 0;
    for (int i = 0; i < b->n; i++)
        other |= b->v[i] != MIZO_MISSING ? b->q[i] : 0;
    return other == MIZO_QUALITY_MEASURED;
}

/* Where the run that begins at i ends; missing values belong to any run. */
static int run_end(const mizo_block *b, int i, uint8_t *quality)
{
    *quality = MIZO_QUALITY_MEASURED;
    bool known = false;
    for (; i < b->n; i++) {
        if (b->v[i] == MIZO_MISSING)
            continue;
        if (known && b->q[i] != *quality)
            break;
        *quality = b->q[i];
        known = true;
    }
    return i;
}

static uint8_t *put_qualities(uint8_t *p, const mizo_block *b)
{
    for (int i = 0; i < b->n;) {
        uint8_t quality;
        int end = run_end(b, i, &quality);
        p = put_varint(p, (uint32_t)(end == b->n ? 0 : end - i) << 3 | (quality & 7u));
        i = end;
    }
    return p;
}

static const uint8_t *get_qualities(const uint8_t *p, const uint8_t *end, mizo_block *b)
{
    for (int i = 0; i < b->n;) {
        uint32_t run;
        p = get_varint(p, end, &run);
        uint32_t len = run >> 3;
        if (!p || len > (uint32_t)(b->n - i) || (run & 7) == MIZO_QUALITY_ABSENT)
            return NULL;
        int to = len ? i + (int)len : b->n;
        for (; i < to; i++)
            if (b->q && b->v[i] != MIZO_MISSING)
                b->q[i] = (uint8_t)(run & 7);
    }
    return p;
}

static void start_qualities(mizo_block *b)
{
    for (int i = 0; b->q && i < b->n; i++)
        b->q[i] = b->v[i] == MIZO_MISSING ? MIZO_QUALITY_ABSENT : MIZO_QUALITY_MEASURED;
}

/* ---- the whole ---- */

static size_t pack(const mizo_block *b, uint8_t *out)
{
    shape s = look(b);
    bool plain = plain_quality(b);
    uint8_t *p = out;
    *p++ = (uint8_t)(BLOCK_FORMAT | (s.missing ? BLOCK_MISSING : 0) | (s.scale > 1 ? BLOCK_SCALE : 0) |
                     (plain ? 0 : BLOCK_QUALITY));
    p = put_varint(p, (uint32_t)b->n);
    *p++ = (uint8_t)s.width;
    p = put_varint(p, zigzag(s.least));
    if (s.scale > 1)
        p = put_varint(p, s.scale);
    p = put_bits(p, b, &s);
    if (!plain)
        p = put_qualities(p, b);
    return (size_t)(p - out);
}

size_t mizo_block_pack(const mizo_block *b, uint8_t *out, size_t cap)
{
    if (b->n < 1 || b->n > MIZO_BLOCK_MAX)
        return 0;
    if (cap >= MIZO_PACK_MAX || cap >= 24 + (size_t)b->n * 6)
        return pack(b, out);
    uint8_t whole[MIZO_PACK_MAX];
    size_t len = pack(b, whole);
    if (len > cap)
        return 0;
    memcpy(out, whole, len);
    return len;
}

/* Reads the format byte and n. NULL: not a block. */
static const uint8_t *get_head(const uint8_t *p, size_t len, uint8_t *flags, int *n)
{
    if (len < 2 || (p[0] & ~BLOCK_FLAGS) != BLOCK_FORMAT)
        return NULL;
    uint32_t count;
    *flags = p[0] & BLOCK_FLAGS;
    const uint8_t *next = get_varint(p + 1, p + len, &count);
    if (!next || count < 1 || count > MIZO_BLOCK_MAX)
        return NULL;
    *n = (int)count;
    return next;
}

int mizo_block_count(const uint8_t *p, size_t len)
{
    uint8_t flags;
    int n;
    return get_head(p, len, &flags, &n) ? n : 0;
}

mizo_err mizo_block_unpack(const uint8_t *p, size_t len, mizo_block *b)
{
    const uint8_t *end = p + len;
    uint8_t flags;
    int n;
    uint32_t least = 0, scale = 1;
    p = get_head(p, len, &flags, &n);
    if (!p || n != b->n || p == end || *p > 32)
        return MIZO_EINPUT;
    int width = *p++;
    p = get_varint(p, end, &least);
    if (p && flags & BLOCK_SCALE)
        p = get_varint(p, end, &scale);
    size_t bytes = ((size_t)n * (size_t)width + 7) / 8;
    if (!p || bytes > (size_t)(end - p))
        return MIZO_EINPUT;
    plan h = { unzigzag(least), scale, (uint32_t)(((uint64_t)1 << width) - 1), width, flags & BLOCK_MISSING };
    if (!get_bits(p, p + bytes, &h, b->v, n))
        return MIZO_EINPUT;
    p += bytes;
    start_qualities(b);
    if (flags & BLOCK_QUALITY)
        p = get_qualities(p, end, b);
    return p == end ? MIZO_OK : MIZO_EINPUT;
}
