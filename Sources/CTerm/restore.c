#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static char sequences[512];
static size_t length;
static struct termios modes;
static int in = -1, out = -1;
static atomic_bool armed;

static void append(const char *text) {
  if (text == NULL || text == (const char *)-1) return;
  while (*text != '\0' && length < sizeof sequences) {
    // A delay, as in $<5>: nobody waits for it here.
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end != NULL) {
      text = end + 1;
    } else {
      sequences[length++] = *text++;
    }
  }
}

void restore_prepare(int input, int output, bool ansi) {
  in = input;
  out = output;
  tcgetattr(in, &modes);
  length = 0;
  // Mouse and bracketed paste off: terminfo has no names for them.
  if (ansi) append("\033[?1006l\033[?1000l\033[?2004l");
  append(tigetstr("sgr0"));
  append(tigetstr("op"));
  append(tigetstr("rmkx"));
  append(tigetstr("cnorm"));
  const char *leave = tigetstr("rmcup");
  append(leave);
  // Without a second screen the cursor is still somewhere in what was drawn.
  if (leave == NULL || leave == (const char *)-1) append("\r\n");
}

void restore_arm(bool on) { atomic_store(&armed, on); }

void restore_modes(void) { tcsetattr(in, TCSANOW, &modes); }

void restore_hold_stop(sigset_t *before) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stop, before);
}

void cterm_restore(void) {
  if (!atomic_exchange(&armed, false)) return;
  int saved = errno;
  sigset_t mask;
  restore_hold_stop(&mask);
  // A terminal that takes no output must not keep a crashed program alive.
  struct pollfd ready = {.fd = out, .events = POLLOUT};
  if (poll(&ready, 1, 200) == 1 && (ready.revents & POLLOUT)) {
    ssize_t written = write(out, sequences, length);
    (void)written;
  }
  // What was typed, or sent by the mouse, is not meant for the shell.
  tcflush(in, TCIFLUSH);
  restore_modes();
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  errno = saved;
}
