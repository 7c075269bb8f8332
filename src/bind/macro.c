/* SPDX-License-Identifier: MIT */
/* Macros that strace prints with arguments. The numbers are those of linux/ioctl.h,
   linux/input.h, linux/hidraw.h, linux/hiddev.h, linux/joystick.h, linux/uinput.h,
   linux/spi/spidev.h, linux/soundcard.h, linux/kdev_t.h, linux/ioprio.h, linux/quota.h
   and linux/posix-timers.h. */
#include "bind/expr.h"

enum { IOC_NONE, IOC_WRITE, IOC_READ };

static bool
ioc(uint64_t dir, uint64_t type, uint64_t nr, uint64_t size, uint64_t *ret)
{
	if (dir > 3 || type > 0xff || nr > 0xff || size > 0x3fff)
		return false;
	*ret = dir << 30 | size << 16 | type << 8 | nr;
	return true;
}

static bool
eval_ioc(const uint64_t *a, uint64_t *ret)
{
	return ioc(a[0], a[1], a[2], a[3], ret);
}

static bool
eval_io(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_NONE, a[0], a[1], 0, ret);
}

static bool
eval_ior(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_READ, a[0], a[1], a[2], ret);
}

static bool
eval_iow(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_WRITE, a[0], a[1], a[2], ret);
}

static bool
eval_iowr(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_READ | IOC_WRITE, a[0], a[1], a[2], ret);
}

/* The kernel's new_encode_dev(), as mknod and ustat take it: 12 and 20 bits. */
static bool
eval_makedev(const uint64_t *a, uint64_t *ret)
{
	if (a[0] > 0xfff || a[1] > 0xfffff)
		return false;
	*ret = (a[1] & 0xff) | a[0] << 8 | (a[1] & ~UINT64_C(0xff)) << 12;
	return true;
}

static bool
eval_qcmd(const uint64_t *a, uint64_t *ret)
{
	if (a[0] > 0xffffff || a[1] > 0xff)
		return false;
	*ret = a[0] << 8 | a[1];
	return true;
}

static bool
eval_htons(const uint64_t *a, uint64_t *ret)
{
	if (a[0] > 0xffff)
		return false;
	*ret = __builtin_bswap16((uint16_t)a[0]);
	return true;
}

static bool
eval_htonl(const uint64_t *a, uint64_t *ret)
{
	if (a[0] > 0xffffffff)
		return false;
	*ret = __builtin_bswap32((uint32_t)a[0]);
	return true;
}

static bool
eval_ioprio(const uint64_t *a, uint64_t *ret)
{
	if (a[0] > 0x7ffff || a[1] > 0x1fff)
		return false;
	*ret = a[0] << 13 | a[1];
	return true;
}

/* A clock_id is negative where it belongs to a process, thread or descriptor. */
static bool
clock_of(uint64_t id, uint64_t clock, uint64_t *ret)
{
	if ((id > INT32_MAX && id < (uint64_t)INT32_MIN) || clock > 7)
		return false;
	*ret = ~id << 3 | clock;
	return true;
}

static bool
eval_process_clock(const uint64_t *a, uint64_t *ret)
{
	return a[1] < 4 && clock_of(a[0], a[1], ret);
}

static bool
eval_thread_clock(const uint64_t *a, uint64_t *ret)
{
	return a[1] < 4 && clock_of(a[0], a[1] | 4, ret);
}

static bool
eval_fd_clock(const uint64_t *a, uint64_t *ret)
{
	return clock_of(a[0], 3, ret);
}

static bool
eval_evdev_bits(const uint64_t *a, uint64_t *ret)
{
	return a[0] < 0x20 && ioc(IOC_READ, 'E', 0x20 + a[0], a[1], ret);
}

enum { SIZEOF_ABSINFO = 24 };

static bool
eval_evdev_gabs(const uint64_t *a, uint64_t *ret)
{
	return a[0] < 0x40 && ioc(IOC_READ, 'E', 0x40 + a[0], SIZEOF_ABSINFO, ret);
}

static bool
eval_evdev_sabs(const uint64_t *a, uint64_t *ret)
{
	return a[0] < 0x40 && ioc(IOC_WRITE, 'E', 0xc0 + a[0], SIZEOF_ABSINFO, ret);
}

static bool
eval_mixer_read(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_READ, 'M', a[0], sizeof(int32_t), ret);
}

static bool
eval_mixer_write(const uint64_t *a, uint64_t *ret)
{
	return ioc(IOC_WRITE, 'M', a[0], sizeof(int32_t), ret);
}

static const struct macro {
	const char *name;
	uint8_t nargs;
	enum s2s_expr_loss loss;
	bool (*eval)(const uint64_t *args, uint64_t *ret);
} macros[] = {
    {"_IOC", 4, S2S_EXPR_EXACT, eval_ioc},
    {"makedev", 2, S2S_EXPR_EXACT, eval_makedev},
    {"htons", 1, S2S_EXPR_EXACT, eval_htons},
    {"htonl", 1, S2S_EXPR_EXACT, eval_htonl},
    {"QCMD", 2, S2S_EXPR_EXACT, eval_qcmd},
    {"IOPRIO_PRIO_VALUE", 2, S2S_EXPR_EXACT, eval_ioprio},
    {"MAKE_PROCESS_CPUCLOCK", 2, S2S_EXPR_EXACT, eval_process_clock},
    {"MAKE_THREAD_CPUCLOCK", 2, S2S_EXPR_EXACT, eval_thread_clock},
    {"FD_TO_CLOCKID", 1, S2S_EXPR_EXACT, eval_fd_clock},
    {"_IO", 2, S2S_EXPR_EXACT, eval_io},
    {"_IOR", 3, S2S_EXPR_EXACT, eval_ior},
    {"_IOW", 3, S2S_EXPR_EXACT, eval_iow},
    {"_IOWR", 3, S2S_EXPR_EXACT, eval_iowr},
    {"EVIOCGBIT", 2, S2S_EXPR_EXACT, eval_evdev_bits},
    {"EVIOCGABS", 1, S2S_EXPR_LOSSY, eval_evdev_gabs},
    {"EVIOCSABS", 1, S2S_EXPR_LOSSY, eval_evdev_sabs},
    {"MIXER_READ", 1, S2S_EXPR_LOSSY, eval_mixer_read},
    {"MIXER_WRITE", 1, S2S_EXPR_PATTERN, eval_mixer_write},
};

/* Commands whose macro takes the size of a buffer, and strace prints just that. */
static const struct sized {
	const char *name;
	uint8_t dir;
	char type;
	uint8_t nr;
} sized[] = {
    {"EVIOCGNAME", IOC_READ, 'E', 0x06},
    {"EVIOCGPHYS", IOC_READ, 'E', 0x07},
    {"EVIOCGUNIQ", IOC_READ, 'E', 0x08},
    {"EVIOCGPROP", IOC_READ, 'E', 0x09},
    {"EVIOCGMTSLOTS", IOC_READ, 'E', 0x0a},
    {"EVIOCGKEY", IOC_READ, 'E', 0x18},
    {"EVIOCGLED", IOC_READ, 'E', 0x19},
    {"EVIOCGSND", IOC_READ, 'E', 0x1a},
    {"EVIOCGSW", IOC_READ, 'E', 0x1b},
    {"HIDIOCGRAWNAME", IOC_READ, 'H', 0x04},
    {"HIDIOCGRAWPHYS", IOC_READ, 'H', 0x05},
    {"HIDIOCGRAWUNIQ", IOC_READ, 'H', 0x08},
    {"HIDIOCGPHYS", IOC_READ, 'H', 0x12},
    {"HIDIOCSFEATURE", IOC_READ | IOC_WRITE, 'H', 0x06},
    {"HIDIOCGFEATURE", IOC_READ | IOC_WRITE, 'H', 0x07},
    {"HIDIOCSINPUT", IOC_READ | IOC_WRITE, 'H', 0x09},
    {"HIDIOCGINPUT", IOC_READ | IOC_WRITE, 'H', 0x0a},
    {"HIDIOCSOUTPUT", IOC_READ | IOC_WRITE, 'H', 0x0b},
    {"HIDIOCGOUTPUT", IOC_READ | IOC_WRITE, 'H', 0x0c},
    {"JSIOCGNAME", IOC_READ, 'j', 0x13},
    {"UI_GET_SYSNAME", IOC_READ, 'U', 0x2c},
    {"SPI_IOC_MESSAGE", IOC_WRITE, 'k', 0x00},
};

static enum s2s_expr_fault
sized_value(struct s2s_sv name, uint64_t size, uint64_t *ret)
{
	for (size_t i = 0; i < sizeof sized / sizeof *sized; i++) {
		const struct sized *m = &sized[i];

		if (!sv_equal(name, sv_from(m->name)))
			continue;
		return ioc(m->dir, (uint8_t)m->type, m->nr, size, ret) ? S2S_EXPR_FINE
								       : S2S_EXPR_RANGE;
	}
	return S2S_EXPR_SYMBOL;
}

enum s2s_expr_fault
s2s_macro_value(struct s2s_expr *e, struct s2s_sv name, const uint64_t *args,
		size_t nargs, uint64_t *ret)
{
	for (size_t i = 0; i < sizeof macros / sizeof *macros; i++) {
		const struct macro *m = &macros[i];

		if (m->nargs != nargs || !sv_equal(name, sv_from(m->name)))
			continue;
		if (m->loss > e->loss)
			e->loss = m->loss;
		return m->eval(args, ret) ? S2S_EXPR_FINE : S2S_EXPR_RANGE;
	}
	return nargs == 1 ? sized_value(name, args[0], ret) : S2S_EXPR_SYMBOL;
}
