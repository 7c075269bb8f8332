# SPDX-License-Identifier: MIT
# src/format/install.c.in -> build/install.inc: each part as a C string. A line "@@ name"
# begins a part.   Run: awk -f install.awk -v prefix=install install.c.in
function end() { if (open) print ";" }
/^@@ / {
	end()
	name = $2
	gsub(/-/, "_", name)
	printf "static const char %s_%s[] =\n", prefix, name
	open = 1
	next
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\t/, "\\t")
	printf "    \"%s\\n\"\n", $0
}
END { end() }
