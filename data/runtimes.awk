# SPDX-License-Identifier: MIT
# data/runtimes.tbl -> build/runtimes.inc: one initialiser a row.
/^#/ || NF == 0 { next }
{
	calls = $4
	for (i = 5; i <= NF; i++)
		calls = calls " " $i
	printf "{\"%s\", \"%s\", %s, \"%s\"},\n", $1, $2, $3 == "yes" ? "true" : "false", calls
}
