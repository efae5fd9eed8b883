/* chain.c: the hash of the journal. docs/formats/hash.md has the bytes. */
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "mizo/books.h"

enum { CHAIN_FORMAT = 1, CHAIN_ROOM = 1024, CHAIN_TEXT = 5 };

/* The layout is gathered here; what is longer than the room goes through in pieces. */
typedef struct sink {
    crypto_generichash_state state;
    bool streaming;
    size_t n;
    uint8_t bytes[CHAIN_ROOM];
} sink;

static void flush(sink *s)
{
    if (!s->streaming)
        (void)crypto_generichash_init(&s->state, NULL, 0, MIZO_CHAIN_BYTES);
    s->streaming = true;
    (void)crypto_generichash_update(&s->state, s->bytes, s->n);
    s->n = 0;
}

static void add(sink *s, const void *p, size_t n)
{
    const uint8_t *from = p;
    while (n) {
        if (s->n == CHAIN_ROOM)
            flush(s);
        size_t k = n < CHAIN_ROOM - s->n ? n : CHAIN_ROOM - s->n;
        memcpy(s->bytes + s->n, from, k);
        s->n += k;
        from += k;
        n -= k;
    }
}

static void add64(sink *s, int64_t v)
{
    uint8_t b[8];
    put_le64(b, (uint64_t)v);
    add(s, b, sizeof b);
}

static void add_text(sink *s, const char *text)
{
    uint8_t b[4];
    size_t n = text ? strlen(text) : 0;
    put_le32(b, (uint32_t)n);
    add(s, b, sizeof b);
    add(s, text, n);
}

/* Seven bits a byte, low first: most slots take two bytes instead of four. */
static void add_slots(sink *s, const int32_t *slots)
{
    uint8_t b[MIZO_DAY_SLOTS * 5];
    size_t n = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        uint32_t v = (uint32_t)slots[i];
        for (; v >= 0x80; v >>= 7)
            b[n++] = (uint8_t)(v | 0x80);
        b[n++] = (uint8_t)v;
    }
    add(s, b, n);
}

void mizo_entry_chain(const uint8_t head[MIZO_CHAIN_BYTES], const mizo_entry *e,
                      uint8_t out[MIZO_CHAIN_BYTES])
{
    sink s;
    s.streaming = false;
    s.n = 0;
    const char *const text[CHAIN_TEXT] = { e->from, e->to, e->unit, e->kind, e->ref };
    add(&s, head, MIZO_CHAIN_BYTES);
    const uint8_t first[2] = { CHAIN_FORMAT, e->slots != NULL };
    add(&s, first, sizeof first);
    add64(&s, e->seq);
    add64(&s, e->known);
    add64(&s, e->day);
    add64(&s, e->amount);
    for (int i = 0; i < CHAIN_TEXT; i++)
        add_text(&s, text[i]);
    if (e->slots)
        add_slots(&s, e->slots);
    if (!s.streaming) {
        (void)crypto_generichash(out, MIZO_CHAIN_BYTES, s.bytes, s.n, NULL, 0);
        return;
    }
    flush(&s);
    (void)crypto_generichash_final(&s.state, out, MIZO_CHAIN_BYTES);
}
