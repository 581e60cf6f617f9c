# gram::dispatch: the kernels compiled for SSE2, AVX2 and AVX-512, of which a program takes at its start what its
# processor has. Linking it changes how the program's own files call kernels; gram::gram alone stays headers.
include(CheckCXXSourceCompiles)

check_cxx_source_compiles([[
#if !defined(__x86_64__) || !(defined(__GNUC__) || defined(__clang__))
#error
#endif
int main() {}
]] GRAM_HAS_DISPATCH)

if(GRAM_HAS_DISPATCH)
  add_library(gram_dispatch STATIC
    include/gram/dispatch/compiled/choose.cpp
    include/gram/dispatch/compiled/avx2_fma.cpp
    include/gram/dispatch/compiled/avx512.cpp)
  target_compile_definitions(gram_dispatch INTERFACE GRAM_USE_DISPATCH)
  # Optimised also in a program that is not. choose.cpp is for any x86-64, whatever the program's own flags.
  target_compile_options(gram_dispatch PRIVATE -O2 -DNDEBUG $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>)
  set_source_files_properties(include/gram/dispatch/compiled/choose.cpp PROPERTIES COMPILE_OPTIONS "-march=x86-64;-mtune=generic")
  set_source_files_properties(include/gram/dispatch/compiled/avx2_fma.cpp PROPERTIES COMPILE_OPTIONS
    "-march=x86-64;-mtune=generic;-mavx2;-mfma")
  set_source_files_properties(include/gram/dispatch/compiled/avx512.cpp PROPERTIES COMPILE_OPTIONS
    "-march=x86-64;-mtune=generic;-mavx2;-mfma;-mavx512f;-mavx512bw;-mavx512cd;-mavx512dq;-mavx512vl")
  set_target_properties(gram_dispatch PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(gram_dispatch PUBLIC gram::gram)
  if(GRAM_OPENMP)
    find_package(OpenMP REQUIRED COMPONENTS CXX)
    target_link_libraries(gram_dispatch PRIVATE $<BUILD_INTERFACE:OpenMP::OpenMP_CXX>)
  endif()
  if(NOT GRAM_DISPATCH)
    set_target_properties(gram_dispatch PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
else()
  # Elsewhere the compiler's flags are the choice.
  add_library(gram_dispatch INTERFACE)
  target_link_libraries(gram_dispatch INTERFACE gram::gram)
endif()
set_target_properties(gram_dispatch PROPERTIES EXPORT_NAME dispatch)
add_library(gram::dispatch ALIAS gram_dispatch)
