#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One screen of ncurses. Its macros and globals cannot be used from Swift; these functions can.
// All of them belong to the thread that opened the screen, except where it is said.

enum cterm_opening {
  cterm_opened,
  cterm_already_open,
  cterm_unknown_terminal,
  cterm_cannot_move,
  cterm_failed,
};

// The attributes of a cell, one bit each.
enum cterm_attribute {
  cterm_bold = 1,
  cterm_dim = 2,
  cterm_italic = 4,
  cterm_underline = 8,
  cterm_reverse = 16,
};

// Takes the character set from the environment. True when it is UTF-8.
bool cterm_set_locale(void);

// Takes over the terminal: its screen, its keys, and what signals and crashes do.
enum cterm_opening cterm_open(int input, int output, bool with_colour);

// Gives the terminal back as it was. Without an open screen nothing happens.
void cterm_close(void);

// Leaves the screen, stops the process group as Ctrl-Z does, and comes back to the screen when it
// is continued.
void cterm_stop(void);

// Sets everything up again after somebody else has used the terminal.
void cterm_reenter(void);

int cterm_columns(void);
int cterm_rows(void);

// Takes the window's size from the kernel.
void cterm_take_size(void);

// How many colours there are; 0 for none.
int cterm_colours(void);

// Whether a colour can be -1, the terminal's own.
bool cterm_has_own_colours(void);

// Puts a character with what is combined with it into a cell. A colour of -1 is the terminal's own.
void cterm_put(
    int row, int column, uint32_t scalar, const uint32_t *combining, size_t count,
    unsigned attributes, int foreground, int background);

// Shows what has changed, and the cursor; a negative row hides it.
void cterm_show(int cursor_row, int cursor_column);

// Makes the next cterm_show draw everything.
void cterm_forget(void);

// Lets the terminal report clicks and the wheel, if it can.
void cterm_set_mouse(bool on);

// Whether the terminal understands ECMA-48, and so the sequences that terminfo has no name for.
bool cterm_is_ansi(void);

// Writes bytes as they are.
void cterm_write(const char *bytes, size_t count);

// What a key sends; NULL when the terminal has no such key.
const char *cterm_key(const char *capability);

// MARK: - What the standard library's modules leave out

// The columns of a character by wcwidth(3), whatever the locale of the process; -1 for one that
// is not shown. For any thread.
int cterm_width(uint32_t scalar);

// A descriptor of eventfd(2) that is readable from cterm_wake to cterm_wake_clear; -1 when there
// is none. For any thread, and cterm_wake also for signal handlers.
int cterm_wake_create(void);
void cterm_wake(int descriptor);
void cterm_wake_clear(int descriptor);

// MARK: - Signals

// While somebody listens, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH, SIGTSTP and SIGCONT are only
// noted. Without a listener, those that end the program give the terminal back first.
void cterm_listen(bool on);

// Becomes readable when a signal has been noted.
int cterm_signal_descriptor(void);

// The signals that were noted since the last call: bit n for signal n.
uint64_t cterm_take_signals(void);

// Gives the terminal back with nothing but async-signal-safe calls. For any thread.
void cterm_restore(void);
