#include "native_darwin.h"

#import <Cocoa/Cocoa.h>

#include "_cgo_export.h"

@interface KAReopen : NSObject
@end

@implementation KAReopen
- (void)reopen:(NSAppleEventDescriptor *)event withReply:(NSAppleEventDescriptor *)reply { goTrayReopened(); }
@end

static KAReopen *reopen; // the event manager keeps none

void tray_prepare(void) { [[NSApplication sharedApplication] setActivationPolicy:NSApplicationActivationPolicyAccessory]; }

void tray_hear_reopen(void) {
  dispatch_async(dispatch_get_main_queue(), ^{
    reopen = [KAReopen new];
    [[NSAppleEventManager sharedAppleEventManager] setEventHandler:reopen
                                                       andSelector:@selector(reopen:withReply:)
                                                     forEventClass:kCoreEventClass
                                                        andEventID:kAEReopenApplication];
  });
}
