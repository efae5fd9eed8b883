/* fuzz_operator.c: any bytes as a file of the network operator: refused with a reason, or points whose slots can be; and
 * what is kept of it holds none of its personal data. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grid/operator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern const xml_reader mizo_module_xml;

static int faults;

static mizo_err on_point(void *arg, const operator_head *h, const operator_point *p)
{
    (void)arg, (void)h;
    if (strlen(p->number) != OPERATOR_NUMBER - 1 || p->nslot > OPERATOR_SLOTS)
        abort();
    for (size_t i = 0; i < p->nslot; i++)
        if (p->slot[i].slot >= MIZO_DAY_SLOTS || (p->slot[i].wh != MIZO_MISSING && p->slot[i].wh < 0))
            abort();
    return MIZO_OK;
}

static void on_bad(void *arg, mizo_msg id, int line, const char *p0, const char *p1, const char *where)
{
    (void)arg, (void)line, (void)p0, (void)p1, (void)where;
    if (strcmp(mizo_msg_name(id), "UNKNOWN") == 0)
        abort();
    faults++;
}

/* Read again, what is kept has neither a name nor a code. */
static mizo_err no_person(void *arg, const operator_head *h, const operator_point *p)
{
    (void)arg, (void)h;
    if (*p->consumer || *p->name || *p->place)
        abort();
    return MIZO_OK;
}

static mizo_err read_once(const char *bytes, size_t n,
                          mizo_err (*point)(void *, const operator_head *, const operator_point *))
{
    xml_fault fault;
    buf text;
    operator_head head;
    operator_sink sink = { NULL, point, on_bad };
    buf_init(&text, 0);
    mizo_err e = xml_utf8(bytes, n, &text, &fault);
    faults = 0;
    if (!e)
        e = operator_read(&mizo_module_xml, text.n ? text.p : "", text.n, NULL, 0, &sink, &head, &fault);
    if (e == MIZO_EINPUT && !faults && !*fault.why)
        abort();
    buf_fini(&text);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    buf kept;
    if (size > 1 << 16)
        return 0;
    if (read_once((const char *)data, size, on_point)) /* a file that cannot be read is not kept */
        return 0;
    buf_init(&kept, 0);
    if (operator_strip((const char *)data, size, NULL, 0, &kept))
        abort();
    if (read_once(kept.n ? kept.p : "", kept.n, no_person) && size)
        abort();
    buf_fini(&kept);
    return 0;
}
