#include <stddef.h>

// board_set makes the pasteboard hold text and returns its change count, -1 if
// it refused.
long long board_set(const char *text, size_t length, int secret);

// board_clear empties the pasteboard if its change count is still that.
void board_clear(long long copied);

// board_wipe overwrites and frees what malloc gave.
void board_wipe(void *data, size_t length);
