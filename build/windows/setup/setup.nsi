; The setup for Windows: for one user, without an administrator's rights. It is
; built by ../setup.sh. With /S it asks nothing; these work with or without it:
;   /DESKTOP=1|0   a shortcut on the desktop
;   /PATH=1|0      the folder on the user's PATH, so that terminals find kitectl
;   /WAIT=SECONDS  how long with /S to wait for running programs to end (30)
;   /DOWNGRADE     go on where a newer version is installed
;   /NOWEBVIEW2    never install Microsoft's WebView2 runtime
;   /D=FOLDER      where to, as the last argument and without quotes; where it
;                  holds other things, a folder in it
; It ends with 0, or 1 where the user stopped it, 2 where a file can't be
; written, or one of these:
!define EXIT_NEWER 3     ; a newer version is installed
!define EXIT_RUNNING 4   ; programs of an installed version run
!define EXIT_WINDOWS 5   ; older than Windows 10
!define EXIT_WEBVIEW2 6  ; all is installed but WebView2
!define EXIT_PATH 7      ; all is installed, but the PATH is as it was

Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave off
AllowSkipFiles off ; with /S a file that can't be written would be left out and nobody told
CRCCheck force
RequestExecutionLevel user
ManifestSupportedOS Win10
ManifestDPIAware true
ManifestLongPathAware true

!define APP "Kite Accounts"
!define PUBLISHER "The Kite Accounts authors"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\KiteAccounts"

Name "${APP}"
Caption "${APP} ${VERSION} Setup"
UninstallCaption "${APP} Uninstall"
BrandingText "${APP} ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
AllowRootDirInstall true ; as any other folder that holds other things
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${NUMBER}"
VIFileVersion "${NUMBER}"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${APP} Setup"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "© ${PUBLISHER}"

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"
!include "WinVer.nsh"
!include "x64.nsh"
!include "nsDialogs.nsh"

Var WantsDesktop ; ${BST_CHECKED} or ${BST_UNCHECKED}
Var WantsPath    ; likewise
Var Ended        ; 1 once the window or the agent was asked to end
Var Patience     ; seconds to wait for running programs, where nobody can be asked

!include "folder.nsh"
!include "path.nsh"
!include "running.nsh"
!include "webview2.nsh"
!include "options.nsh"
!include "files.nsh"

!define MUI_ICON "${FILES}/icon.ico"
!define MUI_UNICON "${FILES}/icon.ico"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${FILES}/header.bmp"
!define MUI_HEADERIMAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_HEADERIMAGE_UNBITMAP "${FILES}/header.bmp"
!define MUI_HEADERIMAGE_UNBITMAP_STRETCH AspectFitHeight
!define MUI_WELCOMEFINISHPAGE_BITMAP "${FILES}/side.bmp"

!insertmacro MUI_PAGE_LICENSE "${FILES}/licence.txt"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipIfInstalled
!define MUI_DIRECTORYPAGE_TEXT_TOP "${APP} goes into this folder. Where that holds other things, it goes into a folder $\"${APP}$\" within it."
!insertmacro MUI_PAGE_DIRECTORY
Page custom OptionsPage OptionsLeave
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\kite-accounts.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open ${APP}"
!define MUI_FINISHPAGE_TITLE "${APP} is installed"
!define MUI_FINISHPAGE_TEXT "You find version ${VERSION} in the Start menu."
!insertmacro MUI_PAGE_FINISH

!define MUI_UNCONFIRMPAGE_TEXT_TOP "The programs, their shortcuts and the start with Windows are removed. Your accounts and settings are kept in $LOCALAPPDATA\KiteAccounts; delete that folder yourself if you don't need them any more."
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"

Function .onInit
  SetShellVarContext current
  SetRegView 64
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${APP} needs Windows 10 or newer." /SD IDOK
    SetErrorLevel ${EXIT_WINDOWS}
    Quit
  ${EndIf}
  Call RefuseDowngrade
  Call ReadOptions
FunctionEnd

Function un.onInit
  SetShellVarContext current
  SetRegView 64
  Call un.ReadPatience
FunctionEnd

; An older version can't read what a newer one has saved.
Function RefuseDowngrade
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "VersionOrder"
  ${If} $0 == ""
    Return
  ${EndIf}
  ${VersionCompare} "${ORDER}" $0 $1
  ${If} $1 != 2
    Return
  ${EndIf}
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/DOWNGRADE" $2
  ${IfNot} ${Errors}
    Return
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "Version $0 is installed, which is newer. Version ${VERSION} may not be able to read the accounts that it has saved.$\n$\nInstall the older version all the same?" /SD IDNO IDYES goon
  SetErrorLevel ${EXIT_NEWER}
  Quit
  goon:
FunctionEnd

; An installed version is replaced where it is.
Function SkipIfInstalled
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 != ""
  ${AndIf} $0 == $INSTDIR
  ${AndIf} ${FileExists} "$0\kite-accounts.exe"
    Abort
  ${EndIf}
FunctionEnd

Section "-programs"
  AddSize ${KILOBYTES} ; files in functions aren't counted
  Call ChooseFolder
  StrCpy $INSTDIR $Folder
  Call CloseRunning
  Call InstallFiles
  Call InstallShortcuts
  Call InstallPath
  Call RegisterUninstaller
  Call InstallWebView2
  Call StartAgain
SectionEnd

Section "Uninstall"
  Call un.CloseRunning
  Call un.RemoveTraces
  Call un.RemoveFiles
SectionEnd
