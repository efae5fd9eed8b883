/* readers.c: the list, and what its members share. */
#include "weather/readers.h"
#include "mizo/messages/import.h"

#include <string.h>

const table_reader *const weather_readers[] = { &weather_jma, &weather_own, NULL };

mizo_err weather_out_of_range(const csv_field *f, const char *least, const char *most, table_fault *fault)
{
    char text[41];
    size_t n = f->n < sizeof text ? f->n : sizeof text - 1;
    memcpy(text, f->s, n);
    text[n] = '\0';
    return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, text, least, most);
}
