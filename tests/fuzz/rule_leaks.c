/* SPDX-License-Identifier: MIT */
/* libseccomp 2.5.4 loses memory where, beside i386, rules of a socket call are accepted
   and a later one replaces two of them ({a1 & 0xff == 1}, {a1 & 0xff == 2}, {a1 & 0 ==
   0}): seccomp_release() does not find them any more. So what it allocates for a rule
   is not looked for; a context that we do not release still is. */
#include <seccomp.h>

/* Of the leak sanitizer, where there is one. */
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

int __real_seccomp_rule_add_array(scmp_filter_ctx ctx, uint32_t action, int nr,
				  unsigned n, const struct scmp_arg_cmp *cmp);
int __wrap_seccomp_rule_add_array(scmp_filter_ctx ctx, uint32_t action, int nr,
				  unsigned n, const struct scmp_arg_cmp *cmp);

int
__wrap_seccomp_rule_add_array(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned n,
			      const struct scmp_arg_cmp *cmp)
{
	int rc;

	if (__lsan_disable)
		__lsan_disable();
	rc = __real_seccomp_rule_add_array(ctx, action, nr, n, cmp);
	if (__lsan_enable)
		__lsan_enable();
	return rc;
}
