/* The ids of cli.def. */
#ifndef MIZO_MESSAGES_CLI_H
#define MIZO_MESSAGES_CLI_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_CLI = MIZO_MSG_OF_CLI * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/cli.def"
#undef X
};

#endif
