/* SPDX-License-Identifier: MIT */
/* Generated C as text; whether it compiles and does what it says: tests/format. */
#include "format/format.h"

#include "../format/random_policy.h"
#include "unit.h"

static enum s2s_status
write_c(const struct s2s_policy *policy, const char *function, const char *header,
	struct s2s_out *out)
{
	struct s2s_format_input in = {NULL, policy, NULL};
	struct s2s_format_options opts = {
	    .function = function, .no_new_privs = true, .header = header};
	enum s2s_status status;

	s2s_out_memory(out);
	status = s2s_format_find(SV("c"))->write(out, &in, &opts);
	s2s_out_char(out, '\0');
	return status;
}

static void
assert_has(const struct s2s_out *out, const char *text)
{
	if (!strstr(out->p, text))
		fail_msg("not in the output: %s\n%s", text, out->p);
}

static void
test_same_bytes(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 20; seed++) {
		struct s2s_policy *a = random_policy(seed, 6),
				  *b = random_policy(seed, 6);
		struct s2s_out x, y;

		assert_int_equal(write_c(a, "f", NULL, &x), write_c(b, "f", NULL, &y));
		assert_string_equal(x.p, y.p);
		s2s_out_done(&x);
		s2s_out_done(&y);
		s2s_policy_free(a);
		s2s_policy_free(b);
	}
}

static const struct s2s_syscall *
call_of(const char *name)
{
	return s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));
}

static void
add(struct s2s_policy *policy, const char *name, enum s2s_why why, const char *reason,
    bool at_least, struct s2s_set first)
{
	struct s2s_rule rule = {.why = why, .reason = reason};

	for (int a = 0; a < S2S_ARGS_MAX; a++)
		rule.arg[a] = s2s_set_any();
	rule.arg[0] = first;
	if (why == S2S_WHY_SEEN) {
		rule.count = 12;
		rule.runs = 3;
		rule.runs_at_least = at_least;
		rule.first = (struct s2s_place){"app.strace", 118, 1};
	}
	s2s_policy_add_rule(policy, call_of(name), &rule);
	s2s_policy_call(policy, call_of(name))->level = "robust";
}

static void
test_comments(void **state)
{
	struct s2s_policy *policy = random_policy(0, 0);
	struct s2s_set three = s2s_set_value(&policy->arena, UINT32_MAX, 3);
	struct s2s_out out;

	(void)state;
	add(policy, "read", S2S_WHY_SEEN, NULL, false, s2s_set_any());
	add(policy, "close", S2S_WHY_SEEN, NULL, true, three);
	add(policy, "fcntl", S2S_WHY_HARMLESS, "tells flags", false, three);
	add(policy, "exit", S2S_WHY_IMPLIED, "a thread must be able to end", false,
	    s2s_set_any());
	add(policy, "getpid", S2S_WHY_ASKED, "--allow", false, s2s_set_any());
	s2s_policy_call(policy, call_of("exit"))->level = "strict";
	s2s_policy_note(policy, "execve is left out");
	assert_int_equal(write_c(policy, "my_policy", NULL, &out), S2S_OK);
	assert_has(&out, "\tnr_read, /* seen 12 times in 3 runs, first app.strace:118; "
			 "level robust */\n");
	assert_has(&out, "\t/* close: fd 3; seen 12 times in at least 3 runs, first "
			 "app.strace:118; level\n\t   robust */\n"
			 "\t{nr_close, 1, {IS32(0, 3)}},\n");
	assert_has(&out, "/* fcntl: fd 3; level robust adds it: tells flags */");
	assert_has(&out, "nr_exit, /* in no log, but needed: a thread must be able to");
	assert_has(&out, "nr_getpid, /* asked for: --allow */");
	assert_has(&out, " * - execve is left out\n");
	assert_has(&out, "Level robust,\n * strict for exit.");
	assert_has(&out, "\nint my_policy(void);\n");
	assert_has(&out, "\nint\nmy_policy(void)\n{\n");
	assert_has(&out, "nr_read = 0");
	assert_has(&out, "SECCOMP_RET_ERRNO | ENOSYS)");
	s2s_out_done(&out);
	s2s_policy_free(policy);
}

static bool
is_word(unsigned char c)
{
	return c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c >= '0' && c <= '9');
}

static bool
is_space_or_word(unsigned char c)
{
	return c == ' ' || is_word(c);
}

/* The name that a line of generated C declares at file scope, if it does:
   "name(…", "static const … name[]", "struct name {", "#define name…". */
static struct s2s_sv
declared(struct s2s_sv line)
{
	struct s2s_sv none = {"", 0}, words, name = none;

	if (sv_eat(&line, SV("#define ")))
		return sv_take(&line, is_word);
	words = sv_take(&line, is_space_or_word);
	if (sv_peek(line) != '[' && sv_peek(line) != '(' && sv_peek(line) != '{')
		return none;
	words = sv_trim(words);
	while (words.n)
		if (sv_eat_char(&words, ' '))
			name = none;
		else
			name = sv_take(&words, is_word);
	return name;
}

/* A function of any name that the file itself uses would not compile. */
static void
test_own_names_are_refused(void **state)
{
	struct s2s_policy *policy = random_policy(12, 4);
	struct s2s_out out;
	struct s2s_sv text, line;
	size_t names = 0;

	(void)state;
	assert_int_equal(write_c(policy, "my_policy", NULL, &out), S2S_OK);
	for (text = s2s_out_text(&out); text.n; sv_skip(&text, line.n + 1)) {
		struct s2s_sv name;
		struct s2s_out again;
		char word[64];

		line = (struct s2s_sv){text.p, strcspn(text.p, "\n")};
		if (line.n >= text.n)
			break;
		name = declared(line);
		if (name.n == 0 || sv_equal(name, SV("my_policy")) ||
		    sv_equal(name, SV("_GNU_SOURCE")) || sv_equal(name, SV("enum")))
			continue;
		assert_true(name.n < sizeof word);
		memcpy(word, name.p, name.n);
		word[name.n] = '\0';
		if (write_c(policy, word, NULL, &again) != S2S_USAGE)
			fail_msg("%s is not refused", word);
		assert_int_equal(again.n, 1);
		s2s_out_done(&again);
		names++;
	}
	assert_true(names > 20);
	s2s_out_done(&out);
	s2s_policy_free(policy);
}

static void
test_header(void **state)
{
	struct s2s_policy *policy = random_policy(0, 0);
	struct s2s_format_options opts = {.format = "c",
					  .function = "my_policy",
					  .tsync = true,
					  .no_new_privs = true};
	struct s2s_out out;

	(void)state;
	assert_int_equal(write_c(policy, "f", "policy.h", &out), S2S_OK);
	assert_has(&out, "#include \"policy.h\"\n");
	assert_null(strstr(out.p, "int f(void);\n"));
	s2s_out_done(&out);
	assert_int_equal(write_c(policy, "f", "a\"b", &out), S2S_USAGE);
	s2s_out_done(&out);
	assert_int_equal(write_c(policy, "f", "a\nb", &out), S2S_USAGE);
	s2s_out_done(&out);
	s2s_policy_free(policy);
	s2s_out_memory(&out);
	assert_int_equal(s2s_format_c_header(&out, &opts), S2S_OK);
	s2s_out_char(&out, '\0');
	assert_has(&out, "int my_policy(void);\n");
	assert_has(&out, "extern \"C\" {\n");
	assert_has(&out, "#ifndef S2S_HEADER_my_policy\n");
	s2s_out_done(&out);
}

/* Nothing is written of what is refused. */
static void
test_nothing_of_what_is_refused(void **state)
{
	static struct s2s_interval iv[5000];
	struct s2s_policy *policy = random_policy(0, 0);
	struct s2s_out out;

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(iv); i++)
		iv[i].lo = iv[i].hi = 3 * i;
	add(policy, "brk", S2S_WHY_SEEN, NULL, false,
	    (struct s2s_set){UINT64_MAX, iv, S2S_ARRAY_SIZE(iv)});
	assert_int_equal(write_c(policy, "f", NULL, &out), S2S_LIMIT);
	assert_int_equal(out.n, 1);
	s2s_out_done(&out);
	s2s_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_bytes),
	    cmocka_unit_test(test_comments),
	    cmocka_unit_test(test_own_names_are_refused),
	    cmocka_unit_test(test_header),
	    cmocka_unit_test(test_nothing_of_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
