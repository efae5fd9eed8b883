/* operator_strip.c: a file without its personal data, byte for byte otherwise.
 *
 * In UTF-8 and in Shift_JIS no byte of a letter beyond ASCII is '<', so tags are found without decoding. What counts is
 * the name after a prefix, as the reader sees it. Between such a tag and its end everything goes, elements within too; so it does where no row of codes names the
 * element, or says that it is passed by. */
#include <string.h>

#include "grid/operator_inner.h"

enum { NAME_MOST = 64 };

/* The element's name of a tag at p ("<" or "</"), without its prefix; its length is 0 for no name. */
static size_t tag_name(const char *p, const char *end, char out[NAME_MOST])
{
    const char *s = p + 1 + (p + 1 < end && p[1] == '/'), *from = s;
    for (; s < end && !strchr(" \t\r\n/>", *s) && *s; s++)
        if (*s == ':')
            from = s + 1;
    size_t n = (size_t)(s - from);
    if (n >= NAME_MOST)
        n = 0;
    memcpy(out, from, n);
    out[n] = '\0';
    return n;
}

/* Past a comment, a CDATA section or a declaration; NULL: p begins none. */
static const char *past_special(const char *p, const char *end)
{
    static const struct {
        const char *begin, *stop;
    } kinds[] = {
        {"<!--",       "-->"},
        { "<![CDATA[", "]]>"},
        { "<?",        "?>" }
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = strlen(kinds[i].begin), k = strlen(kinds[i].stop);
        if ((size_t)(end - p) < n || memcmp(p, kinds[i].begin, n))
            continue;
        const char *stop = memmem(p + n, (size_t)(end - p) - n, kinds[i].stop, k);
        return stop ? stop + k : end;
    }
    return NULL;
}

/* Does the tag at p open an element, that is, not end one, nor both? *close: past its '>'. */
static bool opens_at(const char *p, const char *end, const char **close)
{
    const char *gt = memchr(p, '>', (size_t)(end - p));
    *close = gt ? gt + 1 : end;
    return p + 1 < end && p[1] != '/' && *close - p > 1 && (*close)[-2] != '/';
}

/* The '<' of the tag that ends the element called name, others of its kind within counted; end if there is none. */
static const char *find_end(const char *p, const char *end, const char *name)
{
    char word[NAME_MOST];
    for (int within = 0; p < end && (p = memchr(p, '<', (size_t)(end - p)));) {
        const char *past = past_special(p, end), *close;
        if (!past && tag_name(p, end, word) && strcmp(word, name) == 0) {
            if (p + 1 < end && p[1] == '/' && within-- == 0)
                return p;
            within += opens_at(p, end, &close);
        }
        p = past ? past : p + 1;
    }
    return end;
}

/* What is personal, and what nobody reads: it may be. */
static bool not_read(operator_meaning m)
{
    return operator_personal(m) || m == OPERATOR_IGNORE || m == OPERATOR_MEANING_COUNT;
}

mizo_err operator_strip(const char *bytes, size_t n, const operator_code *codes, size_t ncodes, buf *out)
{
    const char *p = bytes, *end = bytes + n;
    char name[NAME_MOST];
    while (p < end) {
        const char *tag = memchr(p, '<', (size_t)(end - p));
        if (!tag)
            tag = end;
        buf_add(out, p, (size_t)(tag - p));
        if (tag == end)
            break;
        const char *past = past_special(tag, end);
        bool comment = past && memcmp(tag, "<!", 2) == 0; /* it may quote what is personal: it goes */
        if (past) {
            if (!comment)
                buf_add(out, tag, (size_t)(past - tag));
            p = past;
            continue;
        }
        const char *close;
        operator_meaning m = opens_at(tag, end, &close) && tag_name(tag, end, name)
                                 ? operator_meaning_of(codes, ncodes, name)
                                 : OPERATOR_AROUND;
        buf_add(out, tag, (size_t)(close - tag));
        p = close;
        if (m == OPERATOR_HEADER) /* passed by as a whole, and no place for people */
            buf_add(out, close, (size_t)((p = find_end(close, end, name)) - close));
        else if (not_read(m))
            p = find_end(close, end, name);
    }
    return out->err;
}
