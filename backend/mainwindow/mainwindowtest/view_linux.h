// All need the thread of GTK's loop.
void *view_show(void);
void view_close(void *view);
void view_script(void *view, const char *script);
int view_inspectable(void *view);
