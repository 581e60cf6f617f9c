# Installs the headers and a package for find_package(gram).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/gram")
configure_package_config_file(scripts/cmake/gramConfig.cmake.in "${PROJECT_BINARY_DIR}/gramConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a new minor version may break its users. Headers are the same for every machine, libraries are not.
set(arch_independent ARCH_INDEPENDENT)
if(GRAM_DISPATCH)
  set(arch_independent)
endif()
write_basic_package_version_file("${PROJECT_BINARY_DIR}/gramConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ${arch_independent})

install(TARGETS gram gram_compiled EXPORT gramTargets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT gramTargets NAMESPACE gram:: DESTINATION "${package_dir}")
if(GRAM_DISPATCH)
  # find_package(gram COMPONENTS dispatch) looks for this file.
  install(TARGETS gram_dispatch EXPORT gramDispatchTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT gramDispatchTargets NAMESPACE gram:: FILE gram-dispatch.cmake DESTINATION "${package_dir}")
endif()
install(DIRECTORY include/gram DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(FILES include/gram/compiled/kernels.cpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/gram/compiled")
install(FILES
  "${PROJECT_BINARY_DIR}/gramConfig.cmake"
  "${PROJECT_BINARY_DIR}/gramConfigVersion.cmake"
  scripts/cmake/gram-xsimd.cmake
  DESTINATION "${package_dir}")
# Printers for gdb, lldb and Visual Studio.
install(DIRECTORY scripts/debuggers DESTINATION "${CMAKE_INSTALL_DATADIR}/gram" FILES_MATCHING
  PATTERN "*.py" PATTERN "*.natvis")
