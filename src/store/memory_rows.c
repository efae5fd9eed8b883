/* memory_rows.c: rows of the simulated member: keys that sort as their columns, values, walks. */
#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "store/memory.h"

/* Big-endian with the sign turned: bytes sort as the numbers do. */
static void number_bytes(int64_t v, uint8_t out[8])
{
    uint64_t u = (uint64_t)v ^ (UINT64_C(1) << 63);
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(u >> (56 - 8 * i));
}

int64_t memory_number(kv_value *v)
{
    uint64_t u = 0;
    assert(v->n >= 8);
    for (int i = 0; i < 8; i++)
        u = u << 8 | v->p[i];
    v->p += 8;
    v->n -= 8;
    return (int64_t)(u ^ (UINT64_C(1) << 63));
}

const char *memory_text(kv_value *v)
{
    const char *s = (const char *)v->p;
    size_t n = strlen(s) + 1;
    assert(n <= v->n);
    v->p += n;
    v->n -= n;
    return s;
}

static void put_all(buf *b, const char *letters, va_list ap)
{
    for (; *letters; letters++) {
        if (*letters == 'i') {
            uint8_t number[8];
            number_bytes(va_arg(ap, int64_t), number);
            buf_add(b, number, sizeof number);
        } else if (*letters == 't') {
            const char *s = va_arg(ap, const char *);
            buf_add(b, s ? s : "", s ? strlen(s) + 1 : 1);
        } else {
            const void *p = va_arg(ap, const void *);
            buf_add(b, p, va_arg(ap, size_t));
        }
    }
}

memory_key memory_key_of(char table, const char *letters, ...)
{
    memory_key k = { .n = 1 };
    k.p[0] = (uint8_t)table;
    va_list ap;
    va_start(ap, letters);
    for (; *letters; letters++) {
        if (*letters == 'i') {
            number_bytes(va_arg(ap, int64_t), k.p + k.n);
            k.n += 8;
        } else {
            const char *s = va_arg(ap, const char *);
            size_t n = strnlen(s, 120);
            memcpy(k.p + k.n, s, n);
            k.n += n;
            k.p[k.n++] = 0;
        }
        assert(k.n + 130 < sizeof k.p);
    }
    va_end(ap);
    return k;
}

static kv_eye eye_of(const memory_store *s)
{
    return (kv_eye){ .snap = s->in_snapshot && !s->in_batch ? s->snap : kv_committed(s->db),
                     .txn = s->in_batch ? s->txn : 0 };
}

bool memory_get(memory_store *s, const memory_key *k, kv_value *v)
{
    return kv_get(s->db, eye_of(s), k->p, k->n, v);
}

mizo_err memory_put(memory_store *s, const memory_key *k, const char *letters, ...)
{
    buf b;
    buf_init(&b, 0);
    va_list ap;
    va_start(ap, letters);
    put_all(&b, letters, ap);
    va_end(ap);
    mizo_err e = b.err ? MIZO_ENOMEM : kv_put(s->db, k->p, k->n, b.p, b.n);
    buf_fini(&b);
    if (e)
        s->batch_err = e;
    return e;
}

memory_walk memory_walk_from(memory_store *s, memory_key prefix, const memory_key *from)
{
    memory_walk w = { .s = s, .prefix = prefix, .eye = eye_of(s) };
    w.node = from ? kv_seek(s->db, from->p, from->n) : kv_seek(s->db, prefix.p, prefix.n);
    return w;
}

/* The next row that is seen: columns of its key after the table's letter, and its value. */
bool memory_walk_next(memory_walk *w, kv_value *columns, kv_value *v)
{
    while (w->node) {
        const kv_node *node = w->node;
        size_t n;
        const uint8_t *p = kv_key(node, &n);
        if (n < w->prefix.n || memcmp(p, w->prefix.p, w->prefix.n))
            return false;
        w->node = kv_next(node);
        if (kv_see(node, w->eye, v)) {
            *columns = (kv_value){ p + 1, n - 1 };
            return true;
        }
    }
    return false;
}

int64_t memory_counter(memory_store *s, const char *name)
{
    memory_key k = memory_key_of('N', "t", name);
    kv_value v;
    return memory_get(s, &k, &v) ? memory_number(&v) : 0;
}

mizo_err memory_count(memory_store *s, const char *name, int64_t *next)
{
    memory_key k = memory_key_of('N', "t", name);
    *next = memory_counter(s, name) + 1;
    return memory_put(s, &k, "i", *next);
}

mizo_err memory_may_write(memory_store *s)
{
    return s->in_batch ? s->batch_err : MIZO_ESTORE;
}

void memory_set_changed(bool *changed, bool value)
{
    if (changed)
        *changed = value;
}
