# SPDX-License-Identifier: BSD-3-Clause
#
# In place of ESP-IDF's file of that name: says what a project asks of it, a line
# for each thing, instead of building it.
#
#   IDF_PATH=tests/esp-idf/project/fake cmake -DCONFIG_TINYMX_WIFI=y -P PROJECT/CMakeLists.txt
#
# In a script there are no targets, so CMake's commands about them are ours.

function(say component key)
  foreach(value IN LISTS ARGN)
    message(STATUS "${component} ${key} ${value}")
  endforeach()
endfunction()

# What ESP-IDF 5.4 to 6.0 takes.
set(_options WHOLE_ARCHIVE)
set(_one KCONFIG KCONFIG_PROJBUILD)
set(_many SRCS SRC_DIRS EXCLUDE_SRCS INCLUDE_DIRS PRIV_INCLUDE_DIRS LDFRAGMENTS
  REQUIRES PRIV_REQUIRES REQUIRED_IDF_TARGETS EMBED_FILES EMBED_TXTFILES)

function(idf_component_register)
  cmake_parse_arguments(ARG "${_options}" "${_one}" "${_many}" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "idf_component_register: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  foreach(key IN LISTS _many)
    if(key MATCHES "SRCS$|DIRS$")
      foreach(path IN LISTS ARG_${key})
        get_filename_component(path "${path}" ABSOLUTE
                               BASE_DIR "${COMPONENT_DIR}")
        say(${COMPONENT_NAME} ${key} "${path}")
      endforeach()
    else()
      say(${COMPONENT_NAME} ${key} ${ARG_${key}})
    endif()
  endforeach()
  set(COMPONENT_LIB __idf_${COMPONENT_NAME} PARENT_SCOPE)
endfunction()

function(idf_component_get_property var component property)
  if(NOT "${property}" STREQUAL "COMPONENT_LIB")
    message(FATAL_ERROR "idf_component_get_property: ${property}")
  endif()
  set(${var} __idf_${component} PARENT_SCOPE)
endfunction()

function(target_compile_definitions target)
  say(${target} DEFINITIONS ${ARGN})
endfunction()
function(target_compile_options target)
  say(${target} OPTIONS ${ARGN})
endfunction()
function(target_link_libraries target)
  say(${target} LIBRARIES ${ARGN})
endfunction()

# A component is named like its folder.
function(_component folder)
  get_filename_component(COMPONENT_DIR "${folder}" ABSOLUTE)
  get_filename_component(COMPONENT_NAME "${COMPONENT_DIR}" NAME)
  say(${COMPONENT_NAME} FOLDER "${COMPONENT_DIR}")
  set(ESP_PLATFORM 1)
  include("${COMPONENT_DIR}/CMakeLists.txt")
endfunction()

macro(project name)
  foreach(folder IN LISTS EXTRA_COMPONENT_DIRS)
    _component("${folder}")
  endforeach()
  _component("${CMAKE_CURRENT_LIST_DIR}/main")
endmacro()
