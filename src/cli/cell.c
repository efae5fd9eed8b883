/* cell.c: columns that line up on a terminal, also where letters are two columns wide. */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"

/* East Asian Wide and Fullwidth, as far as mizo prints them; combining marks are not among its words. */
static bool wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0xa4cf) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
           (c >= 0xff01 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
           (c >= 0x20000 && c <= 0x3fffd);
}

int cli_width(const char *s)
{
    size_t n = strlen(s);
    int columns = 0;
    while (n) {
        uint32_t c = 0;
        size_t k = utf8_get(s, n, &c);
        columns += k && wide(c) ? 2 : 1;
        k = k ? k : 1;
        s += k;
        n -= k;
    }
    return columns;
}

void cli_cell(buf *out, const char *s, int width)
{
    int pad = (width < 0 ? -width : width) - cli_width(s);
    if (width < 0)
        buf_str(out, s);
    if (pad <= 0 && width < 0)
        pad = 1; /* too long for its column, but not grown into the next */
    for (int i = 0; i < pad; i++)
        buf_char(out, ' ');
    if (width >= 0)
        buf_str(out, s);
}
