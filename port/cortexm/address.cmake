# SPDX-License-Identifier: BSD-3-Clause
#
# tinymx_address(OUT TEXT): an IPv4 address with its prefix and, if there is
# one, the router, "192.0.2.7/24,192.0.2.1", as definitions for address_static.c.
# A mistake ends the configuration: a device with a wrong address cannot say so
# to anybody.

# _tinymx_ip4(OUT TEXT): as a number; -1: that is no address.
function(_tinymx_ip4 out text)
  set(${out} -1 PARENT_SCOPE)
  if(NOT text MATCHES "^([0-9]+)\\.([0-9]+)\\.([0-9]+)\\.([0-9]+)$")
    return()
  endif()
  set(number 0)
  foreach(octet IN ITEMS ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} ${CMAKE_MATCH_3}
                         ${CMAKE_MATCH_4})
    if(octet GREATER 255)
      return()
    endif()
    math(EXPR number "${number} * 256 + ${octet}")
  endforeach()
  set(${out} ${number} PARENT_SCOPE)
endfunction()

function(tinymx_address out text)
  set(wrong "TINYMX_ADDRESS '${text}':")
  if(NOT text MATCHES "^([^/,]*)/([0-9]+)(,([^,]*))?$")
    message(FATAL_ERROR "${wrong} write ADDRESS/PREFIX or "
            "ADDRESS/PREFIX,ROUTER, for instance 192.0.2.7/24,192.0.2.1")
  endif()
  set(prefix ${CMAKE_MATCH_2})
  set(with_router "${CMAKE_MATCH_3}")
  set(router_text "${CMAKE_MATCH_4}")
  _tinymx_ip4(ip "${CMAKE_MATCH_1}")
  if(ip LESS 1)
    message(FATAL_ERROR "${wrong} that is no IPv4 address")
  endif()
  if(prefix LESS 1 OR prefix GREATER 32)
    message(FATAL_ERROR "${wrong} a prefix is a number from 1 to 32")
  endif()
  math(EXPR mask "(0xffffffff << (32 - ${prefix})) & 0xffffffff")
  set(router 0)
  if(with_router)
    _tinymx_ip4(router "${router_text}")
    math(EXPR beyond "(${ip} ^ ${router}) & ${mask}")
    if(router LESS 1 OR beyond)
      message(FATAL_ERROR "${wrong} the router is no address of this network")
    endif()
  endif()
  set(${out} ADDRESS_IP=${ip}u ADDRESS_MASK=${mask}u ADDRESS_ROUTER=${router}u
      PARENT_SCOPE)
endfunction()
