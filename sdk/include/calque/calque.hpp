// SPDX-License-Identifier: Apache-2.0
// The C++20 SDK as a whole: include this and write your stages. See stage.hpp for the four roles.
#pragma once

#include <calque/archive.hpp>
#include <calque/stage.hpp>
