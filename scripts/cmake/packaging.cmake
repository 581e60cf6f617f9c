# Installs the headers and a package for find_package(gram).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/gram")
configure_package_config_file(scripts/cmake/gramConfig.cmake.in "${PROJECT_BINARY_DIR}/gramConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a new minor version may break its users.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/gramConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

install(TARGETS gram EXPORT gramTargets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT gramTargets NAMESPACE gram:: DESTINATION "${package_dir}")
install(DIRECTORY include/gram DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(FILES
  "${PROJECT_BINARY_DIR}/gramConfig.cmake"
  "${PROJECT_BINARY_DIR}/gramConfigVersion.cmake"
  scripts/cmake/gram-xsimd.cmake
  DESTINATION "${package_dir}")
# Printers for gdb, lldb and Visual Studio.
install(DIRECTORY scripts/debuggers DESTINATION "${CMAKE_INSTALL_DATADIR}/gram" FILES_MATCHING
  PATTERN "*.py" PATTERN "*.natvis")
