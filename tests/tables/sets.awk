# SPDX-License-Identifier: MIT
# Each set that data/kinds.tbl names is in data/constants and has rows.
# Run: awk -f sets.awk data/constants/*.tbl data/kinds.tbl
/^#/ || NF == 0 { next }
FILENAME !~ /kinds\.tbl$/ { rows[$1]++; next }
$6 != "-" && !($6 in rows) {
	printf "%s:%d: %s has no set %s\n", FILENAME, FNR, $1, $6
	failed = 1
}
$6 != "-" { named++ }
END { exit failed || !named }
