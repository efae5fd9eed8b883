/* line.c: a line of the register as the JSON of its record. */
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "town/register/inner.h"

mizo_err register_line_put(const register_line *l, int offset, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "direction", l->sent ? "sent" : "received");
    json_text(&j, "kind", l->kind);
    json_text(&j, "name", l->name);
    json_text(&j, "with", l->with);
    json_day(&j, "from", l->from);
    json_day(&j, "to", l->to);
    json_int(&j, "version", l->version);
    if (l->refused)
        json_bool(&j, "refused", true);
    json_text(&j, "hash", l->hash);
    json_text(&j, "kept", l->kept);
    json_int(&j, "bytes", l->n);
    json_text(&j, "who", l->actor);
    json_time(&j, "at", l->at, offset);
    json_text(&j, "note", l->note);
    json_int(&j, "answers", l->nanswer);
    if (l->nanswer) {
        json_text(&j, "answer", l->answer.text);
        json_text(&j, "answer_who", l->answer.actor);
        json_time(&j, "answer_at", l->answer.at, offset);
    }
    json_end(&j);
    return out->err;
}

void register_text(void *to, const char *s, size_t cap)
{
    size_t n = strnlen(s, cap - 1);
    memcpy(to, s, n);
    ((char *)to)[n] = '\0';
}

static void take_text(register_line *l, const char *key, const char *s)
{
    const struct {
        const char *key;
        char *to;
        size_t cap;
    } words[] = {
        {"kind",        l->kind,         sizeof l->kind        },
        { "name",       l->name,         sizeof l->name        },
        { "with",       l->with,         sizeof l->with        },
        { "hash",       l->hash,         sizeof l->hash        },
        { "kept",       l->kept,         sizeof l->kept        },
        { "who",        l->actor,        sizeof l->actor       },
        { "note",       l->note,         sizeof l->note        },
        { "answer",     l->answer.text,  sizeof l->answer.text },
        { "answer_who", l->answer.actor, sizeof l->answer.actor},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i].key) == 0)
            register_text(words[i].to, s, words[i].cap);
    if (strcmp(key, "direction") == 0)
        l->sent = strcmp(s, "sent") == 0;
}

static mizo_err take_time(register_line *l, const char *key, const char *s)
{
    mizo_date d;
    size_t n = strlen(s);
    if (strcmp(key, "at") == 0)
        return mizo_ms_parse(s, n, 0, &l->at);
    if (strcmp(key, "answer_at") == 0)
        return mizo_ms_parse(s, n, 0, &l->answer.at);
    if (strcmp(key, "from") && strcmp(key, "to"))
        return MIZO_OK;
    MIZO_TRY(mizo_date_parse(s, n, &d));
    *(*key == 'f' ? &l->from : &l->to) = mizo_date_day(d);
    return MIZO_OK;
}

static mizo_err take_number(register_line *l, const char *key, const char *s)
{
    int64_t v;
    MIZO_TRY(mizo_decimal_parse(s, strlen(s), 0, &v));
    if (strcmp(key, "version") == 0)
        l->version = (int)v;
    else if (strcmp(key, "answers") == 0)
        l->nanswer = (int)v;
    else if (strcmp(key, "bytes") == 0)
        l->n = v;
    return v < 0 || v > (int64_t)REGISTER_MOST ? MIZO_ESTORE : MIZO_OK;
}

mizo_err register_line_read(const store_record *r, register_line *l)
{
    json_reader in;
    json_token tok;
    memset(l, 0, sizeof *l);
    register_text(l->id, r->id, sizeof l->id);
    json_read_init(&in, r->json, strlen(r->json));
    for (;;) {
        if (json_next(&in, &tok))
            return MIZO_ESTORE;
        if (tok.kind == JSON_END)
            return *l->hash && l->version > 0 ? MIZO_OK : MIZO_ESTORE;
        if (tok.kind == JSON_TRUE && strcmp(tok.key, "refused") == 0)
            l->refused = true;
        if (tok.kind == JSON_STRING)
            take_text(l, tok.key, tok.text);
        if ((tok.kind == JSON_STRING && take_time(l, tok.key, tok.text)) ||
            (tok.kind == JSON_NUMBER && take_number(l, tok.key, tok.text)))
            return MIZO_ESTORE;
    }
}
