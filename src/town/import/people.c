/* people.c: names and consumer codes in files from outside: which columns hold them, and their way to where they
 * are sealed (town/people/people.h). They go nowhere else: not into series, records, messages, FILE.bad.csv or kept bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/operator.h"
#include "town/import/operator.h"
#include "town/people/people.h"

/* ---- columns of a table ---- */

mizo_err import_people_header(import_run *im, const csv_record *header)
{
    char word[TABLE_WORD];
    MIZO_TRY(import_operator_codes(im));
    im->npersonal = 0;
    im->header_fields = header->nfield;
    for (int i = 0; i < header->nfield; i++) {
        text_fold(header->field[i].s, header->field[i].n, word, sizeof word);
        operator_meaning m = operator_column_of(im->code, im->ncode, word);
        im->personal[i] = operator_personal(m) ? (uint8_t)m : 0;
        im->npersonal += im->personal[i] != 0;
    }
    return MIZO_OK;
}

bool import_people_hide(const import_run *im, const csv_record *rec, int field)
{
    if (!im->npersonal)
        return false;
    return rec->nfield != im->header_fields || im->personal[field];
}

static void copy_field(char out[OPERATOR_TEXT], const csv_field *f)
{
    size_t n = f->n < OPERATOR_TEXT ? f->n : OPERATOR_TEXT - 1;
    while (n && n < f->n && ((unsigned char)f->s[n] & 0xc0) == 0x80) /* no half a letter */
        n--;
    memcpy(out, f->s, n);
    out[n] = '\0';
}

mizo_err import_people_row(import_run *im, const csv_record *rec, const table_row *row)
{
    operator_point p = { 0 };
    if (!im->npersonal || im->looking || rec->nfield != im->header_fields)
        return MIZO_OK;
    int32_t owner = import_owner_find(im, row->owner.s, row->owner.n);
    if (owner < 0 || im->owner[owner].kind != OWNER_POINT)
        return MIZO_OK;
    for (int i = 0; i < rec->nfield; i++)
        if (im->personal[i])
            copy_field(im->personal[i] == OPERATOR_CONSUMER ? p.consumer
                       : im->personal[i] == OPERATOR_NAME   ? p.name
                                                            : p.place,
                       &rec->field[i]);
    mizo_err e = import_keep_person(im, owner, &p);
    explicit_bzero(&p, sizeof p);
    return e;
}

/* ---- gathering ---- */

/* Only the last that a file says of a point is kept. */
mizo_err import_keep_person(import_run *im, int32_t owner, const operator_point *p)
{
    if (im->looking || (!*p->consumer && !*p->name && !*p->place))
        return MIZO_OK;
    import_owner *o = &im->owner[owner];
    if (!o->person) {
        MIZO_TRY(array_grow(&im->person, &im->person_cap, im->nperson + 1, sizeof *im->person));
        im->person[im->nperson] = (import_person){ .point = o->id };
        o->person = (int32_t)++im->nperson;
    }
    import_person *x = &im->person[o->person - 1];
    memcpy(x->consumer, p->consumer, sizeof x->consumer);
    memcpy(x->name, p->name, sizeof x->name);
    memcpy(x->place, p->place, sizeof x->place);
    return MIZO_OK;
}

/* ---- sealing ---- */

static void id_of(const import_person *x, char out[PERSON_ID])
{
    snprintf(out, PERSON_ID, "point:%s", x->point);
}

static mizo_err make_keys(const import_run *im, const people_act *a)
{
    char(*text)[PERSON_ID] = calloc(im->nperson, sizeof *text);
    const char **id = calloc(im->nperson, sizeof *id);
    mizo_err e = text && id ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < im->nperson && !e; i++) {
        id_of(&im->person[i], text[i]);
        id[i] = text[i];
    }
    if (!e)
        e = people_keys(a, id, im->nperson);
    free(id);
    free(text);
    return e;
}

static people_act act_of(const import_run *im, char reason[160])
{
    const char *slash = strrchr(im->o->path, '/');
    snprintf(reason, 160, "import %.140s", slash ? slash + 1 : im->o->path);
    return (people_act){ im->t->env, im->t->store, im->o->actor ? im->o->actor : "operator",
                         reason,     im->t->diags, im->now };
}

/* Keys are no part of a batch. Where a large file has opened it already, they go through a connection of their own. */
mizo_err import_people_keys(import_run *im)
{
    char reason[160];
    people_act a = act_of(im, reason);
    buf path;
    if (!im->nperson)
        return MIZO_OK;
    if (!im->batch_open)
        return make_keys(im, &a);
    buf_init(&path, 0);
    town_store_path(im->t->dir, &path);
    mizo_err e = path.err;
    if (!e)
        e = im->t->store->ops->open(path.p, STORE_WRITE, im->t->diags, &a.store);
    if (!e) {
        e = make_keys(im, &a);
        a.store->ops->close(a.store);
    }
    buf_fini(&path);
    return e;
}

static mizo_err seal_one(import_run *im, const people_act *a, const import_person *x, size_t count[3])
{
    char id[PERSON_ID];
    person p = { 0 };
    people_sealed got = PEOPLE_SAME;
    id_of(x, id);
    snprintf(p.name, sizeof p.name, "%s", x->name);
    snprintf(p.address, sizeof p.address, "%s", x->place);
    snprintf(p.consumer_code, sizeof p.consumer_code, "%s", x->consumer);
    mizo_err e = people_seal(a, &im->batch, id, &p, &got);
    explicit_bzero(&p, sizeof p);
    count[got]++;
    return e;
}

mizo_err import_people_seal(import_run *im)
{
    char reason[160], written[24], left[24];
    size_t count[3] = { 0 };
    people_act a = act_of(im, reason);
    for (size_t i = 0; i < im->nperson; i++)
        MIZO_TRY(seal_one(im, &a, &im->person[i], count));
    im->kept |= count[PEOPLE_WRITTEN] > 0;
    im->r->sealed = (int64_t)count[PEOPLE_WRITTEN];
    snprintf(written, sizeof written, "%zu", count[PEOPLE_WRITTEN]);
    snprintf(left, sizeof left, "%zu", count[PEOPLE_ERASED]);
    if (count[PEOPLE_WRITTEN])
        MIZO_DIAG(im->t->diags, OPERATOR_SEALED, MIZO_AT(im->shown, 0, 0), written);
    if (count[PEOPLE_ERASED])
        MIZO_DIAG(im->t->diags, OPERATOR_ERASED, MIZO_AT(im->shown, 0, 0), left);
    return MIZO_OK;
}

void import_people_free(import_run *im)
{
    if (im->person) /* names do not stay behind in memory that others get */
        explicit_bzero(im->person, im->nperson * sizeof *im->person);
    free(im->person);
}
