#include "view_linux.h"

#include <webkit2/webkit2.h>

#include "_cgo_export.h"

static void on_request(WebKitURISchemeRequest *request, gpointer unused) {
	static const char page[] = "<!doctype html><title>own page</title>";
	GInputStream *stream = g_memory_input_stream_new_from_data(page, sizeof page - 1, NULL);
	webkit_uri_scheme_request_finish(request, stream, sizeof page - 1, "text/html");
	g_object_unref(stream);
}

static void on_load(WebKitWebView *view, WebKitLoadEvent event, gpointer unused) {
	if (event == WEBKIT_LOAD_FINISHED) mainwindowtestLoaded((char *)webkit_web_view_get_uri(view));
}

static const char *target(WebKitPolicyDecision *decision) {
	WebKitNavigationAction *action =
		webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision));
	return webkit_uri_request_get_uri(webkit_navigation_action_get_request(action));
}

static gboolean on_decide(WebKitWebView *view, WebKitPolicyDecision *decision, WebKitPolicyDecisionType type, gpointer unused) {
	if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION) mainwindowtestWanted((char *)target(decision));
	return FALSE; // whoever is connected later decides
}

void *view_show(void) {
	static gboolean registered = FALSE;
	if (!registered) {
		webkit_web_context_register_uri_scheme(webkit_web_context_get_default(), "wails", on_request, NULL, NULL);
		registered = TRUE;
	}
	GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0); // as in Wails, between window and view
	GtkWidget *view = webkit_web_view_new();
	webkit_settings_set_enable_developer_extras(webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)), TRUE);
	gtk_container_add(GTK_CONTAINER(window), box);
	gtk_box_pack_start(GTK_BOX(box), view, TRUE, TRUE, 0);
	g_signal_connect(view, "load-changed", G_CALLBACK(on_load), NULL);
	g_signal_connect(view, "decide-policy", G_CALLBACK(on_decide), NULL);
	gtk_widget_show_all(window);
	webkit_web_view_load_uri(WEBKIT_WEB_VIEW(view), "wails://wails/");
	return view;
}

void view_close(void *view) { gtk_widget_destroy(gtk_widget_get_toplevel(GTK_WIDGET(view))); }

void view_script(void *view, const char *script) {
	webkit_web_view_evaluate_javascript(WEBKIT_WEB_VIEW(view), script, -1, NULL, NULL, NULL, NULL, NULL);
}

int view_inspectable(void *view) {
	return webkit_settings_get_enable_developer_extras(webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)));
}
