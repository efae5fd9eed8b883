/* members.h: a parent and its members: the 48 values that a member hands in stand in the parent's plan as its
 * demand; after delivery each member gets its part of the group's imbalance by the contract's rule, as a file that the
 * member can reckon again. Layouts: docs/formats/desk-files.md */
#ifndef TOWN_DESK_MEMBERS_H
#define TOWN_DESK_MEMBERS_H

#include "town/desk/desk.h"
#include "town/report_file.h"

/* Takes the values of one or more members for the day (the file that a member's `day file` makes) into the register and
 * keeps them: the next draft has them as demand of these members. MIZO_EINPUT: said with line and column, nothing taken. */
MIZO_MUST_USE mizo_err desk_members_take(const desk_act *a, const char *name, const char *bytes, size_t n);

typedef struct desk_allotted {
    int days, slots; /* settled and priced, in the file */
    int open;        /* half-hours of filed days that are not in it: not known yet, or without a price */
    mizo_day month;  /* its first day */
    bool final;      /* nothing is open, filled or at prices that stand in */
    mizo_wh wh;      /* the member's share */
    mizo_wh used;    /* what the fee is on */
    mizo_uyen received, fee;
    mizo_uyen tax;        /* on top of fee less received (groups.csv: share_tax) */
    const char *tax_name; /* its rate in params.csv; "": none */
} desk_allotted;

/* The month of the act's day for a member as CSV, appended to out and put into the register. MIZO_EINPUT (said): we are
 * no parent on that day, or no such member. */
MIZO_MUST_USE mizo_err desk_members_allot(const desk_act *a, const char *member, buf *out,
                                          desk_allotted *sum);

/* The same as a paper: the invoice of what the member owes (with our number, the tax per rate, rounded once), or where it gets
 * money the statement of that. lang: "ja", "en". Of a final month it goes into the register (`member-share`); before, it is
 * stamped provisional and kept nowhere. MIZO_EINPUT (said): the member is ourselves, or issuers.csv names nobody. */
MIZO_MUST_USE mizo_err desk_members_paper(const desk_act *a, const char *member, const desk_allotted *sum,
                                          const char *lang, report_format f, buf *out);

typedef enum allot_state { ALLOT_NOT_SENT, ALLOT_OTHER, ALLOT_SAME } allot_state;
/* Is the file that a member was given last for a month (its first day) what it would be today? Nothing is written. */
MIZO_MUST_USE mizo_err desk_members_sent(town *t, const char *group, mizo_day month, const char *member,
                                         allot_state *out);

#endif
