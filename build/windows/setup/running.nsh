; Programs of an installed version that run. Windows lets nobody replace or
; remove a program's file meanwhile.

!define WINDOW_CLASS "wailsWindow"
!define PAUSE 500 ; milliseconds between two looks
!define AGENT_PATIENCE 10000 ; milliseconds

; Leaves 1 in $R0 where FILE is in use, else what it was.
!macro LookAt file
  ${If} ${FileExists} "${file}"
    ClearErrors
    FileOpen $R9 "${file}" a
    ${If} ${Errors}
      StrCpy $R0 1
    ${Else}
      FileClose $R9
    ${EndIf}
  ${EndIf}
!macroend

!macro RunningFunctions un

Function ${un}Look
  StrCpy $R0 0
  !insertmacro LookAt "$INSTDIR\kite-accounts.exe"
  !insertmacro LookAt "$INSTDIR\kitectl.exe"
FunctionEnd

; Asks the window first, since it keeps the agent running, and then the agent.
; The window may have a question of its own: it is asked once and brought to the
; front.
Function ${un}CloseRunning
  StrCpy $R1 0 ; milliseconds waited
  StrCpy $R2 0 ; the window that was asked
  StrCpy $R3 0 ; whether the agent was
  IntOp $R4 $Patience * 1000
  ${Do}
    Call ${un}Look
    ${If} $R0 = 0
      Return
    ${EndIf}
    StrCpy $Ended 1
    Call ${un}AskToEnd
    Sleep ${PAUSE}
    IntOp $R1 $R1 + ${PAUSE}
    ${If} $R1 >= $R4
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${APP} is still running. Close its window, and kitectl where a terminal runs it; then press Retry." /SD IDCANCEL IDRETRY again
      SetErrorLevel ${EXIT_RUNNING}
      Abort "${APP} is still running."
      again:
      StrCpy $R1 0
      StrCpy $R2 0
      StrCpy $R3 0
    ${EndIf}
  ${Loop}
FunctionEnd

Function ${un}AskToEnd
  FindWindow $R5 "${WINDOW_CLASS}" "${APP}"
  ${If} $R5 <> 0
    ${If} $R5 != $R2
      StrCpy $R2 $R5
      DetailPrint "Closing ${APP}"
      System::Call 'user32::SetForegroundWindow(p R5)'
      System::Call 'user32::PostMessageW(p R5, i ${WM_CLOSE}, p 0, p 0)'
    ${EndIf}
  ${ElseIf} $R3 = 0
    StrCpy $R3 1
    DetailPrint "Ending the agent"
    nsExec::Exec /TIMEOUT=${AGENT_PATIENCE} '"$INSTDIR\kitectl.exe" agent --stop'
    Pop $R6
  ${EndIf}
FunctionEnd

!macroend
!insertmacro RunningFunctions ""
!insertmacro RunningFunctions "un."
