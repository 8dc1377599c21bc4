// Of the user's default keychain; each returns an OSStatus of SecBase.h.

// keychain_unlocked looks whether it is open and asks nobody.
int keychain_unlocked(int *unlocked);

// keychain_unlock lets macOS ask the user for its password, and waits.
int keychain_unlock(void);
