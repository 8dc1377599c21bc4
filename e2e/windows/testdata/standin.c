/* standin.c plays programs that can't run here, by its own file name and
   arguments, and writes down what became of it in %TEMP%\standin.log:

   kite-accounts.exe          a window such as Wails', which closes when asked to
   kite-accounts.exe agent    what ends by kitectl.exe agent --stop
   kite-accounts.exe deaf     what ends for nobody
   kitectl.exe agent --stop
   MicrosoftEdgeWebview2Setup.exe /silent /install
                              installs version STANDIN_WEBVIEW2, or, where that
                              isn't in the environment, fails */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define CLIENT "Software\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

static int tell(const char *what) {
  char path[MAX_PATH + 16];
  GetTempPathA(MAX_PATH, path);
  strcat(path, "standin.log");
  FILE *log = fopen(path, "a");
  if (log == NULL)
    return 1;
  fprintf(log, "%s\n", what);
  return fclose(log);
}

static LRESULT CALLBACK answer(HWND window, UINT message, WPARAM w, LPARAM l) {
  switch (message) {
  case WM_CLOSE: /* it may have a question first */
    return !SetTimer(window, 1, 1500, NULL);
  case WM_TIMER:
    PostQuitMessage(0);
    return 0;
  }
  return DefWindowProcA(window, message, w, l);
}

static int window(void) {
  WNDCLASSA class = {.lpfnWndProc = answer, .hInstance = GetModuleHandleA(NULL), .lpszClassName = "wailsWindow"};
  MSG message;
  RegisterClassA(&class);
  if (CreateWindowA("wailsWindow", "Kite Accounts", WS_OVERLAPPEDWINDOW, 0, 0, 100, 100, NULL, NULL, class.hInstance, NULL) == NULL)
    return 1;
  tell("window open");
  while (GetMessageA(&message, NULL, 0, 0) > 0)
    DispatchMessageA(&message);
  return tell("window closed");
}

static HANDLE stop(void) { return CreateEventA(NULL, TRUE, FALSE, "standin-stop"); }

static int install(void) {
  const char *version = getenv("STANDIN_WEBVIEW2");
  tell("bootstrapper ran");
  if (version == NULL)
    return 1;
  return RegSetKeyValueA(HKEY_CURRENT_USER, CLIENT, "pv", REG_SZ, version, strlen(version) + 1);
}

int main(int count, char **arguments) {
  char self[MAX_PATH];
  GetModuleFileNameA(NULL, self, MAX_PATH);
  const char *name = strrchr(self, '\\') + 1;
  const char *first = count > 1 ? arguments[1] : "", *second = count > 2 ? arguments[2] : "";

  if (strcmp(name, "MicrosoftEdgeWebview2Setup.exe") == 0)
    return strcmp(first, "/silent") == 0 && strcmp(second, "/install") == 0 ? install() : 2;
  if (strcmp(name, "kitectl.exe") == 0) {
    if (strcmp(first, "agent") != 0 || strcmp(second, "--stop") != 0)
      return 2;
    return !SetEvent(stop());
  }
  if (strcmp(first, "agent") == 0) {
    HANDLE asked = stop();
    tell("agent runs");
    WaitForSingleObject(asked, INFINITE);
    return tell("agent ended");
  }
  if (strcmp(first, "deaf") == 0) {
    tell("deaf one runs");
    Sleep(INFINITE);
  }
  return window();
}
