/* SPDX-License-Identifier: MIT */
#include "format/oci_when.h"

#include "base/attr.h"

/* What Docker gives a container that asks for nothing (moby's oci/caps/defaults.go). */
static const char *const default_caps[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
    NULL,
};

bool
s2s_oci_kernel(struct s2s_sv text, uint32_t *ret)
{
	uint32_t part[3] = {0};
	int n = 0;

	for (; n < 3; n++) {
		if (sv_peek(text) < '0' || sv_peek(text) > '9')
			return false;
		while (sv_peek(text) >= '0' && sv_peek(text) <= '9') {
			part[n] = part[n] * 10 + (uint32_t)(sv_peek(text) - '0');
			if (part[n] > UINT16_MAX)
				return false;
			sv_skip(&text, 1);
		}
		if (!sv_eat_char(&text, '.'))
			break;
	}
	*ret = part[0] << 16 | part[1];
	return text.n == 0 && n > 0;
}

static bool
has_cap(const struct s2s_oci_host *host, const char *name)
{
	const char *const *cap = host && host->caps ? host->caps : default_caps;

	for (; *cap; cap++)
		if (strcmp(*cap, name) == 0)
			return true;
	return false;
}

/* Engines call it by Go's name. */
static bool
is_machine(const struct s2s_oci_host *host, const char *name)
{
	bool is_arm = host && host->machine == S2S_ARCH_AARCH64;

	return strcmp(name, is_arm ? "arm64" : "amd64") == 0;
}

/* How many of the list's names there are, and how many hold. */
static bool
count(struct json_object *conditions, const char *key, const struct s2s_oci_host *host,
      bool (*holds)(const struct s2s_oci_host *, const char *), size_t *ret_n,
      size_t *ret_holds)
{
	struct json_object *list = NULL;

	*ret_n = *ret_holds = 0;
	if (!json_object_object_get_ex(conditions, key, &list) || !list)
		return true;
	if (!json_object_is_type(list, json_type_array))
		return false;
	*ret_n = json_object_array_length(list);
	for (size_t i = 0; i < *ret_n; i++) {
		struct json_object *name = json_object_array_get_idx(list, i);

		if (!json_object_is_type(name, json_type_string))
			return false;
		*ret_holds += holds(host, json_object_get_string(name));
	}
	return true;
}

/* Whether the kernel is at least "minKernel"; -1: there is no such condition. */
static bool
kernel_is_new(struct json_object *conditions, const struct s2s_oci_host *host, int *ret)
{
	struct json_object *text = NULL;
	uint32_t least;

	*ret = -1;
	if (!json_object_object_get_ex(conditions, "minKernel", &text) || !text)
		return true;
	if (!json_object_is_type(text, json_type_string) ||
	    !s2s_oci_kernel(sv_from(json_object_get_string(text)), &least))
		return false;
	*ret = !host || host->kernel == 0 || host->kernel >= least;
	return true;
}

struct counted {
	size_t caps, has_caps, arches, has_arches;
	int kernel;
};

static bool
read_conditions(const struct s2s_oci_host *host, struct json_object *entry,
		const char *key, struct counted *ret)
{
	struct json_object *conditions = NULL;

	*ret = (struct counted){.kernel = -1};
	if (!json_object_object_get_ex(entry, key, &conditions) || !conditions)
		return true;
	if (!json_object_is_type(conditions, json_type_object))
		return false;
	json_object_object_foreach(conditions, name, value)
	{
		(void)value;
		if (strcmp(name, "caps") != 0 && strcmp(name, "arches") != 0 &&
		    strcmp(name, "minKernel") != 0)
			return false;
	}
	return count(conditions, "caps", host, has_cap, &ret->caps, &ret->has_caps) &&
	       count(conditions, "arches", host, is_machine, &ret->arches,
		     &ret->has_arches) &&
	       kernel_is_new(conditions, host, &ret->kernel);
}

bool
s2s_oci_holds(const struct s2s_oci_host *host, struct json_object *entry,
	      bool *ret_holds)
{
	struct counted in, ex;

	if (!read_conditions(host, entry, "includes", &in) ||
	    !read_conditions(host, entry, "excludes", &ex))
		return false;
	*ret_holds = in.caps == in.has_caps && (in.arches == 0 || in.has_arches > 0) &&
		     in.kernel != 0 && ex.has_caps == 0 && ex.has_arches == 0 &&
		     ex.kernel != 1;
	return true;
}
