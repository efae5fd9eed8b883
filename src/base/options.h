/* options.h: one row per option. The parser, --help and the manual come from it. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/buf.h"

typedef enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_DATE } option_kind;

typedef struct option_row {
    const char *name; /* "--region" */
    option_kind kind;
    const char *value; /* "DIR", shown in help; NULL for a flag */
    const char *help_en, *help_ja;
    bool needed;
    size_t offset;       /* where in the verb's struct: bool, const char *, int64_t, mizo_day */
    int64_t least, most; /* OPTION_INT; both 0: any */
} option_row;

/* Parses argv[0..argc) into *into; words that are no options go to rest[0..*nrest).
 * `--` ends options; `--name=value` works. MIZO_EINPUT: *fault is one line of
 * text that names the option and how to mend it (in lang). */
MIZO_MUST_USE mizo_err options_parse(const option_row *rows, size_t n, int argc, char **argv, void *into,
                                     const char **rest, size_t *nrest, size_t cap, const char *lang,
                                     buf *fault);
void options_help(const option_row *rows, size_t n, const char *lang, buf *out);

#endif
