/* SPDX-License-Identifier: MIT */
/* The text of a profile to its rules: includes and excludes resolved, several
   comparisons of one argument each a rule of its own, as container runtimes take them.
 */
#include "format/oci_read.h"
#include "format/json_read.h"
#include "format/oci_when.h"

#include "base/out.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARGS_MAX = 6 };

struct reader {
	const char *name;
	const struct s2s_log *log;
	const struct s2s_oci_host *host;
	struct s2s_oci_profile *profile;
};

static enum s2s_status
refuse(const struct reader *r, const char *what, const char *detail)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	s2s_out_escaped(&out, sv_from(r->name));
	s2s_out_str(&out, ": ");
	s2s_out_str(&out, what);
	if (detail) {
		s2s_out_str(&out, ": ");
		s2s_out_escaped(&out, sv_from(detail));
	}
	s2s_log(r->log, S2S_LOG_ERROR, "%.*s", (int)out.n, out.p);
	s2s_out_done(&out);
	return S2S_SYNTAX;
}

static bool
action_of(const char *name, uint32_t data, uint32_t *ret)
{
	static const struct {
		const char *name;
		uint32_t action;
		bool has_data;
	} actions[] = {
	    {"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, false},
	    {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, false},
	    {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false},
	    {"SCMP_ACT_TRAP", SCMP_ACT_TRAP, false},
	    {"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0U), true},
	    {"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0U), true},
	    {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, false},
	    {"SCMP_ACT_LOG", SCMP_ACT_LOG, false},
	    {"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, false},
	};

	for (size_t i = 0; name && i < S2S_ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name) == 0) {
			*ret = actions[i].action;
			if (actions[i].has_data)
				*ret |= data & SECCOMP_RET_DATA;
			return true;
		}
	return false;
}

/* "errnoRet": 38, or as engines write it beside or instead, "errno": "ENOSYS", which
   Podman takes where both are given. */
static enum s2s_status
read_errno(const struct reader *r, struct json_object *object, const char *number_key,
	   const char *name_key, uint32_t *ret)
{
	const char *name = s2s_json_text(object, name_key);
	struct s2s_action action;
	uint64_t number = EPERM;
	char text[64];

	if (!s2s_json_number(object, number_key, &number) || number > SECCOMP_RET_DATA)
		return refuse(r, "no error number", number_key);
	*ret = (uint32_t)number;
	if (!name || !*name)
		return S2S_OK;
	snprintf(text, sizeof text, "errno=%.50s", name);
	if (!s2s_action_parse(sv_from(text), &action))
		return refuse(r, "no such error", name);
	*ret = action.data;
	return S2S_OK;
}

static enum s2s_status
read_action(const struct reader *r, struct json_object *object, const char *key,
	    const char *const errno_keys[2], uint32_t *ret)
{
	const char *name = s2s_json_text(object, key);
	uint32_t number = EPERM;

	if (!name)
		return refuse(r, "a member of an OCI seccomp profile is missing", key);
	TRY(read_errno(r, object, errno_keys[0], errno_keys[1], &number));
	if (!action_of(name, number, ret))
		return refuse(r, "no such action", name);
	return S2S_OK;
}

static bool
compare_of(const char *name, enum scmp_compare *ret)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} ops[] = {
	    {"SCMP_CMP_NE", SCMP_CMP_NE},
	    {"SCMP_CMP_LT", SCMP_CMP_LT},
	    {"SCMP_CMP_LE", SCMP_CMP_LE},
	    {"SCMP_CMP_EQ", SCMP_CMP_EQ},
	    {"SCMP_CMP_GE", SCMP_CMP_GE},
	    {"SCMP_CMP_GT", SCMP_CMP_GT},
	    {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
	};

	for (size_t i = 0; name && i < S2S_ARRAY_SIZE(ops); i++)
		if (strcmp(ops[i].name, name) == 0) {
			*ret = ops[i].op;
			return true;
		}
	return false;
}

/* {"index": 1, "value": 4294967295, "valueTwo": 21505, "op": "SCMP_CMP_MASKED_EQ"} */
static enum s2s_status
read_arg(const struct reader *r, struct json_object *object, struct scmp_arg_cmp *ret)
{
	const char *op = s2s_json_text(object, "op");
	uint64_t index = ARGS_MAX, value = 0, second = 0;

	if (!s2s_json_number(object, "index", &index) || index >= ARGS_MAX)
		return refuse(r, "no index of an argument in \"args\"", NULL);
	if (!s2s_json_number(object, "value", &value) ||
	    !s2s_json_number(object, "valueTwo", &second))
		return refuse(r, "no value of an argument in \"args\"", NULL);
	if (!compare_of(op, &ret->op))
		return refuse(r, "no such comparison", op ? op : "none");
	ret->arg = (unsigned)index;
	ret->datum_a = value;
	ret->datum_b = second;
	return S2S_OK;
}

static enum s2s_status
read_args(const struct reader *r, struct json_object *syscall,
	  struct scmp_arg_cmp args[ARGS_MAX * 2], unsigned *ret_n)
{
	struct json_object *array;
	size_t n;

	if (!s2s_json_array(syscall, "args", &array, &n) || n > ARGS_MAX * 2)
		return refuse(r, "no array of comparisons", "args");
	for (size_t i = 0; i < n; i++)
		TRY(read_arg(r, json_object_array_get_idx(array, i), &args[i]));
	*ret_n = (unsigned)n;
	return S2S_OK;
}

static bool
compares_twice(const struct scmp_arg_cmp *args, unsigned n)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < n; i++) {
		if (seen & (1U << args[i].arg))
			return true;
		seen |= 1U << args[i].arg;
	}
	return false;
}

static void
add_one(const struct reader *r, const char *name, uint32_t action,
	const struct scmp_arg_cmp *args, unsigned n)
{
	struct s2s_oci_profile *p = r->profile;
	struct s2s_oci_rule *rule;

	s2s_grow(p->rule, p->n, p->cap);
	rule = &p->rule[p->n++];
	*rule = (struct s2s_oci_rule){
	    .name = s2s_arena_strdup(&p->arena, sv_from(name)),
	    .action = action,
	    .n = n,
	};
	memcpy(rule->cmp, args, n * sizeof *args);
}

static void
add_rule(const struct reader *r, const char *name, uint32_t action,
	 const struct scmp_arg_cmp *args, unsigned n)
{
	if (!compares_twice(args, n)) {
		add_one(r, name, action, args, n);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		add_one(r, name, action, &args[i], 1);
}

static enum s2s_status
read_syscall(const struct reader *r, struct json_object *syscall)
{
	static const char *const errno_keys[] = {"errnoRet", "errno"};
	struct scmp_arg_cmp args[ARGS_MAX * 2] = {{0}};
	struct json_object *names;
	uint32_t action = 0;
	unsigned n_args = 0;
	bool holds = true;
	size_t n;

	if (!json_object_is_type(syscall, json_type_object))
		return refuse(r, "no object in the array", "syscalls");
	if (!s2s_oci_holds(r->host, syscall, &holds))
		return refuse(r, "no condition that we know", "includes, excludes");
	TRY(read_action(r, syscall, "action", errno_keys, &action));
	TRY(read_args(r, syscall, args, &n_args));
	if (!s2s_json_array(syscall, "names", &names, &n) || n == 0)
		return refuse(r, "an array of names is missing", "names");
	for (size_t i = 0; i < n && holds; i++) {
		struct json_object *name = json_object_array_get_idx(names, i);

		if (!json_object_is_type(name, json_type_string))
			return refuse(r, "no name in the array", "names");
		add_rule(r, json_object_get_string(name), action, args, n_args);
	}
	return S2S_OK;
}

/* "SCMP_ARCH_X86_64" is "x86_64" for libseccomp. */
static enum s2s_status
add_arch(const struct reader *r, const char *name)
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
		return refuse(r, "no such architecture", name);
	s2s_grow(r->profile->arch, r->profile->n_arches, r->profile->cap_arches);
	r->profile->arch[r->profile->n_arches++] = token;
	return S2S_OK;
}

/* archMap: of the architecture at hand, and those that go along with it. */
static enum s2s_status
read_arch_map(const struct reader *r, struct json_object *profile)
{
	struct json_object *array, *more;
	size_t n, n_more;

	if (!s2s_json_array(profile, "archMap", &array, &n))
		return refuse(r, "no array of architectures", "archMap");
	for (size_t i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(array, i);
		const char *name = json_object_is_type(row, json_type_object)
				       ? s2s_json_text(row, "architecture")
				       : NULL;

		if (!name || !s2s_json_array(row, "subArchitectures", &more, &n_more))
			return refuse(r, "no row of architectures", "archMap");
		if (strcmp(name, "SCMP_ARCH_X86_64") != 0)
			continue;
		TRY(add_arch(r, name));
		for (size_t k = 0; k < n_more; k++) {
			name =
			    json_object_get_string(json_object_array_get_idx(more, k));
			TRY(add_arch(r, name ? name : "null"));
		}
	}
	return S2S_OK;
}

static enum s2s_status
read_arches(const struct reader *r, struct json_object *profile)
{
	struct json_object *array;
	size_t n;

	if (!s2s_json_array(profile, "architectures", &array, &n))
		return refuse(r, "no array of architectures", "architectures");
	for (size_t i = 0; i < n; i++) {
		const char *name =
		    json_object_get_string(json_object_array_get_idx(array, i));

		TRY(add_arch(r, name ? name : "null"));
	}
	return S2S_OK;
}

static enum s2s_status
read_profile(struct reader *r, struct json_object *profile)
{
	static const char *const errno_keys[] = {"defaultErrnoRet", "defaultErrno"};
	struct json_object *syscalls;
	size_t n;

	if (!json_object_is_type(profile, json_type_object))
		return refuse(r, "not a JSON object", NULL);
	TRY(read_action(r, profile, "defaultAction", errno_keys,
			&r->profile->fallback));
	TRY(read_arches(r, profile));
	TRY(read_arch_map(r, profile));
	if (!s2s_json_array(profile, "syscalls", &syscalls, &n))
		return refuse(r, "no array of rules", "syscalls");
	for (size_t i = 0; i < n; i++)
		TRY(read_syscall(r, json_object_array_get_idx(syscalls, i)));
	return S2S_OK;
}

enum s2s_status
s2s_oci_parse(struct s2s_sv text, const char *name, const struct s2s_oci_host *host,
	      const struct s2s_log *log, struct s2s_oci_profile *ret)
{
	struct reader r = {name, log, host, ret};
	const char *error;
	struct json_object *profile = s2s_json_parse(text, &error);
	enum s2s_status status;

	*ret = (struct s2s_oci_profile){.name = name};
	if (!profile)
		return refuse(&r, "malformed JSON", error);
	status = read_profile(&r, profile);
	json_object_put(profile);
	return status;
}

void
s2s_oci_profile_done(struct s2s_oci_profile *profile)
{
	free(profile->rule);
	free(profile->arch);
	s2s_arena_done(&profile->arena);
	*profile = (struct s2s_oci_profile){0};
}

enum s2s_status
s2s_oci_read(struct s2s_sv text, const char *name, const struct s2s_oci_host *host,
	     const struct s2s_log *log, struct s2s_filter *ret)
{
	S2S_CLEANUP(s2s_oci_profile_done) struct s2s_oci_profile profile = {0};

	TRY(s2s_oci_parse(text, name, host, log, &profile));
	TRY(s2s_oci_compile(&profile, log, ret));
	s2s_oci_compare(&profile, ret, log);
	if (host && host->runc)
		s2s_oci_add_runc(&profile, ret);
	return S2S_OK;
}
