/* exchange.c: see exchange.h. */
#include "town/people/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/table.h"
#include "mizo/messages/account.h"
#include "town/people/password.h"
#include "town/people/role.h"

enum { USER, ACT, ROLES, BUREAU, COLUMNS };

typedef struct exchange {
    const user_act *u;
    const char *file;
    int at[COLUMNS];
    mizo_err (*link)(void *arg, const char *id, const char *link);
    void *arg;
    exchange_count *out;
    const char *bureau; /* of the row; NULL: the file has no such column */
    bool bad;
} exchange;

static mizo_err hand_over(exchange *x, const char *id, char link[TICKET_ROOM])
{
    mizo_err e = x->link(x->arg, id, link);
    password_wipe(link, TICKET_ROOM);
    return e;
}

static mizo_err do_add(exchange *x, const char *id, const char *roles)
{
    char link[TICKET_ROOM];
    unsigned r;
    MIZO_TRY(role_parse(roles, &r, x->u->diags));
    MIZO_TRY(user_add(x->u, id, r, x->bureau ? x->bureau : "", link));
    x->out->added++;
    return hand_over(x, id, link);
}

static mizo_err do_role(exchange *x, const char *id, const char *roles)
{
    unsigned r;
    MIZO_TRY(role_parse(roles, &r, x->u->diags));
    x->out->roles++;
    return user_roles(x->u, id, r, x->bureau);
}

static mizo_err do_off(exchange *x, const char *id, const char *roles)
{
    (void)roles;
    x->out->off++;
    return user_switch(x->u, id, false);
}

static mizo_err do_on(exchange *x, const char *id, const char *roles)
{
    (void)roles;
    x->out->on++;
    return user_switch(x->u, id, true);
}

static mizo_err do_reset(exchange *x, const char *id, const char *roles)
{
    char link[TICKET_ROOM];
    (void)roles;
    MIZO_TRY(user_reset(x->u, id, link));
    x->out->reset++;
    return hand_over(x, id, link);
}

typedef struct members {
    const char *bureau;
    account *list;
    size_t n, cap;
} members;

static mizo_err on_member(void *arg, const account *a)
{
    members *m = arg;
    if (strcmp(a->bureau, m->bureau))
        return MIZO_OK;
    MIZO_TRY(array_grow(&m->list, &m->cap, m->n + 1, sizeof *m->list));
    m->list[m->n++] = *a;
    return MIZO_OK;
}

/* The bureau's users follow at once; the files of the region when all rows are read. */
static mizo_err do_owner(exchange *x, const char *from, const char *roles)
{
    members m = { .bureau = from };
    owners_move *v = &x->out->move[x->out->nmove];
    user_act free_of_region = *x->u;
    free_of_region.region = NULL; /* the new bureau is not in the files yet */
    (void)roles;
    if (!*from || !x->bureau || !*x->bureau || strcmp(from, x->bureau) == 0 || x->out->nmove == OWNERS_MOVES)
        return MIZO_EINPUT;
    (void)snprintf(v->from, sizeof v->from, "%s", from);
    (void)snprintf(v->to, sizeof v->to, "%s", x->bureau);
    x->out->nmove++;
    mizo_err e = account_each(x->u->store, on_member, &m);
    for (size_t i = 0; i < m.n && !e; i++)
        e = user_roles(&free_of_region, m.list[i].id, m.list[i].roles, x->bureau);
    free(m.list);
    return e;
}

static const struct {
    const char *word;
    mizo_err (*run)(exchange *x, const char *id, const char *roles);
} acts[] = {
    {"add",    do_add  },
    { "role",  do_role },
    { "off",   do_off  },
    { "on",    do_on   },
    { "reset", do_reset},
    { "owner", do_owner}
};

/* Is the row's bureau one that takes over in a row above? Then the region's files do not know it yet. */
static bool takes_over(const exchange *x)
{
    for (int i = 0; i < x->out->nmove && x->bureau; i++)
        if (strcmp(x->out->move[i].to, x->bureau) == 0)
            return true;
    return false;
}

/* What a row gets wrong is said by the act itself; here, where it stands. */
static mizo_err row(void *arg, const csv_record *rec)
{
    exchange *x = arg;
    char id[ACCOUNT_BUREAU], act[24], roles[120], bureau[ACCOUNT_BUREAU + 1];
    table_cell(rec, x->at[USER], id, sizeof id);
    table_cell(rec, x->at[ACT], act, sizeof act);
    table_cell(rec, x->at[ROLES], roles, sizeof roles);
    table_cell(rec, x->at[BUREAU], bureau, sizeof bureau);
    x->bureau = x->at[BUREAU] >= 0 ? bureau : NULL;
    if (!*id && !*act)
        return MIZO_OK;
    x->out->rows++;
    mizo_err e = MIZO_EINPUT;
    const user_act *known = x->u;
    user_act any = *x->u;
    any.region = NULL;
    x->u = takes_over(x) ? &any : known;
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(act, acts[i].word) == 0)
            e = acts[i].run(x, id, roles);
    x->u = known;
    if (e == MIZO_OK)
        return MIZO_OK;
    if (e != MIZO_EINPUT && e != MIZO_ENOENT && e != MIZO_ECONFLICT)
        return e;
    MIZO_DIAG(x->u->diags, EXCHANGE_ROW, MIZO_AT(x->file, rec->line, 0), id, act);
    x->bad = true;
    return MIZO_OK;
}

static mizo_err header(void *arg, const csv_record *rec, const table_words *w)
{
    exchange *x = arg;
    static const char *const names[COLUMNS] = { "user", "act", "roles", "bureau" };
    for (int i = 0; i < COLUMNS; i++) {
        const char *const one[] = { names[i], NULL };
        x->at[i] = table_find(w, one);
        if (x->at[i] >= 0 || i >= ROLES)
            continue;
        MIZO_DIAG(x->u->diags, EXCHANGE_HEADER, MIZO_AT(x->file, rec->line, 0), names[i]);
        x->bad = true;
    }
    return x->bad ? MIZO_EINPUT : MIZO_OK;
}

static void bad_row(void *arg, const csv_record *rec, const char *what)
{
    exchange *x = arg;
    MIZO_DIAG(x->u->diags, EXCHANGE_ROW, MIZO_AT(x->file, rec->line, 0), what, "");
    x->bad = true;
}

static mizo_err count_approver(void *arg, const account *a)
{
    *(int *)arg += a->on && (a->roles & ROLE_APPROVER);
    return MIZO_OK;
}

mizo_err exchange_users(const user_act *u, const char *file, const char *bytes, size_t n,
                        mizo_err (*link)(void *arg, const char *id, const char *link), void *arg,
                        exchange_count *out)
{
    exchange x = { .u = u, .file = file, .link = link, .arg = arg, .out = out };
    int approvers = 0;
    *out = (exchange_count){ 0 };
    MIZO_TRY(table_rows(bytes, n, &(table_sink){ header, row, bad_row }, &x));
    MIZO_TRY(account_each(u->store, count_approver, &approvers));
    if (approvers == 0) {
        MIZO_DIAG(u->diags, EXCHANGE_NOBODY, MIZO_AT(file, 0, 0), NULL);
        x.bad = true;
    }
    return x.bad ? MIZO_EINPUT : MIZO_OK;
}
