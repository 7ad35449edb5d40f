#pragma once

#include <signal.h>
#include <stddef.h>

// What handlers of signals that end the program have in common, wherever they are installed.

// The signals of a program that has gone wrong by itself.
enum { csignals_crash_count = 6 };
extern const int csignals_crashes[csignals_crash_count];

// Gives this thread a stack of its own for handlers with SA_ONSTACK, unless it has one: a stack
// that overflowed cannot run them.
void csignals_prepare_stack(void);

// Lets happen what would have happened without the handler that calls it.
void csignals_pass_on(const struct sigaction *previous, int signal, siginfo_t *info,
                      void *context);
