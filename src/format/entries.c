/* SPDX-License-Identifier: MIT */
/* Conjunctions for languages whose compilers share nothing between rules. What does not
   fit is loosened where it costs most: bits that must be set, one after the other,
   where each is a comparison; else the arguments with the most blocks. */
#include "format/names.h"
#include "format/oci.h"

/* The comparison that asks for the most bits; NULL where none can ask for fewer and
   still compare something. */
static struct s2s_scmp_cmp *
costliest(struct s2s_oci *oci, struct s2s_oci_entry **ret_entry)
{
	struct s2s_scmp_cmp *found = NULL;
	int most = 0;

	for (size_t i = 0; i < oci->n; i++)
		for (uint8_t k = 0; k < oci->entry[i].n; k++) {
			struct s2s_scmp_cmp *cmp = &oci->entry[i].cmp[k];
			int bits = __builtin_popcountll(cmp->value);

			if (cmp->mask == UINT64_MAX || bits <= most ||
			    (cmp->mask == cmp->value && bits == 1))
				continue;
			most = bits;
			found = cmp;
			*ret_entry = &oci->entry[i];
		}
	return found;
}

/* Frees the lowest bits of what asks for most of them: commands of one device or flags
   of one word differ there. Returns how many rules are wider for it. */
static size_t
free_bits(struct s2s_oci *oci, const struct s2s_entries_language *language)
{
	const struct s2s_rule *last = NULL;
	struct s2s_oci_entry *entry = NULL;
	struct s2s_scmp_cmp *cmp;
	size_t wider = 0;

	while (language->length(oci) > S2S_OCI_ROOM && (cmp = costliest(oci, &entry))) {
		cmp->mask &= ~(cmp->value & -cmp->value);
		cmp->value &= cmp->value - 1;
		entry->freed = true;
	}
	for (size_t i = 0; i < oci->n; i++)
		if (oci->entry[i].freed && oci->entry[i].rule != last) {
			last = oci->entry[i].rule;
			wider++;
		}
	return wider;
}

/* S2S_LIMIT where that is still too long. */
static enum s2s_status
try_most(struct s2s_oci *oci, size_t most, const struct s2s_entries_language *language)
{
	static const struct s2s_oci_language all = {true, false};

	s2s_oci_list(oci, most, &oci->loss.wider);
	s2s_oci_entries(oci, &all);
	if (language->bits_cost)
		oci->loss.wider += free_bits(oci, language);
	return language->length(oci) > S2S_OCI_ROOM ? S2S_LIMIT : S2S_OK;
}

enum s2s_status
s2s_entries_plan(const struct s2s_policy *policy, const struct s2s_format_options *opts,
		 const struct s2s_entries_language *language, struct s2s_oci *ret)
{
	enum s2s_status status = S2S_LIMIT;

	*ret = (struct s2s_oci){.policy = policy};
	s2s_loss_init(&ret->loss);
	ret->lists_forbidden = !s2s_same_action(policy->action, policy->unknown);
	for (size_t i = 0; i < S2S_OCI_TRIES && status != S2S_OK; i++)
		status = try_most(ret, s2s_oci_most[i], language);
	if (status == S2S_OK)
		s2s_loss_wider(&ret->loss,
			       "a filter of all that they compare is too long");
	else
		s2s_log(opts->log, S2S_LOG_ERROR,
			"--format=%s: the policy has too many rules for a filter that "
			"the kernel takes; --fit loosens what costs most, "
			"--level=LEVEL all",
			opts->format);
	return status;
}
