// A disk that fills up or breaks: preloaded before libc, it lets the first FAULT_AFTER writes to files whose path holds
// FAULT_PATH pass and fails all later ones with the error FAULT_ERROR (a number of errno.h).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int concerns(int file) {
  const char *part = getenv("FAULT_PATH");
  if (!part) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t count = readlink(link, path, sizeof path - 1);
  if (count <= 0) return 0;
  path[count] = 0;
  return strstr(path, part) != NULL;
}

/// Whether this call is one that fails.
static int fails(int file) {
  static atomic_long seen;
  if (!concerns(file)) return 0;
  const char *after = getenv("FAULT_AFTER"), *error = getenv("FAULT_ERROR");
  if (!after || !error || atomic_fetch_add(&seen, 1) < atol(after)) return 0;
  errno = atoi(error);
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
  return fails(file) ? -1 : REAL(write)(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  return fails(file) ? -1 : REAL(pwrite)(file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return fails(file) ? -1 : REAL(pwrite64)(file, bytes, count, offset);
}
int fsync(int file) { return fails(file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails(file) ? -1 : REAL(fdatasync)(file); }
