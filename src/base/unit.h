/* unit.h: the units that a city writes: kWh, 万t-CO2, 百万円, 件, %, t/MWh.
 *
 * A unit is a vector of dimensions and a power of ten; a value in its base is value * 10^ten. The bases are those of
 * number.h: Wh, W, mg of CO2, micro-yen; beside them one, joule, litre of oil-equivalent, m2, gram, person-free counts.
 * A ratio has no dimension: % is ten -2. Nouns that are counted (件, 者, 人, 世帯, か所 ...) are one dimension. Heat is a
 * dimension of its own beside energy: a rule with a source turns one into the other (8.64 GJ/千kWh), never a unit. Pure. */
#ifndef BASE_UNIT_H
#define BASE_UNIT_H

#include "mizo/error.h"

typedef enum unit_dim {
    UNIT_ENERGY, /* Wh */
    UNIT_POWER,  /* W */
    UNIT_CO2,    /* mg, of CO2 or its equivalent */
    UNIT_MONEY,  /* micro-yen */
    UNIT_COUNT,
    UNIT_HEAT, /* J */
    UNIT_OIL,  /* litre of crude-oil equivalent */
    UNIT_AREA, /* m2 */
    UNIT_MASS, /* g */
    UNIT_DIMS
} unit_dim;

typedef struct unit {
    int8_t dim[UNIT_DIMS];
    int8_t ten;
} unit;

/* The longest unit that s[0..n) begins with; returns its bytes, 0: none. Full-width letters and subscripts are read as
 * plain ones. "万", "千" and the like stand in front of any; "/" divides: "t-CO2/MWh", "kWh/世帯". */
size_t unit_match(const char *s, size_t n, unit *out);
/* The whole of s. "" is a plain number. MIZO_EINPUT. */
MIZO_MUST_USE mizo_err unit_parse(const char *s, size_t n, unit *out);
bool unit_alike(const unit *a, const unit *b); /* may be added and compared */
bool unit_plain(const unit *a);                /* no dimension */
unit unit_times(const unit *a, const unit *b);
unit unit_per(const unit *a, const unit *b);

#endif
