#include "board_linux.h"

#include <stdlib.h>
#include <string.h>

// A copy lives from board_set until GTK says that the clipboard has another
// owner or content, which is when on_clear is called.
typedef struct {
	guint64 number;
	char *text;
	gsize length;
} Copy;

enum { TARGET_TEXT, TARGET_HINT };

static guint64 last_number = 0; // of all copies ever made
static guint64 held = 0;        // the copy that the clipboard holds, 0 if none of ours

void board_wipe(void *data, gsize length) {
	explicit_bzero(data, length);
	free(data);
}

static void on_get(GtkClipboard *clipboard, GtkSelectionData *selection, guint target, gpointer data) {
	Copy *copy = data;
	if (target == TARGET_HINT) {
		const char *hint = "secret";
		gtk_selection_data_set(selection, gtk_selection_data_get_target(selection), 8, (const guchar *)hint, strlen(hint));
		return;
	}
	GdkAtom target_atom = gtk_selection_data_get_target(selection);
	if (target_atom == gdk_atom_intern_static_string("UTF8_STRING") ||
	    target_atom == gdk_atom_intern_static_string("text/plain;charset=utf-8")) {
		// As it is: gtk_selection_data_set_text would turn line ends into CR LF.
		gtk_selection_data_set(selection, target_atom, 8, (const guchar *)copy->text, (gint)copy->length);
		return;
	}
	gtk_selection_data_set_text(selection, copy->text, (gint)copy->length);
}

static void on_clear(GtkClipboard *clipboard, gpointer data) {
	Copy *copy = data;
	if (held == copy->number) held = 0;
	board_wipe(copy->text, copy->length);
	free(copy);
}

guint64 board_set(const char *text, gsize length, gboolean secret) {
	GtkClipboard *clipboard = gtk_clipboard_get(GDK_SELECTION_CLIPBOARD);
	GtkTargetList *list = gtk_target_list_new(NULL, 0);
	gtk_target_list_add_text_targets(list, TARGET_TEXT);
	if (secret) gtk_target_list_add(list, gdk_atom_intern_static_string("x-kde-passwordManagerHint"), 0, TARGET_HINT);
	gint count = 0;
	GtkTargetEntry *targets = gtk_target_table_new_from_list(list, &count);

	Copy *copy = calloc(1, sizeof *copy);
	copy->number = ++last_number;
	copy->text = malloc(length + 1);
	copy->length = length;
	memcpy(copy->text, text, length);
	gboolean taken = gtk_clipboard_set_with_data(clipboard, targets, (guint)count, on_get, on_clear, copy);
	if (taken) {
		held = copy->number;
		if (!secret) gtk_clipboard_set_can_store(clipboard, NULL, 0);
	} else {
		board_wipe(copy->text, length);
		free(copy);
	}
	gtk_target_table_free(targets, count);
	gtk_target_list_unref(list);
	return taken ? held : 0;
}

void board_clear(guint64 number) {
	if (number != 0 && number == held) gtk_clipboard_clear(gtk_clipboard_get(GDK_SELECTION_CLIPBOARD));
}
