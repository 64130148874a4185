/*
 * Kills the process that it is preloaded into at one chosen system call: exactly before it happens, or exactly after;
 * or suspends it there, once (CRASH_SIGNAL: STOP; default: KILL).
 * The process is not asked and cannot notice. CRASH_CALL: mkdir, link, rename, unlink, symlink, truncate or open (one
 * that creates or empties); CRASH_PATH: fnmatch(3) pattern of its (new) path; CRASH_NTH: which one of those that
 * succeed, from 1; CRASH_WHEN: before or after. Relative paths are taken from the current folder.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int succeeded, stopped;

static void to_absolute(int folder, const char *path, char *out) {
	char base[PATH_MAX] = "", link[64];
	ssize_t length;
	if (path[0] == '/') {
		snprintf(out, PATH_MAX, "%s", path);
		return;
	}
	if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
	else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
	length = readlink(link, base, sizeof base - 1);
	if (length > 0) base[length] = 0;
	snprintf(out, PATH_MAX, "%.2000s/%.2000s", base, path);
}

static int is_chosen(const char *call, int folder, const char *path) {
	const char *wanted = getenv("CRASH_CALL"), *pattern = getenv("CRASH_PATH");
	char absolute[PATH_MAX];
	if (!wanted || !pattern || !path || strcmp(wanted, call) != 0) return 0;
	to_absolute(folder, path, absolute);
	return fnmatch(pattern, absolute, 0) == 0;
}

static int is_when(const char *when) {
	const char *wanted = getenv("CRASH_WHEN");
	return wanted && strcmp(wanted, when) == 0;
}

/* A signal to this very thread: it goes no further before all others are stopped too. */
static void crash(void) {
	const char *name = getenv("CRASH_SIGNAL");
	if (name && strcmp(name, "STOP") == 0) {
		if (!atomic_exchange(&stopped, 1)) raise(SIGSTOP);
		return;
	}
	kill(getpid(), SIGKILL);
	for (;;) pause();
}

static int nth(void) {
	const char *text = getenv("CRASH_NTH");
	return text ? atoi(text) : 1;
}

static void before(int chosen) {
	if (chosen && is_when("before") && atomic_load(&succeeded) + 1 >= nth()) crash();
}

static int after(int chosen, int result) {
	if (chosen && result >= 0) {
		int count = atomic_fetch_add(&succeeded, 1) + 1;
		if (is_when("after") && count >= nth()) crash();
	}
	return result;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))
#define WRAP(call, folder, path, type, name, ...)          \
	int chosen = is_chosen(call, folder, path);              \
	before(chosen);                                          \
	return after(chosen, REAL(name, type)(__VA_ARGS__))

int mkdir(const char *path, mode_t mode) {
	WRAP("mkdir", AT_FDCWD, path, int (*)(const char *, mode_t), "mkdir", path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
	WRAP("mkdir", folder, path, int (*)(int, const char *, mode_t), "mkdirat", folder, path, mode);
}
int link(const char *from, const char *to) {
	WRAP("link", AT_FDCWD, to, int (*)(const char *, const char *), "link", from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
	WRAP("link", b, to, int (*)(int, const char *, int, const char *, int), "linkat", a, from, b, to, flags);
}
int rename(const char *from, const char *to) {
	WRAP("rename", AT_FDCWD, to, int (*)(const char *, const char *), "rename", from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
	WRAP("rename", b, to, int (*)(int, const char *, int, const char *), "renameat", a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
	WRAP("rename", b, to, int (*)(int, const char *, int, const char *, unsigned), "renameat2", a, from, b, to, flags);
}
int unlink(const char *path) {
	WRAP("unlink", AT_FDCWD, path, int (*)(const char *), "unlink", path);
}
int unlinkat(int folder, const char *path, int flags) {
	WRAP("unlink", folder, path, int (*)(int, const char *, int), "unlinkat", folder, path, flags);
}
int rmdir(const char *path) {
	WRAP("unlink", AT_FDCWD, path, int (*)(const char *), "rmdir", path);
}
int symlink(const char *target, const char *path) {
	WRAP("symlink", AT_FDCWD, path, int (*)(const char *, const char *), "symlink", target, path);
}
int symlinkat(const char *target, int folder, const char *path) {
	WRAP("symlink", folder, path, int (*)(const char *, int, const char *), "symlinkat", target, folder, path);
}
int truncate(const char *path, off_t size) {
	WRAP("truncate", AT_FDCWD, path, int (*)(const char *, off_t), "truncate", path, size);
}

#define OPEN(name, folder, type, ...)                                                        \
	va_list arguments;                                                                         \
	va_start(arguments, flags);                                                                \
	mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;                           \
	va_end(arguments);                                                                         \
	int chosen = (flags & (O_CREAT | O_TRUNC)) && is_chosen("open", folder, path);             \
	before(chosen);                                                                            \
	return after(chosen, REAL(name, type)(__VA_ARGS__, mode))

int open(const char *path, int flags, ...) {
	OPEN("open", AT_FDCWD, int (*)(const char *, int, ...), path, flags);
}
int open64(const char *path, int flags, ...) {
	OPEN("open64", AT_FDCWD, int (*)(const char *, int, ...), path, flags);
}
int openat(int folder, const char *path, int flags, ...) {
	OPEN("openat", folder, int (*)(int, const char *, int, ...), folder, path, flags);
}
int openat64(int folder, const char *path, int flags, ...) {
	OPEN("openat64", folder, int (*)(int, const char *, int, ...), folder, path, flags);
}
