# SPDX-License-Identifier: MIT
# data/*.tbl -> build/syscalls.inc, what src/kernel/syscalls.c looks things up in. Run:
#   awk -f syscalls.awk constants/*.tbl kinds.tbl ARCH.tbl… signatures.tbl aliases.tbl
#       variants.tbl strace.tbl harmless.tbl implied.tbl powers.tbl
# Names of constants become numbers here; a name that no table has is an error. What the
# columns mean stands at the top of each table. Runs under mawk.

function fail(message) {
	printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
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

# The number of a constant: of the set first, then of all sets that agree on it.
function constant(name, set) {
	if (is_number(name))
		return name
	if ((set, name) in value_in)
		return value_in[set, name]
	if (!(name in value_any))
		fail("no constant " name)
	if (value_any[name] == "?")
		fail("several constants " name ", none in set " set)
	return value_any[name]
}

# A|B or A<<8 as a C expression.
function bits(names, set, part, half, n, i, s) {
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

# One condition: adds its values to values[]; leaves index and mask as C.
function condition(call, text, half, names, n, i, arg, set) {
	if (split(text, half, "=") != 2)
		fail("a condition is argument=value, argument&mask=value or -: " text)
	mask = "UINT64_MAX"
	arg = half[1]
	sub(/&.*/, "", arg)
	set = set_of(call, arg)
	if (half[1] ~ /&/)
		mask = bits(substr(half[1], length(arg) + 2), set)
	first = n_values + 0
	n = split(half[2], names, ",")
	for (i = 1; i <= n; i++) {
		plain[n_values] = plain_value(names[i], set)
		values[n_values++] = bits(names[i], set)
	}
	return arg_index(call, arg)
}

# Variants are looked up by the value of their first condition where all of a call's ask
# for the same bits of the same argument: key_bits[call] tells which, "": they do not.
function note_key(call, key, from, to, i) {
	if (table != "variants")
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
	kind_width[$1] = $2
	kind_sign[$1] = $3
	kind_role[$1] = toupper($4)
	kind_form[$1] = $5
	kind_set[$1] = $6
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
	if ($1 in group || !($2 in group))
		fail("an alias is: name, name of a call")
	alias[n_aliases++] = $1
	alias_of[$1] = $2
	next
}

table == "strace" && $1 == "kind" {
	if (NF != 3 || !($2 in kind_row) || $3 !~ /^(glued|lost|empty)$/)
		fail("kind, its name, glued, lost or empty")
	kind_text[$2] = toupper($3)
	next
}

# Rows about calls of the tables behind the signatures: the call must be there, and the
# rows of a call belong together.
table ~ /^(variants|strace)$/ {
	if (!($1 in group))
		fail("no signature of " $1)
	if ($1 != last_call[table] && (table, $1) in call_seen)
		fail("the rows of a call belong together: " $1)
	call_seen[table, $1]
	last_call[table] = $1
}

table == "variants" {
	if (!($1 in variant_first))
		variant_first[$1] = n_variants + 0
	where = conditions($1, $2)
	from = n_arg_kinds
	for (i = 3; i <= NF; i++) {
		split($i, half, ":")
		if (!(half[2] in kind_row))
			fail("no kind " half[2])
		arg_kind_row[n_arg_kinds++] = "{" arg_index($1, half[1]) ", " \
			kind_row[half[2]] "}"
	}
	variant_row[n_variants++] = "{" where ", " slice(from, n_arg_kinds) "}"
	variant_end[$1] = n_variants
	next
}

table == "strace" && $2 == "named" {
	if (!($1 in named_first))
		named_first[$1] = n_named + 0
	for (i = 3; i <= NF; i++) {
		split($i, half, "=")
		named_row[n_named++] = "{\"" half[1] "\", " arg_index($1, half[2]) "}"
	}
	named_end[$1] = n_named
	next
}

table == "strace" {
	if (!($1 in order_first))
		order_first[$1] = n_orders + 0
	where = conditions($1, $2)
	row = ""
	for (i = 3; i <= NF; i++)
		row = row (i > 3 ? ", " : "") ($i == "-" ? -1 : arg_index($1, $i))
	order_row[n_orders++] = "{" where ", " NF - 2 ", {" row "}}"
	order_end[$1] = n_orders
	next
}

# where: a kind, or call.argument
table == "harmless" {
	set = $1
	if ($1 in kind_row)
		set = kind_set[$1]
	else if (split($1, half, ".") == 2 && half[1] in group)
		set = set_of(half[1], half[2])
	else
		fail("neither a kind nor call.argument: " $1)
	what = substr($2, 2)
	with = "-1, 0"
	if (sub(/;.*/, "", what)) {
		with = condition(half[1], substr($2, length(what) + 3))
		with = with ", " values[--n_values]
		$2 = "=" what
	}
	if ($2 == "|*")
		free_of[$1] = "UINT64_MAX"
	else if ($2 ~ /^\|/ && $1 in free_of)
		free_of[$1] = free_of[$1] " | " bits(what, set)
	else if ($2 ~ /^\|/)
		free_of[$1] = bits(what, set)
	else if ($2 ~ /^=/) {
		i = n_harmless[$1]++
		harmless_name[$1, i] = what
		harmless_why[$1, i] = text_from(3)
		harmless_value[$1, i] = constant(what, set)
		harmless_with[$1, i] = with
	} else
		fail("the second column is |bits, |* or =value")
	next
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

table == "implied" {
	if (!($1 in group) || ($2 != "-" && !($2 in group)))
		fail("no such call")
	implied_row[n_implied++] = "{\"" $1 "\", " ($2 == "-" ? "NULL" : "\"" $2 "\"") \
		", " single($2, $3) ", " text_from(4) "}"
	next
}

table == "powers" {
	if (!($1 in group))
		fail("no such call: " $1)
	where = single($1, $2)
	text = text_from(3)
	at = index(text, ": ")
	if (!at)
		fail("a power is: call condition|- name: text")
	power_row[n_powers++] = "{" substr(text, 1, at - 1) "\", \"" $1 "\", " where \
		", \"" substr(text, at + 2) "}"
	next
}

# A table of numbers: its name is the architecture's.
{
	if (!(table in arch_index)) {
		arch_index[table] = n_arches
		arch[n_arches++] = table
	}
	signature = (table "/" $2) in group ? table "/" $2 : $2
	if (!(signature in group))
		pending[table "/" $2] = FNR
	if ($1 + 0 < n_calls[table] && $1 + 0 <= call_nr[table, n_calls[table] - 1])
		fail("numbers ascend")
	call_nr[table, n_calls[table] + 0] = $1
	call_name[table, n_calls[table]++] = $2
	next
}
