// Wails' delegate of the web view judges no navigation. KAConfined takes its
// place, judges, and hands all else on to it.
#include "confine_darwin.h"

#import <Cocoa/Cocoa.h>
#import <WebKit/WebKit.h>

@interface KAConfined : NSObject <WKNavigationDelegate, WKUIDelegate>
@property(weak) NSObject *wails;
@end

static NSMutableArray<KAConfined *> *confined; // a web view doesn't keep its delegate

static BOOL isOwn(NSURL *url) { return [url.scheme isEqualToString:@"wails"]; }

@implementation KAConfined

- (BOOL)respondsToSelector:(SEL)selector { return [super respondsToSelector:selector] || [self.wails respondsToSelector:selector]; }

- (id)forwardingTargetForSelector:(SEL)selector { return self.wails; }

- (void)webView:(WKWebView *)view
    decidePolicyForNavigationAction:(WKNavigationAction *)action
                    decisionHandler:(void (^)(WKNavigationActionPolicy))decide {
  BOOL allowed = action.targetFrame && !action.shouldPerformDownload && isOwn(action.request.URL);
  decide(allowed ? WKNavigationActionPolicyAllow : WKNavigationActionPolicyCancel);
}

- (void)webView:(WKWebView *)view
    decidePolicyForNavigationResponse:(WKNavigationResponse *)response
                      decisionHandler:(void (^)(WKNavigationResponsePolicy))decide {
  BOOL allowed = response.canShowMIMEType && isOwn(response.response.URL);
  decide(allowed ? WKNavigationResponsePolicyAllow : WKNavigationResponsePolicyCancel);
}

- (WKWebView *)webView:(WKWebView *)view
    createWebViewWithConfiguration:(WKWebViewConfiguration *)config
               forNavigationAction:(WKNavigationAction *)action
                    windowFeatures:(WKWindowFeatures *)features {
  return nil;
}

- (void)webView:(WKWebView *)view
    runOpenPanelWithParameters:(WKOpenPanelParameters *)parameters
              initiatedByFrame:(WKFrameInfo *)frame
             completionHandler:(void (^)(NSArray<NSURL *> *))done {
  done(nil);
}

- (void)webView:(WKWebView *)view
    requestMediaCapturePermissionForOrigin:(WKSecurityOrigin *)origin
                          initiatedByFrame:(WKFrameInfo *)frame
                                      type:(WKMediaCaptureType)type
                           decisionHandler:(void (^)(WKPermissionDecision))decide {
  decide(WKPermissionDecisionDeny);
}

@end

static void confine(WKWebView *view) {
  if ([view.navigationDelegate isKindOfClass:KAConfined.class]) return;
  KAConfined *judge = [KAConfined new];
  judge.wails = (NSObject *)view.navigationDelegate; // Wails' context is both of its delegates
  if (!confined) confined = [NSMutableArray new];
  [confined addObject:judge];
  view.navigationDelegate = judge;
  view.UIDelegate = judge;
  view.allowsLinkPreview = NO;
  if (@available(macOS 13.3, *)) view.inspectable = NO;
}

static int visit(NSView *view) {
  if ([view isKindOfClass:WKWebView.class]) {
    confine((WKWebView *)view);
    return 1;
  }
  int found = 0;
  for (NSView *child in view.subviews) found += visit(child);
  return found;
}

int confine_all(void) {
  __block int found = 0;
  dispatch_block_t work = ^{
    for (NSWindow *window in NSApp.windows) found += visit(window.contentView);
  };
  if (NSThread.isMainThread) work();
  else dispatch_sync(dispatch_get_main_queue(), work);
  return found;
}
