/* unit.h - what every unit test includes first: cmocka, with the headers that it wants before itself. */
#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

/* cmocka.h does not include them, and their order is of no matter to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
