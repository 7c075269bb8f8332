/* SPDX-License-Identifier: MIT */
#include "base/map.h"
#include "base/out.h"
#include "unit.h"

#include <stdio.h>

static const struct {
	const char *text;
	bool ok;
	uint64_t value;
} numbers[] = {
    {"0", true, 0},
    {"10", true, 10},
    {"0x10", true, 16},
    {"010", true, 8},
    {"-1", true, UINT64_MAX},
    {"18446744073709551615", true, UINT64_MAX},
    {"18446744073709551616", false, 0},
    {"-9223372036854775808", true, UINT64_C(1) << 63},
    {"-9223372036854775809", false, 0},
    {"0xffffffffffffffff", true, UINT64_MAX},
    {"0x10000000000000000", false, 0},
    {"", false, 0},
    {"-", false, 0},
    {"0x", false, 0},
    {"08", false, 0},
    {"1a", false, 0},
};

static void
test_sv_to_u64(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		uint64_t value = 42;

		if (sv_to_u64(sv_from(numbers[i].text), &value) != numbers[i].ok)
			fail_msg("%s", numbers[i].text);
		assert_int_equal(value, numbers[i].ok ? numbers[i].value : 42);
	}
}

static void
test_map(void **state)
{
	struct s2s_map map = {0};
	bool is_new;

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		*s2s_map_put(&map, (uint64_t[3]){i, ~i, 0}, &is_new) = (uint32_t)i;
		assert_true(is_new);
	}
	for (uint64_t i = 0; i < 5000; i += 2)
		s2s_map_remove(&map, (uint64_t[3]){i, ~i, 0});
	for (uint64_t i = 0; i < 5000; i++) {
		uint32_t *number = s2s_map_get(&map, (uint64_t[3]){i, ~i, 0});

		if (i % 2 == 0)
			assert_null(number);
		else
			assert_int_equal(*number, i);
	}
	s2s_map_done(&map);
}

static void
test_atoms(void **state)
{
	struct s2s_atoms atoms = {0};
	char text[16];

	(void)state;
	assert_int_equal(s2s_atom_intern(&atoms, SV("")), 0);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1000; i++) {
			int n = snprintf(text, sizeof text, "t%d", i);
			struct s2s_sv sv = {text, (size_t)n};

			assert_int_equal(s2s_atom_intern(&atoms, sv), i + 1);
			assert_true(
			    sv_equal(s2s_atom_text(&atoms, (s2s_atom)i + 1), sv));
		}
	s2s_atoms_done(&atoms);
}

static const struct {
	void (*escape)(struct s2s_out *, struct s2s_sv);
	const char *in, *out;
} escapes[] = {
    {s2s_out_json, "a\"\\\n\x1b", "\"a\\\"\\\\\\u000a\\u001b\""},
    {s2s_out_json, "\xe2\x80\xa8", "\"\\u00e2\\u0080\\u00a8\""},
    {s2s_out_escaped, "\x1b[2J\\", "\\x1b[2J\\\\"},
    {s2s_out_c_comment, "*/ /* ?\?/ \\\n", "*%2f /%2a ?%3f/ %5c%0a"},
};

static void
test_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		struct s2s_out out;

		s2s_out_memory(&out);
		escapes[i].escape(&out, sv_from(escapes[i].in));
		s2s_out_char(&out, '\0');
		assert_string_equal(s2s_out_text(&out).p, escapes[i].out);
		s2s_out_done(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sv_to_u64),
	    cmocka_unit_test(test_map),
	    cmocka_unit_test(test_atoms),
	    cmocka_unit_test(test_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
