/* rows.h: the ways from a file's bytes to its rows, and the text at hand that they share (within import/). */
#ifndef MIZO_TOWN_IMPORT_ROWS_H
#define MIZO_TOWN_IMPORT_ROWS_H

#include "town/import/run.h"

enum { ROWS_PIECE = 1 << 20, /* bytes of one reading */ READERS_MOST = 16 };

/* The text of the file that is at hand. */
typedef struct text_piece {
    char *p;
    size_t n, cap;
    bool ended; /* the source has no more */
    int line;   /* lines before p */
} text_piece;

/* Space for `more` bytes behind the text. */
MIZO_MUST_USE mizo_err rows_room(text_piece *x, size_t more);
/* Reads until there are `want` bytes, or the end. */
MIZO_MUST_USE mizo_err rows_fill(import_run *im, text_piece *x, size_t want);

/* ---- which reader (which.c) ---- */

/* The readers that may take the file, each with what it made of the header. */
typedef struct candidates {
    const table_reader *reader[READERS_MOST];
    table_state *state; /* [n], freed by its owner */
    size_t n;
} candidates;

/* All readers, or the one that was asked for. MIZO_EINPUT, told: there is no such kind. */
MIZO_MUST_USE mizo_err which_begin(import_run *im, candidates *c);
/* Looks for a header that one of them knows in the first records of x->p[0..n) and sets im->reader.
 * MIZO_ENOENT: no header among them. *line: of the header. */
MIZO_MUST_USE mizo_err which_header(import_run *im, candidates *c, const text_piece *x, size_t n, int *line);
/* Nobody reads it: says what stands there, what would do, and where to read on. */
void which_none(import_run *im, const candidates *c, const text_piece *x);

/* ---- the thorough way (rows.c) ---- */

/* Reads the records of p[0..n); lines before it are `line`; records up to `skip_to` are passed by. */
MIZO_MUST_USE mizo_err rows_read(import_run *im, const char *p, size_t n, int line, int skip_to);
/* The same of all that is left of the file, held whole. */
MIZO_MUST_USE mizo_err rows_read_whole(import_run *im, text_piece *x, int skip_to);
/* A record that is no CSV. */
void rows_bad_csv(import_run *im, int line, const csv_record *rec, const char *what);

/* ---- the fast way (rows_fast.c) ---- */

/* Plain long readings, piece by piece from x, whose first header_bytes, header_line lines, are the header. *taken: false if the columns
 * are not of that shape, and nothing was read. */
MIZO_MUST_USE mizo_err rows_read_fast(import_run *im, text_piece *x, size_t header_bytes, int header_line,
                                      bool *taken);

#endif
