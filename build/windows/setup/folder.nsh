; Where the programs go. The folder is one of their own, so that nobody's files
; are replaced, and later removed, for having the names of ours.

Var Folder ; of ChooseFolder

!define UNINSTALLER "kite-accounts-uninstall.exe" ; only this setup writes it: the folder is ours

; Leaves in Folder what INSTDIR names where that is ours, empty or not there
; yet, and else a folder within it.
Function ChooseFolder
  StrCpy $Folder $INSTDIR
  StrCpy $0 $Folder 1 -1
  ${If} $0 == "\"
    StrCpy $Folder $Folder -1
  ${EndIf}
  StrLen $0 $Folder
  ${If} $0 <= 2 ; a drive
    StrCpy $Folder "$Folder\${APP}"
  ${EndIf}
  ${Do}
    Call LookIntoFolder
    ${If} $0 != "another's"
      ${ExitDo}
    ${EndIf}
    StrCpy $Folder "$Folder\${APP}"
  ${Loop}
FunctionEnd

; Leaves in $0 whose Folder is: ours, nobody's or another's.
Function LookIntoFolder
  StrCpy $0 "ours"
  ${If} ${FileExists} "$Folder\${UNINSTALLER}"
    Return
  ${EndIf}
  StrCpy $0 "nobody's"
  FindFirst $1 $2 "$Folder\*"
  ${DoWhile} $2 != ""
    ${If} $2 != "."
    ${AndIf} $2 != ".."
      StrCpy $0 "another's"
      ${ExitDo}
    ${EndIf}
    FindNext $1 $2
  ${Loop}
  FindClose $1
FunctionEnd
