# SPDX-License-Identifier: BSD-3-Clause
#
# cmake --install: headers, libraries, the simulator, and a package that
# find_package(tinymx) finds. lwIP's headers and the configuration go along:
# whoever writes a netif needs exactly those.

include(CMakePackageConfigHelpers)

get_property(_libraries GLOBAL PROPERTY TINYMX_LIBRARIES)
install(TARGETS ${_libraries} tinymx_config tinymx_sanitize EXPORT tinymx
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/tinymx)
install(EXPORT tinymx NAMESPACE tinymx::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tinymx
        FILE tinymxTargets.cmake)

install(DIRECTORY include/tinymx DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${TINYMX_BOARD_SIZES}/mx_config.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tinymx/board)
install(DIRECTORY port/config/ ${TINYMX_LWIP_SOURCE}/src/include/
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tinymx/lwip
        FILES_MATCHING PATTERN "*.h" PATTERN "mbedtls_config.h" EXCLUDE)

configure_package_config_file(
  cmake/tinymxConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/tinymxConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tinymx)
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/tinymxConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tinymxConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/tinymxConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tinymx)
