// SPDX-License-Identifier: Apache-2.0
// What results depend on: what is said in vain changes nothing, and everything else is named when it changes.
#include "host/batch/run_configuration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/pipeline/test_catalog.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;
using libraries = std::vector<std::pair<std::string, std::string>>;

const libraries loaded{{"/lib/libc.so.6", "aa11"}, {"/usr/bin/calque", "bb22"}};

plugin_catalog catalog() {
  std::vector<stage_description> stages;
  const plugin_catalog all = test_catalog();
  for (stage_description stage : all.stages()) {
    if (stage.id == "calque.unicode") stage.options[0].default_value = "\"NFC\"";
    stages.push_back(std::move(stage));
  }
  return plugin_catalog(std::move(stages));
}

pipeline load(const std::string &text) {
  auto made = load_pipeline_text("/srv/p.toml", text, catalog());
  for (const diagnostic &d : made.diagnostics) ADD_FAILURE() << d.code << ": " << d.message << "\n" << text;
  return made.value.value_or(pipeline{});
}

const std::string base = R"([pipeline]
name = "minutes"
[[stage]]
import = "record"
with = { labels = ["To", "From"] }
[[stage]]
normalize = "unicode"
[[stage]]
annotate = "segments"
when = { language = "zh" }
[[stage]]
export = "tei"
to = "{dir}/{stem}.xml"
)";

configuration of(const std::string &text) {
  return configuration_of(load(text), catalog(), loaded);
}

std::string with(const std::string &old, const std::string &now) {
  std::string text = base;
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), now);
}

/// "field: before -> after" for each field that differs.
names changes(const std::string &text) {
  names all;
  for (const changed_field &one : compare(of(base), of(text))) all.push_back(one.field + ": " + one.before + " -> " + one.after);
  return all;
}

TEST(run_configuration, what_is_said_in_vain_changes_nothing) {
  const names texts{"# a comment\n" + base + "\n# and one more\n",
                    with("with = { labels = [\"To\", \"From\"] }", "with.labels = [\n  \"To\",  # first\n  \"From\",\n]"),
                    with("export = \"tei\"\nto = \"{dir}/{stem}.xml\"", "to = \"{dir}/{stem}.xml\"\nexport = \"tei\""),
                    with("normalize = \"unicode\"", "normalize = \"calque.unicode\""),
                    with("normalize = \"unicode\"", "normalize = \"unicode\"\nwith = { form = \"NFC\" }"),
                    with("normalize = \"unicode\"", "normalize = \"unicode\"\nid = \"unicode\""),
                    base + "[budget]\nsilence = \"5 s\"\ntotal = \"6 s\"\nmemory = \"1 GiB\"\n",
                    with("when = { language", "budget = { total = \"3 s\" }\nwhen = { language"),
                    base + "[output]\nfolder = \"elsewhere\"\n"};
  for (const std::string &text : texts) {
    EXPECT_EQ(changes(text), names{}) << text;
    EXPECT_EQ(digest_of(of(text)), digest_of(of(base))) << text;
  }
}

TEST(run_configuration, each_field_is_named_when_it_changes) {
  const std::vector<std::pair<std::string, names>> cases{
      {with("[\"To\", \"From\"]", "[\"From\", \"To\"]"), {"stage.record.with.labels: [To, From] -> [From, To]"}},
      {with("[\"To\", \"From\"]", "[\"To, From\"]"), {"stage.record.with.labels: [To, From] -> [\"To, From\"]"}},
      {with("labels = [\"To\", \"From\"]", "labels = [\"To\", \"From\"], encoding = \"koi8-r\""),
       {"stage.record.with.encoding:  -> koi8-r"}},
      {with("labels = [\"To\", \"From\"]", "labels = [\"To\", \"From\"], encoding = \"\""), {"stage.record.with.encoding:  -> "}},
      {with("normalize = \"unicode\"", "normalize = \"unicode\"\nwith = { form = \"NFKC\" }"),
       {"stage.unicode.with.form: NFC -> NFKC"}},
      {with("language = \"zh\"", "language = \"ru\""), {"stage.segments.when: language: zh;  -> language: ru; "}},
      {with("when = { language = \"zh\" }\n", ""), {"stage.segments.when: language: zh;  -> "}},
      {with("{stem}.xml", "{stem}.tei"), {"stage.tei.to: {dir}/{stem}.xml -> {dir}/{stem}.tei"}},
      {base + "[loss]\nallow = [\"tei.*\"]\n", {"loss.allow:  -> tei.*"}},
      {base + "[loss]\ndefault = \"warn\"\n", {"loss.default: fail -> warn"}},
      {base + "[diagnostics]\n\"record.*\" = \"error\"\n", {"diagnostics.1.record.*:  -> error"}},
      {base + "[limits]\ndepth = 9\n", {"limits.depth: 1024 -> 9"}}};
  for (const auto &[text, expected] : cases) {
    EXPECT_EQ(changes(text), expected) << text;
    EXPECT_NE(digest_of(of(text)), digest_of(of(base))) << text;
  }
}

TEST(run_configuration, the_order_of_stages_counts) {
  const std::string swapped = with("[[stage]]\nnormalize = \"unicode\"\n", "[[stage]]\nnormalize = \"page_joins\"\n[[stage]]\nnormalize = \"unicode\"\n"),
                    other = with("[[stage]]\nnormalize = \"unicode\"\n", "[[stage]]\nnormalize = \"unicode\"\n[[stage]]\nnormalize = \"page_joins\"\n");
  const auto changed = compare(of(swapped), of(other));
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].field, "stages");
}

TEST(run_configuration, plugins_and_libraries_are_named) {
  pipeline whole = load(base);
  const configuration before = configuration_of(whole, catalog(), loaded);
  whole.stages[1].description.digest = "dd";
  const auto plugin = compare(before, configuration_of(whole, catalog(), loaded));
  ASSERT_EQ(plugin.size(), 1u);
  EXPECT_EQ(plugin[0].field, "stage.unicode.normalize");
  const auto library = compare(before, configuration_of(load(base), catalog(), {{"/lib/libc.so.6", "aa12"}, loaded[1]}));
  ASSERT_EQ(library.size(), 1u);
  EXPECT_EQ(library[0].field, "library libc.so.6");  // the same code at another place is the same
  EXPECT_EQ(library[0].after, "aa12");
}

TEST(run_configuration, importers_count_when_one_of_them_is_chosen) {
  const auto count = [](const configuration &fields) {
    return std::count_if(fields.begin(), fields.end(), [](const auto &field) { return field.first.starts_with("importer "); });
  };
  EXPECT_EQ(count(of(base)), 0);
  EXPECT_EQ(count(of(with("[[stage]]\nimport = \"record\"\nwith = { labels = [\"To\", \"From\"] }\n", ""))), 3);
}

TEST(run_configuration, files_of_path_options_count_with_their_content) {
  scratch_folder folder;
  const auto now = [&] {
    return of(with("[[stage]]\nannotate = \"segments\"",
                   "[[stage]]\nannotate = \"editorial\"\nwith = { vocabulary = \"" + folder.path("words.toml") +
                       "\" }\n[[stage]]\nannotate = \"segments\""));
  };
  folder.write("words.toml", "one");
  const configuration one = now(), again = now();
  EXPECT_EQ(one, again);
  folder.write("words.toml", "two");
  const auto changed = compare(one, now());
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].field, "stage.editorial.file " + folder.path("words.toml"));
}

TEST(fingerprint_of_path, is_of_all_names_and_contents) {
  scratch_folder folder;
  const auto print = [&](const std::string &name = "terms") { return fingerprint_of_path(folder.path(name)); };
  EXPECT_EQ(print(), "missing");
  folder.write("terms/a.tsv", "1");
  folder.write("terms/deep/b.tsv", "2");
  const std::string first = print();
  EXPECT_TRUE(first.starts_with("sha256:"));
  EXPECT_EQ(print(), first);
  folder.write("terms/deep/b.tsv", "3");
  const std::string changed = print();
  EXPECT_NE(changed, first);
  std::filesystem::rename(folder.path("terms/a.tsv"), folder.path("terms/c.tsv"));
  EXPECT_NE(print(), changed);
  folder.write("one", "x");
  EXPECT_EQ(print("one"), "sha256:" + to_hex(sha256_of("x")));
}

TEST(fingerprint_of_stage, changes_with_the_stage_and_with_what_all_share) {
  const auto print = [](const std::string &text, std::size_t k) {
    const pipeline whole = load(text);
    return fingerprint_of_stage(configuration_of(whole, catalog(), loaded), whole.stages[k]);
  };
  const std::string other = with("normalize = \"unicode\"", "normalize = \"unicode\"\nwith = { form = \"NFKC\" }");
  EXPECT_EQ(print(base, 0), print(other, 0));
  EXPECT_NE(print(base, 1), print(other, 1));
  EXPECT_EQ(print(base, 2), print(other, 2));
  EXPECT_EQ(print(base, 3), print(with("{stem}.xml", "{stem}.tei"), 3)) << "where a file goes is not what is in it";
  EXPECT_NE(print(base, 0), print(base + "[limits]\ndepth = 9\n", 0));
  EXPECT_EQ(print(base, 0), print(base + "[loss]\ndefault = \"warn\"\n", 0));
  const pipeline whole = load(base);
  EXPECT_NE(print(base, 0), fingerprint_of_stage(configuration_of(whole, catalog(), {}), whole.stages[0]));
}

TEST(fingerprint_of_stage, of_an_importer_that_hands_members_over_changes_with_every_importer) {
  const auto print = [](uint32_t flags, const std::string &digest) {
    std::vector<stage_description> stages = catalog().stages();
    for (stage_description &stage : stages) {
      if (stage.role != stage_role::import) continue;
      if (stage.id == "calque.record")
        stage.flags = flags;
      else
        stage.digest = digest;
    }
    const plugin_catalog all(stages);
    const pipeline whole = load_pipeline_text("/srv/p.toml", base, all).value.value();
    const configuration fields = configuration_of(whole, all, loaded);
    return std::pair(fingerprint_of_stage(fields, whole.stages[0]), fingerprint_of_importer(fields, whole.stages[0].description));
  };
  EXPECT_EQ(print(0, "aa"), print(0, "bb"));
  EXPECT_NE(print(CALQUE_EMBEDS, "aa").first, print(CALQUE_EMBEDS, "bb").first);
  EXPECT_NE(print(CALQUE_EMBEDS, "aa").second, print(CALQUE_EMBEDS, "bb").second);
}

TEST(compare, names_what_is_new_and_what_is_gone) {
  const configuration before{{"a", "1"}, {"b", "2"}, {"d", "4"}}, after{{"b", "3"}, {"c", "5"}, {"d", "4"}, {"e", ""}};
  names all;
  for (const changed_field &one : compare(before, after)) all.push_back(one.field + one.before + ">" + one.after);
  EXPECT_EQ(all, (names{"a1>", "b2>3", "c>5", "e>"}));
  EXPECT_TRUE(compare(after, after).empty());
}

TEST(run_configuration, a_path_that_is_an_options_default_counts_as_one_that_is_said) {
  pipeline_stage stage;
  stage.description.options = {test_option("words", CALQUE_PATH), test_option("others", CALQUE_PATH)};
  stage.options.resize(2);
  stage.options[0].type = CALQUE_PATH;
  stage.options[0].text = "/usr/share/dict/words";
  EXPECT_EQ(resources_of(stage).paths, (std::vector<std::string>{"/usr/share/dict/words"}));
}

}  // namespace
}  // namespace calque::host
