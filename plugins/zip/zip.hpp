// SPDX-License-Identifier: Apache-2.0
// The importer of bundles: a ZIP archive of files, each of which is a document of its own.
#pragma once

#include <calque/calque.hpp>

namespace calque::plugins {

struct zip_importer : importer {
  static constexpr stage_info info{"calque.zip", "1.0.0", "Bundles: ZIP archives of files that other importers read",
                                   CALQUE_REENTRANT | CALQUE_EMBEDS};
  static constexpr auto codes = calque::codes(
      code("zip.embedded", "A member that another importer has read; its documents stand in its place."),
      code("zip.system-file",
           "A file that an operating system leaves in folders, such as .DS_Store, Thumbs.db and all in __MACOSX; no "
           "text."),
      code("zip.empty-member", "A member without a byte; there was nothing to read."),
      code("zip.image-not-read", "A picture. No importer reads it, and a bundle has no document that could keep it.",
           thing::image, effect::dropped, level::warning),
      code("zip.member-not-read", "A member that no importer reads, and that no document keeps.", thing::text,
           effect::dropped, level::warning),
      code("zip.member-refused",
           "The importer of this member failed, for the reason that was reported with it; its text is in no document.",
           thing::text, effect::dropped, level::warning),
      code("zip.encrypted", "An encrypted member; there is no way to give a key.", thing::text, effect::dropped,
           level::warning),
      code("zip.no-member", "The archive holds no files, so there is nothing to read.", thing::text, effect::none,
           level::error),
      code("zip.no-document", "The archive holds files, but none that an importer could read.", thing::text,
           effect::none, level::error));
  static constexpr auto accepts = list("application/zip", "*.zip");

  static int probe(const calque::probe &);
  void run(const input &, builder &, const call &) const;
};

}  // namespace calque::plugins
