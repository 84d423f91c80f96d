# What ./run and ./test ask of the machine. Sourced by both, from the repository's folder.

# say TEXT: one line to the person at the keyboard.
say() { printf '%s\n' "$*" >&2; }

# give_up TEXT: says what is missing, in one sentence, and ends.
give_up() { say "$*"; exit 1; }

# may_install: whether Debian packages can be installed from here, without asking for a password.
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

# install PACKAGE…: Debian packages, quietly; the list is refreshed when a package is not known.
install() {
    local as=(); [ "$(id -u)" = 0 ] || as=(sudo -n)
    say "Installing $* …"
    local log; log=$(mktemp "${TMPDIR:-/tmp}/songhan-apt.XXXXXX")
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >"$log" 2>&1 ||
        { "${as[@]}" apt-get update -q >>"$log" 2>&1 &&
            "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; } ||
        { say "apt could not install it:"; tail -n 5 "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
}

# need COMMAND PACKAGE WHAT-FOR: has the command, or installs its package, or names it.
need() {
    command -v "$1" >/dev/null && return
    may_install && install "$2" && command -v "$1" >/dev/null && return
    give_up "$1 is missing ($3): install it, on Debian with \`sudo apt-get install $2\`."
}

# need_builders: Rust of the version we ask for, a C compiler for SQLite, Node.js.
need_builders() {
    [ -d "$HOME/.cargo/bin" ] && PATH="$PATH:$HOME/.cargo/bin"
    command -v cargo >/dev/null || give_up "Rust is missing: install it from https://rustup.rs, version $(rust_version) or newer."
    local have; have=$(cargo --version | cut -d' ' -f2)
    [ "$(printf '%s\n' "$(rust_version)" "$have" | sort -V | head -n1)" = "$(rust_version)" ] ||
        give_up "Rust $have is too old: version $(rust_version) or newer is needed, with rustup by \`rustup update\`."
    need cc build-essential "SQLite is compiled from its source"
    command -v node >/dev/null && command -v npm >/dev/null ||
        give_up "Node.js is missing (it builds the styles and scripts): install Node.js 20 or newer with npm."
}

rust_version() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

# npm_packages FOLDER: as package-lock.json says; nothing is done when they are there already.
npm_packages() {
    local stamp=$1/node_modules/.installed
    [ -f "$stamp" ] && cmp -s "$1/package-lock.json" "$stamp" && return
    say "Fetching the npm packages of $1 …"
    npm ci --prefix "$1" --no-audit --no-fund --loglevel=error >&2 || give_up "npm could not fetch the packages of $1; is the network there?"
    cp "$1/package-lock.json" "$stamp"
}

# assets: builds styles, scripts, fonts and icons when their sources, or anything an icon or text is taken from, changed.
assets() {
    local folder=foundation/web/assets hash
    hash=$({
        find "$folder" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0
        find foundation capabilities server packs -type f \( -name '*.rs' -o -name '*.toml' \) -not -path '*/node_modules/*' -print0
    } | sort -z | xargs -0 sha256sum | sha256sum)
    [ -f "$folder/dist/.hash" ] && [ "$(cat "$folder/dist/.hash")" = "$hash" ] && return
    npm_packages "$folder"
    say "Building styles and scripts …"
    # What comes out the same keeps its old times, so that cargo does not build the pages anew.
    local before=$folder/node_modules/.dist-before
    rm -rf "$before"
    [ -d "$folder/dist" ] && cp -a "$folder/dist" "$before"
    node "$folder/build.mjs" >&2 || give_up "the styles and scripts could not be built: see above."
    if [ -d "$before" ]; then
        rm -f "$before/.hash"
        if diff -rq "$before" "$folder/dist" >/dev/null; then rm -rf "$folder/dist" && mv "$before" "$folder/dist"; fi
        rm -rf "$before"
    fi
    printf '%s\n' "$hash" >"$folder/dist/.hash"
}
