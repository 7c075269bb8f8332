# SPDX-License-Identifier: MIT
# data/c_symbols.tbl -> build/c_symbols.inc: X(name, header) each, a header's names
# together. Run: awk -f c_symbols.awk c_symbols.tbl
/^#/ { next }
{
	for (i = 2; i <= NF; i++)
		printf "X(%s, \"%s\")\n", $i, $1
}
