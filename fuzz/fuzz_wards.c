/* fuzz_wards.c: any bytes as outlines of wards: sound outlines, or an error that is said; the picture stays in its frame. */
#include <stdint.h>
#include <stdlib.h>

#include "region/wards.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draw(const wards *w)
{
    wards_frame f = { .west_e6 = 1 };
    buf out;
    for (size_t i = 0; i < w->npoint; i++)
        wards_frame_add(&f, w->point[i]);
    wards_frame_done(&f, 1000);
    for (size_t i = 0; i < w->npoint; i++) {
        int32_t x, y;
        wards_place(&f, w->point[i], &x, &y);
        if (x < 0 || x > f.wide || y < 0 || y > f.high)
            abort();
    }
    buf_init(&out, 1 << 22);
    for (size_t i = 0; i < w->n; i++)
        wards_path(w, i, &f, &out);
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mizo_diags *d = mizo_diags_new(20);
    wards w;
    mizo_err e =
        d ? wards_read("w.geojson", (const char *)data, size, "name", "name_en", d, &w) : MIZO_ENOMEM;
    if (e == MIZO_EINPUT && mizo_diags_count(d, MIZO_ERROR) == 0)
        abort();
    if (!e) {
        for (size_t i = 0; i < w.nring; i++)
            if (w.ring[i].ward < 0 || (size_t)w.ring[i].ward >= w.n ||
                w.ring[i].first + w.ring[i].n > w.npoint)
                abort();
        draw(&w);
        wards_free(&w);
    }
    mizo_diags_free(d);
    return 0;
}
