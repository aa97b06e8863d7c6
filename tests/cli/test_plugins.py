# SPDX-License-Identifier: Apache-2.0
# `calque plugins`: what is there, and what cannot be loaded and why.
import json
import shutil

from calque_cli import CliTest, main


class Plugins(CliTest):
    def test_list(self):
        done = self.calque("plugins", "list")
        for name in ("import", "normalize", "annotate", "export", "record", "speeches", "editorial", "tei"):
            self.assertIn(name, done.out)
        self.assertEqual(done.out, self.calque("plugins").out)

    def test_list_as_json(self):
        listed = json.loads(self.calque("plugins", "list", "--format", "json").out)
        ids = {stage["id"] for plugin in listed["plugins"] for stage in plugin["stages"]}
        self.assertTrue({"calque.record", "calque.tei", "calque.text"} <= ids, ids)
        self.assertEqual(listed["broken"], [])

    def test_show_has_every_option(self):
        done = self.calque("plugins", "show", "unicode")
        self.assertIn("form", done.out)
        self.assertIn("NFC", done.out)
        self.assertEqual(done.out, self.calque("plugins", "show", "calque.unicode").out)
        shown = json.loads(self.calque("plugins", "show", "unicode", "--format", "json").out)
        self.assertEqual([stage["id"] for stage in shown], ["calque.unicode"])

    def test_a_role_tells_stages_of_one_id_apart(self):
        both = json.loads(self.calque("plugins", "show", "text", "--format", "json").out)
        one = json.loads(self.calque("plugins", "show", "export/text", "--format", "json").out)
        self.assertEqual((len(both), len(one)), (2, 1))

    def test_what_cannot_be_loaded_is_listed_with_its_reason(self):
        bad = self.write("mine/nothing.calque", b"this is no library")
        done = self.calque("--plugin-path", bad.parent, "plugins", "list")
        self.assertIn(f"cannot be loaded: {bad}", done.out)
        listed = json.loads(self.calque("--plugin-path", bad.parent, "plugins", "list", "--format", "json").out)
        self.assertEqual([broken["path"] for broken in listed["broken"]], [str(bad)])
        self.assertTrue(listed["broken"][0]["reasons"])

    def test_a_plugin_beside_the_pipeline_is_found(self):
        bad = self.write("nothing.calque", b"this is no library")
        pipe = self.write("p.toml", '[pipeline]\nname = "p"\n[[stage]]\nimport = "nothing"\n[[stage]]\nexport = "text"\n')
        self.assertSays(self.calque("check", pipe, code=69), "nothing")

    def test_an_unknown_one_has_a_suggestion(self):
        self.assertSays(self.calque("plugins", "show", "editoral", code=69), "editorial")


main()
