"""Why a record or a source cannot be read, in both languages: each sentence once, with slots for what it is
about. What is stored is the English, so that what was stored before reads like what is stored today."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.model.area import level
from engine.model.problem import nearest_in_chinese
from engine.model.slots import Sentences

#: Of one record.
_RECORDS: Mapping[str, str] = {
    "'{field}' holds {value}, no {scheme} code of the taxonomy{near}":
        "“{field}”为{value}，不是分类目录中的{scheme}代码{near}",
    "'{field}' holds {value}, which is not in the mapping's table{near}":
        "“{field}”为{value}，映射表中没有{near}",
    "none of the keywords stands in {names}": "{names}中没有任何关键词",
    "'{names}' holds {value}: '{zone}' may mean several zones": "“{names}”为{value}：“{zone}”可指多个时区",
    "it takes an offset such as +08:00, GMT or UTC": "请注明时差，如+08:00、GMT或UTC",
    "'{names}' holds {value}, which is no moment as mapped": "“{names}”为{value}，不符合映射规定的时间写法",
    "'{names}' holds {value}, a moment that cannot be": "“{names}”为{value}，不可能是这个时间",
    "'{names}' holds {value}, which is no point": "“{names}”为{value}，不是坐标",
    "these are no degrees but metres of a map projection: ask the source for WGS 84 (EPSG:4326)":
        "这些不是度数，而是投影坐标的米数：请向来源索取WGS 84（EPSG:4326）坐标",
    "'{names}' holds {value}, which is no number": "“{names}”为{value}，不是数字",
    "'{names}' holds {value}, which {what}": "“{names}”为{value}，不是映射规定的取值",
    "{value} is no polygon, circle or geometry": "{value}不是多边形、圆或几何图形",
    "not a GeoJSON geometry: {error}": "不是GeoJSON几何图形：{error}",
    "not a CAP polygon or circle: {error}": "不是CAP多边形或圆：{error}",
    "{n} fields where {m} may be; no incident has so many": "有{n}个字段，至多{m}个；一起事件不会有这么多",
    "there is no area with the code '{code}'{near}": "没有代码为“{code}”的区域{near}",
    "no area is called '{name}'{near}": "没有名为“{name}”的区域{near}",
    "'{name}' is no area{where}": "“{name}”不是区域{where}",
    "'{name}'{where} means several areas: {found}": "“{name}”{where}可指多个区域：{found}",
    "{latitude}, {longitude} is no point on earth; latitude comes first":
        "{latitude}, {longitude}不是地球上的点；纬度在前",
    "no area holds the point {latitude}, {longitude}": "没有区域包含点{latitude}, {longitude}",
    "no area of the level {level} lies in the shape": "图形内没有{level}级区域",
    "it would if its latitudes were longitudes: ask the source": "若经纬度颠倒则有：请联系来源",
    "'{names}' holds no single value for a source id": "“{names}”不是单一取值，不能作编号",
    "there is no source id: '{names}' is empty": "没有编号：“{names}”为空",
    "there is no {what}: the fields for it are empty": "没有{what}：对应字段为空",
    "it occurred at {when}, and became known more than `ahead` before: look at the zone":
        "发生于{when}，却早在此前已获知，且超过`ahead`：请检查时区",
    "a field is nested too deeply to be read": "字段嵌套过深，无法读取",
    "{n} values where there are {m} columns": "有{n}个值，而表有{m}列",
    "not a STIX object": "不是STIX对象", "not a GeoJSON feature": "不是GeoJSON要素",
    "not a MISP event": "不是MISP事件", "not a CVE 5 record": "不是CVE 5记录",
    "not an object with fields but {kind}": "应为带字段的对象，却是{kind}",
    "the index does not say {what}": "索引未说明{what}", "when it moved last": "最近更新时间",
    "no valid CAP alert: {said}": "不是有效的CAP预警：{said}",
    "{name} holds {value}, which is none of CAP's": "{name}为{value}，不是CAP规定的取值",
    "sent holds {value}, which is no moment": "sent为{value}，不是时间",
    "references holds {value}, which is no sender,identifier,sent":
        "references为{value}，不是“发送方,编号,时间”",
    "{n} more alerts than 'entries' allows in one poll; the next one goes on":
        "比“entries”一次允许的多{n}条预警，下次继续",
    "the entry links to nothing": "条目没有链接",
    "the entry links to {host}; if that is right, add it to 'hosts'":
        "条目链接到{host}；若无误，请加入“hosts”",
    "a {name} of {where} is left out: {said}": "{where}的{name}未采用：{said}",
}  # fmt: skip
#: Of a source; its name or address stands before.
_SOURCES: Mapping[str, str] = {
    "cannot be read": "无法读取", "cannot be read: {error}": "无法读取：{error}",
    "cannot be reached: {error}": "无法连接：{error}", "cannot be fetched: {error}": "无法获取：{error}",
    "cannot be asked for": "无法请求", "cannot be decoded": "无法解码",
    "cannot be moved to {folder}: {error}": "无法移至{folder}：{error}",
    "there is no such file": "文件不存在", "damaged: {error}": "已损坏：{error}",
    "damaged: the part {part} is missing": "已损坏：缺少{part}部分",
    "damaged: no shared text {text}": "已损坏：没有共享文本{text}",
    "a damaged archive or spreadsheet: {error}": "压缩包或表格已损坏：{error}",
    "larger than {n} MB": "大于{n} MB", "more than {n} MB": "超过{n} MB",
    "raise max_mb if that is right": "若无误，请调高max_mb",
    "raise timeout if that is right": "若无误，请调高timeout",
    "bring it in pieces, or raise max_mb": "请分批推送，或调高max_mb",
    "ask for less, or raise max_mb if that is right": "请减少请求量；若无误，请调高max_mb",
    "ask for less, or raise rows if that is right": "请减少请求量；若无误，请调高rows",
    "more than {n} rows": "超过{n}行", "more than {n} redirects": "重定向超过{n}次",
    "more than {n} lists and objects": "列表和对象超过{n}个",
    "ask the source for less at once": "请让来源一次少给些",
    "still not whole after {seconds} s": "{seconds}秒后仍未接收完整",
    "not over after {seconds} s, and ended": "{seconds}秒未结束，已终止",
    "fetch it anew": "请重新获取", "export it again": "请重新导出", "pack it anew": "请重新打包",
    "pack it once": "请只压缩一次", "pack it without a password": "请勿加密压缩",
    "pack it by the usual one": "请用常用方式压缩", "pack what is needed": "只压缩需要的",
    "ask the source to mend it": "请来源修正", "ask the server": "请联系服务方",
    "ask the provider": "请联系提供方",
    "check the address": "请检查地址", "check the headers and the address": "请检查请求头和地址",
    "check the address and the headers": "请检查地址和请求头", "check the feed's path": "请检查数据源的路径",
    "check the feed's url and hosts": "请检查数据源的url和hosts",
    "check the feed's address": "请检查数据源的地址",
    "check the query and the account": "请检查查询语句和账号",
    "check the address of the collection": "请检查集合的地址",
    "check the url of auth and the account": "请检查auth的url和账号",
    "see who may write there": "请检查写入权限", "name the file's encoding": "请注明文件编码",
    "refused": "已拒绝",
    "export only what the feed needs": "只导出需要的列",
    "fill only the columns that need it": "只填充需要的列",
    "save it as .xlsx or CSV": "请另存为.xlsx或CSV", "export it again, or as CSV": "请重新导出，或导出为CSV",
    "declares a document type, which is refused": "声明了文档类型，已拒绝",
    "declares a document type or an entity, which is refused": "声明了文档类型或实体，已拒绝",
    "not XML: {error}": "不是XML：{error}", "not JSON: {error}": "不是JSON：{error}",
    "not JSON but nothing at all": "不是JSON，而是空的",
    "not JSON: it ends early, cut off": "不是JSON：内容中断，不完整",
    "ends early, within {where}": "在{where}处中断，不完整", "ends early: {said}": "内容中断，不完整：{said}",
    "its last line has {n} of {m} values and no line break": "最后一行仅有{m}个值中的{n}个，且无换行",
    "fetch it anew, or see 'footer'": "请重新获取，或见“footer”",
    "not {encoding}": "不是{encoding}编码", "gzip within gzip, which is refused": "gzip嵌套gzip，已拒绝",
    "a line of more than {n} characters": "一行超过{n}个字符", "this is no table of lines": "这不是按行的表",
    "quotes are opened again and again and not closed": "引号多次打开而未关闭",
    "an archive of more than {n} members": "压缩包内文件超过{n}个",
    "an archive without members, or cut into volumes": "压缩包为空，或为分卷",
    "an archive, but no .xlsx workbook": "是压缩包，但不是.xlsx工作簿", "encrypted": "已加密",
    "packed by method {method}": "压缩方式为{method}", "{form}, which is not read": "{form}，不予读取",
    "the archive holds {n} files ({names})": "压缩包含{n}个文件（{names}）",
    "the archive holds no member that fits '{pattern}'": "压缩包中没有符合“{pattern}”的文件",
    "the archive holds no member that fits '{pattern}' but {names}":
        "压缩包中没有符合“{pattern}”的文件，只有{names}",
    "say which are meant, as in member: '*.csv'": "请注明所指文件，如member: '*.csv'",
    "the workbook shows no sheet": "工作簿没有可见的工作表", "name one: sheet: ...": "请指定：sheet: ...",
    "there is no sheet {title}": "没有工作表{title}", "the sheets are {names}": "现有工作表：{names}",
    "{n} columns where {m} may be": "有{n}列，至多{m}列",
    "empty; a table begins with a line that names its columns": "为空；表的首行应为列名",
    "the first line cannot be read: {said}": "首行无法读取：{said}",
    "line {n}, which should name the columns, is blank": "第{n}行应为列名，却为空",
    "the column {name} stands twice": "列{name}出现两次",
    "name the columns (columns: [...]), or the line that does (header: 3)":
        "请注明列名（columns: [...]）或列名所在行（header: 3）",
    "what fill_down repeats is larger than max_mb": "fill_down填充的内容超过max_mb",
    "fill_down names {name}, which is no column of the table": "fill_down所指{name}不是表中的列",
    "the mapping's {what} reads '{field}', and the table has no such column":
        "映射中{what}读取“{field}”，而表中没有该列",
    "no answer ({said})": "无应答（{said}）",
    "no answer ({said}), also after {n} {n:retry|retries}": "无应答（{said}），重试{n}次后仍然如此",
    "the table lacks {columns}": "表缺少{columns}", "it has {columns}": "现有{columns}",
    "line {n} names them: set header: {header}": "列名在第{n}行：请设置header: {header}",
    "line {n} parts them by '{mark}': set delimiter: \"{same}\"":
        "第{n}行以“{mark}”分隔：请设置delimiter: \"{same}\"",
    "not one of {n} {n:record|records} has {columns}": "{n}条记录中没有一条有{columns}",
    "they have {columns}": "现有{columns}",
    "not one of {n} {n:record|records} could be read": "{n}条记录无一可以读取",
    "the feed '{feed}' is refused: {said}": "数据源“{feed}”被拒绝：{said}",
    "its records have more than {n} different fields": "其记录的不同字段超过{n}个",
    "records of one kind share theirs": "同类记录的字段应相同",
    "the mapping of '{feed}' reads {names}, which holds names; drop it":
        "“{feed}”的映射读取了含姓名的{names}；请去除",
    "no GeoJSON FeatureCollection, {what}": "不是GeoJSON FeatureCollection，{what}",
    "no STIX bundle, {what}": "不是STIX bundle，{what}", "no {kind}, {what}": "不是{kind}，{what}",
    "found an object with {names}": "得到的是含{names}的对象", "found an empty object": "得到的是空对象",
    "found a list of {n}": "得到的是{n}项的列表",
    "there is no list of records {where}, {what}": "{where}没有记录列表，{what}",
    "there is no list at '{where}', {what}": "“{where}”处没有列表，{what}",
    "set 'records' to the path of the list, or ask the source what is wrong":
        "请将“records”设为列表的路径，或联系来源",
    "neither a CVE 5 record nor a list of changes": "既不是CVE 5记录，也不是变更列表",
    "neither a MISP manifest nor an event": "既不是MISP清单，也不是事件",
    "no CSAF advisory: document.tracking.id is missing": "不是CSAF公告：缺少document.tracking.id",
    "the provider's metadata lead to no advisory": "提供方的元数据未指向任何公告",
    "<{tag}> is neither a CAP alert nor an Atom or RSS index": "<{tag}>既不是CAP预警，也不是Atom或RSS索引",
    "<{tag}> is no CAP alert": "<{tag}>不是CAP预警", "<{tag}> is no RSS or Atom feed": "<{tag}>不是RSS或Atom",
    "gives no bearer token": "未给出访问令牌", "no TAXII 2.1 server": "不是TAXII 2.1服务",
    "says there is more, and not by which 'next'": "称还有更多，却未给出“next”",
    "more pages than {n}": "超过{n}页", "raise 'pages' or 'limit'": "请调高“pages”或“limit”",
    "raise 'pages' if that is right": "若无误，请调高“pages”",
    "named again by page {n}: the links go round": "第{n}页又指向它：链接循环",
    "page {n} holds what page {m} did": "第{n}页与第{m}页内容相同",
    "an empty answer where there always is something (not_empty)": "应有内容却为空（not_empty）",
    "no row where there always is one (not_empty)": "应有数据却无一行（not_empty）",
    "the query gives '{name}' twice": "查询结果中“{name}”出现两次",
    "name each column (AS ...)": "请为各列命名（AS ...）",
    "the query gives no column '{name}', which 'since' names": "查询结果没有“since”所指的列“{name}”",
    "'{name}' holds what cannot be put in order": "“{name}”的取值无法排序",
    "read by a number, a moment or a text": "应为数字、时间或文本",
    "leads out of the folder of the index": "超出索引所在目录",
    "leads to what is no address": "指向的不是地址",
    "leads to another host ({host})": "指向另一主机（{host}）",
    "refused; if that is right, add {host} to 'hosts'": "已拒绝；若无误，请将{host}加入“hosts”",
    "no address of http:// or https://": "不是http://或https://地址", "no address": "不是地址",
    "{host} lies at {address}, a {kind} address": "{host}位于{address}，属{kind}地址",
    "if that is right, add {host} to 'hosts'": "若无误，请将{host}加入“hosts”",
    "if that is right, add it to 'networks'": "若无误，请加入“networks”",
    "no good answer: an empty list, and '{name}' tells of a failure":
        "应答异常：列表为空，且“{name}”表示失败",
    "no good answer: an empty list, and by '{name}' there is more":
        "应答异常：列表为空，而“{name}”表示另有内容",
    "no good answer: '{name}' tells of a failure": "应答异常：“{name}”表示失败",
    "no good answer: '{name}' {what}": "应答异常：“{name}”{what}",
    "there is no '{total}' to compare the {n} records with": "没有“{total}”可与{n}条记录核对",
    "'{total}' holds no number of records": "“{total}”不是记录数",
    "{n} {n:record|records} of the {m} that '{total}' says there are": "“{total}”称有{m}条，仅得{n}条",
    "see 'Pages' in docs/feeds.md": "见docs/feeds.md中的“Pages”",
    "by '{name}' a part of the answer could not be had": "据“{name}”，应答有一部分未能取得",
    "by '{name}' it is a part of a list": "据“{name}”，这只是列表的一部分",
    "no record has the column '{name}'": "没有记录含列“{name}”",
    "there are {names}": "现有{names}",
    "holds no poll moment": "没有采集时间", "nobody knows then when the source was heard": "无法得知何时收到",
    "{text} is no poll moment": "{text}不是采集时间",
    "write it as in 2026-03-08T07:00:00Z": "写法如2026-03-08T07:00:00Z",
    "not UTF-8: {error}": "不是UTF-8编码：{error}",
    "this feed is pushed: its source brings what it knows to POST /v1/incidents":
        "该数据源为推送方式：来源推送到POST /v1/incidents",
    "lists and objects lie in one another more than {n} deep": "列表和对象嵌套超过{n}层",
    "{n} records where {m} may be": "有{n}条记录，至多{m}条", "bring them in pieces": "请分批推送",
    "what it brings takes too much memory; lower max_mb, or raise memory_mb in engine.yaml":
        "数据占用内存过多；请调低max_mb，或调高engine.yaml中的memory_mb",
    "the process at work on it was ended by {signal}": "处理进程被{signal}终止",
    "the process at work on it ended with status {status}": "处理进程退出，状态{status}",
    "it goes on at a further page, which is not read": "还有后续页面，未读取",
    "ask for one that holds all between two polls": "请改用一页包含两次采集之间全部内容的地址",
    "{n} more documents are listed than 'entries' allows; the next poll goes on":
        "列出的文件比“entries”允许的多{n}个，下次继续",
    # what a document is instead
    "{what} where {wanted} was expected": "应为{wanted}，却是{what}",
    "a table": "表", "a spreadsheet with a password": "加密的表格", "save it without one": "请去除密码后保存",
    "an old .xls file (or another OLE2 document)": "旧版.xls文件（或其他OLE2文档）",
    "an HTML page": "网页", "an HTML page ({title})": "网页（{title}）",
    "look at the address, the log-in and the file's source": "请检查地址、登录和文件来源",
    "a spreadsheet as XML (2003)": "XML表格（2003）", "an XML document": "XML文档",
    "look at the address and the connector": "请检查地址和连接器",
    "an archive or office document": "压缩包或办公文档", "unpack or export it": "请解压或导出",
    "an SQLite database": "SQLite数据库",
    "read it by `connector: sql`, with a query of your own": "请用`connector: sql`和自己的查询读取",
    "a PDF": "PDF",
    "a PDF is for people: ask the source for the table behind it": "PDF供人阅读：请向来源索取原始表格",
    "a text in UTF-16": "UTF-16文本",
    "say so (encoding: utf-16), or save it as UTF-8": "请注明（encoding: utf-16），或另存为UTF-8",
    "open it in a spreadsheet program and save it as .xlsx or CSV": "请用表格软件打开，另存为.xlsx或CSV",
    # pages
    "records {n} to {m} were passed over: the source gives fewer than 'step' at a time":
        "第{n}至{m}条记录被跳过：来源每次少于“step”", "leave 'step' out": "请去掉“step”",
    "page {n} holds what page {m} did: the source does not go on": "第{n}页与第{m}页内容相同：来源没有继续",
    "check the address and {name}": "请检查地址和{name}",
    "page {n} holds what page {m} did, which is full: the source does not heed '{name}'":
        "第{n}页与已满的第{m}页内容相同：来源未理会“{name}”",
    "where there are no more, say in the address how many a page may hold, or name 'total'":
        "若确已没有，请在地址中写明每页数量，或指定“total”",
    "'{name}' holds no token but {kind}": "“{name}”不是令牌，而是{kind}",
    "'{name}' holds no address": "“{name}”不是地址",
    "where it is a token for the query of the next page, write cursor: {cursor} instead of next":
        "若为下一页的令牌，请写cursor: {cursor}，不写next",
    "nothing stands above the records that could be '{name}'": "记录之外没有可作“{name}”的内容",
    "raise 'pages', or write offset: {name} where it counts records":
        "请调高“pages”；若按记录计数，请写offset: {name}",
    "{n} merged cells of '{sheet}' span several rows": "“{sheet}”中{n}个合并单元格跨多行",
    "only the sheet '{sheet}' is read, not {left}": "仅读取工作表“{sheet}”，不读{left}",
    "{n} formulas of '{sheet}' have no value": "“{sheet}”中{n}个公式没有值",
    "this feed is a form: what people report comes from its page": "该数据源为表单：上报内容来自其页面",
    "{url}: names no export; check the address of lastupdate.txt":
        "{url}：未列出导出文件；请检查lastupdate.txt的地址",
    "{url}: another than its sum says; it is asked for again": "{url}：与校验值不符，将重新获取",
    "{n} columns where an export has {m}": "有{n}列，而导出文件应有{m}列",
    "the mail cannot be read": "邮件无法读取", "the mail cannot be read: {said}": "邮件无法读取：{said}",
    "{url}: page {n} does not reach what was read before": "{url}：读到第{n}页仍未接上此前读到之处",
    "{url}: page {n} is the last that may be read at once": "{url}：一次至多读到第{n}页",
    "{host}: not read within {n} s; lower 'mails'": "{host}：未能在{n}秒内读完；请调低“mails”",
    "{host}: the mailbox cannot be read: {said}": "{host}：邮箱无法读取：{said}",
    "{host}: cannot be reached: {said}": "{host}：无法连接：{said}",
    "{host} answered: {said}; check the account and its rights": "{host}应答：{said}；请检查账号及其权限",
    "{host}: hung up: {said}; is another program called '{name}' too?":
        "{host}：断开连接：{said}；是否有其他程序也名为“{name}”？",
    "{host}: hung up: {said}": "{host}：断开连接：{said}", "{host}: does not answer": "{host}：没有应答",
    "the certificates in {file} cannot be read: {said}": "{file}中的证书无法读取：{said}",
}  # fmt: skip
_WHERE = re.compile(r" of the level (\S+)")
_WHAT = {"place": "地点", "occurred_at": "发生时间", "known_at": "获知时间", "moment": "时间",
"category": "类别",
         "when it moved last": "最近更新时间"}  # fmt: skip

SENTENCES = Sentences({**_RECORDS, **_SOURCES}, {
    "level": lambda code: level(code).say("zh"),
    "what": lambda text: _WHAT.get(text) or chinese(text) or text,
    "wanted": lambda text: chinese(text) or text,
    "near": nearest_in_chinese,
    "said": lambda text: chinese(text) or text,
    "where": lambda text: _WHERE.sub(lambda found: f"（{level(found[1]).say('zh')}级）", text),
})  # fmt: skip


def chinese(said: str) -> str | None:
    """The Chinese of a sentence of the tables; None where it is none of them."""
    return SENTENCES.chinese(said)
