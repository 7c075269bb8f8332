/* SPDX-License-Identifier: MIT */
/* The tables of all stages, as --help, completions and manual list them. */
#include "base/diag.h"
#include "format/format.h"
#include "optimize/optimize.h"
#include "parse/parse.h"
#include "s2s.h"

struct choice {
	const char *name, *help;
};

static bool
level(size_t i, struct choice *ret)
{
	size_t n;
	const struct s2s_level *levels = s2s_levels(&n);

	if (i < n)
		*ret = (struct choice){levels[i].name, levels[i].help};
	return i < n;
}

static bool
format(size_t i, struct choice *ret)
{
	size_t n;
	const struct s2s_format *formats = s2s_formats(&n);

	if (i < n)
		*ret = (struct choice){formats[i].name, formats[i].help};
	return i < n;
}

static bool
action(size_t i, struct choice *ret)
{
	static const struct choice actions[] = {
	    {"kill-process", "end the process (default)"},
	    {"kill-thread", "end the thread only"},
	    {"trap", "send SIGSYS"},
	    {"errno", "errno[=NAME|NUMBER]: fail the call, with EPERM unless told"},
	    {"trace", "trace[=N]: ask a tracer, ENOSYS where there is none"},
	    {"log", "let it pass and log it"},
	    {"notify", "ask a supervisor"},
	};

	if (i < S2S_ARRAY_SIZE(actions))
		*ret = actions[i];
	return i < S2S_ARRAY_SIZE(actions);
}

static bool
arch(size_t i, struct choice *ret)
{
	static const struct choice arches[] = {
#define X(id, name, audit, scmp, bits) {#name, ""},
	    S2S_ARCHES(X)
#undef X
	};

	if (i < S2S_ARRAY_SIZE(arches))
		*ret = arches[i];
	return i < S2S_ARRAY_SIZE(arches);
}

static bool
diagnostic(size_t i, struct choice *ret)
{
	static const struct choice diags[] = {
#define X(id, name, level, text) {name, text},
#include "diag.inc"
#undef X
	};

	if (i < S2S_ARRAY_SIZE(diags))
		*ret = diags[i];
	return i < S2S_ARRAY_SIZE(diags);
}

static bool
input(size_t i, struct choice *ret)
{
	static const struct choice inputs[] = {
#define X(id, name, help) {name, help},
	    S2S_INPUT_KINDS(X)
#undef X
	};

	if (i < S2S_ARRAY_SIZE(inputs))
		*ret = inputs[i];
	return i < S2S_ARRAY_SIZE(inputs);
}

const char *
s2s_choice_name(enum s2s_choice choice, size_t i, const char **ret_help)
{
	static bool (*const tables[])(size_t, struct choice *) = {
	    [S2S_CHOICE_LEVELS] = level,   [S2S_CHOICE_FORMATS] = format,
	    [S2S_CHOICE_ACTIONS] = action, [S2S_CHOICE_ARCHES] = arch,
	    [S2S_CHOICE_INPUTS] = input,   [S2S_CHOICE_DIAGNOSTICS] = diagnostic,
	};
	struct choice found;

	if (!tables[choice](i, &found))
		return NULL;
	if (ret_help)
		*ret_help = found.help;
	return found.name;
}

const char *
s2s_format_extension(const char *name)
{
	const struct s2s_format *found = s2s_format_find(sv_from(name));

	if (!found)
		return NULL;
	return found->extension ? found->extension : found->name;
}

bool
s2s_format_is_binary(const char *name)
{
	const struct s2s_format *found = s2s_format_find(sv_from(name));

	return found && found->binary;
}

const char *
s2s_version(void)
{
	return S2S_VERSION;
}
