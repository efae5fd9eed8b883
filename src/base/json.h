/* json.h: writes JSON in order, by hand, with the commas kept right.
 * Wh and W are integers; money and CO2 are decimal strings in yen and kg
 * ("cost_yen": "1234.567890"), because 2^53 mg is only 9,007 t. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "mizo/number.h"
#include "mizo/slot.h"

typedef struct json {
    buf *out;
    unsigned char need_comma; /* of the open container */
    int depth;
    unsigned char stack[64];
} json;

void json_init(json *j, buf *out);
/* key NULL: an element of an array (or the top). */
void json_object(json *j, const char *key);
void json_array(json *j, const char *key);
void json_end(json *j); /* closes what was opened last */
void json_int(json *j, const char *key, int64_t v);
void json_bool(json *j, const char *key, bool v);
void json_null(json *j, const char *key);
void json_text(json *j, const char *key, const char *s); /* UTF-8; NULL writes null */
void json_double(json *j, const char *key,
                 double v); /* shortest that reads back; NaN and infinity write null */
void json_yen(json *j, const char *key, mizo_uyen v); /* decimal string, 6 places */
void json_kg(json *j, const char *key, mizo_mg v);    /* decimal string, 6 places */
void json_time(json *j, const char *key, mizo_ms t, int offset);
void json_day(json *j, const char *key, mizo_day d);
void json_raw(json *j, const char *key, const char *json_text);
/* v[i], null where it is MIZO_MISSING (INT32_MIN) */
void json_ints(json *j, const char *key, const int32_t *v, int n);

#endif
