/* The ids of server.def. */
#ifndef MIZO_MESSAGES_SERVER_H
#define MIZO_MESSAGES_SERVER_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_SERVER = MIZO_MSG_OF_SERVER * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/server.def"
#undef X
};

#endif
