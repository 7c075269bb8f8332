# SPDX-License-Identifier: MIT
# data/diag.tbl -> build/diag.inc: one X() a row. Run: awk -f diag.awk diag.tbl
/^#/ || NF == 0 { next }
{
	text = $4
	for (i = 5; i <= NF; i++)
		text = text " " $i
	printf "X(%s, \"%s\", %s, \"%s\")\n", $1, $2, toupper($3), text
}
