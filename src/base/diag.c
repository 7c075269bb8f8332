/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include "base/out.h"

enum { SHOW_MAX = 20, CONTEXT = 60 };

static const struct {
	const char *name;
	enum s2s_log_level level;
	const char *text;
} diags[] = {
#define X(id, name, level, text) [S2S_DIAG_##id] = {(name), S2S_LOG_##level, (text)},
#include "diag.inc"
#undef X
};

const char *
s2s_diag_name(enum s2s_diag_id id)
{
	return diags[id].name;
}

enum s2s_log_level
s2s_diag_level(enum s2s_diag_id id)
{
	return diags[id].level;
}

/* file:line:column: with what is known of it. */
static void
put_place(struct s2s_out *out, struct s2s_place place)
{
	if (place.file)
		s2s_out_escaped(out, sv_from(place.file));
	if (place.file && place.line)
		s2s_out_printf(out, ":%llu", (unsigned long long)place.line);
	if (place.file && place.line && place.column)
		s2s_out_printf(out, ":%u", place.column);
	if (place.file)
		s2s_out_str(out, ": ");
}

/* The line around the column, a byte a cell, and a mark under the place. */
static void
put_line(struct s2s_out *out, struct s2s_sv line, uint32_t column)
{
	size_t at = column ? column - 1 : 0, from = 0, to = line.n, pad;
	struct s2s_out text;

	if (at > line.n)
		at = line.n;
	if (at > CONTEXT)
		from = at - CONTEXT;
	if (to - at > CONTEXT)
		to = at + CONTEXT;
	s2s_out_memory(&text);
	s2s_out_str(&text, from ? "..." : "");
	s2s_out_escaped(&text, (struct s2s_sv){line.p + from, at - from});
	pad = text.n;
	s2s_out_escaped(&text, (struct s2s_sv){line.p + at, to - at});
	s2s_out_str(&text, to < line.n ? "..." : "");
	s2s_out_printf(out, "\n    ");
	s2s_out_sv(out, s2s_out_text(&text));
	if (column)
		s2s_out_printf(out, "\n    %*s^", (int)pad, "");
	s2s_out_done(&text);
}

/* Unlike s2s_log_write(): the level stands behind the place. */
static void
hand_over(const struct s2s_diag *diag, enum s2s_log_level level, struct s2s_out *out)
{
	s2s_out_char(out, '\0');
	if (diag->log && diag->log->fn && level >= diag->log->level)
		diag->log->fn(diag->log->self, level, s2s_out_text(out).p);
}

bool
s2s_place_is_before(const struct s2s_place *a, const struct s2s_place *b)
{
	int order;

	if (!a->file || !b->file)
		return a->file && !b->file;
	order = a->file == b->file ? 0 : strcmp(a->file, b->file);
	if (order != 0)
		return order < 0;
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

bool
s2s_diag_shows(const struct s2s_diag *diag, enum s2s_diag_id id)
{
	return diag->seen[id] < SHOW_MAX ||
	       (diags[id].level == S2S_LOG_ERROR && diag->tolerance == S2S_ALL_ERRORS);
}

enum s2s_status
s2s_diag_report(struct s2s_diag *diag, enum s2s_diag_id id, struct s2s_place place,
		struct s2s_sv line, const char *fmt, ...)
{
	bool is_error = diags[id].level == S2S_LOG_ERROR;
	bool lenient = diag->tolerance == S2S_LENIENT;
	enum s2s_log_level level =
	    is_error && lenient ? S2S_LOG_WARNING : diags[id].level;
	bool shows = s2s_diag_shows(diag, id);
	struct s2s_out out;
	va_list ap;

	diag->seen[id]++;
	if (is_error)
		diag->errors++;
	else
		diag->warnings++;
	if (shows) {
		s2s_out_memory(&out);
		put_place(&out, place);
		s2s_out_printf(&out,
			       "%s: ", level == S2S_LOG_ERROR ? "error" : "warning");
		va_start(ap, fmt);
		if (fmt)
			s2s_out_vprintf(&out, fmt, ap);
		else
			s2s_out_str(&out, diags[id].text);
		va_end(ap);
		s2s_out_printf(&out, " [%s]", diags[id].name);
		if (line.n)
			put_line(&out, line, place.column);
		hand_over(diag, level, &out);
		s2s_out_done(&out);
	}
	return is_error && diag->tolerance == S2S_FIRST_ERROR ? S2S_SYNTAX : S2S_OK;
}

enum s2s_status
s2s_diag_end(struct s2s_diag *diag)
{
	for (int id = 0; id < S2S_DIAGS; id++) {
		bool all = diags[id].level == S2S_LOG_ERROR &&
			   diag->tolerance == S2S_ALL_ERRORS;

		if (diag->seen[id] > SHOW_MAX && !all)
			s2s_log(diag->log, S2S_LOG_WARNING, "%llu more [%s]",
				(unsigned long long)(diag->seen[id] - SHOW_MAX),
				diags[id].name);
	}
	return diag->errors && diag->tolerance != S2S_LENIENT ? S2S_SYNTAX : S2S_OK;
}
