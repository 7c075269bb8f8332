/* SPDX-License-Identifier: MIT */
/* s2s_generate(): the whole pipe behind the tree. */
#include "pipe/make.h"

#include <stdlib.h>

void
s2s_bytes_free(struct s2s_bytes *bytes)
{
	free(bytes->p);
	*bytes = (struct s2s_bytes){0};
}

/* A view of the output's bytes becomes the caller's. */
void
s2s_bytes_take(struct s2s_bytes *ret, struct s2s_out *out)
{
	size_t n = out->n;

	s2s_out_char(out, '\0');
	*ret = (struct s2s_bytes){out->p, n};
	*out = (struct s2s_out){.fd = -1};
}

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static enum s2s_status
read_also(const struct s2s_trace *trace, const struct s2s_plan *plan,
	  struct s2s_trace **ret)
{
	struct s2s_trace_options opts = {
	    .log = trace->log,
	    .limits = &trace->limits,
	    .tolerance = trace->diag.tolerance,
	    .input_fd = trace->input_fd,
	    .input_self = trace->input_self,
	};

	if (!plan->also || !plan->also[0])
		return S2S_OK;
	*ret = s2s_trace_new(&opts);
	TRY(s2s_trace_add_files(*ret, plan->also, count(plan->also)));
	return s2s_trace_end(*ret);
}

static enum s2s_status
write_format(struct s2s_trace *trace, const struct s2s_plan *plan,
	     const struct s2s_policy *policy, const struct s2s_filter *filter,
	     const struct s2s_log *log, struct s2s_out *out)
{
	struct s2s_format_input in = {trace->tree, policy, filter};
	struct s2s_format_options opts = plan->write;

	opts.log = log;
	if (policy)
		TRY(s2s_check_arches(plan, policy, log));
	s2s_out_done(out);
	s2s_out_memory(out);
	TRY(plan->format->write(out, &in, &opts));
	return s2s_out_end(out);
}

struct attempt {
	struct s2s_trace *trace;
	const struct s2s_plan *plan;
	struct s2s_made *made;
	struct s2s_out *out;
};

void
s2s_plan_compile(const struct s2s_plan *plan, const struct s2s_policy *policy,
		 struct s2s_filter *ret)
{
	s2s_filter_compile(policy, plan->goal, ret);
	if (ret->n <= S2S_FILTER_MAX || plan->goal == S2S_GOAL_SIZE)
		return;
	s2s_filter_done(ret);
	s2s_filter_compile(policy, S2S_GOAL_SIZE, ret);
}

/* Whether it fits is for the format to say: S2S_LIMIT. While it is being loosened, that
   is nothing to report. */
static enum s2s_status
try_policy(void *self, const struct s2s_policy *policy)
{
	struct attempt *a = self;
	const struct s2s_log *log = a->trace->log;
	enum s2s_status status = S2S_LIMIT;

	s2s_filter_done(&a->made->filter);
	s2s_plan_compile(a->plan, policy, &a->made->filter);
	s2s_log(log, S2S_LOG_INFO, "filter: %zu instructions", a->made->filter.n);
	if (a->plan->fit)
		status = write_format(a->trace, a->plan, policy, &a->made->filter, NULL,
				      a->out);
	if (a->plan->fit &&
	    (status == S2S_LIMIT || (status == S2S_OK && !a->plan->format->lossy)))
		return status;
	return write_format(a->trace, a->plan, policy, &a->made->filter, log, a->out);
}

static size_t
filter_size(void *self, const struct s2s_policy *policy)
{
	const struct attempt *a = self;
	struct s2s_filter filter;
	size_t n;

	s2s_plan_compile(a->plan, policy, &filter);
	n = filter.n;
	s2s_filter_done(&filter);
	return n;
}

static enum s2s_status
make_and_write(struct attempt *a)
{
	const struct s2s_optimize_options *opts = &a->plan->optimize;
	enum s2s_status status;

	if (a->plan->fit) {
		status = s2s_fit(a->trace->tree, opts, try_policy, filter_size, a,
				 &a->made->policy);
	} else {
		TRY(s2s_optimize(a->trace->tree, opts, &a->made->policy));
		status = try_policy(a, a->made->policy);
	}
	if (status == S2S_LIMIT && a->plan->fit)
		s2s_log(a->trace->log, S2S_LOG_ERROR,
			"the policy does not fit into what the kernel takes, though "
			"nothing is left to loosen");
	return status == S2S_LIMIT ? S2S_SYSTEM : status;
}

static enum s2s_status
prove(struct s2s_trace *trace, const struct s2s_plan *plan, const struct s2s_made *made)
{
	s2s_say_decisions(made->policy, trace->log);
	TRY(s2s_prove_filter(made, trace->log));
	if (plan->verify)
		TRY(s2s_prove_trace(trace, plan, made));
	s2s_say_inherited(trace, &made->filter);
	s2s_say_powers(made->policy, trace->log);
	return S2S_OK;
}

/* A profile of a part will be some policy: who inherits it can be told only here, where
   the log is, and by the policy that one gets without asking for another. */
static enum s2s_status
write_tree(struct s2s_trace *trace, const struct s2s_plan *plan, struct s2s_out *out)
{
	struct s2s_optimize_options opts = plan->optimize;
	struct s2s_made made = {0};
	enum s2s_status status;

	TRY(write_format(trace, plan, NULL, NULL, trace->log, out));
	if (!trace->select)
		return S2S_OK;
	opts.log = NULL;
	status = s2s_optimize(trace->tree, &opts, &made.policy);
	if (status == S2S_OK) {
		s2s_filter_compile(made.policy, S2S_GOAL_SIZE, &made.filter);
		s2s_say_inherited(trace, &made.filter);
	}
	s2s_made_done(&made);
	return status;
}

static enum s2s_status
run(struct s2s_trace *trace, struct s2s_plan *plan, struct s2s_out *out)
{
	struct s2s_made made = {0};
	struct s2s_trace *also = NULL;
	enum s2s_status status;

	if (plan->format->of_tree)
		return write_tree(trace, plan, out);
	status = read_also(trace, plan, &also);
	if (also)
		plan->optimize.also = also->tree;
	if (status == S2S_OK)
		status = make_and_write(&(struct attempt){trace, plan, &made, out});
	if (status == S2S_OK)
		status = prove(trace, plan, &made);
	s2s_made_done(&made);
	s2s_trace_free(also);
	return status;
}

enum s2s_status
s2s_write_header(const struct s2s_plan *plan, struct s2s_bytes *ret)
{
	struct s2s_out out;

	s2s_out_memory(&out);
	TRY(s2s_format_c_header(&out, &plan->write));
	s2s_bytes_take(ret, &out);
	return S2S_OK;
}

enum s2s_status
s2s_generate(struct s2s_trace *trace, const struct s2s_generate_options *opts,
	     struct s2s_bytes *ret_policy, struct s2s_bytes *ret_header)
{
	S2S_CLEANUP(s2s_plan_done) struct s2s_plan plan;
	S2S_CLEANUP(s2s_out_done) struct s2s_out out;

	s2s_out_memory(&out);
	TRY(s2s_plan_init(&plan, opts, trace->log));
	TRY(run(trace, &plan, &out));
	if (ret_header)
		TRY(s2s_write_header(&plan, ret_header));
	s2s_bytes_take(ret_policy, &out);
	return S2S_OK;
}
