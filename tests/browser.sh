# What the browser tests need: sourced by tests/run, not run. Needs install_packages, heading and die.

# Whether a Node that Playwright runs on (18 or later) and npm are there.
node_is_there() {
  local version
  command -v npm >/dev/null && version=$(node --version 2>/dev/null) && version=${version#v} &&
    [ "${version%%.*}" -ge 18 ]
}

# Finds or installs Chromium, Node and npm, then what drives them, at the versions that are locked.
prepare_browser() {
  local missing=()
  [ -x "${MAITRISE_TEST_CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
  node_is_there || missing+=(nodejs npm)
  if [ ${#missing[@]} -gt 0 ]; then
    install_packages "${missing[@]}"
    [ -x "${MAITRISE_TEST_CHROMIUM:-/usr/bin/chromium}" ] ||
      die "no Chromium at ${MAITRISE_TEST_CHROMIUM:-/usr/bin/chromium}; set MAITRISE_TEST_CHROMIUM to it"
    node_is_there || die "Node 18 or later and npm are needed; found: $(node --version 2>&1)"
  fi
  # The list that npm leaves is newer than the lock when all is installed as locked.
  if [ tests/browser/package-lock.json -nt tests/browser/node_modules/.package-lock.json ]; then
    heading "Installing what drives the browser"
    (cd tests/browser && npm ci --no-audit --no-fund) || die "npm ci failed in tests/browser"
  fi
  if [ tests/credential/package-lock.json -nt tests/credential/node_modules/.package-lock.json ]; then
    heading "Installing what checks credentials"
    (cd tests/credential && npm ci --no-audit --no-fund) || die "npm ci failed in tests/credential"
  fi
}
