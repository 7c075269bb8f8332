# SPDX-License-Identifier: MIT
# data/constants/*.tbl -> build/constants.inc: the rows of each set, and hash tables over
# the names of constants and sets. Run: awk -f constants.awk data/constants/*.tbl
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
$1 !~ /^[a-z][a-z0-9_]*$/ { fail("bad name of a set: " $1) }
$2 !~ /^[A-Za-z_][A-Za-z0-9_]*$/ { fail("bad name of a constant: " $2) }
$3 !~ /^(-?[1-9][0-9]*|0[0-7]*|0x[0-9a-f]+)$/ { fail("bad value: " $3) }
$1 " " $2 " " $3 in seen { fail("row given twice") }

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

END {
	if (failed)
		exit 1
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

	printf "enum { ROWS = %d, SETS = %d, NAME_MAX_LENGTH = %d };\n", rows, sets, longest
	print "static const struct s2s_constant rows[ROWS] = {"
	for (i = 1; i <= rows; i++)
		printf "{\"%s\", (uint64_t)%sLL},\n", name[i], value[i] ~ /^0x/ ? value[i] "U" : value[i]
	print "};\nstatic const uint16_t next_row[ROWS] = {"
	for (i in next_row)
		printf "[%d] = %d,\n", i - 1, next_row[i]
	print "};\nstatic const struct set sets[SETS] = {"
	for (i = 1; i <= sets; i++)
		printf "{\"%s\", %d, %d},\n", set[i], first[i], last[i] - first[i]
	print "};"
	print_table("uint16_t", "name_slots", name_slot, name_size)
	print_table("uint16_t", "set_slots", set_slot, set_size)
}
