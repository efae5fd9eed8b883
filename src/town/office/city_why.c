/* city_why.c: see city_why.h. */
#include "town/office/city_why.h"

void city_step_text(const city_step *s, bool shown, const char *lang, buf *out)
{
    figure_style style = city_style(s->indicator);
    if (!shown) {
        style.digits = 6;
        style.about = false;
    }
    if (!s->holds || figure_text(s->holds->v.mid, &style, shown ? lang : "ja", out))
        buf_str(out, "–");
}

const char *city_step_source(const city_step *s)
{
    if (s->goal)
        return s->goal->source;
    return !s->value ? "" : s->value->row ? s->value->row->source : s->indicator->formula;
}

static const char *or_null(const char *s)
{
    return s && *s ? s : NULL;
}

static mizo_err put_text(const city_step *s, const char *key, bool shown, const char *lang, json *j)
{
    buf text;
    buf_init(&text, 0);
    city_step_text(s, shown, lang, &text);
    mizo_err e = text.err;
    json_text(j, key, e || !s->holds ? NULL : text.p);
    buf_fini(&text);
    return e;
}

typedef struct showing {
    const city_desk *desk;
    json *j;
    const char *lang;
} showing;

static void put_author(const showing *w, const void *row)
{
    const city_author *a = row ? city_author_of(w->desk, row) : NULL;
    if (!a)
        return;
    json_text(w->j, "by", a->actor);
    json_int(w->j, "version", a->version);
    json_time(w->j, "at", a->at, w->desk->books.region->offset);
}

static mizo_err put_step(void *arg, const city_step *s)
{
    const showing *w = arg;
    json *j = w->j;
    const mizo_published *row = s->value ? s->value->row : NULL;
    json_object(j, NULL);
    json_int(j, "depth", s->depth);
    json_text(j, "indicator", s->indicator->id);
    json_text(j, "name_ja", s->indicator->name_ja);
    json_text(j, "name_en", *s->indicator->name_en ? s->indicator->name_en : s->indicator->name_ja);
    json_text(j, "owner", or_null(s->indicator->owner));
    json_int(j, "fy", s->fy);
    json_bool(j, "target", s->goal != NULL);
    MIZO_TRY(put_text(s, "value", false, "ja", j));
    MIZO_TRY(put_text(s, "text", true, w->lang, j));
    MIZO_TRY(put_text(s, "text_ja", true, "ja", j));
    MIZO_TRY(put_text(s, "text_en", true, "en", j));
    json_bool(j, "rounded", s->holds && !range_exact(&s->holds->v));
    json_text(j, "formula", s->goal ? NULL : or_null(s->indicator->formula));
    json_text(j, "source", or_null(city_step_source(s)));
    json_text(j, "said", row ? row->exactness : NULL);
    json_text(j, "vintage", row ? city_vintage_text(row->vintage, "en") : NULL);
    json_text(j, "note", row ? or_null(row->note) : NULL);
    if (s->goal)
        json_text(j, "reason", or_null(s->goal->reason));
    if (row && row->on != INT32_MIN)
        json_day(j, "on", row->on);
    put_author(w, s->goal ? (const void *)s->goal : row);
    json_end(j);
    return j->out->err;
}

mizo_err city_why_json(const city_desk *d, const mizo_indicator *i, int fy, const char *lang, json *j)
{
    showing w = { d, j, lang };
    json_array(j, "steps");
    mizo_err e = city_trace(&d->books, i, fy, put_step, &w);
    json_end(j);
    return e;
}
