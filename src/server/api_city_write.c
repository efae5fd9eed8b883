/* api_city_write.c: what the office writes on its pages: a result of an indicator. An act of town/ in the name of who
 * asked, inside the writer's batch; with If-Match a figure that somebody changed since is not written over. */
#include <stdio.h>
#include <stdlib.h>

#include "base/shape.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/city.h"

typedef struct entry_body {
    char indicator[MIZO_ID_MAX], fy[32], value[NOTE_TEXT], vintage[16], source[NOTE_TEXT], note[NOTE_TEXT];
    bool rounded;
    mizo_day on;
} entry_body;

#define PLACE(member) offsetof(entry_body, member), sizeof((entry_body *)0)->member

/* clang-format off */
static const char *const vintage_words[] = { "provisional", "revised", "final", NULL };
static const shape_field entry_rows[] = {
    { "indicator", SHAPE_ID, true, 1, 40, NULL, PLACE(indicator) },
    { "fy", SHAPE_TEXT, true, 1, 10, NULL, PLACE(fy) },
    { "value", SHAPE_TEXT, true, 1, 80, NULL, PLACE(value) },
    { "vintage", SHAPE_TEXT, false, 1, 11, vintage_words, PLACE(vintage) },
    { "source", SHAPE_TEXT, true, 1, 120, NULL, PLACE(source) },
    { "note", SHAPE_TEXT, false, 0, 120, NULL, PLACE(note) },
    { "rounded", SHAPE_BOOL, false, 0, 0, NULL, offsetof(entry_body, rounded), 0 },
    { "on", SHAPE_DAY, false, 0, 0, NULL, offsetof(entry_body, on), 0 },
};
/* clang-format on */

static mizo_err enter(api_write *w, town *t, const entry_body *b, note *n)
{
    const city_entry e = {
        .indicator = b->indicator,
        .fy = b->fy,
        .value = b->value,
        .vintage = *b->vintage ? b->vintage : "final",
        .source = b->source,
        .note = *b->note ? b->note : NULL,
        .rounded = b->rounded,
        .on = b->on == MIZO_DAY_NONE ? w->c->view->day : b->on,
        .today = mizo_slot_day(mizo_ms_slot(w->now), t->region->offset), /* of the machine */
        .after = auth_version(w->c->request->proof.if_match),
        .actor = w->who.name,
    };
    return api_failed(w, city_enter(t, &e, n));
}

mizo_err api_city_result_write(api_write *w)
{
    entry_body b;
    char dir[API_DIR];
    json j;
    MIZO_TRY(api_needs_view(w));
    MIZO_TRY(api_body(w, entry_rows, sizeof entry_rows / sizeof *entry_rows, &b));
    town t = api_town_of(w->c, w->store, w->diags, dir);
    note *n = calloc(1, sizeof *n);
    mizo_err e = n ? enter(w, &t, &b, n) : MIZO_ENOMEM;
    if (!e) {
        (void)snprintf(w->object, sizeof w->object, "result/%s", n->id);
        (void)snprintf(w->after, sizeof w->after, "%.79s", b.value);
        (void)snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)n->version);
        api_begin(w->out, &j);
        note_json(n, t.region->offset, &j);
        json_array(&j, "said");
        for (size_t i = 0; i < mizo_diags_kept(w->diags); i++)
            api_diag(&j, NULL, mizo_diags_at(w->diags, i));
        json_end(&j);
        json_end(&j);
    }
    free(n);
    return e;
}
