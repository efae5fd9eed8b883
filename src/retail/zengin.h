/* zengin.h: the fixed files of the Zengin system (全銀協規定形式): 総合振込, transfers that we order, and 口座振替,
 * collections from customers' accounts. Records of 120 bytes in JIS X 0201: header, data, trailer, end; half-width
 * kana. Pure; an exporter, "layout as published, not validated by a bank". docs/formats/zengin.md has each field.
 *
 * Letters are folded to those that the system carries: full-width kana and Latin letters, small kana, hyphens.
 * What cannot be folded is named and refused: a payee's name is never guessed. */
#ifndef RETAIL_ZENGIN_H
#define RETAIL_ZENGIN_H

#include "base/buf.h"
#include "mizo/payment.h"

typedef enum zengin_kind { ZENGIN_TRANSFER = 21, ZENGIN_COLLECT = 91 } zengin_kind;
enum { ZENGIN_RECORD = 120 };

typedef struct zengin_row {
    const mizo_bank *bank; /* whose account it is */
    int64_t yen;           /* > 0, at most 10 digits */
    const char *reference; /* up to 20 digits; "": the account's own */
    const char *what;      /* who it is, for messages: the party's id */
} zengin_row;

/* Appends the whole file: each record ends with CR LF. own: the issuer's account (client, bank ...); day: of the
 * transfer. MIZO_EINPUT: letters, amounts or codes that cannot be carried; all of them are said in d.
 * MIZO_ERANGE: the sum has more than 12 digits (said). */
MIZO_MUST_USE mizo_err zengin_write(zengin_kind kind, const mizo_bank *own, mizo_day day,
                                    const zengin_row *row, size_t n, mizo_diags *d, buf *out);

/* Folds UTF-8 to the letters that the system carries (JIS X 0201, one byte each), appended to out.
 * MIZO_EINPUT: *bad is the first letter that cannot be. */
MIZO_MUST_USE mizo_err zengin_fold(const char *s, buf *out, uint32_t *bad);

#endif
