; What the user may choose. An upgrade starts from what is there.

Var DesktopBox
Var PathBox

; Reads an option of the command line that is 1 or 0 into VARIABLE, which keeps
; its value where it isn't given.
!macro ReadChoice name variable
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/${name}=" $1
  ${IfNot} ${Errors}
    ${If} $1 == 1
      StrCpy ${variable} ${BST_CHECKED}
    ${Else}
      StrCpy ${variable} ${BST_UNCHECKED}
    ${EndIf}
  ${EndIf}
!macroend

Function ReadOptions
  StrCpy $WantsDesktop ${BST_UNCHECKED}
  ${If} ${FileExists} "$DESKTOP\${APP}.lnk"
    StrCpy $WantsDesktop ${BST_CHECKED}
  ${EndIf}
  StrCpy $WantsPath ${BST_UNCHECKED}
  Call ChooseFolder
  Push $Folder
  Push "look"
  Call EditPath
  ${If} $PathResult == "there"
    StrCpy $WantsPath ${BST_CHECKED}
  ${EndIf}
  !insertmacro ReadChoice "DESKTOP" $WantsDesktop
  !insertmacro ReadChoice "PATH" $WantsPath
  Call ReadPatience
FunctionEnd

!macro ReadPatience un
Function ${un}ReadPatience
  StrCpy $Patience 30
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/WAIT=" $1
  ${IfNot} ${Errors}
    StrCpy $Patience $1
  ${EndIf}
FunctionEnd
!macroend
!insertmacro ReadPatience ""
!insertmacro ReadPatience "un."

Function OptionsPage
  !insertmacro MUI_HEADER_TEXT "Choose Options" "What should be set up besides the Start menu?"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateCheckbox} 0 0 100% 12u "Put a shortcut on the &desktop"
  Pop $DesktopBox
  ${NSD_SetState} $DesktopBox $WantsDesktop
  ${NSD_CreateCheckbox} 0 20u 100% 12u "Let terminals find &kitectl, the command line"
  Pop $PathBox
  ${NSD_SetState} $PathBox $WantsPath
  ${NSD_CreateLabel} 12u 33u -12u 20u "This adds the folder to your PATH. Terminals that are open already have to be opened anew."
  Pop $0
  ${NSD_CreateLabel} 0 -24u 100% 24u "To change either later, run this setup again."
  Pop $0
  nsDialogs::Show
FunctionEnd

Function OptionsLeave
  ${NSD_GetState} $DesktopBox $WantsDesktop
  ${NSD_GetState} $PathBox $WantsPath
FunctionEnd

Function InstallPath
  Push $INSTDIR
  ${If} $WantsPath == ${BST_CHECKED}
    Push "add"
  ${Else}
    Push "remove"
  ${EndIf}
  Call EditPath
  ${If} $WantsPath == ${BST_CHECKED}
  ${AndIf} $PathResult == "unfit"
    SetErrorLevel ${EXIT_PATH}
    MessageBox MB_OK|MB_ICONEXCLAMATION "The PATH can't name a folder that has a semicolon in its name, so terminals won't find kitectl. The folder is $INSTDIR." /SD IDOK
  ${ElseIf} $PathResult == "failed"
    SetErrorLevel ${EXIT_PATH}
    MessageBox MB_OK|MB_ICONEXCLAMATION "Your PATH couldn't be changed. In Windows' settings, under $\"Edit environment variables for your account$\", it can be done by hand: the folder is $INSTDIR." /SD IDOK
  ${EndIf}
FunctionEnd
