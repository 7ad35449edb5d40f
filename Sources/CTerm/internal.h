#pragma once

#include "cterm.h"

// What cterm_restore writes and sets; to be called once the terminal's description is read and
// before anything is changed.
void restore_prepare(int input, int output, bool ansi);

// Arms and disarms it.
void restore_arm(bool on);

// Sets the terminal's modes back to what they were.
void restore_modes(void);

// Takes over the signals, and gives those that it can back.
bool signals_take(void);
void signals_give_back(void);

// Does by default what SIGTSTP does, and returns when the process is continued.
void signals_stop(void);
