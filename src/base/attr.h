/* SPDX-License-Identifier: MIT */
/* Compiler attributes; gcc 12 and clang 14 share only the GNU spelling. */
#pragma once

#define S2S_CLEANUP(fn)       __attribute__((cleanup(fn)))
#define S2S_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define S2S_MUST_USE          __attribute__((warn_unused_result))
#define S2S_NORETURN          __attribute__((noreturn))
#define S2S_UNUSED            __attribute__((unused))

#define S2S_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
