#include <gtk/gtk.h>

// All but board_wipe need the thread of GTK's loop.

// board_set makes the clipboard hold a copy of text and returns its number, 0
// if the desktop refused.
guint64 board_set(const char *text, gsize length, gboolean secret);

// board_clear empties the clipboard if it still holds that copy.
void board_clear(guint64 number);

// board_wipe overwrites and frees what malloc gave.
void board_wipe(void *data, gsize length);
