/* sheet_menus.h: what a year's disclosure says of each menu: energy sold, what it was made of, certificates, CO2 factor.
 * Of town/sheet*.c alone. Energy from the readings by the rule of matching (town/proof/match_report.h), certificates from the
 * books, the factor from factors.csv. docs/mechanisms/duties.md */
#ifndef TOWN_SHEET_MENUS_H
#define TOWN_SHEET_MENUS_H

#include "town/town.h"

typedef enum menu_part {
    MENU_SOLD,      /* drawn from the grid under the menu */
    MENU_RENEWABLE, /* of it renewable with its value */
    MENU_FIT,       /* FIT power, whose value lies elsewhere */
    MENU_WASTE,     /* waste power, the part that is not biogenic */
    MENU_OTHER,     /* what nobody has named: the exchange and others */
    MENU_CERTIFICATE, /* non-fossil certificates of renewable power, assigned or used up for the menu and year */
    MENU_PARTS
} menu_part;

typedef struct menu_figures {
    mizo_wh wh[MENU_PARTS]; /* MENU_SOLD = the four after it */
    int64_t g_e6;           /* millionths of a g per kWh; -1: no factor is known */
} menu_figures;

/* The fiscal year that [from, to) is. MIZO_EINPUT (said): it is none. */
MIZO_MUST_USE mizo_err sheet_fiscal_year(town *t, mizo_day from, mizo_day to, int *fy);

/* menu[nmenu], then all menus together in menu[nmenu] (without a factor). The period is a fiscal year. MIZO_EINPUT
 * (said): it is none. */
MIZO_MUST_USE mizo_err sheet_menus(town *t, mizo_day from, mizo_day to, menu_figures *menu);

#endif
