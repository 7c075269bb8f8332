/* SPDX-License-Identifier: MIT */
#include "filter/explore.h"
#include "filter/symbol.h"

#include <stdlib.h>

struct path {
	uint32_t pc;
	struct s2s_symbol a, x, mem[BPF_MEMWORDS];
	uint32_t set[S2S_WORDS];
	int32_t decided_by, forked_by;
	uint32_t forked_words;
};

struct explorer {
	const struct s2s_explorer *in;
	struct s2s_wordsets ws;
	struct s2s_symbols symbols;
	struct s2s_map states; /* by hash */
	struct path *todo, *seen;
	size_t n_todo, cap_todo, n_seen, cap_seen;
	uint16_t *live; /* words loaded from here on */
	size_t steps;
	bool incomplete, stopped;
};

static struct s2s_symbol
load_word(const struct explorer *e, uint32_t word)
{
	const struct s2s_given *given = e->in->given;
	uint16_t words = (uint16_t)(1U << word);

	if (given->mask[word] == UINT32_MAX)
		return s2s_symbol_number(given->value[word], words);
	return (struct s2s_symbol){
	    .kind = S2S_SYMBOL_DERIVED, .word = (uint8_t)word, .words = words};
}

static struct s2s_symbol
loaded(const struct explorer *e, const struct path *path, const struct sock_filter *in)
{
	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		return load_word(e, in->k / 4);
	case BPF_LEN:
		return s2s_symbol_number(sizeof(struct seccomp_data), 0);
	case BPF_MEM:
		return path->mem[in->k];
	default: /* BPF_IMM */
		return s2s_symbol_number(in->k, 0);
	}
}

/* Both halves of an address are not zero at once. */
static bool
is_possible(const struct explorer *e, const uint32_t set[S2S_WORDS], uint32_t word)
{
	if (set[word] == S2S_WORDSET_NONE)
		return false;
	if (word < S2S_WORD_ARGS || !e->in->given->not_null[(word - S2S_WORD_ARGS) / 2])
		return true;
	/* `word` is below S2S_WORDS; its being compared says nothing of how large it is
	 */
	/* cppcheck-suppress arrayIndexOutOfBoundsCond */
	return !s2s_wordset_is_zero(&e->ws, set[word]) ||
	       !s2s_wordset_is_zero(&e->ws, set[word ^ 1]);
}

static void
push(struct explorer *e, const struct path *path)
{
	s2s_grow(e->todo, e->n_todo, e->cap_todo);
	e->todo[e->n_todo++] = *path;
}

static bool
finish(struct explorer *e, const struct path *path, struct s2s_symbol verdict)
{
	struct s2s_path_end end = {
	    .verdict = verdict.kind == S2S_SYMBOL_NUMBER ? verdict.value
							 : SECCOMP_RET_KILL_PROCESS,
	    .any_verdict = verdict.kind != S2S_SYMBOL_NUMBER,
	    .decided_by = path->decided_by,
	    .forked_by = path->forked_by,
	    .forked_words =
		verdict.kind == S2S_SYMBOL_NUMBER ? path->forked_words : verdict.words,
	    .set = path->set,
	};

	if (!e->in->end(e->in->self, &e->ws, &end))
		e->stopped = true;
	return false;
}

/* The word of the highest argument among them; -1: none. */
static int32_t
argument_word(uint16_t words)
{
	words &= (uint16_t) ~((1U << S2S_WORD_ARGS) - 1);
	return words ? 31 - __builtin_clz(words) : -1;
}

/* What the data that no later instruction loads was does not matter any more. */
static void
forget_dead(const struct explorer *e, struct path *path)
{
	uint32_t used = e->live[path->pc] | path->a.words | path->x.words;

	for (int i = 0; i < BPF_MEMWORDS; i++)
		used |= path->mem[i].words;
	for (uint32_t word = 0; word < S2S_WORDS; word++)
		if (!(used >> word & 1) && !(used >> (word ^ 1) & 1))
			path->set[word] = S2S_WORDSET_ALL;
}

/* Whether a path was at this fork before with all the same. */
static bool
was_here(struct explorer *e, const struct path *path)
{
	struct path state;
	uint64_t key[3] = {0};
	uint32_t *index;
	bool is_new;

	memcpy(&state, path, sizeof state);
	state.decided_by = state.forked_by = 0;
	state.forked_words = 0;
	forget_dead(e, &state);
	key[0] = s2s_hash(1, &state, sizeof state);
	key[1] = state.pc;
	index = s2s_map_put(&e->states, key, &is_new);
	if (!is_new)
		return memcmp(&e->seen[*index], &state, sizeof state) == 0;
	*index = (uint32_t)e->n_seen;
	s2s_grow(e->seen, e->n_seen, e->cap_seen);
	memcpy(&e->seen[e->n_seen++], &state, sizeof state);
	return false;
}

struct branch {
	uint32_t word;
	uint32_t yes, no; /* sets of it */
};

/* What a test says of the word behind it; false: nothing that can be said. */
static bool
ask(struct explorer *e, const struct path *path, uint16_t op, struct s2s_symbol b,
    struct branch *ret)
{
	struct s2s_symbol s = path->a;
	uint32_t truth, now;
	bool swapped = s.kind == S2S_SYMBOL_NUMBER;

	if (swapped) {
		uint32_t k = s.value;

		s = b;
		b = s2s_symbol_number(k, 0);
	}
	if (s.kind != S2S_SYMBOL_DERIVED || b.kind != S2S_SYMBOL_NUMBER)
		return false;
	if (swapped && op == BPF_JGT) /* a > x unless x >= a */
		op = BPF_JGE;
	else if (swapped && op == BPF_JGE)
		op = BPF_JGT;
	else
		swapped = false;
	truth = s2s_symbol_before(&e->symbols, s, &e->ws,
				  s2s_wordset_test(&e->ws, op, b.value));
	now = path->set[s.word];
	ret->word = s.word;
	ret->yes = s2s_wordset_and(&e->ws, now, truth);
	ret->no = s2s_wordset_minus(&e->ws, now, truth);
	if (swapped) {
		uint32_t yes = ret->yes;

		ret->yes = ret->no;
		ret->no = yes;
	}
	return true;
}

static void
decide(struct path *path, const struct sock_filter *in, bool yes, uint16_t words)
{
	int32_t word = argument_word(words);

	if (word >= 0)
		path->decided_by = word;
	path->pc += 1 + (uint32_t)(yes ? in->jt : in->jf);
}

/* Both answers are possible: goes on with one and leaves the other for later. */
static bool
fork_path(struct explorer *e, struct path *path, const struct sock_filter *in,
	  struct path *other, uint16_t words)
{
	path->forked_by = other->forked_by = argument_word(words);
	path->forked_words = other->forked_words = words;
	decide(path, in, true, words);
	decide(other, in, false, words);
	push(e, other);
	return true;
}

/* False where the path need not be followed. */
static bool
branch_unknown(struct explorer *e, struct path *path, const struct sock_filter *in,
	       struct s2s_symbol b)
{
	struct path other;
	struct branch branch = {0};
	uint16_t words = path->a.words | b.words;
	bool yes = true, no = true;

	if (!e->in->keep_all && was_here(e, path))
		return false;
	memcpy(&other, path, sizeof other);
	if (ask(e, path, BPF_OP(in->code), b, &branch)) {
		path->set[branch.word] = branch.yes;
		other.set[branch.word] = branch.no;
		yes = is_possible(e, path->set, branch.word);
		no = is_possible(e, other.set, branch.word);
	}
	if (yes && no)
		return fork_path(e, path, in, &other, words);
	if (no)
		memcpy(path, &other, sizeof other);
	decide(path, in, yes, words);
	return true;
}

static bool
jump(struct explorer *e, struct path *path, const struct sock_filter *in)
{
	struct s2s_symbol b =
	    BPF_SRC(in->code) == BPF_X ? path->x : s2s_symbol_number(in->k, 0);
	uint16_t op = BPF_OP(in->code), words = path->a.words | b.words;

	if (op == BPF_JA) {
		path->pc += 1 + in->k;
		return true;
	}
	if (path->a.kind != S2S_SYMBOL_NUMBER || b.kind != S2S_SYMBOL_NUMBER)
		return branch_unknown(e, path, in, b);
	decide(path, in, s2s_opcode_compare(op, path->a.value, b.value), words);
	return true;
}

static bool
compute(struct explorer *e, struct path *path, const struct sock_filter *in)
{
	struct s2s_symbol b =
	    BPF_SRC(in->code) == BPF_X ? path->x : s2s_symbol_number(in->k, 0);

	if (BPF_OP(in->code) == BPF_DIV &&
	    (b.kind != S2S_SYMBOL_NUMBER || b.value == 0)) {
		finish(e, path, s2s_symbol_number(SECCOMP_RET_KILL_THREAD, b.words));
		if (b.kind == S2S_SYMBOL_NUMBER)
			return false;
	}
	path->a = s2s_symbol_calculate(&e->symbols, BPF_OP(in->code), path->a, b);
	return true;
}

/* False where the path ends here. */
static bool
step(struct explorer *e, struct path *path)
{
	const struct sock_filter *in = &e->in->insn[path->pc];

	switch (BPF_CLASS(in->code)) {
	case BPF_JMP:
		return jump(e, path, in);
	case BPF_RET:
		return finish(e, path,
			      BPF_RVAL(in->code) == BPF_A
				  ? path->a
				  : s2s_symbol_number(in->k, 0));
	case BPF_ALU:
		if (!compute(e, path, in))
			return false;
		break;
	case BPF_LD:
		path->a = loaded(e, path, in);
		break;
	case BPF_LDX:
		path->x = loaded(e, path, in);
		break;
	case BPF_ST:
		path->mem[in->k] = path->a;
		break;
	case BPF_STX:
		path->mem[in->k] = path->x;
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(in->code) == BPF_TAX)
			path->x = path->a;
		else
			path->a = path->x;
	}
	path->pc++;
	return true;
}

static uint16_t *
find_live(const struct s2s_explorer *in)
{
	uint16_t *live = s2s_realloc(NULL, in->n + 1, sizeof *live);

	live[in->n] = 0;
	for (size_t i = in->n; i-- > 0;) {
		const struct sock_filter *insn = &in->insn[i];

		live[i] = live[i + 1];
		if (insn->code == (BPF_LD | BPF_W | BPF_ABS))
			live[i] |= (uint16_t)(1U << insn->k / 4);
	}
	return live;
}

/* The sets of words that are known in part. */
static void
begin(struct explorer *e, struct path *path)
{
	const struct s2s_given *given = e->in->given;

	memset(path, 0, sizeof *path);
	path->decided_by = path->forked_by = -1;
	for (uint32_t i = 0; i < S2S_WORDS; i++) {
		uint32_t mask = given->mask[i];
		uint32_t set = S2S_WORDSET_ALL;

		if (mask && mask != UINT32_MAX) {
			set = s2s_wordset_test(&e->ws, BPF_JEQ, given->value[i]);
			set = s2s_wordset_before(&e->ws, set, BPF_AND, mask);
		}
		path->set[i] = set;
	}
}

static void
follow(struct explorer *e, struct path *path)
{
	do {
		e->incomplete |= ++e->steps > e->in->limit || e->ws.full;
	} while (!e->incomplete && !e->stopped && step(e, path));
}

bool
s2s_explore(const struct s2s_explorer *explorer)
{
	struct explorer e = {.in = explorer, .live = find_live(explorer)};
	struct path path;

	s2s_wordsets_init(&e.ws);
	begin(&e, &path);
	push(&e, &path);
	while (e.n_todo > 0 && !e.incomplete && !e.stopped) {
		memcpy(&path, &e.todo[--e.n_todo], sizeof path);
		follow(&e, &path);
	}
	s2s_wordsets_done(&e.ws);
	s2s_symbols_done(&e.symbols);
	s2s_map_done(&e.states);
	free(e.todo);
	free(e.seen);
	free(e.live);
	return !e.incomplete;
}
