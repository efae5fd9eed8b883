/* The ids of account.def. */
#ifndef MIZO_MESSAGES_ACCOUNT_H
#define MIZO_MESSAGES_ACCOUNT_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_ACCOUNT = MIZO_MSG_OF_ACCOUNT * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/account.def"
#undef X
};

#endif
