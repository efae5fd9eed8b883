/* desk_outage.c: plants that stand still or send less on a day: records of kind `outage`, which their workbooks leave. */
#include <string.h>

#include "town/desk_inner.h"

static void keep_text(const json_token *k, char *out, size_t cap)
{
    size_t n = strlen(k->text);
    while (n >= cap || (n && ((unsigned char)k->text[n] & 0xc0) == 0x80)) /* never within a letter */
        n--;
    memcpy(out, k->text, n);
    out[n] = '\0';
}

static mizo_err read_outage(const char *text, int offset, desk_outage *o)
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

/* Does the group take from the plant on the day? */
static bool feeds(const desk_day *d, const char *plant)
{
    const mizo_region *r = d->region;
    for (size_t i = 0; i < r->nsource; i++) {
        const mizo_source *s = &r->source[i];
        if (s->plant >= 0 && strcmp(r->plant[s->plant].id, plant) == 0 &&
            desk_source_of(r, d->group, s, d->day))
            return true;
    }
    return false;
}

static mizo_err take_outage(void *arg, const store_record *rec)
{
    desk_day *d = arg;
    desk_outage o;
    mizo_slot first = mizo_day_slot(d->day, d->region->offset);
    if (d->noutage == DESK_OUTAGES)
        return MIZO_OK;
    if (read_outage(rec->json, d->region->offset, &o))
        return MIZO_ESTORE;
    if (o.to > mizo_slot_ms(first) && o.from < mizo_slot_ms(first + DESK_SLOTS) && feeds(d, o.plant))
        d->outage[d->noutage++] = o;
    return MIZO_OK;
}

mizo_err desk_outages(store *s, desk_day *d)
{
    mizo_err e = s->ops->record_scan(s, "outage", NULL, take_outage, d);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
