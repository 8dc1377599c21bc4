// WebKitGTK, without a decision: signals go to Go (view_cgo.go), and what Go
// says is done. Everything a login page doesn't need is off.
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

#include "_cgo_export.h"
#include "view.h"

#define WORLD "kite-accounts"

static GtkWidget *window, *host_label, *progress, *info, *info_label;
static WebKitWebView *view;
static char *base_title, *start_url;

static gboolean on_decide(WebKitWebView *v, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type, gpointer data) {
  if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION) {
    WebKitNavigationAction *action = webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision));
    WebKitURIRequest *request = webkit_navigation_action_get_request(action);
    const char *method = webkit_uri_request_get_http_method(request);
    if (goDecide((char *)webkit_uri_request_get_uri(request), (char *)(method ? method : "GET")))
      webkit_policy_decision_use(decision);
    else
      webkit_policy_decision_ignore(decision);
  } else if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE &&
             webkit_response_policy_decision_is_mime_type_supported(WEBKIT_RESPONSE_POLICY_DECISION(decision))) {
    webkit_policy_decision_use(decision);
  } else {
    webkit_policy_decision_ignore(decision); // new windows and downloads
  }
  return TRUE;
}

static void on_load_changed(WebKitWebView *v, WebKitLoadEvent event, gpointer data) {
  const char *uri = webkit_web_view_get_uri(v);
  if (event == WEBKIT_LOAD_COMMITTED) goCommitted((char *)uri);
  if (event == WEBKIT_LOAD_FINISHED) goFinished((char *)uri);
}

static gboolean on_load_failed(WebKitWebView *v, WebKitLoadEvent event, char *uri, GError *error, gpointer data) {
  // A navigation that Go ended counts as interrupted, and a new one cancels
  // the one under way: neither is a failure.
  if (g_error_matches(error, WEBKIT_POLICY_ERROR, WEBKIT_POLICY_ERROR_FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE) ||
      g_error_matches(error, WEBKIT_NETWORK_ERROR, WEBKIT_NETWORK_ERROR_CANCELLED))
    return TRUE;
  goLoadFailed(uri);
  return TRUE;
}

static gboolean on_tls_failed(WebKitWebView *v, char *uri, GTlsCertificate *c, GTlsCertificateFlags f, gpointer data) {
  goTLSFailed(uri);
  return TRUE;
}

static void on_terminated(WebKitWebView *v, WebKitWebProcessTerminationReason reason, gpointer data) { goCrashed(); }

static void on_responsive(WebKitWebView *v, GParamSpec *p, gpointer data) {
  if (!webkit_web_view_get_is_web_process_responsive(v)) goHung();
}

static void on_progress(GObject *v, GParamSpec *p, gpointer data) {
  double part = webkit_web_view_get_estimated_load_progress(view);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(progress), part);
  gtk_widget_set_opacity(progress, part < 1.0 ? 1.0 : 0.0); // keeps its place: no jump
}

// Refusals. Signals that return a boolean say TRUE: handled, so nothing shows.
static gboolean refuse(void) { return TRUE; }
static GtkWidget *refuse_window(WebKitWebView *v, WebKitNavigationAction *a, gpointer d) { return NULL; }
static gboolean on_permission(WebKitWebView *v, WebKitPermissionRequest *r, gpointer d) {
  webkit_permission_request_deny(r);
  return TRUE;
}
static gboolean on_chooser(WebKitWebView *v, WebKitFileChooserRequest *r, gpointer d) {
  webkit_file_chooser_request_cancel(r);
  return TRUE;
}
static gboolean on_authenticate(WebKitWebView *v, WebKitAuthenticationRequest *r, gpointer d) {
  webkit_authentication_request_cancel(r);
  return TRUE;
}
static void on_download(WebKitWebContext *c, WebKitDownload *d, gpointer data) { webkit_download_cancel(d); }

static void on_cleared(GObject *manager, GAsyncResult *result, gpointer data) {
  webkit_website_data_manager_clear_finish(WEBKIT_WEBSITE_DATA_MANAGER(manager), result, NULL);
  webkit_web_view_load_uri(view, start_url);
}

static void start_again(void) {
  // A page that hangs would keep the new one waiting.
  if (!webkit_web_view_get_is_web_process_responsive(view)) webkit_web_view_terminate_web_process(view);
  WebKitWebsiteDataManager *manager = webkit_web_view_get_website_data_manager(view);
  webkit_website_data_manager_clear(manager, WEBKIT_WEBSITE_DATA_ALL, 0, NULL, on_cleared, NULL);
}

static gboolean on_key(GtkWidget *w, GdkEventKey *event, gpointer data) {
  if (event->keyval != GDK_KEY_Escape) return FALSE;
  gtk_window_close(GTK_WINDOW(window));
  return TRUE;
}

static void on_destroy(GtkWidget *w, gpointer data) {
  window = NULL;
  goClosed();
  gtk_main_quit();
}

static WebKitSettings *strict_settings(void) {
  return webkit_settings_new_with_settings(
      "enable-developer-extras", FALSE, "javascript-can-open-windows-automatically", FALSE, "javascript-can-access-clipboard", FALSE,
      "allow-file-access-from-file-urls", FALSE, "allow-universal-access-from-file-urls", FALSE, "allow-modal-dialogs", FALSE,
      "enable-media-stream", FALSE, "enable-media", FALSE, "enable-webgl", FALSE, "enable-webaudio", FALSE, "enable-webrtc", FALSE,
      "enable-fullscreen", FALSE, "enable-html5-database", FALSE, "enable-dns-prefetching", FALSE,
      "enable-page-cache", FALSE, "enable-back-forward-navigation-gestures", FALSE,
      "hardware-acceleration-policy", WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER, NULL);
}

static void connect_signals(WebKitWebContext *context) {
  g_signal_connect(view, "decide-policy", G_CALLBACK(on_decide), NULL);
  g_signal_connect(view, "load-changed", G_CALLBACK(on_load_changed), NULL);
  g_signal_connect(view, "load-failed", G_CALLBACK(on_load_failed), NULL);
  g_signal_connect(view, "load-failed-with-tls-errors", G_CALLBACK(on_tls_failed), NULL);
  g_signal_connect(view, "web-process-terminated", G_CALLBACK(on_terminated), NULL);
  g_signal_connect(view, "notify::is-web-process-responsive", G_CALLBACK(on_responsive), NULL);
  g_signal_connect(view, "notify::estimated-load-progress", G_CALLBACK(on_progress), NULL);
  g_signal_connect(view, "create", G_CALLBACK(refuse_window), NULL);
  g_signal_connect(view, "permission-request", G_CALLBACK(on_permission), NULL);
  g_signal_connect(view, "run-file-chooser", G_CALLBACK(on_chooser), NULL);
  g_signal_connect(view, "authenticate", G_CALLBACK(on_authenticate), NULL);
  g_signal_connect(context, "download-started", G_CALLBACK(on_download), NULL);
  const char *refused[] = {"script-dialog", "context-menu", "print", "enter-fullscreen", "show-notification", "show-option-menu", NULL};
  for (int i = 0; i < 5; i++) g_signal_connect(view, refused[i], G_CALLBACK(refuse), NULL);
}

static void on_filter(GObject *store, GAsyncResult *result, gpointer content) {
  GError *error = NULL;
  WebKitUserContentFilter *filter = webkit_user_content_filter_store_save_finish(WEBKIT_USER_CONTENT_FILTER_STORE(store), result, &error);
  if (!filter) { // without the filter nothing may load
    g_printerr("content filter: %s\n", error->message);
    g_error_free(error);
    goFilterFailed();
    return;
  }
  webkit_user_content_manager_add_filter(WEBKIT_USER_CONTENT_MANAGER(content), filter);
  webkit_web_view_load_uri(view, start_url);
}

static GtkWidget *label(const char *text, const char *style, gboolean grow) {
  GtkWidget *l = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(l), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(l), 0);
  if (style) gtk_style_context_add_class(gtk_widget_get_style_context(l), style);
  gtk_widget_set_hexpand(l, grow);
  return l;
}

static GtkWidget *make_bar(const char *account, const char *client_id) {
  GtkWidget *bar = gtk_grid_new();
  gtk_container_set_border_width(GTK_CONTAINER(bar), 8);
  gtk_grid_set_column_spacing(GTK_GRID(bar), 8);
  GtkWidget *name = label(account, NULL, TRUE);
  PangoAttrList *bold = pango_attr_list_new();
  pango_attr_list_insert(bold, pango_attr_weight_new(PANGO_WEIGHT_SEMIBOLD));
  gtk_label_set_attributes(GTK_LABEL(name), bold);
  pango_attr_list_unref(bold);
  gtk_grid_attach(GTK_GRID(bar), name, 0, 0, 1, 1);
  gtk_grid_attach(GTK_GRID(bar), label(client_id, "dim-label", FALSE), 1, 0, 1, 1);
  host_label = label("", NULL, TRUE);
  gtk_grid_attach(GTK_GRID(bar), host_label, 0, 1, 2, 1);
  GtkWidget *again = gtk_button_new_with_label("Start again");
  gtk_widget_set_valign(again, GTK_ALIGN_CENTER);
  g_signal_connect(again, "clicked", G_CALLBACK(start_again), NULL);
  gtk_grid_attach(GTK_GRID(bar), again, 2, 0, 1, 2);
  return bar;
}

static GtkWidget *make_info(void) {
  info = gtk_info_bar_new();
  gtk_info_bar_set_message_type(GTK_INFO_BAR(info), GTK_MESSAGE_WARNING);
  info_label = label("", NULL, TRUE);
  gtk_label_set_line_wrap(GTK_LABEL(info_label), TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(info_label), PANGO_ELLIPSIZE_NONE);
  gtk_container_add(GTK_CONTAINER(gtk_info_bar_get_content_area(GTK_INFO_BAR(info))), info_label);
  gtk_widget_show(info_label);
  gtk_widget_set_no_show_all(info, TRUE);
  return info;
}

static void on_missing(WebKitUserContentManager *m, WebKitJavascriptResult *result, gpointer data) {
  JSCValue *value = webkit_javascript_result_get_js_value(result);
  char *host = jsc_value_is_string(value) ? jsc_value_to_string(value) : NULL;
  if (host) goMissing(host);
  g_free(host);
}

// The content filter tells nobody what it kept away. A script in a world of
// its own, which the page can't see or call, names the hosts of elements that
// didn't load; it can send nothing else and gets no answer.
static void watch_missing(WebKitUserContentManager *content, const char *script) {
  WebKitUserScript *watch = webkit_user_script_new_for_world(script, WEBKIT_USER_CONTENT_INJECT_ALL_FRAMES,
      WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_START, WORLD, NULL, NULL);
  webkit_user_content_manager_add_script(content, watch);
  webkit_user_script_unref(watch);
  g_signal_connect(content, "script-message-received::missing", G_CALLBACK(on_missing), NULL);
  webkit_user_content_manager_register_script_message_handler_in_world(content, "missing", WORLD);
}

static WebKitUserContentManager *make_view(const char *watch) {
  WebKitWebContext *context = webkit_web_context_new_ephemeral();
  WebKitWebsiteDataManager *data = webkit_web_context_get_website_data_manager(context);
  webkit_website_data_manager_set_itp_enabled(data, FALSE);
  webkit_website_data_manager_set_persistent_credential_storage_enabled(data, FALSE);
  webkit_cookie_manager_set_accept_policy(webkit_web_context_get_cookie_manager(context), WEBKIT_COOKIE_POLICY_ACCEPT_ALWAYS);
  webkit_web_context_set_spell_checking_enabled(context, FALSE);
  WebKitUserContentManager *content = webkit_user_content_manager_new();
  watch_missing(content, watch);
  WebKitSettings *settings = strict_settings();
  view = WEBKIT_WEB_VIEW(g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "user-content-manager", content, "settings", settings, NULL));
  g_object_unref(settings);
  connect_signals(context);
  return content;
}

int view_run(const char *title, const char *account, const char *client_id, const char *url, const char *filter, const char *filter_dir,
             const char *watch) {
  if (!gtk_init_check(NULL, NULL)) return 0;
  base_title = g_strdup(title);
  start_url = g_strdup(url);
  window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title(GTK_WINDOW(window), title);
  gtk_window_set_icon_name(GTK_WINDOW(window), "io.github.kiteaccounts.KiteAccounts"); // of an installed program
  gtk_window_set_default_size(GTK_WINDOW(window), 480, 720);
  gtk_window_set_position(GTK_WINDOW(window), GTK_WIN_POS_CENTER);
  WebKitUserContentManager *content = make_view(watch);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_container_add(GTK_CONTAINER(window), box);
  gtk_box_pack_start(GTK_BOX(box), make_bar(account, client_id), FALSE, FALSE, 0);
  progress = gtk_progress_bar_new();
  gtk_style_context_add_class(gtk_widget_get_style_context(progress), "osd");
  gtk_box_pack_start(GTK_BOX(box), progress, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(box), make_info(), FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(box), GTK_WIDGET(view), TRUE, TRUE, 0);
  g_signal_connect(window, "key-press-event", G_CALLBACK(on_key), NULL);
  g_signal_connect(window, "destroy", G_CALLBACK(on_destroy), NULL);
  WebKitUserContentFilterStore *store = webkit_user_content_filter_store_new(filter_dir);
  GBytes *rules = g_bytes_new(filter, strlen(filter));
  webkit_user_content_filter_store_save(store, "login", rules, NULL, on_filter, content);
  g_bytes_unref(rules);
  gtk_widget_show_all(window);
  gtk_widget_grab_focus(GTK_WIDGET(view));
  gtk_window_present(GTK_WINDOW(window));
  goShown();
  gtk_main();
  return 1;
}

static gboolean do_quit(gpointer data) {
  if (window) gtk_widget_destroy(window);
  else if (gtk_main_level() > 0) gtk_main_quit();
  return G_SOURCE_REMOVE;
}
void view_quit(void) { g_idle_add(do_quit, NULL); }

static gboolean do_present(gpointer data) {
  if (window) gtk_window_present_with_time(GTK_WINDOW(window), GDK_CURRENT_TIME);
  return G_SOURCE_REMOVE;
}
void view_present(void) { g_idle_add(do_present, NULL); }

static gboolean do_set_host(gpointer data) {
  char **texts = data;
  if (window) {
    char *title = g_strdup_printf("%s — %s", base_title, texts[0]);
    gtk_window_set_title(GTK_WINDOW(window), title);
    g_free(title);
    gtk_label_set_text(GTK_LABEL(host_label), texts[1]);
  }
  g_strfreev(texts);
  return G_SOURCE_REMOVE;
}
void view_set_host(const char *host, const char *line) {
  char **texts = g_new0(char *, 3);
  texts[0] = g_strdup(host);
  texts[1] = g_strdup(line);
  g_idle_add(do_set_host, texts);
}

static gboolean do_set_problem(gpointer data) {
  if (window) {
    gtk_label_set_text(GTK_LABEL(info_label), data);
    gtk_widget_set_visible(info, *(char *)data != 0);
  }
  g_free(data);
  return G_SOURCE_REMOVE;
}
void view_set_problem(const char *sentence) { g_idle_add(do_set_problem, g_strdup(sentence)); }

static gboolean do_run_script(gpointer data) {
  if (window) webkit_web_view_evaluate_javascript(view, data, -1, WORLD, NULL, NULL, NULL, NULL);
  g_free(data);
  return G_SOURCE_REMOVE;
}
void view_run_script(const char *script) { g_idle_add(do_run_script, g_strdup(script)); }

static void on_answer(GObject *resource, GAsyncResult *result, gpointer data) {
  gsize size = 0;
  guchar *body = webkit_web_resource_get_data_finish(WEBKIT_WEB_RESOURCE(resource), result, &size, NULL);
  if (body && window) goAnswer(body, (int)MIN(size, 65536));
  g_free(body);
}

static gboolean do_read_answer(gpointer data) {
  WebKitWebResource *main = window ? webkit_web_view_get_main_resource(view) : NULL;
  WebKitURIResponse *response = main ? webkit_web_resource_get_response(main) : NULL;
  const char *type = response ? webkit_uri_response_get_mime_type(response) : NULL;
  if (type && (g_str_equal(type, "application/json") || g_str_equal(type, "text/plain"))) webkit_web_resource_get_data(main, NULL, on_answer, NULL);
  return G_SOURCE_REMOVE;
}
void view_read_answer(void) { g_idle_add(do_read_answer, NULL); }
