; Part of the Windows installer: links masquerade://..., invitations in files, and the firewall.
;
; SHELL_CONTEXT is the person's own registry, or everybody's when the installer runs for all users. Only then may it add
; a rule to the firewall; otherwise Windows asks when a session is first coordinated. The rule holds in private and
; domain networks, never in public ones: for the sessions (TCP) and for finding them (UDP, multicast DNS).

!macro masqueradeOpens KEY NAME
  WriteRegStr SHELL_CONTEXT "Software\Classes\${KEY}" "" "${NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${KEY}\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\${KEY}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customInstall
  !insertmacro masqueradeOpens "masquerade" "URL:Masquerade"
  WriteRegStr SHELL_CONTEXT "Software\Classes\masquerade" "URL Protocol" ""
  !insertmacro masqueradeOpens "Masquerade.Invitation" "Masquerade"
  WriteRegStr SHELL_CONTEXT "Software\Classes\.masquerade-join" "" "Masquerade.Invitation"

  ${if} $installMode == "all"
    nsExec::Exec 'netsh advfirewall firewall delete rule name="Masquerade"'
    nsExec::Exec 'netsh advfirewall firewall add rule name="Masquerade" dir=in action=allow program="$INSTDIR\${APP_EXECUTABLE_FILENAME}" protocol=TCP profile=private,domain enable=yes'
    nsExec::Exec 'netsh advfirewall firewall add rule name="Masquerade" dir=in action=allow program="$INSTDIR\${APP_EXECUTABLE_FILENAME}" protocol=UDP localport=5353 profile=private,domain enable=yes'
  ${endif}
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\masquerade"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Masquerade.Invitation"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\.masquerade-join"

  ${if} $installMode == "all"
    nsExec::Exec 'netsh advfirewall firewall delete rule name="Masquerade"'
  ${endif}
!macroend
