/* inner.h: what the parts of the register share. Of the town's register files alone. */
#ifndef TOWN_REGISTER_INNER_H
#define TOWN_REGISTER_INNER_H

#include "town/register/register.h"

/* The name after the last '/'. NULL stays NULL. */
const char *register_base_name(const char *path);
/* A bounded copy, cut at its end. */
void register_text(void *to, const char *s, size_t cap);

/* ---- register_bytes.c ---- */
/* The bytes onto the disk under `hash`, unless they are there. Says what went wrong. */
MIZO_MUST_USE mizo_err register_keep(town *t, const register_file *f, const char *sum);

/* ---- register_line.c ---- */
MIZO_MUST_USE mizo_err register_line_put(const register_line *l, int offset, buf *out);
/* MIZO_ESTORE: not a line. */
MIZO_MUST_USE mizo_err register_line_read(const store_record *r, register_line *l);

#endif
