/* SPDX-License-Identifier: MIT */
/* Included by watch.bpf.c: marks, cgroups and programs. */
/* A mark holds for a process, and for what that starts from then on. The call that
   begins the part is of it, the one that ends it is not. */
static __always_inline bool
is_in_part(const struct task_struct *task, bool compat, __u32 nr)
{
	__u32 at = compat * RECORD_NUMBERS + nr, tgid = task->tgid, bits = 0;
	__u32 *mark, *was;

	if (!asked.from && !asked.until)
		return true;
	mark = nr < RECORD_NUMBERS ? bpf_map_lookup_elem(&marks, &at) : NULL;
	was = bpf_map_lookup_elem(&met, &tgid);
	if (was)
		bits = *was;
	if (mark && (*mark & ~bits)) {
		if (*mark & RECORD_FROM)
			bits |= RECORD_FROM;
		if (*mark & RECORD_UNTIL && (bits & RECORD_FROM || !asked.from))
			bits |= RECORD_UNTIL;
		if (bits)
			bpf_map_update_elem(&met, &tgid, &bits, BPF_ANY);
	}
	return (bits & RECORD_FROM || !asked.from) && !(bits & RECORD_UNTIL);
}

/* Read as memory: the verifier takes a millisecond for each pointer that is followed as
   what it is. */
static __always_inline bool
is_inside(const struct cgroup *group)
{
	for (int i = 0; i < RECORD_DEPTH && group; i++) {
		const struct cgroup_subsys_state *parent;

		if (BPF_CORE_READ(group, kn, id) == asked.cgroup)
			return true;
		parent = BPF_CORE_READ(group, self.parent);
		group = parent ? BPF_CORE_READ(parent, cgroup) : NULL;
	}
	return false;
}

static __always_inline void
inherit_marks(__u32 from, __u32 to)
{
	__u32 *met_by = NULL, bits;

	if (from == to || (!asked.from && !asked.until))
		return;
	met_by = bpf_map_lookup_elem(&met, &from);
	if (met_by) {
		bits = *met_by;
		bpf_map_update_elem(&met, &to, &bits, BPF_ANY);
	}
}

/* The path of the program, of a long one the end. */
static __always_inline void
read_path(const struct linux_binprm *bprm, struct record_image *ret)
{
	__u32 nothing = 0;
	struct path *path = bpf_map_lookup_elem(&paths, &nothing);
	long n;

	if (!path)
		return;
	n = bpf_probe_read_kernel_str(path->text, RECORD_PATH,
				      BPF_CORE_READ(bprm, filename));
	if (n > RECORD_IMAGE)
		bpf_probe_read_kernel(ret->path, sizeof ret->path,
				      path->text +
					  ((n - RECORD_IMAGE) & (RECORD_PATH - 1)));
	else
		bpf_probe_read_kernel_str(ret->path, sizeof ret->path, path->text);
}

/* The number of a program, from 1; 0: there are too many. */
static __always_inline __u16
group_of(const struct linux_binprm *bprm)
{
	struct record_image image = {0};
	__u32 *known, group;

	read_path(bprm, &image);
	known = bpf_map_lookup_elem(&images, &image);
	if (known)
		return *known;
	group = __sync_fetch_and_add(&news.images, 1) + 1;
	if (group >= RECORD_ANY)
		return 0;
	/* another processor was faster: its number is taken, ours is nobody's */
	if (bpf_map_update_elem(&images, &image, &group, BPF_NOEXIST)) {
		known = bpf_map_lookup_elem(&images, &image);
		return known ? *known : 0;
	}
	return group;
}
