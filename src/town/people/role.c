/* role.c: see role.h. */
#include "town/people/role.h"
#include "mizo/messages/account.h"

#include <stdio.h>
#include <string.h>

const char *const role_words[] = { "reader", "operator", "approver", "auditor", "editor", NULL };

static const struct {
    const char *word;
    unsigned roles;
} acts[] = {
#define X(name, word, roles) { word, roles },
    TOWN_ACTS(X)
#undef X
};

bool role_may(unsigned roles, town_act act)
{
    return act < ACT_COUNT && (acts[act].roles & roles) != 0;
}

const char *act_word(town_act act)
{
    return act < ACT_COUNT ? acts[act].word : "?";
}

unsigned act_roles(town_act act)
{
    return act < ACT_COUNT ? acts[act].roles : 0;
}

void role_text(unsigned roles, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; role_words[i] && n < cap; i++)
        if (roles & 1u << i)
            n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? "," : "", role_words[i]);
}

mizo_err role_check(unsigned roles, mizo_diags *d)
{
    if (roles && !(roles & ROLE_AUDITOR && roles & (ROLE_OPERATOR | ROLE_APPROVER | ROLE_EDITOR)))
        return MIZO_OK;
    char text[80];
    role_text(roles, text, sizeof text);
    if (roles)
        MIZO_DIAG(d, ROLE_AUDITOR_WRITES, MIZO_NOWHERE, text);
    else
        MIZO_DIAG(d, ROLE_NONE, MIZO_NOWHERE, NULL);
    return MIZO_EINPUT;
}

mizo_err role_check_bureau(unsigned roles, const char *bureau, mizo_diags *d)
{
    char text[80];
    if (!*bureau || !(roles & ~(unsigned)(ROLE_READER | ROLE_EDITOR)))
        return MIZO_OK;
    role_text(roles & ~(unsigned)(ROLE_READER | ROLE_EDITOR), text, sizeof text);
    MIZO_DIAG(d, ROLE_BUREAU, MIZO_NOWHERE, bureau, text);
    return MIZO_EINPUT;
}

static unsigned word_bit(const char *s, size_t n)
{
    for (int i = 0; role_words[i]; i++)
        if (strlen(role_words[i]) == n && memcmp(role_words[i], s, n) == 0)
            return 1u << i;
    return 0;
}

mizo_err role_parse(const char *text, unsigned *roles, mizo_diags *d)
{
    *roles = 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ", ");
        unsigned bit = word_bit(p, n);
        if (n && !bit) {
            char word[41];
            snprintf(word, sizeof word, "%.*s", (int)(n < 40 ? n : 40), p);
            MIZO_DIAG(d, ROLE_UNKNOWN, MIZO_NOWHERE, word);
            return MIZO_EINPUT;
        }
        *roles |= bit;
        p += n + (p[n] != '\0');
    }
    return role_check(*roles, d);
}
