/* The ids of forecast.def. */
#ifndef MIZO_MESSAGES_FORECAST_H
#define MIZO_MESSAGES_FORECAST_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_FORECAST = MIZO_MSG_OF_FORECAST * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/forecast.def"
#undef X
};

#endif
