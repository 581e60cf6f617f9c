# Defines gram::xsimd from the package xsimd: its include folders and nothing else. Needed because the package's own
# target has two names, depending on the version, and in Debian's 8.1 links a library "xtl" that does not exist.
if(NOT TARGET gram::xsimd)
  if(TARGET xsimd::xsimd)
    get_target_property(gram_xsimd_include xsimd::xsimd INTERFACE_INCLUDE_DIRECTORIES)
  else()
    get_target_property(gram_xsimd_include xsimd INTERFACE_INCLUDE_DIRECTORIES)
  endif()
  add_library(gram::xsimd INTERFACE IMPORTED GLOBAL)
  target_include_directories(gram::xsimd SYSTEM INTERFACE ${gram_xsimd_include})
  unset(gram_xsimd_include)
endif()
