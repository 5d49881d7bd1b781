"""What is wrong with a file of outcomes (engine.ingest.truth), in both languages."""

from __future__ import annotations

from collections.abc import Mapping

MISTAKES: Mapping[str, str] = {
    "the columns are separated by '{mark}': separate them by commas": "各列以“{mark}”分隔：请改用逗号",
    "unknown column '{code}'{near}; known: {codes}": "没有列“{code}”{near}；可用的列：{codes}",
    "the column '{code}' is missing": "缺少列“{code}”：请补上",
    "the column '{code}' stands here twice": "列“{code}”在此出现两次：请去掉一个",
    "{n} values where the header has {m} columns": "此行有{n}个值，而表头有{m}列：请核对",
    "unknown area '{code}'{near}": "没有地区“{code}”{near}：请核对代码",
    "unknown topic or domain '{code}'{near}": "没有主题或领域“{code}”{near}：请核对名称",
    "{key}: '{code}' is no date; write 2025-01-28": "{key}：“{code}”不是日期：请写成2025-01-28",
    "{key}: {day} is no day of {since} to {until}; write the last one that you know of":
        "{key}：{day}不在{since}年至{until}年之间：请写您所知的最后一天",
    "it ends on {end}, before it starts on {start}": "结束日{end}早于开始日{start}：请核对",
    "it was known on {known}, before it started on {start}": "获知日{known}早于开始日{start}：请核对",
    "onset: '{code}' is neither yes nor no nor a date": "onset：“{code}”既不是yes或no，也不是日期：请改写",
    "the onset {onset} lies outside of {start}..{end}": "起始日{onset}不在{start}至{end}之间：请核对",
    "the file holds no row, so it says nothing": "文件没有任何行，因此未说明任何情况",
}  # fmt: skip
