// tray_prepare keeps the process out of the Dock; on the main thread, before
// the loop.
void tray_prepare(void);

// tray_hear_reopen calls goTrayReopened when the user opens the application
// again; from any thread, once the loop runs.
void tray_hear_reopen(void);
