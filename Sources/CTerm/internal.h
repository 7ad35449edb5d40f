#pragma once

#include "cterm.h"

#include <signal.h>

// What cterm_restore writes and sets; to be called once the terminal's description is read and
// before anything is changed.
void restore_prepare(int input, int output, bool ansi);

// Arms and disarms it.
void restore_arm(bool on);

// Sets the terminal's modes back to what they were.
void restore_modes(void);

// Lets this thread change the terminal's modes though the process is in the background, where that
// would stop it.
void restore_hold_stop(sigset_t *before);

// Takes over the signals, and gives those that it can back.
bool signals_take(void);
void signals_give_back(void);

// Stops the process group as SIGTSTP does by default. True when the process was stopped and is
// continued, false when nothing can stop it.
bool signals_stop(void);

// Whether a signal that ends the program has been noted.
bool signals_end(void);
