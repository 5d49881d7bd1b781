"""What each check finds, in Chinese; its English is the first line of its page in docs/checks."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.problem import Problem
from engine.rulebook.words import remedies

#: By the name of the check.
CHINESE: Mapping[str, str] = {
    "activity-category": "该类别衡量的是人的活动",
    "areas-chosen": "所选地区与规则的研判层级不符", "at-least-alone": "日规则仅有固定阈值",
    "baseline-missing": "检验需要与过去比较，规则未给出基线", "baseline-short": "基线时段过少",
    "baseline-uneven": "基线不是窗口的整数倍", "baseline-unfit": "基线或窗口不适用于该检验",
    "baseline-unused": "没有检验使用该基线", "category-domain": "类别属于其他领域",
    "category-twice": "类别已包含在同一列表的另一类别中", "charter": "规则针对人员或观点",
    "chance-horizon": "概率的时段与规则预示的时段不一致", "chance-unlearned": "概率无从学得",
    "cluster-areas": "可供扫描比较的地区不足", "cluster-sum": "聚集扫描不能用于求和的量",
    "correlation-count": "要求的条件数永远达不到",
    "correlation-cycle": "关联规则相互等待", "correlation-immediate": "关联规则引用了即时规则的命中",
    "correlation-limit": "关联规则数超过推理引擎的上限", "correlation-order": "只有一项，无从排序",
    "correlation-scope": "该范围内不可能有条件所指的地区",
    "correlation-slow": "在过短时间内等待周期更长的规则的原始命中",
    "correlation-within": "时间与关联规则的周期不符", "duplicate-id": "两条规则编号相同",
    "duplicate-key": "同一键出现两次", "empty-selection": "筛选条件选不出任何事件", "file": "文件无法使用",
    "hardly-fires": "该级别几乎不可能触发", "hold-long": "保持时间过长，预警会比起因更久",
    "id-domain": "编号未以所属领域开头", "immediate-limits": "即时规则使用了定期规则才有的设置",
    "immediate-only": "定期规则使用了即时规则才有的设置", "keyword-political": "政治安全规则以关键词为依据",
    "loose-alpha": "偶然概率过大，地区和天数一多必然触发", "measure-grade": "措施所需级别规则给不出",
    "measure-topic": "措施属于其他风险", "measure-twice": "措施重复", "no-chinese": "标题只有一种语言",
    "near-repeat-points": "数据源的坐标精度不足以判断如此近的距离",
    "no-horizon": "规则未说明预示多长时间", "no-measures": "规则未要求任何措施",
    "no-owner": "规则没有负责人", "no-review-date": "规则没有复审日期", "no-route": "该规则的预警无人接收",
    "no-tests": "规则没有测试", "no-why": "规则未说明理由",
    "percentile-areas": "可比较的地区过少",
    "protected-category": "受保护类别用在了不允许的地方",
    "protected-finding": "其他规则使用了人群安全类命中", "rare-alone": "罕见检验缺少最低数目",
    "rate-without-population": "按比率计算，但人口数未知", "realised-rate": "实际触发远多于误报概率所示",
    "retired-without-reason": "停用的规则未说明原因", "review-far": "复审日期在三年以后",
    "review-past": "复审日期已过", "rung-order": "较高级别反而更易达到", "rung-tests": "各级别的检验不一致",
    "rung-unreachable": "该级别永远不会给出", "schema": "写法不符合规则格式",
    "sensitive-level": "敏感类别的研判层级过低", "share-not-part": "占比的整体不包含该部分",
    "share-unused": "没有检验使用该整体", "share-without-whole": "占比没有整体",
    "silent-domain": "该领域没有任何规则预警", "test-category": "测试中的类别不在分类目录内",
    "test-empty": "测试没有检验任何内容", "test-feed": "测试中的数据源未配置",
    "test-grade": "测试期望的级别规则给不出", "test-indicator": "测试给出了规则没有的指标数值",
    "test-level": "测试所指地区不由该规则研判", "test-name": "两项测试同名",
    "test-off-cycle": "测试时间不在规则的研判时刻", "test-one-sided": "测试只有触发或只有不触发的情形",
    "test-receiver": "测试期望通知没有路由可达的单位", "test-signal": "测试期望规则给不出的信号",
    "test-unfired-rung": "有级别未被任何测试触发", "test-unseen": "测试给出了当时尚无人知晓的情况",
    "topic-domain": "风险属于其他领域", "twin-rules": "两条规则研判的内容相同",
    "alert-unfed": "没有数据源发布此类预警信息", "unknown-calendar": "没有该日历",
    "calendar-ends": "日历即将没有日期可查", "reading-unfit": "该检验不适用于读数或存量",
    "stock-unclosed": "没有数据源给出了结时间，存量只增不减",
    "unfed-indicator": "没有数据源报告该指标", "ungraded-severity": "没有数据源给出该严重程度",
    "unheard-pattern": "该条件所需的命中没有规则给出", "unknown-area": "没有该地区",
    "unknown-category": "没有该类别", "unknown-feed": "没有该数据源", "unknown-level": "没有该层级",
    "unknown-measure": "没有该措施", "unknown-rule": "没有该规则", "unknown-sum": "没有该数值项",
    "unknown-topic": "没有该风险", "weekdays-window": "窗口内各星期几的天数不等",
    "window-cycle": "窗口与周期不符",
    "window-long": "窗口远长于周期",
    "yaml": "无法作为YAML读取",
}  # fmt: skip


def in_chinese(problem: Problem) -> str:
    """What a check finds, and what to do about it; empty where it is none of theirs. Of what is no rule
    at all pydantic and the readers of YAML speak too: what of that has no Chinese stands as they say it."""
    found, do = CHINESE.get(problem.name, ""), remedies.in_chinese(problem.sentence)
    if not do and problem.name in ("schema", "yaml"):
        do = problem.sentence
    return f"{found}：{do}" if found and do else found
