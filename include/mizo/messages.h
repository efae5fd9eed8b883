/* Every message that mizo can say, by room: for those that look at them all. */
#ifndef MIZO_MESSAGES_H
#define MIZO_MESSAGES_H

#include "mizo/messages/account.h"
#include "mizo/messages/base.h"
#include "mizo/messages/bill.h"
#include "mizo/messages/books.h"
#include "mizo/messages/city.h"
#include "mizo/messages/cli.h"
#include "mizo/messages/close.h"
#include "mizo/messages/desk.h"
#include "mizo/messages/duty.h"
#include "mizo/messages/files.h"
#include "mizo/messages/forecast.h"
#include "mizo/messages/import.h"
#include "mizo/messages/inventory.h"
#include "mizo/messages/invoice.h"
#include "mizo/messages/match.h"
#include "mizo/messages/operator.h"
#include "mizo/messages/people.h"
#include "mizo/messages/plan.h"
#include "mizo/messages/region.h"
#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "mizo/messages/store.h"
#include "mizo/messages/town.h"
#include "mizo/messages/weather.h"
#include "mizo/messages/yearly.h"

#endif
