/* api_claims.c: a claim over kWh, certificates assigned to a menu or party and used up: acts of town/ in the name of who
 * asked, inside the writer's batch. A second claim is refused with the first one's place. */
#include <stdio.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/proof/certificate.h"
#include "town/proof/claim.h"

enum { NOTE = 200 };

typedef struct wanted {
    char id[MIZO_ID_MAX], kind[24], of[MIZO_ID_MAX], measure[MIZO_ID_MAX], by[NOTE * 4 + 4],
        note[NOTE * 4 + 4];
    char lot[MIZO_ID_MAX], menu[MIZO_ID_MAX], party[MIZO_ID_MAX];
    mizo_day from, to;
    int64_t wh, fy;
} wanted;

#define PLACE(member)  offsetof(wanted, member), sizeof((wanted *)0)->member
#define NUMBER(member) offsetof(wanted, member), 0

/* clang-format off */
static const shape_field claim_rows[] = {
    { "id", SHAPE_ID, true, 1, 40, NULL, PLACE(id) },
    { "kind", SHAPE_TEXT, true, 1, 23, claim_words, PLACE(kind) },
    { "of", SHAPE_ID, true, 1, 40, NULL, PLACE(of) },
    { "from", SHAPE_DAY, true, 0, 0, NULL, NUMBER(from) },
    { "to", SHAPE_DAY, true, 0, 0, NULL, NUMBER(to) },
    { "measure", SHAPE_ID, false, 1, 40, NULL, PLACE(measure) },
    { "wh", SHAPE_INT, false, 0, INT64_MAX / 1000, NULL, NUMBER(wh) },
    { "by", SHAPE_TEXT, false, 0, NOTE, NULL, PLACE(by) },
    { "note", SHAPE_TEXT, false, 0, NOTE, NULL, PLACE(note) },
};
static const shape_field assign_rows[] = {
    { "lot", SHAPE_ID, true, 1, 40, NULL, PLACE(lot) },
    { "menu", SHAPE_ID, false, 1, 40, NULL, PLACE(menu) },
    { "party", SHAPE_ID, false, 1, 40, NULL, PLACE(party) },
    { "fy", SHAPE_INT, true, 2000, 2200, NULL, NUMBER(fy) },
    { "wh", SHAPE_INT, false, 0, INT64_MAX / 1000, NULL, NUMBER(wh) },
};
static const shape_field retire_rows[] = {
    { "menu", SHAPE_ID, false, 1, 40, NULL, PLACE(menu) },
    { "party", SHAPE_ID, false, 1, 40, NULL, PLACE(party) },
    { "fy", SHAPE_INT, true, 2000, 2200, NULL, NUMBER(fy) },
};
/* clang-format on */

static mizo_err read_body(api_write *w, const shape_field *rows, size_t n, wanted *out)
{
    *out = (wanted){ 0 };
    return api_body(w, rows, n, out);
}

static const char *given(const char *s)
{
    return *s ? s : NULL;
}

static void answer(api_write *w, const char *id, mizo_wh wh)
{
    json j;
    api_begin(w->out, &j);
    json_text(&j, "id", id);
    json_int(&j, "wh", wh);
    json_end(&j);
}

mizo_err api_claim_write(api_write *w)
{
    wanted k;
    claim_done done;
    char dir[API_DIR];
    MIZO_TRY(read_body(w, claim_rows, sizeof claim_rows / sizeof *claim_rows, &k));
    town t = api_town_of(w->c, w->store, w->diags, dir);
    int kind = 0;
    while (claim_words[kind] && strcmp(claim_words[kind], k.kind))
        kind++;
    claim_want want = { .id = k.id,
                        .kind = (claim_kind)kind,
                        .of = k.of,
                        .measure = given(k.measure),
                        .from = k.from,
                        .to = k.to + 1,
                        .wh = k.wh,
                        .by = given(k.by),
                        .note = given(k.note) };
    (void)snprintf(w->object, sizeof w->object, "claim/%s", k.id);
    MIZO_TRY(api_failed(w, claim_post(&t, &want, w->who.name, &done)));
    answer(w, k.id, done.wh);
    return MIZO_OK;
}

mizo_err api_certificates_write(api_write *w)
{
    char dir[API_DIR];
    certificate_result s;
    json j;
    const http_request *r = w->c->request;
    town t = api_town_of(w->c, w->store, w->diags, dir);
    register_file f = { .kind = "certificates",
                        .with = "registry",
                        .name = "certificates.csv",
                        .actor = w->who.name,
                        .bytes = r->body,
                        .n = r->nbody };
    (void)snprintf(w->object, sizeof w->object, "certificate/%s", f.name);
    MIZO_TRY(api_file_failed(
        w, &f, certificate_import_text(&t, f.name, r->body ? r->body : "", r->nbody, w->who.name, &s)));
    api_begin(w->out, &j);
    json_int(&j, "lots", s.rows);
    json_int(&j, "added", s.added);
    json_int(&j, "priced", s.priced);
    json_int(&j, "wh", s.wh);
    json_end(&j);
    return MIZO_OK;
}

mizo_err api_certificate_assign_write(api_write *w)
{
    wanted k;
    mizo_wh wh;
    char dir[API_DIR];
    MIZO_TRY(read_body(w, assign_rows, sizeof assign_rows / sizeof *assign_rows, &k));
    town t = api_town_of(w->c, w->store, w->diags, dir);
    (void)snprintf(w->object, sizeof w->object, "certificate/%s", k.lot);
    MIZO_TRY(api_failed(
        w, certificate_assign(&t, k.lot, given(k.menu), given(k.party), (int)k.fy, k.wh, w->who.name, &wh)));
    answer(w, k.lot, wh);
    return MIZO_OK;
}

mizo_err api_certificate_retire_write(api_write *w)
{
    wanted k;
    mizo_wh wh;
    char dir[API_DIR];
    MIZO_TRY(read_body(w, retire_rows, sizeof retire_rows / sizeof *retire_rows, &k));
    town t = api_town_of(w->c, w->store, w->diags, dir);
    const char *id = *k.menu ? k.menu : k.party;
    (void)snprintf(w->object, sizeof w->object, "certificate/%s", id);
    MIZO_TRY(
        api_failed(w, certificate_retire(&t, given(k.menu), given(k.party), (int)k.fy, w->who.name, &wh)));
    answer(w, id, wh);
    return MIZO_OK;
}
