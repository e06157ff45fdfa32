#!/bin/bash
# Starts FreeSWITCH with Dialgate's configuration, the placeholders of which are filled in from the environment.
set -euo pipefail

conf=/tmp/dialgate-conf

# FreeSWITCH expands dollar signs, XML expands ampersands and sed its own: a secret of letters and digits needs no care.
if [[ ! $FREESWITCH_SECRET =~ ^[A-Za-z0-9_-]{16,}$ ]]; then
  echo 'FREESWITCH_SECRET: 16 letters, digits, _ or - at least' >&2
  exit 1
fi
for name in PUBLIC_ADDRESS DIALGATE_ADDRESS; do
  if [[ ! ${!name} =~ ^[0-9]+(\.[0-9]+){3}$ ]]; then
    echo "$name: an IPv4 address, not '${!name}'" >&2
    exit 1
  fi
done

umask 077
rm -rf "$conf"
mkdir -p "$conf" /usr/local/freeswitch/log /usr/local/freeswitch/db
for file in /dialgate/conf/*.xml; do
  sed -e "s/@FREESWITCH_SECRET@/$FREESWITCH_SECRET/" \
    -e "s/@PUBLIC_ADDRESS@/$PUBLIC_ADDRESS/" \
    -e "s/@DIALGATE_ADDRESS@/$DIALGATE_ADDRESS/" "$file" >"$conf/${file##*/}"
done
unset FREESWITCH_SECRET

# -conf, -log and -db are given together or not at all.
exec freeswitch -nonat -conf "$conf" -log /usr/local/freeswitch/log -db /usr/local/freeswitch/db
