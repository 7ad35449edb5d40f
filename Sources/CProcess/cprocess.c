#define _GNU_SOURCE
#include "cprocess.h"

#include "csignals.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

int cprocess_open_memory(void) { return memfd_create("input", MFD_CLOEXEC); }

// In the child, where only what a signal handler may do is allowed: the parent has several threads.
static int prepare(const struct cprocess_start *start) {
  if (setsid() < 0) return -1;
  struct sigaction usual;
  memset(&usual, 0, sizeof usual);
  usual.sa_handler = SIG_DFL;
  // Two signals keep what they do; the C library keeps some for itself.
  for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &usual, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int terminal = open(start->terminal, O_RDWR);
  if (terminal < 0) return -1;
  const struct cprocess_person *person = start->person;
  // What opens the terminal by its name has to be able to.
  if (person && fchown(terminal, person->user, (gid_t)-1) != 0) return -1;
  int input = terminal;
  if (start->input) {
    input = open(start->input, O_RDONLY);
    if (input < 0) return -1;
  }
  int output = start->output < 0 ? terminal : start->output;
  // The three may lie on each other's places.
  int above = STDERR_FILENO + 1;
  int sources[] = {
      fcntl(input, F_DUPFD_CLOEXEC, above), fcntl(output, F_DUPFD_CLOEXEC, above),
      fcntl(terminal, F_DUPFD_CLOEXEC, above)};
  for (int place = 0; place <= STDERR_FILENO; place++) {
    if (sources[place] < 0 || dup2(sources[place], place) < 0) return -1;
  }
  if (terminal > STDERR_FILENO) close(terminal);
  if (input != terminal && input > STDERR_FILENO) close(input);
  if (!person) return 0;
  if (setgroups(person->group_count, person->groups) != 0) return -1;
  if (setresgid(person->group, person->group, person->group) != 0) return -1;
  if (setresuid(person->user, person->user, person->user) != 0) return -1;
  return chdir(person->home) == 0 ? 0 : chdir("/");
}

pid_t cprocess_start_on_terminal(
    const struct cprocess_start *start, char *const arguments[], char *const variables[]) {
  // Closed without a word when the program has begun.
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return -1;
  // No handler of the parent may run in the child.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child == 0) {
    if (prepare(start) == 0) execvpe(arguments[0], arguments, variables);
    int error = errno;
    ssize_t told = write(failure[1], &error, sizeof error);
    _exit(told == sizeof error ? 127 : 126);
  }
  int error = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(failure[1]);
  if (child > 0) {
    ssize_t count;
    do count = read(failure[0], &error, sizeof error);
    while (count < 0 && errno == EINTR);
    if (count > 0) waitpid(child, NULL, 0);
  }
  close(failure[0]);
  if (error == 0) return child;
  errno = error;
  return -1;
}
