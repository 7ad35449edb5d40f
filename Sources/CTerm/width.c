#define _GNU_SOURCE

#include "cterm.h"

#include <locale.h>
#include <wchar.h>

int cterm_width(uint32_t scalar) {
  // Threads that come at the same time make the same thing twice; one copy is never freed.
  static _Atomic(locale_t) unicode;
  if (unicode == NULL) unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
  locale_t own = unicode == NULL ? NULL : uselocale(unicode);
  int width = wcwidth((wchar_t)scalar);
  if (own != NULL) uselocale(own);
  return width;
}
