/* rooms.h: the numbers of the rooms that have something to say.
 *
 * A message's id is its room's number times MIZO_MSG_ROOM, plus its place in the room's list from 1. So a
 * new message touches only the files that speak for its room.
 */
#ifndef MIZO_MESSAGES_ROOMS_H
#define MIZO_MESSAGES_ROOMS_H

/* In the order of include/mizo/messages.def. */
enum {
    MIZO_MSG_OF_BASE,
    MIZO_MSG_OF_REGION,
    MIZO_MSG_OF_STORE,
    MIZO_MSG_OF_IMPORT,
    MIZO_MSG_OF_FILES,
    MIZO_MSG_OF_OPERATOR,
    MIZO_MSG_OF_PLAN,
    MIZO_MSG_OF_BILL,
    MIZO_MSG_OF_DESK,
    MIZO_MSG_OF_BOOKS,
    MIZO_MSG_OF_PEOPLE,
    MIZO_MSG_OF_REPORT,
    MIZO_MSG_OF_INVOICE,
    MIZO_MSG_OF_MATCH,
    MIZO_MSG_OF_CLOSE,
    MIZO_MSG_OF_DUTY,
    MIZO_MSG_OF_TOWN,
    MIZO_MSG_OF_FORECAST,
    MIZO_MSG_OF_ACCOUNT,
    MIZO_MSG_OF_SERVER,
    MIZO_MSG_OF_WEATHER,
    MIZO_MSG_OF_CITY,
    MIZO_MSG_OF_YEARLY,
    MIZO_MSG_OF_INVENTORY,
    MIZO_MSG_OF_CLI,
    MIZO_MSG_ROOMS
};

enum { MIZO_MSG_ROOM = 1024 };

#endif
