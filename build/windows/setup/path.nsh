; The user's PATH. It is edited in memory of its own: NSIS's variables end at
; 1023 characters, and a longer PATH would lose its rest.

Var PathResult ; of EditPath: there, absent, failed, unfit

!define USER_ENVIRONMENT 'p -2147483647, w "Environment"' ; HKEY_CURRENT_USER, sign-extended as in winreg.h
!define READ_AND_WRITE 0x20007 ; READ_CONTROL, KEY_QUERY_VALUE, KEY_SET_VALUE and KEY_CREATE_SUB_KEY
!define ERROR_FILE_NOT_FOUND 2
!define TYPE_TEXT 1           ; REG_SZ
!define TYPE_TEXT_EXPANDED 2  ; REG_EXPAND_SZ

!macro PathFunctions un

; Pops what to do, look, add or remove, and before that the folder. PathResult
; tells whether the folder was on the PATH, or that it couldn't be read or
; written, or that no PATH can name this folder: semicolons part its folders.
Function ${un}EditPath
  Pop $R0 ; what to do
  Pop $R1 ; folder
  StrCpy $PathResult "unfit"
  System::Call 'shlwapi::StrStrIW(w R1, w ";") p .r5'
  ${If} $5 P<> 0
    Return
  ${EndIf}
  StrCpy $PathResult "failed"
  System::Call 'advapi32::RegCreateKeyExW(${USER_ENVIRONMENT}, i 0, p 0, i 0, i ${READ_AND_WRITE}, p 0, *p .r0, p 0) i .r9'
  ${If} $9 <> 0
    Return
  ${EndIf}
  System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, *i .r2, p 0, *i .r1) i .r9'
  ${If} $9 = ${ERROR_FILE_NOT_FOUND}
    StrCpy $1 0
    StrCpy $2 ${TYPE_TEXT_EXPANDED}
  ${EndIf}
  ${If} $9 = 0
  ${OrIf} $9 = ${ERROR_FILE_NOT_FOUND}
    ${If} $2 = ${TYPE_TEXT}
    ${OrIf} $2 = ${TYPE_TEXT_EXPANDED}
      Call ${un}EditPathOfType
    ${EndIf}
  ${EndIf}
  System::Call 'advapi32::RegCloseKey(p r0)'
FunctionEnd

; $0 is the open key, $1 the value's bytes, $2 its type. In memory the PATH
; stands between semicolons, so that a folder is found only as a whole.
Function ${un}EditPathOfType
  StrLen $7 $R1
  IntOp $7 $7 + 4
  IntOp $7 $7 * 2
  IntOp $7 $7 + $1
  System::Alloc $7
  Pop $3
  ${If} $3 P= 0
    Return
  ${EndIf}
  System::Call 'kernel32::lstrcpyW(p r3, w ";")'
  IntPtrOp $4 $3 + 2
  StrCpy $9 0
  ${If} $1 > 0
    System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, p 0, p r4, *i r1r1) i .r9'
  ${EndIf}
  ${If} $9 = 0
    System::Call 'kernel32::lstrcatW(p r3, w ";")'
    Call ${un}FindInPath
    Call ${un}ChangePath
  ${EndIf}
  System::Free $3
FunctionEnd

; Leaves in $5 where the folder is in $3, ";PATH;", or 0, and in $8 its length
; there: it may end with a backslash.
Function ${un}FindInPath
  StrLen $8 $R1
  StrCpy $6 ";$R1;"
  System::Call 'shlwapi::StrStrIW(p r3, w r6) p .r5'
  ${If} $5 P= 0
    IntOp $8 $8 + 1
    StrCpy $6 ";$R1\;"
    System::Call 'shlwapi::StrStrIW(p r3, w r6) p .r5'
  ${EndIf}
FunctionEnd

; $3 is ";PATH;", $4 what follows its first semicolon, $5 and $8 are of
; FindInPath.
Function ${un}ChangePath
  StrCpy $PathResult "there"
  ${If} $5 P= 0
    StrCpy $PathResult "absent"
  ${EndIf}
  ${If} $R0 == "add"
  ${AndIf} $5 P= 0
    ${If} $1 <= 2 ; nothing, or an end of text alone
      System::Call 'kernel32::lstrcpyW(p r4, w R1)'
    ${Else}
      System::Call 'kernel32::lstrcatW(p r4, w R1)'
    ${EndIf}
    Call ${un}SavePath
  ${ElseIf} $R0 == "remove"
  ${AndIf} $5 P<> 0
    ${Do}
      IntOp $7 $8 + 1
      IntOp $7 $7 * 2
      IntPtrOp $6 $5 + $7
      System::Call 'kernel32::lstrlenW(p r6) i .r7'
      IntOp $7 $7 + 1
      IntOp $7 $7 * 2
      System::Call 'ntdll::RtlMoveMemory(p r5, p r6, p r7)'
      Call ${un}FindInPath
    ${LoopUntil} $5 P= 0
    System::Call 'kernel32::lstrlenW(p r3) i .r7'
    IntOp $7 $7 - 1
    ${If} $7 > 0
      IntOp $7 $7 * 2
      IntPtrOp $6 $3 + $7
      System::Call '*$6(&i2 0)' ; the semicolon behind it
    ${EndIf}
    Call ${un}SavePath
  ${EndIf}
FunctionEnd

; Programs that are started later learn of it by the message, as
; https://learn.microsoft.com/en-us/windows/win32/procthread/environment-variables says.
Function ${un}SavePath
  System::Call 'kernel32::lstrlenW(p r4) i .r7'
  ${If} $7 = 0
    System::Call 'advapi32::RegDeleteValueW(p r0, w "Path") i .r9'
  ${Else}
    IntOp $7 $7 + 1
    IntOp $7 $7 * 2
    System::Call 'advapi32::RegSetValueExW(p r0, w "Path", i 0, i r2, p r4, i r7) i .r9'
  ${EndIf}
  ${If} $9 <> 0
    StrCpy $PathResult "failed"
  ${EndIf}
  System::Call 'user32::SendMessageTimeoutW(p 0xffff, i ${WM_SETTINGCHANGE}, p 0, w "Environment", i 2, i 5000, p 0)'
FunctionEnd

!macroend
!insertmacro PathFunctions ""
!insertmacro PathFunctions "un."
