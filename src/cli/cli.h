/* cli.h: the verbs. One file per command, a face over town/, no rule of its own.
 * Exit status: 0 done, 1 the answer is no, 2 the input is wrong, 3 it failed. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "base/env.h"
#include "base/json.h"
#include "base/options.h"
#include "mizo/slot.h"
#include "town/people/actor.h"
#include "town/register/register.h"
#include "town/town.h"

enum { CLI_DONE = 0, CLI_NO = 1, CLI_INPUT = 2, CLI_FAILED = 3 };

typedef struct cli {
    env *env;
    const char *lang; /* "ja" or "en": MIZO_LANG, LANG, --lang */
    mizo_diags *diags;
    int argc; /* the words after the verb */
    char **argv;
    bool said; /* why it failed has been printed, beside diags */
} cli;

typedef struct cli_verb {
    const char *name;
    const char *args; /* "FILE... --region DIR" */
    const char *help_en, *help_ja;
    const option_row *rows;
    size_t nrows;
    int (*run)(cli *c);
} cli_verb;

/* Parses c's words with the verb's rows. Returns CLI_DONE, or the status to leave with (after
 * printing the fault, or the help for --help). rest: words that are no options. */
int cli_parse(cli *c, const cli_verb *verb, void *into, const char **rest, size_t *nrest, size_t cap);
/* Prints the diagnoses to standard error, one a line: file:line:column: error: text. */
void cli_print_diags(cli *c);
/* The exit status of an error: ECONFLICT is 1, EINPUT, ERANGE and ENOENT are 2, the others 3. */
int cli_status(mizo_err e);
/* Writes a buffer to standard output; CLI_FAILED, and said, when it does not take it. */
int cli_put(cli *c, const buf *b);
bool cli_japanese(const cli *c);
/* CLI_DONE, or CLI_INPUT after saying that --to is before --from. */
int cli_days_in_order(const cli *c, const cli_verb *verb, mizo_day from, mizo_day to);

/* ---- who acts: who.c. Every verb that writes has the rows, and asks before it opens the store for writing ---- */
typedef struct cli_who {
    const char *as, *password_file;
} cli_who;

/* The option rows, for a verb's struct `type` with a cli_who `member`. */
#define CLI_WHO_ROWS(type, member)                                                                           \
    { "--as",                                                                                                \
      OPTION_TEXT,                                                                                           \
      "NAME",                                                                                                \
      "who acts (a user of the region; without users: any name)",                                            \
      "操作する人（地域の利用者。利用者がいなければ任意の名前）",                                            \
      false,                                                                                                 \
      offsetof(type, member.as),                                                                             \
      0,                                                                                                     \
      0 },                                                                                                   \
    {                                                                                                        \
        "--password-file", OPTION_TEXT, "FILE", "a file with that user's password (or MIZO_PASSWORD_FILE)",  \
            "その利用者のパスワードを書いたファイル（または MIZO_PASSWORD_FILE）", false,                    \
            offsetof(type, member.password_file), 0, 0                                                       \
    }

/* Finds out who acts in the region directory dir (town/people/actor.h), asking for the password on the terminal or
 * reading it from the file. CLI_DONE, or the status to leave with, said in c->diags. Then batch.actor is
 * out->name. */
int cli_actor(cli *c, const cli_who *who, const char *dir, town_act act, actor *out);
/* The day that was given, or where none was (MIZO_DAY_NONE) today by the wall's clock. */
mizo_day cli_day_of(const cli *c, const town *t, mizo_day given);
/* The same by the clock that the desk, the running town and its pages go by: of a region with a simulated clock where
 * that stands. What is due, owed and issued is told by it. */
mizo_day cli_trading_day(const cli *c, const town *t, mizo_day given);
/* The same, and opens the town for that act; CLI_READS: it only reads, and nobody is asked. Warnings about the model are
 * `mizo check`'s to say: they are dropped. CLI_DONE, or the status to leave with, said; then nothing is open. */
enum { CLI_READS = -1 };
int cli_town(cli *c, const cli_who *who, const char *dir, int act, actor *out, town *t);
/* A new password: the first line of the file (or of MIZO_PASSWORD_FILE), else asked for twice on the terminal.
 * MIZO_EINPUT: said. The caller wipes it. */
MIZO_MUST_USE mizo_err cli_new_password(cli *c, const char *file, char out[PASSWORD_ROOM]);

/* The first day of the month "2021-07". CLI_DONE, or CLI_INPUT after saying how it is written. when.c */
int cli_month(const cli *c, const cli_verb *verb, const char *text, mizo_day *out);
/* The fiscal year "2023", "R5"; *out stays where text is NULL. CLI_DONE, or CLI_INPUT after saying how it is written. when.c */
int cli_fiscal_year(const cli *c, const cli_verb *verb, const char *text, int *out);
/* The last instant of a local day; MIZO_DAY_NONE: INT64_MAX, the latest (STORE_LATEST). */
mizo_ms cli_as_of(mizo_day as_of, int offset);

/* Which state of the books a report was made from: an object "book" of j, or with j NULL a line (none for empty books). book.c */
MIZO_MUST_USE mizo_err cli_book(const cli *c, const town *t, json *j, buf *out);

/* Puts a line into the register for a file that was refused (register_refuse); returns why. book.c */
mizo_err cli_refused(town *t, const register_file *f, mizo_err why);

/* Columns of a terminal that s takes: a Japanese letter takes two. cell.c */
int cli_width(const char *s);
/* s in a column of so many: against its right edge, with width < 0 against its left. */
void cli_cell(buf *out, const char *s, int width);
/* A word of the store (quality, state, voltage) in Japanese where it has one there, else as it is. word.c */
const char *cli_word(bool ja, const char *word);

/* Every verb: verbs.def is made by the build from the list in meson.build. */
#define X(name) extern const cli_verb cli_##name;
#include "verbs.def"
#undef X

#endif
