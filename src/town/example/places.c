/* places.c: the facilities of the seven wards, their points, roofs, batteries and vans.
 *
 * Wards and the bureaus are public names; sites are numbered, and private ones have no name of
 * anybody. Counts and sizes are illustrative: 1,000 public and 50 private facilities. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "town/example/parts.h"

const ex_ward ex_wards[EX_WARDS] = {
    {"kawasaki",  "川崎区", "Kawasaki Ward", 35.5308, 139.7029},
    { "saiwai",   "幸区",    "Saiwai Ward",   35.5445, 139.6886},
    { "nakahara", "中原区", "Nakahara Ward", 35.5756, 139.6561},
    { "takatsu",  "高津区", "Takatsu Ward",  35.5994, 139.6170},
    { "miyamae",  "宮前区", "Miyamae Ward",  35.5892, 139.5795},
    { "tama",     "多摩区", "Tama Ward",     35.6195, 139.5620},
    { "asao",     "麻生区", "Asao Ward",     35.6036, 139.5057},
};

#define OFFICE_SHAPES                                                                                        \
    {                                                                                                        \
        41, 68, 71, 75, 104, -1                                                                              \
    }
#define SCHOOL_SHAPES                                                                                        \
    {                                                                                                        \
        54, 74, 104, 120, 115, -1                                                                            \
    }
#define HALL_SHAPES                                                                                          \
    {                                                                                                        \
        21, 25, 36, 48, 120, -1                                                                              \
    }
#define SMALL_SHAPES                                                                                         \
    {                                                                                                        \
        72, 86, 41, 75, 74, -1                                                                               \
    }
#define ROUND_SHAPES                                                                                         \
    {                                                                                                        \
        43, 44, 40, 64, 33, -1                                                                               \
    }
#define CARE_SHAPES                                                                                          \
    {                                                                                                        \
        35, 59, 61, 65, 96, -1                                                                               \
    }
#define LAB_SHAPES                                                                                           \
    {                                                                                                        \
        15, 61, 85, 2, 101, -1                                                                               \
    }
#define DEPOT_SHAPES                                                                                         \
    {                                                                                                        \
        27, 5, 63, 21, -1                                                                                    \
    }
#define CITY(bureau) "川崎市" bureau
/* clang-format off */
static const ex_kind kinds[] = {
    { "city-hall", "市庁舎", "City Hall Building", CITY("総務企画局"), 3, 3600, 90, 12, 60, EX_LIKE_SHAPE, 0, 0.35F, 0.30F, OFFICE_SHAPES },
    { "ward-office", "役所", "Ward Office", CITY("市民文化局"), 7, 1500, 95, 6, 85, EX_LIKE_SHAPE, EX_PER_WARD, 0.35F, 0.30F, OFFICE_SHAPES },
    { "branch-office", "出張所", "Branch Office", CITY("市民文化局"), 8, 240, 80, 3, 60, EX_LIKE_SHAPE, 0, 0.35F, 0.30F, OFFICE_SHAPES },
    { "library", "市立図書館", "Library", CITY("教育委員会"), 12, 380, 75, 3, 60, EX_LIKE_SHAPE, 0, 0.40F, 0.25F, HALL_SHAPES },
    { "civic-hall", "市民館", "Civic Hall", CITY("教育委員会"), 7, 900, 80, 4, 60, EX_LIKE_SHAPE, EX_PER_WARD, 0.40F, 0.25F, HALL_SHAPES },
    { "elementary-school", "市立小学校", "Elementary School", CITY("教育委員会"), 114, 230, 34, 4, 80, EX_LIKE_SHAPE, EX_TERMS, 0.35F, 0.30F, SCHOOL_SHAPES },
    { "junior-high", "市立中学校", "Junior High School", CITY("教育委員会"), 52, 270, 32, 4, 80, EX_LIKE_SHAPE, EX_TERMS, 0.35F, 0.30F, SCHOOL_SHAPES },
    { "high-school", "市立高等学校", "High School", CITY("教育委員会"), 9, 560, 36, 5, 80, EX_LIKE_SHAPE, EX_TERMS, 0.35F, 0.30F, SCHOOL_SHAPES },
    { "special-school", "市立支援学校", "School for Special Needs", CITY("教育委員会"), 4, 460, 40, 3, 75, EX_LIKE_SHAPE, EX_TERMS, 0.35F, 0.30F, SCHOOL_SHAPES },
    { "nursery", "保育園", "Nursery", CITY("こども未来局"), 60, 62, 65, 2, 45, EX_LIKE_SHAPE, 0, 0.45F, 0.40F, SMALL_SHAPES },
    { "childrens-hall", "こども文化センター", "Children's Hall", CITY("こども未来局"), 58, 26, 45, 2, 45, EX_LIKE_SHAPE, 0, 0.45F, 0.35F, HALL_SHAPES },
    { "elder-centre", "いこいの家", "Centre for the Elderly", CITY("健康福祉局"), 48, 48, 60, 2, 45, EX_LIKE_SHAPE, 0, 0.40F, 0.40F, SMALL_SHAPES },
    { "health-centre", "保健福祉施設", "Health and Welfare Centre", CITY("健康福祉局"), 7, 210, 80, 4, 55, EX_LIKE_SHAPE, 0, 0.35F, 0.30F, OFFICE_SHAPES },
    { "hospital", "市立病院", "Municipal Hospital", CITY("病院局"), 3, 11500, 260, 9, 70, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.25F, 0.12F, CARE_SHAPES },
    { "sports-centre", "スポーツセンター", "Sports Centre", CITY("市民文化局"), 10, 720, 95, 3, 70, EX_LIKE_SHAPE, 0, 0.40F, 0.20F, HALL_SHAPES },
    { "pool", "市民プール", "Swimming Pool", CITY("建設緑政局"), 4, 1300, 220, 2, 60, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.30F, 0.20F, ROUND_SHAPES },
    { "museum", "文化施設", "Museum", CITY("市民文化局"), 12, 640, 110, 3, 40, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.30F, 0.20F, CARE_SHAPES },
    { "fire-station", "消防署", "Fire Station", CITY("消防局"), 8, 330, 90, 4, 60, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.30F, 0.25F, ROUND_SHAPES },
    { "fire-branch", "消防出張所", "Fire Branch", CITY("消防局"), 28, 66, 90, 3, 45, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.35F, 0.30F, ROUND_SHAPES },
    { "water-plant", "浄水場", "Water Purification Plant", CITY("上下水道局"), 2, 12500, 700, 1, 100, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.10F, 0.02F, ROUND_SHAPES },
    { "reservoir", "配水池", "Service Reservoir", CITY("上下水道局"), 20, 310, 300, 1, 50, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.08F, 0.02F, ROUND_SHAPES },
    { "pump", "ポンプ所", "Water Pumping Station", CITY("上下水道局"), 30, 820, 600, 1, 30, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.08F, 0.02F, ROUND_SHAPES },
    { "sewage-plant", "水処理センター", "Water Reclamation Centre", CITY("上下水道局"), 4, 9800, 500, 1, 100, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.08F, 0.02F, ROUND_SHAPES },
    { "sewage-pump", "中継ポンプ場", "Sewage Pumping Station", CITY("上下水道局"), 22, 760, 500, 1, 30, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.06F, 0.02F, ROUND_SHAPES },
    { "waste-depot", "生活環境事業所", "Waste Collection Depot", CITY("環境局"), 7, 190, 55, 2, 80, EX_LIKE_SHAPE, 0, 0.30F, 0.25F, DEPOT_SHAPES },
    { "bus-depot", "市バス営業所", "Bus Depot", CITY("交通局"), 4, 290, 60, 2, 75, EX_LIKE_SHAPE, 0, 0.30F, 0.25F, DEPOT_SHAPES },
    { "market", "地方卸売市場", "Wholesale Market", CITY("経済労働局"), 2, 4600, 130, 2, 100, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.25F, 0.03F, CARE_SHAPES },
    { "car-park", "市営駐車場", "Municipal Car Park", CITY("建設緑政局"), 6, 140, 20, 4, 30, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0.05F, 0.02F, ROUND_SHAPES },
    { "park", "公園", "Park", CITY("建設緑政局"), 160, 7, 0, 1, 0, EX_DARK, 0, 0, 0, ROUND_SHAPES },
    { "park-office", "公園管理事務所", "Park Office", CITY("建設緑政局"), 10, 70, 70, 1, 55, EX_LIKE_SHAPE, 0, 0.35F, 0.30F, SMALL_SHAPES },
    { "cycle-park", "自転車等駐車場", "Cycle Park", CITY("建設緑政局"), 90, 15, 12, 1, 6, EX_DARK, 0, 0.05F, 0.02F, ROUND_SHAPES },
    { "housing", "市営住宅共用部", "Municipal Housing (common parts)", CITY("まちづくり局"), 110, 34, 8, 5, 30, EX_DARK, 0, 0.02F, 0.02F, ROUND_SHAPES },
    { "street-lamps", "街路灯回路", "Street Lamp Circuit", CITY("建設緑政局"), 60, 150, 0, 1, 0, EX_DARK, EX_LAMPS, 0, 0, ROUND_SHAPES },
    { "underpass", "地下道", "Underpass", CITY("建設緑政局"), 19, 16, 0, 1, 0, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY, 0, 0, ROUND_SHAPES },

    { "shop", "商業施設", "Shopping Centre", "", 14, 3600, 260, 4, 60, EX_SHOP, EX_PRIVATE, 0.35F, 0.15F, { 111, 94, 97, 77, 25, -1 } },
    { "office", "事業所ビル", "Office Building", "", 14, 2300, 150, 10, 40, EX_LIKE_SHAPE, EX_PRIVATE, 0.35F, 0.20F, OFFICE_SHAPES },
    { "lab", "研究所", "Laboratory", "", 7, 5200, 320, 4, 55, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY | EX_PRIVATE, 0.25F, 0.10F, LAB_SHAPES },
    { "hotel", "宿泊施設", "Hotel", "", 3, 2100, 190, 11, 30, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY | EX_PRIVATE, 0.35F, 0.25F, CARE_SHAPES },
    { "delivery-depot", "配送拠点", "Delivery Depot", "", 5, 420, 50, 2, 100, EX_LIKE_SHAPE, EX_PRIVATE, 0.30F, 0.15F, DEPOT_SHAPES },
    { "clinic", "医療施設", "Medical Facility", "", 3, 3100, 240, 6, 50, EX_LIKE_SHAPE, EX_NIGHT_AND_DAY | EX_PRIVATE, 0.25F, 0.15F, CARE_SHAPES },
    { "campus", "大学施設", "University Campus", "", 2, 3300, 110, 5, 80, EX_LIKE_SHAPE, EX_TERMS | EX_PRIVATE, 0.30F, 0.25F, LAB_SHAPES },
    { "apartments", "集合住宅共用部", "Apartment House (common parts)", "", 2, 260, 12, 14, 30, EX_DARK, EX_PRIVATE, 0.05F, 0.05F, ROUND_SHAPES },
};
/* clang-format on */

/* ---- facilities ---- */

const ex_kind *ex_kind_at(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? &kinds[i] : NULL;
}

static int ward_of(const ex_town *t, const ex_kind *k, int i)
{
    if (k->flags & EX_PER_WARD)
        return i % EX_WARDS;
    if (k == kinds) /* the city hall stands in one ward */
        return 0;
    uint64_t key = (uint64_t)(k - kinds) << 16 | (uint64_t)i;
    return (i + (int)(2 * ex_chance(t, EX_R_SITE, key, 9))) % EX_WARDS;
}

static void facility(ex_town *t, const ex_kind *k, int i, int count_in_ward[EX_WARDS])
{
    int f = t->nfacility++;
    ex_facility *x = &t->facility[f];
    uint64_t key = (uint64_t)f;
    int w = ward_of(t, k, i);
    *x = (ex_facility){ .kind = k, .ward = w, .number = ++count_in_ward[w], .point = -1 };
    if (k->flags & EX_PER_WARD)
        snprintf(x->id, sizeof x->id, "%s-%s", ex_wards[w].id, k->id);
    else
        snprintf(x->id, sizeof x->id, "%s-%s-%02d", ex_wards[w].id, k->id, x->number);
    if (k->flags & EX_PER_WARD)
        x->number = 0;
    double size = exp(0.28 * ex_bell(t, EX_R_SITE, key, 0)) * 0.96;
    x->target_wh = (int64_t)(k->mwh * 1e6 * size);
    x->floor_m2 = k->kwh_m2 ? (int32_t)((double)x->target_wh / 1e3 / k->kwh_m2 / 10) * 10 : 0;
    x->roof_m2 = x->floor_m2 / k->floors;
    x->lat_e6 = (int32_t)((ex_wards[w].lat + 0.009 * ex_bell(t, EX_R_SITE, key, 1)) * 1e6);
    x->lon_e6 = (int32_t)((ex_wards[w].lon + 0.011 * ex_bell(t, EX_R_SITE, key, 2)) * 1e6);
    double roof = ex_chance(t, EX_R_ROOF, key, 0) * 100;
    x->installable = roof < k->pv_pct ? 1 : roof < k->pv_pct + 5 ? -1 : 0;
}

static void facilities(ex_town *t)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        int count_in_ward[EX_WARDS] = { 0 };
        for (int i = 0; i < kinds[k].count; i++)
            facility(t, &kinds[k], i, count_in_ward);
    }
}

/* ---- points ---- */

static int shape_index(const ex_town *t, int building)
{
    for (int i = 0; i < EX_SHAPES; i++)
        if (t->shape_name[i] == building)
            return i;
    return 0;
}

static mizo_reading_kind reading_of(const ex_town *t, const ex_kind *k, int p)
{
    if (k->flags & EX_LAMPS)
        return MIZO_BY_LAMP;
    bool small = k->mode == EX_DARK && !(k->flags & EX_PRIVATE);
    return small && ex_chance(t, EX_R_POINT, (uint64_t)p, 0) < 0.08 ? MIZO_BY_PERIOD : MIZO_BY_SLOT;
}

/* A point for facility f with part of its demand. */
static ex_point *point(ex_town *t, int f, int part, int64_t target_wh)
{
    int p = t->npoint++;
    ex_point *x = &t->point[p];
    ex_facility *owner = &t->facility[f];
    const ex_kind *k = owner->kind;
    *x = (ex_point){ .kind = k,
                     .facility = f,
                     .shared = -1,
                     .share_ppm = MIZO_PPM,
                     .target_wh = target_wh,
                     .pv = -1,
                     .battery = -1 };
    size_t n = strnlen(owner->id, sizeof x->id - 4);
    memcpy(x->id, owner->id, n);
    memcpy(x->id + n, part == 1 ? "-p1" : "-p2", 4);
    if (part == 1)
        owner->point = p;
    int shapes = 0;
    while (k->shape[shapes] >= 0)
        shapes++;
    x->shape = shape_index(t, k->shape[(int)(shapes * ex_chance(t, EX_R_POINT, (uint64_t)p, 1))]);
    x->week_shift = (int)(5 * ex_chance(t, EX_R_POINT, (uint64_t)p, 2)) - 2;
    x->slot_shift = (int)(3 * ex_chance(t, EX_R_POINT, (uint64_t)p, 3)) - 1;
    x->reading = reading_of(t, k, p);
    x->voltage = target_wh > 60000000LL ? MIZO_HIGH : MIZO_LOW;
    if (x->reading == MIZO_BY_LAMP) {
        x->voltage = MIZO_LOW;
        x->lamp_w =
            ex_chance(t, EX_R_POINT, (uint64_t)p, 4) < 0.6 ? 42 : 95; /* LED or sodium, with ballast */
        x->lamps = (int)((double)target_wh * 60 / x->lamp_w / EX_LAMP_MINUTES / EX_DAYS) + 1;
        x->target_wh = ex_lamp_wh(x, EX_DAYS);
    }
    return x;
}

int64_t ex_lamp_wh(const ex_point *p, int days)
{
    return (int64_t)p->lamps * p->lamp_w * EX_LAMP_MINUTES * days / 60;
}

/* Facility `b` stands under the roof of `a` and has no meter of its own. */
static void share(ex_town *t, int a, int b)
{
    ex_facility *x = &t->facility[a], *y = &t->facility[b];
    int64_t both = x->target_wh + y->target_wh;
    ex_point *p = point(t, a, 1, both);
    p->shared = b;
    p->share_ppm = (int32_t)(((double)x->target_wh / (double)both * 20) + 0.5) * 50000;
    p->reading = MIZO_BY_SLOT;
    y->point = x->point;
    y->lat_e6 = x->lat_e6;
    y->lon_e6 = x->lon_e6;
    y->installable = 0; /* the roof is counted once */
}

static int find(const ex_town *t, const char *kind, int ward, int nth)
{
    for (int f = 0; f < t->nfacility; f++)
        if (t->facility[f].ward == ward && strcmp(t->facility[f].kind->id, kind) == 0 && nth-- == 0)
            return f;
    return -1;
}

static void shared_meters(ex_town *t)
{
    static const struct {
        const char *a, *b;
        int ward;
    } pair[] = {
        {"ward-office",    "library",        1},
        { "ward-office",   "library",        3},
        { "civic-hall",    "library",        4},
        { "civic-hall",    "library",        6},
        { "nursery",       "childrens-hall", 0},
        { "nursery",       "childrens-hall", 2},
        { "elder-centre",  "childrens-hall", 3},
        { "elder-centre",  "childrens-hall", 5},
        { "health-centre", "nursery",        6}
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        int a = find(t, pair[i].a, pair[i].ward, 0), b = find(t, pair[i].b, pair[i].ward, 0);
        if (a >= 0 && b >= 0 && t->facility[a].point < 0 && t->facility[b].point < 0)
            share(t, a, b);
    }
}

/* Some schools have a second point: the gymnasium was built later. */
static bool second_point(const ex_facility *f)
{
    return strcmp(f->kind->id, "elementary-school") == 0 && f->number == 4;
}

/* Sizes are stretched so that the town's year comes to EX_TOWN_WH, lamps as they are. */
static void scale_targets(ex_town *t)
{
    int64_t lamps = 0, others = 0;
    for (int p = 0; p < t->npoint; p++)
        *(t->point[p].reading == MIZO_BY_LAMP ? &lamps : &others) += t->point[p].target_wh;
    for (int p = 0; p < t->npoint; p++)
        if (t->point[p].reading != MIZO_BY_LAMP)
            t->point[p].target_wh =
                (int64_t)((double)t->point[p].target_wh * (double)(EX_TOWN_WH - lamps) / (double)others);
}

static void points(ex_town *t)
{
    shared_meters(t);
    for (int f = 0; f < t->nfacility; f++) {
        ex_facility *x = &t->facility[f];
        if (x->point >= 0)
            continue;
        if (second_point(x)) {
            point(t, f, 1, x->target_wh * 3 / 4);
            point(t, f, 2, x->target_wh / 4);
        } else {
            point(t, f, 1, x->target_wh);
        }
    }
    scale_targets(t);
}

/* ---- assets ---- */

static void solar(ex_town *t, int p)
{
    const ex_facility *f = &t->facility[t->point[p].facility];
    int32_t kw = (int32_t)fmin(
        250, fmax(5, f->roof_m2 * 0.035 * (0.7 + 0.6 * ex_chance(t, EX_R_ROOF, (uint64_t)p, 2))));
    t->point[p].pv = t->npv;
    t->point[p].export_allowed = ex_chance(t, EX_R_ROOF, (uint64_t)p, 3) < 0.9;
    if (!t->point[p].export_allowed) /* small enough to be used on the spot nearly always */
        kw = (int32_t)fmax(3, fmin(kw, (double)t->point[p].target_wh / 8760e3 * 0.8));
    t->pv[t->npv++] = (ex_pv){
        .point = p,
        .panel = {.dc_w = kw * 1000,
                  .ac_w = kw * 850,
                  .tilt = 10 + 5 * (int)(3 * ex_chance(t, EX_R_ROOF, (uint64_t)p, 4)),
                  .azimuth = 150 + 15 * (int)(5 * ex_chance(t, EX_R_ROOF, (uint64_t)p, 5))}
    };
}

/* Sized to the panels; schools keep a larger reserve, they are shelters. */
static void battery(ex_town *t, int p, int32_t kwh)
{
    bool shelter = t->point[p].kind->flags & EX_TERMS;
    t->point[p].battery = t->nbattery;
    t->battery[t->nbattery++] = (ex_battery){
        .point = p, .energy_wh = kwh * 1000, .power_w = kwh * 500, .reserve_ppm = shelter ? 300000 : 200000
    };
}

static int32_t battery_kwh(const ex_pv *pv)
{
    static const int32_t sizes[] = { 15, 30, 50, 100, 200 };
    int i = 0;
    while (i < 4 && sizes[i] < pv->panel.dc_w / 1000 * 1.2)
        i++;
    return sizes[i];
}

static bool roof_taken(const ex_town *t, int f)
{
    const ex_facility *x = &t->facility[f];
    bool own = t->point[x->point].facility == f && t->point[x->point].reading == MIZO_BY_SLOT;
    return own && x->installable == 1 && x->roof_m2 > 90 && t->npv < EX_PVS &&
           ex_chance(t, EX_R_ROOF, (uint64_t)f, 1) < (x->kind->flags & EX_PRIVATE ? 0.6 : 0.475);
}

static void assets(ex_town *t)
{
    enum { WANTED = 60 };
    t->depot = t->facility[find(t, "delivery-depot", 3, 0)].point;
    for (int f = 0; f < t->nfacility; f++)
        if (roof_taken(t, f) && t->facility[f].point != t->depot)
            solar(t, t->facility[f].point);
    solar(t, t->depot);
    t->pv[t->point[t->depot].pv].panel.dc_w = 120000;
    t->pv[t->point[t->depot].pv].panel.ac_w = 100000;
    t->point[t->depot].export_allowed = true;
    battery(t, t->depot, 200);
    for (int k = 0; k < t->npv && t->nbattery < WANTED; k++)
        if (t->pv[k].point != t->depot &&
            ex_chance(t, EX_R_ROOF, (uint64_t)k, 6) < (double)(WANTED + 4) / t->npv)
            battery(t, t->pv[k].point, battery_kwh(&t->pv[k]));
}

mizo_err ex_places(ex_town *t)
{
    facilities(t);
    if (find(t, "delivery-depot", 3, 0) < 0)
        return MIZO_EINPUT;
    points(t);
    assets(t);
    return MIZO_OK;
}
