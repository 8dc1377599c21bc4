// confine_all confines the web views of all windows and returns how many there
// are. It needs the thread of GTK's loop.
int confine_all(void);
