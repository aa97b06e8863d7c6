// SPDX-License-Identifier: Apache-2.0
// The word lists behind titles.hpp.
#include "plugins/common/titles.hpp"

#include "plugins/common/words.hpp"

namespace calque::plugins {

bool is_courtesy(std::string_view word) {
  static const word_set words(
      "comrade comrades cde com tov mr mrs ms miss mister madam madame mme sir lord lady dame monsieur m herr frau "
      "señor senor signor dr doctor prof professor hon honorable honourable excellency his her your rev reverend "
      "товарищ тов тт т господин госпожа г г-н г-жа д-р проф 同志 先生 女士 小姐 夫人 阁下 同志们 閣下 동지 선생");
  return words.has(word);
}

bool is_title(std::string_view word) {
  static const word_set words(
      "vice deputy acting assistant associate junior senior first second third fourth chief principal former "
      "then-premier ex interim permanent special general secretary secretary-general premier minister president "
      "vice-president vice-premier vice-minister vice-chairman chairman chairwoman chairperson chair prime "
      "ambassador ambassadors envoy consul consul-general counselor counsellor councillor attaché attache chargé "
      "charge d'affaires d’affaires delegate representative commissioner commissar director director-general head "
      "leader member officer official marshal colonel lieutenant major captain commander admiral commodore brigadier "
      "sergeant corporal private adjutant governor mayor senator congressman congresswoman deputy judge justice "
      "attorney chancellor king queen prince princess emperor empress shah sultan emir duke count baron pope cardinal "
      "archbishop bishop father brother sister rabbi imam lama interpreter translator adviser advisor engineer "
      "academician editor editor-in-chief correspondent journalist reporter foreign plenipotentiary "
      "under-secretary undersecretary section-chief spokesman spokesperson moderator speaker host guest witness "
      "inspector agent manager administrator comptroller treasurer registrar rector dean "
      "посол министр премьер председатель президент секретарь генсек заместитель зам замминистра вице первый второй "
      "третий советник консул атташе маршал генерал полковник майор капитан директор начальник заведующий завотделом "
      "депутат член переводчик поверенный в делах уполномоченный временный чрезвычайный полномочный "
      "总理 副总理 部长 副部长 外长 大使 参赞 主席 副主席 书记 总书记 司长 副司长 处长 科长 代办 领事 总领事 元帅 将军 "
      "委员 首相 总统 翻译 秘书 代表 团长 主任 副主任 局长 省长 市长 部長 總理 主席 大使 대사 수상 장관 주석 부상");
  return words.has(word) || is_courtesy(word);
}

bool is_institution(std::string_view word) {
  static const word_set words(
      "ministry department division section sector bureau office agency administration authority directorate "
      "commission committee council board cabinet secretariat embassy consulate legation mission delegation "
      "government party union league federation confederation republic kingdom empire commonwealth state states "
      "nation nations army navy force forces corps regiment command staff headquarters guard police security service "
      "services intelligence affairs relations trade defense defence interior finance industry agriculture education "
      "culture health transport communications planning institute academy university college school faculty hospital "
      "center centre association society organization organisation company corporation bank factory plant works farm "
      "commune brigade team group front movement congress parliament assembly senate duma soviet soviets politburo "
      "presidium plenum conference court tribunal county district province prefecture region oblast krai okrug rayon "
      "raion canton city town village township municipality territory area border river lake sea strait gulf bay "
      "island islands mountain mountains pass port harbor harbour station airport road street avenue square hall "
      "room house palace building hotel protocol press information political military economic consular "
      "международный министерство отдел управление комитет партия посольство консульство союз республика "
      "外交部 部 司 处 局 委员会 使馆 大使馆 县 省 市 区");
  return words.has(word);
}

bool is_demonym(std::string_view word) {
  static const word_set words(
      "chinese soviet russian american british english french german japanese korean vietnamese mongolian mongol "
      "albanian bulgarian czech slovak czechoslovak hungarian polish romanian rumanian yugoslav serbian croatian "
      "cuban indian pakistani burmese thai lao laotian cambodian khmer indonesian malaysian malayan filipino "
      "philippine iranian persian iraqi syrian egyptian israeli turkish greek italian spanish portuguese dutch "
      "belgian swiss austrian swedish norwegian danish finnish canadian mexican brazilian argentine chilean "
      "australian african asian european western eastern northern southern central arab arabic uyghur uighur kazakh "
      "kyrgyz uzbek tajik tatar tibetan manchu hui han ukrainian byelorussian belarusian georgian armenian estonian "
      "latvian lithuanian sino-soviet sino-indian communist socialist capitalist imperialist international national "
      "chinese-side soviets russians americans germans koreans mongols poles czechs hungarians romanians albanians "
      "bulgarians indians cubans yugoslavs kazakhs uyghurs tibetans algerian moroccan tunisian libyan sudanese "
      "ethiopian somali ghanaian guinean congolese kenyan tanzanian angolan mozambican afghan nepalese nepali "
      "bhutanese ceylonese");
  return words.has(word);
}

}  // namespace calque::plugins
