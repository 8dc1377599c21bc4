// What is above the page, and the menu, without which no shortcut such as that
// for pasting works.
#import "view_darwin.h"

static NSTextField *line(NSFont *font, NSColor *colour) {
  NSTextField *label = [NSTextField labelWithString:@""];
  label.font = font;
  label.textColor = colour;
  label.lineBreakMode = NSLineBreakByTruncatingTail;
  // A long name is cut; it doesn't widen the window.
  [label setContentCompressionResistancePriority:NSLayoutPriorityDefaultLow forOrientation:NSLayoutConstraintOrientationHorizontal];
  return label;
}

static NSStackView *stack(NSUserInterfaceLayoutOrientation way, NSArray<NSView *> *views) {
  NSStackView *s = [NSStackView stackViewWithViews:views];
  s.orientation = way;
  s.distribution = NSStackViewDistributionFill;
  s.alignment = way == NSUserInterfaceLayoutOrientationVertical ? NSLayoutAttributeLeading : NSLayoutAttributeCenterY;
  return s;
}

@implementation KABar {
  NSTextField *_host, *_problem;
  NSStackView *_problemRow;
  NSProgressIndicator *_progress;
}

- (instancetype)initWithAccount:(NSString *)account clientID:(NSString *)clientID target:(id)target action:(SEL)again {
  if (!(self = [super init])) return nil;
  NSFont *usual = [NSFont systemFontOfSize:NSFont.systemFontSize];
  NSTextField *name = line([NSFont systemFontOfSize:NSFont.systemFontSize weight:NSFontWeightSemibold], NSColor.labelColor);
  name.stringValue = account;
  NSTextField *client = line(usual, NSColor.secondaryLabelColor);
  client.stringValue = clientID;
  _host = line(usual, NSColor.labelColor);
  NSStackView *texts = stack(NSUserInterfaceLayoutOrientationVertical,
                             @[ stack(NSUserInterfaceLayoutOrientationHorizontal, @[ name, client ]), _host ]);
  texts.spacing = 2;
  [texts setHuggingPriority:NSLayoutPriorityDefaultLow - 1 forOrientation:NSLayoutConstraintOrientationHorizontal];
  NSStackView *row = stack(NSUserInterfaceLayoutOrientationHorizontal,
                           @[ texts, [NSButton buttonWithTitle:@"Start again" target:target action:again] ]);
  row.edgeInsets = NSEdgeInsetsMake(8, 8, 8, 8);

  _progress = [NSProgressIndicator new];
  _progress.style = NSProgressIndicatorStyleBar;
  _progress.indeterminate = NO;
  _progress.controlSize = NSControlSizeSmall;
  _progress.maxValue = 1;

  _problem = [NSTextField wrappingLabelWithString:@""];
  [_problem setContentCompressionResistancePriority:NSLayoutPriorityDefaultLow forOrientation:NSLayoutConstraintOrientationHorizontal];
  NSImageView *sign = [NSImageView imageViewWithImage:[NSImage imageNamed:NSImageNameCaution]];
  [sign.widthAnchor constraintEqualToConstant:20].active = YES;
  [sign.heightAnchor constraintEqualToConstant:20].active = YES;
  _problemRow = stack(NSUserInterfaceLayoutOrientationHorizontal, @[ sign, _problem ]);
  _problemRow.edgeInsets = NSEdgeInsetsMake(4, 8, 8, 8);
  _problemRow.hidden = YES;
  _views = @[ row, _progress, _problemRow ];
  return self;
}

- (void)showHost:(NSString *)text { _host.stringValue = text; }

- (void)showProblem:(NSString *)sentence {
  _problem.stringValue = sentence;
  _problemRow.hidden = sentence.length == 0;
  NSWindow *window = _problemRow.window;
  if (sentence.length == 0 || !window) return;
  NSAccessibilityPostNotificationWithUserInfo(window, NSAccessibilityAnnouncementRequestedNotification, @{
    NSAccessibilityAnnouncementKey : sentence,
    NSAccessibilityPriorityKey : @(NSAccessibilityPriorityHigh),
  });
}

- (void)showProgress:(double)part {
  _progress.doubleValue = part;
  _progress.alphaValue = part < 1 ? 1 : 0; // keeps its place: no jump
}

@end

static NSMenu *submenu(NSMenu *bar, NSString *title) {
  NSMenu *menu = [[NSMenu alloc] initWithTitle:title];
  NSMenuItem *item = [bar addItemWithTitle:title action:NULL keyEquivalent:@""];
  item.submenu = menu;
  return menu;
}

NSMenu *kaMenu(void) {
  NSMenu *bar = [[NSMenu alloc] initWithTitle:@""];
  NSMenu *app = submenu(bar, @"Kite Accounts"); // the first is the application's
  [app addItemWithTitle:@"Hide Kite Accounts" action:@selector(hide:) keyEquivalent:@"h"];
  [app addItemWithTitle:@"Close" action:@selector(performClose:) keyEquivalent:@"q"];
  NSMenu *edit = submenu(bar, @"Edit");
  [edit addItemWithTitle:@"Undo" action:@selector(undo:) keyEquivalent:@"z"];
  [edit addItemWithTitle:@"Redo" action:@selector(redo:) keyEquivalent:@"Z"];
  [edit addItem:[NSMenuItem separatorItem]];
  [edit addItemWithTitle:@"Cut" action:@selector(cut:) keyEquivalent:@"x"];
  [edit addItemWithTitle:@"Copy" action:@selector(copy:) keyEquivalent:@"c"];
  [edit addItemWithTitle:@"Paste" action:@selector(paste:) keyEquivalent:@"v"];
  [edit addItemWithTitle:@"Select All" action:@selector(selectAll:) keyEquivalent:@"a"];
  NSMenu *window = submenu(bar, @"Window");
  [window addItemWithTitle:@"Minimise" action:@selector(performMiniaturize:) keyEquivalent:@"m"];
  [window addItemWithTitle:@"Close Window" action:@selector(performClose:) keyEquivalent:@"w"];
  return bar;
}
