/* check_meters.c: meters of one point against each other, formulas of virtual points, codes that stand twice. */
#include <string.h>

#include "region/build.h"

static void check_meter(region_builder *b, const region_table *t, size_t k)
{
    mizo_meter *m = region_ordered(t, k);
    const mizo_meter *before = k ? region_ordered(t, k - 1) : NULL;
    m->line = region_line_of(t, k);
    if (before && before->point == m->point && m->from < before->to)
        SAY(b, METER_OVERLAP, t->file, m->line, region_column_of(t, k, "from"), m->id, before->id,
            region_number(b, before->line, 0));
    if (m->verified_until != MIZO_DAY_NONE && m->verified_until <= m->from)
        SAY(b, METER_TERM, t->file, m->line, region_column_of(t, k, "verified_until"), m->id);
    if (m->register_max_e3 && (m->first_e3 >= m->register_max_e3 || m->last_e3 >= m->register_max_e3))
        SAY(b, METER_REGISTER, t->file, m->line, region_column_of(t, k, "register_max"), m->id);
    if (!m->register_max_e3 && m->first_e3 >= 0 && m->last_e3 >= 0 && m->last_e3 < m->first_e3)
        SAY(b, METER_REGISTER, t->file, m->line, region_column_of(t, k, "last_register"), m->id);
}

/* Words of a formula: points and signs in turn. */
static void check_virtual(region_builder *b, const region_table *t, size_t k)
{
    mizo_virtual *v = region_ordered(t, k);
    const region_table *points = &b->t[FILE_POINTS];
    int column = region_column_of(t, k, "formula"), terms = 0;
    bool sign = false, wrong = false;
    v->line = region_line_of(t, k);
    for (const char *s = v->formula; *s && !wrong;) {
        size_t skip = strspn(s, " "), n = strcspn(s + skip, " ");
        const char *w = s + skip;
        bool is_sign = n == 1 && (*w == '+' || *w == '-');
        s = w + n;
        if (n == 0)
            break;
        if (is_sign) {
            wrong = sign;
            sign = true;
            continue;
        }
        wrong = (terms && !sign) || ++terms > MIZO_VIRTUAL_TERMS;
        sign = false;
        bool found = points->lost;
        for (size_t i = 0; i < points->nid && !found; i++)
            found = strlen(points->meta[points->byid[i]].id) == n &&
                    memcmp(points->meta[points->byid[i]].id, w, n) == 0;
        if (!found)
            SAY(b, REF, t->file, v->line, column, "formula", region_quote(b, w, n),
                region_files[FILE_POINTS].name);
    }
    if (wrong || sign || !terms)
        SAY(b, VIRTUAL_FORMULA, t->file, v->line, column, v->id);
    if (v->billing && !*v->basis)
        SAY(b, VIRTUAL_BASIS, t->file, v->line, region_column_of(t, k, "billing"), v->id);
}

static void check_codes(region_builder *b, const region_table *t, bool by_name)
{
    for (size_t k = 0; k < t->norder; k++) {
        mizo_code *c = region_ordered(t, k);
        c->line = region_line_of(t, k);
        const char *word = by_name ? c->name : c->code;
        for (size_t i = 0; i < k; i++) {
            const mizo_code *o = region_ordered(t, i);
            if (strcmp(by_name ? o->name : o->code, word) == 0)
                SAY(b, CODE_TWICE, t->file, c->line, region_column_of(t, k, by_name ? "name" : "code"),
                    region_quote(b, word, strlen(word)), region_number(b, o->line, 0));
        }
    }
}

void region_check_meters(region_builder *b)
{
    for (size_t k = 0; k < b->t[FILE_METERS].norder; k++)
        check_meter(b, &b->t[FILE_METERS], k);
    for (size_t k = 0; k < b->t[FILE_VIRTUALS].norder; k++)
        check_virtual(b, &b->t[FILE_VIRTUALS], k);
    check_codes(b, &b->t[FILE_OPERATOR_CODES], false);
    check_codes(b, &b->t[FILE_PLAN_CODES], true);
}
