#define _GNU_SOURCE
#include "cprocess.h"

#include "csignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { group_limit = 1024 };
static _Atomic pid_t groups[group_limit];

bool cprocess_add(pid_t group) {
  for (int i = 0; i < group_limit; i++) {
    pid_t none = 0;
    if (atomic_compare_exchange_strong(&groups[i], &none, group)) return true;
  }
  return false;
}

void cprocess_remove(pid_t group) {
  for (int i = 0; i < group_limit; i++) {
    pid_t expected = group;
    if (atomic_compare_exchange_strong(&groups[i], &expected, 0)) return;
  }
}

void cprocess_signal_all(int signal) {
  for (int i = 0; i < group_limit; i++) {
    pid_t group = atomic_load(&groups[i]);
    if (group > 1) kill(-group, signal);
  }
}

static const int terminations[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { signal_limit = 32 };
// What was there before, by signal.
static struct sigaction previous[signal_limit];
static atomic_bool installed[signal_limit];

static void end(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  cprocess_signal_all(SIGKILL);
  csignals_pass_on(&previous[signal], signal, info, context);
  errno = saved;
}

static void install(const int *signals, size_t count) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = end;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < count; i++) {
    if (atomic_exchange(&installed[signals[i]], true)) continue;
    sigaction(signals[i], &action, &previous[signals[i]]);
  }
}

void cprocess_end_on_crash(void) {
  csignals_prepare_stack();
  install(csignals_crashes, csignals_crash_count);
}

void cprocess_end_on_termination(void) {
  install(terminations, sizeof terminations / sizeof terminations[0]);
}

bool cprocess_has_exited(pid_t child) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD;
  return info.si_pid == child;
}

int cprocess_open_terminal(char *path, size_t size, unsigned short columns, unsigned short rows) {
  int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (terminal < 0) return -1;
  struct winsize window = {.ws_row = rows, .ws_col = columns};
  int error = 0;
  if (unlockpt(terminal) != 0) error = errno;
  if (error == 0) error = ptsname_r(terminal, path, size);
  if (error == 0) ioctl(terminal, TIOCSWINSZ, &window);
  if (error == 0) return terminal;
  close(terminal);
  errno = error;
  return -1;
}
