# SPDX-License-Identifier: MIT
# data/systemd.tbl -> build/systemd.inc: one initialiser a group and call.
/^#/ || NF == 0 { next }
{
	for (i = 2; i <= NF; i++)
		printf "{\"%s\", \"%s\"},\n", $1, $i
}
