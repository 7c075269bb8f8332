# SPDX-License-Identifier: MIT
# The width of each kind is that of the declared type, but for the rows of widths.tbl, of
# which none is idle; each call has as many arguments as the kernel declares. Run:
#   awk -f widths.awk kinds.tbl declared.tbl widths.tbl signatures.tbl variants.tbl
function complain(message) {
	printf "%s:%d: %s\n", FILENAME, FNR, message
	failed = 1
}

function declared_width(type) {
	if (type ~ /^(ptr|long|unsigned_long|size_t|off_t|loff_t|u64|__u64|aio_context_t)$/)
		return 64
	if (type == "umode_t")
		return 16
	if (type ~ /^(int|unsigned|unsigned_int|u32|__u32|__s32|enum|rwf_t)$/ ||
	    type ~ /^(pid|uid|gid|qid|key|timer|mqd|clockid|key_serial)_t$/)
		return 32
	complain("unknown type " type)
	return 0
}

# An argument that is not looked at has no width to be wrong.
function compare(call, arg, kind, at) {
	if (!((call, at) in type) || role[kind] == "unused")
		return
	compared++
	if (width[kind] == declared_width(type[call, at]))
		return
	if ((call, arg ":" kind) in exception)
		used[call, arg ":" kind]
	else
		complain(call " " arg ":" kind ": " width[kind] " bits, declared " \
			type[call, at] ", no row in widths.tbl")
}

/^#/ || NF == 0 { next }
{ table = FILENAME; sub(/.*\//, "", table) }

table == "kinds.tbl" {
	width[$1] = $2
	role[$1] = $4
}
table == "declared.tbl" {
	declared[$1] = NF - 1
	for (i = 2; i <= NF; i++)
		type[$1, i - 2] = $i
}
table == "widths.tbl" {
	if (NF < 3)
		complain("no reason")
	exception[$1, $2] = FNR
}
# Calls like others, and those of other architectures than the declared types are of.
table == "signatures.tbl" && ($2 ~ /^=/ || $1 ~ /\//) { next }
table == "signatures.tbl" {
	if ($1 in declared && declared[$1] != NF - 2)
		complain($1 " has " NF - 2 " arguments, declared " declared[$1])
	for (i = 3; i <= NF; i++) {
		split($i, half, ":")
		at[$1, half[1]] = i - 3
		compare($1, half[1], half[2], i - 3)
	}
}
table == "variants.tbl" {
	for (i = 3; i <= NF; i++) {
		split($i, half, ":")
		compare($1, half[1], half[2], at[$1, half[1]])
	}
}

END {
	for (row in exception)
		if (!(row in used)) {
			split(row, half, SUBSEP)
			printf "widths.tbl:%d: idle: %s %s\n", exception[row], half[1], half[2]
			failed = 1
		}
	if (!compared)
		print "nothing was compared"
	exit failed || !compared
}
