/* SPDX-License-Identifier: MIT */
/* The reporter that answers a listener: every call that the filters reject waits for
   what it says. */
#include "enforce/launch.h"

#include "base/arena.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP /* Linux 6.6 */
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      SECCOMP_IOW(4, __u64)
#endif

enum { NAP_NS = 20 * 1000, MAX_ERRNO = 4095 };

/* The kernel's structures may be longer than those that we know. */
struct supervisor {
	const struct s2s_launch *launch;
	int listener;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *answer;
	size_t request_size, answer_size;
};

/* The command waits without a call, so that nothing but its memory can tell. */
static int
fetch_listener(const struct s2s_launch *launch, pid_t main)
{
	int pidfd = (int)syscall(SYS_pidfd_open, main, 0), fd, error;
	struct pollfd gone = {.fd = pidfd, .events = POLLIN};
	const struct timespec nap = {0, NAP_NS};

	if (pidfd < 0)
		return -1;
	while (launch->shared->listener < 0 && poll(&gone, 1, 0) == 0)
		nanosleep(&nap, NULL);
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, launch->shared->listener, 0);
	error = errno;
	close(pidfd);
	errno = error;
	return fd;
}

static bool
make_room(struct supervisor *s)
{
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		return false;
	s->request_size = sizes.seccomp_notif > sizeof *s->request ? sizes.seccomp_notif
								   : sizeof *s->request;
	s->answer_size = sizes.seccomp_notif_resp > sizeof *s->answer
			     ? sizes.seccomp_notif_resp
			     : sizeof *s->answer;
	s->request = s2s_realloc(NULL, s->request_size, 1);
	s->answer = s2s_realloc(NULL, s->answer_size, 1);
	return true;
}

static int
error_of(uint32_t verdict)
{
	int error = (int)(verdict & SECCOMP_RET_DATA);

	if ((verdict & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO || error == 0)
		return EPERM;
	return error < MAX_ERRNO ? error : MAX_ERRNO;
}

/* The end of a launcher that has failed is no call of the command's. */
static enum s2s_answer
ask(const struct supervisor *s, const struct s2s_stopped *call)
{
	const struct s2s_reporter *to = &s->launch->enforce->reporter;

	if (s->launch->shared->failed)
		return S2S_ANSWER_PASS;
	s->launch->shared->reports++;
	return to->stopped(to->self, call);
}

/* ENOENT: the thread was killed meanwhile. */
static bool
send(const struct supervisor *s)
{
	int rc;

	do
		rc = ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, s->answer);
	while (rc && errno == EINTR);
	return rc == 0 || errno == ENOENT;
}

static bool
answer(struct supervisor *s)
{
	const struct s2s_enforce *e = s->launch->enforce;
	struct s2s_stopped call = {.tid = (pid_t)s->request->pid,
				   .data = s->request->data};
	pid_t process;

	if (!e->reporter.calls_alone)
		call.verdict = s2s_enforce_verdict(e->filters, e->n, &call.data);
	memset(s->answer, 0, s->answer_size);
	s->answer->id = s->request->id;
	switch (ask(s, &call)) {
	case S2S_ANSWER_PASS:
		s->answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		break;
	case S2S_ANSWER_FAIL:
		s->answer->error = -error_of(call.verdict);
		break;
	case S2S_ANSWER_KILL:
		s->answer->error = -EPERM;
		process = s2s_process_of(call.tid);
		/* Is it still the same that is killed? */
		if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &s->request->id) ==
		    0)
			kill(process, SIGKILL);
		break;
	}
	return send(s);
}

/* Of what was asked for: the thread may have been killed meanwhile (ENOENT). */
static bool
receive(struct supervisor *s)
{
	memset(s->request, 0, s->request_size);
	if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, s->request) == 0)
		return answer(s);
	return errno == ENOENT || errno == EINTR;
}

static bool
serve_one(struct supervisor *s, struct pollfd fds[2], int done)
{
	const struct s2s_reporter *to = &s->launch->enforce->reporter;

	if (fds[0].revents & POLLIN)
		return receive(s);
	if (fds[1].revents) {
		fds[1].fd = -1;
		s->launch->shared->kept = to->ended(to->self, false);
		if (write(done, "d", 1) == 1)
			close(done);
	}
	return true;
}

/* Until nobody has the filter any more; false where it cannot go on. */
static bool
serve(struct supervisor *s, int over, int done)
{
	struct pollfd fds[] = {{.fd = s->listener, .events = POLLIN},
			       {.fd = over, .events = POLLIN}};

	for (;;) {
		if (poll(fds, 2, -1) < 0) {
			if (errno != EINTR)
				return false;
		} else if (fds[0].revents && !(fds[0].revents & POLLIN)) {
			return true;
		} else if (!serve_one(s, fds, done)) {
			return false;
		}
	}
}

/* A reporter that cannot answer is worse than none: without one, calls fail. */
static bool
serve_to_the_end(struct supervisor *s, int over, int done)
{
	const struct s2s_enforce *e = s->launch->enforce;
	bool whole = serve(s, over, done);

	if (!whole)
		s2s_log(e->log, S2S_LOG_ERROR,
			"calls that the filters reject cannot be answered any more, "
			"they fail with ENOSYS: %s",
			strerror(errno));
	if (!whole && e->reporter.failed)
		e->reporter.failed(e->reporter.self);
	close(s->listener);
	s->launch->shared->kept = e->reporter.ended(e->reporter.self, true);
	return whole;
}

/* Unless it has failed itself, it has no call left with which it could end. */
static void
end_launcher(struct s2s_shared *shared, pid_t main, int error)
{
	int none = 0;

	if (atomic_compare_exchange_strong(&shared->failed, &none, error))
		kill(main, SIGKILL);
}

bool
s2s_supervise(const struct s2s_launch *launch, pid_t main, int over, int done)
{
	struct supervisor s = {.launch = launch};
	bool whole = true;

	if (make_room(&s)) {
		launch->shared->traced = 1;
		close(launch->gate[1]);
		s.listener = fetch_listener(launch, main);
		if (s.listener < 0) {
			end_launcher(launch->shared, main, errno);
		} else {
			launch->shared->taken = 1;
			/* Who waits for the other runs on the same processor. */
			ioctl(s.listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
			      SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
			whole = serve_to_the_end(&s, over, done);
		}
	}
	free(s.request);
	free(s.answer);
	return whole;
}
