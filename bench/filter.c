/* SPDX-License-Identifier: MIT */
/* One policy through our compiler and libseccomp's: instructions, mean steps, and what
   a call costs under each filter in the kernel. Run by bench/filter. */
#include "filter/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 200000, ROUNDS = 15, FILTERS = 4, RULES_MAX = 256 };

/* One rule of the profile, as far as this policy goes. */
struct wanted {
	const char *call;
	struct scmp_arg_cmp cmp[S2S_ARGS_MAX];
	unsigned n;
};

static struct wanted wanted[RULES_MAX];
static size_t n_wanted;

static void
die(const char *what)
{
	fprintf(stderr, "bench/filter: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t
member(struct json_object *of, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(of, name, &value)
		   ? json_object_get_uint64(value)
		   : 0;
}

static struct scmp_arg_cmp
read_cmp(struct json_object *arg)
{
	const char *op = json_object_get_string(json_object_object_get(arg, "op"));
	struct scmp_arg_cmp cmp = {
	    .arg = (unsigned)member(arg, "index"),
	    .op = SCMP_CMP_EQ,
	    .datum_a = member(arg, "value"),
	    .datum_b = member(arg, "valueTwo"),
	};

	if (strcmp(op, "SCMP_CMP_MASKED_EQ") == 0)
		cmp.op = SCMP_CMP_MASKED_EQ;
	else if (strcmp(op, "SCMP_CMP_LE") == 0)
		cmp.op = SCMP_CMP_LE;
	else if (strcmp(op, "SCMP_CMP_EQ") != 0)
		die(op);
	return cmp;
}

static void
read_entry(struct json_object *entry)
{
	struct json_object *names = json_object_object_get(entry, "names"), *args;

	for (size_t i = 0; i < json_object_array_length(names); i++) {
		struct wanted *w = &wanted[n_wanted++];

		if (n_wanted == RULES_MAX)
			die("too many rules");
		w->call = json_object_get_string(json_object_array_get_idx(names, i));
		if (!json_object_object_get_ex(entry, "args", &args))
			continue;
		for (; w->n < json_object_array_length(args); w->n++)
			w->cmp[w->n] = read_cmp(json_object_array_get_idx(args, w->n));
	}
}

static const struct s2s_syscall *
find(const char *name)
{
	const struct s2s_syscall *sc =
	    s2s_syscall_by_name(S2S_ARCH_X86_64, sv_from(name));

	if (!sc)
		die(name);
	return sc;
}

static struct s2s_filter
compile_ours(enum s2s_goal goal)
{
	struct s2s_policy *policy = s2s_policy_new();
	struct s2s_filter filter;
	struct s2s_check check;

	policy->unknown = policy->action;
	for (size_t i = 0; i < n_wanted; i++) {
		const struct wanted *w = &wanted[i];
		struct s2s_rule rule = {0};

		for (int k = 0; k < S2S_ARGS_MAX; k++)
			rule.arg[k] = s2s_set_any();
		for (unsigned k = 0; k < w->n; k++) {
			const struct scmp_arg_cmp *c = &w->cmp[k];
			struct s2s_arena *arena = &policy->arena;

			rule.arg[c->arg] =
			    c->op == SCMP_CMP_LE
				? s2s_set_range(arena, 64, false, 0, c->datum_a)
			    : c->op == SCMP_CMP_EQ
				? s2s_set_value(arena, UINT64_MAX, c->datum_a)
				: s2s_set_value(arena, c->datum_a, c->datum_b);
		}
		if (w->n)
			s2s_policy_add_rule(policy, find(w->call), &rule);
		else
			s2s_policy_allow_all(policy, find(w->call), S2S_WHY_SEEN, NULL);
	}
	s2s_policy_normalize(policy);
	s2s_filter_compile(policy, goal, &filter);
	if (s2s_filter_check(policy, &filter, &check) != S2S_OK)
		die("the filter is not the policy");
	s2s_policy_free(policy);
	return filter;
}

static struct s2s_filter
compile_libseccomp(uint32_t optimize)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct s2s_filter filter = {0};
	off_t size;

	if (!ctx || seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize))
		die("libseccomp");
	for (size_t i = 0; i < n_wanted; i++)
		if (seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW,
					   seccomp_syscall_resolve_name(wanted[i].call),
					   wanted[i].n, wanted[i].cmp))
			die(wanted[i].call);
	if (fd < 0 || seccomp_export_bpf(ctx, fd))
		die("export");
	size = lseek(fd, 0, SEEK_END);
	filter.n = (size_t)size / sizeof *filter.insn;
	filter.insn = s2s_realloc(NULL, filter.n, sizeof *filter.insn);
	if (pread(fd, filter.insn, (size_t)size, 0) != size)
		die("read");
	close(fd);
	seccomp_release(ctx);
	return filter;
}

/* Instructions that run for a call that the rule allows; `low` is what an upper bound
   lets through. */
static unsigned
steps(const struct s2s_filter *filter, const struct wanted *w, uint64_t low)
{
	struct seccomp_data data = {.nr = (int)find(w->call)->nr,
				    .arch = AUDIT_ARCH_X86_64};
	unsigned n;

	for (unsigned k = 0; k < w->n; k++)
		data.args[w->cmp[k].arg] = w->cmp[k].op == SCMP_CMP_LE ? low
					   : w->cmp[k].op == SCMP_CMP_EQ
					       ? w->cmp[k].datum_a
					       : w->cmp[k].datum_b;
	if (s2s_filter_run(filter->insn, filter->n, &data, &n) != SECCOMP_RET_ALLOW)
		die(w->call);
	return n;
}

static double
mean_steps(const struct s2s_filter *filter, bool checked)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < n_wanted; i++) {
		if ((wanted[i].n > 0) != checked)
			continue;
		for (uint64_t low = 0; low < 3; low++)
			sum += steps(filter, &wanted[i], low) / 3.0;
		n++;
	}
	return sum / n;
}

/* In a process of its own: ns a call. */
static double
measure(const struct s2s_filter *filter, long nr, long arg)
{
	struct sock_fprog program = {.len = (unsigned short)filter->n,
				     .filter = filter->insn};
	struct timespec from, to;
	double *result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double ns;
	int status;

	if (result == MAP_FAILED)
		die("mmap");
	if (fork() == 0) {
		if (filter->n &&
		    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		     syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)))
			_exit(1);
		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int i = 0; i < CALLS; i++)
			syscall(nr, 0L, arg);
		clock_gettime(CLOCK_MONOTONIC, &to);
		*result = (double)(to.tv_sec - from.tv_sec) * 1e9 +
			  (double)(to.tv_nsec - from.tv_nsec);
		_exit(0);
	}
	if (wait(&status) < 0 || status)
		die("a process under a filter did not end well");
	ns = *result / CALLS;
	munmap(result, sizeof *result);
	return ns;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
measure_all(const struct s2s_filter filter[FILTERS], long nr, long arg,
	    double ret[FILTERS])
{
	double ns[FILTERS][ROUNDS];

	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < FILTERS; i++)
			ns[i][round] = measure(&filter[i], nr, arg);
	for (int i = 0; i < FILTERS; i++) {
		qsort(ns[i], ROUNDS, sizeof ns[i][0], by_size);
		ret[i] = ns[i][ROUNDS / 2];
	}
}

static void
print_row(const char *name, const struct s2s_filter *filter)
{
	printf("| %-21s | %4zu | %6.2f | %6.2f |\n", name, filter->n,
	       mean_steps(filter, false), mean_steps(filter, true));
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {"no filter", "ours", "libseccomp, linear",
					    "libseccomp, tree"};
	struct json_object *profile, *entries;
	struct s2s_filter filter[FILTERS] = {0}, small;
	double plain[FILTERS], checked[FILTERS];

	if (argc != 2 || !(profile = json_object_from_file(argv[1])) ||
	    !json_object_object_get_ex(profile, "syscalls", &entries))
		die("a profile is wanted");
	for (size_t i = 0; i < json_object_array_length(entries); i++)
		read_entry(json_object_array_get_idx(entries, i));
	filter[1] = compile_ours(S2S_GOAL_SPEED);
	filter[2] = compile_libseccomp(1);
	filter[3] = compile_libseccomp(2);
	small = compile_ours(S2S_GOAL_SIZE);

	puts("| compiler              | instructions | mean steps, plain | checked |\n"
	     "|---|---|---|---|");
	print_row("ours", &filter[1]);
	print_row("ours, for size", &small);
	print_row(names[2], &filter[2]);
	print_row(names[3], &filter[3]);

	measure_all(filter, SYS_getuid, 0, plain);
	measure_all(filter, SYS_fcntl, F_GETFD, checked);
	puts("\n| filter | getuid, ns | ratio | fcntl(F_GETFD), ns | ratio |\n"
	     "|---|---|---|---|---|");
	for (int i = 0; i < FILTERS; i++)
		printf("| %-21s | %6.1f | %.2f | %6.1f | %.2f |\n", names[i], plain[i],
		       plain[i] / plain[0], checked[i], checked[i] / checked[0]);
	for (int i = 0; i < FILTERS; i++)
		s2s_filter_done(&filter[i]);
	s2s_filter_done(&small);
	json_object_put(profile);
	return 0;
}
