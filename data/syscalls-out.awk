# SPDX-License-Identifier: MIT
# The second half of syscalls.awk: what it read, as C.

# The hash of src/kernel/syscalls.c and of constants.awk.
function hash(text, i, h) {
	h = 0
	for (i = 1; i <= length(text); i++)
		h = (h * 65599 + ord[substr(text, i, 1)]) % 4294967296
	return h
}

function print_list(declaration, row, n, i) {
	print "static const struct " declaration "_" arch "[] = {"
	for (i = 0; i < n; i++)
		print "\t" row[i] ","
	if (!n)
		print "\t{0},"
	print "};"
}

function print_kinds(i, k) {
	print "static const struct s2s_kind kinds_" arch "[] = {"
	for (i = 0; i < n_kinds; i++) {
		k = kind_name[i]
		printf "\t{\"%s\", %d, %s, %s, %s, S2S_ROLE_%s, S2S_PRINTED_%s, %s, (%s) & %s},\n", k,
			kind_width[k], kind_is_word[k] ? "true" : "false", kind_sign[k] == "s" ? "true" : "false",
			kind_form[k] == "flags" ? "true" : "false", kind_role[k],
			k in kind_text ? kind_text[k] : "WHOLE",
			kind_set[k] == "-" ? "NULL" : "\"" kind_set[k] "\"",
			k in free_of ? free_of[k] : 0, width_mask(kind_width[k])
	}
	print "};"
}

function width_mask(width) {
	return width == 64 ? "UINT64_MAX" : width == 32 ? "UINT32_MAX" : "UINT16_MAX"
}

# The place of a harmless value in the order of its kind's unsigned values.
function rank(value, width, n) {
	n = number(value)
	return n < 0 && width == 32 ? n + 4294967296 : n
}

# Adds the harmless values of `where` to merged[], sorted by rank.
function merge(where, width, i, j, r) {
	for (i = 0; i < n_harmless[where]; i++) {
		r = rank(harmless_value[where, i], width)
		for (j = n_merged; j > 0 && merged_rank[j - 1] > r; j--) {
			merged[j] = merged[j - 1]
			merged_rank[j] = merged_rank[j - 1]
			merged_with[j] = merged_with[j - 1]
		}
		if (j > 0 && merged_rank[j - 1] == r &&
		    merged_with[j - 1] == harmless_with[where, i]) {
			printf "harmless.tbl: %s: %s given twice\n", where,
				harmless_name[where, i] > "/dev/stderr"
			failed = 1
		}
		merged[j] = "{" literal(harmless_value[where, i]) " & " width_mask(width) \
			", \"" harmless_name[where, i] "\", " harmless_why[where, i] \
			", " harmless_with[where, i] "}"
		merged_rank[j] = r
		merged_with[j] = harmless_with[where, i]
		n_merged++
	}
}

function harmless_slice(call, i, kind, where, j) {
	kind = arg_kind[call, i]
	where = call "." arg_name[call, i]
	if (!n_harmless[kind] && !n_harmless[where])
		return "{0, 0}"
	if (!(where in n_harmless) && kind in slice_of_kind)
		return slice_of_kind[kind]
	n_merged = 0
	merge(kind, kind_width[kind])
	merge(where, kind_width[kind])
	for (j = 0; j < n_merged; j++)
		harmless_row[n_harmless_rows++] = merged[j]
	j = slice(n_harmless_rows - n_merged, n_harmless_rows)
	if (!(where in n_harmless))
		slice_of_kind[kind] = j
	return j
}

# Adds the keys of a call's variants, by value, then in the order of the table.
function sort_keys(call, n, i, j, from) {
	from = n_key_rows += 0
	n = key_bits[call] == "" ? 0 : n_keys[call]
	for (i = 0; i < n; i++) {
		for (j = n_key_rows; j > from && sorted[j - 1] > key_number[call, i]; j--) {
			sorted[j] = sorted[j - 1]
			key_row[j] = key_row[j - 1]
		}
		sorted[j] = key_number[call, i]
		key_row[j] = "{" key_value[call, i] ", " key_variant[call, i] "}"
		n_key_rows++
	}
	return "{" slice(from, n_key_rows) ", " (n ? key_bits[call] : "0, 0") "}"
}

function keys_of(call) {
	if (!(call in keys_slice))
		keys_slice[call] = sort_keys(call)
	return keys_slice[call]
}

function print_call(nr, name, call, where, i, args, lists, own) {
	call = key_of(name)
	for (i = 0; i < n_args[call]; i++) {
		args = args (i ? ", " : "") "{\"" arg_name[call, i] "\", &kinds_" arch "[" \
			kind_row[arg_kind[call, i]] "]}"
		lists = lists (i ? ", " : "") harmless_slice(call, i)
		where = call "." arg_name[call, i]
		own = own (i ? ", " : "") (where in free_of ? free_of[where] : 0)
	}
	printf "\t{{\"%s\", %d, S2S_ARCH_%s, %d, {%s}, \"%s\"},\n\t %s, %s, %s, %s, {%s}, {%s}},\n",
		name, nr, toupper(arch), n_args[call], args == "" ? "{0}" : args, group[call],
		slice(variant_first[call], variant_end[call] + 0), keys_of(call),
		slice(order_first[call], order_end[call] + 0),
		slice(named_first[call], named_end[call] + 0),
		lists == "" ? "{0}" : lists, own == "" ? 0 : own
}

# Enters row `at`, from 1, under a name into taken[].
function enter(name, at, size, slot) {
	for (slot = hash(name) % size; slot in taken; )
		slot = (slot + 1) % size
	taken[slot] = at
	slot_name[slot] = name
}

# A power of two that leaves half of the slots free.
function slots_of(n) {
	for (n = 1; n < 2 * (n_calls + n_aliases); )
		n *= 2
	return n
}

function print_slots(size, slot, i, index_of) {
	for (i = 0; i < n_calls; i++) {
		enter(call_name[i], i + 1, size)
		index_of[call_name[i]] = i + 1
	}
	for (i = 0; i < n_aliases; i++)
		if (alias_of[alias[i]] in index_of && !(alias[i] in index_of))
			enter(alias[i], index_of[alias_of[alias[i]]], size)
	printf "static const struct slot slots_%s[%d] = {\n", arch, size
	for (slot = 0; slot < size; slot++)
		if (slot in taken)
			printf "\t[%d] = {{\"%s\", %d}, %d},\n", slot, slot_name[slot],
				length(slot_name[slot]), taken[slot]
	print "};"
}

function print_calls(i) {
	printf "static const struct row rows_%s[] = {\n", arch
	for (i = 0; i < n_calls; i++)
		print_call(call_nr[i], call_name[i])
	printf "};\nstatic const struct s2s_syscall *const all_%s[] = {\n", arch
	for (i = 0; i < n_calls; i++)
		printf "\t&rows_%s[%d].sc,\n", arch, i
	printf "};\nstatic const uint16_t by_nr_%s[] = {\n", arch
	for (i = 0; i < n_calls; i++)
		printf "\t[%d] = %d,\n", call_nr[i], i + 1
	print "};"
	print_slots(slots_of())
}

END {
	if (failed)
		exit 1
	read_rows()
	for (i = 1; i < 127; i++)
		ord[sprintf("%c", i)] = i
	print_kinds()
	printf "static const uint64_t values_%s[] = {\n", arch
	for (i = 0; i < n_values; i++)
		print "\t" values[i] ","
	print "};"
	print_list("condition conditions", condition_row, n_conditions)
	print_list("arg_kind arg_kinds", arg_kind_row, n_arg_kinds)
	print_list("variant variants", variant_row, n_variants)
	print_list("order orders", order_row, n_orders)
	print_list("named named", named_row, n_named)
	print_list("s2s_through through", through_row, n_through)
	print_calls()
	print_list("key keys", key_row, n_key_rows)
	print_list("s2s_harmless harmless", harmless_row, n_harmless_rows)
	print_list("s2s_implied implied", implied_row, n_implied)
	print_list("s2s_power powers", power_row, n_powers)
	if (failed)
		exit 1
	gsub(/@/, arch, tables)
	print tables
	printf "\t%d, %d, %d,\n};\n", n_through, n_implied, n_powers
}

BEGIN {
	tables = "static const struct tables tables_@ = {\n" \
		"\trows_@, all_@, S2S_ARRAY_SIZE(all_@), by_nr_@, S2S_ARRAY_SIZE(by_nr_@),\n" \
		"\tslots_@, S2S_ARRAY_SIZE(slots_@), kinds_@, values_@, conditions_@,\n" \
		"\targ_kinds_@, variants_@, keys_@, orders_@, named_@, through_@,\n" \
		"\tharmless_@, implied_@, powers_@,"
}
