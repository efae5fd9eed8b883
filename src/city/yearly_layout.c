/* yearly_layout.c: where things stand in a yearly table: the header, blocks of months, years, units, columns. */
#include <stdio.h>
#include <string.h>

#include "city/yearly_inner.h"

enum { NEARLY = 8, STOREYS = 6 }; /* months of a row that is meant as a header; rows that a header has */

static int from_april(int month)
{
    return (month + 8) % 12;
}

/* ---- the header ---- */

/* Distinct months of a row, of those that say they are months and of bare numbers. */
static int months_of_row(const sheet *s, int row)
{
    bool seen[YEARLY_MONTHS] = { false }, bare[YEARLY_MONTHS] = { false };
    int n = 0, nbare = 0;
    for (int c = 1; c <= s->ncolumn; c++) {
        int year;
        bool weak;
        int m = yearly_month(sheet_at(s, row, c), &year, &weak);
        bool *at = weak ? bare : seen;
        if (!m || at[m - 1])
            continue;
        at[m - 1] = true;
        *(weak ? &nbare : &n) += 1;
    }
    return n >= NEARLY ? n : nbare == YEARLY_MONTHS ? nbare : 0;
}

static const char *const id_words[] = { "id",     "施設id",   "施設コード", "施設番号", "資産番号",
                                        "施設no", "管理番号", "コード",     "code",     NULL };
static const char *const name_words[] = { "施設名",   "施設名称", "名称",         "施設", "建物名",
                                          "対象施設", "facility", "facilityname", "name", NULL };
static const char *const bureau_words[] = { "局",     "所管",     "所管局", "部局",   "局名",
                                            "担当局", "所管部局", "局区",   "bureau", NULL };
static const char *const energy_words[] = { "種別",           "種類",   "エネルギー", "エネルギー種別",
                                            "エネルギー種類", "energy", NULL };
static const char *const unit_words[] = { "単位", "unit", NULL };
static const char *const note_words[] = { "備考", "摘要", "注", "注記", "note", "remarks", NULL };

static bool is_word(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

/* What a column is called: in the header's row, or where that is blank in the nearest row above, since a merged heading
 * that was taken apart stands in its first row. */
void yearly_heading(const sheet *s, const yearly_layout *l, int column, char out[YEARLY_TEXT])
{
    for (int r = l->header; r >= 1 && r > l->header - STOREYS; r--)
        if (yearly_folded(s, r, column, out))
            return;
}

static void find_columns(const sheet *s, yearly_layout *l)
{
    const struct {
        int *at;
        const char *const *words;
    } row[] = {
        {&l->id,      id_words    },
        { &l->name,   name_words  },
        { &l->bureau, bureau_words},
        { &l->energy, energy_words},
        { &l->unit,   unit_words  },
        { &l->note,   note_words  }
    };
    for (int c = 1; c <= s->ncolumn; c++) {
        char word[YEARLY_TEXT];
        yearly_heading(s, l, c, word);
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            if (!*row[i].at && is_word(word, row[i].words))
                *row[i].at = c;
    }
}

bool yearly_header(const sheet *s, yearly_layout *l)
{
    int most = 0, at = 0;
    for (int r = 1; r <= YEARLY_HEAD && r <= s->nrow; r++) {
        int n = months_of_row(s, r);
        if (n > most) {
            most = n;
            at = r;
        }
    }
    *l = (yearly_layout){ .header = at };
    if (at)
        find_columns(s, l);
    return at && (l->name || l->id);
}

bool yearly_looks(const sheet *s)
{
    yearly_layout l;
    return yearly_header(s, &l);
}

/* ---- blocks ---- */

static void say(const yearly_sink *k, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    k->said(k->arg, id, row, column, p0, p1);
}

static void fy_text(int fy, char out[16])
{
    snprintf(out, 16, "%d", fy);
}

/* A month's heading into the block that still lacks it. MIZO_EINPUT: it is of another year than those beside it, or that of
 * the column before. */
static mizo_err put_month(const yearly_sink *k, yearly_layout *l, int column, int month, int year)
{
    int i = from_april(month), fy = !year ? 0 : month >= 4 ? year : year - 1;
    yearly_block *b = l->nblock ? &l->block[l->nblock - 1] : NULL;
    char is[16], other[SHEET_ADDRESS];
    if (b && b->column[i] && b->column[i] == b->last) {
        snprintf(is, sizeof is, "%d", month);
        sheet_address(NULL, l->header, b->last, other);
        say(k, MIZO_MSG_YEARLY_MONTH_TWICE, l->header, column, is, other);
        return MIZO_EINPUT;
    }
    if (!b || b->column[i]) {
        if (l->nblock == YEARLY_BLOCKS)
            return MIZO_OK;
        b = &l->block[l->nblock++];
        *b = (yearly_block){ .first = column, .ten = -1 };
    }
    b->column[i] = b->last = column;
    if (fy && b->fy && fy != b->fy) {
        fy_text(fy, is);
        fy_text(b->fy, other);
        say(k, MIZO_MSG_YEARLY_YEAR_OTHER, l->header, column, is, other);
        return MIZO_EINPUT;
    }
    b->fy = fy ? fy : b->fy;
    return MIZO_OK;
}

static mizo_err find_blocks(const sheet *s, const yearly_sink *k, yearly_layout *l)
{
    mizo_err e = MIZO_OK;
    for (int c = 1; c <= s->ncolumn; c++) {
        int year;
        bool weak;
        const sheet_cell *cell = sheet_at(s, l->header, c);
        int m = yearly_month(cell, &year, &weak);
        if (m && put_month(k, l, c, m, year))
            e = MIZO_EINPUT;
        if (m && l->header + cell->rows > l->first)
            l->first = l->header + cell->rows;
    }
    return e;
}

static mizo_err check_months(const yearly_sink *k, const yearly_layout *l)
{
    mizo_err e = MIZO_OK;
    for (int i = 0; i < l->nblock; i++) {
        const yearly_block *b = &l->block[i];
        bool ordered = true;
        for (int m = 0; m < YEARLY_MONTHS; m++) {
            char month[16];
            ordered &= m == 0 || b->column[m] > b->column[m - 1] || m == from_april(1);
            if (b->column[m])
                continue;
            snprintf(month, sizeof month, "%d", (m + 3) % 12 + 1);
            say(k, MIZO_MSG_YEARLY_MONTHS, l->header, b->first, month, NULL);
            e = MIZO_EINPUT;
        }
        if (!ordered && !e)
            say(k, MIZO_MSG_YEARLY_ORDER, l->header, b->first, NULL, NULL);
    }
    return e;
}

/* Columns of totals go to the block that begins before them. */
static void find_sums(const sheet *s, yearly_layout *l)
{
    for (int c = 1; c <= s->ncolumn; c++) {
        char word[YEARLY_TEXT];
        yearly_heading(s, l, c, word);
        bool role =
            c == l->id || c == l->name || c == l->bureau || c == l->energy || c == l->unit || c == l->note;
        yearly_block *b = &l->block[0];
        for (int i = 1; i < l->nblock; i++)
            if (l->block[i].first < c)
                b = &l->block[i];
        bool month = false;
        for (int i = 0; i < l->nblock; i++)
            for (int m = 0; m < YEARLY_MONTHS; m++)
                month |= l->block[i].column[m] == c;
        if (!role && !month && yearly_total_word(word) && b->nsum < YEARLY_SUMS)
            b->sum[b->nsum++] = c;
    }
}

/* ---- what stands above ---- */

/* Years of everything above the header, each once, with the first cell that names it. */
typedef struct years {
    int n, fy[YEARLY_YEARS], row[YEARLY_YEARS], column[YEARLY_YEARS];
    bool wrong;
    int odd_row, odd_column; /* the first cell that counts a year under no known era; 0: none */
} years;

static void add_years(years *y, const char *folded, int row, int column)
{
    int fy[YEARLY_YEARS];
    bool wrong;
    int n = yearly_years(folded, fy, &wrong);
    y->wrong |= wrong;
    if (!y->odd_row && yearly_year_odd(folded)) {
        y->odd_row = row;
        y->odd_column = column;
    }
    for (int i = 0; i < n; i++) {
        bool known = false;
        for (int j = 0; j < y->n; j++)
            known |= y->fy[j] == fy[i];
        if (known || y->n == YEARLY_YEARS)
            continue;
        y->fy[y->n] = fy[i];
        y->row[y->n] = row;
        y->column[y->n++] = column;
    }
}

static bool has_year(const years *y, int fy)
{
    for (int i = 0; i < y->n; i++)
        if (y->fy[i] == fy)
            return true;
    return false;
}

typedef struct above {
    years said;  /* of the cells */
    years named; /* of the sheet's and the file's name */
    const yearly_energy *energy;
    const char *unit;
    int ten;
} above;

static mizo_err look_above(const sheet *s, const yearly_ask *ask, const yearly_sink *k,
                           const yearly_layout *l, above *a)
{
    char word[YEARLY_TEXT], shown[YEARLY_TEXT];
    mizo_err e = MIZO_OK;
    *a = (above){ .ten = -1 };
    for (int r = 1; r < l->header; r++)
        for (int c = 1; c <= s->ncolumn; c++) {
            if (!sheet_at(s, r, c) || !yearly_folded(s, r, c, word))
                continue;
            years before = a->said;
            add_years(&a->said, word, r, c);
            if (a->said.wrong && !before.wrong) {
                yearly_shown(s, r, c, shown);
                say(k, MIZO_MSG_YEARLY_YEAR_WRONG, r, c, shown, NULL);
                e = MIZO_EINPUT;
            }
            if (!a->energy)
                a->energy = yearly_energy_in(word);
            if (!a->unit)
                yearly_unit(word, &a->unit, &a->ten);
        }
    text_fold(s->name, strlen(s->name), word, sizeof word);
    add_years(&a->named, word, 0, 0);
    a->energy = a->energy ? a->energy : yearly_energy_in(word);
    if (ask->file) {
        text_fold(ask->file, strlen(ask->file), word, sizeof word);
        add_years(&a->named, word, 0, 0);
        a->energy = a->energy ? a->energy : yearly_energy_in(word);
    }
    return e;
}

/* The nearest cells above a block say its year, energy and unit before the rest of the sheet does. */
static void look_over(const sheet *s, const yearly_layout *l, yearly_block *b)
{
    char word[YEARLY_TEXT];
    for (int r = l->header; r >= 1; r--) {
        if (!yearly_folded(s, r, b->first, word))
            continue;
        int fy[YEARLY_YEARS];
        bool wrong;
        if (!b->fy && yearly_years(word, fy, &wrong) == 1) {
            const sheet_cell *said = sheet_shown(s, r, b->first);
            b->fy = fy[0];
            b->fy_row = said ? said->row : r;
            b->fy_column = said ? said->column : b->first;
        }
        if (!b->energy)
            b->energy = yearly_energy_in(word);
        if (!b->unit)
            yearly_unit(word, &b->unit, &b->ten);
    }
}

/* A row of units right below the months is no data. */
static void look_below(const sheet *s, yearly_layout *l)
{
    bool units = false;
    for (int i = 0; i < l->nblock; i++) {
        yearly_block *b = &l->block[i];
        char word[YEARLY_TEXT];
        const char *unit;
        int ten;
        yearly_folded(s, l->first, b->first, word);
        if (!yearly_unit(word, &unit, &ten))
            continue;
        b->unit = unit;
        b->ten = ten;
        units = true;
    }
    l->first += units;
}

/* No year is known: the cell that was meant to say it, or the header. */
static mizo_err no_year(const sheet *s, const yearly_sink *k, const yearly_layout *l, const above *a,
                        int column)
{
    char shown[YEARLY_TEXT];
    if (!a->said.odd_row) {
        say(k, MIZO_MSG_YEARLY_YEAR_NONE, l->header, column, NULL, NULL);
        return MIZO_EINPUT;
    }
    yearly_shown(s, a->said.odd_row, a->said.odd_column, shown);
    say(k, MIZO_MSG_YEARLY_YEAR_ODD, a->said.odd_row, a->said.odd_column, shown, NULL);
    return MIZO_EINPUT;
}

static mizo_err settle_year(const sheet *s, const yearly_ask *ask, const yearly_sink *k,
                            const yearly_layout *l, const above *a, yearly_block *b)
{
    char is[16], other[16];
    int row = b->fy_row ? b->fy_row : l->header, column = b->fy_row ? b->fy_column : b->first, own = b->fy;
    if (!b->fy && ask->fy && has_year(&a->said, ask->fy))
        b->fy = ask->fy;
    const years *from = a->said.n ? &a->said : &a->named;
    if (!b->fy && from->n == 1) {
        b->fy = from->fy[0];
        row = from->row[0];
        column = from->column[0];
    }
    if (!b->fy && from->n == 0)
        b->fy = ask->fy;
    if (!b->fy)
        return no_year(s, k, l, a, b->first);
    fy_text(b->fy, is);
    if ((ask->fy && b->fy != ask->fy) || (own && a->said.n && !has_year(&a->said, own))) {
        fy_text(ask->fy && b->fy != ask->fy ? ask->fy : a->said.fy[0], other);
        say(k, MIZO_MSG_YEARLY_YEAR_OTHER, row, column, is, other);
        return MIZO_EINPUT;
    }
    if (b->fy > mizo_day_fy(ask->today)) {
        say(k, MIZO_MSG_YEARLY_YEAR_AHEAD, row, column, is, NULL);
        return MIZO_EINPUT;
    }
    if (!own && !ask->fy && a->named.n && !has_year(&a->named, b->fy)) {
        fy_text(a->named.fy[0], other);
        say(k, MIZO_MSG_YEARLY_YEAR_NAMED, row, column, is, other);
    }
    return MIZO_OK;
}

static mizo_err settle_unit(const yearly_sink *k, const yearly_layout *l, const above *a, yearly_block *b)
{
    b->energy = b->energy ? b->energy : a->energy;
    if (!b->unit && a->unit) {
        b->unit = a->unit;
        b->ten = a->ten;
    }
    if (!b->energy && b->unit && strcmp(b->unit, "kWh") == 0)
        b->energy = yearly_energy_of("electricity");
    if (!l->unit && !b->unit) {
        say(k, MIZO_MSG_YEARLY_UNIT_NONE, l->header, b->first, NULL, NULL);
        return MIZO_EINPUT;
    }
    if (!l->energy && !b->energy && b->unit) {
        say(k, MIZO_MSG_YEARLY_ENERGY_NONE, l->header, b->first, b->unit, NULL);
        return MIZO_EINPUT;
    }
    const yearly_energy *counted = b->energy && b->unit ? yearly_energy_in_unit(b->energy, b->unit) : NULL;
    if (!l->unit && !l->energy && !counted) {
        say(k, MIZO_MSG_YEARLY_UNIT_BAD, l->header, b->first, b->unit, b->energy->ja);
        return MIZO_EINPUT;
    }
    return MIZO_OK;
}

mizo_err yearly_layout_read(const sheet *s, const yearly_ask *ask, const yearly_sink *k, yearly_layout *l)
{
    above a;
    l->first = l->header + 1;
    mizo_err e = find_blocks(s, k, l);
    mizo_err months = check_months(k, l);
    find_sums(s, l);
    mizo_err over = look_above(s, ask, k, l, &a);
    e = e ? e : months ? months : over;
    look_below(s, l);
    for (int i = 0; i < l->nblock; i++) {
        look_over(s, l, &l->block[i]);
        mizo_err year = over || e ? MIZO_OK : settle_year(s, ask, k, l, &a, &l->block[i]);
        mizo_err unit = settle_unit(k, l, &a, &l->block[i]);
        e = e ? e : year ? year : unit;
    }
    return e;
}
