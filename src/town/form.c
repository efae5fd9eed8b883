/* form.c: see form.h. */
#include "town/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/account.h"
#include "mizo/series.h"

/* ---- handover: what an operator wants the next one to know ---- */

typedef struct note {
    mizo_day day;
    char about[MIZO_ID_MAX], text[4000];
} note;

static const shape_field note_rows[] = {
    {"day",    SHAPE_DAY,   true,  0, 0,    NULL, offsetof(note, day),   0                       },
    { "about", SHAPE_ID,    false, 1, 40,   NULL, offsetof(note, about), sizeof((note *)0)->about},
    { "text",  SHAPE_LINES, true,  1, 1200, NULL, offsetof(note, text),  sizeof((note *)0)->text },
};

/* ---- rota: who is at the desk on a day, and who stands in ---- */

typedef struct rota {
    mizo_day day;
    char user[MIZO_ID_MAX], second[MIZO_ID_MAX];
} rota;

static const shape_field rota_rows[] = {
    {"day",     SHAPE_DAY, true,  0, 0,  NULL, offsetof(rota, day),    0                        },
    { "user",   SHAPE_ID,  true,  1, 40, NULL, offsetof(rota, user),   sizeof((rota *)0)->user  },
    { "second", SHAPE_ID,  false, 1, 40, NULL, offsetof(rota, second), sizeof((rota *)0)->second},
};

#define ROWS(rows, type) rows, sizeof rows / sizeof *rows, sizeof(type)

const form forms[] = {
    {"handover", ACT_RECORD, ROWS(note_rows, note)},
    { "rota",    ACT_DUTY,   ROWS(rota_rows, rota)},
};
const size_t nforms = sizeof forms / sizeof *forms;

const form *form_of(const char *kind)
{
    for (size_t i = 0; i < nforms; i++)
        if (strcmp(forms[i].kind, kind) == 0)
            return &forms[i];
    return NULL;
}

void form_kinds(char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < nforms && n < cap; i++)
        n += (size_t)snprintf(out + n, cap - n, "%s%s", i ? ", " : "", forms[i].kind);
}

mizo_err form_check(const form *p, const char *text, size_t n, buf *out, mizo_diags *d)
{
    void *into = calloc(1, p->size);
    if (!into)
        return MIZO_ENOMEM;
    mizo_err e = shape_read(p->rows, p->nrows, text, n, "body", into, d);
    if (!e) {
        json j;
        json_init(&j, out);
        json_object(&j, NULL);
        shape_write(p->rows, p->nrows, into, &j);
        json_end(&j);
        e = out->err;
    }
    free(into);
    return e;
}
