/* SPDX-License-Identifier: MIT */
/* What is known of processes when, and that nothing of it depends on order. */
#include "pipe/trace.h"
#include "select/fact.h"
#include "unit.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct said {
	char text[4096];
};

static void
say(void *self, enum s2s_log_level level, const char *text)
{
	struct said *said = self;
	size_t n = strlen(said->text);

	(void)level;
	snprintf(said->text + n, sizeof said->text - n, "%s\n", text);
}

static enum s2s_status
read_log(struct s2s_trace *trace, const char *log)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	enum s2s_status status;

	assert_int_equal(write(fd, log, strlen(log)), strlen(log));
	lseek(fd, 0, SEEK_SET);
	status = s2s_trace_add_fd(trace, fd, "log");
	close(fd);
	return status == S2S_OK ? s2s_trace_end(trace) : status;
}

/* "brk 2, close": the calls in the order of their numbers, and how often, if not once
 */
static void
show(struct s2s_trace *trace, char *ret, size_t size)
{
	size_t n, at = 0;
	const struct s2s_leaf *leaf = s2s_tree_sorted(trace->tree, &n);

	ret[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		at += (size_t)snprintf(ret + at, size - at, "%s%s", i ? ", " : "",
				       leaf[i].sc->name);
		if (leaf[i].launcher)
			at += (size_t)snprintf(ret + at, size - at, "!");
		if (leaf[i].count != 1)
			at += (size_t)snprintf(ret + at, size - at, " %d",
					       (int)leaf[i].count);
	}
}

#define ONE(text) ((const char *const[]){text, NULL})
#define EXEC      "1 execve(\"/bin/a\", [], NULL) = 0\n"

static const struct {
	const char *log;
	struct s2s_selection select;
	const char *calls;
} cases[] = {
    /* the child's lines first, complete, even over */
    {EXEC "1 clone(flags=SIGCHLD <unfinished ...>\n2 getuid() = 0\n"
	  "2 +++ exited with 0 +++\n1 <... clone resumed>) = 2\n",
     {.children_of = ONE("1")},
     "getuid"},
    /* lines before the call began are another's */
    {EXEC "2 getuid() = 0\n1 fork() = 2\n2 getgid() = 0\n",
     {.children_of = ONE("1")},
     "getgid"},
    /* grandchildren, whose parents are told last */
    {EXEC "1 vfork( <unfinished ...>\n2 vfork( <unfinished ...>\n3 getuid() = 0\n"
	  "2 <... vfork resumed>) = 3\n1 <... vfork resumed>) = 2\n",
     {.children_of = ONE("1")},
     "vfork, getuid"},
    /* a thread is of its process, and so is what it executes */
    {EXEC
     "1 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 2\n2 gettid() = 2\n",
     {.pid = ONE("1")},
     "clone, execve!, gettid"},
    {EXEC "1 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 2\n2 gettid() = 2\n",
     {.children_of = ONE("1")},
     NULL},
    {EXEC
     "1 clone3({flags=0x10100 /* CLONE_VM|CLONE_THREAD */}, 88) = 2\n2 getuid() = 0\n",
     {.pid = ONE("1")},
     "execve!, getuid, clone3"},
    {EXEC "1 clone3({flags=0x100}, 88) = 2\n2 getuid() = 0\n",
     {.children_of = ONE("1")},
     "getuid"},
    /* what fails changes nothing */
    {EXEC "1 execve(\"/bin/b\", [], NULL) = -1 ENOENT (No)\n1 fork() = -1 EAGAIN (No)\n"
	  "1 getuid() = 0\n",
     {.exe = ONE("a")},
     "fork, execve, execve!, getuid"},
    {EXEC "1 execveat(3</bin/c>, \"\", [], NULL, AT_EMPTY_PATH) = 0\n1 getuid() = 0\n",
     {.exe = ONE("/bin/c")},
     "getuid, execveat!"},
    /* the exec into a part is the launcher's, within it it is not */
    {EXEC "1 execve(\"/bin/b\", [], NULL) = 0\n1 getuid() = 0\n",
     {.exe = ONE("b")},
     "execve!, getuid"},
    {EXEC "1 execve(\"/bin/b\", [], NULL) = 0\n1 getuid() = 0\n",
     {.exe = (const char *const[]){"b", "a", NULL}},
     "execve, execve!, getuid"},
    {EXEC "1 fork() = 2\n2 execve(\"/bin/b\", [], NULL) = 0\n",
     {.pid = ONE("2")},
     "execve"},
    /* marks: both, in one process; the second before the first does not count */
    {EXEC "1 close(1) = 0\n1 listen(3, 1) = 0\n1 getuid() = 0\n1 close(1) = 0\n"
	  "1 getgid() = 0\n",
     {.from = ONE("listen"), .until = ONE("close")},
     "listen, getuid"},
    /* a child learns later that it was behind the mark all the time */
    {EXEC "1 listen(3, 1) = 0\n1 vfork( <unfinished ...>\n2 getuid() = 0\n"
	  "2 close(1) = 0\n2 getgid() = 0\n1 <... vfork resumed>) = 2\n",
     {.from = ONE("listen"), .until = ONE("close")},
     "listen, vfork, getuid"},
    /* threads of one process share a mark, but those that are over */
    {EXEC "1 clone(child_stack=0x7f, flags=CLONE_THREAD) = 2\n2 gettid() = 2\n"
	  "1 clone(child_stack=0x7f, flags=CLONE_THREAD) = 3\n2 +++ exited with 0 +++\n"
	  "1 listen(3, 1) = 0\n3 getuid() = 0\n2 getgid() = 0\n",
     {.from = ONE("listen")},
     "listen, getuid"},
    {EXEC "1 open(\"a\\\"\\n\\x41\\101\", O_RDONLY) = 3\n1 getuid() = 0\n",
     {.from = ONE("open(\"a\\\"\\nAA\")")},
     "getuid"},
    {EXEC "1 open(\"abc\"..., O_RDONLY) = 3\n1 getuid() = 0\n",
     {.from = ONE("open(\"abc\")")},
     NULL},
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(cases); i++) {
		struct said said = {{0}};
		struct s2s_log log = {S2S_LOG_ERROR, say, &said};
		struct s2s_trace_options opts = {.log = &log,
						 .select = cases[i].select};
		struct s2s_trace *trace = s2s_trace_new(&opts);
		enum s2s_status status = read_log(trace, cases[i].log);
		char calls[512];

		show(trace, calls, sizeof calls);
		if (status != (cases[i].calls ? S2S_OK : S2S_EMPTY) ||
		    (cases[i].calls && strcmp(calls, cases[i].calls) != 0))
			fail_msg("case %zu: status %d, %s\n%s", i, (int)status, calls,
				 said.text);
		s2s_trace_free(trace);
	}
}

static void
test_limits(void **state)
{
	struct said said = {{0}};
	struct s2s_log log = {S2S_LOG_ERROR, say, &said};
	struct s2s_limits limits = {.epochs = 3};
	struct s2s_trace_options opts = {
	    .log = &log, .limits = &limits, .select = {.pid = ONE("1")}};
	struct s2s_trace *trace = s2s_trace_new(&opts);

	(void)state;
	assert_int_equal(read_log(trace, EXEC "2 getuid() = 0\n3 getuid() = 0\n"
					      "4 getuid() = 0\n5 getuid() = 0\n"),
			 S2S_LIMIT);
	assert_non_null(strstr(said.text, "too many processes"));
	s2s_trace_free(trace);
}

static void
test_strings(void **state)
{
	static const struct {
		const char *printed, *text; /* NULL: none */
	} rows[] = {
	    {"\"\"", ""},
	    {"\"/bin/ls\"", "/bin/ls"},
	    {"\"a\\\\b\"", "a\\b"},
	    {"\"\\33[\\0331\"", "\33[\0331"},
	    {"\"\\x1b\"", "\33"},
	    {"\"\\t\\v\\f\\r\"", "\t\v\f\r"},
	    {"\"cut\"...", NULL},
	    {"\"open", NULL},
	    {"\"open\\", NULL},
	    {"0x7ffd", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < S2S_ARRAY_SIZE(rows); i++) {
		struct s2s_out out;
		bool is;

		s2s_out_memory(&out);
		is = fact_string(sv_from(rows[i].printed), &out);
		assert_int_equal(is, rows[i].text != NULL);
		if (is)
			assert_true(
			    sv_equal(s2s_out_text(&out), sv_from(rows[i].text)));
		s2s_out_done(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
