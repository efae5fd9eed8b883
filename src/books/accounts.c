/* accounts.c: what the books know: accounts, units, kinds. The rows stand in accounts.def. */
#include <string.h>

#include "mizo/books.h"

#define ATTRIBUTE MIZO_UNIT_ATTRIBUTE
#define ENERGY    MIZO_UNIT_ENERGY
#define MONEY     MIZO_UNIT_MONEY
#define CO2       MIZO_UNIT_CO2

enum { BARE = false, NAMED = true, FREE = false, ZERO = true };
#define MAY   MIZO_SLOTS_MAY
#define MUST  MIZO_SLOTS_MUST
#define NEVER MIZO_SLOTS_NEVER

static const mizo_account_rule accounts[] = {
#define MIZO_ACCOUNTS(name, id, units, close, en, ja) { name, id, units, close, en, ja },
#include "books/accounts.def"
#undef MIZO_ACCOUNTS
};

static const mizo_unit_rule units[] = {
#define MIZO_UNITS(name, class, slots, en, ja) { name, class, slots, en, ja },
#include "books/accounts.def"
#undef MIZO_UNITS
};

static const mizo_kind_rule kinds[] = {
#define MIZO_KINDS(name, units, en, ja) { name, units, en, ja },
#include "books/accounts.def"
#undef MIZO_KINDS
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

const mizo_account_rule *mizo_account_rules(size_t *n)
{
    *n = COUNT(accounts);
    return accounts;
}

const mizo_unit_rule *mizo_unit_rules(size_t *n)
{
    *n = COUNT(units);
    return units;
}

const mizo_kind_rule *mizo_kind_rules(size_t *n)
{
    *n = COUNT(kinds);
    return kinds;
}

const mizo_account_rule *mizo_account_rule_of(const char *account)
{
    size_t n = strcspn(account, ":");
    bool named = account[n] == ':' && account[n + 1];
    if (account[n] && !named)
        return NULL;
    for (size_t i = 0; i < COUNT(accounts); i++)
        if (accounts[i].name[0] == account[0] && accounts[i].named == named &&
            strncmp(accounts[i].name, account, n) == 0 && !accounts[i].name[n])
            return &accounts[i];
    return NULL;
}

const mizo_unit_rule *mizo_unit_rule_of(const char *unit)
{
    for (size_t i = 0; i < COUNT(units); i++) {
        size_t n = strlen(units[i].name);
        bool family = units[i].name[n - 1] == '-';
        if (strncmp(units[i].name, unit, n) == 0 && (family ? unit[n] != 0 : unit[n] == 0))
            return &units[i];
    }
    return NULL;
}

const mizo_kind_rule *mizo_kind_rule_of(const char *kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (kinds[i].name[0] == kind[0] && strcmp(kinds[i].name, kind) == 0)
            return &kinds[i];
    return NULL;
}

bool mizo_account_guarded(const char *account, const char *unit)
{
    return strncmp(unit, "Wh-", 3) == 0 && strcmp(account, "world") != 0;
}
