"""What is wrong with a rule and what to do about it, in Chinese, as checks and reader say it in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.model.area import level
from engine.model.grade import COLOURS
from engine.model.problem import nearest_in_chinese
from engine.model.slots import Sentences

#: Of the checks.
_CHECKS: Mapping[str, str] = {
    "'{code}' counts activity, not harm: count what was done, not what was checked":
        "“{code}”统计的是执法活动而非危害：请统计已发生的事，而不是检查次数",
    "no feed of hazards or advisories tells of these: what is in force stays unknown":
        "没有灾害或通报类数据源发布此类信息：是否生效将始终未知",
    "the feed {feeds} takes nothing that begins more than {most} after it is told, and this looks {asked} "
    "ahead: set `ahead: {again}` in its mapping":
        "数据源{feeds}不接收发布后超过{most}才开始的信息，而此处要看未来{asked}："
        "请在其映射中设置`ahead: {again}`",
    "the rule judges each {level}, and '{code}' neither is one nor holds one: name '{other}', in "
    "which it lies":
        "规则按{level}研判，“{code}”既不是也不包含这样的地区：请写其所在的“{other}”",
    "the rule judges each {level}, and '{code}' neither is one nor holds one: name others":
        "规则按{level}研判，“{code}”既不是也不包含这样的地区：请改写其他地区",
    "nothing is left to judge: 'except' takes out all that is named":
        "没有剩下可研判的地区：'except'排除了所列的全部",
    "'{code}' is not among those under which the rule judges: take it out of 'except'":
        "“{code}”不在规则研判的范围内：请从'except'中去掉",
    "a fixed number alone warns of big areas, not of change: add rare, or a rate":
        "仅有固定数目只会指出大的地区，而不是变化：请增加`rare`或比率",
    "a fixed number alone warns of small areas, not of change: add silent":
        "仅有固定数目只会指出小的地区，而不是变化：请增加`silent`",
    "{tests} needs earlier blocks: give baseline, such as baseline: 182d":
        "{tests}需要以往时段：请给出基线，如`baseline: 182d`",
    "{n} earlier blocks of {span} are few: take {m} or more": "{n}个{span}的以往时段太少：请取{m}个以上",
    "it takes {n} windows to cover it: the baseline used is {span}":
        "需要{n}个窗口才能覆盖：实际使用的基线为{span}，请照此填写",
    "{code}: {reason}; change the baseline, or the test": "{code}：{reason}；请修改基线或更换检验",
    "baseline must lie at {least} or above, found {found}": "基线须不小于{least}，现为{found}",
    "no test of this rule looks at earlier blocks: drop the baseline, or add {code}":
        "本规则没有检验使用以往时段：请去掉基线，或增加`{code}`",
    "'{code}' knows no day after {last}: from then on nobody can tell":
        "“{code}”没有{last}之后的日期：此后将无法判断，请补充日历",
    "'{code}' belongs to the domain {domain}: is this rule one of {own}?":
        "“{code}”属于{domain}领域：本规则是否应属{own}？请核对类别或领域",
    "'{code}' stands here twice": "“{code}”在此出现两次：请去掉一个",
    "'{code}' is already part of '{other}': name one of them": "“{code}”已包含在“{other}”中：请只写其一",
    "the rule speaks of {span}, its chance of {other}: let 'for' be the same":
        "规则预示{span}，其概率却指{other}：请让'for'与之一致",
    "no truth speaks of '{topic}', so nothing can be learned: say 'of' how many":
        "没有关于“{topic}”的真实情况记录，无从学得：请用'of'说明多少起",
    "{code} looks at cases, not at a sum: write count: incidents":
        "`{code}`看的是事件而非总和：请写`count: incidents`",
    "a scan compares areas with each other, and finds {n} area with a place on the map":
        "聚集扫描要在地区之间比较，而地图上有位置的地区只有{n}个：请改用下级地区",
    "a scan compares areas with each other, and finds {n} areas with a place on the map":
        "聚集扫描要在地区之间比较，而地图上有位置的地区只有{n}个：请改用下级地区",
    "no point of a sensitive category is kept: count them by area":
        "敏感类别不保留坐标：请按地区统计",
    "no feed that reports these ({feeds}) says how accurate its points are: set `keep_point: true` and "
    "`accuracy: 100m` in its mapping, or count them by area":
        "报告此类事件的数据源（{feeds}）均未说明坐标精度："
        "请在其映射中设置`keep_point: true`和`accuracy: 100m`，或按地区统计",
    "the points of {feed} are accurate to {span} and kept to about 100 m, and each of two may be off: "
    "{asked} cannot be told; within must be {least} or more":
        "{feed}的坐标精确到{span}，保留到约100米，两点都可能有偏差：{asked}无法分辨；`within`须为{least}以上",
    "'{code}' is judged at once: look for its incidents with incident:":
        "“{code}”为即时研判：请用`incident:`查找其事件",
    "the scope '{scope}' of a {level} holds no {levels}: say scope: {better}":
        "{level}的范围“{scope}”内没有{levels}：请写`scope: {better}`",
    "'{code}' finds once in {n} days: take within: {span} or more":
        "“{code}”每{n}天研判一次：请取`within: {span}`以上",
    "within is measured in whole days: write 2d, 7d": "`within`以整天计：请写2d、7d",
    "within {span} misses days between two {cycle} judgements: take {other} or more":
        "{span}会漏掉两次{cycle}研判之间的日子：请取{other}以上",
    "the id '{code}' stands here again; it is already in {where}":
        "编号“{code}”重复，已见于{where}：请改其一",
    "the key '{code}' stands here again; it is already on line {n}":
        "键“{code}”重复，已见于第{n}行：请去掉其一",
    "'{code}' is counted by nobody (judged: false): choose a category that is judged":
        "“{code}”不参与统计（`judged: false`）：请选择参与研判的类别",
    "nothing below '{code}' counts: it is all activity, protected or not judged":
        "“{code}”之下没有可统计的类别：都是执法活动、受保护或不研判的，请另选类别",
    "even at {n} times the usual {usual} a window (in {area}) its chance to hold is {chance}, nowhere more":
        "即使达到每窗口通常值{usual}的{n}倍（{area}），触发概率也只有{chance}，其他地区更低：请放宽条件",
    "{n} quiet cycles are many before a {cycle} warning falls: take {m} or fewer":
        "{cycle}预警要{n}个平静周期才解除，过多：请取{m}个以下",
    "the id should begin with its domain: {code}": "编号应以领域开头：请写{code}",
    "a correlation follows the calendar: choose daily, weekly or monthly":
        "关联规则按日历研判：请选`daily`、`weekly`或`monthly`",
    "an immediate window is whole hours, from 1h to 48h": "即时规则的窗口为整小时：请写1h至48h",
    "an immediate finding must last: give lasts, such as 24h": "即时命中须有持续时间：请给出`lasts`，如24h",
    "an immediate rule has no '{code}': take it out": "即时规则没有“{code}”：请去掉",
    "an immediate rule cannot use '{code}': it is judged when an incident becomes known, and not when this "
    "begins to hold; count the alerts themselves, or choose daily":
        "即时规则不能使用“{code}”：它在获知事件时研判，而不是在该条件开始成立时；"
        "请统计预警信息本身，或改为`daily`",
    "an immediate rule cannot use '{code}': only {tests}": "即时规则不能使用“{code}”：只能用{tests}",
    "only an immediate rule has '{code}'; a {cycle} one has hold and cool_down":
        "只有即时规则有“{code}”；{cycle}规则请用`hold`和`cool_down`",
    "the feed '{feed}' goes by keywords and may not feed a political rule: name the feeds that are "
    "meant with "
    "feed:":
        "数据源“{feed}”按关键词归类，不得用于政治安全规则：请用`feed:`指明所用数据源",
    "alpha {alpha} over {n} areas: chance alone makes about {m} alarms a week; lower it, or set fdr":
        "`alpha` {alpha}用于{n}个地区：仅因偶然每周就约有{m}次误报；请调低，或设置`fdr`",
    "'{code}' is asked for from {grade} up, and the rule ends at {other}":
        "“{code}”从{grade}起才要求，而规则最高只到{other}：请改措施的级别或去掉",
    "'{code}' is not meant for the topic '{topic}': choose from {codes}":
        "“{code}”不适用于风险“{topic}”：请从{codes}中选择",
    "the measure '{code}' stands here twice": "措施“{code}”在此出现两次：请去掉一个",
    "the title has no Chinese: write {en: ..., zh: ...}": "标题没有中文：请写`{en: ..., zh: ...}`",
    "'for' is missing: say within how many days something will happen, as in for: 7d":
        "缺少'for'：请说明预示多少天之内，如`for: 7d`",
    "the rule has no measures: say what a centre should do, from the catalogue":
        "规则没有措施：请从措施目录中选择指挥中心应做的事",
    "'owner' is missing: say which desk answers for this rule": "缺少'owner'：请写明由哪个部门负责",
    "'review_by' is missing: say by which day this rule is looked at again":
        "缺少'review_by'：请写明何日之前复审",
    "no route takes warnings of '{topic}': nobody would be told":
        "没有路由接收“{topic}”的预警，无人会收到：请增加路由",
    "the rule has no tests: write one that fires and one that stays silent":
        "规则没有测试：请写一项会触发的和一项不触发的",
    "'why' is missing: say in a sentence what the rule is after": "缺少'why'：请用一句话说明规则的用意",
    "it has {n} other {n:area|areas} to compare with, and asks for {m}: lower 'among', or judge a level with "
    "more areas":
        "只有{n}个其他地区可比较，却要求{m}个：请调低'among'，或改用地区更多的层级",
    "everything below '{code}' is protected: no rule may count it through its parent":
        "“{code}”之下均受保护：任何规则不得通过上级类别统计，请另选类别",
    "'{code}' is protected: no rule may ask for an alert of it":
        "“{code}”受保护：规则不得要求其预警信息，请去掉",
    "'{code}' is protected: only a rule of the topic '{topic}' may name it; count the harm instead":
        "“{code}”受保护：只有风险为“{topic}”的规则可以使用；请改为统计危害",
    "'{code}' is protected and stands beside what is not: a rule counts the one or the other":
        "“{code}”受保护，却与不受保护的并列：一条规则只能统计其一",
    "'{code}' is protected and a parent: name the one leaf that is meant by its full code":
        "“{code}”受保护且有下级：请用完整代码写明所指的那一个",
    "a crowd-safety rule needs measures, and only of these aims: {codes}":
        "人群安全规则须有措施，且目的只能是：{codes}",
    "a crowd-safety rule may not ask for {code}: only for {codes}":
        "人群安全规则不得要求{code}：只能是{codes}",
    "only a rule of the topic '{topic}' may look for findings of crowd safety":
        "只有风险为“{topic}”的规则可以查找人群安全的命中：请去掉",
    "rare alone warns of twos and threes: add at_least, such as at_least: 3":
        "单用`rare`两三起就会预警：请增加`at_least`，如`at_least: 3`",
    "{n} of {m} areas have no population: their rate stays unknown":
        "{m}个地区中有{n}个没有人口数，其比率始终未知：请在config/areas.csv中补充",
    "readings are not completed by what usually comes late: take nowcast out":
        "读数不会因迟报而补全：请去掉`nowcast`",
    "stocks are not completed by what usually comes late: take nowcast out":
        "存量不会因迟报而补全：请去掉`nowcast`",
    "what is open is judged by the day: choose daily, weekly or monthly":
        "存量按日研判：请选`daily`、`weekly`或`monthly`",
    "an immediate rule reads no further back than its window: lengthen that":
        "即时规则只看其窗口之内：请加长窗口",
    "'{code}' is a test of counts, not of readings: use one of {codes}":
        "“{code}”用于计数而非读数：请改用{codes}之一",
    "'{code}' is a test of counts, not of stocks: use one of {codes}":
        "“{code}”用于计数而非存量：请改用{codes}之一",
    "its tests promise {alpha} false alarms, and held at {share} of {n} judgements in a year: {m} "
    "times as often":
        "其检验的误报概率为{alpha}，一年{n}次研判中却有{share}触发，为其{m}倍：请调整检验",
    "say under 'why' for what reason the rule was retired": "请在'why'中说明停用的原因",
    "{day} is far away: look at a rule at least every three years":
        "{day}太远：规则至少每三年复审一次，请提前",
    "the review was due on {day}: {owner} should look at the rule and set a new day":
        "复审应于{day}完成：请{owner}查看规则并另定日期",
    "{grade}: {code} is {found} after {was}: it must rise or stay from {other}":
        "{grade}：{code}为{found}，而{other}为{was}：应不低于{other}",
    "{grade}: {code} is {found} after {was}: it must fall or stay from {other}":
        "{grade}：{code}为{found}，而{other}为{was}：应不高于{other}",
    "{grade}: {code} is {found}, not {was}: keep it as in {other}":
        "{grade}：{code}为{found}，而不是{was}：请与{other}保持一致",
    "{grade}: {code} is given in one rung only: give it here and in {other}":
        "{grade}：{code}只在一个级别中给出：请在此处与{other}中都写明",
    "the rung '{grade}' has no test; give at least one, such as at_least: 3":
        "级别“{grade}”没有检验：请至少给出一项，如`at_least: 3`",
    "the rung '{grade}' needs the same tests as '{other}': add {tests}: take out {further}":
        "级别“{grade}”的检验须与“{other}”一致：请增加{tests}，去掉{further}",
    "the rung '{grade}' needs the same tests as '{other}': add {tests}":
        "级别“{grade}”的检验须与“{other}”一致：请增加{tests}",
    "the rung '{grade}' needs the same tests as '{other}': take out {tests}":
        "级别“{grade}”的检验须与“{other}”一致：请去掉{tests}",
    "the rung '{grade}' needs the alternatives of '{other}' under 'any', in their order: {ways}; "
    "found {found}":
        "级别“{grade}”在'any'下的选项须与“{other}”一致且顺序相同：应为{ways}；现为{found}",
    "'{low}' is never given: whenever it holds, '{high}' holds too; make '{again}' stricter, or drop "
    "one of them":
        "“{low}”永远不会给出：它成立时“{high}”也成立；请使“{again}”更严，或去掉其一",
    "'{low}' is never given: '{high}' needs {n} matches and '{again}' {m}; give '{more_}' a larger number":
        "“{low}”永远不会给出：“{high}”需要{n}项而“{again}”需要{m}项；请为“{more_}”设更大的数",
    "{code} is sensitive and never judged below {level}: leave it out":
        "{code}属敏感类别，不在{level}以下研判：请去掉",
    "the whole does not include {codes}: a share is of what it is part of":
        "整体不包含{codes}：占比须是整体中的一部分，请在整体中加入",
    "the whole has other hours or weekdays than its part: give both the same, or the whole none":
        "整体与部分的时段或星期不同：请两者一致，或整体不设",
    "no rung tests a share: add share_of: 0.3, or take the whole out":
        "没有级别检验占比：请增加`share_of: 0.3`，或去掉整体",
    "a share needs a whole: say under indicator: share_of: {where: {category: ...}}":
        "占比须有整体：请在`indicator`下写`share_of: {where: {category: ...}}`",
    "no stable rule warns in {codes}: the silence there says nothing":
        "没有正式规则在{codes}领域预警：没有预警不说明任何问题，请增加规则",
    "nothing of {feeds} is ever closed: map ended_at, or count what comes":
        "{feeds}的事件从不了结：请映射`ended_at`，或改为统计新发生的",
    "the test '{said_}' gives nothing: every rule passes it":
        "测试“{said_}”没有给出任何情况，任何规则都会通过：请补充",
    "the rule has no rung '{grade}': it gives {grades}": "规则没有级别“{grade}”：它只给出{grades}",
    "a correlation has no blocks: give incidents instead": "关联规则没有时段：请改为给出事件",
    "an immediate rule has no blocks: give incidents instead": "即时规则没有时段：请改为给出事件",
    "a correlation has no indicator: say of which category this background is":
        "关联规则没有指标：请写明背景属于哪一类别",
    "the rule judges chosen areas, and this one is made up: name real areas in its tests":
        "规则只研判所选地区，而此处是虚构的：请在测试中写真实地区",
    "the rule judges {level} areas, and '{code}' is none: expect something of the area it lies in":
        "规则按{level}研判，“{code}”不是：请写其所在的地区",
    "another test of this rule is already called '{said_}'": "本规则已有名为“{said_}”的测试：请改名",
    "'at' is one day, not a stretch of days": "'at'是某一天而不是一段时间：请只写一天",
    "a {cycle} rule is judged at a day's opening: write {day}": "{cycle}规则在一天开始时研判：请写{day}",
    "a weekly rule is judged on Mondays: write {day}": "周规则在周一研判：请写{day}",
    "a monthly rule is judged on the first of a month: write {day}": "月规则在每月一日研判：请写{day}",
    "no test expects a grade: write one in which the rule fires": "没有测试期望级别：请写一项会触发的",
    "no test expects none: write one in which the rule stays silent": "没有测试期望不触发：请写一项不触发的",
    "no route leads to '{code}'{near}": "没有路由通往“{code}”{near}：请核对接收单位",
    "the rule has no test '{code}'{near}; its tests are {tests}":
        "规则没有检验“{code}”{near}；它的检验为{tests}",
    "the rule has no test '{code}'{near}; it has no tests": "规则没有检验“{code}”{near}；它没有任何检验",
    "no test expects {grade}: write one in which this rung holds":
        "没有测试期望{grade}：请写一项使该级别成立的",
    "{day} is not before the judgement at {at}": "{day}不在{at}研判之前：请改写日期",
    "the topic '{topic}' belongs to another domain: write domain: {code}":
        "风险“{topic}”属于其他领域：请写`domain: {code}`",
    "'{code}' judges exactly the same: keep one of the two": "“{code}”研判的内容完全相同：请只保留其一",
    "nothing counted here is reported by any feed: the rule stays blind":
        "没有数据源报告此处统计的内容，规则将始终无数据：请另选类别，或接入数据源",
    "nothing counted here is reported by the feed {feeds}: the rule stays blind":
        "数据源{feeds}不报告此处统计的内容，规则将始终无数据：请另选数据源",
    "the feed {feeds} does not say how grave an incident is: nothing would count; take the severity out":
        "数据源{feeds}不说明事件的严重程度，将无一计入：请去掉严重程度",
    "nothing judged finds {pattern}: no stable rule stands behind it":
        "没有在用规则给出{pattern}的命中：请将其转为正式，或改写条件",
    "{pattern} is found by correlations of another cycle, which none sees: judge both in one":
        "{pattern}由其他周期的关联规则给出，此处看不到：请放在同一周期",
    "a pattern's own test needs an indicator, and {pattern} has none":
        "条件自带的检验需要指标，而{pattern}没有：请去掉检验",
    "{pattern} never reaches {grade}: name a grade that it has": "{pattern}不会达到{grade}：请写它有的级别",
    "{pattern} is judged by {levels}, never by {level}: name that level, or none":
        "{pattern}按{levels}研判，不按{level}：请写该层级，或不写",
    "unknown {kind} '{code}'{near}; made-up areas are called A, B, A1, B2":
        "没有{kind}“{code}”{near}；虚构地区写作A、B、A1、B2",
    "unknown {kind} '{code}'{near}; the levels are {codes}": "没有{kind}“{code}”{near}；层级有{codes}",
    "unknown {kind} '{code}'{near}; measures come from the catalogue":
        "没有{kind}“{code}”{near}；请从措施目录中选择",
    "unknown {kind} '{code}'{near}": "没有{kind}“{code}”{near}",
    "'{code}' is real where others of the test are made up: name real areas alone, or none":
        "“{code}”是真实地区，测试中其他地区却是虚构的：请全写真实地区，或全用虚构的",
    "no feed gives its incidents a measure '{code}'{near}":
        "没有数据源给出数值“{code}”{near}：请核对名称或映射",
    "windows of {n} {n:day|days} hold these weekdays now more often, now less: '{code}' compares unlike with "
    "unlike, take whole weeks, such as 7d":
        "{n}天的窗口内这些星期几的天数时多时少，“{code}”无法同类相比：请取整周，如7d",
    "a {cycle} rule counts whole days: write a window such as 7d": "{cycle}规则按整天统计：请写如7d的窗口",
    "a window of {n} days leaves days that a {cycle} rule never judges: take {span} or more":
        "{n}天的窗口会使{cycle}规则漏掉一些日子：请取{span}以上",
    "a gap is whole days, such as 7d": "间隔为整天：请写如7d",
    "a {cycle} rule judges no calendar months: write cycle: monthly, or a window in days":
        "{cycle}规则不按自然月研判：请写`cycle: monthly`，或以天为窗口",
    "calendar months follow each other without a gap: take it out": "自然月之间没有间隔：请去掉",
    "calendar months are not completed by what usually comes late: take nowcast out":
        "自然月不会因迟报而补全：请去掉`nowcast`",
    "readings and stocks are judged by days: write a window such as 28d":
        "读数与存量按天研判：请写如28d的窗口",
    "{n} days are long for a {cycle} rule: take {span} or less, or a slower cycle":
        "{n}天对{cycle}规则过长：请取{span}以下，或改用更长的周期",
    # correlations, by what the inference engine bears
    "it looks for nothing; give at least one pattern and one grade":
        "没有任何条件：请至少给出一个条件和一个级别",
    "{code} needs all: with two patterns or more, in the order expected":
        "`{code}`需要`all:`及两个以上条件，并按预期顺序排列",
    "at_least must be 1 or more": "`at_least`须不小于1",
    "at_least {m} can never hold: of several patterns the patterns are counted, and there are {n}; "
    "lower it, or "
    "give one pattern to count areas":
        "`at_least` {m}永远达不到：有多个条件时统计的是条件数，现有{n}个；请调低，或只给一个条件以统计地区",
    "scope same of a {level} holds no {levels}; say scope: below, parent or ancestors":
        "{level}的范围“same”内没有{levels}：请写`scope: below`、`parent`或`ancestors`",
    "it waits for its own finding ({codes}); let one of them look for the rules it means instead of "
    "their topic":
        "它等待自身的命中（{codes}）：请让其中一条指明规则编号，而不是风险",
    "with it {cycle} correlations make over {n} combinations; retire some, or let another cycle judge them":
        "加上它，{cycle}关联规则的组合超过{n}种：请停用一些，或改到其他周期",
    "with it over {n} combinations can hold in one {level} at once; retire some, or let another "
    "cycle judge them":
        "加上它，同一{level}可同时成立的组合超过{n}种：请停用一些，或改到其他周期",
    "with it one {level} is asked over {n} questions; retire some, or let another cycle judge them":
        "加上它，同一{level}的条件超过{n}项：请停用一些，或改到其他周期",
    # the charter
    "'{code}' is an attribute of persons; forewarn judges places and harms, never persons or "
    "opinions: take it "
    "out of the filter":
        "“{code}”是个人属性；本系统只研判地点与危害，不研判人员或观点：请从筛选条件中去掉",
    "'{code}' is an attribute of persons; forewarn judges places and harms, never persons or opinions":
        "“{code}”是个人属性；本系统只研判地点与危害，不研判人员或观点：请去掉",
    "'{code}' {does} {meaning} ('{term}'); forewarn judges places and harms, never persons or opinions; if "
    "something else is meant, docs/charter.md says how to ask for a change of the code":
        "“{code}”涉及宪章禁止的内容（“{term}”）；本系统只研判地点与危害，不研判人员或观点：请改写；"
        "若另有所指，"
        "请按docs/charter.md申请修改代码",
}  # fmt: skip

#: Of what is no rule at all.
_FORMS: Mapping[str, str] = {
    "unknown key '{code}'{near}; known here: {codes}": "没有键“{code}”{near}；此处可用：{codes}",
    "unknown key '{code}'{near}; its letter {letter} is not one of a plain keyboard; known here: {codes}":
        "没有键“{code}”{near}，其中有非标准键盘字母，请重新键入；此处可用：{codes}",
    "unknown key '{code}' beside 'rules': keys belong to one rule":
        "'rules'旁不能有键“{code}”：请移到具体规则中",
    "'{code}' is missing": "缺少“{code}”：请补上",
    "'{code}' is missing in {path}": "{path}缺少“{code}”：请补上",
    "day is out of range for month": "该月没有这一天：请改写日期",
    "month must be in 1..12": "月份须为1至12：请改写日期",
    "'{code}' is not one of {codes} (did you mean '{right}'?)":
        "“{code}”不是可选值（是否指“{right}”？）；可选：{codes}",
    "'{code}' is not one of {codes}": "“{code}”不是可选值；可选：{codes}",
    "'{code}' needs a list of {what}": "“{code}”须为列表：请逐项列出",
    "a rule file holds one rule, or several under 'rules:'": "一个规则文件只有一条规则，多条请写在'rules:'下",
    "a rule has either an 'indicator' or 'correlate'; two risks together are two rules":
        "一条规则只能有'indicator'或'correlate'之一：两种风险请写成两条规则",
    "a correlation has either 'grade' or 'grades' (a number of matches per grade)":
        "关联规则须有'grade'或'grades'（每级的条件数）之一",
    "'at_least' and 'grades' both say how many; keep one of them":
        "'at_least'与'grades'都在说明数目：请只保留其一",
    "'grades' counts matches of 'of'; with all and any give one 'grade'":
        "'grades'统计'of'的条件数；用`all`和`any`时请给出一个'grade'",
    "'of' needs 'at_least', or 'grades' with a number per grade":
        "'of'须配'at_least'，或每级写明数目的'grades'",
    "'{code}' goes with '{other}'": "“{code}”须与“{other}”同用：请补上或去掉",
    "a correlation has exactly one of 'all', 'any' and 'of'; found {found}":
        "关联规则须且只能有'all'、'any'、'of'之一；现有：{found}",
    "a finding has either a 'grade' or a 'test' of its own": "命中条件只能有'grade'或自带的'test'之一",
    "a finding is named by either 'topic' or 'rule'": "命中条件须用'topic'或'rule'之一指明",
    "a pattern is either a 'finding' or an 'incident'": "条件须为'finding'或'incident'之一",
    "a horizon is 1 to 366 whole days, as in 7d": "预示时段为1至366个整天，如7d",
    "'any' needs two alternatives or more: write a single one into the rung itself":
        "'any'须有两个以上选项：只有一个时请直接写在级别里",
    "each alternative of 'any' needs a test, such as {at_least: 20}":
        "'any'的每个选项都须有检验，如`{at_least: 20}`",
    "a number is needed, as in {example}": "须为数字，如{example}",
    "a whole number is needed, as in {example}": "须为整数，如{example}",
    "keys are needed here: {codes}": "此处须写键：{codes}",
    "input should be greater than or equal to {least}": "须不小于{least}",
    "input should be less than or equal to {most}": "须不大于{most}",
    "{code}: {name} needs a probability above 0 and below 0.5": "{code}：{name}须为大于0且小于0.5的概率",
    "{code} needs a number above 0, and not an infinite one": "{code}须为大于0的有限数",
    "{code} must lie strictly between {least} and {most}, found {found}":
        "{code}须在{least}与{most}之间（不含两端），现为{found}",
    "give at least one of {grades}": "请至少给出{grades}之一",
    "an id is written as domain.name in small letters, digits and hyphens":
        "编号写作`domain.name`，用小写字母、数字和连字符",
    "hours are written as 22:00-06:00, from and up to": "时段写作22:00-06:00，起止时刻",
    "these are all hours, or none: take 'hours' out, or name fewer":
        "这是全部时段或没有时段：请去掉'hours'或缩小范围",
    'a severity is written as ">=2", from 1 to 4, or as ">=severe"':
        '严重程度写作`">=2"`（1至4），或`">=severe"`',
    "a weekday is written in three small letters, as in fri": "星期几用三个小写字母，如`fri`",
    "an indicator has exactly one of 'count: incidents' and 'sum:', 'max:' or 'last: <measure>', or 'stock: "
    "open' or 'change'":
        "指标须且只能有`count: incidents`、`sum:`、`max:`、`last:`、`stock: open`或`stock: change`之一",
    "a day is written as {example}": "日期写作{example}",
    "the stretch ends before it begins": "结束早于开始：请对调起止日期",
    "a series is written as values and repetitions, as in 0x26 3 5 or _x4 2":
        "序列写作数值与重复次数，如`0x26 3 5`或`_x4 2`",
    "nothing is expected: give a grade, or keys such as {change: issued}":
        "没有期望：请给出级别，或如`{change: issued}`的键",
    "at least {n} is needed": "至少需要{n}项",
    "'{code}' is no language; a text with a comma in it needs quotes":
        "“{code}”不是语言代码：含逗号的文字请加引号",
    "'{code}' is not a duration; write a number and d, h, m or s, as in 3d or 12h":
        "“{code}”不是时长：请写数字加d、h、m或s，如3d、12h",
    "unknown key '{code}': one thing after another is written as all: [first, second] with after: 72h (or "
    "ordered: true)":
        "没有键“{code}”：先后发生请写`all: [first, second]`并加`after: 72h`（或`ordered: true`）",
    "unknown key '{code}': hours of the day are written as hours: 22:00-06:00":
        "没有键“{code}”：一天中的时段请写`hours: 22:00-06:00`",
    "unknown key '{code}': where an area stands among the others is percentile: 0.95":
        "没有键“{code}”：地区在各地区中的位置请写`percentile: 0.95`",
    "unknown key '{code}': {instead}": "没有键“{code}”：请见docs/rules.md中的写法",
    "not readable as YAML: {error}; '{sign}' ({letter}) stands here: write '{right}'":
        "无法作为YAML读取：此处有“{sign}”，请写'{right}'",
    "not readable as YAML: {error}; what begins on line {n} does not end":
        "无法作为YAML读取：第{n}行开始的内容没有结束",
    "not readable as YAML: {error}": "无法作为YAML读取：请检查缩进、引号和括号",
}  # fmt: skip

_FOUND = re.compile(r"(?P<said>.*) \(found (?P<found>.*)\)(?:: write (?P<right>.*))?", re.DOTALL)
_PLACE = re.compile(r"(?P<place>[a-z_]+(?:\.[\w-]+)*): (?P<said>.*)", re.DOTALL)
_TUNED = re.compile(r"(?P<said>.*); '(?P<rule>[^']*)' of (?P<pack>.*) is tuned in (?P<where>\S+)", re.DOTALL)
_CYCLES = {"immediate": "即时", "daily": "日", "weekly": "周", "monthly": "月"}
_KINDS = {
    "area": "地区", "calendar": "日历", "category": "类别", "feed": "数据源", "level": "层级",
    "measure": "措施", "rule": "规则", "topic": "风险",
}  # fmt: skip
_GRADES = {grade.word: text.zh for grade, text in COLOURS.items()}


def _listed(words: str) -> str:
    return "、".join(re.split(r", then |, | and | or ", words.replace(" with ", "+")))


def _graded(words: str) -> str:
    return "、".join(_GRADES.get(word, word) for word in words.split(", "))


def _pattern(said: str) -> str:
    return re.sub("^the rule ", "规则", re.sub("^the topic ", "风险", said)).replace("'", "")


_TURNS = {
    "near": nearest_in_chinese, "cycle": lambda code: _CYCLES.get(code, code),
    "level": lambda code: level(code).say("zh"), "kind": lambda code: _KINDS.get(code, code),
    "levels": lambda said: "、".join(level(one).say("zh") for one in re.split(" and | or ", said)),
    "grade": _graded, "grades": _graded, "low": _graded, "high": _graded, "again": _graded, "more_": _graded,
    "codes": _listed, "tests": _listed, "ways": _listed, "further": _listed, "better": _listed,
    "pattern": _pattern,
    "other": lambda code: _GRADES.get(code, code), "owner": lambda said: said.replace("its owner", "负责人"),
    "found": lambda said: "无" if said in ("none of them", "None") else _listed(said),
    "reason": lambda said: SAID.chinese(said) or said,
}  # fmt: skip

#: The Chinese of each, with the same slots; a slot in braces of YAML is none.
_WRITTEN = {"{en: ..., zh: ...}", "{where: {category: ...}}", "{at_least: 20}", "{change: issued}"}


def _escaped(said: str) -> str:
    for written in _WRITTEN:
        said = said.replace(written, written.replace("{", "{{").replace("}", "}}"))
    return said


SAID: Sentences = Sentences({_escaped(en): _escaped(zh) for en, zh in {**_CHECKS, **_FORMS}.items()}, _TURNS)


def in_chinese(sentence: str) -> str | None:
    """The Chinese of what a check or the reader of rules says; None where it is none of their sentences."""
    if (whole := SAID.chinese(sentence)) is not None:
        return whole
    if tuned := _TUNED.fullmatch(sentence):
        said = in_chinese(tuned["said"])
        return said and f"{said}；“{tuned['rule']}”在{tuned['where']}中调整"
    if found := _FOUND.fullmatch(sentence):
        said = in_chinese(found["said"])
        write = f"，请写{found['right']}" if found["right"] else ""
        return said and f"{said}（现为{'空' if found['found'] == 'None' else found['found']}{write}）"
    if found := _PLACE.fullmatch(sentence):
        said = in_chinese(found["said"])
        return said and f"`{found['place']}`：{said}"
    return None
