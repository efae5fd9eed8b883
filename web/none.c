/* none.c: stands in for the pages where node was not there to build them. */
#include "server/asset.h"

const asset web_assets[1] = {
    {NULL, NULL, NULL, 0, NULL, 0, 0}
};
const size_t web_nassets = 0;
