/* wards.h: outlines of the wards from GeoJSON (RFC 7946), for a picture and never for measuring. Pure.
 *
 * A Feature with a Polygon or MultiPolygon in degrees (WGS 84; JGD2011 is the same to a metre) is a piece of a ward; a
 * text property names the ward as facilities.csv does. Pieces of one name are one ward, however many features they are.
 * Coordinates are kept in millionths of a degree, rings as they stand, holes too (a picture fills them even-odd).
 * Page: docs/formats/wards.md */
#ifndef REGION_WARDS_H
#define REGION_WARDS_H

#include "base/arena.h"
#include "base/buf.h"

enum { WARDS_FILE_MB = 64, WARDS_MOST = 4000, WARDS_POINTS_MOST = 2000000, WARDS_NAME = 120 };

typedef struct ward_point {
    int32_t lon_e6, lat_e6;
} ward_point;

typedef struct ward_ring {
    int32_t ward;
    size_t first, n; /* of the points; the last one, which repeats the first, is left out */
} ward_ring;

typedef struct ward {
    char name[WARDS_NAME], name_en[WARDS_NAME]; /* name_en "": none */
    int line;                                   /* of its first feature */
} ward;

typedef struct wards {
    ward *ward;
    size_t n, cap;
    ward_ring *ring;
    size_t nring, ring_cap;
    ward_point *point;
    size_t npoint, point_cap;
} wards;

/* name_key, name_en_key: the properties that name a ward. file: for the messages. MIZO_EINPUT: every mistake is said in d,
 * with line and column; out is empty then. */
MIZO_MUST_USE mizo_err wards_read(const char *file, const char *bytes, size_t n, const char *name_key,
                                  const char *name_en_key, mizo_diags *d, wards *out);
void wards_free(wards *w);
int wards_find(const wards *w, const char *name); /* -1: none */

/* ---- the picture: degrees as whole units of a frame that is `wide` units across, north at the top ---- */
typedef struct wards_frame {
    int32_t west_e6, south_e6, east_e6, north_e6;
    int32_t wide, high; /* units */
} wards_frame;

/* Grows the frame (empty while west > east) so that the point is in it. */
void wards_frame_add(wards_frame *f, ward_point p);
/* Sets high by the frame's middle latitude, so that both directions have one scale. */
void wards_frame_done(wards_frame *f, int32_t wide);
void wards_place(const wards_frame *f, ward_point p, int32_t *x, int32_t *y);
/* A ward's rings as the path of an SVG in whole units; points that fall on the one before are left out. */
void wards_path(const wards *w, size_t of, const wards_frame *f, buf *out);

#endif
