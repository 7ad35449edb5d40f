#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1

#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

// A window reported as larger is drawn in part: nobody has one, and cells take memory.
enum { size_limit = 1000 };

static SCREEN *screen;
static FILE *in, *out;
static int output = -1;
static int colours;
static bool own_colours, ansi, mouse, mouse_exists;
// Whether the shell has the terminal meanwhile.
static bool away;

static bool is_utf8(const char *codeset) {
  return strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "UTF8") == 0;
}

bool cterm_set_locale(void) {
  if (setlocale(LC_CTYPE, "") == NULL) {
    // A language that is not installed here, often brought along by ssh: the terminal at the other
    // end still shows UTF-8.
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *name = NULL;
    for (int i = 0; i < 3 && (name == NULL || *name == '\0'); i++) name = getenv(names[i]);
    const char *codeset = name != NULL ? strchr(name, '.') : NULL;
    if (codeset == NULL || !is_utf8(codeset + 1)) return false;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
  }
  return is_utf8(nl_langinfo(CODESET));
}

static bool has(const char *capability) {
  const char *text = tigetstr(capability);
  return text != NULL && text != (const char *)-1;
}

static void set_modes(void) {
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  // Input is read elsewhere; a frame is never put off because of it.
  typeahead(-1);
}

static void set_colours(bool wanted) {
  colours = 0;
  if (!wanted || !has_colors() || start_color() == ERR) return;
  colours = COLORS;
  own_colours = use_default_colors() == OK;
}

static void write_text(const char *text) { cterm_write(text, strlen(text)); }

// Clicks and the wheel, told in decimal numbers.
static void write_mouse(bool on) {
  write_text(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

// What ncurses does not do by itself.
static void write_modes(bool on) {
  if (!ansi) return;
  write_text(on ? "\033[?2004h" : "\033[?2004l");
  if (mouse) write_mouse(on);
}

static void close_files(void) {
  if (in != NULL) fclose(in);
  if (out != NULL) fclose(out);
  in = out = NULL;
}

enum cterm_opening cterm_open(int input, int output_descriptor, bool with_colour) {
  if (screen != NULL) return cterm_already_open;
  int problem;
  if (setupterm(NULL, output_descriptor, &problem) == ERR) return cterm_unknown_terminal;
  // TERM=dumb has an entry, and nothing in it.
  if (!has("cup")) return cterm_cannot_move;
  ansi = strncmp(tigetstr("cup"), "\033[", 2) == 0;
  mouse_exists = ansi && has("kmous");
  mouse = away = false;

  // Files of its own, so that closing them leaves stdin and stdout alone.
  int descriptor = dup(input);
  output = dup(output_descriptor);
  in = descriptor < 0 ? NULL : fdopen(descriptor, "r");
  out = output < 0 ? NULL : fdopen(output, "w");
  if (in == NULL || out == NULL) {
    close_files();
    return cterm_failed;
  }
  restore_prepare(descriptor, output, ansi);
  if (!signals_take()) {
    close_files();
    return cterm_failed;
  }
  static bool registered;
  // exit(3) unwinds nothing.
  if (!registered) registered = atexit(cterm_restore) == 0;
  restore_arm(true);
  // The kernel knows the size better than LINES and COLUMNS do.
  use_env(TRUE);
  use_tioctl(TRUE);
  TERMINAL *asked = cur_term;
  screen = newterm(NULL, out, in);
  if (cur_term != asked) del_curterm(asked);
  if (screen == NULL) {
    cterm_restore();
    signals_give_back();
    close_files();
    return cterm_failed;
  }
  set_modes();
  set_colours(with_colour);
  cterm_take_size();
  write_modes(true);
  return cterm_opened;
}

static void leave(void) {
  if (away) return;
  sigset_t mask;
  restore_hold_stop(&mask);
  write_modes(false);
  endwin();
  restore_modes();
  restore_arm(false);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  away = true;
}

void cterm_close(void) {
  if (screen == NULL) return;
  leave();
  delscreen(screen);
  screen = NULL;
  signals_give_back();
  close_files();
}

static void enter(void) {
  restore_arm(true);
  away = false;
  write_modes(true);
  // After endwin the next update goes back to the screen by itself and draws all of it.
  clearok(curscr, TRUE);
  cterm_take_size();
}

static bool is_in_background(void) {
  pid_t foreground = tcgetpgrp(fileno(in));
  return foreground > 0 && foreground != getpgrp();
}

void cterm_stop(void) {
  leave();
  bool stopped;
  do {
    stopped = signals_stop();
    // The shell has the terminal; somebody who ends a stopped program continues it there. Another
    // thread may be about to note the signal.
    if (stopped && is_in_background()) poll(NULL, 0, 20);
    if (signals_end()) return;
  } while (stopped && is_in_background());
  enter();
}

void cterm_reenter(void) {
  if (!away) endwin();
  enter();
}

int cterm_columns(void) { return COLS; }
int cterm_rows(void) { return LINES; }
int cterm_colours(void) { return colours; }
bool cterm_has_own_colours(void) { return own_colours; }
bool cterm_is_ansi(void) { return ansi; }

static int limited(int size) { return size > size_limit ? size_limit : size; }

void cterm_take_size(void) {
  struct winsize size;
  int height = LINES, width = COLS;
  // A terminal that tells no size keeps the one it was opened with.
  if (ioctl(output, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
    height = size.ws_row;
    width = size.ws_col;
  }
  resize_term(limited(height), limited(width));
}

static attr_t attributes_of(unsigned bits) {
  attr_t attributes = A_NORMAL;
  if (bits & cterm_bold) attributes |= A_BOLD;
  if (bits & cterm_dim) attributes |= A_DIM;
  if (bits & cterm_italic) attributes |= A_ITALIC;
  if (bits & cterm_underline) attributes |= A_UNDERLINE;
  if (bits & cterm_reverse) attributes |= A_REVERSE;
  return attributes;
}

static int pair_of(int foreground, int background) {
  if (colours == 0 || (foreground < 0 && background < 0)) return 0;
  int pair = alloc_pair(foreground, background);
  return pair < 0 ? 0 : pair;
}

void cterm_put(
    int row, int column, uint32_t scalar, const uint32_t *combining, size_t count,
    unsigned attributes, int foreground, int background) {
  wchar_t text[CCHARW_MAX + 1] = {(wchar_t)scalar};
  for (size_t i = 0; i < count && i + 1 < CCHARW_MAX; i++) text[i + 1] = (wchar_t)combining[i];
  int pair = pair_of(foreground, background);
  cchar_t cell;
  if (setcchar(&cell, text, attributes_of(attributes), (short)pair, &pair) == ERR) return;
  // At the lower right corner this reports an error and works.
  mvadd_wch(row, column, &cell);
}

void cterm_show(int cursor_row, int cursor_column) {
  if (away) return;
  curs_set(cursor_row >= 0);
  if (cursor_row >= 0) {
    move(cursor_row, cursor_column);
    leaveok(stdscr, FALSE);
  } else {
    leaveok(stdscr, TRUE);
  }
  wnoutrefresh(stdscr);
  doupdate();
}

void cterm_forget(void) { clearok(curscr, TRUE); }

void cterm_set_mouse(bool on) {
  on = on && mouse_exists;
  if (on == mouse) return;
  mouse = on;
  if (!away) write_mouse(on);
}

void cterm_write(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(output, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (errno == EAGAIN) {
      // Somebody else has made the terminal non-blocking.
      struct pollfd ready = {.fd = output, .events = POLLOUT};
      if (poll(&ready, 1, 1000) != 1) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

const char *cterm_key(const char *capability) {
  return has(capability) ? tigetstr(capability) : NULL;
}
