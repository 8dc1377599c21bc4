// What Go may call. All but view_run may be called from any thread; texts are
// copied.
#ifndef KITE_ACCOUNTS_VIEW_H
#define KITE_ACCOUNTS_VIEW_H

int view_run(const char *title, const char *account, const char *client_id, const char *url,
             const char *filter, const char *filter_dir, const char *watch);
void view_quit(void);
void view_present(void);
void view_set_host(const char *host, const char *line);
void view_set_problem(const char *sentence);
void view_run_script(const char *script);
void view_read_answer(void);

#endif
