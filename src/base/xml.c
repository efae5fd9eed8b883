/* xml.c: what is known of a piece of XML before it is read: its encoding, its first letter. */
#include "base/xml.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { DECLARATION = 256 };

static mizo_err refuse(xml_fault *f, int line, const char *why, const char *what)
{
    f->line = line;
    f->column = 0;
    snprintf(f->why, sizeof f->why, "%s%s%.60s", why, what ? ": " : "", what ? what : "");
    return MIZO_EINPUT;
}

/* The word of encoding="..." in <?xml ...?>, "" if there is none. */
static void declared(const char *p, size_t n, char out[32])
{
    char head[DECLARATION + 1];
    size_t k = n < DECLARATION ? n : DECLARATION;
    out[0] = '\0';
    memcpy(head, p, k);
    head[k] = '\0';
    char *end = strncmp(head, "<?xml", 5) == 0 ? strstr(head, "?>") : NULL;
    if (!end)
        return;
    *end = '\0';
    const char *at = strstr(head, "encoding");
    at = at ? strpbrk(at, "\"'") : NULL;
    const char *stop = at ? strchr(at + 1, *at) : NULL;
    if (stop && stop - at - 1 < 31)
        snprintf(out, 32, "%.*s", (int)(stop - at - 1), at + 1);
}

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(word, *words) == 0)
            return true;
    return false;
}

static int line_at(const char *p, size_t n)
{
    int line = 1;
    for (size_t i = 0; i < n; i++)
        line += p[i] == '\n';
    return line;
}

static mizo_err from_cp932(const char *p, size_t n, buf *out, xml_fault *fault)
{
    size_t bad = 0;
    mizo_err e = cp932_to_utf8(p, n, out, &bad);
    return e == MIZO_EINPUT
               ? refuse(fault, line_at(p, bad), "a byte that is no letter of Shift_JIS (CP932)", NULL)
               : e;
}

mizo_err xml_utf8(const char *bytes, size_t n, buf *out, xml_fault *fault)
{
    static const char *const japanese[] = { "Shift_JIS",   "Shift-JIS", "SJIS",  "x-sjis",
                                            "Windows-31J", "MS932",     "CP932", NULL };
    static const char *const plain[] = { "", "UTF-8", "UTF8", "US-ASCII", "ASCII", NULL };
    char word[32];
    bool bom = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    const char *p = bom ? bytes + 3 : bytes;
    size_t k = bom ? n - 3 : n;
    memset(fault, 0, sizeof *fault);
    if (n > XML_BYTES)
        return refuse(fault, 0, "more than 1 GiB of text", NULL);
    if (n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0 ||
                   memchr(bytes, 0, n < 64 ? n : 64)))
        return refuse(fault, 1, "UTF-16 text; save it as UTF-8", NULL);
    declared(p, k, word);
    if (one_of(word, japanese) && !bom)
        return from_cp932(p, k, out, fault);
    if (!one_of(word, plain) && !bom)
        return refuse(fault, 1, "an encoding that mizo does not read (UTF-8, Shift_JIS)", word);
    if (!utf8_valid(p, k))
        return refuse(fault, 0, "bytes that are not UTF-8, though it says so", NULL);
    buf_add(out, p, k);
    return out->err;
}

bool xml_looks(const char *bytes, size_t n)
{
    size_t i = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i])
        i++;
    if (n - i > 4 && memcmp(bytes + i, "<?xml", 5) == 0)
        return true;
    return i + 1 < n && bytes[i] == '<' && isalpha((unsigned char)bytes[i + 1]) &&
           strncasecmp(bytes + i, "<html", n - i < 5 ? n - i : 5) != 0;
}

const char *xml_get(const xml_attribute *a, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(a[i].name, name) == 0)
            return a[i].value;
    return NULL;
}
