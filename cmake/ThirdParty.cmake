# SPDX-License-Identifier: BSD-3-Clause
#
# lwIP and mbedTLS, compiled with our configuration (port/config) and with
# their own warnings off.

function(_tinymx_third_party name)
  target_link_libraries(${name} PUBLIC tinymx_config tinymx_sanitize)
  target_compile_options(${name} PRIVATE -w -ffunction-sections -fdata-sections
    -ffile-prefix-map=${CMAKE_BINARY_DIR}/sources/=)
  set_target_properties(${name} PROPERTIES C_STANDARD 11)
  set_property(GLOBAL APPEND PROPERTY TINYMX_LIBRARIES ${name})
endfunction()

# --- lwIP: core, IPv4, IPv6, Ethernet, SLIP; no sockets, no threads ---------------

tinymx_source(lwip TINYMX_LWIP_SOURCE)
set(_lwip "${TINYMX_LWIP_SOURCE}/src")
file(GLOB _lwip_sources CONFIGURE_DEPENDS
     "${_lwip}/core/*.c" "${_lwip}/core/ipv4/*.c" "${_lwip}/core/ipv6/*.c")
if(TINYMX_BOARD_SNTP)
  # What it receives goes by way of port/cortexm/timesync_sntp.c.
  list(APPEND _lwip_sources "${_lwip}/apps/sntp/sntp.c")
  set_source_files_properties("${_lwip}/apps/sntp/sntp.c" PROPERTIES
    COMPILE_DEFINITIONS udp_recv=mx_sntp_recv)
endif()
add_library(tinymx_lwip STATIC ${_lwip_sources} "${_lwip}/netif/ethernet.c"
  "${_lwip}/netif/slipif.c")
set_target_properties(tinymx_lwip PROPERTIES EXPORT_NAME lwip)
target_include_directories(tinymx_lwip SYSTEM PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/port/config>
  $<BUILD_INTERFACE:${_lwip}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tinymx/lwip>)
_tinymx_third_party(tinymx_lwip)

# --- mbedTLS: library/, and P-256 by p256-m where the configuration says so --

tinymx_source(mbedtls TINYMX_MBEDTLS_SOURCE)
set(_mbedtls "${TINYMX_MBEDTLS_SOURCE}")
file(GLOB _mbedtls_sources CONFIGURE_DEPENDS
     "${_mbedtls}/library/*.c" "${_mbedtls}/3rdparty/p256-m/*.c"
     "${_mbedtls}/3rdparty/p256-m/p256-m/*.c")
add_library(tinymx_mbedtls STATIC ${_mbedtls_sources})
set_target_properties(tinymx_mbedtls PROPERTIES EXPORT_NAME mbedtls)
target_include_directories(tinymx_mbedtls SYSTEM
  PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/port/config>
    $<BUILD_INTERFACE:${_mbedtls}/include>
  PRIVATE
    "${_mbedtls}/library"
    "${_mbedtls}/3rdparty/p256-m/p256-m/include"
    "${_mbedtls}/3rdparty/p256-m/p256-m/include/p256-m"
    "${_mbedtls}/3rdparty/p256-m/p256-m")
# In angle brackets: in quotes it would be mbedTLS's own file of that name.
target_compile_definitions(tinymx_mbedtls PUBLIC
  "MBEDTLS_CONFIG_FILE=<mbedtls_config.h>")
_tinymx_third_party(tinymx_mbedtls)

# What every byte of a message goes through, and what a handshake is, is worth its room in flash.
if(TINYMX_BOARD_CPU)
  set(_hot chacha20 poly1305 gcm)
  list(TRANSFORM _hot REPLACE "(.+)" "${_mbedtls}/library/\\1.c")
  list(APPEND _hot "${_mbedtls}/3rdparty/p256-m/p256-m/p256-m.c")
  set_source_files_properties(${_hot} PROPERTIES COMPILE_OPTIONS -O2)
endif()
