/* SPDX-License-Identifier: MIT */
/* What a committed skeleton needs of the header of libbpf that it includes, so that to
   build it needs the kernel's headers alone. The layout is that of bpftool 7.1. */
#pragma once

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct bpf_map_desc {
	int map_fd;
	__u32 max_entries;
	__aligned_u64 initial_value;
};

struct bpf_prog_desc {
	int prog_fd;
};

struct bpf_loader_ctx {
	__u32 sz;
	__u32 flags;
	__u32 log_level;
	__u32 log_size;
	__u64 log_buf;
};

struct bpf_load_and_run_opts {
	struct bpf_loader_ctx *ctx;
	const void *data;
	const void *insns;
	__u32 data_sz;
	__u32 insns_sz;
	const char *errstr;
};

static inline int
skel_sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr, unsigned size)
{
	return (int)syscall(SYS_bpf, cmd, attr, size);
}

static inline void *
skel_alloc(size_t size)
{
	return calloc(1, size);
}

static inline void
skel_free(void *p)
{
	free(p);
}

static inline int
skel_closenz(int fd)
{
	return fd > 0 ? close(fd) : -EINVAL;
}

/* What a map begins with, until the map itself takes its place. */
static inline void *
skel_prep_map_data(const void *value, size_t room, size_t n)
{
	void *p =
	    mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : memcpy(p, value, n);
}

static inline void *
skel_finalize_map_data(__u64 *at, size_t room, int protection, int fd)
{
	void *p = mmap((void *)(uintptr_t)*at, room, protection, MAP_SHARED | MAP_FIXED,
		       fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static inline void
skel_free_map_data(void *p, __u64 address, size_t room)
{
	(void)address;
	if (p)
		munmap(p, room);
}

static inline int
skel_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.map_fd = (__u32)fd;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	attr.flags = flags;
	return skel_sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof attr);
}

static inline int
skel_raw_tracepoint_open(const char *name, int program)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.raw_tracepoint.name = (uintptr_t)name;
	attr.raw_tracepoint.prog_fd = (__u32)program;
	return skel_sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof attr);
}

/* The loader, a program for the kernel itself, finds its data in a map's only value. */
static inline int
skel_run_loader(const struct bpf_load_and_run_opts *opts, int map)
{
	union bpf_attr attr;
	int program, rc;

	memset(&attr, 0, sizeof attr);
	attr.prog_type = BPF_PROG_TYPE_SYSCALL;
	attr.insns = (uintptr_t)opts->insns;
	attr.insn_cnt = (__u32)(opts->insns_sz / sizeof(struct bpf_insn));
	attr.license = (uintptr_t) "Dual MIT/GPL";
	attr.fd_array = (uintptr_t)&map;
	attr.prog_flags = BPF_F_SLEEPABLE;
	program = skel_sys_bpf(BPF_PROG_LOAD, &attr, sizeof attr);
	if (program < 0)
		return -errno;
	memset(&attr, 0, sizeof attr);
	attr.test.prog_fd = (__u32)program;
	attr.test.ctx_in = (uintptr_t)opts->ctx;
	attr.test.ctx_size_in = opts->ctx->sz;
	rc = skel_sys_bpf(BPF_PROG_RUN, &attr, sizeof attr);
	rc = rc < 0 ? -errno : (int)attr.test.retval;
	close(program);
	return rc;
}

static inline int
bpf_load_and_run(struct bpf_load_and_run_opts *opts)
{
	union bpf_attr attr;
	int key = 0, map, rc;

	memset(&attr, 0, sizeof attr);
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = sizeof key;
	attr.value_size = opts->data_sz;
	attr.max_entries = 1;
	map = skel_sys_bpf(BPF_MAP_CREATE, &attr, sizeof attr);
	if (map < 0)
		return -errno;
	rc = skel_map_update_elem(map, &key, opts->data, BPF_ANY) < 0
		 ? -errno
		 : skel_run_loader(opts, map);
	close(map);
	if (rc < 0)
		errno = -rc;
	return rc;
}
