/* map.c: see map.h. */
#include "town/office/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/base.h"
#include "mizo/messages/region.h"
#include "town/office/owner_ledger.h"

/* ---- the outlines ---- */

static const char *or_else(const char *s, const char *otherwise)
{
    return *s ? s : otherwise;
}

/* A name within the directory, never a way out of it. */
static bool plain_name(const char *s)
{
    return *s != '.' && !strchr(s, '/') && !strchr(s, '\\');
}

mizo_err map_outlines(town *t, wards *out)
{
    const mizo_region *r = t->region;
    buf path, text;
    *out = (wards){ 0 };
    if (!*r->map_file)
        return MIZO_OK;
    if (!plain_name(r->map_file)) {
        MIZO_DIAG(t->diags, WARDS_FILE, MIZO_AT("region.yaml", 0, 0), r->map_file);
        return MIZO_EINPUT;
    }
    buf_init(&path, 1 << 14);
    buf_init(&text, (size_t)WARDS_FILE_MB << 20);
    buf_printf(&path, "%s/%s", t->dir, r->map_file);
    mizo_err e = path.err ? path.err : t->env->ops->read_file(t->env, path.p, &text);
    if (e) {
        if (e == MIZO_ENOENT)
            MIZO_DIAG(t->diags, FILE_ABSENT, MIZO_AT(r->map_file, 0, 0), r->map_file);
        else
            MIZO_DIAG(t->diags, FILE_UNREADABLE, MIZO_AT(r->map_file, 0, 0), mizo_err_text(e));
        e = e == MIZO_ENOMEM ? e : MIZO_EINPUT;
    } else {
        e = wards_read(r->map_file, text.p ? text.p : "", text.n, or_else(r->map_name, "name"),
                       or_else(r->map_name_en, "name_en"), t->diags, out);
    }
    buf_fini(&path);
    buf_fini(&text);
    return e;
}

void map_ward_en(town *t, const char *name, char out[WARDS_NAME])
{
    wards w;
    town quiet = *t;
    quiet.diags = NULL;
    (void)snprintf(out, WARDS_NAME, "%s", name);
    if (!t->dir || map_outlines(&quiet, &w))
        return;
    int at = wards_find(&w, name);
    if (at >= 0 && *w.ward[at].name_en)
        memcpy(out, w.ward[at].name_en, WARDS_NAME);
    wards_free(&w);
}

/* ---- checking ---- */

static int facilities_in(const mizo_region *r, const char *of)
{
    int n = 0;
    for (size_t i = 0; i < r->nfacility; i++)
        n += strcmp(r->facility[i].ward, of) == 0;
    return n;
}

static bool first_of_ward(const mizo_region *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(r->facility[k].ward, r->facility[i].ward) == 0)
            return false;
    return *r->facility[i].ward;
}

static void say_unknown(town *t, const wards *w, const char *of)
{
    char many[16];
    buf names;
    buf_init(&names, 300);
    for (size_t i = 0; i < w->n && names.n < 200; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", w->ward[i].name);
    (void)snprintf(many, sizeof many, "%d", facilities_in(t->region, of));
    MIZO_DIAG(t->diags, WARDS_NONE_OF, MIZO_AT(t->region->map_file, 0, 0), of, many, names.n ? names.p : "-");
    buf_fini(&names);
}

mizo_err map_check(town *t)
{
    const mizo_region *r = t->region;
    wards w;
    MIZO_TRY(map_outlines(t, &w));
    for (size_t i = 0; w.n && i < r->nfacility; i++)
        if (first_of_ward(r, i) && wards_find(&w, r->facility[i].ward) < 0)
            say_unknown(t, &w, r->facility[i].ward);
    wards_free(&w);
    return MIZO_OK;
}

/* ---- sums by ward ---- */

typedef struct map_ward {
    const char *name; /* of the facilities; "": they name none */
    int outline;      /* -1: none */
    int64_t facilities, late;
    mizo_wh demand_wh, supply_wh;
} map_ward;

typedef struct mapping {
    town *t;
    const map_ask *ask;
    wards w;
    owner_ledger l;
    map_ward *ward;
    size_t nward, cap;
    wards_frame frame;
    json *j;
} mapping;

static mizo_err ward_at(mapping *m, const char *name, map_ward **out)
{
    for (size_t i = 0; i < m->nward; i++)
        if (strcmp(m->ward[i].name, name) == 0) {
            *out = &m->ward[i];
            return MIZO_OK;
        }
    MIZO_TRY(array_grow(&m->ward, &m->cap, m->nward + 1, sizeof *m->ward));
    *out = &m->ward[m->nward++];
    **out = (map_ward){ .name = name, .outline = wards_find(&m->w, name) };
    return MIZO_OK;
}

static bool seen(const mapping *m, const ledger_row *x)
{
    return !m->ask->who || actor_reaches(m->ask->who, m->t->region, x->facility);
}

static ward_point place_of(const mizo_facility *f)
{
    return (ward_point){ f->lon_e6, f->lat_e6 };
}

static mizo_err add_facilities(mapping *m)
{
    for (size_t i = 0; i < m->l.nrow; i++) {
        const ledger_row *x = &m->l.row[i];
        const mizo_facility *f = &m->t->region->facility[x->facility];
        map_ward *w;
        if (!seen(m, x))
            continue;
        MIZO_TRY(ward_at(m, f->ward, &w));
        w->facilities++;
        w->late += ledger_late(x);
        w->demand_wh += x->demand_wh;
        w->supply_wh += x->supply_wh;
        if (f->lat_e6 || f->lon_e6)
            wards_frame_add(&m->frame, place_of(f));
    }
    return MIZO_OK;
}

/* Only outlines where facilities stand: a file of the whole prefecture shows the town alone. */
static mizo_err frame_outlines(mapping *m)
{
    for (size_t i = 0; i < m->w.nring; i++) {
        const ward_ring *g = &m->w.ring[i];
        bool ours = false;
        for (size_t k = 0; k < m->nward; k++)
            ours |= m->ward[k].outline == g->ward;
        for (size_t k = 0; ours && k < g->n; k++)
            wards_frame_add(&m->frame, m->w.point[g->first + k]);
    }
    if (m->frame.west_e6 > m->frame.east_e6)
        wards_frame_add(&m->frame, (ward_point){ m->t->region->lon_e6, m->t->region->lat_e6 });
    wards_frame_done(&m->frame, MAP_WIDE);
    return MIZO_OK;
}

/* ---- as JSON ---- */

static mizo_err put_wards(mapping *m)
{
    buf path;
    json_array(m->j, "wards");
    for (size_t i = 0; i < m->nward; i++) {
        const map_ward *w = &m->ward[i];
        const ward *o = w->outline >= 0 ? &m->w.ward[w->outline] : NULL;
        buf_init(&path, 8 << 20);
        if (o)
            wards_path(&m->w, (size_t)w->outline, &m->frame, &path);
        json_object(m->j, NULL);
        json_text(m->j, "name_ja", w->name);
        json_text(m->j, "name_en", o && *o->name_en ? o->name_en : w->name);
        json_text(m->j, "path", path.n ? path.p : NULL);
        json_int(m->j, "facilities", w->facilities);
        json_int(m->j, "late", w->late);
        json_int(m->j, "demand_wh", w->demand_wh);
        json_int(m->j, "supply_wh", w->supply_wh);
        json_end(m->j);
        mizo_err e = path.err;
        buf_fini(&path);
        MIZO_TRY(e);
    }
    json_end(m->j);
    return MIZO_OK;
}

static void put_facility(mapping *m, const ledger_row *x)
{
    const mizo_facility *f = &m->t->region->facility[x->facility];
    int32_t at_x, at_y;
    json_object(m->j, NULL);
    json_text(m->j, "id", f->id);
    json_text(m->j, "name_ja", f->name_ja);
    json_text(m->j, "name_en", *f->name_en ? f->name_en : f->name_ja);
    json_text(m->j, "kind", f->kind);
    json_text(m->j, "ward", f->ward);
    json_text(m->j, "bureau", *f->bureau ? f->bureau : NULL);
    json_text(m->j, "group", f->group == MIZO_GROUP_PUBLIC ? "public" : "private");
    if (f->lat_e6 || f->lon_e6) {
        wards_place(&m->frame, place_of(f), &at_x, &at_y);
        json_int(m->j, "x", at_x);
        json_int(m->j, "y", at_y);
    } else {
        json_null(m->j, "x");
        json_null(m->j, "y");
    }
    json_bool(m->j, "late", ledger_late(x));
    json_int(m->j, "demand_wh", x->demand_wh);
    json_int(m->j, "supply_wh", x->supply_wh);
    json_end(m->j);
}

static void put_fault(json *j, const mizo_diag *fault)
{
    char text[1000];
    if (!fault) {
        json_null(j, "fault");
        return;
    }
    json_object(j, "fault");
    mizo_diag_text(fault, "ja", text, sizeof text);
    json_text(j, "ja", text);
    mizo_diag_text(fault, "en", text, sizeof text);
    json_text(j, "en", text);
    json_text(j, "file", fault->at.file);
    json_int(j, "line", fault->at.line);
    json_int(j, "column", fault->at.column);
    json_end(j);
}

static mizo_err put_map(mapping *m, const mizo_diag *fault)
{
    const mizo_region *r = m->t->region;
    json_int(m->j, "fy", m->ask->fy);
    json_int(m->j, "wide", m->frame.wide);
    json_int(m->j, "high", m->frame.high);
    json_text(m->j, "note", *r->map_note ? r->map_note : NULL);
    put_fault(m->j, fault);
    MIZO_TRY(put_wards(m));
    json_array(m->j, "facilities");
    for (size_t i = 0; i < m->l.nrow; i++)
        if (seen(m, &m->l.row[i]))
            put_facility(m, &m->l.row[i]);
    json_end(m->j);
    return m->j->out->err;
}

mizo_err map_json(town *t, const map_ask *ask, json *j)
{
    mapping m = { .t = t, .ask = ask, .j = j, .frame = { .west_e6 = 1 } };
    mizo_err e = map_outlines(t, &m.w);
    const mizo_diag *fault =
        e == MIZO_EINPUT && mizo_diags_kept(t->diags) ? mizo_diags_at(t->diags, 0) : NULL;
    if (e && !fault)
        return e;
    e = owner_ledger_make(t->store, t->region, ask->fy, ask->as_of, ask->today, &m.l);
    if (!e) {
        e = add_facilities(&m);
        e = e ? e : frame_outlines(&m);
        e = e ? e : put_map(&m, fault);
        owner_ledger_free(&m.l);
    }
    free(m.ward);
    wards_free(&m.w);
    return e;
}
