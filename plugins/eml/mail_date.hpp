// SPDX-License-Identifier: Apache-2.0
// The dates of messages as extended dates (EDTF).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calque::plugins::mail {

/// "Mon, 3 Feb 2020 10:00:00 +0100 (CET)" → "2020-02-03T10:00:00+01:00"; nothing when it is no such date. Years of two
/// digits and the old names of zones are as RFC 5322 has them.
std::optional<std::string> edtf_of_mail_date(std::string_view);

}  // namespace calque::plugins::mail
