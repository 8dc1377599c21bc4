// What WKWebView asks, without a decision: Go decides (view_cgo.go). All else
// is refused.
#import "view_darwin.h"

#include "_cgo_export.h"

static char *text(NSString *s) { return (char *)(s.UTF8String ?: ""); }

WKContentWorld *kaWorld(void) { return [WKContentWorld worldWithName:@"kite-accounts"]; }

// KAView has no context menu: it would offer downloads and new windows.
@interface KAView : WKWebView
@end
@implementation KAView
- (void)willOpenMenu:(NSMenu *)menu withEvent:(NSEvent *)event { [menu removeAllItems]; }
@end

WKWebView *kaMakeView(WKContentRuleList *rules, NSString *watch, KAJudge *judge) {
  WKWebViewConfiguration *config = [WKWebViewConfiguration new];
  config.websiteDataStore = [WKWebsiteDataStore nonPersistentDataStore];
  config.preferences.javaScriptCanOpenWindowsAutomatically = NO;
  config.preferences.tabFocusesLinks = YES; // and buttons
  config.preferences.fraudulentWebsiteWarningEnabled = NO; // would ask others about the page
  config.allowsAirPlayForMediaPlayback = NO;
  config.mediaTypesRequiringUserActionForPlayback = WKAudiovisualMediaTypeAll;
  // The rules tell nobody what they kept away. A script in a world of its own
  // names the hosts of elements that didn't load; it can send nothing else and
  // gets no answer.
  WKUserContentController *content = config.userContentController;
  [content addContentRuleList:rules];
  [content addScriptMessageHandler:judge contentWorld:kaWorld() name:@"missing"];
  [content addUserScript:[[WKUserScript alloc] initWithSource:watch
                                               injectionTime:WKUserScriptInjectionTimeAtDocumentStart
                                            forMainFrameOnly:NO
                                              inContentWorld:kaWorld()]];
  WKWebView *view = [[KAView alloc] initWithFrame:NSZeroRect configuration:config];
  view.navigationDelegate = judge;
  view.UIDelegate = judge;
  view.allowsLinkPreview = NO;
  view.allowsBackForwardNavigationGestures = NO;
  if (@available(macOS 13.3, *)) view.inspectable = NO;
  return view;
}

@implementation KAJudge

// For redirects, too, before anything is sent.
- (void)webView:(WKWebView *)view
    decidePolicyForNavigationAction:(WKNavigationAction *)action
                    decisionHandler:(void (^)(WKNavigationActionPolicy))decide {
  NSURLRequest *request = action.request;
  BOOL newWindow = action.targetFrame == nil;
  BOOL load = !newWindow && !action.shouldPerformDownload && goDecide(text(request.URL.absoluteString), text(request.HTTPMethod));
  decide(load ? WKNavigationActionPolicyAllow : WKNavigationActionPolicyCancel);
}

- (void)webView:(WKWebView *)view
    decidePolicyForNavigationResponse:(WKNavigationResponse *)response
                      decisionHandler:(void (^)(WKNavigationResponsePolicy))decide {
  if (response.forMainFrame) self.mainType = response.response.MIMEType;
  decide(response.canShowMIMEType ? WKNavigationResponsePolicyAllow : WKNavigationResponsePolicyCancel);
}

- (void)webView:(WKWebView *)view didCommitNavigation:(WKNavigation *)navigation { goCommitted(text(view.URL.absoluteString)); }

- (void)webView:(WKWebView *)view didFinishNavigation:(WKNavigation *)navigation { goFinished(text(view.URL.absoluteString)); }

- (void)failed:(NSError *)error {
  BOOL network = [error.domain isEqualToString:NSURLErrorDomain];
  // A navigation that Go ended counts as interrupted (102, which has no public
  // name), and a new one cancels the one under way: neither is a failure.
  if (network && error.code == NSURLErrorCancelled) return;
  if ([error.domain isEqualToString:@"WebKitErrorDomain"] && error.code == 102) return;
  NSURL *url = error.userInfo[NSURLErrorFailingURLErrorKey];
  NSString *address = url.absoluteString ?: error.userInfo[NSURLErrorFailingURLStringErrorKey];
  // From NSURLErrorSecureConnectionFailed (-1200) down to -1206 it is TLS.
  if (network && error.code <= NSURLErrorSecureConnectionFailed && error.code >= NSURLErrorClientCertificateRequired)
    goTLSFailed(text(address));
  else
    goLoadFailed(text(address));
}

- (void)webView:(WKWebView *)view didFailProvisionalNavigation:(WKNavigation *)navigation withError:(NSError *)error {
  [self failed:error];
}

- (void)webView:(WKWebView *)view didFailNavigation:(WKNavigation *)navigation withError:(NSError *)error { [self failed:error]; }

- (void)webViewWebContentProcessDidTerminate:(WKWebView *)view { goCrashed(); }

// The system judges certificates, and nobody may overrule it. Sites get no
// password or certificate from the keychain.
- (void)webView:(WKWebView *)view
    didReceiveAuthenticationChallenge:(NSURLAuthenticationChallenge *)challenge
                    completionHandler:(void (^)(NSURLSessionAuthChallengeDisposition, NSURLCredential *))answer {
  NSURLProtectionSpace *space = challenge.protectionSpace;
  BOOL system = space.isProxy || [space.authenticationMethod isEqualToString:NSURLAuthenticationMethodServerTrust];
  answer(system ? NSURLSessionAuthChallengePerformDefaultHandling : NSURLSessionAuthChallengeRejectProtectionSpace, nil);
}

- (void)userContentController:(WKUserContentController *)content didReceiveScriptMessage:(WKScriptMessage *)message {
  if ([message.body isKindOfClass:NSString.class]) goMissing(text(message.body));
}

// Refusals.
- (WKWebView *)webView:(WKWebView *)view
    createWebViewWithConfiguration:(WKWebViewConfiguration *)config
               forNavigationAction:(WKNavigationAction *)action
                    windowFeatures:(WKWindowFeatures *)features {
  return nil;
}
- (void)webView:(WKWebView *)view
    runJavaScriptAlertPanelWithMessage:(NSString *)message
                      initiatedByFrame:(WKFrameInfo *)frame
                     completionHandler:(void (^)(void))done {
  done();
}
- (void)webView:(WKWebView *)view
    runJavaScriptConfirmPanelWithMessage:(NSString *)message
                        initiatedByFrame:(WKFrameInfo *)frame
                       completionHandler:(void (^)(BOOL))done {
  done(NO);
}
- (void)webView:(WKWebView *)view
    runJavaScriptTextInputPanelWithPrompt:(NSString *)prompt
                              defaultText:(NSString *)preset
                         initiatedByFrame:(WKFrameInfo *)frame
                        completionHandler:(void (^)(NSString *))done {
  done(nil);
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
