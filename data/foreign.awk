# SPDX-License-Identifier: MIT
# data/foreign.tbl -> build/foreign.inc: one string a row.
/^#/ || NF == 0 { next }
{ printf "\"%s\",\n", $1 }
