/* SPDX-License-Identifier: MIT */
#include "parse/infer.h"

#include "base/arena.h"
#include "parse/scan.h"

#include <stdlib.h>

enum {
	HELD_MAX = 256, /* lines of all processes */
	OWN_MAX = 24,   /* of the one: glibc's loader tells with its third call */
};

static bool
may_infer(const struct infer *infer, const struct modes *modes)
{
	return infer->tell && !modes->noted;
}

bool
infer_wants(const struct infer *infer, const struct modes *modes,
	    const struct s2s_event *ev)
{
	if (!may_infer(infer, modes) || !s2s_event_is_call(ev))
		return false;
	if (!infer->begun)
		return !s2s_event_is_exec(ev);
	return modes->told && !modes_know(modes, ev->pid);
}

bool
infer_after(const struct infer *infer, const struct modes *modes,
	    const struct s2s_event *ev)
{
	return may_infer(infer, modes) && s2s_event_is_exec(ev) &&
	       (ev->kind == S2S_EVENT_CALL || ev->kind == S2S_EVENT_RESUMED) &&
	       sv_equal(ev->result, SV("0"));
}

void
infer_see(struct infer *infer, const struct s2s_event *ev)
{
	infer->begun = infer->begun || s2s_event_is_call(ev);
}

void
infer_begin(struct infer *infer, int64_t pid)
{
	infer->begun = true;
	infer->holding = true;
	infer->pid = pid;
	infer->looked = infer->from;
	infer->own = 0;
	infer->low = (struct s2s_place){0};
}

/* A line that leaves goes back. */
void
infer_hold(struct infer *infer, const struct s2s_line *line)
{
	char *text;

	if (infer->leaving) {
		infer->from--;
		return;
	}
	text = s2s_realloc(NULL, line->text.n + 1 + S2S_READ_AHEAD, 1);
	memcpy(text, line->text.p, line->text.n);
	text[line->text.n] = '\n';
	memset(text + line->text.n + 1, 0, S2S_READ_AHEAD);
	s2s_grow(infer->held, infer->n, infer->cap);
	infer->held[infer->n] = (struct held){.line = *line};
	infer->held[infer->n++].line.text.p = text;
}

static void
forget(struct infer *infer)
{
	for (size_t i = 0; i < infer->n; i++)
		free((char *)(uintptr_t)infer->held[i].line.text.p);
	infer->n = infer->from = infer->looked = 0;
}

bool
infer_next(struct infer *infer, struct s2s_line *ret)
{
	infer->leaving = infer->from < infer->n;
	if (!infer->leaving) {
		forget(infer);
		return false;
	}
	*ret = infer->held[infer->from++].line;
	return true;
}

/* A note of strace is on its way, the process or its program ends. */
static bool
ends(const struct infer *infer, const struct s2s_event *ev)
{
	if (ev->kind == S2S_EVENT_NOTE)
		return modes_is_note(ev);
	return ev->pid == infer->pid &&
	       (ev->kind == S2S_EVENT_EXIT ||
		(s2s_event_is_exec(ev) && sv_equal(ev->result, SV("0"))));
}

/* Keeps one of 8 hexadecimal digits in [from, to), by their first ones. True: it has
   more than those. */
static bool
see_address(struct infer *infer, const struct s2s_line *line, struct s2s_sv text,
	    const char *from, const char *to)
{
	enum { LOW_DIGITS = 8 };
	size_t n = 0;

	if (!sv_eat(&text, SV("0x")))
		return false;
	while (n < text.n && scan_classes[(unsigned char)text.p[n]] & SCAN_HEX)
		n++;
	if (!infer->low.line && n == LOW_DIGITS &&
	    memcmp(text.p, from, strlen(from)) >= 0 &&
	    memcmp(text.p, to, strlen(to)) < 0)
		infer->low = (struct s2s_place){line->file, line->number, 0};
	return n > LOW_DIGITS;
}

/* 0xffd57e14: there 32-bit processes have stack and libraries. 0xffffff9c is a small
   negative number. The heap of a program that may lie anywhere begins at 0x56555000 at
   least (COMPAT_ELF_ET_DYN_BASE, fs/compat_binfmt_elf.c); of 64-bit programs, one at
   0x400000 has it up to 1 GB behind its image (arch_randomize_brk), others higher.
   True: one is longer than addresses of 32-bit processes. */
static bool
see_addresses(struct infer *infer, const struct s2s_line *line, const struct scan *s,
	      const struct s2s_event *ev)
{
	bool is_long = see_address(infer, line, ev->result, "f", "ffffe");

	for (size_t i = 0; i < s->nargs; i++)
		if (s->args[i].kind == S2S_TEXT_EXPR)
			is_long |=
			    see_address(infer, line, s->args[i].text, "f", "ffffe");
	if (sv_equal(ev->name, SV("brk")))
		see_address(infer, line, ev->result, "56555", "5a");
	return is_long;
}

bool
infer_doubts(const struct infer *infer, struct s2s_place *ret)
{
	*ret = infer->low;
	return infer->low.line;
}

/* Both modes have both calls, by number; the kernel does each for one only
   (arch/x86/entry/syscalls/syscall_64.tbl; do_arch_prctl_common()). */
static bool
sets_64bit_tls(const struct s2s_event *ev, const struct scan *s)
{
	return sv_equal(ev->name, SV("arch_prctl")) && s->nargs > 1 &&
	       sv_equal(s->args[0].text, SV("ARCH_SET_FS")) &&
	       sv_equal(ev->result, SV("0"));
}

static bool
sets_32bit_tls(const struct s2s_event *ev)
{
	return sv_equal(ev->name, SV("set_thread_area")) &&
	       sv_equal(ev->result, SV("0"));
}

static enum inferred
look_at(struct infer *infer, struct held *held, unsigned nesting)
{
	const struct s2s_line *line = &held->line;
	struct s2s_arg_text args[SCAN_ARGS_MAX];
	struct strace_line found;
	struct scan s;
	bool is_long;

	if (held->of != OF_ANY && (held->of != OF_PID || held->pid != infer->pid))
		return INFER_WAIT;
	scan_init(&s, line->text, nesting, args);
	if (!scan_line(&s, NULL, &found)) {
		held->of = OF_NONE;
		return INFER_WAIT;
	}
	held->of = found.ev.kind != S2S_EVENT_NOTE ? OF_PID
		   : modes_is_note(&found.ev)      ? OF_ANY
						   : OF_NONE;
	held->pid = found.ev.pid;
	if (ends(infer, &found.ev))
		return INFER_NOTHING;
	if (found.ev.pid != infer->pid || !s2s_event_is_call(&found.ev) ||
	    found.headless)
		return INFER_WAIT;
	infer->own++;
	is_long = see_addresses(infer, line, &s, &found.ev);
	switch (infer->tell(found.ev.name, found.ev.nr)) {
	case S2S_TELLS_NATIVE:
		return INFER_NATIVE;
	case S2S_TELLS_32:
		return INFER_32;
	case S2S_TELLS_NOTHING:
		break;
	}
	/* After the names: the offset of mmap2 may have more digits than an address. */
	if (is_long || sets_64bit_tls(&found.ev, &s))
		return INFER_NATIVE;
	if (sets_32bit_tls(&found.ev))
		return INFER_32;
	return infer->own == OWN_MAX ? INFER_NOTHING : INFER_WAIT;
}

enum inferred
infer_look(struct infer *infer, unsigned nesting, bool over,
	   const struct s2s_line **ret_line)
{
	for (; infer->looked < infer->n; infer->looked++) {
		enum inferred told =
		    look_at(infer, &infer->held[infer->looked], nesting);

		*ret_line = &infer->held[infer->looked].line;
		if (told != INFER_WAIT)
			return told;
	}
	return over || infer->n - infer->from >= HELD_MAX ? INFER_NOTHING : INFER_WAIT;
}

void
infer_end(struct infer *infer)
{
	forget(infer);
	infer->begun = infer->holding = infer->said = infer->doubted = false;
}

void
infer_done(struct infer *infer)
{
	forget(infer);
	free(infer->held);
}
