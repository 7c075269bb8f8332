/* SPDX-License-Identifier: MIT */
/* The recorder's part in the kernel: follows threads and counts their calls. Nothing is
   sent to anybody; the loader reads the counts when it likes to.

   sys_enter comes behind seccomp, so that a call that a filter rejects shows at its end
   only. Both run with preemption off, which is why a processor's slots are its own. */
#include "shared.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char record_license[] SEC("license") = "Dual MIT/GPL";

#include "maps.bpf.c"
#include "part.bpf.c"
#include "seccomp.bpf.c"

static __always_inline void
add(const struct record_key *key, __u64 n)
{
	__u64 *count = bpf_map_lookup_elem(&calls, key);

	if (!count) {
		if (bpf_map_update_elem(&calls, key, &n, BPF_NOEXIST) == 0) {
			__sync_fetch_and_add(&news.distinct, 1);
			return;
		}
		/* another processor was faster, or there is no room */
		count = bpf_map_lookup_elem(&calls, key);
	}
	if (count)
		__sync_fetch_and_add(count, n);
	else
		__sync_fetch_and_add(&news.lost, n);
}

static __always_inline bool
is_same(const struct record_key *a, const struct record_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;
	__u64 differ = 0;

#pragma unroll
	for (unsigned i = 0; i < sizeof *a / sizeof *x; i++)
		differ |= x[i] ^ y[i];
	return differ == 0;
}

static __always_inline __u32
slot_of(const struct record_key *key)
{
	/* Not one product after another: the processor makes them at the same time. */
	static const __u64 by[sizeof *key / sizeof(__u64)] = {
	    0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0xbf58476d1ce4e5b9,
	    0x94d049bb133111eb, 0xd6e8feb86659fd93, 0xa0761d6478bd642f,
	    0xe7037ed1a0b428db};
	const __u64 *word = (const __u64 *)key;
	__u64 h = 0;

#pragma unroll
	for (unsigned i = 0; i < sizeof *key / sizeof *word; i++)
		h += word[i] * by[i];
	return (__u32)(h >> 40) & (RECORD_SLOTS - 1);
}

static __always_inline void
count_key(const struct record_key *key)
{
	__u32 at = bpf_get_smp_processor_id() * RECORD_SLOTS + slot_of(key);
	struct record_slot *slot = bpf_map_lookup_elem(&slots, &at);
	struct record_key old;

	if (!slot) {
		add(key, 1);
		return;
	}
	if (slot->count && is_same(&slot->key, key)) {
		slot->count++;
		return;
	}
	if (slot->count) {
		old = slot->key;
		add(&old, slot->count);
	}
	slot->key = *key;
	slot->count = 1;
}

static __always_inline void
registers(const struct pt_regs *regs, bool compat, __u64 arg[RECORD_ARGS])
{
	if (compat) {
		arg[0] = (__u32)regs->bx;
		arg[1] = (__u32)regs->cx;
		arg[2] = (__u32)regs->dx;
		arg[3] = (__u32)regs->si;
		arg[4] = (__u32)regs->di;
		arg[5] = (__u32)regs->bp;
	} else {
		arg[0] = regs->di;
		arg[1] = regs->si;
		arg[2] = regs->dx;
		arg[3] = regs->r10;
		arg[4] = regs->r8;
		arg[5] = regs->r9;
	}
}

enum { ROOM = 8 }; /* of arguments, for an index of three bits */

static __always_inline const struct record_row *
row_of(__u32 arch, __u32 nr, const __u64 arg[ROOM])
{
	__u32 at = arch * RECORD_NUMBERS + nr;
	const struct record_row *row;

	if (nr >= RECORD_NUMBERS)
		return NULL;
	row = bpf_map_lookup_elem(&rows, &at);
#pragma unroll
	for (int i = 0; i < RECORD_STEPS; i++) {
		struct record_step step = {0};
		const struct record_row *next;

		if (!row || !row->step)
			break;
		step.step = row->step;
		step.value = arg[row->step_arg & 7] & row->step_mask;
		next = bpf_map_lookup_elem(&steps, &step);
		if (!next)
			break;
		row = next;
	}
	return row;
}

static __always_inline void
count_call(const struct task_struct *task, const struct pt_regs *regs, __u32 nr,
	   __u16 thread)
{
	bool compat = task->thread_info.status & TS_COMPAT;
	struct record_key key = {.nr = nr,
				 .arch = compat,
				 .group = asked.by_image ? thread / RECORD_GROUP : 0};
	const struct record_row *row;
	__u64 arg[ROOM] = {0};

	if (!is_in_part(task, compat, nr))
		return;
	registers(regs, compat, arg);
	row = row_of(compat, nr, arg);
	if (row) {
#pragma unroll
		for (int i = 0; i < RECORD_ARGS; i++) {
			__u64 value = arg[i] & row->mask[i];

			key.arg[i] = row->addresses >> i & 1 ? value != 0 : value;
		}
	}
	count_key(&key);
}

/* The word of a thread, by its number. */
static __always_inline __u16 *
thread_of(__u32 pid)
{
	__u32 at = pid / RECORD_CHUNK;
	struct record_chunk *chunk = bpf_map_lookup_elem(&threads, &at);

	return chunk ? &chunk->thread[pid & (RECORD_CHUNK - 1)] : NULL;
}

static __always_inline bool
is_watched(const __u16 *thread)
{
	__u16 state = thread ? *thread & RECORD_STATE : RECORD_UNKNOWN;

	return state != RECORD_UNKNOWN && state != RECORD_LAUNCHER;
}

static __always_inline void
set(__u16 *thread, __u16 state)
{
	*thread = (*thread & ~RECORD_STATE) | state;
}

/* Where nobody asks for groups, the word has the call's number instead: a thread whose
   call ended before ends of calls were seen is known by that. */
static __always_inline void
begin_call(__u16 *thread, __u64 nr)
{
	if (asked.by_image)
		set(thread, RECORD_INSIDE);
	else
		*thread = nr % RECORD_ANY * RECORD_GROUP | RECORD_INSIDE;
}

static __always_inline bool
is_inside_call(const __u16 *thread, __u64 nr)
{
	__u64 begun = *thread / RECORD_GROUP;

	return (*thread & RECORD_STATE) == RECORD_INSIDE &&
	       (asked.by_image || begun == RECORD_ANY || begun == nr % RECORD_ANY);
}

SEC("raw_tp/sys_enter")
int
BPF_PROG(enter, const void *unread, long nr)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid);
	const struct pt_regs *regs;
	enum filter_step step;

	if (!thread || !is_watched(thread))
		return 0;
	regs = (const struct pt_regs *)bpf_task_pt_regs(task);
	begin_call(thread, nr);
	step = filter_step(task, regs, (__u32)nr);
	if (step == FILTER_NEAR)
		tell_filter();
	else if (step == FILTER_INSTALLED ||
		 (step == FILTER_FOR_ALL && !news.sees_ends))
		begin_filter();
	count_call(task, regs, (__u32)nr, *thread);
	return 0;
}

/* A call that ends and did not begin was rejected by a filter, or began before us. */
SEC("raw_tp/sys_exit")
int
leave(void *unread)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid);
	const struct pt_regs *regs;

	if (!thread || !is_watched(thread))
		return 0;
	regs = (const struct pt_regs *)bpf_task_pt_regs(task);
	if (is_inside_call(thread, regs->orig_ax)) {
		if (filter_step(task, regs, (__u32)regs->orig_ax) == FILTER_INSTALLED)
			__sync_fetch_and_add(&news.unseen, -1);
	} else if ((int)regs->orig_ax != -1) {
		count_call(task, regs, (__u32)regs->orig_ax, *thread);
	}
	set(thread, RECORD_OUTSIDE);
	return 0;
}

static __always_inline bool
is_adopted(const struct task_struct *task)
{
	__u32 tgid = task->tgid;

	return news.adopting && bpf_map_lookup_elem(&adopted, &tgid);
}

/* What the child does first is to return from its parent's call. */
SEC("raw_tp/sched_process_fork")
int
BPF_PROG(fork, const void *unread, const struct task_struct *child)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	__u16 *from = thread_of(parent->pid),
	      *to = thread_of(BPF_CORE_READ(child, pid));
	bool watched =
	    is_watched(from) || is_adopted(parent) ||
	    (asked.cgroup && is_inside(BPF_CORE_READ(child, cgroups, dfl_cgrp)));

	if (!to || !from) {
		if (watched)
			__sync_fetch_and_add(&news.unfollowed, 1);
		return 0;
	}
	*to = watched ? (*from & ~RECORD_STATE) | RECORD_INSIDE : RECORD_UNKNOWN;
	if (!watched)
		return 0;
	inherit_marks(parent->tgid, BPF_CORE_READ(child, tgid));
	__sync_fetch_and_add(&news.living, 1);
	return 0;
}

/* Who is moved into the cgroup is in the call that does that, or in none. Its other
   threads are found by who is told. */
SEC("raw_tp/cgroup_attach_task")
int
BPF_PROG(moved, struct cgroup *to, const char *path, struct task_struct *leader,
	 bool all)
{
	__u16 *thread = thread_of(BPF_CORE_READ(leader, pid));
	__u32 tgid = BPF_CORE_READ(leader, tgid), yes = 1;

	if (!asked.cgroup || !thread || *thread & RECORD_STATE || !is_inside(to))
		return 0;
	if (BPF_CORE_READ(leader, seccomp.mode) && !news.sees_ends)
		begin_filter();
	*thread = RECORD_ANY * RECORD_GROUP * !asked.by_image | RECORD_INSIDE;
	__sync_fetch_and_add(&news.living, 1);
	if (!all) /* threads in cgroups of their own */
		return 0;
	if (bpf_map_update_elem(&adopted, &tgid, &yes, BPF_ANY))
		__sync_fetch_and_add(&news.unfollowed, 1);
	news.adopting = 1;
	tell();
	return 0;
}

/* A thread that executes something takes the number of its process. The launcher
   becomes the command: of its calls this one is recorded. So does an exec by which the
   calls of another program begin, with that program's; it is the old one's as well. */
SEC("raw_tp/sched_process_exec")
int
BPF_PROG(exec, const void *unread, int old, const struct linux_binprm *bprm)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid), *was = thread_of(old), group;
	struct record_key key = {.nr = NR_EXECVE, .launcher = 1, .arg = {1, 1, 1}};
	bool begins;

	if (!thread || !was)
		return 0;
	if (thread != was) {
		*thread = *was;
		*was = RECORD_UNKNOWN;
	}
	if ((*thread & RECORD_STATE) == RECORD_UNKNOWN)
		return 0;
	begins = (*thread & RECORD_STATE) == RECORD_LAUNCHER;
	if (asked.by_image) {
		group = group_of(bprm);
		begins = begins || *thread / RECORD_GROUP != group;
		*thread = group * RECORD_GROUP | (*thread & RECORD_STATE);
	}
	if (!begins)
		return 0;
	if (asked.by_image) {
		set(thread, RECORD_INSIDE);
		key.group = *thread / RECORD_GROUP;
	} else {
		*thread = RECORD_ANY * RECORD_GROUP | RECORD_INSIDE;
	}
	if (is_in_part(task, false, NR_EXECVE))
		count_key(&key);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int
gone(void *unread)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid);

	if (!thread || (*thread & RECORD_STATE) == RECORD_UNKNOWN)
		return 0;
	*thread = RECORD_UNKNOWN;
	__sync_fetch_and_add(&news.living, -1);
	if (task->pid == task->tgid) { /* its number may be another's next */
		__u32 tgid = task->tgid;

		if (asked.from || asked.until)
			bpf_map_delete_elem(&met, &tgid);
		if (news.adopting)
			bpf_map_delete_elem(&adopted, &tgid);
	}
	return 0;
}
