// What the parts in Objective-C tell each other; all of it on the main thread.
#import <Cocoa/Cocoa.h>
#import <WebKit/WebKit.h>

// KAJudge is the web view's delegate: it asks Go, and refuses what a login
// page doesn't need.
@interface KAJudge : NSObject <WKNavigationDelegate, WKUIDelegate, WKScriptMessageHandler>
@property(copy) NSString *mainType; // of the page at top level, such as text/html
@end

// kaMakeView returns a web view with a profile and a process of its own, which
// leave nothing behind. It loads nothing that the rules keep away; WebRTC isn't
// a load, and WebKit has no public switch for it.
WKWebView *kaMakeView(WKContentRuleList *rules, NSString *watch, KAJudge *judge);

// kaWorld is where our scripts run: the page can't see or call them.
WKContentWorld *kaWorld(void);

// KABar is what is above the page.
@interface KABar : NSObject
@property(readonly) NSArray<NSView *> *views; // top to bottom
- (instancetype)initWithAccount:(NSString *)account clientID:(NSString *)clientID target:(id)target action:(SEL)again;
- (void)showHost:(NSString *)line;
- (void)showProblem:(NSString *)sentence; // empty for none
- (void)showProgress:(double)part;
@end

NSMenu *kaMenu(void);
