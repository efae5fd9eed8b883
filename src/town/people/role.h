/* role.h: who may do what: one table of acts, one function that asks it. Pure.
 *
 * A user may hold several roles; an act that no row allows is refused. Who audits does not write: the
 * auditor's role goes with the reader's alone. A user of one bureau reads and enters what is its own, and no more: other roles
 * reach over the whole town.
 */
#ifndef TOWN_ROLE_H
#define TOWN_ROLE_H

#include "mizo/error.h"

enum {
    ROLE_READER = 1,
    ROLE_OPERATOR = 2,
    ROLE_APPROVER = 4,
    ROLE_AUDITOR = 8,
    ROLE_EDITOR = 16,
    ROLE_ALL = 31
};

/* X(name, word, roles that may): one row an act. A verb or a route names the act that it is. */
#define TOWN_ACTS(X)                                                                                         \
    X(READ, "read", ROLE_ALL)            /* pages, reports, exports */                                       \
    X(IMPORT, "import", ROLE_OPERATOR)   /* readings, prices, weather, files of others */                    \
    X(PLAN, "plan", ROLE_OPERATOR)       /* forecasts and plans as issued */                                 \
    X(SETTLE, "settle", ROLE_OPERATOR)   /* days into the books */                                           \
    X(MATCH, "match", ROLE_OPERATOR)     /* matching, certificates */                                        \
    X(BILL, "bill", ROLE_OPERATOR)       /* runs of bills and statements, as drafts */                       \
    X(PAY, "pay", ROLE_OPERATOR)         /* payments received and made */                                    \
    X(FILE, "file", ROLE_OPERATOR)       /* files sent to or received from others */                         \
    X(CORRECT, "correct", ROLE_OPERATOR) /* a slot by hand, with a reason */                                 \
    X(RECORD, "record", ROLE_OPERATOR)   /* other records: notes, contract papers, enquiries */              \
    X(ENTER, "enter",                                                                                        \
      ROLE_OPERATOR | ROLE_EDITOR)       /* figures of facilities: yearly reports, the office's lists */     \
    X(ERASE, "erase", ROLE_OPERATOR)     /* a person's data */                                               \
    X(APPROVE, "approve", ROLE_APPROVER) /* the second person's word: runs, closes, corrections */           \
    X(ISSUE, "issue", ROLE_APPROVER)     /* what was approved goes out */                                    \
    X(CLOSE, "close", ROLE_APPROVER)     /* the month */                                                     \
    X(DUTY, "duty", ROLE_APPROVER)       /* who is at the desk */                                            \
    X(AUDIT, "audit", ROLE_AUDITOR)      /* who did what, from where */                                      \
    X(SELF, "self", ROLE_ALL)            /* one's own password and sessions */

typedef enum town_act {
#define X(name, word, roles) ACT_##name,
    TOWN_ACTS(X)
#undef X
        ACT_COUNT
} town_act;

bool role_may(unsigned roles, town_act act);
const char *act_word(town_act act);
unsigned act_roles(town_act act); /* those that may */

/* "reader", "operator" ...: bit i of a set is role_words[i]; ended by NULL. */
extern const char *const role_words[];
/* The roles of a set with commas between, into out[0..cap). */
void role_text(unsigned roles, char *out, size_t cap);
/* Reads "operator,approver". MIZO_EINPUT: said in d, also for a set that cannot be. */
MIZO_MUST_USE mizo_err role_parse(const char *text, unsigned *roles, mizo_diags *d);
/* MIZO_EINPUT: no role at all, or the auditor's beside one that writes; said in d. */
MIZO_MUST_USE mizo_err role_check(unsigned roles, mizo_diags *d);
/* MIZO_EINPUT: a role that reaches over the whole town, for a user of one bureau ("": of none); said in d. */
MIZO_MUST_USE mizo_err role_check_bureau(unsigned roles, const char *bureau, mizo_diags *d);

#endif
