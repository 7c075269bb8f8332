/* SPDX-License-Identifier: MIT */
/* Lines that are known pass the parser by (skim.h): what of them it has to know. */
#include "parse/parser.h"

const uint32_t *
s2s_parser_waiting(const struct s2s_parser *parser)
{
	bool is_log = parser->recognised && parser->kind == S2S_INPUT_STRACE;
	bool is_shared = parser->output.seen || parser->output.goes_on ||
			 parser->output.npending > 0;

	return is_log && !is_shared && !parser->modes.told && !parser->infer.holding
		   ? parser->join.halves.waiting_pids
		   : NULL;
}

void
s2s_parser_passed(struct s2s_parser *parser, uint64_t lines, bool any_pid)
{
	output_passed(&parser->output, any_pid);
	parser->counts.lines += lines;
	parser->counts.calls += lines;
	join_passed(&parser->join);
}

void
s2s_parser_passed_last(struct s2s_parser *parser, bool has_pid)
{
	parser->modes.numbered = has_pid;
}

bool
s2s_parser_begun(const struct s2s_parser *parser, uint64_t line, struct s2s_begin *ret)
{
	return join_begun(&parser->join, line, ret);
}

void
s2s_parser_tag(struct s2s_parser *parser, uint32_t tag)
{
	struct halves *halves = &parser->join.halves;

	halves->all[halves->last].tag = tag;
}

bool
s2s_parser_begin(struct s2s_parser *parser, const struct s2s_line *line,
		 const struct s2s_begin *begin)
{
	if (!join_begin(&parser->join, line, begin))
		return false;
	output_passed(&parser->output, begin->pid >= 0);
	parser->counts.lines++;
	return true;
}

uint32_t
s2s_parser_waits(const struct s2s_parser *parser, int64_t pid, uint64_t *ret_line)
{
	const struct halves *halves = &parser->join.halves;
	int64_t slot = halves_find(halves, pid);

	if (slot == NO_SLOT)
		return 0;
	*ret_line = halves->all[slot].ev.place.line;
	return halves->all[slot].tag;
}

void
s2s_parser_finish(struct s2s_parser *parser, int64_t pid)
{
	struct halves *halves = &parser->join.halves;

	halves_close(halves, halves_find(halves, pid));
	parser->counts.joined++;
	s2s_parser_passed(parser, 1, pid >= 0);
}

void
s2s_parser_told(struct s2s_parser *parser, enum s2s_told told, bool has_pid)
{
	output_passed(&parser->output, has_pid);
	parser->counts.lines++;
	switch (told) {
	case S2S_TOLD_SIGNAL:
		join_passed(&parser->join);
		parser->counts.signals++;
		break;
	case S2S_TOLD_END:
		join_passed(&parser->join);
		parser->counts.exits++;
		break;
	case S2S_TOLD_NOTE:
		parser->counts.notes++;
		break;
	}
}
