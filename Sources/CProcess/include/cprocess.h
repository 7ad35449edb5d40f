#pragma once

#include <stdbool.h>
#include <sys/types.h>

// The process groups of the children that are alive, in an array that a signal handler may read:
// fixed size, no locks, no allocation.

// Notes a process group. False when the array is full; the group is then only ended in the
// ordinary ways.
bool cprocess_add(pid_t group);

// Forgets a process group.
void cprocess_remove(pid_t group);

// Sends a signal to every noted group. Safe in a signal handler.
void cprocess_signal_all(int signal);

// Makes a crash (SIGSEGV, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGTRAP) kill every noted group before
// what was there before happens. A second call changes nothing.
void cprocess_end_on_crash(void);

// The same for SIGHUP, SIGINT, SIGQUIT and SIGTERM.
void cprocess_end_on_termination(void);

// Whether a child has exited. It is left to be waited for, so that its id stays its own.
bool cprocess_has_exited(pid_t child);

// Makes a terminal of this size that the caller holds the other end of, which does not block and
// is closed in children. Returns that end, and the path for the program that is to have the
// terminal; -1 with errno set when there is none left.
int cprocess_open_terminal(char *path, size_t size, unsigned short columns, unsigned short rows);

// As whom a program runs.
struct cprocess_person {
  uid_t user;
  gid_t group;
  // The supplementary groups.
  const gid_t *groups;
  size_t group_count;
  // Where it begins; where that cannot be entered, at the root.
  const char *home;
};

// What a program on a terminal is started with.
struct cprocess_start {
  // The terminal, by its path. It becomes that of the program's new session.
  const char *terminal;
  // The file that is standard input in place of the terminal; NULL for none. Whoever starts the
  // program has to be able to read it.
  const char *input;
  // The descriptor that is standard output in place of the terminal; -1 for none.
  int output;
  // As whom it runs; NULL for whoever starts it.
  const struct cprocess_person *person;
};

// Makes an empty file that lies in memory alone, closed in programs that are started. Returns its
// descriptor; -1 with errno set when that is impossible.
int cprocess_open_memory(void);

// Starts a program, looked up on the PATH, as the first of a session of its own. Returns its id; -1
// with errno set when it could not be started.
pid_t cprocess_start_on_terminal(
    const struct cprocess_start *start, char *const arguments[], char *const variables[]);
