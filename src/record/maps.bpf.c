/* SPDX-License-Identifier: MIT */
/* Included by watch.bpf.c: what it sees of the kernel, and its memory. */
/* The few fields that are looked at; where they are, the kernel says (CO-RE). */
#define bool _Bool
#define true 1
#define false 0
#define KERNEL __attribute__((preserve_access_index))

struct thread_info {
	__u32 status;
} KERNEL;

struct kernfs_node {
	__u64 id;
} KERNEL;

struct cgroup;
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
} KERNEL;

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
} KERNEL;

struct css_set {
	struct cgroup *dfl_cgrp;
} KERNEL;

struct seccomp {
	int mode;
} KERNEL;

struct task_struct {
	struct seccomp seccomp;
	struct thread_info thread_info;
	int pid, tgid;
	struct css_set *cgroups;
} KERNEL;

struct linux_binprm {
	const char *filename;
} KERNEL;

struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
} KERNEL;

enum {
	TS_COMPAT = 2, /* arch/x86/include/asm/thread_info.h; as the kernel's are: */
	NR_EXECVE = 59,
	NR_PRCTL = 157,
	NR_SECCOMP = 317,
	NR_COMPAT_PRCTL = 172,
	NR_COMPAT_SECCOMP = 354,
	PR_SET_SECCOMP = 22,
	PR_SET_NO_NEW_PRIVS = 38,
	SET_MODE_FILTER = 1, /* linux/seccomp.h */
	FLAG_TSYNC = 1,
};

struct record_news news;
/* Written before it is loaded: what nobody asks for is not even in the program. */
const volatile struct record_asked asked;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct record_row);
	__uint(max_entries, RECORD_ARCHES *RECORD_NUMBERS);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct record_step);
	__type(value, struct record_row);
	__uint(max_entries, 4096);
} steps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct record_slot);
	__uint(max_entries, RECORD_SLOTS); /* by each processor */
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct record_key);
	__type(value, __u64);
	__uint(max_entries, 65536);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct record_chunk);
	__uint(max_entries, 1);
} threads SEC(".maps");

/* Wakes who waits for news. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} told SEC(".maps");

/* Processes that are watched as a whole. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 65536);
} adopted SEC(".maps");

/* Each processor's place for a path. */
struct path {
	char text[RECORD_PATH + RECORD_IMAGE];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct path);
	__uint(max_entries, 1);
} paths SEC(".maps");

/* Groups by program. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct record_image);
	__type(value, __u32);
	__uint(max_entries, 4096);
} images SEC(".maps");

/* Which calls are marks (an index as into rows), and which processes have met them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, RECORD_ARCHES *RECORD_NUMBERS);
} marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 65536);
} met SEC(".maps");
