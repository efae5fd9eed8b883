/* outages.c: see outage.h. */
#include "town/desk/outages.h"

#include <string.h>

#include "base/json_read.h"
#include "mizo/number.h"

static void keep_text(const json_token *k, char *out, size_t cap)
{
    size_t n = strlen(k->text);
    while (n >= cap || (n && ((unsigned char)k->text[n] & 0xc0) == 0x80)) /* never within a letter */
        n--;
    memcpy(out, k->text, n);
    out[n] = '\0';
}

static mizo_err read_outage(const char *text, int offset, outage *o)
{
    json_reader r;
    json_token k;
    memset(o, 0, sizeof *o);
    json_read_init(&r, text, strlen(text));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_END) {
        if (k.depth != 1 || (k.kind != JSON_STRING && k.kind != JSON_NUMBER))
            continue;
        if (strcmp(k.key, "plant") == 0)
            keep_text(&k, o->plant, sizeof o->plant);
        else if (strcmp(k.key, "furnace") == 0)
            keep_text(&k, o->furnace, sizeof o->furnace);
        else if (strcmp(k.key, "note") == 0)
            keep_text(&k, o->note, sizeof o->note);
        else if (strcmp(k.key, "from") == 0)
            MIZO_TRY(mizo_ms_parse(k.text, strlen(k.text), offset, &o->from));
        else if (strcmp(k.key, "to") == 0)
            MIZO_TRY(mizo_ms_parse(k.text, strlen(k.text), offset, &o->to));
        else if (strcmp(k.key, "output_w") == 0)
            MIZO_TRY(mizo_decimal_parse(k.text, strlen(k.text), 0, &o->output_w));
    }
    return MIZO_OK;
}

typedef struct scan {
    store *s;
    int offset;
    mizo_ms from, to, by;
    mizo_err (*fn)(void *arg, const outage *o);
    void *arg;
} scan;

static mizo_err take(void *arg, const store_record *rec)
{
    const scan *x = arg;
    outage o;
    mizo_ms known;
    if (read_outage(rec->json, x->offset, &o))
        return MIZO_ESTORE;
    if (o.to <= x->from || o.from >= x->to)
        return MIZO_OK;
    MIZO_TRY(store_batch_known(x->s, rec->batch, &known));
    return known > x->by ? MIZO_OK : x->fn(x->arg, &o);
}

mizo_err outage_scan(store *s, int offset, mizo_ms from, mizo_ms to, mizo_ms by,
                     mizo_err (*fn)(void *arg, const outage *o), void *arg)
{
    scan x = { s, offset, from, to, by, fn, arg };
    mizo_err e = s->ops->record_scan(s, "outage", NULL, take, &x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

int outage_covers(const outage *o, mizo_slot slot)
{
    mizo_ms begin = mizo_slot_ms(slot), end = mizo_slot_ms(slot + 1);
    mizo_ms from = o->from > begin ? o->from : begin, to = o->to < end ? o->to : end;
    return to > from ? (int)((to - from) * MIZO_PPM / (end - begin)) : 0;
}
