/* SPDX-License-Identifier: MIT */
/* What every cmocka test includes; the order is cmocka's demand. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
