/* check_balancing.c: balancing groups and their sources: rows of one group against each other, ids in lists, and
 * what a kind of source needs. */
#include <string.h>

#include "region/build.h"

static const mizo_bg *group_at(const region_table *t, size_t k)
{
    return region_row(t, (size_t)t->order[k]);
}

static const row_meta *meta_at(const region_table *t, size_t k)
{
    return &t->meta[t->order[k]];
}

static int column_at(const region_table *t, size_t k, const char *name)
{
    return region_column(t, (size_t)t->order[k], name);
}

/* ---- groups ---- */

static void check_pair(region_builder *b, size_t first, size_t k)
{
    const region_table *t = &b->t[FILE_GROUPS];
    const mizo_bg *p = group_at(t, k), *before = group_at(t, first);
    if (strcmp(p->id, before->id))
        return;
    const char *line = region_number(b, meta_at(t, first)->line, 0);
    if (p->from < before->to)
        SAY(b, GROUP_OVERLAP, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "from"), p->id, line);
    if (p->kind != before->kind)
        SAY(b, GROUP_KIND, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "kind"), p->id, line);
}

/* The file whose ids a group of the kind lists; the second one FILE_COUNT if there is none. */
static void member_files(mizo_bg_kind kind, region_file f[2])
{
    static const region_file of[][2] = {
        [MIZO_BG_DEMAND] = {FILE_SUPPLIERS, FILE_COUNT},
        [MIZO_BG_GENERATION] = { FILE_PLANTS,   FILE_PV   },
        [MIZO_BG_SELF] = { FILE_POINTS,   FILE_COUNT},
    };
    f[0] = of[kind][0];
    f[1] = of[kind][1];
}

static bool known(const region_builder *b, region_file f, const char *id, size_t n)
{
    if (f == FILE_COUNT)
        return false;
    const region_table *t = &b->t[f];
    if (t->lost || (region_files[f].kind == FILE_ASSET && t->norder < t->n))
        return true; /* what is there cannot be told; a bad asset is disabled, and has been said */
    for (size_t i = 0; i < t->n; i++)
        if (t->meta[i].id && strlen(t->meta[i].id) == n && memcmp(t->meta[i].id, id, n) == 0)
            return true;
    return false;
}

static void check_members(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_GROUPS];
    const mizo_bg *p = group_at(t, k);
    region_file f[2];
    member_files(p->kind, f);
    for (const char *s = p->members; *s;) {
        size_t skip = strspn(s, " "), n = strcspn(s + skip, " ");
        if (n && !known(b, f[0], s + skip, n) && !known(b, f[1], s + skip, n))
            SAY(b, REF, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "members"), "members",
                region_quote(b, s + skip, n), region_files[f[0]].name);
        s += skip + n;
    }
}

/* Ourselves among the members: only a parent has others beside them. */
static void check_own(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_GROUPS];
    const mizo_bg *p = group_at(t, k);
    if (p->own[0] && p->role != MIZO_BG_PARENT)
        SAY(b, GROUP_OWN_ROLE, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "own"), p->id);
    for (const char *s = p->own; *s;) {
        size_t skip = strspn(s, " "), n = strcspn(s + skip, " ");
        const char *id = region_quote(b, s + skip, n);
        if (n && !mizo_id_listed(p->members, id))
            SAY(b, GROUP_OWN, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "own"), id, p->id,
                p->members);
        s += skip + n;
    }
}

static void check_group(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_GROUPS];
    const mizo_bg *p = group_at(t, k);
    for (size_t i = 0; i < k; i++)
        check_pair(b, i, k);
    check_members(b, k);
    check_own(b, k);
    if (p->role == MIZO_BG_MEMBER && (!p->parent[0] || p->hand_in >= MIZO_DAY_SLOTS))
        SAY(b, GROUP_PARENT, FILE_GROUPS, meta_at(t, k)->line, column_at(t, k, "role"), p->id);
}

/* ---- sources ---- */

static bool group_known(const region_builder *b, const char *id)
{
    const region_table *t = &b->t[FILE_GROUPS];
    for (size_t k = 0; k < t->norder; k++)
        if (strcmp(group_at(t, k)->id, id) == 0)
            return true;
    return t->torn || t->norder < t->n; /* it may be a row that could not be read */
}

static bool amount_right(const mizo_source *p)
{
    switch (p->amount) {
    case MIZO_AMOUNT_FIXED:
        return p->power_w > 0 || p->kind == MIZO_SOURCE_MARKET;
    case MIZO_AMOUNT_PRODUCED:
        return p->plant >= 0 || p->pv >= 0 || p->point >= 0 || p->kind == MIZO_SOURCE_POST_FIT;
    default:
        return true;
    }
}

static bool refs_right(const mizo_source *p)
{
    bool made = p->plant >= 0 || p->pv >= 0;
    switch (p->kind) {
    case MIZO_SOURCE_PLANT:
    case MIZO_SOURCE_FIT_SPECIAL:
        return made;
    case MIZO_SOURCE_SELF:
        return made && p->point >= 0;
    default:
        return true;
    }
}

/* The other side is a party or a supplier, so that its invoices and files find it. A region without parties says none. */
static void check_other_side(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_SOURCES];
    const mizo_source *p = region_row(t, (size_t)t->order[k]);
    size_t n = strlen(p->party);
    if (!n || !b->t[FILE_PARTIES].n || known(b, FILE_PARTIES, p->party, n) ||
        known(b, FILE_SUPPLIERS, p->party, n))
        return;
    SAY(b, SOURCE_PARTY, FILE_SOURCES, meta_at(t, k)->line, column_at(t, k, "party"), p->id,
        region_quote(b, p->party, n));
}

static void check_source(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_SOURCES];
    const mizo_source *p = region_row(t, (size_t)t->order[k]);
    int line = meta_at(t, k)->line;
    if (p->slot_from >= p->slot_to)
        SAY(b, TIMES, FILE_SOURCES, line, column_at(t, k, "time_from"), NULL);
    if (!group_known(b, p->group))
        SAY(b, REF, FILE_SOURCES, line, column_at(t, k, "group"), "group",
            region_quote(b, p->group, strlen(p->group)), region_files[FILE_GROUPS].name);
    if (!refs_right(p))
        SAY(b, SOURCE_REF, FILE_SOURCES, line, column_at(t, k, "kind"), p->id);
    if (!amount_right(p))
        SAY(b, SOURCE_AMOUNT, FILE_SOURCES, line, column_at(t, k, "kind"), p->id);
    check_other_side(b, k);
}

void region_check_balancing(region_builder *b)
{
    for (size_t k = 0; k < b->t[FILE_GROUPS].norder; k++)
        check_group(b, k);
    for (size_t k = 0; k < b->t[FILE_SOURCES].norder; k++)
        check_source(b, k);
}
