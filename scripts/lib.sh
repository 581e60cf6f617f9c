# Sourced by scripts/demo and scripts/test: finds or installs what a build needs, then configures and builds.
# Sets `root`, the top of the tree, and understands CXX, CMAKE_BUILD_PARALLEL_LEVEL and CTEST_PARALLEL_LEVEL.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s\n' "gram: $*" >&2; }
die() {
    say "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# --- what is there ------------------------------------------------------------------------------------------------

has_cmake() {
    have cmake || return 1
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9][0-9.]*\).*/\1/p')
    [ "$(printf '3.24\n%s\n' "$version" | sort -V | head -n 1)" = 3.24 ]
}

# The compiler that CMake will take: $CXX (which may carry arguments) or the first of the usual names.
compiler() {
    if [ -n "${CXX:-}" ]; then
        printf '%s' "$CXX"
        return 0
    fi
    local name
    for name in c++ g++ clang++; do
        if have "$name"; then
            printf '%s' "$name"
            return 0
        fi
    done
    return 1
}

# Whether the compiler accepts the text on standard input as C++20.
compiles() {
    local cxx
    cxx=$(compiler) || return 1
    # Unquoted: CXX may carry arguments.
    $cxx -std=c++20 -fsyntax-only -x c++ - >/dev/null 2>&1
}

has_compiler() {
    compiles <<'EOF'
#include <bit>
#include <concepts>
#include <numbers>
#if defined(__clang__) && !defined(__apple_build_version__) && __clang_major__ < 16
#error clang++ is too old
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
#error g++ is too old
#endif
EOF
}

has_make() { have ninja || have make || have gmake; }

# A header in the compiler's folders, or under one of CMake's prefixes.
has_header() {
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | compiles && return 0
    local prefix
    local IFS=':;'
    for prefix in ${CMAKE_PREFIX_PATH:-} /usr /usr/local /opt/homebrew; do
        [ -n "$prefix" ] && [ -e "$prefix/include/$1" ] && return 0
    done
    return 1
}
has_xsimd() { has_header xsimd/xsimd.hpp; }
has_catch() { has_header catch2/catch.hpp || has_header catch2/catch_all.hpp; }
has_clang() { have clang++-16 || have clang++-17 || have clang++-18 || have clang++-19; }
has_clang_format() { have clang-format-14; }
has_zlib() { has_header zlib.h; }
has_png() { has_header png.h; }
has_json() { has_header nlohmann/json.hpp; }
has_eigen() { has_header Eigen/Core || has_header eigen3/Eigen/Core; }
has_numpy() {
    local python
    for python in python3 /usr/bin/python3; do
        ! "$python" -c 'import numpy' >/dev/null 2>&1 || return 0
    done
    return 1
}
has_gdb() { have gdb; }
has_lldb() { have lldb || have lldb-16 || have lldb-17 || have lldb-18 || have lldb-19; }
has_xmllint() { have xmllint; }
has_aarch64() { have aarch64-linux-gnu-g++; }
has_qemu() { have qemu-aarch64; }

# --- package managers ---------------------------------------------------------------------------------------------

package_manager() {
    local name
    for name in apt-get dnf pacman brew; do
        if have "$name"; then
            printf '%s' "$name"
            return 0
        fi
    done
    return 1
}

# The packages of manager $1 that bring what is called $2 here.
package_of() {
    case "$1:$2" in
        *:cmake) echo cmake ;;
        apt-get:compiler) echo g++ ;;
        dnf:compiler) echo gcc-c++ ;;
        pacman:compiler) echo gcc ;;
        brew:compiler) echo llvm ;;
        apt-get:make | dnf:make) echo ninja-build ;;
        *:make) echo ninja ;;
        apt-get:xsimd) echo libxsimd-dev ;;
        dnf:xsimd) echo xsimd-devel ;;
        *:xsimd) echo xsimd ;;
        dnf:catch) echo catch-devel ;;
        *:catch) echo catch2 ;;
        apt-get:clang) echo clang-16 libclang-rt-16-dev ;;
        dnf:clang | pacman:clang) echo clang ;;
        *:clang) echo llvm ;;
        apt-get:clang_format) echo clang-format-14 ;;
        *:clang_format) echo clang-format ;;
        apt-get:zlib) echo zlib1g-dev ;;
        dnf:zlib) echo zlib-devel ;;
        apt-get:png) echo libpng-dev ;;
        dnf:png) echo libpng-devel ;;
        pacman:png | brew:png) echo libpng ;;
        apt-get:json) echo nlohmann-json3-dev ;;
        dnf:json) echo json-devel ;;
        *:json) echo nlohmann-json ;;
        apt-get:eigen) echo libeigen3-dev ;;
        dnf:eigen) echo eigen3-devel ;;
        apt-get:numpy | dnf:numpy) echo python3-numpy ;;
        pacman:numpy) echo python-numpy ;;
        apt-get:lldb) echo lldb-16 ;;
        brew:lldb) echo llvm ;;
        apt-get:aarch64) echo g++-aarch64-linux-gnu ;;
        dnf:aarch64) echo gcc-c++-aarch64-linux-gnu ;;
        apt-get:qemu) echo qemu-user ;;
        apt-get:xmllint) echo libxml2-utils ;;
        *:xmllint) echo libxml2 ;;
        *) echo "$2" ;;
    esac
}

# sudo may ask only where somebody can answer.
can_be_root() {
    [ "$(id -u)" -eq 0 ] || { have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ]; }; }; }
}
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

install_packages() {
    local manager=$1
    shift
    if [ "$manager" != brew ] && ! can_be_root; then
        echo 'not root, and sudo cannot be used'
        return 1
    fi
    case "$manager" in
        apt-get)
            local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
            # The lists may be there already, and the network need not be.
            as_root "${apt[@]}" install --no-install-recommends "$@" </dev/null ||
                { as_root "${apt[@]}" update </dev/null &&
                    as_root "${apt[@]}" install --no-install-recommends "$@" </dev/null; }
            ;;
        dnf) as_root dnf -q -y install "$@" </dev/null ;;
        pacman) as_root pacman -S --noconfirm --needed "$@" </dev/null ;;
        brew) brew install "$@" </dev/null ;;
    esac
}

# require cmake compiler make ...: installs what has_<name> misses; silent when nothing is missing.
require() {
    local missing=() packages=() manager log name
    for name in "$@"; do
        "has_$name" || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return 0

    if [[ " ${missing[*]} " == *" compiler "* ]] && [ -n "${CXX:-}" ]; then
        die "CXX is '$CXX', which is not there or too old: gram needs g++ 12 or clang++ 16, or newer"
    fi
    manager=$(package_manager) ||
        die "missing: ${missing[*]}; no apt-get, dnf, pacman or brew here to install them with"
    for name in "${missing[@]}"; do
        # Unquoted: one name may stand for several packages.
        packages+=($(package_of "$manager" "$name"))
    done

    say "installing with $manager: ${packages[*]}"
    log=$(mktemp)
    if ! install_packages "$manager" "${packages[@]}" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        die "could not install these packages; please install them yourself: ${packages[*]}"
    fi
    rm -f "$log"
    for name in "${missing[@]}"; do
        "has_$name" || die "still missing or too old after installing $(package_of "$manager" "$name"): $name"
    done
}

# want zlib png ...: like require for what only some tests need: without it they are left out.
want() {
    local name
    for name in "$@"; do
        if ! "has_$name" && ! (require "$name"); then
            say "going on without $name: the tests that need it are left out"
        fi
    done
}

# --- building -----------------------------------------------------------------------------------------------------

processors() { nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2; }

# build_folder demo: build/demo, or build/demo-<compiler> where CXX names one.
build_folder() {
    local name=$1
    [ -z "${CXX:-}" ] || name=$name-$(printf '%s' "${CXX##*/}" | tr -c 'A-Za-z0-9.+-' _)
    printf '%s' "$root/build/$name"
}

# configure FOLDER [cmake options]: optimised for this machine, Ninja if present, else make.
configure() {
    local folder=$1 generator='Unix Makefiles' cache compiler_was generator_was
    shift
    ! have ninja || generator=Ninja
    cache=$folder/CMakeCache.txt
    if [ -f "$cache" ]; then
        # A tool that the folder was configured with may have been removed or replaced since.
        generator_was=$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$cache")
        compiler_was=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$cache")
        if [ "$generator_was" != "$generator" ] || ! [ -x "$compiler_was" ]; then
            rm -rf -- "$folder"
        fi
    fi
    if have ccache; then
        set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
    fi
    cmake -S "$root" -B "$folder" -G "$generator" -DCMAKE_BUILD_TYPE=Release -DGRAM_NATIVE=ON "$@"
}

# build FOLDER [targets...]: all of them by default.
build() {
    local folder=$1
    shift
    cmake --build "$folder" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(processors)}" ${1:+--target "$@"}
}
