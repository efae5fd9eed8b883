/* The ids of region.def. */
#ifndef MIZO_MESSAGES_REGION_H
#define MIZO_MESSAGES_REGION_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_REGION = MIZO_MSG_OF_REGION * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/region.def"
#undef X
};

#endif
