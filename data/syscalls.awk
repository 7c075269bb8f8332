# SPDX-License-Identifier: MIT
# data/*.tbl -> build/syscalls-ARCH.inc, what src/kernel/syscalls.c looks things up in, of
# one architecture. Run:
#   awk -v arch=ARCH -v bits=32|64 -f syscalls.awk -f syscalls-out.awk constants/*.tbl
#       kinds.tbl ARCH.tbl signatures.tbl aliases.tbl variants.tbl strace.tbl harmless.tbl
#       implied.tbl powers.tbl
# Names of constants become numbers here; a name that no table has is an error. What the
# columns mean stands at the top of each table. Runs under mawk.

function fail(message) {
	printf "%s: %s\n", at_end ? place : FILENAME ":" FNR, message > "/dev/stderr"
	failed = 1
	exit 1
}

# Text from field `first` to the end of the row, as a C string.
function text_from(first, i, s) {
	s = $first
	for (i = first + 1; i <= NF; i++)
		s = s " " $i
	gsub(/\\/, "\\\\", s)
	gsub(/"/, "\\\"", s)
	return "\"" s "\""
}

function is_number(s) { return s ~ /^(-?[0-9]+|0x[0-9a-f]+)$/ }

# A number of a table as awk's: exact to 53 bits, for sorting only.
function number(s, i, n) {
	if (s !~ /^0x/)
		return s ~ /^0[0-7]+$/ ? octal(s) : s + 0
	for (i = 3; i <= length(s); i++)
		n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n
}

function octal(s, i, n) {
	for (i = 2; i <= length(s); i++)
		n = n * 8 + substr(s, i, 1)
	return n
}

# The number of a constant: of the set first, then of all sets that agree on it; the
# architecture's own before those of all.
function constant(name, set) {
	if (is_number(name))
		return name
	if ((set, name) in own_value)
		return own_value[set, name]
	if ((set, name) in value_in)
		return value_in[set, name]
	if (name in own_any)
		return own_any[name]
	if (!(name in value_any))
		fail("no constant " name)
	if (value_any[name] == "?")
		fail("several constants " name ", none in set " set)
	return value_any[name]
}

# A|B or A<<8 as a C expression.
function bits_of(names, set, part, half, n, i, s) {
	n = split(names, part, "|")
	for (i = 1; i <= n; i++) {
		split(part[i], half, "<<")
		s = s (i > 1 ? " | " : "") literal(constant(half[1], set))
		if (part[i] ~ /<</)
			s = s " << " half[2]
	}
	return n > 1 ? "(" s ")" : s
}

function literal(n) { return "(uint64_t)" n (n ~ /^0x/ ? "U" : "") "LL" }

# The number of a value, where it is one constant, shifted or not; else "".
function plain_value(text, set, half) {
	if (text ~ /\|/)
		return ""
	split(text "<<0", half, "<<")
	return number(constant(half[1], set)) * 2 ^ half[2]
}

# {first, n} of what was added to a list since it had `first` entries.
function slice(first, last) { return "{" first + 0 ", " last - first "}" }

# ---- conditions: arg=V,V… or arg&M|M=V,V…, joined by ";" ------------------------

function arg_index(call, arg) {
	if (!((call, arg) in arg_at))
		fail(call " has no argument " arg)
	return arg_at[call, arg]
}

function set_of(call, arg) { return kind_set[arg_kind[call, arg_index(call, arg)]] }

# One condition: adds its values to values[], but for names that have none on the
# architecture; leaves index and mask as C.
function condition(call, text, half, names, n, i, arg, set) {
	if (split(text, half, "=") != 2)
		fail("a condition is argument=value, argument&mask=value or -: " text)
	mask = "UINT64_MAX"
	arg = half[1]
	sub(/&.*/, "", arg)
	set = set_of(call, arg)
	if (half[1] ~ /&/)
		mask = bits_of(substr(half[1], length(arg) + 2), set)
	first = n_values + 0
	n = split(half[2], names, ",")
	for (i = 1; i <= n; i++) {
		if ((set, names[i]) in valueless)
			continue
		plain[n_values] = plain_value(names[i], set)
		values[n_values++] = bits_of(names[i], set)
	}
	return arg_index(call, arg)
}

# Variants are looked up by the value of their first condition where all of a call's ask
# for the same bits of the same argument: key_bits[call] tells which, "": they do not.
function note_key(call, key, from, to, i) {
	if (now != "variants")
		return
	if (!(call in key_bits))
		key_bits[call] = key
	if (key_bits[call] != key)
		key_bits[call] = ""
	for (i = from; i < to; i++) {
		if (plain[i] == "" || plain[i] < 0 || plain[i] >= 2 ^ 53)
			key_bits[call] = "" # awk cannot sort it as C would
		key_number[call, n_keys[call] + 0] = plain[i]
		key_value[call, n_keys[call] + 0] = values[i]
		key_variant[call, n_keys[call]++] = n_variants + 0
	}
}

function conditions(call, text, part, n, i, at, from) {
	from = n_conditions
	n = text == "-" ? 0 : split(text, part, ";")
	for (i = 1; i <= n; i++) {
		at = condition(call, part[i])
		if (i == 1)
			note_key(call, at ", " mask, first, n_values)
		condition_row[n_conditions++] = "{" at ", " slice(first, n_values) \
			", " mask "}"
	}
	return slice(from, n_conditions)
}

# ---- reading --------------------------------------------------------------------

FNR == 1 {
	table = FILENAME
	sub(/.*\//, "", table)
	sub(/\.tbl$/, "", table)
	if (FILENAME ~ /constants\/[^\/]*$/)
		table = "constants"
}

/^#/ || NF == 0 { next }

table == "constants" && $1 ~ /\// {
	split($1, half, "/")
	if (half[1] == arch && $3 != "-") {
		own_value[half[2], $2] = $3
		own_any[$2] = $3
	} else if (half[1] == arch)
		valueless[half[2], $2]
	next
}

table == "constants" {
	if (!(($1, $2) in value_in))
		value_in[$1, $2] = $3
	if (!($2 in value_any))
		value_any[$2] = $3
	else if (value_any[$2] != $3)
		value_any[$2] = "?"
	next
}

table == "kinds" {
	if (NF != 6 || $2 !~ /^(16|32|64)$/ || $3 !~ /^[su]$/ || $5 !~ /^(value|flags)$/)
		fail("a kind is: name width s|u role value|flags set|-")
	if ($1 in kind_row)
		fail("kind given twice: " $1)
	kind_row[$1] = n_kinds++
	kind_name[n_kinds - 1] = $1
	kind_width[$1] = $2 > bits ? bits : $2
	kind_is_word[$1] = $2 == 64
	kind_sign[$1] = $3
	kind_role[$1] = toupper($4)
	kind_form[$1] = $5
	kind_set[$1] = $6
	next
}

# NAME =OTHER
table == "signatures" && $2 ~ /^=/ {
	other = substr($2, 2)
	if ($1 in group || !(other in group) || NF != 2)
		fail("a call given twice, or like one that is not given yet: " $1)
	like[$1] = other
	group[$1] = group[other]
	n_args[$1] = n_args[other]
	for (i = 0; i < n_args[$1]; i++) {
		arg_name[$1, i] = arg_name[other, i]
		arg_kind[$1, i] = arg_kind[other, i]
		arg_at[$1, arg_name[$1, i]] = i
	}
	next
}

table == "signatures" {
	if ($1 in group)
		fail("call given twice: " $1)
	if (NF > 8)
		fail("more than six arguments")
	group[$1] = $2
	n_args[$1] = NF - 2
	for (i = 3; i <= NF; i++) {
		split($i, half, ":")
		if (!(half[2] in kind_row))
			fail("no kind " half[2])
		arg_name[$1, i - 3] = half[1]
		arg_kind[$1, i - 3] = half[2]
		arg_at[$1, half[1]] = i - 3
	}
	next
}

table == "aliases" {
	if (!($2 in group))
		fail("an alias is: name, name of a call")
	alias[n_aliases++] = $1
	alias_of[$1] = $2
	next
}

table == "strace" && $1 == "kind" {
	if (NF != 3 || !($2 in kind_row) || $3 !~ /^(glued|lost|empty|bare)$/)
		fail("kind, its name, glued, lost, empty or bare")
	kind_text[$2] = toupper($3)
	next
}

# Rows about calls are read when all calls are known.
table ~ /^(variants|strace|harmless|implied|powers)$/ {
	row_text[++n_rows] = $0
	row_table[n_rows] = table
	row_place[n_rows] = FILENAME ":" FNR
	next
}

# A table of numbers.
{
	if (table != arch)
		fail("a table of numbers is that of the architecture")
	if ($1 + 0 < n_calls && $1 + 0 <= call_nr[n_calls - 1])
		fail("numbers ascend")
	call_nr[n_calls + 0] = $1
	call_name[n_calls++] = $2
	next
}

# ---- rows about calls -----------------------------------------------------------

# The key of a call's signature on this architecture.
function key_of(name) { return (arch "/" name) in group ? arch "/" name : name }

# Fills key[] with the signatures of this architecture that a row about a call is for.
function keys_for(call, half, i, n) {
	if (split(call, half, "/") == 2) {
		if (!(call in group))
			fail("no signature of " call)
		if (half[1] == arch)
			key[n++] = call
		return n + 0
	}
	if (!(call in group))
		fail("no signature of " call)
	for (i = 0; i < n_calls; i++)
		if (call_name[i] == call || like[call_name[i]] == call)
			key[n++] = key_of(call_name[i])
	return n + 0
}

# Whether a signature of one architecture lacks an argument that conditions or
# argument:kind speak of.
function lacks(call, text, part, n, i) {
	n = text == "-" ? 0 : split(text, part, ";")
	for (i = 1; i <= n; i++) {
		sub(/[&=:\/>].*/, "", part[i])
		if (part[i] != "-" && !((call, part[i]) in arg_at))
			return call ~ /\//
	}
	return 0
}

function bare_name(call) {
	sub(/.*\//, "", call)
	return call
}

function variant_of(call, i, where, from, half) {
	for (i = 2; i <= NF; i++)
		if (lacks(call, $i))
			return
	if (!(call in variant_first))
		variant_first[call] = n_variants + 0
	where = conditions(call, $2)
	from = n_arg_kinds
	for (i = 3; i <= NF; i++) {
		split($i, half, ":")
		if (!(half[2] in kind_row))
			fail("no kind " half[2])
		arg_kind_row[n_arg_kinds++] = "{" arg_index(call, half[1]) ", " \
			kind_row[half[2]] "}"
	}
	variant_row[n_variants++] = "{" where ", " slice(from, n_arg_kinds) "}"
	variant_end[call] = n_variants
}

function named_of(call, i, half) {
	if (!(call in named_first))
		named_first[call] = n_named + 0
	for (i = 3; i <= NF; i++) {
		split($i, half, "=")
		named_row[n_named++] = "{\"" half[1] "\", " arg_index(call, half[2]) "}"
	}
	named_end[call] = n_named
}

# argument, argument/HIGH, argument>>N or -
function printed_as(call, text, half, shift, high) {
	if (text == "-")
		return "{-1, -1, 0}"
	if (split(text, half, ">>") == 2)
		shift = half[2]
	text = half[1]
	if (split(text, half, "/") == 2)
		high = half[2]
	return "{" arg_index(call, half[1]) ", " (high ? arg_index(call, high) : -1) ", " \
		shift + 0 "}"
}

function order_of(call, i, where, row) {
	for (i = 2; i <= NF; i++)
		if (lacks(call, $i))
			return
	if (!(call in order_first))
		order_first[call] = n_orders + 0
	where = conditions(call, $2)
	for (i = 3; i <= NF; i++)
		row = row (i > 3 ? ", " : "") printed_as(call, $i)
	order_row[n_orders++] = "{" where ", " NF - 2 ", {" row "}}"
	order_end[call] = n_orders
}

# A name that stands for a call of a multiplexer, where there is one.
function through(i, half) {
	for (i = 0; i < n_calls && call_name[i] != $3; i++)
		;
	if (i == n_calls)
		return
	single($3, $4)
	split($4, half, "=")
	through_row[n_through++] = "{\"" $1 "\", " i ", " arg_index($3, half[1]) ", " \
		values[n_values] "}"
}

# where: a kind, or call.argument
function harmless_of(where, set, half, what, with, i) {
	what = substr($2, 2)
	with = "-1, 0"
	split(where, half, ".")
	if (what ~ /;/) {
		sub(/;.*/, "", what)
		with = condition(half[1], substr($2, length(what) + 3))
		with = with ", " values[--n_values]
	}
	if ($2 == "|*")
		free_of[where] = "UINT64_MAX"
	else if ($2 ~ /^\|/ && where in free_of)
		free_of[where] = free_of[where] " | " bits_of(what, set)
	else if ($2 ~ /^\|/)
		free_of[where] = bits_of(what, set)
	else if ($2 ~ /^=/) {
		i = n_harmless[where]++
		harmless_name[where, i] = what
		harmless_why[where, i] = text_from(3)
		harmless_value[where, i] = constant(what, set)
		harmless_with[where, i] = with
	} else
		fail("the second column is |bits, |* or =value")
}

function harmless(where, half, n, i) {
	where = $1
	if (where !~ /\./ && where ~ /\//) {
		split(where, half, "/")
		if (half[1] != arch)
			return
		where = half[2]
	}
	if (where in kind_row) {
		harmless_of(where, kind_set[where])
		return
	}
	if (split(where, half, ".") != 2)
		fail("neither a kind nor call.argument: " where)
	n = keys_for(half[1])
	for (i = 0; i < n; i++)
		if (!lacks(key[i], half[2]))
			harmless_of(key[i] "." half[2], set_of(key[i], half[2]))
}

# One condition, as an argument, mask and value; -: any.
function single(call, text, at) {
	if (text == "-")
		return "-1, 0, 0"
	at = condition(call, text)
	if (n_values - first != 1)
		fail("one value here")
	return at ", " mask ", " values[--n_values]
}

function implied(because, call, half, n, m, i, j) {
	call = $1
	if (split(call, half, "/") == 2) {
		if (half[1] != arch)
			return
		call = half[2]
	}
	m = $2 == "-" ? 1 : keys_for($2)
	for (j = 0; j < m; j++)
		because[j] = $2 == "-" ? "-" : key[j]
	n = keys_for(call)
	for (i = 0; i < n; i++)
		for (j = 0; j < m; j++)
			if ($2 == "-" || !lacks(because[j], $3))
				implied_row[n_implied++] = "{\"" bare_name(key[i]) "\", " \
				(because[j] == "-" ? "NULL" : "\"" bare_name(because[j]) "\"") \
				", " single(because[j], $3) ", " text_from(4) "}"
}

function power(text, at, n, i) {
	text = text_from(3)
	at = index(text, ": ")
	if (!at)
		fail("a power is: call condition|- name: text")
	n = keys_for($1)
	for (i = 0; i < n; i++)
		if (!lacks(key[i], $2))
			power_row[n_powers++] = "{" substr(text, 1, at - 1) "\", \"" \
				bare_name(key[i]) "\", " single(key[i], $2) ", \"" \
				substr(text, at + 2) "}"
}

# What is looked up by call stands together: the rows of a table, call by call.
function read_rows_of(wanted_table, i, k, n, wanted, rows) {
	for (i = 1; i <= n_rows; i++) {
		if (row_table[i] != wanted_table)
			continue
		place = row_place[i]
		$0 = row_text[i]
		if ($2 == "through")
			continue
		n = keys_for($1)
		for (k = 0; k < n; k++)
			rows[key[k]] = rows[key[k]] " " i
	}
	for (i = 0; i < n_calls; i++) {
		k = key_of(call_name[i])
		n = split(rows[k], wanted, " ")
		for (at_row = 1; at_row <= n; at_row++) {
			place = row_place[wanted[at_row]]
			$0 = row_text[wanted[at_row]]
			if (wanted_table == "variants")
				variant_of(k)
			else if ($2 == "named")
				named_of(k)
			else
				order_of(k)
		}
	}
}

function read_rows(i) {
	at_end = 1
	for (i = 0; i < n_calls; i++)
		if (!(key_of(call_name[i]) in group)) {
			place = arch ".tbl"
			fail("no signature of " call_name[i])
		}
	now = "variants"
	read_rows_of("variants")
	now = ""
	read_rows_of("strace")
	for (i = 1; i <= n_rows; i++) {
		place = row_place[i]
		$0 = row_text[i]
		if (row_table[i] == "harmless")
			harmless()
		else if (row_table[i] == "implied")
			implied()
		else if (row_table[i] == "powers")
			power()
		else if ($2 == "through")
			through()
	}
}
