#define _GNU_SOURCE
#include "cnamespaces.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { namespaces = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID };

// Between fork and exec of a program with threads only what is safe in a signal handler may be
// called; hence plain system calls wherever a copy of the caller runs.

// What the copies of the caller report through a socket. The kernel adds the id of the one that
// wrote it, as the caller sees it: inside other PID namespaces nobody knows that.
struct report {
  enum { between, started, failed } what;
  int error;
  const char *step;
};

static void tell(int reports, struct report report) {
  (void)!write(reports, &report, sizeof report);
}

static void fail(int reports, const char *step) {
  tell(reports, (struct report){.what = failed, .error = errno, .step = step});
  _exit(127);
}

// Waits for a report; false when nobody is left who could write one.
static bool hear(int reports, struct report *report, pid_t *writer) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct ucred))];
  } control;
  struct iovec data = {.iov_base = report, .iov_len = sizeof *report};
  struct msghdr message = {
    .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t length;
  while ((length = recvmsg(reports, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) continue;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (length != sizeof *report || !header || header->cmsg_type != SCM_CREDENTIALS) return false;
  struct ucred sender;
  memcpy(&sender, CMSG_DATA(header), sizeof sender);
  *writer = sender.pid;
  return true;
}

// A copy of this process that is a child of the caller and not of this one.
static pid_t sibling(int flags) {
  return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD | flags, 0, 0, 0, 0);
}

static void become(const struct cnamespaces_program *program, int reports) {
  tell(reports, (struct report){.what = started});
  // The C library's sigaction may wait for a lock that another thread held when this process was
  // copied. Handler, flags, restorer and mask, all 0, are the kernel's SIG_DFL.
  const unsigned long standard[4] = {0};
  for (int signal = 1; signal < NSIG; signal++) {
    syscall(SYS_rt_sigaction, signal, standard, NULL, 64 / 8);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (program->session && setsid() < 0) fail(reports, "setsid");
  // New mount namespaces still share their events with the old one.
  if (program->first && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
    fail(reports, "mount");
  }
  if (chdir(program->directory ? program->directory : "/") != 0) fail(reports, "chdir");
  int streams[] = {program->input, program->output, program->error};
  // Moved out of the way first, since one may stand where another has to go.
  for (int i = 0; i < 3; i++) {
    streams[i] = fcntl(streams[i], F_DUPFD_CLOEXEC, 3);
    if (streams[i] < 0) fail(reports, "fcntl");
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(streams[i], i) < 0) fail(reports, "dup2");
  }
  // Nothing else of the caller's may be held open; where the kernel is too old for this call,
  // O_CLOEXEC does the same for nearly all.
  syscall(SYS_close_range, 3, ~0U, 1 << 2 /* CLOSE_RANGE_CLOEXEC */);
  execve(program->path, program->arguments, program->environment);
  fail(reports, "execve");
}

// Runs in a process of its own: only one without threads may change its mount namespace.
static void start_between(const struct cnamespaces_program *program, int inside, int reports) {
  if (inside >= 0 && setns(inside, namespaces) != 0) fail(reports, "setns");
  // The PID namespace holds for the children alone, and only one who lives in it may make another
  // below it.
  pid_t child = sibling(0);
  if (child == 0 && program->first) {
    tell(reports, (struct report){.what = between});
    child = sibling(namespaces);
    if (child > 0) _exit(0);
  }
  if (child < 0) fail(reports, "clone");
  if (child == 0) become(program, reports);
  _exit(0);
}

static void wait_for(pid_t child) {
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
}

static pid_t fork_between(const struct cnamespaces_program *program, int inside, int reports) {
  // A handler of the caller's must not run in the copy of it.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) start_between(program, inside, reports);
  int saved = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved;
  return child;
}

pid_t cnamespaces_start(const struct cnamespaces_program *program, const char **step) {
  int reports[2], inside = -1;
  *step = "socketpair";
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, reports) != 0) return -1;
  setsockopt(reports[0], SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int));
  if (program->inside != 0) {
    *step = "pidfd_open";
    inside = (int)syscall(SYS_pidfd_open, program->inside, 0);
  }
  pid_t first = -1, child = -1;
  if (program->inside == 0 || inside >= 0) {
    *step = "fork";
    first = fork_between(program, inside, reports[1]);
  }
  int error = first > 0 ? 0 : errno;
  close(reports[1]);
  if (inside >= 0) close(inside);
  if (first > 0) {
    struct report report;
    pid_t writer;
    // Ends when the program runs or has failed to: until then somebody holds the socket.
    while (hear(reports[0], &report, &writer)) {
      if (report.what == between) wait_for(writer);
      if (report.what == started) child = writer;
      if (report.what == failed) {
        error = report.error;
        *step = report.step;
        if (writer != first && writer != child) wait_for(writer);
      }
    }
    wait_for(first);
    // Killed before it could report anything.
    if (child < 0 && error == 0) error = ECHILD;
    if (child > 0 && error != 0) {
      wait_for(child);
      child = -1;
    }
  }
  close(reports[0]);
  errno = error;
  return child;
}

static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { forwarded_count = sizeof forwarded / sizeof forwarded[0] };
static struct sigaction before_holding[forwarded_count];
// The child that signals go to; 0 while there is none yet.
static _Atomic pid_t receiver;
// The signals that came before there was one, as bits.
static atomic_uint held;

static void forward(int signal, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  atomic_fetch_or(&held, 1u << signal);
  pid_t child = atomic_load(&receiver);
  if (child > 0 && atomic_fetch_and(&held, ~(1u << signal)) & 1u << signal) {
    if (info->si_code != SI_KERNEL) kill(child, signal);
  }
  errno = saved;
}

void cnamespaces_hold_signals(void) {
  struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO | SA_RESTART};
  for (int i = 0; i < forwarded_count; i++) {
    sigaction(forwarded[i], &action, &before_holding[i]);
  }
}

void cnamespaces_forward_signals(pid_t child) {
  atomic_store(&receiver, child);
  unsigned early = atomic_exchange(&held, 0);
  for (int i = 0; i < forwarded_count; i++) {
    if (early & 1u << forwarded[i]) kill(child, forwarded[i]);
  }
}

void cnamespaces_release_signals(void) {
  for (int i = 0; i < forwarded_count; i++) sigaction(forwarded[i], &before_holding[i], NULL);
  atomic_store(&receiver, 0);
}

const char *cnamespaces_library_of(const char *symbol) {
  Dl_info found;
  void *place = dlsym(RTLD_DEFAULT, symbol);
  return place && dladdr(place, &found) ? found.dli_fname : NULL;
}
