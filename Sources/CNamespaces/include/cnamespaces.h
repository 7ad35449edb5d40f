#pragma once

#include <stdbool.h>
#include <sys/types.h>

// Programs that live in namespaces (7) of their own. The namespaces have no names, so that they
// end with the processes in them.

struct cnamespaces_program {
  // An absolute path, its arguments and its environment, the last two ended by NULL.
  const char *path;
  char *const *arguments;
  char *const *environment;
  // Where it starts, as seen inside; NULL for the root.
  const char *directory;
  // What it reads and prints to.
  int input, output, error;
  // A process whose network, mount, UTS, IPC and PID namespaces it lives in; 0 for one's own.
  pid_t inside;
  // Whether it becomes the first process of new namespaces below those: when it ends, the kernel
  // ends all that run in them.
  bool first;
  // Whether it gets a session of its own. Otherwise it stays in the group of the caller, and shares
  // its terminal.
  bool session;
};

// Starts a program as a child of the caller.
//
// Returns its id, or -1 with errno set and *step naming the system call that failed.
pid_t cnamespaces_start(const struct cnamespaces_program *program, const char **step);

// Makes SIGHUP, SIGINT, SIGQUIT and SIGTERM wait for a child that is about to be started, instead
// of ending this process.
void cnamespaces_hold_signals(void);

// Makes them go to that child, those that have come meanwhile first. Later ones that come from the
// terminal are left out, since the child gets them from there as well.
void cnamespaces_forward_signals(pid_t child);

// Makes them do again what they did before.
void cnamespaces_release_signals(void);

// The file that a symbol of this program was loaded from; NULL for one that is not there.
const char *cnamespaces_library_of(const char *symbol);
