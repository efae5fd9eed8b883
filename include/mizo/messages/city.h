/* The ids of city.def. */
#ifndef MIZO_MESSAGES_CITY_H
#define MIZO_MESSAGES_CITY_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_CITY = MIZO_MSG_OF_CITY * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/city.def"
#undef X
};

#endif
