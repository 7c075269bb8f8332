/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/out.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };
enum { TEMPS = 64 }; /* as many as parts of a trace */

/* A signal handler gets no argument, so what it has to remove is static. */
static char temps[TEMPS][PATH_MAX];

static void
remove_temps(void)
{
	for (int i = 0; i < TEMPS; i++)
		if (temps[i][0])
			unlink(temps[i]);
}

static void
remove_temps_at_signal(int signal)
{
	remove_temps();
	raise(signal); /* reset by SA_RESETHAND, delivered on return */
}

static const int caught[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGXCPU,
			     SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF};

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = remove_temps_at_signal,
				   .sa_flags = SA_RESETHAND};
	struct sigaction old;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(caught); i++)
		if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(caught[i], &action, NULL);
}

void
cli_output_leave(void)
{
	struct sigaction was;

	for (size_t i = 0; i < S2S_ARRAY_SIZE(caught); i++)
		if (sigaction(caught[i], NULL, &was) == 0 &&
		    was.sa_handler == remove_temps_at_signal)
			signal(caught[i], SIG_DFL);
	memset(temps, 0, sizeof temps);
	s2s_at_out_of_memory = NULL;
}

/* The first byte comes last: a signal must not find half a name. */
static void
remember(const char *temp)
{
	for (int i = 0; i < TEMPS; i++)
		if (!temps[i][0]) {
			memcpy(temps[i] + 1, temp + 1, strlen(temp));
			atomic_signal_fence(memory_order_seq_cst);
			temps[i][0] = temp[0];
			return;
		}
}

static void
forget(const char *temp)
{
	for (int i = 0; i < TEMPS; i++)
		if (strcmp(temps[i], temp) == 0)
			temps[i][0] = '\0';
}

/* Beside the numbers of errno: see is_planted(). */
enum { PLANTED = -1 };

static enum s2s_status
failed(const struct cli_output *output, int error)
{
	if (error == PLANTED)
		cli_say(output->log, output->name,
			"another user's, in a folder where everybody may write");
	else
		cli_say_errno(output->log, output->name, error);
	return S2S_IO;
}

/* The length of the folder's part of a path, its slash included. */
static size_t
folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool
join_path(char into[PATH_MAX], const char *folder_of, const char *name)
{
	size_t folder = name[0] == '/' ? 0 : folder_length(folder_of);
	char joined[PATH_MAX];
	int n = snprintf(joined, sizeof joined, "%.*s%s", (int)folder, folder_of, name);

	if (n < 0 || n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(into, joined, (size_t)n + 1);
	return true;
}

/* What another user put into a folder like /tmp is neither followed nor replaced: it
   may lead to where only we can write. The kernel's fs.protected_symlinks and its like
   are not on everywhere, and do not look at readlink() and rename(). */
static bool
is_planted(const char *path, const struct stat *st)
{
	const mode_t open_to_all = S_ISVTX | S_IWOTH;
	char folder[PATH_MAX];
	struct stat in;

	return st->st_uid != geteuid() && join_path(folder, path, ".") &&
	       stat(folder, &in) == 0 && st->st_uid != in.st_uid &&
	       (in.st_mode & open_to_all) == open_to_all;
}

/* Where a chain of symbolic links ends, be there a file or not. */
static bool
follow(const char *path, char into[PATH_MAX])
{
	char target[PATH_MAX];
	struct stat st;

	if (!join_path(into, "", path))
		return false;
	for (int i = 0; i < LINKS_MAX; i++) {
		ssize_t n = readlink(into, target, sizeof target - 1);

		if (n < 0)
			return true;
		target[n] = '\0';
		if (lstat(into, &st) != 0 || is_planted(into, &st)) {
			errno = PLANTED;
			return false;
		}
		if (!join_path(into, into, target))
			return false;
	}
	errno = ELOOP;
	return false;
}

static bool
open_temp(struct cli_output *output)
{
	char name[40];

	snprintf(name, sizeof name, ".strace2seccomp-%016llx",
		 (unsigned long long)s2s_random_seed());
	if (!join_path(output->temp, output->final, name))
		return false;
	remember(output->temp);
	output->fd = open(output->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (output->fd >= 0)
		return true;
	forget(output->temp);
	output->temp[0] = '\0';
	return false;
}

/* The new file is like the one it replaces. */
static bool
copy_mode(const struct cli_output *output, const struct stat *old)
{
	if (fchown(output->fd, old->st_uid, old->st_gid) != 0)
		errno = 0; /* another's file in a folder of ours becomes ours */
	return fchmod(output->fd, old->st_mode & 0777) == 0;
}

/* What is no file, or has no name any more (/dev/fd/3). */
static enum s2s_status
open_direct(struct cli_output *output, const char *path, int flags)
{
	output->direct = true;
	output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags);
	return output->fd < 0 ? failed(output, errno) : S2S_OK;
}

static enum s2s_status
open_beside(struct cli_output *output, const char *path)
{
	struct stat there, old;
	bool replaces;

	if (!follow(path, output->final))
		return failed(output, errno);
	replaces = lstat(output->final, &old) == 0;
	if (replaces && is_planted(output->final, &old))
		return failed(output, PLANTED);
	if (stat(path, &there) == 0) {
		if (S_ISDIR(there.st_mode))
			return failed(output, EISDIR);
		if (!S_ISREG(there.st_mode))
			return open_direct(output, path, 0);
		if (there.st_nlink == 0)
			return open_direct(output, path, O_TRUNC);
	} else if (errno != ENOENT) {
		return failed(output, errno);
	}
	if (replaces && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
		return failed(output, errno);
	catch_signals();
	s2s_at_out_of_memory = remove_temps;
	if (!open_temp(output))
		return failed(output, errno);
	if (replaces && !copy_mode(output, &old))
		return failed(output, errno);
	return S2S_OK;
}

enum s2s_status
cli_output_open(struct cli_output *output, const char *path, const struct s2s_log *log)
{
	*output = (struct cli_output){.name = path, .fd = -1, .log = log};
	if (path)
		return open_beside(output, path);
	output->name = "standard output";
	output->direct = true;
	output->fd = STDOUT_FILENO;
	return S2S_OK;
}

enum s2s_status
cli_output_write(struct cli_output *output, const struct s2s_bytes *bytes)
{
	struct s2s_out out;
	enum s2s_status status;
	int error;

	s2s_out_fd(&out, output->fd);
	s2s_out_bytes(&out, bytes->p, bytes->n);
	status = s2s_out_end(&out);
	error = out.error;
	s2s_out_done(&out);
	return status == S2S_OK ? S2S_OK : failed(output, error);
}

static void
sync_folder(const char *path)
{
	char folder[PATH_MAX];
	int fd;

	if (!join_path(folder, path, "."))
		return;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd); /* some file systems cannot; the file itself is safe */
	close(fd);
}

static bool
close_fd(struct cli_output *output)
{
	int fd = output->fd;

	output->fd = -1;
	return close(fd) == 0;
}

enum s2s_status
cli_output_finish(struct cli_output *output)
{
	if (!output->direct && fsync(output->fd) != 0)
		return failed(output, errno);
	if (!close_fd(output))
		return failed(output, errno);
	return S2S_OK;
}

enum s2s_status
cli_output_publish(struct cli_output *output)
{
	if (output->direct)
		return S2S_OK;
	if (rename(output->temp, output->final) != 0)
		return failed(output, errno);
	forget(output->temp);
	output->temp[0] = '\0';
	sync_folder(output->final);
	return S2S_OK;
}

enum s2s_status
cli_output_commit(struct cli_output *output)
{
	TRY(cli_output_finish(output));
	return cli_output_publish(output);
}

void
cli_output_done(struct cli_output *output)
{
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	output->fd = -1;
	if (output->temp[0]) {
		unlink(output->temp);
		forget(output->temp);
		output->temp[0] = '\0';
	}
}
