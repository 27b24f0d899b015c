#!/usr/bin/env bash
# Builds and proves the whole repository on a machine that has only the .NET SDK:
#
#   tests/run.sh                 every suite
#   tests/run.sh build tests     some of them, in this order; with a + between them at the same time
#   tests/run.sh build windows   one that runs only if it is named, as wasm: the whole run is to stay below twenty minutes
#
# A suite is one function below, named in `suites`. It says what it proves by `check`, adds the totals of a test runner
# by `count`, or says why it cannot run here by `skip`; with CI=true a skipped suite is a failure, and tests that try
# their luck try it eight times as often. A suite that needs a program from outside asks `need COMMAND DEBIAN-PACKAGE` first.
# The last line is the sum: "N passed, N failed". The logs stay in artifacts/logs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
# The servers of tests and samples listen on loopback; a proxy of the machine's must not stand between.
export NO_PROXY="localhost,127.0.0.1,[::1]${NO_PROXY:+,$NO_PROXY}" no_proxy="localhost,127.0.0.1,[::1]${no_proxy:+,$no_proxy}"

# At the same time stands what waits more than it works.
suites=(build format pack tests net8 postgresql sigkill+quickstart browser oauth interop curl_lines)
by_name=(windows wasm)
configuration=Release
logs=artifacts/logs
passed=0 failed=0
skipped=()

build() {
  check "the solution builds without a warning" dotnet build Signing.sln -c "$configuration"
}

# What `dotnet format --verify-no-changes` proves, but for the analyzers, which the build has run.
format() {
  check "the code is formatted" dotnet format whitespace Signing.sln --verify-no-changes --no-restore
  check "the code is in the style of the house" dotnet format style Signing.sln --verify-no-changes --no-restore
  check "the code of the tests on .NET 8 is formatted" dotnet format whitespace tests/Signing.Net8.Tests --folder --verify-no-changes
  check "the code of the tests on Windows is formatted" dotnet format whitespace tests/Signing.Windows.Tests --folder --verify-no-changes
  check "the code of the tests of a page is formatted" dotnet format whitespace tests/Signing.Wasm.Tests --folder --verify-no-changes
}

# What is inside the packages is checked by tests/Signing.Packages.Tests.
pack() {
  check "the packages are packed and valid" dotnet pack Signing.sln -c "$configuration" --no-build
}

tests() {
  local project
  for project in tests/*/*.csproj; do
    [[ $project != *Browser* && $project != *PostgreSql* && $project != *Interop* && $project != *Net8* && $project != *Windows* && $project != *Wasm* ]] || continue
    run_tests "$(basename "$project" .csproj)"
  done
}

# What Signing and Signing.Client ship for net8.0, run by .NET 8, which NuGet has as a package: nothing is installed.
net8() {
  build_apart Signing.Net8.Tests "the tests on .NET 8" || return
  run_tests Signing.Net8.Tests
}

# The tests of files, stores, keys, protocol and client by .NET for Windows, which NuGet has as a package, under Debian's Wine.
windows() {
  local folder program wine name
  local -a which=()
  if ! wine=$(find_wine) && ! { need wine64 wine64; wine=$(find_wine); }; then
    skip "the tests on Windows" "there is no Wine here, and it could not be installed"
    return
  fi
  build_apart Signing.Windows.Tests "the tests on Windows" || return
  program="tests/Signing.Windows.Tests/bin/$configuration/net10.0/Signing.Windows.Tests.exe"

  # Wine 8 loses the writable view of code that .NET makes by default, and is spared what it can be of the garbage collector.
  local -x LC_ALL=C.UTF-8 WINEDEBUG=-all DISPLAY='' WINEPREFIX="$PWD/artifacts/wine" \
    DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=40000000
  check "Wine plays Windows 10" "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f

  for name in Algorithms Client ConnectedApis Credentials Credentials.Administration Credentials.Rules Credentials.Store Credentials.Uses Diagnosis \
    Diagnostics Digests Keys Policy Presigned Replay Tokens Vectors; do
    which+=(-namespace "Signing.Tests.$name")
  done
  # Not under Wine: what measures allocations, because half of the code is compiled without optimisation there, and certificates
  # for a key ring, because there is no RSA. Not on Windows: files that are taken away while they are open.
  for name in '*llocat*' '*.DeletedLockTests.*' '*.JournalTakenAwayTests.*' '*A_key_ring_that_was_written_before_it_was_encrypted_stops_the_start' '*A_key_ring_that_a_certificate_encrypts_is_enough'; do
    which+=(-method- "$name")
  done
  count Signing.Windows.Tests "$wine" "$program" -noColor "${which[@]}"

  folder="$logs/a folder for ümlauts"
  mkdir -p "$folder"
  printf 'GET /orders?id=7 HTTP/1.1\r\nHost: api.example.com\r\n\r\n' >"$folder/request.http"
  check "the tool signs and verifies on Windows" tool_on_windows
  "$wine" wineboot --kill >"$logs/wine-stopped.log" 2>&1
}

tool_on_windows() {
  local -x SIGNING_KEY=shop_key_1 SIGNING_SECRET='a secret from a vault'
  "$wine" "$program" signing sign - <"$folder/request.http" >"$folder/signed.http" &&
    "$wine" "$program" signing verify "$folder/signed.http"
}

# Debian's stands beside the PATH.
find_wine() {
  command -v wine64 || command -v wine || { [[ -x /usr/lib/wine/wine64 ]] && echo /usr/lib/wine/wine64; }
}

# The client in a page that .NET for WebAssembly runs, which NuGet has as a package, in Debian's Chromium.
wasm() {
  if ! need chromium chromium; then
    skip "the tests of a page" "there is no Chromium here, and it could not be installed"
    return
  fi
  build_apart Signing.Wasm.Tests "the tests of a page" || return
  run_tests Signing.Wasm.Tests
}

# Servers of Debian's PostgreSQL, started, killed and stopped by the tests. Its programs are not on the PATH.
postgresql() {
  if ! has_postgresql && ! need initdb postgresql && ! has_postgresql; then
    skip "the tests with PostgreSQL" "there is no PostgreSQL here, and it could not be installed"
    return
  fi
  local lag='*.RevocationLagTests'
  run_tests Signing.PostgreSql.Tests -class- "$lag"
  # Measured in a process of their own: what hundreds of tests leave behind in one is no lag.
  count "revocations reach every node in time" "$(program Signing.PostgreSql.Tests)" -noColor -class "$lag"
  check "the Cluster of three nodes ends as expected" dotnet run --project samples/Cluster -c "$configuration" --no-build
}

has_postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# The suite `tests` kills ten times.
sigkill() {
  SIGNING_KILL_ROUNDS=200 count "a store of credentials, killed 200 times while it writes" \
    "$(program Signing.Programs.Tests)" -noColor -class '*.KilledStoreTests'
}

# The operators' page in Debian's Chromium, one test also behind its nginx; the pictures stay in artifacts/screenshots.
browser() {
  if ! need chromium-headless-shell chromium-headless-shell && ! need chromium chromium; then
    skip "the tests in a browser" "there is no Chromium here, and it could not be installed"
    return
  fi
  if [[ ! -x /usr/sbin/nginx ]] && ! need nginx nginx-light; then
    skip "the tests in a browser" "there is no nginx here, and it could not be installed"
    return
  fi
  run_tests Signing.Browser.Tests
}

quickstart() {
  check "the QuickStart exits with 0" dotnet run --project samples/QuickStart -c "$configuration" --no-build
  check "the QuickStart ends as expected" ends_as_expected "$logs/the-QuickStart-exits-with-0.log"
  check "the TokenRefresh exits with 0" dotnet run --project samples/TokenRefresh -c "$configuration" --no-build
}

# OAuth clients that are not ours, against samples/TokenApi; the lock file pins them.
oauth() {
  local flags=()
  if ! need node nodejs || ! need npm npm; then
    skip "the OAuth clients from npm" "there is no Node.js here, and it could not be installed"
    return
  fi
  # Node.js 18, as Debian 12 has it, hides what both clients are built on.
  [[ $(node --version) != v18.* ]] || flags=(--experimental-global-webcrypto)
  if ! npm ci --prefix tests/oauth-clients --ignore-scripts --no-audit --no-fund >"$logs/npm-ci.log" 2>&1; then
    skip "the OAuth clients from npm" "npm could not fetch them: see $logs/npm-ci.log"
    return
  fi
  check "oauth4webapi and openid-client log in, refresh, introspect and revoke" env \
    TOKEN_API="samples/TokenApi/bin/$configuration/net10.0/TokenApi.dll" \
    node "${flags[@]}" --test --test-reporter=spec tests/oauth-clients/oauth.test.mjs
}

# Libraries of npm against ours, in both directions and through gateways; and the README's clients in other languages.
interop() {
  local go='*.GoTests'
  if ! need node nodejs || ! need npm npm || ! need python3 python3; then
    skip "the interop tests" "there is no Node.js or no Python 3 here, and it could not be installed"
    return
  fi
  if { [[ ! -x /usr/sbin/nginx ]] && ! need nginx nginx-light; } || { [[ ! -x /usr/sbin/haproxy ]] && ! need haproxy haproxy; }; then
    skip "the interop tests" "there is no nginx or no haproxy here, and it could not be installed"
    return
  fi
  if ! npm ci --prefix tests/Signing.Interop.Tests/node --ignore-scripts --no-audit --no-fund >"$logs/npm-ci-interop.log" 2>&1; then
    skip "the interop tests" "npm could not fetch the libraries: see $logs/npm-ci-interop.log"
    return
  fi
  run_tests Signing.Interop.Tests -class- "$go"
  if ! need go golang-go; then
    skip "the Go client of the README" "there is no Go here, and it could not be installed"
    return
  fi
  count "the Go client of the README" "$(program Signing.Interop.Tests)" -noColor -class "$go"
}

# The curl lines of the server's README, and what it shows them to answer.
curl_lines() {
  need curl curl || { skip "the curl lines of the README" "there is no curl here, and it could not be installed"; return; }
  check "the curl lines of the README answer as it shows" \
    bash tests/curl-lines.sh src/Signing.AspNetCore/README.md "samples/TokenApi/bin/$configuration/net10.0/TokenApi.dll"
}

ends_as_expected() {
  tail -n 1 "$1" | tee /dev/stderr | grep -Eq '^QuickStart: ([1-9][0-9]*) of \1 as expected\r?$'
}

# check SENTENCE COMMAND…: one proof, passed if the command exits with 0 within ten minutes.
check() {
  local sentence=$1 log started=$SECONDS
  shift
  log="$logs/${sentence// /-}.log"
  if within_ten_minutes "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $sentence ($((SECONDS - started)) s)"
  else
    fail "$sentence ($((SECONDS - started)) s)" "$log"
  fi
}

# build_apart PROJECT WHAT: one that is not in the solution, because its runtime is a package that may not be to be had.
build_apart() {
  local project=tests/$1/$1.csproj log=$logs/restore-$1.log
  if ! within_ten_minutes dotnet restore "$project" >"$log" 2>&1; then
    skip "$2" "its runtime could not be restored: see $log"
    return 1
  fi
  check "$2 are built" dotnet build "$project" -c "$configuration" --no-restore
}

# run_tests PROJECT OPTION…: all of its tests that the options leave.
run_tests() {
  count "$1" "$(program "$1")" -noColor "${@:2}"
}

# program PROJECT: its tests are a program, which starts sooner by itself than by `dotnet test`.
program() {
  compgen -G "tests/$1/bin/$configuration/net*/$1"
}

# count NAME COMMAND…: a run of a test program, whose own totals are added; one that stops before them has failed.
count() {
  local name=$1 log totals started=$SECONDS ran=0 all errors bad idle ok
  shift
  log="$logs/$name.log"
  within_ten_minutes "$@" >"$log" 2>&1 || ran=$?
  totals=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1)
  read -r all errors bad idle < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/' <<<"$totals")
  ok=$((all - bad - idle)) bad=$((bad + errors))
  if [[ -z $totals || $((ok + bad)) -eq 0 || ($ran -ne 0 && $bad -eq 0) ]]; then
    fail "$name ran no test or stopped (exit code $ran)" "$log"
    return
  fi
  passed=$((passed + ok))
  if ((bad > 0)); then
    fail "$name: $bad of $((ok + bad)) tests ($((SECONDS - started)) s)" "$log" "$bad"
  else
    echo "ok      $name: $ok tests ($((SECONDS - started)) s)"
  fi
  ((idle == 0)) || skip "$idle tests of $name" "the test runner skipped them"
}

# fail SENTENCE LOG [NUMBER]: what tests say of their failure, and without any the end of the log.
fail() {
  failed=$((failed + ${3:-1}))
  echo "FAILED  $1"
  if grep -qE ' \[FAIL\]$' "$2"; then
    # Around them stands what servers say that are killed on purpose.
    grep -E -A 25 ' \[FAIL\]$' "$2" | grep -vE '^\s*$' | head -n 150
  else
    grep -vE '^\s*$' "$2" | tail -n 60
  fi | sed 's/^/        /'
}

# skip WHAT WHY
skip() {
  skipped+=("$1: $2")
  echo "skipped $1: $2"
  [[ ${CI:-} != true ]] || failed=$((failed + 1))
}

# need COMMAND DEBIAN-PACKAGE: true if the command is there, or root could install it.
need() {
  command -v "$1" >/dev/null && return
  [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null || return
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } >"$logs/install-$2.log" 2>&1
  command -v "$1" >/dev/null
}

within_ten_minutes() {
  if [[ $(type -t "$1") == file ]]; then
    timeout --kill-after=10 600 "$@" </dev/null
  else
    "$@"
  fi
}

# at_once SUITE…: each in a shell of its own, whose sums are added.
at_once() {
  local suite ok bad
  local -a left
  for suite in "$@"; do
    (
      passed=0 failed=0 skipped=()
      "$suite"
      printf '%s\n' "$passed $failed" "${skipped[@]}" >"$logs/$suite.sum"
    ) &
  done
  wait
  for suite in "$@"; do
    if [[ ! -s $logs/$suite.sum ]]; then
      failed=$((failed + 1))
      echo "FAILED  the suite $suite stopped before its end"
      continue
    fi
    { read -r ok bad && mapfile -t left; } <"$logs/$suite.sum"
    passed=$((passed + ok)) failed=$((failed + bad)) skipped+=("${left[@]}")
  done
}

rm -rf "$logs"
mkdir -p "$logs"
for entry in "${@:-${suites[@]}}"; do
  IFS=+ read -ra together <<<"$entry"
  for suite in "${together[@]}"; do
    known="${suites[*]//+/ } ${by_name[*]}"
    if [[ " $known " != *" $suite "* ]]; then
      echo "no suite '$suite'; there are: $known" >&2
      exit 2
    fi
  done
  if ((${#together[@]} == 1)); then
    "$entry"
  else
    at_once "${together[@]}"
  fi
done
if ((${#skipped[@]} > 0)); then
  printf '\nSkipped:\n'
  printf '  %s\n' "${skipped[@]}"
fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
