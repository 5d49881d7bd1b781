"""Every sentence of the command line in both languages: those that it says itself, and those that the engine
made for it in English. Facts go where the braces are; what stands in backquotes is to be typed."""

from __future__ import annotations

from collections.abc import Mapping

from engine.cli.names import called
from engine.cli.outcomes import MISTAKES
from engine.model.area import level
from engine.model.grade import COLOURS
from engine.model.problem import nearest_in_chinese
from engine.model.slots import Sentences
from engine.notify.detail import detail

#: What commands say of themselves.
_SAID: Mapping[str, str] = {
    "this takes more memory than there is; give it less at once": "内存不足，请减少一次处理的数量",
    # accounts and tokens
    "{name} signs in by the identity provider, as {known_as}": "{name}通过身份提供方登录，标识为{known_as}",
    "{name} signs in with the one-time password {given}": "{name}的一次性密码：{given}",
    "closed: {name}": "已停用：{name}", "signed out: {name}": "已退出登录：{name}",
    "token {id}: {key}": "令牌{id}：{key}", "revoked: {id}": "已撤销：{id}",
    "Open {address} on the wall's browser; it is remembered there.":
        "在大屏浏览器中打开{address}，即可记住登录。",
    # areas
    "{n} {n:area|areas} by '{by}' into {file} ({bytes} bytes)":
        "按{by}对应{n}个区域，写入{file}（{bytes}字节）",
    "Now add to config/areas.yaml: `geometry: {name}`": "请在config/areas.yaml中加入：`geometry: {name}`",
    "{n} mended: {names}": "已修复{n}个：{names}",
    "{level}: its shapes share no borders, so each was simplified by itself":
        "{level}：图形之间没有公共边界，已分别简化",
    "{n} {n:feature|features} left out: {names}": "{n}个图形未采用：{names}",
    "{n} {n:area|areas} without a shape: {names}": "{n}个区域没有图形：{names}",
    # cycles
    "{cycle} {period}: {state}": "{cycle}{period}：{state}",
    "{n} {n:finding|findings}, {m} {m:change|changes}": "{n}项发现，{m}项变化",
    "no new incident calls for an immediate judgement; nothing changed": "没有需要即时研判的新事件，未作更改",
    "{cycle} {period}: judged again, {n} {n:finding|findings}; what stands, stands":
        "{cycle}{period}：已重新研判，{n}项发现；现有结论不变",
    "it finds what was found before": "结果与此前一致",
    "{cycle} {period} has been judged already; nothing changed": "{cycle}{period}已研判过，未作更改",
    "{cycle} {period} has been judged already": "{cycle}{period}已研判过",
    "{cycle} {period} lies before this store's first judged period; nothing changed":
        "{cycle}{period}早于本库首个研判时段，未作更改",
    # feeds
    "{n} {n:record|records} read: {counts}": "读取{n}条记录：{counts}",
    "{n} new": "新增{n}", "{n} revised": "修订{n}", "{n} unchanged": "未变{n}", "{n} repeated": "重复{n}",
    "{n} skipped": "跳过{n}", "{n} rejected": "拒收{n}",
    "{n} {n:is|are} kept without {n:its|their} {name}": "{n}条缺{name}，仍予保留",
    "and {n} more of the kind": "另有{n}条同类",
    "the mapping skips it": "映射将其跳过",
    "{feed}: {new} {new:incident|incidents}, {revised} {revised:correction|corrections}, {rejected} "
    "rejected, "
    "{late} late in bulk": "{feed}：{new}起事件，{revised}条修订，{rejected}条拒收，{late}条批量迟报",
    "config/feeds.yaml has the feed '{feed}' now; look at it, then: forewarn feeds try {feed}":
        "数据源{feed}已写入config/feeds.yaml；请检查后执行：forewarn feeds try {feed}",
    "{n} {n:file holds|files hold} mistakes, and no rule is judged as listed until they are mended: "
    "{files}; see: forewarn rules check":
        "{n}个文件有错误，改正之前不会按下表研判：{files}；请执行：forewarn rules check",
    "the files hold {n} {n:error|errors}; nothing was done": "文件中有{n}处错误，未执行任何操作",
    "{n} {n:warning or hint|warnings and hints} beside: forewarn rules check":
        "另有{n}项警告或提示：forewarn rules check",
    **{
        f"{{rule}} {begun} with it no past to compare with until {{until}}: other feeds tell of the same for "
        "longer, '{feed}' only from {since} on. Load what it told before by `forewarn ingest {feed} FILE "
        "--history --observed FROM..TO`; or let its `covers` name only what no other feed tells":
            f"加入后{{rule}}{zh}在{{until}}之前缺少可比的历史：其他数据源早已上报同类情况，{{feed}}自{{since}}起才有。"
            "可用`forewarn ingest {feed} FILE --history --observed FROM..TO`载入此前的数据；"
            "或让其`covers`只写其他数据源没有的类别"
        for begun, zh in (("has", ""), ("and {more} more have", "等另{more}条规则"))
    },
    "{file}: its columns are times ({columns}), so that a line tells of many: ask the source for a line an "
    "incident, or a day":
        "{file}：各列是时间（{columns}），一行代表多起事件：请向来源索取逐起或逐日的数据",
    # incidents, links, faults
    "{one} and {other} are two events from now on": "{one}与{other}此后按两起事件计",
    "{one} and {other} may be one event again": "{one}与{other}可再视为同一事件",
    "the links of {receiver} open nothing any more": "{receiver}的链接已全部失效",
    "the links of {receiver} about {warning} open nothing any more": "{receiver}关于{warning}的链接已失效",
    "{who} knows of {kind} {name}": "{who}已知悉：{kind} {name}",
    # rules
    "{n} {n:rule|rules} read, {errors} {errors:error|errors}, {others} {others:warning or hint|warnings and "
    "hints}":
        "读取{n}条规则，{errors}个错误，{others}个提醒",
    "{n} {n:plan|plans} read, {errors} {errors:error|errors}, {others} {others:warning or hint|warnings and "
    "hints}":
        "读取{n}个预案，{errors}个错误，{others}个提醒",
    "{n} {n:message|messages} read, {errors} {errors:error|errors}, {others} {others:warning or "
    "hint|warnings and "
    "hints}":
        "读取{n}条消息，{errors}个错误，{others}个提醒",
    "{n} passed, {m} failed": "{n}项通过，{m}项未通过", "{where}: mended": "{where}：已修正",
    "under {percent} %: {names}": "低于{percent}%：{names}",
    "{kind} not tested: {what}": "{kind}未测试：{what}", "not noticed: {what}": "未被发现：{what}",
    "{id}: {n} of {m} noticed": "{id}：{m}处中发现{n}处",
    "{path}: {n} {n:test|tests} added": "{path}：已加入{n}项测试",
    "{id} stays on {status}: {reasons}; mend it, or say --because why all the same":
        "{id}仍为{status}：{reasons}；请改正，或用--because说明仍要升级的理由",
    "{id}: {before} -> {after} ({where})": "{id}：{before} -> {after}（{where}）",
    "the two editions judge alike": "两个版本的研判相同",
    "events warned of: {won} won, {lost} lost": "提前预警的事件：新增{won}起，失去{lost}起",
    "the truth says nothing of: {names}": "真实情况未涉及：{names}",
    # the service, the demo and the console
    "stopped; nothing is lost": "已停止，数据完整",
    "The console, for looking: {link}\nThe wall: {wall}": "控制台（只读）：{link}\n大屏：{wall}",
    "The story is over and stays as it is; Ctrl-C ends it.": "演示已结束，画面保留；按Ctrl-C退出。",
    "The service goes on from here; Ctrl-C ends it.": "服务继续运行；按Ctrl-C退出。",
    "Ctrl-C ends it.": "按Ctrl-C退出。", "The console: {link}": "控制台：{link}",
    "To set it up, sign in as {name} with the one-time password {given}":
        "首次设置：用户名{name}，一次性密码{given}",
    "Warnings on {when}: open, and lifted in the last {days} {days:day|days}":
        "{when}的预警：当前有效，以及近{days}天解除的",
    "To see why: {command}": "查看依据：{command}",
    "judging the {days} {days:day|days} before {first}": "正在研判{first}之前的{days}天",
    "{day}: {counts}": "{day}：{counts}",
    "{n} {n:file|files} in {folder}; what is made up: {command}":
        "{folder}中写入{n}个文件；查看样例内容：{command}",
    # the database
    "{name} has this version's tables": "{name}已是本版本的表结构",
    "{file} holds the database as it was just now": "数据库已备份到{file}",
    "{target} is the database that {file} held": "已用{file}恢复{target}",
}  # fmt: skip

#: What is nobody's sentence alone: refusals of calls, conditions, lacks.
_MADE: Mapping[str, str] = {
    "there is no feed '{name}'{near}": "没有数据源“{name}”{near}",
    "there is no rule '{name}'{near}": "没有规则“{name}”{near}",
    "there is no area '{name}'{near}": "没有区域“{name}”{near}",
    "there is no topic '{name}'{near}": "没有风险“{name}”{near}",
    "there is no receiver '{name}'{near}": "没有接收单位“{name}”{near}",
    "there is no rota '{name}'{near}": "没有值班表“{name}”{near}",
    "there is no plan '{name}'{near}": "没有预案“{name}”{near}",
    "there is no template '{name}'{near}": "没有模板“{name}”{near}",
    "there is no warning '{name}'{near}; `{do}`": "没有预警“{name}”{near}；`{do}`可列出全部",
    "there is no silence '{name}'{near}; `{do}`": "没有静默“{name}”{near}；`{do}`可列出全部",
    "there is no account '{name}'{near}; `{do}`": "没有账号“{name}”{near}；`{do}`可列出全部",
    "there is no token '{name}'{near}; `{do}`": "没有令牌“{name}”{near}；`{do}`可列出全部",
    "there is no drill '{name}'{near}; `{do}`": "没有演练“{name}”{near}；`{do}`可列出全部",
    "there is no incident {name}": "没有事件{name}",
    "no fault {id} is open; `{do}`": "没有未结束的故障{id}；`{do}`可列出",
    "'{text}' is no moment; write {forms}": "“{text}”不是时间；写法如{forms}",
    "'{text}' is no duration; write {forms}": "“{text}”不是时长；写法如{forms}",
    "no rule judges '{topic}' in a {level}; it is judged in: {levels}":
        "没有规则按{level}研判“{topic}”；研判层级：{levels}",
    "no rule judges '{topic}' in a {level}; no rule in force judges it at all":
        "没有规则按{level}研判“{topic}”，也没有其他规则研判该风险",
    "--to {last} lies before --from {first}": "--to {last}早于--from {first}",
    "nothing is known of {first} to {last}: the feeds tell of {begin} to {end}":
        "{first}至{last}没有数据：数据源覆盖{begin}至{end}",
    "{store} has heard of no feed yet; `{demo}` loads the bundled data, `{poll}` your own":
        "{store}中还没有数据；`{demo}`载入自带数据，`{poll}`采集自己的数据",
    "the feed '{feed}' is asked, not pushed: its connector is {connector}":
        "数据源“{feed}”由系统采集，不是推送：其连接器为{connector}",
    "nobody asks '{feed}': its source pushes to POST /v1/incidents":
        "“{feed}”不由系统采集：来源推送到POST /v1/incidents",
    "the connector '{connector}' of '{feed}' reads no files": "“{feed}”的连接器“{connector}”不读文件",
    "there is a feed '{feed}' already; give it another name with --id":
        "已有数据源“{feed}”；请用--id另取名称",
    "the feed '{feed}' reads {file} already: what two feeds tell counts twice":
        "数据源“{feed}”已读取{file}：两个数据源会重复计数",
    "a history states over which days it was heard: --history --observed FROM..TO":
        "历史数据须说明覆盖的日期：--history --observed FROM..TO",
    "{path} is there already; name an empty folder": "{path}已存在；请指定空文件夹",
    "{path} is there already; --replace writes over it": "{path}已存在；--replace可覆盖",
    "a silence is about one warning (its id), or about --area and --topic":
        "静默针对一条预警（编号），或用--area和--topic指定",
    "up to which grade is the place to be silent? Say --grade": "静默到哪一级？请用--grade指定",
    "the silence {id} holds no more: it is {now}": "静默{id}已失效：{now}",
    "an immediate judgement has no period that could be judged again": "即时研判没有可重新研判的时段",
    "the clock has leapt, see above: call again, or say --clock-is-right":
        "时钟发生跳变（见上）：请再次执行，或加--clock-is-right",
    "config/rota.yaml names no rota; say --since instead of --shift":
        "config/rota.yaml中没有值班表；请用--since代替--shift",
    "nobody has said of any warning what it was: `{do}`": "尚未给出任何预警的结论：`{do}`",
    "'{feed}' is filled in, by a link and no token: `{do}`": "“{feed}”由人填报，使用链接而非令牌：`{do}`",
    "nobody asks '{feed}': people fill it in, by `{do}`": "“{feed}”不由系统采集：由人填报，见`{do}`",
    "the feed '{feed}' is no form: nobody fills it in": "数据源“{feed}”不是表单，无人填报",
    "the form of '{feed}' is about no place in {area}; see `places` in its file":
        "“{feed}”的表单不涉及{area}内的任何地点；见其文件中的`places`",
    "there is no pack '{name}'{near}; there are: {names}": "没有规则包“{name}”{near}；现有：{names}",
    "no page answers links here; set `public` in config/engine.yaml":
        "尚无答复页面；请在config/engine.yaml中设置`public`",
    "'{receiver}' was not told of {warning}; told: {others}":
        "未曾将{warning}通知“{receiver}”；已通知：{others}",
    "a Word document is no text: say --out FILE.docx": "Word文件不能直接显示：请用--out FILE.docx",
    "a workbook is no text: say --out FILE.xlsx": "工作簿不能直接显示：请用--out FILE.xlsx",
    "{period} was not judged; `{do}` lists what was, --at says which":
        "{period}尚未研判；`{do}`列出已研判的，--at指定时段",
    "{path} belongs to the database that was here; move it away too": "{path}属于原数据库，请一并移走",
    "there is no database {file} to copy": "没有可复制的数据库{file}",
    "{file} is there already; move it away, or name another file": "{file}已存在；请先移走，或另取文件名",
    "{source} could not be copied to {file}: {error}": "{source}未能复制到{file}：{error}",
    "{source} is damaged ({error}); use another backup": "{source}已损坏（{error}）；请用其他备份",
    "there is no database {file} yet; `{run}` makes it, `{demo}` too":
        "尚无数据库{file}；`{run}`或`{demo}`会创建",
    "{file} in the folder {folder} cannot be made: {error}": "无法在{folder}中创建{file}：{error}",
    "{file} is not there any more: put it back, or `{do}` a backup; until then nothing is polled, judged or "
    "delivered": "{file}已不存在：请放回原处，或用`{do}`恢复备份；在此之前不采集、不研判、不发送",
    "the database has schema {old}, this forewarn needs {new}: run `{do}`":
        "数据库结构为{old}，本版本需要{new}：请执行`{do}`",
    "the database is on a PostgreSQL server: back it up with pg_dump, restore it with pg_restore":
        "数据库在PostgreSQL服务器上：请用pg_dump备份、pg_restore恢复",
    "'{name}' stands alone; name rules after --rules": "“{name}”无所属；规则名写在--rules之后",
    "name a method and a file; `{do}` shows the methods": "请指定方法和文件；`{do}`列出方法",
    "unknown method '{name}'{near}; known: {names}": "没有方法“{name}”{near}；现有：{names}",
    "no version {version} of {report} was kept; see `{do}`": "未保存{report}的第{version}版；见`{do}`",
    "nobody was told of '{warning}' in this language": "未曾以该语言通知“{warning}”",
    "the template '{name}': {error}; the built-in words would be sent":
        "模板“{name}”：{error}；将改用内置文本发送",
    "{store} holds the demo, whose time is not ours; name another database in config/engine.yaml":
        "{store}是演示数据，时间与现在不同；请在config/engine.yaml中指定其他数据库",
    "{when} has not come yet; say since when, with --since": "{when}尚未到来；请用--since指定起始时间",
    "{path} holds no CAP message: no file ends in {ends}": "{path}中没有CAP消息：没有以{ends}结尾的文件",
    "{path} cannot be read: {error}": "{path}无法读取：{error}",
    "{path} is damaged: {error}": "{path}已损坏：{error}",
    "--within: {error}": "--within：{error}",
    "--observed {text} is no FROM..TO, as in 2024-01-01..2025-12-31":
        "--observed {text}不是起止日期，写法如2024-01-01..2025-12-31",
    "--observed {text}: {last} lies before {first}": "--observed {text}：{last}早于{first}",
    "--observed {text}: {first} lies in the future": "--observed {text}：{first}尚未到来",
    "{where}: '{name}' fails: mend the tests first": "{where}：“{name}”未通过：请先修正测试",
    "the warning {warning} is over; leave out --warning": "预警{warning}已结束；请去掉--warning",
    "in which area? Say --area": "在哪个区域？请用--area指定",
    "--area, --warning and --grade are for a plan by hand; this one has its own":
        "--area、--warning和--grade用于人工启动；该预案已有",
    "no measure of config/measures.yaml is asked of '{name}'{known}":
        "config/measures.yaml中没有措施由“{name}”承办{known}",
    "'{name}' is no folder, and git is not installed to look it up":
        "“{name}”不是文件夹，且未安装git，无法查找",
    "'{name}' is neither a folder nor a git revision of {root}: {error}":
        "“{name}”既不是文件夹，也不是{root}的git版本：{error}",
    "not one feature of {file} has a polygon and names an area by '{by}'":
        "{file}中没有一个要素有多边形且以“{by}”指明区域",
    "not one feed of the demo could be read, see above; mend it and start again":
        "演示数据源均无法读取（见上）；请修正后重新开始",
    "{file}: holds not one record; {said}": "{file}：没有一条记录；{said}",
    # what speaks against a rule's next step, and what another threshold would have done
    "{id} comes from the pack {name}: say its status in {file}, under tune":
        "{id}来自规则包{name}：请在{file}的`tune`中写明其状态",
    "{id} is {status}; only a draft or a rule on trial is promoted":
        "{id}的状态为{status}；只有草稿和试行的规则可以升级",
    "{where}: this status cannot be told from others; change it by hand":
        "{where}：无法区分此处的状态；请手工修改",
    "above the budget of {names}": "超出{names}的预算",
    "its test '{name}' fails": "其测试“{name}”未通过",
    "its test '{name}' and {more} more fails": "其测试“{name}”等另{more}项未通过",
    "its tests cover {n} % of it, under {percent} (rules coverage says what not)":
        "其测试覆盖{n}%，低于{percent}（未覆盖之处见`rules coverage`）",
    "its tests notice {n} % of its mutants, under {percent} (rules mutate says which not)":
        "其测试能发现{n}%的变异，低于{percent}（未发现的见`rules mutate`）",
    "it was on trial for {n} of {m} {m:day|days}": "已试行{n}天，应为{m}天",
    "it loses to {rivals}": "不及{rivals}",
    "count {was} -> {new}": "数量{was} -> {new}", "alpha {was} -> {new}": "误报概率{was} -> {new}",
    "right {right} instead of {n}, wrong {wrong} instead of {m}, missed {missed} instead of {more}":
        "正确{right}（原{n}），错误{wrong}（原{m}），漏报{missed}（原{more}）",
    # where a record stands in its source
    "line {n}": "第{n}行", "record {n}": "第{n}条", "row {n}": "第{n}行", "entry {n}": "第{n}条",
    "{file}, line {n}": "{file}第{n}行",
    # what tests exercise
    "{test} holds": "{test}成立", "{test} fails alone": "仅{test}不成立", "{delay} waits": "{delay}等待中",
    "{delay} is over": "{delay}已过", "{grade}: {test} holds": "{grade}：{test}成立",
    "{grade}: {test} fails alone": "{grade}：仅{test}不成立", "{grade} {delay} waits": "{grade}{delay}等待中",
    "{grade} {delay} is over": "{grade}{delay}已过", "observed": "已观测", "observed zero": "已观测，无",
    "lower bound": "不完整，至少", "unmonitored": "无数据", "blue": "蓝色", "yellow": "黄色",
    "orange": "橙色",
    "red": "红色",
    # what doctor and status say
    "fill config/areas.csv: {columns}": "请填写config/areas.csv：{columns}",
    "made up: put your own into config/areas.csv": "样例：请在config/areas.csv中换成自己的区域",
    "no polygons: points find no place (`geometry`)": "没有边界图形：坐标无法定位（`geometry`）",
    "begin with: {do}": "从此开始：{do}", "cannot be read: {said}": "无法读取：{said}",
    "{n} of the first {m} {m:record|records} are refused: {do}": "前{m}条记录中有{n}条被拒收：{do}",
    "it holds no record now: where there always is something, say so by `not_empty: true`":
        "目前没有记录：若总应有数据，请设置`not_empty: true`",
    "made up: name your own source in its `options`": "样例：请在其`options`中改为自己的来源",
    "say where it comes from and under which licence": "请注明来源和许可",
    "no rule is judged: docs/rules.md shows how to write one": "没有可用的规则：写法见docs/rules.md",
    "no rule judges this domain: nothing in it will be warned of": "没有规则研判该领域，不会有任何预警",
    "nobody hears of the engine's own troubles: say `operator: true` of one":
        "系统自身故障无人接收：请为一个接收单位设置`operator: true`",
    "messages go into files only: docs/notifications.md names the other channels":
        "消息只写入文件：其他渠道见docs/notifications.md",
    "nothing is judged yet: forewarn run, or forewarn cycle daily":
        "尚未研判：forewarn run，或forewarn cycle daily",
    "the last at {when}": "最近一次：{when}", "{n} of {domain}": "{domain}{n}条",
    "{n} {n:period|periods} {n:is|are} due": "{n}个时段待研判",
    "{n} {n:period|periods} {n:is|are} due, first {cycle} {period}": "{n}个时段待研判，最早为{cycle}{period}",
    "{n} {n:rule|rules}": "{n}条规则",
    "{n} {n:area|areas}": "{n}个区域", "{n} {n:receiver|receivers}": "{n}个接收单位",
    "config and rules": "配置与规则", "none": "无", "due": "待研判", "operator": "运维",
    "{rule} has too little past to compare with until {until} ({n} of {m} earlier blocks usable): {said}":
        "{rule}在{until}之前缺少可比的历史（此前{m}个时段中{n}个可用）：{said}",
    "{rule} and {more} more have too little past to compare with until {until} ({n} of {m} earlier blocks "
    "usable): {said}":
        "{rule}等另{more}条规则在{until}之前缺少可比的历史（此前{m}个时段中{n}个可用）：{said}",
    "baseline: none of {m} blocks usable for {rule}, because {said}":
        "基线：{rule}的{m}个时段均不可用，因为{said}",
    "baseline: none of {m} blocks usable for {rule} and {more} more, because {said}":
        "基线：{rule}等另{more}条规则的{m}个时段均不可用，因为{said}",
    "its reports are not placed as deep as {level} level there": "当地报告未定位到{level}级",
    "{feed} reports only from {since} on (its `covers.from`)": "{feed}自{since}起才有报告（其`covers.from`）",
    "nobody heard {feed} from {since} to {end}; what it told then is loaded by `{do}`":
        "{since}至{end}未接收{feed}；当时的数据可用`{do}`载入",
    "nobody heard {feed} from {since} on; what it told then is loaded by `{do}`":
        "自{since}起未接收{feed}；当时的数据可用`{do}`载入",
    "too many records of {n} {n:day|days} of {feed} could not be read; see `{do}`":
        "{feed}有{n}天无法读取的记录过多；见`{do}`",
    "still at work; nothing waits for it ({owner})": "仍在进行，其他工作不受影响（{owner}）",
    "its incidents are in the store, and config/feeds.yaml names it no more: put it back with `{do}`, which "
    "says "
    "what it reported on until then":
        "其事件仍在库中，但config/feeds.yaml已无此数据源：请以`{do}`恢复，说明其覆盖截止日期",
    "{said} (fault {id})": "{said}（故障{id}）",
    "{said} (fault {id}, known to {who})": "{said}（故障{id}，{who}已知悉）",
}  # fmt: skip

_GRADES = {grade.word: text.zh for grade, text in COLOURS.items()}
_DELAYS = {"lasts": "持续时间", "hold": "保持"}


def _status(code: str) -> str:
    from engine.console.words import STATES

    return STATES[code].zh if code in STATES else code


def _rivals(names: str) -> str:
    from engine.backtest.contest import rivals_in_chinese

    return rivals_in_chinese(names.split(", "))


_TURNS = {
    "status": _status, "rivals": _rivals,
    "said": lambda said: in_chinese(said), "now": lambda now: in_chinese(now),
    "near": nearest_in_chinese,
    "domain": lambda code: called("domain", code), "topic": lambda code: called("topic", code),
    "grade": lambda code: _GRADES.get(code, code), "level": lambda code: level(code).say("zh"),
    "levels": lambda codes: "、".join(level(one).say("zh") for one in codes.split(", ")),
    "test": lambda test: test.replace("at least", "至少"),
    "delay": lambda delay: _DELAYS.get(delay, delay),
    "cycle": lambda code: called("cycle", code),
    "others": lambda names: "无" if names == "nobody" else names,
}  # fmt: skip

_EVERY = {**_MADE, **MISTAKES}
SENTENCES = Sentences({**_SAID, **_EVERY}, _TURNS)
_READ = Sentences(_EVERY, _TURNS)


def in_chinese(said: str) -> str:
    """The Chinese of a sentence that the engine made; what is none of its own stays as it is."""
    return _READ.chinese(said) or detail(said, "zh")
