#!/usr/bin/env bash
# A policy server for Postfix (SMTPD_POLICY_README): the first attempt for a pair of sender and recipient is put off, the next
# one is let through. $1 is the folder that remembers.
sender= recipient=
while IFS= read -r line; do
  case $line in
    sender=*) sender=${line#*=} ;;
    recipient=*) recipient=${line#*=} ;;
    '')
      seen=$1/$(printf '%s' "$sender $recipient" | sha256sum | cut -c -64)
      if [ -e "$seen" ]; then action=DUNNO; else
        : >"$seen"
        action='450 4.7.1 Greylisted, try again later'
      fi
      printf 'action=%s\n\n' "$action"
      sender= recipient=
      ;;
  esac
done
