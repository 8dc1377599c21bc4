// These functions are deprecated, since other keychains than the user's login
// keychain are; nothing else tells whether that is locked without asking.
#include "keychain_darwin.h"

#include <Security/Security.h>

int keychain_unlocked(int *unlocked) {
  SecKeychainStatus state = 0;
  OSStatus status = SecKeychainGetStatus(NULL, &state);
  *unlocked = (state & kSecUnlockStateStatus) != 0;
  return status;
}

int keychain_unlock(void) { return SecKeychainUnlock(NULL, 0, NULL, FALSE); }
