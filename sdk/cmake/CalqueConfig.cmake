# SPDX-License-Identifier: Apache-2.0
# find_package(Calque): calque::sdk for plugins, calque_add_plugin(), and calque::testing where its libraries are.
include(CMakeFindDependencyMacro)

# What the host's boundaries in calque::testing need; a plugin itself needs none of it.
set(Calque_testing_needs)
find_package(fmt QUIET)
find_package(ICU QUIET COMPONENTS uc)
find_package(nlohmann_json QUIET)
find_package(ZLIB QUIET)
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(NETTLE QUIET IMPORTED_TARGET nettle)
  pkg_check_modules(XXHASH QUIET IMPORTED_TARGET libxxhash)
  pkg_check_modules(TOMLPP QUIET IMPORTED_TARGET tomlplusplus)
endif()
foreach(target fmt::fmt PkgConfig::NETTLE ICU::uc nlohmann_json::nlohmann_json PkgConfig::XXHASH PkgConfig::TOMLPP
        ZLIB::ZLIB)
  if(NOT TARGET ${target})
    list(APPEND Calque_testing_needs ${target})
    # A stand-in that no plugin links: the imported targets below may then be read.
    add_library(${target} INTERFACE IMPORTED)
  endif()
endforeach()
if(Calque_testing_needs)
  message(STATUS "Calque: calque::testing cannot be linked, for want of ${Calque_testing_needs}")
endif()

include(${CMAKE_CURRENT_LIST_DIR}/CalqueTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/calque_plugin.cmake)
