#!/usr/bin/env bash
# Speaks every sentence of texts.tsv into <out>/<language>/<name>.wav (8 kHz, mono, 16-bit PCM).
# Usage: prompts/build.sh [out-folder]     default: this folder, where the files are committed
#
# Needs pico2wave (Debian non-free: libttspico-utils), sox, and espeak-ng where voice_of names it. The same
# versions of these give the same bytes. A WAV below <out> whose row has left the table is removed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here}

# Loudness of human telephone prompts: RMS -18 to -21 dBFS.
readonly level_dbfs=-20
# Pico is darker above 1 kHz than recorded telephone speech; -6 dB makes room for the lift.
readonly pico_tone='gain -6 highpass 150 bass -4 350 treble 8 1800'
readonly espeak_tone='gain -6 highpass 150'

# The engine and the voice that speak a language. A new language needs one line here and its rows in texts.tsv.
voice_of() {
  case $1 in
    en) echo 'pico en-GB' ;;
    de) echo 'pico de-DE' ;;
    *) echo "prompts: no voice is named for the language '$1'" >&2; return 1 ;;
  esac
}

# synthesize <language> <text> <wav>: what the engine says, in its own format.
synthesize() {
  local engine voice
  read -r engine voice < <(voice_of "$1")
  case $engine in
    pico) pico2wave -l "$voice" -w "$3" "<speed level='92'>$2</speed>" ;;
    espeak) espeak-ng -v "$voice" -s 140 -w "$3" "$2" ;;
  esac
}

# master <language> <spoken wav> <final wav>: telephone band, silence trimmed, one level, 0.1 s before and 0.2 s after.
master() {
  local engine tone rms trimmed=$work/trimmed.wav
  read -r engine _ < <(voice_of "$1")
  tone=${engine}_tone
  # shellcheck disable=SC2086 # the tone is a list of sox effects
  sox -D -G "$2" -r 8000 -c 1 -b 16 -e signed-integer "$trimmed" ${!tone} \
    silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse
  rms=$(sox "$trimmed" -n stats 2>&1 | awk '/^RMS lev dB/ {print $4}')
  sox -D "$trimmed" "$3" gain -l "$(awk -v level="$level_dbfs" -v rms="$rms" 'BEGIN {print level - rms}')" pad 0.10 0.20
}

for program in pico2wave sox; do
  command -v "$program" >/dev/null || { echo "prompts: $program is not installed (see prompts/README.md)" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

while IFS=$'\t' read -r language name text; do
  [[ $language == '#'* ]] && continue
  voice_of "$language" >/dev/null
  mkdir -p "$out/$language"
  synthesize "$language" "$text" "$work/spoken.wav"
  master "$language" "$work/spoken.wav" "$out/$language/$name.wav"
  echo "$language/$name.wav" >>"$work/made"
done <"$here/texts.tsv"

(cd "$out" && find . -mindepth 2 -maxdepth 2 -name '*.wav' | sed 's|^\./||') |
  { grep -vxF -f "$work/made" || true; } | # grep's 1 is the good case: nothing is stale
  while read -r stale; do rm -- "$out/$stale"; done
echo "$(wc -l <"$work/made") prompts in $out"
