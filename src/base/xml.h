/* xml.h: XML of others, element by element into our functions.
 *
 * A constant table with one member over libxml2, which is loaded as the module mizo-files at first use
 * (town/module.h). What it never does: a document type declaration is refused, so that there are no entities but
 * the five; nothing is fetched; depth, elements, and the text of one element are bounded. Text comes as UTF-8,
 * whatever the file declares (UTF-8, or Shift_JIS and its sisters, read as CP932).
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/buf.h"

enum { XML_DEPTH = 64, XML_ATTRIBUTES = 32, XML_TEXT = 1 << 20 };
#define XML_ELEMENTS ((int64_t)64 << 20)
#define XML_BYTES    ((size_t)1 << 30)

typedef struct xml_attribute {
    const char *name, *value; /* without its prefix; UTF-8 */
} xml_attribute;

/* Borrowed until the function returns. Names are without their prefix. An error stops the reading and is returned. */
typedef struct xml_sink {
    void *arg;
    mizo_err (*open)(void *arg, const char *name, const xml_attribute *a, size_t n, int line);
    /* text: what stood between the last tag and this one, as it is; ended by NUL. */
    mizo_err (*close)(void *arg, const char *name, const char *text, size_t n, int line);
} xml_sink;

/* Why it is not readable, in English, and where. */
typedef struct xml_fault {
    int line, column;
    char why[200];
} xml_fault;

typedef struct xml_reader {
    const char *name;
    /* bytes[0..n) is UTF-8 (xml_utf8). MIZO_EINPUT: not XML, or more than the bounds: *fault says why; MIZO_ENOMEM;
     * or what a function of the sink returned. From one thread at a time. */
    mizo_err (*read)(const char *bytes, size_t n, const xml_sink *sink, xml_fault *fault);
} xml_reader;

/* The file's text as UTF-8, appended to out. MIZO_EINPUT: an encoding that is not read, or a byte that is none of
 * its letters: *fault. */
MIZO_MUST_USE mizo_err xml_utf8(const char *bytes, size_t n, buf *out, xml_fault *fault);
/* Does it begin as XML does? "<?xml", or "<" and a letter, after a BOM and blanks. */
bool xml_looks(const char *bytes, size_t n);
/* The value of an attribute, NULL: none. */
const char *xml_get(const xml_attribute *a, size_t n, const char *name);

#endif
