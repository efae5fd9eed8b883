/* json.c: a document's blocks as JSON. */
#include "report/report.h"

static const char *const kinds[] = {
    [REPORT_HEADING] = "heading", [REPORT_TEXT] = "text",   [REPORT_NOTE] = "note",
    [REPORT_PAIR] = "pair",       [REPORT_SIDES] = "sides", [REPORT_FIGURE] = "figure",
    [REPORT_PAGE] = "page",       [REPORT_TABLE] = "table", [REPORT_CHART] = "chart",
};

static void titles(json *j, const report_table *t)
{
    json_array(j, "columns");
    for (int i = 0; i < t->ncolumn; i++) {
        json_object(j, NULL);
        json_text(j, "title", t->column[i].title);
        json_text(j, "unit", t->column[i].unit && *t->column[i].unit ? t->column[i].unit : NULL);
        json_end(j);
    }
    json_end(j);
}

/* null: not known; "": blank. */
static void table(json *j, const report_table *t)
{
    char room[MIZO_NUM_TEXT];
    json_text(j, "caption", t->caption);
    titles(j, t);
    json_array(j, "rows");
    for (const report_row *row = t->first; row; row = row->next) {
        json_array(j, NULL);
        for (int i = 0; i < t->ncolumn; i++)
            json_text(j, NULL,
                      row->cell[i].kind == REPORT_CELL_GAP
                          ? NULL
                          : report_cell_shown(&row->cell[i], t->column[i].plain, room));
        json_end(j);
    }
    json_end(j);
}

void report_json(const report *r, json *j)
{
    for (const report_block *b = report_blocks(r); b; b = b->next) {
        if (b->kind == REPORT_PAGE || b->kind == REPORT_CHART)
            continue; /* a picture of numbers that stand in a table */
        json_object(j, NULL);
        json_text(j, "kind", kinds[b->kind]);
        if (b->kind == REPORT_HEADING)
            json_int(j, "level", b->level);
        if (b->key)
            json_text(j, "key", b->key);
        if (b->text)
            json_text(j, "text", b->text);
        if (b->kind == REPORT_TABLE)
            table(j, b->table);
        json_end(j);
    }
}
