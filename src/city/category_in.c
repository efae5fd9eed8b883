/* category_in.c: see category_in.h. */
#include "city/category_in.h"

#include <string.h>

#include "base/text.h"

enum { GAS_COLUMNS = 40, WORD = 64 };

typedef struct reading {
    const mizo_region *r;
    const sheet *s;
    const category_in_sink *sink;
    int header, code, ngas;
    int column[GAS_COLUMNS];
    const char *gas[GAS_COLUMNS];
} reading;

static const char *cell_text(const reading *x, int row, int column)
{
    const sheet_cell *c = sheet_shown(x->s, row, column);
    return c && c->kind != SHEET_BLANK ? c->text : "";
}

/* "" where it is too long to be a word. */
static void fold(const char *text, char out[WORD])
{
    size_t n = strlen(text);
    text_fold(text, n < WORD ? n : 0, out, WORD);
}

static bool is_word(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(folded, *words) == 0)
            return true;
    return false;
}

/* ---- the header ---- */

/* The model's own text of a gas that a heading names; NULL: none. */
static const char *gas_named(const mizo_region *r, const char *folded)
{
    char own[WORD];
    for (size_t i = 0; i < r->nemission; i++) {
        fold(r->emission[i].gas, own);
        if (strcmp(own, folded) == 0)
            return r->emission[i].gas;
    }
    for (size_t i = 0; i < r->ngwp; i++) {
        fold(r->gwp[i].gas, own);
        if (strcmp(own, folded) == 0)
            return r->gwp[i].gas;
    }
    return NULL;
}

/* A heading of a total names no gas: of which would it be? */
static void look_at(reading *x, int row, int column)
{
    static const char *const codes[] = {
        "code", "番号", "区分番号", "gpcref.no.", "gpcrefno", "gpcref", NULL
    };
    static const char *const wholes[] = { "all", "total", "計", "合計", NULL };
    char word[WORD];
    fold(cell_text(x, row, column), word);
    if (is_word(word, codes)) {
        x->code = x->code ? x->code : column;
        return;
    }
    const char *gas = *word && !is_word(word, wholes) ? gas_named(x->r, word) : NULL;
    if (gas && x->ngas < GAS_COLUMNS) {
        x->column[x->ngas] = column;
        x->gas[x->ngas++] = gas;
    }
}

static mizo_err find_header(reading *x)
{
    for (int row = 1; row <= CATEGORY_HEADER_ROWS && row <= x->s->nrow; row++) {
        x->code = x->ngas = 0;
        for (int c = 1; c <= x->s->ncolumn; c++)
            look_at(x, row, c);
        x->header = row;
        if (x->code && x->ngas)
            return MIZO_OK;
    }
    return MIZO_EINPUT;
}

/* ---- rows ---- */

static bool is_key(const char *text)
{
    static const char *const keys[] = { "", "no", "ne", "ie", "c", "-", "–", NULL };
    char word[WORD];
    fold(text, word);
    return strlen(text) < WORD && is_word(word, keys);
}

static bool stands_above(const reading *x, int row, const char *code)
{
    for (int r = x->header + 1; r < row; r++)
        if (strcmp(cell_text(x, r, x->code), code) == 0)
            return true;
    return false;
}

static mizo_err one_row(reading *x, int row, bool *any)
{
    const char *code = cell_text(x, row, x->code);
    bool again = *code && stands_above(x, row, code);
    *any = false;
    for (int k = 0; k < x->ngas && *code; k++) {
        const sheet_cell *c = sheet_shown(x->s, row, x->column[k]);
        int64_t v;
        if (!c || c->kind == SHEET_BLANK || is_key(c->text))
            continue;
        *any = true;
        if (sheet_number(c, 6, &v) || v < 0)
            x->sink->no_figure(x->sink->arg, row, x->column[k], c->text);
        else if (again)
            x->sink->twice(x->sink->arg, row, x->column[k], code, x->gas[k]);
        else
            MIZO_TRY(x->sink->figure(x->sink->arg, row, x->column[k], code, x->gas[k], v));
    }
    return MIZO_OK;
}

mizo_err category_in_read(const mizo_region *r, const sheet *s, const category_in_sink *sink, int *rows)
{
    reading x = { .r = r, .s = s, .sink = sink };
    *rows = 0;
    MIZO_TRY(find_header(&x));
    if (s->nrow > x.header + CATEGORY_ROWS)
        return MIZO_EFULL;
    for (int row = x.header + 1; row <= s->nrow; row++) {
        bool any;
        MIZO_TRY(one_row(&x, row, &any));
        *rows += any;
    }
    return MIZO_OK;
}
