/* xml_libxml2.c: xml_reader over libxml2's SAX2: a part of the module mizo-files.
 *
 * The text is UTF-8 by then and the parser is told so, whatever the file declares. A document type declaration stops it
 * at once, so that no entity is ever declared; XML_PARSE_NONET stands behind that, and there is no XML_PARSE_NOENT. */
#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    xmlParserCtxtPtr ctx;
    const xml_sink *sink;
    xml_fault *fault;
    buf text;
    int depth;
    int64_t elements;
    mizo_err err;
} run;

static void stop(run *r, mizo_err e, const char *why)
{
    if (r->err)
        return;
    r->err = e;
    if (why) {
        r->fault->line = xmlSAX2GetLineNumber(r->ctx);
        r->fault->column = xmlSAX2GetColumnNumber(r->ctx);
        snprintf(r->fault->why, sizeof r->fault->why, "%s", why);
    }
    xmlStopParser(r->ctx);
}

static char *value_copy(const xmlChar *from, const xmlChar *to)
{
    size_t n = (size_t)(to - from);
    char *s = malloc(n + 1);
    if (s) {
        memcpy(s, from, n);
        s[n] = '\0';
    }
    return s;
}

/* attributes: five pointers each: name, prefix, URI, value, its end. */
static void tell_open(run *r, const xmlChar *name, int n, const xmlChar **attributes)
{
    xml_attribute a[XML_ATTRIBUTES];
    int k = 0;
    for (; k < n; k++) {
        a[k].name = (const char *)attributes[5 * k];
        a[k].value = value_copy(attributes[5 * k + 3], attributes[5 * k + 4]);
        if (!a[k].value)
            break;
    }
    mizo_err e = k < n ? MIZO_ENOMEM : MIZO_OK;
    if (!e && r->sink->open)
        e = r->sink->open(r->sink->arg, (const char *)name, a, (size_t)n, xmlSAX2GetLineNumber(r->ctx));
    for (int i = 0; i < k; i++) {
        union {
            const char *c;
            char *p;
        } value = { .c = a[i].value };
        free(value.p);
    }
    if (e)
        stop(r, e, NULL);
}

static void on_open(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
                    const xmlChar **ns, int n, int ndefault, const xmlChar **attributes)
{
    (void)prefix, (void)uri, (void)nns, (void)ns, (void)ndefault;
    run *r = ((xmlParserCtxtPtr)arg)->_private;
    if (r->err)
        return;
    buf_clear(&r->text);
    if (++r->depth > XML_DEPTH)
        stop(r, MIZO_EINPUT, "elements within elements, deeper than 64");
    else if (++r->elements > XML_ELEMENTS)
        stop(r, MIZO_EINPUT, "more than 67,108,864 elements");
    else if (n > XML_ATTRIBUTES)
        stop(r, MIZO_EINPUT, "an element with more than 32 attributes");
    else
        tell_open(r, name, n, attributes);
}

static void on_close(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix, (void)uri;
    run *r = ((xmlParserCtxtPtr)arg)->_private;
    if (r->err)
        return;
    r->depth--;
    mizo_err e = r->sink->close ? r->sink->close(r->sink->arg, (const char *)name, r->text.n ? r->text.p : "",
                                                 r->text.n, xmlSAX2GetLineNumber(r->ctx))
                                : MIZO_OK;
    buf_clear(&r->text);
    if (e)
        stop(r, e, NULL);
}

static void on_text(void *arg, const xmlChar *s, int n)
{
    run *r = ((xmlParserCtxtPtr)arg)->_private;
    if (r->err)
        return;
    buf_add(&r->text, s, (size_t)n);
    if (r->text.err == MIZO_EFULL)
        stop(r, MIZO_EINPUT, "an element with more than 1 MiB of text");
    else if (r->text.err)
        stop(r, r->text.err, NULL);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    stop(((xmlParserCtxtPtr)arg)->_private, MIZO_EINPUT,
         "a document type declaration (DOCTYPE), which such a file does not need and mizo does not read");
}

static xmlEntityPtr on_entity(void *arg, const xmlChar *name)
{
    (void)arg;
    return xmlGetPredefinedEntity(name);
}

/* The library's texts end with a line feed and may quote the file: only the first line, only plain letters. */
static void on_error(void *arg, xmlErrorPtr e)
{
    xmlParserCtxtPtr ctx = arg;
    run *r = ctx ? ctx->_private : NULL;
    if (!r || r->err || !e || e->level < XML_ERR_ERROR)
        return;
    char why[200];
    size_t n = 0;
    for (const char *s = e->message ? e->message : "not well-formed"; *s && *s != '\n' && n + 1 < sizeof why;
         s++)
        why[n++] = *s >= ' ' && *s < 0x7f ? *s : '?';
    why[n] = '\0';
    r->err = e->code == XML_ERR_NO_MEMORY ? MIZO_ENOMEM : MIZO_EINPUT;
    r->fault->line = e->line;
    r->fault->column = e->int2;
    snprintf(r->fault->why, sizeof r->fault->why, "%s", why);
    xmlStopParser(ctx);
}

static void set_up(xmlParserCtxtPtr ctx, run *r)
{
    memset(ctx->sax, 0, sizeof *ctx->sax);
    ctx->sax->initialized = XML_SAX2_MAGIC;
    ctx->sax->startElementNs = on_open;
    ctx->sax->endElementNs = on_close;
    ctx->sax->characters = on_text;
    ctx->sax->ignorableWhitespace = on_text;
    ctx->sax->cdataBlock = on_text;
    ctx->sax->internalSubset = on_doctype;
    ctx->sax->getEntity = on_entity;
    ctx->sax->serror = on_error;
    ctx->_private = r;
    xmlCtxtUseOptions(ctx, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    r->ctx = ctx;
}

enum { CHUNK = 1 << 20 };

static mizo_err read_all(const char *bytes, size_t n, run *r)
{
    /* SAX2 needs a table of functions from the start; ours are set over it before the first byte goes in. */
    xmlParserCtxtPtr ctx = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (!ctx)
        return MIZO_ENOMEM;
    set_up(ctx, r);
    xmlSwitchEncoding(ctx, XML_CHAR_ENCODING_UTF8);
    for (size_t at = 0; at < n && !r->err; at += CHUNK) {
        size_t k = n - at < CHUNK ? n - at : CHUNK;
        if (xmlParseChunk(ctx, bytes + at, (int)k, 0))
            break;
    }
    if (!r->err)
        xmlParseChunk(ctx, "", 0, 1);
    if (!r->err && !ctx->wellFormed)
        stop(r, MIZO_EINPUT, "not well-formed XML");
    xmlFreeParserCtxt(ctx);
    return r->err;
}

static mizo_err read(const char *bytes, size_t n, const xml_sink *sink, xml_fault *fault)
{
    run r = { .sink = sink, .fault = fault };
    memset(fault, 0, sizeof *fault);
    xmlInitParser();
    buf_init(&r.text, XML_TEXT);
    mizo_err e = read_all(bytes, n, &r);
    buf_fini(&r.text);
    return e;
}

extern MIZO_API const xml_reader mizo_module_xml;
const xml_reader mizo_module_xml = { .name = "libxml2", .read = read };
