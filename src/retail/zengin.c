/* zengin.c: see zengin.h. */
#include "retail/zengin.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/invoice.h"

/* ---- letters ---- */

/* Katakana ァ (U+30A1) to ヺ as JIS X 0201 bytes; the second byte is a mark of voice, 0: none. Small letters become
 * large ones: the system has no small kana. */
static const unsigned char kana[][2] = {
    {0xb1,  0   },
    { 0xb1, 0   },
    { 0xb2, 0   },
    { 0xb2, 0   },
    { 0xb3, 0   },
    { 0xb3, 0   },
    { 0xb4, 0   },
    { 0xb4, 0   },
    { 0xb5, 0   },
    { 0xb5, 0   },
    { 0xb6, 0   },
    { 0xb6, 0xde},
    { 0xb7, 0   },
    { 0xb7, 0xde},
    { 0xb8, 0   },
    { 0xb8, 0xde},
    { 0xb9, 0   },
    { 0xb9, 0xde},
    { 0xba, 0   },
    { 0xba, 0xde},
    { 0xbb, 0   },
    { 0xbb, 0xde},
    { 0xbc, 0   },
    { 0xbc, 0xde},
    { 0xbd, 0   },
    { 0xbd, 0xde},
    { 0xbe, 0   },
    { 0xbe, 0xde},
    { 0xbf, 0   },
    { 0xbf, 0xde},
    { 0xc0, 0   },
    { 0xc0, 0xde},
    { 0xc1, 0   },
    { 0xc1, 0xde},
    { 0xc2, 0   },
    { 0xc2, 0   },
    { 0xc2, 0xde},
    { 0xc3, 0   },
    { 0xc3, 0xde},
    { 0xc4, 0   },
    { 0xc4, 0xde},
    { 0xc5, 0   },
    { 0xc6, 0   },
    { 0xc7, 0   },
    { 0xc8, 0   },
    { 0xc9, 0   },
    { 0xca, 0   },
    { 0xca, 0xde},
    { 0xca, 0xdf},
    { 0xcb, 0   },
    { 0xcb, 0xde},
    { 0xcb, 0xdf},
    { 0xcc, 0   },
    { 0xcc, 0xde},
    { 0xcc, 0xdf},
    { 0xcd, 0   },
    { 0xcd, 0xde},
    { 0xcd, 0xdf},
    { 0xce, 0   },
    { 0xce, 0xde},
    { 0xce, 0xdf},
    { 0xcf, 0   },
    { 0xd0, 0   },
    { 0xd1, 0   },
    { 0xd2, 0   },
    { 0xd3, 0   },
    { 0xd4, 0   },
    { 0xd4, 0   },
    { 0xd5, 0   },
    { 0xd5, 0   },
    { 0xd6, 0   },
    { 0xd6, 0   },
    { 0xd7, 0   },
    { 0xd8, 0   },
    { 0xd9, 0   },
    { 0xda, 0   },
    { 0xdb, 0   },
    { 0xdc, 0   },
    { 0xdc, 0   },
    { 0xb2, 0   },
    { 0xb4, 0   },
    { 0xa6, 0   },
    { 0xdd, 0   },
    { 0xb3, 0xde},
};
enum {
    KANA_FIRST = 0x30a1,
    KANA_COUNT = sizeof kana / sizeof *kana,
    HALF_FIRST = 0xff61,
    HALF_LAST = 0xff9f
};

/* Marks in their many forms. */
static const struct mark {
    uint32_t cp;
    unsigned char as;
} marks[] = {
    {0x30fc,  '-' },
    { 0x2010, '-' },
    { 0x2011, '-' },
    { 0x2012, '-' },
    { 0x2013, '-' },
    { 0x2014, '-' },
    { 0x2015, '-' },
    { 0x2212, '-' },
    { 0xff0d, '-' },
    { 0xff70, '-' },
    { 0x3000, ' ' },
    { 0x30fb, '.' },
    { 0xff65, '.' },
    { 0x300c, 0xa2},
    { 0x300d, 0xa3},
    { 0xff62, 0xa2},
    { 0xff63, 0xa3},
    { 0xffe5, '\\'},
    { 0x00a5, '\\'},
};

static bool plain(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
           (cp && cp < 0x80 && strchr(" ().-/,\\", (int)cp));
}

static bool put_mark(uint32_t cp, buf *out)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].cp == cp) {
            buf_char(out, (char)marks[i].as);
            return true;
        }
    return false;
}

static bool put_kana(uint32_t cp, buf *out)
{
    /* half-width: small letters a7..af become large ones */
    static const unsigned char small[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xd4, 0xd5, 0xd6, 0xc2 };
    if (cp >= 0x3041 && cp <= 0x3094)
        cp += 0x60; /* hiragana */
    if (cp >= KANA_FIRST && cp < KANA_FIRST + KANA_COUNT) {
        buf_char(out, (char)kana[cp - KANA_FIRST][0]);
        if (kana[cp - KANA_FIRST][1])
            buf_char(out, (char)kana[cp - KANA_FIRST][1]);
        return true;
    }
    if (cp < HALF_FIRST || cp > HALF_LAST)
        return false;
    unsigned char c = (unsigned char)(cp - HALF_FIRST + 0xa1);
    bool carried = c == 0xa6 || (c >= 0xa7 && c <= 0xaf) || c >= 0xb1;
    if (carried)
        buf_char(out, (char)(c >= 0xa7 && c <= 0xaf ? small[c - 0xa7] : c));
    return carried;
}

mizo_err zengin_fold(const char *s, buf *out, uint32_t *bad)
{
    size_t n = strlen(s);
    for (size_t i = 0, step; i < n; i += step) {
        uint32_t cp = 0;
        step = utf8_get(s + i, n - i, &cp);
        *bad = step ? cp : 0xfffd;
        if (!step)
            return MIZO_EINPUT;
        if (put_mark(cp, out))
            continue;
        if (cp >= 0xff01 && cp <= 0xff5e) /* full-width */
            cp -= 0xfee0;
        if (cp >= 'a' && cp <= 'z')
            cp -= 'a' - 'A';
        if (plain(cp))
            buf_char(out, (char)cp);
        else if (!put_kana(cp, out))
            return MIZO_EINPUT;
    }
    return out->err;
}

/* ---- fields ---- */

typedef struct writer {
    buf *out, room;
    mizo_diags *d;
    bool bad;
    const char *what; /* whose record it is */
} writer;

/* Digits against the right edge, zeros before. */
static void number(writer *w, const char *s, size_t width)
{
    size_t n = strlen(s);
    if (n > width || strspn(s, "0123456789") != n) {
        MIZO_DIAG(w->d, ZENGIN_CODE, MIZO_NOWHERE, w->what, s);
        w->bad = true;
        n = 0;
    }
    for (size_t i = n; i < width; i++)
        buf_char(w->out, '0');
    buf_add(w->out, s, n);
}

static void integer(writer *w, int64_t v, size_t width)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)v);
    number(w, text, width);
}

/* Letters against the left edge, blanks after; what is longer is cut, as banks do with names. */
static void letters(writer *w, const char *s, size_t width)
{
    uint32_t bad = 0;
    buf_clear(&w->room);
    if (zengin_fold(s, &w->room, &bad)) {
        char letter[8] = "", code[16];
        letter[utf8_put(bad, letter)] = 0;
        (void)snprintf(code, sizeof code, "U+%04X", (unsigned)bad);
        MIZO_DIAG(w->d, ZENGIN_LETTER, MIZO_NOWHERE, w->what, s, letter, code);
        w->bad = true;
    }
    size_t n = w->room.n < width ? w->room.n : width;
    if (n)
        buf_add(w->out, w->room.p, n);
    for (size_t i = n; i < width; i++)
        buf_char(w->out, ' ');
}

static void blanks(writer *w, size_t width)
{
    letters(w, "", width);
}

static void end_record(writer *w)
{
    buf_str(w->out, "\r\n");
}

static void account(writer *w, const mizo_bank *b)
{
    static const char *const deposits[] = { "1", "2", "4" };
    number(w, deposits[b->deposit], 1);
    number(w, b->number, 7);
}

static void header(writer *w, zengin_kind kind, const mizo_bank *own, mizo_day day)
{
    mizo_date t = mizo_day_date(day);
    number(w, "1", 1);
    integer(w, kind, 2);
    number(w, "0", 1); /* JIS */
    number(w, own->client, 10);
    letters(w, own->holder_kana, 40);
    integer(w, t.month * 100 + t.day, 4);
    number(w, own->bank, 4);
    letters(w, own->bank_kana, 15);
    number(w, own->branch, 3);
    letters(w, own->branch_kana, 15);
    account(w, own);
    blanks(w, 17);
    end_record(w);
}

/* Transfers and collections have the same places up to the amount. */
static void data(writer *w, zengin_kind kind, const zengin_row *row)
{
    const mizo_bank *b = row->bank;
    const char *reference = *row->reference ? row->reference : b->reference;
    bool collect = kind == ZENGIN_COLLECT;
    number(w, "2", 1);
    number(w, b->bank, 4);
    letters(w, b->bank_kana, 15);
    number(w, b->branch, 3);
    letters(w, b->branch_kana, 15);
    blanks(w, 4); /* clearing house: not used */
    account(w, b);
    letters(w, b->holder_kana, 30);
    integer(w, row->yen, 10);
    number(w, "0", 1); /* new code */
    if (collect) {
        number(w, reference, 20);
        number(w, "0", 1); /* result */
        blanks(w, 8);
    } else {
        number(w, reference, 20); /* customer codes 1 and 2 */
        number(w, "7", 1);        /* by wire */
        blanks(w, 1);
        blanks(w, 7);
    }
    end_record(w);
}

static void trailer(writer *w, zengin_kind kind, int64_t count, int64_t sum)
{
    number(w, "8", 1);
    integer(w, count, 6);
    integer(w, sum, 12);
    if (kind == ZENGIN_COLLECT) { /* collected, not collected: the bank's to fill */
        integer(w, 0, 6);
        integer(w, 0, 12);
        integer(w, 0, 6);
        integer(w, 0, 12);
        blanks(w, 65);
    } else {
        blanks(w, 101);
    }
    end_record(w);
    number(w, "9", 1);
    blanks(w, 119);
    end_record(w);
}

mizo_err zengin_write(zengin_kind kind, const mizo_bank *own, mizo_day day, const zengin_row *row, size_t n,
                      mizo_diags *d, buf *out)
{
    writer w = { .out = out, .d = d, .what = "issuer" };
    int64_t sum = 0;
    buf_init(&w.room, 65536);
    header(&w, kind, own, day);
    for (size_t i = 0; i < n; i++) {
        w.what = row[i].what;
        if (row[i].yen <= 0) {
            char text[24];
            (void)snprintf(text, sizeof text, "%lld", (long long)row[i].yen);
            MIZO_DIAG(d, ZENGIN_CODE, MIZO_NOWHERE, row[i].what, text);
            w.bad = true;
            continue;
        }
        data(&w, kind, &row[i]);
        sum += row[i].yen;
    }
    w.what = "sum";
    trailer(&w, kind, (int64_t)n, sum);
    buf_fini(&w.room);
    return out->err ? out->err : w.bad ? MIZO_EINPUT : MIZO_OK;
}
