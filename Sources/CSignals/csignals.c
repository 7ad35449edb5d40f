#include "csignals.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

const int csignals_crashes[csignals_crash_count] = {
  SIGSEGV, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGTRAP,
};

static char alternate_stack[64 * 1024];
static atomic_bool is_used;

void csignals_prepare_stack(void) {
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
  // There is one stack, and it is the first thread's that asks.
  if (atomic_exchange(&is_used, true)) return;
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
}

// Lets the signal end the program: it is blocked in its handler, so it takes effect when that
// returns.
static void die(int signal) {
  struct sigaction fatal;
  memset(&fatal, 0, sizeof fatal);
  fatal.sa_handler = SIG_DFL;
  sigaction(signal, &fatal, NULL);
  raise(signal);
}

void csignals_pass_on(const struct sigaction *previous, int signal, siginfo_t *info,
                      void *context) {
  if (previous->sa_flags & SA_SIGINFO) {
    previous->sa_sigaction(signal, info, context);
    // A handler that writes a report counts on the fault to happen again when it returns. What
    // another process has sent does not.
    if (info->si_code <= 0) die(signal);
  } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
    previous->sa_handler(signal);
  } else {
    die(signal);
  }
}
