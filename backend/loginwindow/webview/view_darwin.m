// The window around a WKWebView, and what Go may call (view.h). What the page
// does is in judge_darwin.m.
#import "view_darwin.h"

#include "_cgo_export.h"
#include "view.h"

enum { escape = 53 }; // kVK_Escape of Carbon's Events.h

@interface KALogin : NSObject <NSApplicationDelegate, NSWindowDelegate>
@property NSWindow *window;
@property BOOL closed;
@property(copy) NSString *title, *url, *filter, *filterFolder, *watch;
@property WKContentRuleList *rules;
@property WKWebView *view; // nil until the rules are there
@property KAJudge *judge;
@property KABar *bar;
@property NSStackView *content;
@property id keys;
@end

static KALogin *login;

@implementation KALogin

- (void)makeWindowFor:(NSString *)account clientID:(NSString *)clientID {
  NSWindowStyleMask style = NSWindowStyleMaskTitled | NSWindowStyleMaskClosable | NSWindowStyleMaskMiniaturizable | NSWindowStyleMaskResizable;
  self.window = [[NSWindow alloc] initWithContentRect:NSMakeRect(0, 0, 480, 720) styleMask:style backing:NSBackingStoreBuffered defer:NO];
  self.window.releasedWhenClosed = NO; // ARC does that
  self.window.restorable = NO;
  self.window.title = self.title;
  self.window.delegate = self;
  self.bar = [[KABar alloc] initWithAccount:account clientID:clientID target:self action:@selector(startAgain:)];
  self.content = [NSStackView stackViewWithViews:self.bar.views];
  self.content.orientation = NSUserInterfaceLayoutOrientationVertical;
  self.content.distribution = NSStackViewDistributionFill;
  self.content.spacing = 0;
  for (NSView *v in self.bar.views) [self widen:v];
  NSView *whole = self.window.contentView;
  [whole addSubview:self.content];
  [NSLayoutConstraint activateConstraints:@[
    [self.content.topAnchor constraintEqualToAnchor:whole.topAnchor],
    [self.content.bottomAnchor constraintEqualToAnchor:whole.bottomAnchor],
    [self.content.leadingAnchor constraintEqualToAnchor:whole.leadingAnchor],
    [self.content.trailingAnchor constraintEqualToAnchor:whole.trailingAnchor],
  ]];
  [self.window center];
}

- (void)widen:(NSView *)v {
  v.translatesAutoresizingMaskIntoConstraints = NO; // constraints alone decide
  [v.widthAnchor constraintEqualToAnchor:self.content.widthAnchor].active = YES;
}

// The rules are compiled into a folder of this login, which is removed after it.
- (void)compileRules {
  WKContentRuleListStore *store = [WKContentRuleListStore storeWithURL:[NSURL fileURLWithPath:self.filterFolder isDirectory:YES]];
  [store compileContentRuleListForIdentifier:@"login"
                      encodedContentRuleList:self.filter
                           completionHandler:^(WKContentRuleList *rules, NSError *error) {
                             if (!rules) { // without them nothing may load
                               fprintf(stderr, "content filter: %s\n", error.localizedDescription.UTF8String);
                               goFilterFailed();
                               return;
                             }
                             self.rules = rules;
                             [self showPage];
                           }];
  if (!store) goFilterFailed();
}

// showPage begins with a new web view: the old one's profile goes with it, and
// so does its process, which may hang.
- (void)showPage {
  if (self.closed) return;
  [self dropView];
  self.view = kaMakeView(self.rules, self.watch, self.judge);
  [self.view addObserver:self forKeyPath:@"estimatedProgress" options:0 context:NULL];
  [self.view setContentHuggingPriority:1 forOrientation:NSLayoutConstraintOrientationVertical];
  [self.content addArrangedSubview:self.view];
  [self widen:self.view];
  [self.window makeFirstResponder:self.view];
  [self.view loadRequest:[NSURLRequest requestWithURL:[NSURL URLWithString:self.url]]];
}

- (void)dropView {
  if (!self.view) return;
  [self.view removeObserver:self forKeyPath:@"estimatedProgress"];
  self.view.navigationDelegate = nil;
  self.view.UIDelegate = nil;
  [self.view stopLoading];
  [self.view.configuration.userContentController removeScriptMessageHandlerForName:@"missing" contentWorld:kaWorld()];
  [self.view removeFromSuperview];
  self.view = nil;
}

- (void)startAgain:(id)sender {
  [self.bar showProblem:@""];
  if (self.rules) [self showPage];
}

- (void)observeValueForKeyPath:(NSString *)path ofObject:(id)view change:(NSDictionary *)change context:(void *)context {
  [self.bar showProgress:self.view.estimatedProgress];
}

// toFront shows the window above all others, also for a process that another
// one's click has started. Whether it gets the keyboard as well, macOS decides:
// since version 14 to activate is a request.
- (void)toFront {
  if (self.window.miniaturized) [self.window deminiaturize:nil];
  [self.window makeKeyAndOrderFront:nil];
  [self.window orderFrontRegardless];
  [NSApp activateIgnoringOtherApps:YES];
}

- (void)applicationDidFinishLaunching:(NSNotification *)n {
  NSWindow *window = self.window;
  self.keys = [NSEvent addLocalMonitorForEventsMatchingMask:NSEventMaskKeyDown
                                                    handler:^NSEvent *(NSEvent *event) {
                                                      if (event.keyCode != escape || event.window != window) return event;
                                                      [window performClose:nil];
                                                      return nil;
                                                    }];
  [self compileRules];
  [self toFront];
  goShown();
}

// The user logs out, or quits from the Dock: the process ends right after.
- (NSApplicationTerminateReply)applicationShouldTerminate:(NSApplication *)app {
  goClosed();
  return NSTerminateNow;
}

- (BOOL)applicationSupportsSecureRestorableState:(NSApplication *)app { return YES; }

- (void)windowWillClose:(NSNotification *)n {
  if (self.closed) return;
  self.closed = YES;
  [self dropView];
  goClosed();
  [self stop];
}

// stop ends view_run's loop, which looks only after its next event.
- (void)stop {
  [NSApp stop:nil];
  [NSApp postEvent:[NSEvent otherEventWithType:NSEventTypeApplicationDefined
                                      location:NSZeroPoint
                                 modifierFlags:0
                                     timestamp:0
                                  windowNumber:0
                                       context:nil
                                       subtype:0
                                         data1:0
                                         data2:0]
           atStart:YES];
}

@end

static NSString *string(const char *s) { return [NSString stringWithUTF8String:s] ?: @""; }

static void onMain(dispatch_block_t work) { dispatch_async(dispatch_get_main_queue(), work); }

int view_run(const char *title, const char *account, const char *client_id, const char *url, const char *filter, const char *filter_dir,
             const char *watch) {
  @autoreleasepool {
    [NSApplication sharedApplication];
    // With an icon in the Dock, so that a window behind others is found again.
    [NSApp setActivationPolicy:NSApplicationActivationPolicyRegular];
    NSWindow.allowsAutomaticWindowTabbing = NO;
    login = [KALogin new];
    login.title = string(title);
    login.url = string(url);
    login.filter = string(filter);
    login.filterFolder = string(filter_dir);
    login.watch = string(watch);
    login.judge = [KAJudge new];
    [login makeWindowFor:string(account) clientID:string(client_id)];
    [NSApp setMainMenu:kaMenu()];
    [NSApp setDelegate:login];
    [NSApp run];
  }
  return 1;
}

void view_quit(void) {
  onMain(^{
    if (login.closed) [login stop];
    else [login.window close];
  });
}

void view_present(void) {
  onMain(^{ if (!login.closed) [login toFront]; });
}

void view_set_host(const char *host, const char *line) {
  NSString *title = string(host), *text = string(line);
  onMain(^{
    login.window.title = [NSString stringWithFormat:@"%@ — %@", login.title, title];
    [login.bar showHost:text];
  });
}

void view_set_problem(const char *sentence) {
  NSString *text = string(sentence);
  onMain(^{ [login.bar showProblem:text]; });
}

void view_run_script(const char *script) {
  NSString *text = string(script);
  onMain(^{ [login.view evaluateJavaScript:text inFrame:nil inContentWorld:kaWorld() completionHandler:nil]; });
}

// A page that is JSON or plain text is shown as text; nobody tells the body.
void view_read_answer(void) {
  onMain(^{
    if (![@[ @"application/json", @"text/plain" ] containsObject:login.judge.mainType ?: @""]) return;
    [login.view evaluateJavaScript:@"document.documentElement.textContent.slice(0, 65536)"
                           inFrame:nil
                    inContentWorld:kaWorld()
                 completionHandler:^(id text, NSError *error) {
                   if (![text isKindOfClass:NSString.class]) return;
                   NSData *body = [text dataUsingEncoding:NSUTF8StringEncoding];
                   goAnswer((unsigned char *)body.bytes, (int)body.length);
                 }];
  });
}
