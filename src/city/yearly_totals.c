/* yearly_totals.c: the totals that a yearly table carries, of rows and of columns, against what it holds. */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "city/yearly_inner.h"

/* Half of what the last written place of a total is worth, in thousandths. */
static int64_t step_of(const sheet_cell *c, int ten)
{
    const char *dot = strchr(c->text, '.');
    int decimals = dot ? (int)strspn(dot + 1, "0123456789") : 0;
    int64_t step = 1;
    for (int i = decimals; i < ten; i++)
        step *= 10;
    return step > 1 ? step / 2 : 1;
}

static bool agrees(int64_t is, int64_t computed, int64_t within)
{
    int64_t d = is > computed ? is - computed : computed - is;
    return d <= within;
}

static void number_text(int64_t milli, const char *unit, char out[MIZO_NUM_TEXT + 8])
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(milli, 3, text);
    size_t n = strlen(text);
    while (n && text[n - 1] == '0')
        text[--n] = '\0';
    if (n && text[n - 1] == '.')
        text[n - 1] = '\0';
    snprintf(out, MIZO_NUM_TEXT + 8, "%s %s", text, unit);
}

/* ---- of a row ---- */

static bool sum_matches(const yearly_block *b, const yearly_value *v, int column, int64_t is, int64_t within,
                        int64_t *all)
{
    int before = 0;
    for (int i = 0; i < b->nsum; i++)
        if (b->sum[i] < column && b->sum[i] > before)
            before = b->sum[i];
    int64_t left = 0, part = 0;
    *all = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        if (v->milli[m] == YEARLY_MISSING)
            continue;
        *all += v->milli[m];
        left += b->column[m] < column ? v->milli[m] : 0;
        part += b->column[m] < column && b->column[m] > before ? v->milli[m] : 0;
    }
    return agrees(is, *all, within) || agrees(is, left, within) || agrees(is, part, within);
}

/* A number that is kept as text: a formula does not add it. */
static bool is_text(const yearly_reading *x, int row, int column)
{
    const sheet_cell *c = sheet_at(x->s, row, column);
    return c && c->kind == SHEET_TEXT;
}

static int64_t text_sum(const yearly_reading *x, const yearly_value *v)
{
    int64_t sum = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++)
        sum += v->milli[m] != YEARLY_MISSING && is_text(x, v->row, v->column[m]) ? v->milli[m] : 0;
    return sum;
}

bool yearly_any_month(const yearly_value *v)
{
    for (int m = 0; m < YEARLY_MONTHS; m++)
        if (v->milli[m] != YEARLY_MISSING)
            return true;
    return false;
}

mizo_err yearly_row_totals(yearly_reading *x, const yearly_block *b, const yearly_value *v, int ten)
{
    mizo_err e = MIZO_OK;
    for (int i = 0; i < b->nsum; i++) {
        int64_t is, all;
        bool textual;
        char said[MIZO_NUM_TEXT + 8], comes[MIZO_NUM_TEXT + 8];
        mizo_err got = yearly_value_of(x, v->row, b->sum[i], ten, true, &is, &textual);
        if (got == MIZO_ENOENT)
            continue;
        if (got) {
            e = got;
            continue;
        }
        x->out->totals++;
        const sheet_cell *c = sheet_at(x->s, v->row, b->sum[i]);
        int64_t within = step_of(c, ten) + YEARLY_MONTHS / 2, text = text_sum(x, v);
        bool fits = sum_matches(b, v, b->sum[i], is, within, &all);
        number_text(is, v->energy->unit, said);
        number_text(all, v->energy->unit, comes);
        if (!yearly_any_month(v) && is) {
            yearly_say(x, MIZO_MSG_YEARLY_TOTAL_ALONE, v->row, b->sum[i], said, NULL);
            e = MIZO_EINPUT;
        } else if (!fits && text && agrees(is, all - text, within)) {
            yearly_say(x, MIZO_MSG_YEARLY_TOTAL_SKIPS, v->row, b->sum[i], said, comes);
        } else if (!fits) {
            yearly_say(x, MIZO_MSG_YEARLY_TOTAL, v->row, b->sum[i], said, comes);
            e = MIZO_EINPUT;
        } else if (textual) {
            yearly_say(x, MIZO_MSG_YEARLY_TOTAL_TEXT, v->row, b->sum[i], c->text, NULL);
        }
    }
    return e;
}

mizo_err yearly_shifted(const yearly_reading *x, const yearly_block *b, const yearly_value *v, int ten)
{
    char word[YEARLY_TEXT];
    const sheet_cell *c = sheet_at(x->s, v->row, b->last + 1);
    int64_t is, all;
    if (v->milli[0] != YEARLY_MISSING || !yearly_any_month(v) || b->column[0] != b->first || !c || !c->n ||
        yearly_folded(x->s, x->l.header, b->last + 1, word) || table_number(c->text, c->n, ten, &is) ||
        sum_matches(b, v, b->last + 1, is, step_of(c, ten), &all))
        return MIZO_OK;
    yearly_say(x, MIZO_MSG_YEARLY_SHIFTED, v->row, b->last + 1, c->text, NULL);
    return MIZO_EINPUT;
}

/* ---- of a column ---- */

void yearly_sums_add(const yearly_reading *x, yearly_sums *s, const yearly_value *v)
{
    s->mixed |= s->energy && s->energy != v->energy;
    s->energy = v->energy;
    s->rows++;
    for (int m = 0; m < YEARLY_MONTHS; m++)
        if (v->milli[m] != YEARLY_MISSING) {
            if (__builtin_add_overflow(s->all[m], v->milli[m], &s->all[m]))
                s->broken = true;
            int64_t text = is_text(x, v->row, v->column[m]) && !s->broken ? v->milli[m] : 0;
            s->part[m] += s->broken ? 0 : v->milli[m];
            s->text[m] += text;
            s->part_text[m] += text;
        }
}

/* What of a row of totals does not fit: its first cell that differs, 0: none. *numbers: it has any. */
static int differs(yearly_reading *x, int row, int block, bool whole, bool *numbers, char is[], char comes[])
{
    const yearly_block *b = &x->l.block[block];
    const yearly_sums *s = &x->sum[block];
    int bad = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        const sheet_cell *c = sheet_at(x->s, row, b->column[m]);
        int64_t v, sum = whole ? s->all[m] : s->part[m], text = whole ? s->text[m] : s->part_text[m];
        bool textual;
        if (!c || (c->kind == SHEET_ERROR && (whole || s->broken)) || /* said once, or where it comes from */
            yearly_value_of(x, row, b->column[m], b->ten, true, &v, &textual))
            continue;
        *numbers = true;
        int64_t within = step_of(c, b->ten) + s->rows / 2;
        if (bad || agrees(v, sum, within) || agrees(v, sum - text, within))
            continue;
        bad = b->column[m];
        number_text(v, b->unit, is);
        number_text(sum, b->unit, comes);
    }
    return bad;
}

bool yearly_column_totals(yearly_reading *x, int row, int block, bool named, bool *numbers)
{
    yearly_sums *s = &x->sum[block];
    const yearly_block *b = &x->l.block[block];
    char is[MIZO_NUM_TEXT + 8], comes[MIZO_NUM_TEXT + 8];
    if (b->ten < 0 || s->mixed)
        return named;
    int part = differs(x, row, block, false, numbers, is, comes);
    int all = part && *numbers ? differs(x, row, block, true, numbers, is, comes) : 0;
    if (part && all && named && !s->broken)
        yearly_say(x, MIZO_MSG_YEARLY_COLUMN_TOTAL, row, all, is, comes);
    if (!*numbers)
        return true;
    x->out->totals += YEARLY_MONTHS;
    memset(s->part, 0, sizeof s->part);
    memset(s->part_text, 0, sizeof s->part_text);
    return named || !part || !all;
}
