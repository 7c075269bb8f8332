/* SPDX-License-Identifier: MIT */
/* The recorder's part in the kernel: follows threads and counts their calls. Nothing is
   sent to anybody; the loader reads the counts when it likes to.

   sys_enter comes behind seccomp, so that a call that a filter rejects shows at its end
   only. Both run with preemption off, which is why a processor's slots are its own. */
#include "shared.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char record_license[] SEC("license") = "Dual MIT/GPL";

/* The few fields that are looked at; where they are, the kernel says (CO-RE). */
#define bool _Bool
#define KERNEL __attribute__((preserve_access_index))

struct thread_info {
	__u32 status;
} KERNEL;

struct task_struct {
	struct thread_info thread_info;
	int pid, tgid;
} KERNEL;

struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
} KERNEL;

enum {
	TS_COMPAT = 2, /* arch/x86/include/asm/thread_info.h; as the kernel's are: */
	NR_EXECVE = 59,
	NR_PRCTL = 157,
	NR_SECCOMP = 317,
	PR_SET_SECCOMP = 22,
	PR_SET_NO_NEW_PRIVS = 38,
};

struct record_news news;

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

/* Processes that are watched as a whole. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1024);
} adopted SEC(".maps");

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
	const __u64 *word = (const __u64 *)key;
	__u64 h = 0;

#pragma unroll
	for (unsigned i = 0; i < sizeof *key / sizeof *word; i++)
		h = (h ^ word[i]) * 0x9e3779b97f4a7c15;
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

static __always_inline __u64
choose(const __u64 arg[RECORD_ARGS], __u8 i)
{
	__u64 value = arg[0];

#pragma unroll
	for (int a = 1; a < RECORD_ARGS; a++)
		if (i == a)
			value = arg[a];
	return value;
}

static __always_inline const struct record_row *
row_of(__u32 arch, __u32 nr, const __u64 arg[RECORD_ARGS])
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
		step.value = choose(arg, row->step_arg) & row->step_mask;
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
	struct record_key key = {
	    .nr = nr, .arch = compat, .group = thread / RECORD_GROUP};
	const struct record_row *row;
	__u64 arg[RECORD_ARGS];

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

SEC("tp_btf/sys_enter")
int
BPF_PROG(enter, struct pt_regs *regs, long nr)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid);

	if (!thread || !is_watched(thread))
		return 0;
	set(thread, RECORD_INSIDE);
	if (nr == NR_SECCOMP || (nr == NR_PRCTL && (regs->di == PR_SET_SECCOMP ||
						    regs->di == PR_SET_NO_NEW_PRIVS)))
		news.filters = 1;
	count_call(task, regs, (__u32)nr, *thread);
	return 0;
}

/* A call that ends and did not begin was rejected by a filter, or began before us. */
SEC("tp_btf/sys_exit")
int
BPF_PROG(leave, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u16 *thread = thread_of(task->pid);

	if (!thread || !is_watched(thread))
		return 0;
	if ((*thread & RECORD_STATE) == RECORD_OUTSIDE && (int)regs->orig_ax != -1)
		count_call(task, regs, (__u32)regs->orig_ax, *thread);
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
SEC("tp_btf/sched_process_fork")
int
BPF_PROG(fork, struct task_struct *parent, struct task_struct *child)
{
	__u16 *from = thread_of(parent->pid), *to = thread_of(child->pid);
	bool watched = is_watched(from) || is_adopted(parent);

	if (!to || !from) {
		if (watched)
			__sync_fetch_and_add(&news.unfollowed, 1);
		return 0;
	}
	*to = watched ? (*from & ~RECORD_STATE) | RECORD_INSIDE : RECORD_UNKNOWN;
	if (watched)
		__sync_fetch_and_add(&news.living, 1);
	return 0;
}

/* A thread that executes something takes the number of its process. The launcher
   becomes the command: of its calls this one is recorded. */
SEC("tp_btf/sched_process_exec")
int
BPF_PROG(exec, struct task_struct *task, int old)
{
	__u16 *thread = thread_of(task->pid), *was = thread_of(old);
	struct record_key key = {.nr = NR_EXECVE, .launcher = 1, .arg = {1, 1, 1}};

	if (!thread || !was)
		return 0;
	if (thread != was) {
		*thread = *was;
		*was = RECORD_UNKNOWN;
	}
	if ((*thread & RECORD_STATE) != RECORD_LAUNCHER)
		return 0;
	set(thread, RECORD_INSIDE);
	count_key(&key);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int
BPF_PROG(gone, struct task_struct *task)
{
	__u16 *thread = thread_of(task->pid);

	if (!thread || (*thread & RECORD_STATE) == RECORD_UNKNOWN)
		return 0;
	*thread = RECORD_UNKNOWN;
	__sync_fetch_and_add(&news.living, -1);
	return 0;
}
