# What gram and its programs need: an installed package first, else a copy pinned by its hash.
include_guard(GLOBAL)
include(FetchContent)

# Declares the package NAME and makes it available; ARCHIVE and SHA256 pin the copy taken where none is installed.
macro(gram_make_available name archive sha256)
  FetchContent_Declare(${name} URL "${archive}" URL_HASH "SHA256=${sha256}" FIND_PACKAGE_ARGS QUIET CONFIG)
  FetchContent_MakeAvailable(${name})
endmacro()

# Defines gram::xsimd.
macro(gram_require_xsimd)
  gram_make_available(xsimd
    https://github.com/xtensor-stack/xsimd/archive/13.2.0.tar.gz
    edd8cd3d548c185adc70321c53c36df41abe64c1fe2c67bc6d93c3ecda82447a)
  if(xsimd_FOUND AND xsimd_VERSION VERSION_LESS 8.1)
    message(FATAL_ERROR "gram needs xsimd 8.1 or newer; ${xsimd_DIR} has ${xsimd_VERSION}")
  endif()
  include(gram-xsimd)
endmacro()

# Defines Catch2::Catch2, of version 2 or 3.
macro(gram_require_catch)
  gram_make_available(Catch2
    https://github.com/catchorg/Catch2/archive/v3.6.0.tar.gz
    485932259a75c7c6b72d4b874242c489ea5155d17efa345eb8cc72159f49f356)
endmacro()
