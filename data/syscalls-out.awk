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
	print declaration "[] = {"
	for (i = 0; i < n; i++)
		print "\t" row[i] ","
	print "};"
}

function print_kinds(i, k) {
	print "static const struct s2s_kind kinds[] = {"
	for (i = 0; i < n_kinds; i++) {
		k = kind_name[i]
		printf "\t{\"%s\", %d, %s, %s, S2S_ROLE_%s, S2S_PRINTED_%s, %s, (%s) & %s},\n", k,
			kind_width[k], kind_sign[k] == "s" ? "true" : "false",
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

function print_call(a, nr, name, call, i, args, lists, own) {
	call = (a "/" name) in group ? a "/" name : name
	if (!(call in group)) {
		printf "%s.tbl: no signature of %s\n", a, name > "/dev/stderr"
		failed = 1
		return
	}
	for (i = 0; i < n_args[call]; i++) {
		args = args (i ? ", " : "") "{\"" arg_name[call, i] "\", &kinds[" \
			kind_row[arg_kind[call, i]] "]}"
		lists = lists (i ? ", " : "") harmless_slice(call, i)
		where = call "." arg_name[call, i]
		own = own (i ? ", " : "") (where in free_of ? free_of[where] : 0)
	}
	printf "\t{{\"%s\", %d, S2S_ARCH_%s, %d, {%s}, \"%s\"},\n\t %s, %s, %s, %s, {%s}, {%s}},\n",
		name, nr, toupper(a), n_args[call], args == "" ? "{0}" : args, group[call],
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
function slots_of(a, n) {
	for (n = 1; n < 2 * (n_calls[a] + n_aliases); )
		n *= 2
	return n
}

function print_slots(a, size, slot, i, index_of) {
	for (i = 0; i < n_calls[a]; i++) {
		enter(call_name[a, i], i + 1, size)
		index_of[call_name[a, i]] = i + 1
	}
	for (i = 0; i < n_aliases; i++)
		if (alias_of[alias[i]] in index_of && !(alias[i] in index_of))
			enter(alias[i], index_of[alias_of[alias[i]]], size)
	printf "static const struct slot %s_slots[%d] = {\n", a, size
	for (slot = 0; slot < size; slot++)
		if (slot in taken) {
			printf "\t[%d] = {{\"%s\", %d}, %d},\n", slot, slot_name[slot],
				length(slot_name[slot]), taken[slot]
			delete taken[slot]
		}
	print "};"
}

function print_arch(a, i, n) {
	n = n_calls[a]
	printf "static const struct row %s_rows[] = {\n", a
	for (i = 0; i < n; i++)
		print_call(a, call_nr[a, i], call_name[a, i])
	printf "};\nstatic const struct s2s_syscall *const %s_all[] = {\n", a
	for (i = 0; i < n; i++)
		printf "\t&%s_rows[%d].sc,\n", a, i
	printf "};\nstatic const uint16_t %s_by_nr[] = {\n", a
	for (i = 0; i < n; i++)
		printf "\t[%d] = %d,\n", call_nr[a, i], i + 1
	print "};"
	print_slots(a, slots_of(a))
}

function print_arches(i, a) {
	for (i = 0; i < n_arches; i++)
		print_arch(arch[i])
	print "static const struct arch_calls arches[] = {"
	for (i = 0; i < n_arches; i++) {
		a = arch[i]
		printf "\t[S2S_ARCH_%s] = {%s_rows, %s_all, %d, %s_by_nr,\n", toupper(a), a,
			a, n_calls[a], a
		printf "\t\tS2S_ARRAY_SIZE(%s_by_nr), %s_slots, %d},\n", a, a,
			slots_of(a)
	}
	print "};"
}

END {
	if (failed)
		exit 1
	for (i = 1; i < 127; i++)
		ord[sprintf("%c", i)] = i
	print_kinds()
	print_list("static const uint64_t values", values, n_values)
	print_list("static const struct condition conditions", condition_row, n_conditions)
	print_list("static const struct arg_kind arg_kinds", arg_kind_row, n_arg_kinds)
	print_list("static const struct variant variants", variant_row, n_variants)
	print_list("static const struct order orders", order_row, n_orders)
	print_list("static const struct named named", named_row, n_named)
	print_arches()
	print_list("static const struct key keys", key_row, n_key_rows)
	print_list("static const struct s2s_harmless harmless", harmless_row, n_harmless_rows)
	print_list("static const struct s2s_implied implied", implied_row, n_implied)
	print_list("static const struct s2s_power powers", power_row, n_powers)
	if (failed)
		exit 1
}
