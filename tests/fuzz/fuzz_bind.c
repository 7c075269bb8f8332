/* SPDX-License-Identifier: MIT */
/* Any text as an expression, and any line as a call. A value does not depend on
   brackets and comments around it; a bound call keeps what call.h promises. */
#include "base/arena.h"
#include "bind/bind.h"
#include "fuzz.h"
#include "parse/parse.h"

static bool
value_of(struct s2s_sv text, uint64_t *ret)
{
	static const char *const sets[] = {NULL, "open_flags", "ioctl_cmd", "signal"};
	const char *set = sets[text.n % (sizeof sets / sizeof *sets)];

	return s2s_bind_expr(S2S_ARCH_X86_64, set, text, ret);
}

static struct s2s_sv
wrap(struct s2s_arena *arena, const char *before, struct s2s_sv text, const char *after)
{
	size_t a = strlen(before), b = strlen(after);
	char *p = s2s_arena_alloc(arena, a + text.n + b + 1);

	memcpy(p, before, a);
	if (text.n)
		memcpy(p + a, text.p, text.n);
	memcpy(p + a + text.n, after, b);
	return (struct s2s_sv){p, a + text.n + b};
}

/* How many operators may be open at once, brackets and signs, is limited. */
static bool
is_deep(struct s2s_sv text)
{
	size_t open = 0;

	for (size_t i = 0; i < text.n; i++)
		open += strchr("(!~-+", text.p[i]) != NULL;
	return open >= 60;
}

/* Lengths stay equal modulo 4, so that the set does. */
static void
check_expr(struct s2s_arena *arena, struct s2s_sv text)
{
	uint64_t value = 1, again = 2;
	bool ok = value_of(text, &value);

	check(value_of(text, &again) == ok);
	if (!ok) {
		check(value == 1 && again == 2);
		return;
	}
	check(value == again);
	check(value_of(wrap(arena, "/* b */ ", text, ""), &again) && again == value);
	check(value_of(wrap(arena, "", text, " /* 1 */"), &again) && again == value);
	if (memchr(text.p, '<', text.n) || memmem(text.p, text.n, "or ", 3) ||
	    memmem(text.p, text.n, "=>", 2))
		return; /* not everything may stand in brackets */
	ok = value_of(wrap(arena, "((", text, "))"), &again);
	check(ok ? again == value : is_deep(text));
}

static void
check_call(const struct s2s_call *call)
{
	for (int i = 0; i < call->sc->nargs; i++) {
		const struct s2s_arg *arg = &call->arg[i];
		const struct s2s_kind *kind = call->kind[i];

		check(kind != NULL);
		if (kind->role == S2S_ROLE_UNUSED)
			check(arg->state == S2S_ARG_UNKNOWN);
		if (arg->state != S2S_ARG_KNOWN)
			check(arg->value == 0);
		else if (kind->role == S2S_ROLE_ADDRESS)
			check(arg->value == 0);
		check((arg->value & ~s2s_width_mask(kind->width)) == 0);
	}
}

static void
check_line(struct s2s_arena *arena, struct s2s_sv line)
{
	struct s2s_diag diag = {.tolerance = S2S_LENIENT};
	struct s2s_bind_counts counts = {0};
	struct s2s_syntax_error error;
	struct s2s_event ev;
	struct s2s_call call;

	if (s2s_strace_line(line, &s2s_limits_default, arena, &ev, &error) != S2S_OK ||
	    ev.kind != S2S_EVENT_CALL)
		return;
	if (s2s_bind_call(&ev, S2S_ARCH_X86_64, &diag, &counts, &call) != S2S_OK)
		check(counts.unknown_calls == 1 && diag.errors == 1);
	else
		check_call(&call);
	check(counts.unknown_args <= counts.args);
	check(counts.unknown_symbols + counts.unknown_selectors <=
	      2 * counts.unknown_args);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct s2s_sv text = {(const char *)data, size};
	struct s2s_arena arena = {0};

	check_expr(&arena, text);
	check_line(&arena, text);
	s2s_arena_done(&arena);
	return 0;
}
