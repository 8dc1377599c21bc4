#define __STDC_WANT_LIB_EXT1__ 1 // for memset_s

#include "board_darwin.h"

#import <Cocoa/Cocoa.h>
#include <stdlib.h>
#include <string.h>

static void onMain(dispatch_block_t work) {
  if (NSThread.isMainThread) work();
  else dispatch_sync(dispatch_get_main_queue(), work);
}

long long board_set(const char *text, size_t length, int secret) {
  __block long long copied = -1;
  onMain(^{
    NSString *string = [[NSString alloc] initWithBytes:text length:length encoding:NSUTF8StringEncoding];
    NSPasteboard *board = NSPasteboard.generalPasteboard;
    if (!string) return;
    [board prepareForNewContentsWithOptions:secret ? NSPasteboardContentsCurrentHostOnly : 0];
    // The mark comes first: whoever looks meanwhile finds no text without it.
    if (secret && ![board setString:@"" forType:@"org.nspasteboard.ConcealedType"]) return;
    if (![board setString:string forType:NSPasteboardTypeString]) return;
    copied = board.changeCount;
  });
  return copied;
}

void board_clear(long long copied) {
  onMain(^{
    NSPasteboard *board = NSPasteboard.generalPasteboard;
    if (board.changeCount == copied) [board clearContents];
  });
}

void board_wipe(void *data, size_t length) {
  memset_s(data, length, 0, length);
  free(data);
}
