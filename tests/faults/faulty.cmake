# SPDX-License-Identifier: BSD-3-Clause
#
# Programs with a fault in them; used here and by ../threads.

# tinymx_faulty(TEST PROGRAM SOURCE): PROGRAM is TEST, with SOURCE linked before
# the library that has its like: the linker then leaves that one alone.
function(tinymx_faulty test program source)
  get_target_property(folder ${test} SOURCE_DIR)
  get_target_property(sources ${test} SOURCES)
  list(TRANSFORM sources PREPEND "${folder}/" REGEX "^[^/]")
  add_executable(${program} EXCLUDE_FROM_ALL ${sources} ${source})
  foreach(property C_STANDARD COMPILE_DEFINITIONS INCLUDE_DIRECTORIES
           LINK_LIBRARIES LINK_OPTIONS)
    get_target_property(value ${test} ${property})
    if(value)
      set_target_properties(${program} PROPERTIES ${property} "${value}")
    endif()
  endforeach()
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/firmware
                             ${folder})
endfunction()

# tinymx_patched(OUT PATCH): the file that PATCH is for, with the fault in it.
function(tinymx_patched out patch)
  get_filename_component(name ${patch} NAME_WE)
  file(STRINGS ${patch} line REGEX "^\\+\\+\\+ b/")
  string(REGEX REPLACE "^\\+\\+\\+ b/" "" source "${line}")
  get_filename_component(file ${source} NAME)
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/${name}/${file})
  add_custom_command(OUTPUT ${copy}
    COMMAND ${CMAKE_COMMAND} -E make_directory
            ${CMAKE_CURRENT_BINARY_DIR}/${name}
    COMMAND ${TINYMX_PATCH} --quiet --fuzz=0 --reject-file=-
            --output=${copy} ${PROJECT_SOURCE_DIR}/${source} ${patch}
    DEPENDS ${patch} ${PROJECT_SOURCE_DIR}/${source} VERBATIM)
  set(${out} ${copy} PARENT_SCOPE)
endfunction()
