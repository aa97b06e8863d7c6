# SPDX-License-Identifier: Apache-2.0
# `calque explain`: codes of the host and of the plugins.
import json
import re

from calque_cli import CliTest, ROOT, main


class Explain(CliTest):
    def test_codes_of_host_and_plugins(self):
        self.assertIn("pipeline.unknown-key", self.calque("explain", "pipeline.unknown-key").out)
        listed = json.loads(self.calque("plugins", "list", "--format", "json").out)
        codes = [code["code"] for plugin in listed["plugins"] for stage in plugin["stages"] for code in stage["codes"]]
        self.assertTrue(codes)
        whole = self.calque("explain", "--list").out
        for code in codes:
            self.assertIn(f"## {code}\n", whole)

    def test_every_code_of_the_sources_is_explained(self):
        whole = self.calque("explain", "--list").out
        for folder in ("host/cli", "host/pipeline"):
            for path in (ROOT / folder).glob("*.cpp"):
                if path.name.endswith("_test.cpp"):
                    continue
                for code in re.findall(r'(?:error|problem)\("([a-z]+\.[a-z-]+)"', path.read_text()):
                    self.assertIn(f"## {code}\n", whole, path.name)

    def test_an_unknown_code(self):
        self.assertSays(self.calque("explain", "pipeline.unknwn-key", code=2), "pipeline.unknown-key")


main()
