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
