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

# --- lwIP: core, IPv4, IPv6, Ethernet, SLIP; no sockets ---------------------

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
if(TINYMX_THREADS)
  # lwIP's own port to Unix, but for its critical section: that looks outside of
  # the lock whether it has it.
  set(_unix "${TINYMX_LWIP_SOURCE}/contrib/ports/unix/port")
  list(APPEND _lwip_sources "${_lwip}/api/tcpip.c" "${_unix}/sys_arch.c"
    "${PROJECT_SOURCE_DIR}/port/posix/protect.c")
  set_source_files_properties("${_unix}/sys_arch.c" PROPERTIES
    COMPILE_DEFINITIONS
    "sys_arch_protect=unix_protect;sys_arch_unprotect=unix_unprotect")
endif()
add_library(tinymx_lwip STATIC ${_lwip_sources} "${_lwip}/netif/ethernet.c"
  "${_lwip}/netif/slipif.c")
set_target_properties(tinymx_lwip PROPERTIES EXPORT_NAME lwip)
target_include_directories(tinymx_lwip SYSTEM PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/port/config>
  $<BUILD_INTERFACE:${_lwip}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tinymx/lwip>)
_tinymx_third_party(tinymx_lwip)
if(TINYMX_THREADS)
  find_package(Threads REQUIRED)
  target_compile_definitions(tinymx_lwip PUBLIC MX_LWIP_THREAD=1)
  target_include_directories(tinymx_lwip SYSTEM PUBLIC
    $<BUILD_INTERFACE:${_unix}/include>) # behind port/config: arch/sys_arch.h
  target_link_libraries(tinymx_lwip PUBLIC Threads::Threads)
endif()

# --- mbedTLS: library/, and P-256 by p256-m where the configuration says so --

tinymx_source(mbedtls TINYMX_MBEDTLS_SOURCE)
set(_mbedtls "${TINYMX_MBEDTLS_SOURCE}")
set(_psa "${_mbedtls}/tf-psa-crypto") # of mbedTLS 4
if(EXISTS "${_psa}")
  if(NOT EXISTS "${_psa}/core/psa_crypto_driver_wrappers_no_static.c"
     OR NOT EXISTS "${_mbedtls}/library/version_features.c")
    message(FATAL_ERROR
      "${_mbedtls} is mbedTLS 4 without its generated files, which a release "
      "has. In a clone, run framework/scripts/make_generated_files.py in it "
      "and in its tf-psa-crypto.")
  endif()
  set(_p256m "${_psa}/drivers/p256-m")
  set(_mbedtls_code "${_mbedtls}/library" "${_psa}/core"
      "${_psa}/drivers/builtin/src")
  set(TINYMX_MBEDTLS_INCLUDE "${_mbedtls}/include" "${_psa}/include"
      "${_psa}/drivers/builtin/include")
else()
  set(_p256m "${_mbedtls}/3rdparty/p256-m")
  set(_mbedtls_code "${_mbedtls}/library")
  set(TINYMX_MBEDTLS_INCLUDE "${_mbedtls}/include")
endif()
set(_mbedtls_folders ${_mbedtls_code} "${_p256m}" "${_p256m}/p256-m")
list(TRANSFORM _mbedtls_folders APPEND "/*.c" OUTPUT_VARIABLE _mbedtls_globs)
file(GLOB _mbedtls_sources CONFIGURE_DEPENDS ${_mbedtls_globs})
add_library(tinymx_mbedtls STATIC ${_mbedtls_sources})
set_target_properties(tinymx_mbedtls PROPERTIES EXPORT_NAME mbedtls)
target_include_directories(tinymx_mbedtls SYSTEM
  PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/port/config>
    "$<BUILD_INTERFACE:${TINYMX_MBEDTLS_INCLUDE}>"
  PRIVATE
    ${_mbedtls_code}
    "${_p256m}/p256-m/include"
    "${_p256m}/p256-m/include/p256-m"
    "${_p256m}/p256-m")
# In angle brackets: in quotes it would be mbedTLS's own file of that name.
target_compile_definitions(tinymx_mbedtls PUBLIC
  "MBEDTLS_CONFIG_FILE=<mbedtls_config.h>"
  "TF_PSA_CRYPTO_CONFIG_FILE=<mbedtls_config.h>")
_tinymx_third_party(tinymx_mbedtls)

# What every byte of a message goes through, and what a handshake is, is worth its room in flash.
if(TINYMX_BOARD_CPU)
  set(_hot chacha20 poly1305 gcm)
  list(GET _mbedtls_code -1 _mbedtls_crypto)
  list(TRANSFORM _hot REPLACE "(.+)" "${_mbedtls_crypto}/\\1.c")
  list(APPEND _hot "${_p256m}/p256-m/p256-m.c")
  set_source_files_properties(${_hot} PROPERTIES COMPILE_OPTIONS -O2)
endif()
