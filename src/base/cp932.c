/* cp932.c: Windows-31J, both ways. The table is made by make_cp932.py. */
#include "base/cp932_table.h"
#include "base/text.h"

enum {
    KANA_FIRST = 0xa1,
    KANA_LAST = 0xdf,
    KANA_CP = 0xff61, /* half-width katakana */
    PRIVATE_LEAD = 0xf0,
    PRIVATE_LAST = 0xf9,
    PRIVATE_CP = 0xe000
};

/* 0..187 for a trail byte, -1 for none. */
static int trail_index(unsigned char c)
{
    if (c < 0x40 || c == 0x7f || c > 0xfc)
        return -1;
    return c - 0x40 - (c > 0x7f);
}

static unsigned char trail_byte(int index)
{
    return (unsigned char)(index + 0x40 + (index >= 0x3f));
}

/* The row of a lead byte: the rows are few and in order. */
static int row_of(unsigned char lead)
{
    for (int i = 0; i < CP932_ROWS; i++)
        if (cp932_lead[i] == lead)
            return i;
    return -1;
}

/* Unicode of a two-byte code; 0: none. */
static uint32_t two_bytes(unsigned char lead, unsigned char trail)
{
    int t = trail_index(trail);
    if (t < 0)
        return 0;
    if (lead >= PRIVATE_LEAD && lead <= PRIVATE_LAST)
        return (uint32_t)(PRIVATE_CP + (lead - PRIVATE_LEAD) * CP932_TRAILS + t);
    int row = row_of(lead);
    return row < 0 ? 0 : cp932_row[row * CP932_TRAILS + t];
}

mizo_err cp932_to_utf8(const char *s, size_t n, buf *out, size_t *bad_at)
{
    const unsigned char *u = (const unsigned char *)s;
    for (size_t i = 0; i < n;) {
        size_t plain = i;
        while (plain < n && u[plain] < 0x80)
            plain++;
        buf_add(out, s + i, plain - i);
        i = plain;
        if (i == n)
            break;
        uint32_t cp = 0;
        size_t len = 1;
        if (u[i] >= KANA_FIRST && u[i] <= KANA_LAST) {
            cp = (uint32_t)(KANA_CP + (u[i] - KANA_FIRST));
        } else if (i + 1 < n) {
            len = 2;
            cp = two_bytes(u[i], u[i + 1]);
        }
        if (!cp) {
            *bad_at = i;
            return MIZO_EINPUT;
        }
        char letter[4];
        buf_add(out, letter, utf8_put(cp, letter));
        i += len;
    }
    return out->err;
}

/* Letters that other systems write for the same sign. */
static uint32_t same_sign(uint32_t cp)
{
    static const struct {
        uint32_t from, to;
    } row[] = {
        {0x301c,  0xff5e}, /* wave dash: ～ */
        { 0x2212, 0xff0d}, /* minus: － */
        { 0x2014, 0x2015}, /* dash: ― */
        { 0x2016, 0x2225}, /* double bar: ∥ */
        { 0x00a2, 0xffe0},
        { 0x00a3, 0xffe1},
        { 0x00ac, 0xffe2},
        { 0x00a5, 0xffe5}, /* yen */
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        if (row[i].from == cp)
            return row[i].to;
    return cp;
}

/* The two-byte code of a letter; 0: none. */
static unsigned find_code(uint32_t cp)
{
    int low = 0, high = CP932_CODES;
    while (low < high) {
        int mid = (low + high) / 2;
        unsigned code = cp932_code[mid];
        uint32_t at = two_bytes((unsigned char)(code >> 8), (unsigned char)code);
        if (at == cp)
            return code;
        if (at < cp)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

/* The bytes of one letter; 0: CP932 does not have it. */
static size_t put_cp932(uint32_t cp, char out[2])
{
    cp = same_sign(cp);
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp >= KANA_CP && cp <= KANA_CP + (KANA_LAST - KANA_FIRST)) {
        out[0] = (char)(KANA_FIRST + (cp - KANA_CP));
        return 1;
    }
    unsigned code = find_code(cp);
    if (!code && cp >= PRIVATE_CP && cp < PRIVATE_CP + (PRIVATE_LAST - PRIVATE_LEAD + 1) * CP932_TRAILS) {
        unsigned k = cp - PRIVATE_CP;
        code = (PRIVATE_LEAD + k / CP932_TRAILS) << 8 | trail_byte((int)(k % CP932_TRAILS));
    }
    out[0] = (char)(code >> 8);
    out[1] = (char)code;
    return code ? 2 : 0;
}

mizo_err utf8_to_cp932(const char *s, size_t n, buf *out, uint32_t *bad_cp)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = utf8_get(s + i, n - i, &cp);
        if (!len) {
            *bad_cp = 0xfffd;
            return MIZO_EINPUT;
        }
        char bytes[2];
        size_t put = put_cp932(cp, bytes);
        if (!put) {
            *bad_cp = cp;
            return MIZO_EINPUT;
        }
        buf_add(out, bytes, put);
        i += len;
    }
    return out->err;
}
