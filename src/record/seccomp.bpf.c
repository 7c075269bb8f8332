/* SPDX-License-Identifier: MIT */
/* Included by watch.bpf.c: filters of those who are watched, and who is told of them.
 */
static __always_inline void
tell(void)
{
	__u64 nothing = 0;

	bpf_ringbuf_output(&told, &nothing, sizeof nothing, BPF_RB_FORCE_WAKEUP);
}

/* Calls may be rejected from now on. */
static __always_inline void
tell_filter(void)
{
	if (news.filters)
		return;
	news.filters = 1;
	tell();
}

/* Until somebody says that its first moment is seen. */
static __always_inline void
begin_filter(void)
{
	__sync_fetch_and_add(&news.unseen, 1);
	if (!news.first_filter)
		news.first_filter = bpf_ktime_get_ns();
	tell_filter();
}

enum filter_step {
	FILTER_NONE,
	FILTER_NEAR, /* what comes before one */
	FILTER_INSTALLED,
	FILTER_FOR_ALL, /* threads, before its end */
};

/* What a call is to filters. Who asks what the kernel can do gives it none. */
static __always_inline enum filter_step
filter_step(const struct task_struct *task, const struct pt_regs *regs, __u32 nr)
{
	bool compat = task->thread_info.status & TS_COMPAT;
	__u32 arg[3];

	if (nr != (compat ? NR_COMPAT_SECCOMP : NR_SECCOMP) &&
	    nr != (compat ? NR_COMPAT_PRCTL : NR_PRCTL))
		return FILTER_NONE;
	arg[0] = compat ? regs->bx : regs->di;
	arg[1] = compat ? regs->cx : regs->si;
	if (nr == (compat ? NR_COMPAT_PRCTL : NR_PRCTL)) {
		if (arg[0] == PR_SET_NO_NEW_PRIVS)
			return FILTER_NEAR;
		if (arg[0] != PR_SET_SECCOMP)
			return FILTER_NONE;
		return regs->dx ? FILTER_INSTALLED : FILTER_NEAR;
	}
	if (arg[0] != SET_MODE_FILTER || !regs->dx)
		return FILTER_NEAR;
	return arg[1] & FLAG_TSYNC ? FILTER_FOR_ALL : FILTER_INSTALLED;
}
