/* SPDX-License-Identifier: MIT */
/* The architectures of a profile, and what is wrong with the text of one. */
#include "format/oci_maker.h"
#include "format/oci_reader.h"
#include "format/scmp.h"

#include "base/out.h"

#include <strings.h>

static void
say_at(const struct s2s_oci_reader *r, enum s2s_log_level level, size_t at,
       const char *what, const char *detail)
{
	struct s2s_out out;
	size_t line, column;

	s2s_json_place(r->text, at, &line, &column);
	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(r->name));
	s2s_out_printf(&out, ":%zu:%zu: %s", line, column, what);
	if (detail) {
		s2s_out_str(&out, ": ");
		s2s_out_escaped(&out, sv_from(detail));
	}
	s2s_log(r->log, level, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
}

enum s2s_status
s2s_oci_refuse_at(const struct s2s_oci_reader *r, size_t at, const char *what,
		  const char *detail)
{
	say_at(r, S2S_LOG_ERROR, at, what, detail);
	return S2S_SYNTAX;
}

enum s2s_status
s2s_oci_refuse(const struct s2s_oci_reader *r, struct json_object *where,
	       const char *what, const char *detail)
{
	return s2s_oci_refuse_at(r, s2s_json_at(where), what, detail);
}

enum s2s_status
s2s_oci_refuse_member(const struct s2s_oci_reader *r, struct json_object *object,
		      const char *key, const char *what)
{
	struct json_object *member = s2s_json_member(object, key);

	return s2s_oci_refuse(r, member ? member : object, what, key);
}

static bool
is_known(const char *const *known, const char *name,
	 int (*compare)(const char *, const char *))
{
	for (; *known; known++)
		if (compare(*known, name) == 0)
			return true;
	return false;
}

enum s2s_status
s2s_oci_check_members(const struct s2s_oci_reader *r, struct json_object *object,
		      const char *const *known)
{
	json_object_object_foreach(object, name, value)
	{
		size_t n = r->unknown->n;

		if (is_known(known, name, strcmp))
			continue;
		if (is_known(known, name, strcasecmp))
			return s2s_oci_refuse(r, value ? value : object,
					      "a member's name with other letter case, "
					      "which runtimes do not agree on",
					      name);
		s2s_atom_intern(r->unknown, sv_from(name));
		if (r->unknown->n > n)
			say_at(r, S2S_LOG_WARNING, s2s_json_at(value ? value : object),
			       "an unknown member, which says nothing", name);
	}
	return S2S_OK;
}

/* ---- architectures ---- */

bool
s2s_oci_lists(const struct s2s_oci_profile *profile, uint32_t token)
{
	for (size_t i = 0; i < profile->n_arches; i++)
		if (profile->arch[i].token == token)
			return true;
	return false;
}

enum s2s_arch
s2s_oci_machine(const struct s2s_oci_profile *profile)
{
	bool is_arm = s2s_oci_lists(profile, SCMP_ARCH_AARCH64);
	bool is_x86 = s2s_oci_lists(profile, SCMP_ARCH_X86_64) ||
		      s2s_oci_lists(profile, SCMP_ARCH_X86);

	if (is_arm == is_x86)
		return profile->machine;
	return is_arm ? S2S_ARCH_AARCH64 : S2S_ARCH_X86_64;
}

uint32_t
s2s_oci_arches(const struct s2s_oci_profile *profile)
{
	uint32_t arches = 1U << s2s_oci_machine(profile);

	for (int arch = 0; arch < S2S_ARCH_COUNT; arch++)
		if (s2s_oci_lists(profile, s2s_scmp_arch((enum s2s_arch)arch)))
			arches |= 1U << arch;
	return arches;
}

/* "SCMP_ARCH_X86_64" is "x86_64" for libseccomp. */
static enum s2s_status
add_arch(const struct s2s_oci_reader *r, struct json_object *where, const char *name)
{
	char lower[32] = {0};
	struct s2s_sv s = sv_from(name);
	uint32_t token = 0;

	if (sv_eat(&s, SV("SCMP_ARCH_")) && s.n < sizeof lower)
		for (size_t i = 0; i < s.n; i++)
			lower[i] = s.p[i] >= 'A' && s.p[i] <= 'Z'
				       ? (char)(s.p[i] - 'A' + 'a')
				       : s.p[i];
	if (lower[0])
		token = seccomp_arch_resolve_name(lower);
	if (!token)
		return s2s_oci_refuse(r, where, "no such architecture", name);
	if (s2s_oci_lists(r->profile, token))
		return S2S_OK;
	s2s_grow(r->profile->arch, r->profile->n_arches, r->profile->cap_arches);
	r->profile->arch[r->profile->n_arches++] = (struct s2s_oci_arch){
	    token, s2s_arena_strdup(&r->profile->arena, sv_from(name))};
	return S2S_OK;
}

static enum s2s_status
add_arches(const struct s2s_oci_reader *r, struct json_object *array, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct json_object *item = json_object_array_get_idx(array, i);
		const char *name = json_object_get_string(item);

		TRY(add_arch(r, item ? item : array, name ? name : "null"));
	}
	return S2S_OK;
}

/* archMap: of the architecture at hand, and those that go along with it. */
static enum s2s_status
read_arch_map(const struct s2s_oci_reader *r, struct json_object *profile)
{
	static const char *const members[] = {"architecture", "subArchitectures",
					      "comment", NULL};
	struct json_object *array, *more;
	size_t n, n_more;

	if (!s2s_json_array(profile, "archMap", &array, &n))
		return s2s_oci_refuse_member(r, profile, "archMap",
					     "no array of architectures");
	for (size_t i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(array, i);
		const char *name = json_object_is_type(row, json_type_object)
				       ? s2s_json_text(row, "architecture")
				       : NULL;

		if (json_object_is_type(row, json_type_object))
			TRY(s2s_oci_check_members(r, row, members));
		if (!name || !s2s_json_array(row, "subArchitectures", &more, &n_more))
			return s2s_oci_refuse(r, row ? row : array,
					      "no row of architectures", "archMap");
		if (strcmp(name, s2s_arch_scmp(r->profile->machine)) != 0)
			continue;
		TRY(add_arch(r, row, name));
		TRY(add_arches(r, more, n_more));
	}
	return S2S_OK;
}

enum s2s_status
s2s_oci_read_arches(const struct s2s_oci_reader *r, struct json_object *profile)
{
	struct json_object *array;
	size_t n;

	if (!s2s_json_array(profile, "architectures", &array, &n))
		return s2s_oci_refuse_member(r, profile, "architectures",
					     "no array of architectures");
	TRY(add_arches(r, array, n));
	if (n == 0)
		return read_arch_map(r, profile);
	/* Engines refuse it, since it would say two things. */
	if (s2s_json_array(profile, "archMap", &array, &n) && n == 0)
		return S2S_OK;
	return s2s_oci_refuse_member(r, profile, "archMap",
				     "there are \"architectures\" too");
}

void
s2s_oci_say_arches(const struct s2s_oci_profile *profile, struct s2s_loss *loss)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out names;
	size_t n = 0;

	s2s_out_memory(&names);
	for (size_t i = 0; i < profile->n_arches; i++) {
		enum s2s_arch arch;

		if (!s2s_scmp_arch_from(profile->arch[i].token, &arch))
			s2s_out_printf(&names, "%s%s", n++ ? ", " : "",
				       profile->arch[i].name);
	}
	if (n)
		s2s_loss_add(loss,
			     "The profile is also for %.*s, whose calls the policy "
			     "forbids.",
			     (int)names.n, names.p);
}
