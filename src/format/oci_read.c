/* SPDX-License-Identifier: MIT */
/* The text of a profile to its rules: includes and excludes resolved, several
   comparisons of one argument each a rule of its own, as container runtimes take them.
 */
#include "format/oci_reader.h"
#include "format/oci_when.h"

#include "base/out.h"

#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARGS_MAX = 6 };

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
read_errno(const struct s2s_oci_reader *r, struct json_object *object,
	   const char *number_key, const char *name_key, uint32_t *ret)
{
	const char *name = s2s_json_text(object, name_key);
	struct s2s_action action;
	uint64_t number = EPERM;
	char text[64];

	if (!s2s_json_number(object, number_key, &number) || number > SECCOMP_RET_DATA)
		return s2s_oci_refuse_member(r, object, number_key, "no error number");
	*ret = (uint32_t)number;
	if (!name || !*name)
		return S2S_OK;
	snprintf(text, sizeof text, "errno=%.50s", name);
	if (!s2s_action_parse(sv_from(text), &action))
		return s2s_oci_refuse(r, s2s_json_member(object, name_key),
				      "no such error", name);
	*ret = action.data;
	return S2S_OK;
}

static enum s2s_status
read_action(const struct s2s_oci_reader *r, struct json_object *object, const char *key,
	    const char *const errno_keys[2], uint32_t *ret)
{
	const char *name = s2s_json_text(object, key);
	uint32_t number = EPERM;

	if (!name)
		return s2s_oci_refuse_member(
		    r, object, key,
		    s2s_json_member(object, key)
			? "the name of an action is wanted"
			: "a member of an OCI seccomp profile is "
			  "missing");
	TRY(read_errno(r, object, errno_keys[0], errno_keys[1], &number));
	if (!action_of(name, number, ret))
		return s2s_oci_refuse(r, s2s_json_member(object, key), "no such action",
				      name);
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
read_arg(const struct s2s_oci_reader *r, struct json_object *object,
	 struct scmp_arg_cmp *ret)
{
	static const char *const members[] = {"index", "value",   "valueTwo",
					      "op",    "comment", NULL};
	static const char no_value[] = "no whole number from 0 to 2^64-1 in \"args\"";
	const char *op = s2s_json_text(object, "op");
	uint64_t index = 0, value = 0, second = 0;

	TRY(s2s_oci_check_members(r, object, members));
	if (!s2s_json_number(object, "index", &index) || index >= ARGS_MAX)
		return s2s_oci_refuse_member(
		    r, object, "index",
		    "an argument of \"args\" has no number from 0 to 5");
	if (!s2s_json_number(object, "value", &value))
		return s2s_oci_refuse_member(r, object, "value", no_value);
	if (!s2s_json_number(object, "valueTwo", &second))
		return s2s_oci_refuse_member(r, object, "valueTwo", no_value);
	if (!compare_of(op, &ret->op))
		return op ? s2s_oci_refuse(r, s2s_json_member(object, "op"),
					   "no such comparison", op)
			  : s2s_oci_refuse_member(r, object, "op",
						  "the name of a comparison is wanted");
	ret->arg = (unsigned)index;
	ret->datum_a = value;
	ret->datum_b = second;
	return S2S_OK;
}

static enum s2s_status
read_args(const struct s2s_oci_reader *r, struct json_object *syscall,
	  struct scmp_arg_cmp args[ARGS_MAX * 2], unsigned *ret_n)
{
	struct json_object *array;
	size_t n;

	if (!s2s_json_array(syscall, "args", &array, &n) || n > ARGS_MAX * 2)
		return s2s_oci_refuse_member(r, syscall, "args",
					     "no array of at most 12 comparisons");
	for (size_t i = 0; i < n; i++) {
		struct json_object *arg = json_object_array_get_idx(array, i);

		if (!json_object_is_type(arg, json_type_object))
			return s2s_oci_refuse(r, arg ? arg : array,
					      "no comparison in the array", "args");
		TRY(read_arg(r, arg, &args[i]));
	}
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

/* The same again says nothing, nor does another action for a call that has one whatever
   its arguments; but runtimes leave out what equals the default. libseccomp's time
   grows with the square of what it is told. */
static bool
says_nothing(const struct s2s_oci_reader *r, const struct s2s_oci_rule *rule)
{
	S2S_CLEANUP(s2s_out_done) struct s2s_out key;
	size_t n = r->seen->n;
	uint32_t action = rule->action;

	if (rule->n == 0 && action != r->profile->fallback)
		action = UINT32_MAX; /* any: no action is that */
	s2s_out_memory(&key);
	s2s_out_printf(&key, "%s %x", rule->name, action);
	for (unsigned i = 0; i < rule->n; i++)
		s2s_out_printf(&key, " %u %d %" PRIx64 " %" PRIx64, rule->cmp[i].arg,
			       (int)rule->cmp[i].op, rule->cmp[i].datum_a,
			       rule->cmp[i].datum_b);
	s2s_atom_intern(r->seen, s2s_out_text(&key));
	return r->seen->n == n;
}

static void
add_one(const struct s2s_oci_reader *r, const char *name, uint32_t action,
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
	if (says_nothing(r, rule))
		p->n--;
}

static void
add_rule(const struct s2s_oci_reader *r, const char *name, uint32_t action,
	 const struct scmp_arg_cmp *args, unsigned n)
{
	if (!compares_twice(args, n)) {
		add_one(r, name, action, args, n);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		add_one(r, name, action, &args[i], 1);
}

/* "names": ["read", "write"], or as early engines had it, "name": "read" */
static enum s2s_status
read_names(const struct s2s_oci_reader *r, struct json_object *syscall,
	   struct json_object **ret, size_t *ret_n)
{
	const char *one = s2s_json_text(syscall, "name");

	if (!s2s_json_array(syscall, "names", ret, ret_n) || (!*ret && !one))
		return s2s_oci_refuse_member(r, syscall, "names",
					     "an array of names is missing");
	if (*ret_n && one)
		return s2s_oci_refuse_member(
		    r, syscall, "name", "there is one name beside an array of names");
	for (size_t i = 0; i < *ret_n; i++) {
		struct json_object *name = json_object_array_get_idx(*ret, i);

		if (!json_object_is_type(name, json_type_string))
			return s2s_oci_refuse(r, name ? name : *ret,
					      "no name in the array", "names");
	}
	return S2S_OK;
}

static enum s2s_status
read_syscall(const struct s2s_oci_reader *r, struct json_object *syscall)
{
	static const char *const errno_keys[] = {"errnoRet", "errno"};
	static const char *const members[] = {"names",   "name", "action",   "errnoRet",
					      "errno",   "args", "includes", "excludes",
					      "comment", NULL};
	struct scmp_arg_cmp args[ARGS_MAX * 2] = {{0}};
	const char *one = s2s_json_text(syscall, "name");
	struct json_object *names;
	uint32_t action = 0;
	unsigned n_args = 0;
	bool holds = true;
	size_t n;

	TRY(s2s_oci_check_members(r, syscall, members));
	if (!s2s_oci_holds(r->host, syscall, &holds))
		return s2s_oci_refuse(r, syscall, "no condition that we know",
				      "includes, excludes");
	TRY(read_action(r, syscall, "action", errno_keys, &action));
	TRY(read_args(r, syscall, args, &n_args));
	TRY(read_names(r, syscall, &names, &n));
	for (size_t i = 0; i < n && holds; i++)
		add_rule(r, json_object_get_string(json_object_array_get_idx(names, i)),
			 action, args, n_args);
	if (one && holds)
		add_rule(r, one, action, args, n_args);
	return S2S_OK;
}

/* What whoever loads the filter is told beside it. */
static const char *
for_loader(struct json_object *profile)
{
	const char *path = s2s_json_text(profile, "listenerPath");
	bool listener = path && *path;
	struct json_object *flags;
	size_t n;

	if (!s2s_json_array(profile, "flags", &flags, &n) || n == 0)
		return listener ? "\"listenerPath\"" : NULL;
	return listener ? "\"flags\" and \"listenerPath\"" : "\"flags\"";
}

static enum s2s_status
read_profile(struct s2s_oci_reader *r, struct json_object *profile)
{
	static const char *const errno_keys[] = {"defaultErrnoRet", "defaultErrno"};
	static const char *const members[] = {"defaultAction",
					      "defaultErrnoRet",
					      "defaultErrno",
					      "architectures",
					      "archMap",
					      "flags",
					      "listenerPath",
					      "listenerMetadata",
					      "syscalls",
					      "comment",
					      NULL};
	struct json_object *syscalls;
	size_t n;

	if (!json_object_is_type(profile, json_type_object))
		return s2s_oci_refuse(r, profile, "not a JSON object", NULL);
	TRY(s2s_oci_check_members(r, profile, members));
	TRY(read_action(r, profile, "defaultAction", errno_keys,
			&r->profile->fallback));
	TRY(s2s_oci_read_arches(r, profile));
	r->profile->for_loader = for_loader(profile);
	if (!s2s_json_array(profile, "syscalls", &syscalls, &n))
		return s2s_oci_refuse_member(r, profile, "syscalls",
					     "no array of rules");
	for (size_t i = 0; i < n; i++) {
		struct json_object *rule = json_object_array_get_idx(syscalls, i);

		if (!json_object_is_type(rule, json_type_object))
			return s2s_oci_refuse(r, rule ? rule : syscalls,
					      "no object in the array", "syscalls");
		TRY(read_syscall(r, rule));
	}
	return S2S_OK;
}

enum s2s_status
s2s_oci_parse(struct s2s_sv text, const char *name, const struct s2s_oci_host *host,
	      const struct s2s_log *log, struct s2s_oci_profile *ret)
{
	S2S_CLEANUP(s2s_atoms_done) struct s2s_atoms seen = {0}, unknown = {0};
	struct s2s_oci_reader r = {name, text, log, host, ret, &seen, &unknown};
	struct json_object *profile;
	struct s2s_json_error error;
	enum s2s_status status;

	*ret = (struct s2s_oci_profile){
	    .name = name, .machine = host ? host->machine : S2S_ARCH_X86_64};
	if (!s2s_json_parse(text, &profile, &error))
		return s2s_oci_refuse_at(&r, error.at, "malformed JSON", error.what);
	status = read_profile(&r, profile);
	s2s_oci_find_unheard(ret);
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
