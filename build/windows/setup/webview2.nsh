; Microsoft's WebView2 runtime, which shows the window and the login page. It is
; looked for as Microsoft says and installed by Microsoft's bootstrapper, which
; loads it from Microsoft; without an administrator it is the user's own:
; https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/distribution

!define WEBVIEW2_CLIENT "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

; Leaves the runtime's version in $0, or nothing.
Function FindWebView2
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\${WEBVIEW2_CLIENT}" "pv"
  ${If} $0 == ""
  ${OrIf} $0 == "0.0.0.0"
    ReadRegStr $0 HKCU "Software\${WEBVIEW2_CLIENT}" "pv"
  ${EndIf}
  ${If} $0 == "0.0.0.0"
    StrCpy $0 ""
  ${EndIf}
FunctionEnd

Function InstallWebView2
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/NOWEBVIEW2" $2
  ${IfNot} ${Errors}
    Return
  ${EndIf}
  Call FindWebView2
  ${If} $0 != ""
    Return
  ${EndIf}
  DetailPrint "Installing Microsoft's WebView2 runtime"
  InitPluginsDir
  File "/oname=$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" "${FILES}/MicrosoftEdgeWebview2Setup.exe"
  ClearErrors
  ExecWait '"$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" /silent /install' $1
  ${If} ${Errors} ; leaves $1 undefined
    StrCpy $1 "unknown, since it couldn't be started"
  ${EndIf}
  Call FindWebView2
  ${If} $0 == ""
    SetErrorLevel ${EXIT_WEBVIEW2}
    MessageBox MB_OK|MB_ICONEXCLAMATION "${APP} is installed, but Microsoft's WebView2 runtime, which it needs to open its window, isn't: Microsoft's installer ended with code $1. Is this computer online? Once it is, run this setup again, or install the runtime from https://go.microsoft.com/fwlink/p/?LinkId=2124703" /SD IDOK
  ${EndIf}
FunctionEnd
