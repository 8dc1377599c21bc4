// confine_all confines every web view in a window of this process and returns
// how many there are.
int confine_all(void);
