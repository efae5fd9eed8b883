/* The ids of weather.def. */
#ifndef MIZO_MESSAGES_WEATHER_H
#define MIZO_MESSAGES_WEATHER_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_WEATHER = MIZO_MSG_OF_WEATHER * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/weather.def"
#undef X
};

#endif
