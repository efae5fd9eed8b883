/* entry.c: what may be posted. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mizo/books.h"

enum { TEXT_MAX = 40, REF_MAX = 80 };

/* Which ids a letter may stand in. Every entry of a journal is looked at: one step a letter. */
enum { L_ANY = 1, L_ACCOUNT = 2, L_UNIT = 4 };
static const unsigned char letter[256] = {
    ['a' ... 'z'] = L_ANY | L_ACCOUNT | L_UNIT,
    ['0' ... '9'] = L_ANY | L_ACCOUNT | L_UNIT,
    ['-'] = L_ANY | L_ACCOUNT | L_UNIT,
    [':'] = L_ACCOUNT,
    ['W'] = L_UNIT, /* units are written as in print: Wh-re, uyen, mg */
};

static bool letters(const char *s, size_t most, int where)
{
    size_t n = 0;
    if (!s)
        return false;
    for (; letter[(unsigned char)s[n]] & where; n++)
        if (n == most)
            return false;
    return n > 0 && s[n] == 0;
}

/* Says an id that is none. */
static int bad_id(bool good, const char *seq, const char *id, const char *what, int most, mizo_diags *d)
{
    char bound[16];
    if (good)
        return 0;
    snprintf(bound, sizeof bound, "%d", most);
    MIZO_DIAG(d, BOOKS_BAD_ID, MIZO_NOWHERE, seq, id ? id : "", what, bound);
    return 1;
}

static int check_texts(const mizo_entry *e, const char *seq, mizo_diags *d)
{
    int bad = 0;
    bad += bad_id(letters(e->from, MIZO_ACCOUNT_MAX - 1, L_ACCOUNT), seq, e->from, "account",
                  MIZO_ACCOUNT_MAX - 1, d);
    bad += bad_id(letters(e->to, MIZO_ACCOUNT_MAX - 1, L_ACCOUNT), seq, e->to, "account",
                  MIZO_ACCOUNT_MAX - 1, d);
    bad += bad_id(letters(e->unit, TEXT_MAX, L_UNIT), seq, e->unit, "unit", TEXT_MAX, d);
    bad += bad_id(letters(e->kind, TEXT_MAX, L_ANY), seq, e->kind, "kind", TEXT_MAX, d);
    bad += bad_id(e->ref && (!*e->ref || letters(e->ref, REF_MAX, L_ACCOUNT)), seq, e->ref, "reference",
                  REF_MAX, d);
    return bad;
}

static int say(mizo_diags *d, mizo_msg id, const char *seq, const char *a, const char *b)
{
    mizo_diag_add(d, id, MIZO_NOWHERE, seq, a, b, (const char *)NULL);
    return 1;
}

/* An account that is known and may hold the unit. */
static int check_account(const char *account, const mizo_unit_rule *unit, const mizo_entry *e,
                         const char *seq, mizo_diags *d)
{
    const mizo_account_rule *a = mizo_account_rule_of(account);
    if (!a)
        return say(d, MIZO_MSG_BOOKS_NO_ACCOUNT, seq, account, "");
    return unit && !(a->units & unit->is) ? say(d, MIZO_MSG_BOOKS_NOT_HELD, seq, account, e->unit) : 0;
}

/* All texts are ids. */
static int check_known(const mizo_entry *e, const char *seq, mizo_diags *d)
{
    const mizo_unit_rule *unit = mizo_unit_rule_of(e->unit);
    const mizo_kind_rule *kind = mizo_kind_rule_of(e->kind);
    int bad = unit ? 0 : say(d, MIZO_MSG_BOOKS_NO_UNIT, seq, e->unit, "");
    bad += check_account(e->from, unit, e, seq, d);
    bad += check_account(e->to, unit, e, seq, d);
    if (!kind)
        bad += say(d, MIZO_MSG_BOOKS_NO_KIND, seq, e->kind, "");
    else if (unit && !(kind->units & unit->is))
        bad += say(d, MIZO_MSG_BOOKS_NOT_MOVED, seq, e->kind, e->unit);
    if (unit && unit->slots == MIZO_SLOTS_NEVER && e->slots)
        bad += say(d, MIZO_MSG_BOOKS_NO_SLOTS, seq, e->unit, "");
    if (unit && unit->slots == MIZO_SLOTS_MUST && !e->slots)
        bad += say(d, MIZO_MSG_BOOKS_SLOTS_MISSING, seq, e->unit, "");
    return bad;
}

static int check_slots(const mizo_entry *e, const char *seq, mizo_diags *d)
{
    int64_t sum = 0;
    char slot[16], value[24], want[24];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        sum += e->slots[i];
        if (e->slots[i] >= 0)
            continue;
        snprintf(slot, sizeof slot, "%d", i);
        snprintf(value, sizeof value, "%" PRId32, e->slots[i]);
        MIZO_DIAG(d, BOOKS_BAD_SLOT, MIZO_NOWHERE, seq, slot, value);
        return 1;
    }
    if (sum == e->amount)
        return 0;
    snprintf(value, sizeof value, "%" PRId64, sum);
    snprintf(want, sizeof want, "%" PRId64, e->amount);
    MIZO_DIAG(d, BOOKS_BAD_SUM, MIZO_NOWHERE, seq, value, want);
    return 1;
}

mizo_err mizo_entry_check(const mizo_entry *e, mizo_diags *d)
{
    char seq[24], amount[24];
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    int bad = check_texts(e, seq, d);
    if (!bad)
        bad = check_known(e, seq, d);
    if (e->amount <= 0) {
        snprintf(amount, sizeof amount, "%" PRId64, e->amount);
        MIZO_DIAG(d, BOOKS_BAD_AMOUNT, MIZO_NOWHERE, seq, amount);
        bad++;
    }
    if (e->from && e->to && strcmp(e->from, e->to) == 0) {
        MIZO_DIAG(d, BOOKS_TO_ITSELF, MIZO_NOWHERE, seq, e->from);
        bad++;
    }
    if (e->slots)
        bad += check_slots(e, seq, d);
    return bad ? MIZO_EINPUT : MIZO_OK;
}
