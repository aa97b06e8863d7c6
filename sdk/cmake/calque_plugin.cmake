# SPDX-License-Identifier: Apache-2.0
# calque_add_plugin(NAME SOURCES… [LIBRARIES…]): a shared library NAME.calque that exports calque_plugin_v1 alone.
#
# The flags are not a matter of taste: with a compiler's defaults, two plugins that use the same header-only library
# share its inline objects (STB_GNU_UNIQUE), and a second version of it reads the first one's memory.

set(CALQUE_EXPORT_LIST ${CMAKE_CURRENT_LIST_DIR}/calque_plugin.map)

function(calque_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOLDER" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "calque_add_plugin(${name}): give its files after SOURCES")
  endif()
  if(NOT arg_FOLDER)
    if(CALQUE_PLUGIN_FOLDER)
      set(arg_FOLDER ${CALQUE_PLUGIN_FOLDER})
    else()
      set(arg_FOLDER ${CMAKE_CURRENT_BINARY_DIR})
    endif()
  endif()
  set(target ${name}_plugin)
  add_library(${target} MODULE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE calque::sdk ${arg_LIBRARIES})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  if(TARGET calque_warnings)
    target_link_libraries(${target} PRIVATE calque_warnings)
  endif()
  set(link -Wl,--version-script=${CALQUE_EXPORT_LIST} -Wl,--exclude-libs,ALL)
  # A sanitizer's run-time is in the program that loads the plugin, so its symbols stay open here.
  if(NOT "${CMAKE_CXX_FLAGS}" MATCHES "fsanitize")
    list(APPEND link -Wl,-z,defs)
  endif()
  target_link_options(${target} PRIVATE ${link})
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".calque" OUTPUT_NAME ${name}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${arg_FOLDER} LINK_DEPENDS ${CALQUE_EXPORT_LIST})
  set_property(GLOBAL APPEND PROPERTY CALQUE_PLUGIN_TARGETS ${target})
endfunction()
