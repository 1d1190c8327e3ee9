# SPDX-License-Identifier: BSD-3-Clause
#
# Where lwIP and mbedTLS come from: the one place that pins them.
#
#   tinymx_source(lwip OUT)      sets OUT to the unpacked source folder
#
# In this order, and each archive only with the SHA-256 below:
#   1. -DTINYMX_LWIP_DIR= / -DTINYMX_MBEDTLS_DIR=   your own tree, taken as it is
#   2. an archive in TINYMX_ARCHIVES                (got earlier, or put there)
#   3. Debian's source package, from the mirror this machine already uses,
#      with apt's own signature check and without touching apt's own state
#   4. the upstream release archive

set(TINYMX_ARCHIVES "${PROJECT_SOURCE_DIR}/.cache/archives" CACHE PATH
    "Folder in which the archives of lwIP and mbedTLS are kept")
set(TINYMX_LWIP_DIR "" CACHE PATH "lwIP source tree to use instead")
set(TINYMX_MBEDTLS_DIR "" CACHE PATH "mbedTLS 3.6 or 4 source tree to use instead")

# Debian's suite that has these versions as source packages.
set(_tinymx_suite trixie)

set(_tinymx_lwip_title "lwIP 2.2.1")
set(_tinymx_lwip_option TINYMX_LWIP_DIR)
set(_tinymx_lwip_top lwip-2.2.1)
set(_tinymx_lwip_probe src/include/lwip/tcp.h)
set(_tinymx_lwip_package lwip)
set(_tinymx_lwip_debian lwip_2.2.1+dfsg1.orig.tar.xz)
set(_tinymx_lwip_debian_sha256
    83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1)
set(_tinymx_lwip_upstream lwip-2.2.1.zip)
set(_tinymx_lwip_upstream_sha256
    7b622662dba2383d71f874f2e494b54ae948531559c17acbe75797966d646878)
set(_tinymx_lwip_url
    https://download.savannah.nongnu.org/releases/lwip/lwip-2.2.1.zip)

# Not below 3.6.6: earlier ones resume a TLS 1.3 ticket behind a
# HelloRetryRequest as TLS 1.2 with a known secret.
set(_tinymx_mbedtls_title "mbedTLS 3.6.6")
set(_tinymx_mbedtls_option TINYMX_MBEDTLS_DIR)
set(_tinymx_mbedtls_top mbedtls-3.6.6)
set(_tinymx_mbedtls_probe include/mbedtls/ssl.h)
set(_tinymx_mbedtls_package mbedtls)
set(_tinymx_mbedtls_debian mbedtls_3.6.6.orig.tar.bz2)
set(_tinymx_mbedtls_debian_sha256
    8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a)
set(_tinymx_mbedtls_upstream mbedtls-3.6.6.tar.bz2)
set(_tinymx_mbedtls_upstream_sha256
    8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a)
set(_tinymx_mbedtls_url
    https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-3.6.6/mbedtls-3.6.6.tar.bz2)

# The first deb mirror this machine's apt is set up with.
function(_tinymx_debian_mirror out)
  set(mirror "")
  file(GLOB lists /etc/apt/sources.list.d/*.sources /etc/apt/sources.list
       /etc/apt/sources.list.d/*.list)
  foreach(list IN LISTS lists)
    file(STRINGS "${list}" lines REGEX "^(URIs:|deb )")
    foreach(line IN LISTS lines)
      if(line MATCHES "^URIs:[ \t]*([^ \t]+)" OR
         line MATCHES "^deb[ \t]+(\\[[^]]*\\][ \t]+)?([^ \t]+)")
        string(REGEX MATCH "[a-z+]+:[^ \t]+" mirror "${line}")
        string(REGEX REPLACE "^URIs:[ \t]*" "" mirror "${mirror}")
        break()
      endif()
    endforeach()
    if(mirror)
      break()
    endif()
  endforeach()
  set(${out} "${mirror}" PARENT_SCOPE)
endfunction()

# apt-get source, with lists and cache of our own. Leaves files in `to`.
function(_tinymx_get_debian name to)
  find_program(TINYMX_APT_GET apt-get)
  set(keyring /usr/share/keyrings/debian-archive-keyring.gpg)
  _tinymx_debian_mirror(mirror)
  if(NOT TINYMX_APT_GET OR NOT EXISTS ${keyring} OR NOT mirror)
    return()
  endif()
  message(STATUS "${_tinymx_${name}_title}: getting Debian's source package")
  set(apt "${CMAKE_BINARY_DIR}/apt")
  file(MAKE_DIRECTORY "${apt}/lists/partial" "${apt}/cache/archives/partial"
       "${apt}/parts" "${to}")
  file(WRITE "${apt}/sources.list"
       "deb-src [signed-by=${keyring}] ${mirror} ${_tinymx_suite} main\n")
  set(options
      -o "Dir::Etc::SourceList=${apt}/sources.list"
      -o "Dir::Etc::SourceParts=${apt}/parts"
      -o "Dir::State::Lists=${apt}/lists"
      -o "Dir::Cache=${apt}/cache"
      -o APT::Sandbox::User=
      -q)
  execute_process(COMMAND ${TINYMX_APT_GET} ${options} update
                  WORKING_DIRECTORY "${to}" RESULT_VARIABLE rc
                  OUTPUT_VARIABLE log ERROR_VARIABLE log)
  if(rc EQUAL 0)
    execute_process(COMMAND ${TINYMX_APT_GET} ${options} source
                            --download-only ${_tinymx_${name}_package}
                    WORKING_DIRECTORY "${to}" RESULT_VARIABLE rc
                    OUTPUT_VARIABLE log ERROR_VARIABLE log)
  endif()
  if(NOT rc EQUAL 0)
    message(STATUS "${_tinymx_${name}_title}: apt-get said:\n${log}")
  endif()
endfunction()

# Sets `out` to 1 when `archive` is there and right; a wrong one is fatal.
function(_tinymx_check archive sha256 title out)
  set(${out} 0 PARENT_SCOPE)
  if(NOT EXISTS "${archive}")
    return()
  endif()
  file(SHA256 "${archive}" have)
  if(NOT have STREQUAL sha256)
    message(FATAL_ERROR
      "${title}: ${archive} is not the archive that was pinned.\n"
      "  expected SHA-256 ${sha256}\n"
      "  found            ${have}\n"
      "Delete the file to have it fetched again. If it still differs, do not "
      "build with it: the source it came from has changed.")
  endif()
  set(${out} 1 PARENT_SCOPE)
endfunction()

function(tinymx_source name out)
  set(title "${_tinymx_${name}_title}")
  set(option ${_tinymx_${name}_option})
  set(probe "${_tinymx_${name}_probe}")
  if(${option})
    if(NOT EXISTS "${${option}}/${probe}")
      message(FATAL_ERROR "${title}: ${option}=${${option}} has no ${probe}")
    endif()
    set(${out} "${${option}}" PARENT_SCOPE)
    return()
  endif()

  set(unpacked "${CMAKE_BINARY_DIR}/sources/${name}")
  set(top "${unpacked}/${_tinymx_${name}_top}")
  set(${out} "${top}" PARENT_SCOPE)
  if(EXISTS "${top}/.unpacked")
    return()
  endif()

  set(debian "${TINYMX_ARCHIVES}/${_tinymx_${name}_debian}")
  set(upstream "${TINYMX_ARCHIVES}/${_tinymx_${name}_upstream}")
  if(NOT EXISTS "${debian}" AND NOT EXISTS "${upstream}")
    _tinymx_get_debian(${name} "${TINYMX_ARCHIVES}")
  endif()
  if(NOT EXISTS "${debian}" AND NOT EXISTS "${upstream}")
    message(STATUS "${title}: fetching ${_tinymx_${name}_url}")
    file(DOWNLOAD "${_tinymx_${name}_url}" "${upstream}.part"
         TLS_VERIFY ON INACTIVITY_TIMEOUT 60 STATUS status)
    list(GET status 0 rc)
    if(rc EQUAL 0)
      file(RENAME "${upstream}.part" "${upstream}")
    else()
      file(REMOVE "${upstream}.part")
    endif()
  endif()

  _tinymx_check("${debian}" ${_tinymx_${name}_debian_sha256} "${title}" ok)
  set(archive "${debian}")
  if(NOT ok)
    set(archive "${upstream}")
    _tinymx_check("${upstream}" ${_tinymx_${name}_upstream_sha256} "${title}"
                  ok)
  endif()
  if(NOT ok)
    message(FATAL_ERROR
      "${title} could not be had, neither as Debian's source package "
      "(${_tinymx_${name}_debian}) nor from ${_tinymx_${name}_url}.\n"
      "Put either archive into ${TINYMX_ARCHIVES}, or name an unpacked tree "
      "with -D${option}=DIR.")
  endif()
  message(STATUS "${title}: unpacking ${archive}")
  file(REMOVE_RECURSE "${unpacked}")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${unpacked}")
  file(TOUCH "${top}/.unpacked")
endfunction()
