/* SPDX-License-Identifier: MIT */
/* The table of formats: --format, --help, completions and tests read it. */
#include "format/formats.h"

static const struct s2s_format formats[] = {
    {"c", "C source for libseccomp: one function that installs the policy",
     .whole_answers = true, .in_program = true, .privs = true, .any_arch = true,
     .extension = "c", .write = s2s_format_c},
    {"bpf-c", "C source with the filter in it: no library is needed", .answers = true,
     .of_filter = true, .in_program = true, .privs = true, .any_arch = true,
     .many_arches = true, .extension = "c", .write = s2s_format_bpf_c},
    {"bpf", "classic BPF as the kernel takes it: an array of struct sock_filter",
     .answers = true, .binary = true, .any_arch = true, .many_arches = true,
     .write = s2s_format_bpf},
    {"bpf-text", "the same for people, one instruction a line", .answers = true,
     .of_filter = true, .any_arch = true, .many_arches = true, .extension = "txt",
     .write = s2s_format_bpf_text},
    {"oci", "a container's seccomp profile (Docker, Podman, containerd, Kubernetes)",
     .answers = true, .lossy = true, .container = true, .any_arch = true,
     .many_arches = true, .extension = "json", .write = s2s_format_oci},
    {"systemd", "a drop-in for a systemd unit: names of calls only", .answers = true,
     .lossy = true, .privs = true, .groups = true, .any_arch = true,
     .many_arches = true, .extension = "conf", .write = s2s_format_systemd},
    {"spo", "the same for the Kubernetes Security Profiles Operator, as YAML",
     .answers = true, .lossy = true, .container = true, .any_arch = true,
     .many_arches = true, .extension = "yaml", .write = s2s_format_spo},
    {"firejail", "lines for a firejail profile: names of calls only", .lossy = true,
     .privs = true, .extension = "profile", .write = s2s_format_firejail},
    {"minijail", "a policy file for minijail0 -S", .answers = true, .lossy = true,
     .extension = "policy", .write = s2s_format_minijail},
    {"kafel", "a policy in Kafel's language, for nsjail", .answers = true,
     .lossy = true, .extension = "kafel", .write = s2s_format_kafel},
    {"profile", "what was seen, one distinct call a line; can be read and merged",
     .of_tree = true, .write = s2s_format_profile},
    {"dot", "the tree of what was seen as a drawing, for Graphviz", .of_tree = true,
     .write = s2s_format_dot},
};

const struct s2s_format *
s2s_formats(size_t *ret_n)
{
	*ret_n = S2S_ARRAY_SIZE(formats);
	return formats;
}

const struct s2s_format *
s2s_format_find(struct s2s_sv name)
{
	for (size_t i = 0; i < S2S_ARRAY_SIZE(formats); i++)
		if (sv_equal(name, sv_from(formats[i].name)))
			return &formats[i];
	return NULL;
}
