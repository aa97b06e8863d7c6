// SPDX-License-Identifier: Apache-2.0
// How an expected file and a made one are compared, and how the difference is shown.
#pragma once

#include <string>
#include <string_view>

namespace calque::host {

/// The form in which two files are compared; equal forms are equal files.
///   bytes  as they are
///   text   NFC, without carriage returns, blanks at line ends and empty lines at the end
///   xml    a tag a line, attributes sorted, blanks between tags left out, empty elements alike
///   json   indented, keys sorted
/// What cannot be read as `compare` says stays as it is.
std::string form_to_compare(std::string_view bytes, std::string_view compare);

}  // namespace calque::host
