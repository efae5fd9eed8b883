/* when.c: months and days of knowledge as words of a verb. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int cli_month(const cli *c, const cli_verb *verb, const char *text, mizo_day *out)
{
    mizo_date date;
    char day[32];
    size_t n = strlen(text);
    snprintf(day, sizeof day, "%.20s-01", text);
    bool right = (n == 6 || n == 7) && text[4] == '-' &&
                 mizo_date_parse(day, strlen(day), &date) == MIZO_OK && mizo_date_valid(date);
    if (right) {
        *out = mizo_date_day(date);
        return CLI_DONE;
    }
    fprintf(stderr,
            cli_japanese(c) ? "mizo %s: 月は 2021-07 のように書いてください(「%s」ではなく)\n"
                            : "mizo %s: a month is written 2021-07, not \"%s\"\n",
            verb->name, text);
    return CLI_INPUT;
}

int cli_fiscal_year(const cli *c, const cli_verb *verb, const char *text, int *out)
{
    if (!text || mizo_fy_parse(text, strlen(text), out) == MIZO_OK)
        return CLI_DONE;
    fprintf(stderr,
            cli_japanese(c)
                ? "mizo %s: --fy %s は年度ではありません。2023、R5、令和5年度 のように書いてください\n"
                : "mizo %s: --fy %s is no fiscal year; write 2023, R5 or 令和5年度\n",
            verb->name, text);
    return CLI_INPUT;
}

mizo_ms cli_as_of(mizo_day as_of, int offset)
{
    return as_of == MIZO_DAY_NONE ? INT64_MAX : mizo_slot_ms(mizo_day_slot(as_of + 1, offset)) - 1;
}
