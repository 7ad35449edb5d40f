#include "internal.h"

#include "csignals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// Handlers, and not a signalfd: that one gets a signal only if all threads block it, and the main
// thread of a Swift program whose main is async blocks none.

static const int endings[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
static const int notices[] = {SIGWINCH, SIGTSTP, SIGCONT};
enum { signal_limit = 32 };
// What was there before, by signal.
static struct sigaction previous[signal_limit];
static bool taken[signal_limit];

static _Atomic uint64_t noted;
static atomic_bool listening;
static int wake = -1;

static uint64_t bit(int signal) { return (uint64_t)1 << signal; }

static void note(int signal) {
  atomic_fetch_or(&noted, bit(signal));
  cterm_wake(wake);
}

// Gives the terminal back, then lets happen what would have happened without us.
static void end(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  cterm_restore();
  csignals_pass_on(&previous[signal], signal, info, context);
  errno = saved;
}

static void end_or_note(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  if (atomic_load(&listening)) {
    note(signal);
  } else {
    end(signal, info, context);
  }
  errno = saved;
}

static void notice(int signal, siginfo_t *info, void *context) {
  (void)info;
  (void)context;
  int saved = errno;
  note(signal);
  errno = saved;
}

typedef void handler(int, siginfo_t *, void *);

static void take(const int *signals, size_t count, handler *handler, bool even_ignored) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < count; i++) {
    int signal = signals[i];
    if (taken[signal]) continue;
    sigaction(signal, NULL, &previous[signal]);
    // What nohup or a shell without job control has switched off stays off.
    bool ignored = !(previous[signal].sa_flags & SA_SIGINFO)
                   && previous[signal].sa_handler == SIG_IGN;
    if (ignored && !even_ignored) continue;
    taken[signal] = true;
    sigaction(signal, &action, NULL);
  }
}

static void give_back(const int *signals, size_t count, handler *handler) {
  for (size_t i = 0; i < count; i++) {
    int signal = signals[i];
    if (!taken[signal]) continue;
    // Where somebody else came on top of us, ours has to stay: theirs calls it.
    struct sigaction current;
    sigaction(signal, NULL, &current);
    if (!(current.sa_flags & SA_SIGINFO) || current.sa_sigaction != handler) continue;
    sigaction(signal, &previous[signal], NULL);
    taken[signal] = false;
  }
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool signals_take(void) {
  if (wake < 0) wake = cterm_wake_create();
  if (wake < 0) return false;
  cterm_take_signals();
  csignals_prepare_stack();
  // These are never given back: without an armed terminal they only pass the crash on.
  take(csignals_crashes, csignals_crash_count, end, true);
  take(endings, COUNT(endings), end_or_note, false);
  take(notices, COUNT(notices), notice, false);
  return true;
}

void signals_give_back(void) {
  give_back(endings, COUNT(endings), end_or_note);
  give_back(notices, COUNT(notices), notice);
}

bool signals_stop(void) {
  if (!taken[SIGTSTP]) return false;
  struct sigaction own, stop;
  memset(&stop, 0, sizeof stop);
  stop.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &stop, &own);
  // The whole group, as the terminal's own Ctrl-Z does: a shell script waits for it to stop too.
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &own, NULL);
  uint64_t stopped = bit(SIGCONT) | bit(SIGTSTP);
  return (atomic_fetch_and(&noted, ~stopped) & bit(SIGCONT)) != 0;
}

bool signals_end(void) {
  uint64_t signals = atomic_load(&noted);
  for (size_t i = 0; i < COUNT(endings); i++) {
    if (signals & bit(endings[i])) return true;
  }
  return false;
}

void cterm_listen(bool on) { atomic_store(&listening, on); }

int cterm_signal_descriptor(void) { return wake; }

uint64_t cterm_take_signals(void) {
  cterm_wake_clear(wake);
  return atomic_exchange(&noted, 0);
}
