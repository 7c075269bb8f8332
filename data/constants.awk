# SPDX-License-Identifier: MIT
# data/constants/*.tbl -> build/constants.inc: the rows of each set, those of the sets that
# are others on some architectures, and hash tables over the names of constants and sets.
# Run: awk -f constants.awk data/constants/*.tbl
# The hash is that of src/kernel/constants.c.

function fail(message) {
	printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
	failed = 1
	exit 1
}

function hash(text, i, h) {
	h = 0
	for (i = 1; i <= length(text); i++)
		h = (h * 65599 + ord[substr(text, i, 1)]) % 4294967296
	return h
}

# Slots of an open hash table: at least twice as many as entries, odd.
function table_size(n) { return 2 * n + 1 }

# Enters number under name into table[]; returns what is there already, or 0.
function enter(table, size, keys, name, number, i) {
	for (i = hash(name) % size; i in table; i = (i + 1) % size)
		if (keys[table[i]] == name)
			return table[i]
	table[i] = number
	return 0
}

function print_table(type, name, table, size, i) {
	printf "static const %s %s[%d] = {", type, name, size
	for (i = 0; i < size; i++)
		printf "%s%d,", i % 16 ? "" : "\n", i in table ? table[i] : 0
	print "\n};"
}

BEGIN {
	for (i = 1; i < 127; i++)
		ord[sprintf("%c", i)] = i
}

/^#/ || NF == 0 { next }

NF != 3 { fail("a row is: set name value") }
$1 !~ /^([a-z0-9_]+\/)?[a-z][a-z0-9_]*$/ { fail("bad name of a set: " $1) }
$2 !~ /^[A-Za-z_][A-Za-z0-9_]*$/ { fail("bad name of a constant: " $2) }
$3 !~ /^(-?[1-9][0-9]*|0[0-7]*|0x[0-9a-f]+)$/ && ($3 != "-" || $1 !~ /\//) { fail("bad value: " $3) }
$1 " " $2 " " $3 in seen { fail("row given twice") }

# A row of one architecture: instead of those of that name, or behind the set's. -: none.
$1 ~ /\// {
	seen[$1 " " $2 " " $3]
	split($1, half, "/")
	if (!(half[1] in arch_known)) {
		arch_known[half[1]]
		arch[++arches] = half[1]
	}
	if (!((half[1], half[2]) in n_own))
		own_set[half[1], ++n_own_sets[half[1]]] = half[2]
	i = ++n_own[half[1], half[2]]
	own_name[half[1], half[2], i] = $2
	own_value[half[1], half[2], $2] = $3
	if (length($2) > longest)
		longest = length($2)
	next
}

{
	if ($1 != set[sets]) {
		if ($1 in set_known)
			fail("the rows of a set belong together: " $1)
		set_known[$1]
		set[++sets] = $1
		first[sets] = rows
	}
	seen[$1 " " $2 " " $3]
	name[++rows] = $2
	value[rows] = $3
	last[sets] = rows
	if (length($2) > longest)
		longest = length($2)
}

function add_row(n, v) {
	name[++rows] = n
	value[rows] = v
}

# The rows of a set as an architecture has them.
function add_own_set(a, s, i, at, n) {
	for (at = 1; set[at] != s; at++)
		if (at > sets) {
			printf "%s/%s: no such set\n", a, s > "/dev/stderr"
			failed = 1
			exit 1
		}
	own_first[a, at] = rows
	for (i = first[at] + 1; i <= last[at]; i++) {
		n = name[i]
		if (!((a, s, n) in own_value))
			add_row(n, value[i])
		else if (!((a, s, n) in placed) && own_value[a, s, n] != "-")
			add_row(n, own_value[a, s, n])
		if ((a, s, n) in own_value)
			placed[a, s, n]
	}
	for (i = 1; i <= n_own[a, s]; i++) {
		n = own_name[a, s, i]
		if (!((a, s, n) in placed))
			add_row(n, own_value[a, s, n])
	}
	own_n[a, at] = rows - own_first[a, at]
}

END {
	if (failed)
		exit 1
	base_rows = rows
	for (i = 1; i <= arches; i++)
		for (j = 1; j <= n_own_sets[arch[i]]; j++)
			add_own_set(arch[i], own_set[arch[i], j])
	name_size = table_size(rows)
	for (i = 1; i <= rows; i++) {
		same = enter(name_slot, name_size, name, name[i], i)
		if (same) {
			while (same in next_row)
				same = next_row[same]
			next_row[same] = i
		}
	}
	set_size = table_size(sets)
	for (i = 1; i <= sets; i++)
		enter(set_slot, set_size, set, set[i], i)

	printf "enum { BASE_ROWS = %d, ROWS = %d, SETS = %d, NAME_MAX_LENGTH = %d };\n", \
		base_rows, rows, sets, longest
	print "static const struct s2s_constant rows[ROWS] = {"
	for (i = 1; i <= rows; i++)
		printf "{\"%s\", (uint64_t)%sLL},\n", name[i], value[i] ~ /^0x/ ? value[i] "U" : value[i]
	print "};\nstatic const uint16_t next_row[ROWS] = {"
	for (i in next_row)
		printf "[%d] = %d,\n", i - 1, next_row[i]
	print "};\nstatic const struct set sets[SETS] = {"
	for (i = 1; i <= sets; i++)
		printf "{\"%s\", %d, %d},\n", set[i], first[i], last[i] - first[i]
	print "};\nstatic const struct part own_sets[S2S_ARCH_COUNT][SETS] = {{{0}},"
	for (i = 1; i <= arches; i++) {
		printf "[S2S_ARCH_%s] = {", toupper(arch[i])
		for (j = 1; j <= sets; j++)
			if ((arch[i], j) in own_n)
				printf "[%d] = {%d, %d},\n", j - 1, own_first[arch[i], j], \
					own_n[arch[i], j]
		print "},"
	}
	print "};"
	print_table("uint16_t", "name_slots", name_slot, name_size)
	print_table("uint16_t", "set_slots", set_slot, set_size)
}
