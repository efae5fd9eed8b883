/* entry.c: what may be posted. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mizo/books.h"
#include "mizo/messages/books.h"

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
static int bad_id(bool good, int64_t number, const char *id, const char *what, int most, mizo_diags *d)
{
    char bound[16], seq[24];
    if (good)
        return 0;
    snprintf(seq, sizeof seq, "%" PRId64, number);
    snprintf(bound, sizeof bound, "%d", most);
    MIZO_DIAG(d, BOOKS_BAD_ID, MIZO_NOWHERE, seq, id ? id : "", what, bound);
    return 1;
}

static int check_texts(const mizo_entry *e, mizo_diags *d)
{
    int bad = 0;
    bad += bad_id(letters(e->from, MIZO_ACCOUNT_MAX - 1, L_ACCOUNT), e->seq, e->from, "account",
                  MIZO_ACCOUNT_MAX - 1, d);
    bad += bad_id(letters(e->to, MIZO_ACCOUNT_MAX - 1, L_ACCOUNT), e->seq, e->to, "account",
                  MIZO_ACCOUNT_MAX - 1, d);
    bad += bad_id(letters(e->unit, TEXT_MAX, L_UNIT), e->seq, e->unit, "unit", TEXT_MAX, d);
    bad += bad_id(letters(e->kind, TEXT_MAX, L_ANY), e->seq, e->kind, "kind", TEXT_MAX, d);
    bad += bad_id(e->ref && (!*e->ref || letters(e->ref, REF_MAX, L_ACCOUNT)), e->seq, e->ref, "reference",
                  REF_MAX, d);
    return bad;
}

static int say(mizo_diags *d, mizo_msg id, const mizo_entry *e, const char *a, const char *b)
{
    char seq[24];
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    mizo_diag_add(d, id, MIZO_NOWHERE, seq, a, b, (const char *)NULL);
    return 1;
}

/* An account that is known and may hold the unit. */
static int check_account(const char *account, const mizo_unit_rule *unit, const mizo_entry *e, mizo_diags *d)
{
    const mizo_account_rule *a = mizo_account_rule_of(account);
    if (!a)
        return say(d, MIZO_MSG_BOOKS_NO_ACCOUNT, e, account, "");
    return unit && !(a->units & unit->is) ? say(d, MIZO_MSG_BOOKS_NOT_HELD, e, account, e->unit) : 0;
}

/* All texts are ids. */
static int check_known(const mizo_entry *e, mizo_diags *d)
{
    const mizo_unit_rule *unit = mizo_unit_rule_of(e->unit);
    const mizo_kind_rule *kind = mizo_kind_rule_of(e->kind);
    int bad = unit ? 0 : say(d, MIZO_MSG_BOOKS_NO_UNIT, e, e->unit, "");
    bad += check_account(e->from, unit, e, d);
    bad += check_account(e->to, unit, e, d);
    if (!kind)
        bad += say(d, MIZO_MSG_BOOKS_NO_KIND, e, e->kind, "");
    else if (unit && !(kind->units & unit->is))
        bad += say(d, MIZO_MSG_BOOKS_NOT_MOVED, e, e->kind, e->unit);
    if (unit && unit->slots == MIZO_SLOTS_NEVER && e->slots)
        bad += say(d, MIZO_MSG_BOOKS_NO_SLOTS, e, e->unit, "");
    if (unit && unit->slots == MIZO_SLOTS_MUST && !e->slots)
        bad += say(d, MIZO_MSG_BOOKS_SLOTS_MISSING, e, e->unit, "");
    return bad;
}

static int check_slots(const mizo_entry *e, mizo_diags *d)
{
    int64_t sum = 0;
    char slot[16], value[24], want[24], seq[24];
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        sum += e->slots[i];
        if (e->slots[i] >= 0)
            continue;
        snprintf(seq, sizeof seq, "%" PRId64, e->seq);
        snprintf(slot, sizeof slot, "%d", i);
        snprintf(value, sizeof value, "%" PRId32, e->slots[i]);
        MIZO_DIAG(d, BOOKS_BAD_SLOT, MIZO_NOWHERE, seq, slot, value);
        return 1;
    }
    if (sum == e->amount)
        return 0;
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    snprintf(value, sizeof value, "%" PRId64, sum);
    snprintf(want, sizeof want, "%" PRId64, e->amount);
    MIZO_DIAG(d, BOOKS_BAD_SUM, MIZO_NOWHERE, seq, value, want);
    return 1;
}

mizo_err mizo_entry_check(const mizo_entry *e, mizo_diags *d)
{
    char amount[24];
    int bad = check_texts(e, d);
    if (!bad)
        bad = check_known(e, d);
    if (e->amount <= 0) {
        snprintf(amount, sizeof amount, "%" PRId64, e->amount);
        bad += say(d, MIZO_MSG_BOOKS_BAD_AMOUNT, e, amount, "");
    }
    if (e->from && e->to && strcmp(e->from, e->to) == 0)
        bad += say(d, MIZO_MSG_BOOKS_TO_ITSELF, e, e->from, "");
    if (e->slots)
        bad += check_slots(e, d);
    return bad ? MIZO_EINPUT : MIZO_OK;
}
