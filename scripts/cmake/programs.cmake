# How gram's own programs (tests, examples, benchmarks) are compiled. Users of the library see none of this.
include_guard(GLOBAL)
include(CheckCXXCompilerFlag)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

if(GRAM_NATIVE)
  check_cxx_compiler_flag(-march=native GRAM_HAS_MARCH_NATIVE)
  set(GRAM_NATIVE_FLAG $<IF:$<BOOL:${GRAM_HAS_MARCH_NATIVE}>,-march=native,-mcpu=native>)
endif()

add_library(gram_program_options INTERFACE)
target_link_libraries(gram_program_options INTERFACE gram::gram)
if(NOT MSVC)
  target_compile_options(gram_program_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    $<$<BOOL:${GRAM_WERROR}>:-Werror>
    # Not news: how structures of complex<float> are passed changed in GCC 4.4.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>
    ${GRAM_NATIVE_FLAG})
endif()
if(GRAM_OPENMP)
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(gram_program_options INTERFACE OpenMP::OpenMP_CXX)
endif()

# One executable from the sources given after its name.
function(gram_add_program name)
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_link_libraries(${name} PRIVATE gram_program_options)
endfunction()
