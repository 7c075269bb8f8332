# SPDX-License-Identifier: MIT
# data/foreign.tbl -> build/foreign.inc, data/older.tbl -> build/older.inc: one initialiser
# a row.
/^#/ || NF == 0 { next }
{ printf "{\"%s\", \"%s\"},\n", $1, $2 }
