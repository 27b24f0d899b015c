#!/usr/bin/env bash
# Runs the curl lines of a README, in their order, against samples/TokenApi, and compares what comes with what the README
# shows below each of them:
#
#   tests/curl-lines.sh README PROGRAM
#
# Tokens and times differ from run to run: of a token its beginning is compared, of a time that it is one.
set -uo pipefail
readme=$1 program=$2
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; wait; rm -rf "$work"' EXIT

ASPNETCORE_ENVIRONMENT=Development Data="$work/data" \
  Signing__Credentials__0__Key=shop_key_1 Signing__Credentials__0__Secret='a secret from a vault' Signing__Credentials__0__Scopes=orders.read \
  dotnet "$program" --urls http://127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
origin=
for ((i = 0; i < 300 && ${#origin} == 0; i++)); do
  sleep 0.1
  origin=$(sed -n 's/.*Now listening on: //p' "$work/log")
done
[[ -n $origin ]] || { cat "$work/log"; exit 1; }

alike() { sed -E 's/sgn_(access|refresh)_[0-9A-Za-z_-]+/sgn_\1_…/g; s/[0-9]{10}/1797840000/g' <<<"$1"; }

token() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"; }

ACCESS_TOKEN='' REFRESH_TOKEN='' lines=0 wrong=0 fence='' block='' answer=''
export ACCESS_TOKEN REFRESH_TOKEN
while IFS= read -r line; do
  case $line in
    '```sh') fence=sh block='' ;;
    '```json' | '```text') fence=${answer:+json} block='' ;;
    '```')
      if [[ $fence == sh && $block == curl* ]]; then
        answer=$(bash -c "${block//http:\/\/localhost:5000/$origin}" 2>"$work/error") || { echo "$block: $(cat "$work/error")"; wrong=$((wrong + 1)); }
        lines=$((lines + 1))
        next=$(token access_token "$answer"); ACCESS_TOKEN=${next:-$ACCESS_TOKEN}
        next=$(token refresh_token "$answer"); REFRESH_TOKEN=${next:-$REFRESH_TOKEN}
        last=$block
      elif [[ $fence == json ]]; then
        if [[ $(alike "$answer") != "$(alike "${block%$'\n'}")" ]]; then
          printf '%sanswers\n  %s\nand not\n  %s\n' "$last" "$(alike "$answer")" "${block%$'\n'}"
          wrong=$((wrong + 1))
        fi
        answer=''
      fi
      fence='' ;;
    *) [[ -z $fence ]] || block+=$line$'\n' ;;
  esac
done <"$readme"
echo "$lines lines of curl, $wrong wrong"
((lines > 0 && wrong == 0))
