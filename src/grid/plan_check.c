/* plan_check.c: may this plan be filed? Sums of every slot, codes, signs; all that is wrong at once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "grid/plan_codes.h"
#include "mizo/messages/files.h"

enum { NAME_LETTERS = 50 };

typedef struct checking {
    const plan_file *p;
    mizo_diags *d;
    int bad;
} checking;

static void say(checking *c, mizo_msg id, const char *p0, const char *p1, const char *p2, const char *p3)
{
    c->bad++;
    mizo_diag_add(c->d, id, MIZO_NOWHERE, p0, p1, p2, p3, (const char *)NULL);
}

/* ---- codes and texts ---- */

static void check_code(checking *c, const char *code, const char *what)
{
    size_t n = code ? strlen(code) : 0;
    bool good = n >= 1 && n < PLAN_CODE;
    for (size_t i = 0; i < n && good; i++)
        good = (code[i] >= '0' && code[i] <= '9') || (code[i] >= 'A' && code[i] <= 'Z') ||
               (code[i] >= 'a' && code[i] <= 'z');
    if (!good)
        say(c, MIZO_MSG_PLAN_FILE_CODE, what, code ? code : "", NULL, NULL);
}

static int letters(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

static void check_text(checking *c, const char *s, const char *what)
{
    bool plain = s != NULL;
    for (const char *x = s; plain && *x; x++)
        plain = (unsigned char)*x >= ' ' && *x != 0x7f;
    if (!plain || letters(s) > NAME_LETTERS)
        say(c, MIZO_MSG_PLAN_FILE_TEXT, what, NULL, NULL, NULL);
}

static void check_head(checking *c)
{
    const plan_file *p = c->p;
    check_code(c, p->sender_code, "sender");
    check_code(c, p->receiver_code, "receiver");
    check_code(c, p->company_code, "company");
    check_code(c, p->group_code, "group");
    check_text(c, p->sender_name, "sender's name");
    check_text(c, p->plan_name, "plan's name");
}

static void check_values(checking *c, const int32_t *kwh, const char *what, const char *code)
{
    char slot[16], value[16];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        if (kwh[i] >= 0)
            continue;
        snprintf(slot, sizeof slot, "%d", i + 1);
        snprintf(value, sizeof value, "%" PRId32, kwh[i]);
        say(c, MIZO_MSG_PLAN_FILE_NEGATIVE, what, code, slot, value);
    }
}

static void check_series(checking *c, const plan_series *s, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        check_code(c, s[i].code, what);
        check_values(c, s[i].kwh, what, s[i].code ? s[i].code : "");
        for (size_t k = 0; k < i; k++)
            if (s[i].code && s[k].code && strcmp(s[i].code, s[k].code) == 0)
                say(c, MIZO_MSG_PLAN_FILE_TWICE, what, s[i].code, NULL, NULL);
    }
}

/* ---- sums ---- */

static int64_t sum_at(const plan_series *s, size_t n, int slot)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += s[i].kwh[slot];
    return sum;
}

static void compare(checking *c, const char *what, int slot, int64_t have, int64_t want)
{
    char at[16], left[24], right[24];
    if (have == want)
        return;
    snprintf(at, sizeof at, "%d", slot + 1);
    snprintf(left, sizeof left, "%" PRId64, have);
    snprintf(right, sizeof right, "%" PRId64, want);
    say(c, MIZO_MSG_PLAN_FILE_IDENTITY, what, at, left, right);
}

static void check_retail(checking *c, int t)
{
    const plan_file *p = c->p;
    int64_t buy = sum_at(p->buy, p->nbuy, t), sell = sum_at(p->sell, p->nsell, t);
    compare(c, "procurement = demand + sales", t, buy, p->demand_kwh[t] + sell);
    if (!p->nmember)
        return;
    int64_t demand = 0, mbuy = 0, msell = 0;
    for (size_t i = 0; i < p->nmember; i++) {
        const plan_member *m = &p->member[i];
        int64_t b = sum_at(m->buy, m->nbuy, t), s = sum_at(m->sell, m->nsell, t);
        char what[64];
        snprintf(what, sizeof what, "member %.5s: procurement = demand + sales", m->code ? m->code : "");
        compare(c, what, t, b, m->demand_kwh[t] + s);
        demand += m->demand_kwh[t];
        mbuy += b;
        msell += s;
    }
    compare(c, "demand of the members = of the group", t, demand, p->demand_kwh[t]);
    compare(c, "procurement of the members = of the group", t, mbuy, buy);
    compare(c, "sales of the members = of the group", t, msell, sell);
}

static void check_generation(checking *c, int t)
{
    const plan_file *p = c->p;
    int64_t made = 0;
    for (size_t i = 0; i < p->nplants; i++)
        made += sum_at(p->plants[i].unit, p->plants[i].nunit, t);
    compare(c, "generation + procurement = sales", t, made + sum_at(p->buy, p->nbuy, t),
            sum_at(p->sell, p->nsell, t));
}

static void check_members(checking *c)
{
    const plan_file *p = c->p;
    for (size_t i = 0; i < p->nmember; i++) {
        const plan_member *m = &p->member[i];
        check_code(c, m->code, "member");
        check_values(c, m->demand_kwh, "demand of member", m->code ? m->code : "");
        check_series(c, m->buy, m->nbuy, "counterparty");
        check_series(c, m->sell, m->nsell, "counterparty");
        for (size_t k = 0; k < i; k++)
            if (m->code && p->member[k].code && strcmp(m->code, p->member[k].code) == 0)
                say(c, MIZO_MSG_PLAN_FILE_TWICE, "member", m->code, NULL, NULL);
    }
}

static void check_plants(checking *c)
{
    for (size_t i = 0; i < c->p->nplants; i++) {
        check_code(c, c->p->plants[i].code, "generation group");
        check_series(c, c->p->plants[i].unit, c->p->plants[i].nunit, "unit");
    }
}

mizo_err plan_file_check(const plan_file *p, mizo_diags *d)
{
    checking c = { p, d, 0 };
    check_head(&c);
    if (p->kind == PLAN_FILE_LINK) {
        check_series(&c, p->link, p->nlink, "interconnector");
        return c.bad ? MIZO_EINPUT : MIZO_OK;
    }
    check_values(&c, p->demand_kwh, "demand", "");
    check_series(&c, p->buy, p->nbuy, "counterparty");
    check_series(&c, p->sell, p->nsell, "counterparty");
    check_members(&c);
    check_plants(&c);
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        if (p->kind == PLAN_FILE_DEMAND)
            check_retail(&c, t);
        else
            check_generation(&c, t);
    }
    return c.bad ? MIZO_EINPUT : MIZO_OK;
}

mizo_err plan_round(const mizo_wh *wh, size_t n, int64_t total_kwh, int32_t *out)
{
    int64_t part[256], sum = 0;
    if (n > sizeof part / sizeof *part || total_kwh < 0)
        return MIZO_ERANGE;
    for (size_t i = 0; i < n; i++) {
        if (wh[i] < 0)
            return MIZO_ERANGE;
        sum += wh[i];
    }
    if (n == 0 || sum == 0) {
        memset(out, 0, n * sizeof *out);
        return total_kwh ? MIZO_ERANGE : MIZO_OK;
    }
    MIZO_TRY(mizo_split(total_kwh, wh, n, part));
    for (size_t i = 0; i < n; i++) {
        if (part[i] > INT32_MAX)
            return MIZO_ERANGE;
        out[i] = (int32_t)part[i];
    }
    return MIZO_OK;
}
