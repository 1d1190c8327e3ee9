# SPDX-License-Identifier: BSD-3-Clause
#
# What every target of ours is compiled with.
#
#   tinymx_config     which mx_config.h; used by lwIP and mbedTLS too, and by
#                     whoever links tinymx, since it sets the size of structs;
#                     and which memory.ld, if the board has one
#   tinymx_strict     our own code's warnings
#   tinymx_sanitize   sanitizers, and what a fuzzer sees by, when asked for

add_library(tinymx_config INTERFACE)
set_target_properties(tinymx_config PROPERTIES EXPORT_NAME config)
target_include_directories(tinymx_config INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<BUILD_INTERFACE:${TINYMX_BOARD_SIZES}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tinymx/board>)
target_compile_definitions(tinymx_config INTERFACE
  MX_CONFIG_FILE="mx_config.h" $<$<BOOL:${TINYMX_BOARD_SNTP}>:MX_SNTP=1>)
if(EXISTS "${TINYMX_BOARD_SIZES}/memory.ld")
  target_link_options(tinymx_config INTERFACE "-L${TINYMX_BOARD_SIZES}")
  set_property(TARGET tinymx_config PROPERTY
    INTERFACE_LINK_DEPENDS "${TINYMX_BOARD_SIZES}/memory.ld")
endif()

add_library(tinymx_strict INTERFACE)
target_compile_features(tinymx_strict INTERFACE c_std_11)
target_compile_options(tinymx_strict INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wvla -Wundef -Wstrict-prototypes
  -Wmissing-prototypes -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  $<$<BOOL:${TINYMX_WERROR}>:-Werror>)

add_library(tinymx_sanitize INTERFACE)
set_target_properties(tinymx_sanitize PROPERTIES EXPORT_NAME sanitize)
if(TINYMX_SANITIZE OR TINYMX_FUZZ)
  target_compile_options(tinymx_sanitize INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(tinymx_sanitize INTERFACE -fsanitize=address,undefined)
endif()
if(TINYMX_TSAN)
  target_compile_options(tinymx_sanitize INTERFACE -fsanitize=thread
    -fno-omit-frame-pointer)
  target_link_options(tinymx_sanitize INTERFACE -fsanitize=thread)
endif()
if(TINYMX_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "TINYMX_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(tinymx_sanitize INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tinymx_library(NAME SOURCES...): a part of the firmware or a port. Its
# include path is what it links, and nothing else: that is the layering.
function(tinymx_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PUBLIC tinymx_config tinymx_sanitize
                                PRIVATE $<BUILD_INTERFACE:tinymx_strict>)
  set_target_properties(${name} PROPERTIES C_STANDARD 11)
  set_property(GLOBAL APPEND PROPERTY TINYMX_LIBRARIES ${name})
endfunction()
