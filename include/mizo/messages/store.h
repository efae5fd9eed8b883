/* The ids of store.def. */
#ifndef MIZO_MESSAGES_STORE_H
#define MIZO_MESSAGES_STORE_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_STORE = MIZO_MSG_OF_STORE * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/store.def"
#undef X
};

#endif
