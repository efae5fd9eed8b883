/* csv.h: CSV as people send it: UTF-8 with or without BOM, CP932, CR, LF, CRLF,
 * quoted fields with doubled quotes and line breaks inside. Pure: bytes in,
 * records out. A record's fields point into the reader and live until the next call. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/text.h"

enum { CSV_FIELDS = 256, CSV_FIELD_BYTES = 1 << 20 };

typedef struct csv_field {
    const char *s; /* UTF-8, not NUL-ended */
    size_t n;
    int column; /* of its first character, from 1, counted in characters */
} csv_field;

typedef struct csv_record {
    int line; /* where the record begins, from 1 */
    int nfield;
    int bad_field; /* after MIZO_EINPUT by a byte that is no letter: the field that it stands in, from 0 */
    csv_field field[CSV_FIELDS];
} csv_record;

typedef struct csv_reader csv_reader;

/* Reads the whole of bytes[0..n), which stays the caller's and must outlive the
 * reader. Decodes CP932 if the bytes are not UTF-8. NULL: out of memory. */
csv_reader *csv_open(const char *bytes, size_t n);
void csv_close(csv_reader *r);
/* Next record, blank lines skipped. MIZO_OK; MIZO_ENOENT at the end; MIZO_EINPUT
 * (unclosed quote, letter after a quote, too many fields, undecodable byte):
 * *what is a static English text of the fault, *rec holds line and column in field[0].column. */
MIZO_MUST_USE mizo_err csv_next(csv_reader *r, csv_record *rec, const char **what);
text_encoding csv_encoding(const csv_reader *r);
size_t csv_offset(const csv_reader *r); /* bytes consumed, for progress */

/* Appends one field, quoted where needed; text that a spreadsheet would take for
 * a formula (= + - @ TAB CR, unless it is a number) is preceded by an apostrophe. */
void csv_put(buf *out, const char *s);

#endif
