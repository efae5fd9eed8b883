/* pdf_font.c: letters that stay small in the file.
 *
 * Noto Sans CJK keeps its outlines in subroutines. Cairo 1.16 follows them glyph by glyph, loses its place in some
 * texts, and then puts all of them into the file: a megabyte. So the font is taken apart once, with HarfBuzz: the
 * letters of Japanese and English with their outlines written out, under their own numbers. Cairo's subset of that
 * holds the letters that are used, 50 kB. Other letters and fonts are drawn as Pango does. */
#include "pdf_inner.h"

#include <cairo-ft.h>
#include <hb-ft.h>
#include <hb-subset.h>
#include <string.h>

typedef struct slim {
    bool tried;
    cairo_font_face_t *face; /* NULL: the font as it is */
    hb_map_t *has;           /* glyphs that the face has */
} slim;

/* Made at first use, one a weight, and kept: the module lives until the program ends, and is used by one thread at a time. */
static slim slims[2];

static void want_letters(hb_set_t *u)
{
    static const hb_codepoint_t ranges[][2] = {
        {0x20,    0x24f },
        { 0x370,  0x3ff },
        { 0x2000, 0x27bf},
        { 0x2e80, 0x33ff},
        { 0x4e00, 0x9fff},
        { 0xf900, 0xfaff},
        { 0xfe30, 0xfe4f},
        { 0xff00, 0xffef}
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        hb_set_add_range(u, ranges[i][0], ranges[i][1]);
}

static hb_face_t *take_apart(hb_face_t *whole, hb_map_t **has)
{
    hb_subset_input_t *in = hb_subset_input_create_or_fail();
    if (!in)
        return NULL;
    want_letters(hb_subset_input_unicode_set(in));
    hb_set_t *drop = hb_subset_input_set(in, HB_SUBSET_SETS_DROP_TABLE_TAG);
    static const hb_tag_t tags[] = { HB_TAG('G', 'D', 'E', 'F'), HB_TAG('G', 'P', 'O', 'S'),
                                     HB_TAG('B', 'A', 'S', 'E') };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        hb_set_add(drop, tags[i]);
    hb_subset_input_set_flags(in, HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(whole, in);
    hb_face_t *face = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    if (plan)
        *has = hb_map_reference((hb_map_t *)hb_subset_plan_old_to_new_glyph_mapping(plan));
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(in);
    return face;
}

/* The bytes of the face stay with the FreeType face, which stays as long as the program. */
static cairo_font_face_t *face_of(hb_face_t *face)
{
    FT_Library lib;
    FT_Face ft;
    unsigned n;
    hb_blob_t *blob = hb_face_reference_blob(face);
    const char *bytes = hb_blob_get_data(blob, &n);
    if (FT_Init_FreeType(&lib))
        return NULL;
    if (FT_New_Memory_Face(lib, (const FT_Byte *)bytes, (FT_Long)n, 0, &ft)) {
        FT_Done_FreeType(lib);
        hb_blob_destroy(blob);
        return NULL;
    }
    return cairo_ft_font_face_create_for_ft_face(ft, FT_LOAD_NO_HINTING);
}

static const slim *slim_of(PangoFont *font, bool bold)
{
    slim *s = &slims[bold];
    if (s->tried)
        return s;
    s->tried = true;
    hb_face_t *small = take_apart(hb_font_get_face(pango_font_get_hb_font(font)), &s->has);
    if (small)
        s->face = face_of(small);
    hb_face_destroy(small);
    return s;
}

/* The slim font of a run, NULL: it is of another font, or has a glyph that the slim one lacks. */
static const slim *fitting(const PangoGlyphItem *run)
{
    PangoFontDescription *d = pango_font_describe(run->item->analysis.font);
    const char *family = pango_font_description_get_family(d);
    bool ours = family && strcmp(family, PDF_FONT) == 0;
    bool bold = pango_font_description_get_weight(d) >= PANGO_WEIGHT_BOLD;
    pango_font_description_free(d);
    const slim *s = ours ? slim_of(run->item->analysis.font, bold) : NULL;
    for (int i = 0; s && i < run->glyphs->num_glyphs; i++) {
        PangoGlyph g = run->glyphs->glyphs[i].glyph;
        if (g != PANGO_GLYPH_EMPTY && !hb_map_has(s->has, g))
            return NULL;
    }
    return s && s->face ? s : NULL;
}

typedef struct drawn {
    cairo_glyph_t *glyph;
    cairo_text_cluster_t *cluster;
    int nglyph, ncluster;
} drawn;

/* Glyphs and what they spell, cluster by cluster, so that the text can be copied and searched. */
static void collect(PangoGlyphItem *run, const char *text, double x, double y, drawn *out)
{
    PangoGlyphItemIter it;
    for (gboolean on = pango_glyph_item_iter_init_start(&it, run, text); on;
         on = pango_glyph_item_iter_next_cluster(&it)) {
        cairo_text_cluster_t *c = &out->cluster[out->ncluster++];
        *c = (cairo_text_cluster_t){ .num_bytes = it.end_index - it.start_index };
        for (int i = it.start_glyph; i < it.end_glyph; i++) {
            const PangoGlyphInfo *g = &run->glyphs->glyphs[i];
            if (g->glyph != PANGO_GLYPH_EMPTY) {
                out->glyph[out->nglyph++] =
                    (cairo_glyph_t){ g->glyph, x + (double)g->geometry.x_offset / PANGO_SCALE,
                                     y + (double)g->geometry.y_offset / PANGO_SCALE };
                c->num_glyphs++;
            }
            x += (double)g->geometry.width / PANGO_SCALE;
        }
    }
}

static void show_run(pdf *p, PangoGlyphItem *run, const slim *s, double size, const char *text, double x,
                     double y)
{
    int n = run->glyphs->num_glyphs;
    drawn d = { cairo_glyph_allocate(n), cairo_text_cluster_allocate(n), 0, 0 };
    if (d.glyph && d.cluster) {
        collect(run, text, x, y, &d);
        cairo_set_font_face(p->cr, s->face);
        cairo_set_font_size(p->cr, size);
        cairo_show_text_glyphs(p->cr, text + run->item->offset, run->item->length, d.glyph, d.nglyph,
                               d.cluster, d.ncluster, 0);
    }
    cairo_glyph_free(d.glyph);
    cairo_text_cluster_free(d.cluster);
}

void pdf_show(pdf *p, PangoLayout *layout, double size)
{
    double x0, y0;
    const char *text = pango_layout_get_text(layout);
    PangoLayoutIter *it = pango_layout_get_iter(layout);
    cairo_get_current_point(p->cr, &x0, &y0);
    do {
        PangoGlyphItem *run = pango_layout_iter_get_run(it);
        PangoRectangle box;
        if (!run)
            continue;
        pango_layout_iter_get_run_extents(it, NULL, &box);
        double x = x0 + (double)box.x / PANGO_SCALE,
               y = y0 + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE;
        const slim *s = fitting(run);
        cairo_move_to(p->cr, x, y);
        if (s)
            show_run(p, run, s, size, text, x, y);
        else
            pango_cairo_show_glyph_item(p->cr, text, run);
    } while (pango_layout_iter_next_run(it));
    pango_layout_iter_free(it);
}
