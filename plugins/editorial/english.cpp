// SPDX-License-Identifier: Apache-2.0
// The word lists behind english.hpp.
#include "plugins/editorial/english.hpp"

#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"

namespace calque::editorial {

using plugins::word_set;

bool is_article(std::string_view word) {
  static const word_set words("the a an this that these those such");
  return words.has(word);
}

bool is_possessive(std::string_view word) {
  static const word_set words("my our your his her its their whose one's");
  return words.has(word);
}

bool is_pronoun(std::string_view word) {
  static const word_set words(
      "i me we us you he him she her it they them one ones this that these those which who whom what here there "
      "himself herself itself themselves ourselves yourself yourselves myself mine ours yours hers theirs another "
      "both latter former everyone someone something everything nothing thing things then");
  return words.has(word);
}

bool is_determiner(std::string_view word) {
  static const word_set words(
      "some any no each every all both either neither several many few more most other another own same certain "
      "various two three four five six seven eight nine ten hundred thousand first second third last next");
  return is_article(word) || is_possessive(word) || words.has(word);
}

bool is_before_verb(std::string_view word) {
  static const word_set words(
      "to not will would shall should can could may might must cannot can't don't doesn't didn't won't wouldn't "
      "couldn't shouldn't do does did i we you he she they it who never always also only and already have has had");
  return words.has(word);
}

bool is_function_word(std::string_view word) {
  static const word_set words(
      // prepositions
      "of in on at by to from with without for about into onto upon over under after before between among against "
      "during through throughout toward towards within across along around behind below beneath beside besides "
      "beyond despite down except inside outside near off out since than till until up via per concerning regarding "
      "according amid amidst like unlike as because due owing instead together "
      // conjunctions, relatives, interrogatives
      "and or but nor yet so if though although while whereas when whenever where wherever whether that which who "
      "whom whose what why how unless once lest both either neither not only also "
      // auxiliaries
      "be am is are was were been being have has had having do does did done will would shall should can could may "
      "might must ought need cannot let's "
      // pronouns and determiners
      "i me we us you he him she her it they them my our your his its their mine ours yours hers theirs myself "
      "ourselves yourself himself herself itself themselves this these those such some any no none each every all "
      "several many much few more most less least other others another one ones own same someone somebody something "
      "anyone anybody anything everyone everybody everything nobody nothing the a an "
      // adverbs and interjections
      "not never ever always often sometimes again already still just even only too very quite rather almost here "
      "there now then today yesterday tomorrow soon later earlier previously recently currently perhaps maybe "
      "however therefore thus hence moreover furthermore meanwhile otherwise indeed instead likewise namely "
      "therein thereby thereof therefrom hereby afterwards afterward beforehand thereafter above below away back "
      "forth once twice well further firstly secondly thirdly finally lastly additionally accordingly yes no please "
      "oh ah well okay");
  return words.has(word);
}

bool is_verb_like(std::string_view word) {
  static const word_set verbs(
      "say says said see sees saw seen go goes went gone come comes came take takes took taken make makes made give "
      "gives gave given get gets got know knows knew known think thinks thought want wants find finds found tell "
      "tells told ask asks seem seems feel feels felt try tries leave leaves left call calls keep keeps kept let "
      "begin begins began begun help helps show shows shown hear hears heard play run runs ran move moves live lives "
      "believe believes bring brings brought happen happens write writes wrote written sit sits sat stand stands "
      "stood lose loses lost pay pays paid meet meets met include includes continue continues set sets learn learns "
      "lead leads led understand understands understood watch follow follows stop stops create speak speaks spoke "
      "spoken read reads spend allow allows add grow grows open opens walk win wins won offer remember love consider "
      "appear appears buy serve die send sends sent build built stay fall falls fell fallen cut reach kill raise "
      "pass sell decide return explain hope develop carry break broke broken receive agree agrees support hit "
      "produce eat cover catch draw drew drawn choose chose chosen become becomes became hold holds held put puts "
      "mean means meant send fight fought forget forgot rise rose arise arose settle solve discuss resolve reject "
      "accept attack defend invite visit state declare announce inform notify report request demand insist propose "
      "suggest express mention point sign conclude establish maintain strengthen oppose condemn criticize blame "
      "accuse handle treat regard welcome thank wish trust hand pick bear bore borne withdraw withdrew undertake "
      "overcome wait join");
  if (verbs.has(word)) return true;
  return word.size() > 4 && ((word.ends_with("ing") && word != "nothing" && word != "something" && word != "meeting" &&
                              word != "building" && word != "morning" && word != "evening") ||
                             (word.ends_with("ed") && !word.ends_with("eed")));
}

bool is_adjective_like(std::string_view word) {
  if (plugins::is_demonym(word)) return true;
  static const word_set words(
      "new old good bad great small large big high low long short early late young important public own different "
      "right local social able whole main common poor free full open certain clear recent present past current "
      "previous next last first second third several many few such same other various entire joint mutual serious "
      "close deep wide strong weak difficult easy fresh foreign domestic secret simple direct correct wrong true "
      "false normal ordinary");
  if (words.has(word)) return true;
  if (word.size() < 6) return false;
  for (std::string_view ending :
       {"al", "ic", "ous", "ive", "ful", "able", "ible", "ary", "ent", "ant", "ese", "ish", "ist"})
    if (word.ends_with(ending)) return word != "government" && !word.ends_with("ment") && word != "ambassador";
  return false;
}

bool is_month_or_day(std::string_view word) {
  static const word_set words(
      "january february march april may june july august september october november december jan feb mar apr jun jul "
      "aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday");
  return words.has(word);
}

bool is_east_asian_surname(std::string_view word) {
  static const word_set words(
      "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han "
      "tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu lü su jiang cai jia ding wei xue ye yan pan "
      "du dai xia zhong tian ren fan fang shi yao liao zou xiong jin qiu qin meng mao hao gong shao wan qian yin tan "
      "kang nie hua qiao bo bao geng gu hong kong long niu ouyang pang ruan shu si sima tong tu wen weng xi xiang "
      "xing zhuang zuo chang chiang chou chu kuo hsu hsieh teng tsai ts'ai tseng liao p'eng t'ang t'an "
      "kim pak park yi rhee choe choi chong jong jung cho jo yun yoon im rim lim han o oh so seo sin shin kwon hwang "
      "an ahn song hong nam ho ryu yu paek baek chang no "
      "nguyen tran pham vo dang bui dao vu hoang huynh phan truong ngo duong ly le do "
      "nguyễn trần phạm võ đặng bùi đào vũ hoàng huỳnh phan trương ngô dương lý lê đỗ hồ");
  return words.has(word);
}

}  // namespace calque::editorial
