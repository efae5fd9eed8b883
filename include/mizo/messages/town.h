/* The ids of town.def. */
#ifndef MIZO_MESSAGES_TOWN_H
#define MIZO_MESSAGES_TOWN_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_TOWN = MIZO_MSG_OF_TOWN * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/town.def"
#undef X
};

#endif
