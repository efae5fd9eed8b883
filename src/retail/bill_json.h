/* bill_json.h: the canonical JSON of a bill: fixed keys in a fixed order, the same bill always the same
 * bytes. docs/formats/bill.md */
#ifndef RETAIL_BILL_JSON_H
#define RETAIL_BILL_JSON_H

#include "base/buf.h"
#include "mizo/bill.h"

/* Appends one object, no line end. */
void bill_json(const mizo_region *r, const mizo_bill *b, buf *out);

#endif
