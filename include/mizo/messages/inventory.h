/* The ids of inventory.def. */
#ifndef MIZO_MESSAGES_INVENTORY_H
#define MIZO_MESSAGES_INVENTORY_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_INVENTORY = MIZO_MSG_OF_INVENTORY * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/inventory.def"
#undef X
};

#endif
