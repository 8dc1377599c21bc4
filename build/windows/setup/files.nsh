; What is put on the disk and into the registry, and taken away again. What the
; programs save, in $LOCALAPPDATA\KiteAccounts, is never touched.

!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
; By these names the programs register themselves: autostart.ID, and what
; backend/notify tells Windows about its toasts.
!define AUTOSTART "io.github.kiteaccounts.KiteAccounts"
!define TOASTS "Software\Classes\AppUserModelId\io.github.kiteaccounts.KiteAccounts"
!define ACTIVATOR "Software\Classes\CLSID\{6C4B3E0E-6E0B-4C25-9B55-2C7A3D1D5E64}"

Function InstallFiles
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\${UNINSTALLER}" ; first, since it says whose folder it is
  File "${FILES}/kite-accounts.exe"
  File "${FILES}/kitectl.exe"
  File "${FILES}/LICENSE.txt"
  File "${FILES}/THIRD-PARTY-LICENSES.txt"
FunctionEnd

Function InstallShortcuts
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\kite-accounts.exe"
  ${If} $WantsDesktop == ${BST_CHECKED}
    CreateShortcut "$DESKTOP\${APP}.lnk" "$INSTDIR\kite-accounts.exe"
  ${Else}
    Delete "$DESKTOP\${APP}.lnk"
  ${EndIf}
FunctionEnd

; https://learn.microsoft.com/en-us/windows/win32/msi/uninstall-registry-key
Function RegisterUninstaller
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "VersionOrder" "${ORDER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\kite-accounts.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

; Somebody may have put other things into the folder: no more is removed than
; what was installed.
Function un.RemoveFiles
  Delete "$INSTDIR\kite-accounts.exe"
  Delete "$INSTDIR\kitectl.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-LICENSES.txt"
  Delete "$INSTDIR\${UNINSTALLER}"
  SetOutPath "$TEMP" ; a folder that is current can't be removed
  RMDir "$INSTDIR"
FunctionEnd

Function un.RemoveTraces
  Push $INSTDIR
  Push "remove"
  Call un.EditPath
  Delete "$SMPROGRAMS\${APP}.lnk"
  Delete "$DESKTOP\${APP}.lnk"
  Call un.RemoveAutostart
  DeleteRegKey HKCU "${TOASTS}"
  DeleteRegKey HKCU "${ACTIVATOR}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
FunctionEnd

!macro AutostartFunctions un

; Leaves in $0 what starts with Windows, where that is of this folder and not
; a portable copy elsewhere, or nothing.
Function ${un}FindAutostart
  ReadRegStr $0 HKCU "${RUN_KEY}" "${AUTOSTART}"
  StrCpy $1 $0
  StrCpy $2 $0 1
  ${If} $2 == '"'
    StrCpy $1 $0 "" 1
  ${EndIf}
  StrLen $2 "$INSTDIR\"
  StrCpy $1 $1 $2
  ${If} $1 != "$INSTDIR\"
    StrCpy $0 ""
  ${EndIf}
FunctionEnd

!macroend
!insertmacro AutostartFunctions ""
!insertmacro AutostartFunctions "un."

Function un.RemoveAutostart
  Call un.FindAutostart
  ${If} $0 != ""
    DeleteRegValue HKCU "${RUN_KEY}" "${AUTOSTART}"
    DeleteRegValue HKCU "${APPROVED_KEY}" "${AUTOSTART}"
  ${EndIf}
FunctionEnd

; Where nobody is asked whether to open the window, what was ended for the
; upgrade and starts with Windows is started again.
Function StartAgain
  ${If} ${Silent}
  ${AndIf} $Ended = 1
    Call FindAutostart
    ${If} $0 != ""
      Exec $0
    ${EndIf}
  ${EndIf}
FunctionEnd
