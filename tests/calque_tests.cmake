# SPDX-License-Identifier: Apache-2.0
# calque_add_test(NAME SOURCES… [LIBRARIES…] [LABELS…]): a GoogleTest program, each of its tests known to CTest.
function(calque_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WHOLE" "TIMEOUT;LABELS" "SOURCES;LIBRARIES;DEPENDS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest GTest::gtest_main calque_warnings)
  # What is tested is instrumented; to instrument each EXPECT as well is a third of the time that it takes to compile.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Debug>:-fno-sanitize=undefined>)
  target_compile_definitions(${name} PRIVATE
    CALQUE_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}" CALQUE_BUILD_FOLDER="${PROJECT_BINARY_DIR}"
    CALQUE_PROGRAM="${PROJECT_BINARY_DIR}/bin/calque")
  if(arg_DEPENDS)
    add_dependencies(${name} ${arg_DEPENDS})
  endif()
  # One process for all of them, where each would begin with what takes longer than the test.
  if(arg_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
    return()
  endif()
  gtest_discover_tests(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" DISCOVERY_TIMEOUT 60)
endfunction()
