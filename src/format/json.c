/* SPDX-License-Identifier: MIT */
#include "format/json.h"

static void
put_number(struct s2s_out *out, uint64_t value, unsigned base)
{
	char text[20], *p = text + sizeof text;

	do {
		*--p = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	s2s_out_bytes(out, p, (size_t)(text + sizeof text - p));
}

/* Names of files repeat from line to line; they are interned, so the pointer tells. */
static void
put_file(struct s2s_json_writer *writer, const char *file)
{
	if (!file) {
		s2s_out_str(writer->out, "null");
		return;
	}
	if (file != writer->file) {
		s2s_out_done(&writer->file_text);
		s2s_out_memory(&writer->file_text);
		s2s_out_json(&writer->file_text, sv_from(file));
		writer->file = file;
	}
	s2s_out_sv(writer->out, s2s_out_text(&writer->file_text));
}

static void
put_arg(struct s2s_out *out, const struct s2s_arg *arg)
{
	switch (arg->state) {
	case S2S_ARG_UNKNOWN:
		s2s_out_str(out, "\"unknown\"");
		return;
	case S2S_ARG_ADDRESS:
		s2s_out_str(out, "\"address\"");
		return;
	case S2S_ARG_KNOWN:
		s2s_out_str(out, "\"0x");
		put_number(out, arg->value, 16);
		s2s_out_char(out, '"');
		return;
	}
}

static void
put_args(struct s2s_out *out, const struct s2s_call *call)
{
	s2s_out_str(out, ",\"args\":[");
	for (int i = 0; i < call->sc->nargs; i++) {
		if (i)
			s2s_out_char(out, ',');
		put_arg(out, &call->arg[i]);
	}
	s2s_out_char(out, ']');
}

void
s2s_json_call(struct s2s_json_writer *writer, const struct s2s_call *call)
{
	struct s2s_out *out = writer->out;

	s2s_out_str(out, "{\"file\":");
	put_file(writer, call->place.file);
	s2s_out_str(out, ",\"line\":");
	put_number(out, call->place.line, 10);
	s2s_out_str(out, ",\"pid\":");
	if (call->pid < 0)
		s2s_out_str(out, "null");
	else
		put_number(out, (uint64_t)call->pid, 10);
	s2s_out_str(out, ",\"arch\":\"");
	s2s_out_str(out, s2s_arch_name(call->sc->arch));
	s2s_out_str(out, "\",\"syscall\":\"");
	s2s_out_str(out, call->sc->name);
	s2s_out_str(out, "\",\"nr\":");
	put_number(out, call->sc->nr, 10);
	put_args(out, call);
	s2s_out_str(out, ",\"result\":");
	if (call->has_result)
		s2s_out_json(out, call->result);
	else
		s2s_out_str(out, "null");
	s2s_out_str(out, "}\n");
}

void
s2s_json_writer_init(struct s2s_json_writer *writer, struct s2s_out *out)
{
	*writer = (struct s2s_json_writer){.out = out};
	s2s_out_memory(&writer->file_text);
}

void
s2s_json_writer_done(struct s2s_json_writer *writer)
{
	s2s_out_done(&writer->file_text);
	*writer = (struct s2s_json_writer){0};
}
