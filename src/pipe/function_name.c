/* SPDX-License-Identifier: MIT */
/* What the function in generated C may be called. */
#include "pipe/plan.h"

enum { NAME_MAX_C = 63 }; /* significant characters, C11 5.2.4.1 */

/* The words of C23 and C++23, and what the headers of generated source declare. */
static const char *const taken[] = {
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "close",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "main",
    "memfd_create",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "prctl",
    "private",
    "protected",
    "public",
    "read",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "syscall",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "write",
    "xor",
    "xor_eq",
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_word_char(char c)
{
	return is_letter(c) || c == '_' || (c >= '0' && c <= '9');
}

bool
s2s_is_function_name(const char *name)
{
	struct s2s_sv s = sv_from(name);

	if (s.n == 0 || s.n > NAME_MAX_C || !is_letter(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_word_char(s.p[i]))
			return false;
	if (sv_starts(s, SV("seccomp_")) || sv_starts(s, SV("scmp_")) ||
	    sv_starts(s, SV("SCMP_")) || sv_starts(s, SV("SECCOMP_")))
		return false;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(taken); i++)
		if (strcmp(taken[i], name) == 0)
			return false;
	return true;
}
