/* yaml.c: region.yaml, one flat list of keys, read event by event so that every mistake is said. */
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "mizo/messages/region.h"
#include "region/build.h"

enum { YAML_DEPTH = 8 };

typedef struct reader {
    region_builder *b;
    yaml_parser_t parser;
    yaml_event_t event;
    bool held;            /* event has one to be deleted */
    const field_row *key; /* rows of the file */
    size_t nkey;
    int seen[REGION_FILE_FIELDS]; /* line of each key, 0: not yet */
    row_meta meta;
} reader;

static mizo_place at_mark(const yaml_mark_t *m)
{
    return MIZO_AT(region_files[FILE_REGION].name, (int)m->line + 1, (int)m->column + 1);
}

static void say_at(reader *r, mizo_msg id, const yaml_mark_t *m, const char *a, const char *c2,
                   const char *c3)
{
    region_say(r->b, id, at_mark(m), (const char *const[MIZO_DIAG_PARAMS]){ a, c2, c3 });
}

/* The next event; false: the text cannot be read on, which is said. */
static bool next(reader *r)
{
    if (r->held)
        yaml_event_delete(&r->event);
    r->held = false;
    if (yaml_parser_parse(&r->parser, &r->event)) {
        r->held = true;
        return true;
    }
    if (r->parser.error == YAML_MEMORY_ERROR) {
        r->b->err = MIZO_ENOMEM;
        return false;
    }
    const char *why = r->parser.problem ? r->parser.problem : "?";
    say_at(r, MIZO_MSG_REGION_YAML_SYNTAX, &r->parser.problem_mark, why, NULL, NULL);
    return false;
}

static const char *kind_of(yaml_event_type_t t)
{
    switch (t) {
    case YAML_SCALAR_EVENT:
        return "a single value";
    case YAML_SEQUENCE_START_EVENT:
        return "a list (- ...)";
    case YAML_MAPPING_START_EVENT:
        return "a block of keys";
    case YAML_ALIAS_EVENT:
        return "an alias (*)";
    default:
        return "nothing";
    }
}

/* What is never allowed, wherever it stands. */
static void check_event(reader *r)
{
    const yaml_event_t *e = &r->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    bool alias = e->type == YAML_ALIAS_EVENT;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
    }
    if (anchor || alias)
        say_at(r, MIZO_MSG_REGION_YAML_ALIAS, &e->start_mark, NULL, NULL, NULL);
    if (tag) {
        const char *text = (const char *)tag;
        say_at(r, MIZO_MSG_REGION_YAML_TAG, &e->start_mark, region_quote(r->b, text, strlen(text)), NULL,
               NULL);
    }
}

static int step_of(yaml_event_type_t t)
{
    if (t == YAML_MAPPING_START_EVENT || t == YAML_SEQUENCE_START_EVENT)
        return 1;
    return t == YAML_MAPPING_END_EVENT || t == YAML_SEQUENCE_END_EVENT ? -1 : 0;
}

/* Goes past the value that begins with the event in hand. */
static bool skip_value(reader *r)
{
    int depth = 0;
    bool said = false;
    for (;;) {
        check_event(r);
        depth += step_of(r->event.type);
        if (depth > YAML_DEPTH && !said) {
            said = true;
            say_at(r, MIZO_MSG_REGION_YAML_DEEP, &r->event.start_mark, region_number(r->b, YAML_DEPTH, 0),
                   NULL, NULL);
        }
        if (depth > 16 * YAML_DEPTH) /* enough to know; the parser's own stack is left small */
            return false;
        if (depth == 0)
            return true;
        if (!next(r))
            return false;
    }
}

static const char *names_of(reader *r)
{
    buf names;
    buf_init(&names, 1 << 12);
    for (size_t i = 0; i < r->nkey; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", r->key[i].name);
    const char *s = arena_copy(r->b->work, names.p ? names.p : "", names.n);
    buf_fini(&names);
    if (!s)
        r->b->err = MIZO_ENOMEM;
    return s ? s : "";
}

static void unknown_key(reader *r, const char *key, size_t n)
{
    const char *words[REGION_FILE_FIELDS];
    char folded[64];
    text_fold(key, n, folded, sizeof folded);
    for (size_t i = 0; i < r->nkey; i++)
        words[i] = r->key[i].name;
    const char *near = text_nearest(folded, words, r->nkey);
    const char *quoted = region_quote(r->b, key, n);
    if (near)
        say_at(r, MIZO_MSG_REGION_KEY_NEAR, &r->event.start_mark, quoted, near, NULL);
    else
        say_at(r, MIZO_MSG_REGION_KEY_UNKNOWN, &r->event.start_mark, quoted, names_of(r), NULL);
}

/* The place of a key in the rows; -1: not ours, -2: an x- key. */
static int find_key(reader *r)
{
    const char *s = (const char *)r->event.data.scalar.value;
    size_t n = r->event.data.scalar.length;
    for (size_t i = 0; i < r->nkey; i++)
        if (strlen(r->key[i].name) == n && memcmp(s, r->key[i].name, n) == 0)
            return (int)i;
    if (n >= 2 && memcmp(s, "x-", 2) == 0)
        return -2;
    unknown_key(r, s, n);
    return -1;
}

/* Marks the key as seen; false: it stood before, which is said. */
static bool first_time(reader *r, int k)
{
    int line = (int)r->event.start_mark.line + 1;
    if (r->seen[k]) {
        say_at(r, MIZO_MSG_REGION_KEY_TWICE, &r->event.start_mark, r->key[k].name,
               region_number(r->b, r->seen[k], 0), NULL);
        return false;
    }
    r->seen[k] = line;
    return true;
}

static bool null_word(const yaml_event_t *e)
{
    const char *s = (const char *)e->data.scalar.value;
    return e->data.scalar.plain_implicit && (strcmp(s, "~") == 0 || strcmp(s, "null") == 0);
}

/* The value of key k begins with the event in hand. */
static bool read_value(reader *r, int k)
{
    const yaml_event_t *e = &r->event;
    mizo_place at = at_mark(&e->start_mark);
    r->b->head_at[k] = at;
    if (e->type != YAML_SCALAR_EVENT) {
        if (e->type != YAML_ALIAS_EVENT)
            say_at(r, MIZO_MSG_REGION_YAML_SINGLE, &e->start_mark, r->key[k].name, kind_of(e->type),
                   region_expects(r->b, &r->key[k]));
        return skip_value(r);
    }
    check_event(r);
    size_t n = null_word(e) ? 0 : e->data.scalar.length;
    region_field_set(r->b, &r->key[k], 0, (const char *)e->data.scalar.value, n, at.line, at.column,
                     &r->b->head, &r->meta);
    return true;
}

static bool read_pair(reader *r)
{
    int k = -1;
    if (r->event.type == YAML_SCALAR_EVENT) {
        check_event(r);
        k = find_key(r);
        if (k >= 0 && !first_time(r, k))
            k = -1;
    } else {
        if (r->event.type != YAML_ALIAS_EVENT)
            say_at(r, MIZO_MSG_REGION_YAML_TOP, &r->event.start_mark, kind_of(r->event.type), NULL, NULL);
        if (!skip_value(r))
            return false;
    }
    if (!next(r))
        return false;
    return k >= 0 ? read_value(r, k) : skip_value(r);
}

/* The document's root has just come. */
static bool read_root(reader *r)
{
    if (r->event.type != YAML_MAPPING_START_EVENT) {
        say_at(r, MIZO_MSG_REGION_YAML_TOP, &r->event.start_mark, kind_of(r->event.type), NULL, NULL);
        return skip_value(r);
    }
    check_event(r);
    while (next(r)) {
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!read_pair(r))
            return false;
    }
    return false;
}

/* True when the text could be read to its end, so that what was not seen is missing. */
static bool read_stream(reader *r)
{
    int documents = 0;
    while (next(r)) {
        if (r->event.type == YAML_STREAM_END_EVENT)
            return true;
        if (r->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (++documents > 1) {
            say_at(r, MIZO_MSG_REGION_YAML_DOCUMENTS, &r->event.start_mark, NULL, NULL, NULL);
            return true;
        }
        if (!next(r) || !read_root(r))
            return false;
    }
    return false;
}

void region_read_yaml(region_builder *b, const char *text, size_t n)
{
    reader r = { .b = b };
    r.key = region_fields_of(FILE_REGION, &r.nkey);
    for (size_t i = 0; i < r.nkey; i++)
        region_field_default(&r.key[i], &b->head);
    b->t[FILE_REGION].present = true;
    if (!yaml_parser_initialize(&r.parser)) {
        b->err = MIZO_ENOMEM;
        return;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
    bool whole = read_stream(&r);
    if (r.held)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    for (size_t i = 0; whole && i < r.nkey; i++)
        if (r.key[i].needed && !r.seen[i])
            SAY(b, KEY_MISSING, FILE_REGION, 1, 1, r.key[i].name, region_expects(b, &r.key[i]));
}
