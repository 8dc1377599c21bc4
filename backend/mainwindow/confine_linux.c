#include "confine_linux.h"

#include <webkit2/webkit2.h>

static const char *own_pages = "wails://";

static gboolean is_own(WebKitURIRequest *request) {
	return g_str_has_prefix(webkit_uri_request_get_uri(request), own_pages);
}

static gboolean on_decide(WebKitWebView *view, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type, gpointer unused) {
	gboolean allowed = FALSE;
	if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION) {
		WebKitNavigationAction *action =
			webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision));
		allowed = is_own(webkit_navigation_action_get_request(action));
	} else if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE) {
		allowed = is_own(webkit_response_policy_decision_get_request(WEBKIT_RESPONSE_POLICY_DECISION(decision)));
	}
	if (allowed) return FALSE; // the default: load it
	webkit_policy_decision_ignore(decision);
	return TRUE;
}

static void on_download(WebKitWebContext *context, WebKitDownload *download, gpointer unused) {
	webkit_download_cancel(download);
}

static gboolean on_file_chooser(WebKitWebView *view, WebKitFileChooserRequest *request, gpointer unused) {
	webkit_file_chooser_request_cancel(request);
	return TRUE;
}

static void confine(WebKitWebView *view) {
	static const char *mark = "kite-accounts-confined";
	if (g_object_get_data(G_OBJECT(view), mark)) return;
	g_object_set_data(G_OBJECT(view), mark, (gpointer)mark);
	WebKitSettings *settings = webkit_web_view_get_settings(view);
	webkit_settings_set_enable_developer_extras(settings, FALSE);
	webkit_settings_set_javascript_can_open_windows_automatically(settings, FALSE);
	g_signal_connect(view, "decide-policy", G_CALLBACK(on_decide), NULL);
	g_signal_connect(view, "run-file-chooser", G_CALLBACK(on_file_chooser), NULL);
	g_signal_connect(webkit_web_view_get_context(view), "download-started", G_CALLBACK(on_download), NULL);
}

static void visit(GtkWidget *widget, gpointer found) {
	if (WEBKIT_IS_WEB_VIEW(widget)) {
		confine(WEBKIT_WEB_VIEW(widget));
		++*(int *)found;
	} else if (GTK_IS_CONTAINER(widget)) {
		gtk_container_forall(GTK_CONTAINER(widget), visit, found);
	}
}

int confine_all(void) {
	int found = 0;
	GList *windows = gtk_window_list_toplevels();
	for (GList *at = windows; at; at = at->next) visit(GTK_WIDGET(at->data), &found);
	g_list_free(windows);
	return found;
}
