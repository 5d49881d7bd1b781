"""Why something was not done, for whoever wanted it: the engine's sentences, in Chinese."""

from __future__ import annotations

import re

#: The engine's sentences that people meet on pages, in Chinese; the others stay as they are.
_REFUSALS = [
    (r"'(.+)' is a plan and a route.*", r"\1既是预案又是路由，请更改其一的名称。"),
    (r"there is no plan or route '(.+?)'.*", r"没有预案或路由\1。"),
    (r"there is no drill '(.+?)'.*", r"没有演练\1。"),
    (r"the route '(.+)' carries no topic there is.*", r"路由\1不含任何风险，无从演练。"),
    (r"it would end at (.+), which is over.*", r"截止时间\1已过。"),
    (r"there is no such warning", "该预警不存在。"),
    (r"(.+) comes from the pack (.+): tune it in (.+), without editing it",
     r"\1来自规则包\2：请在\3中调整，不必改动原文。"),
    (r"(\S+) is over since (.+)", r"预警已于\2结束。"),
    (r"it is only proposed: .*", "该预警尚未签发，无须签收。"),
    (r"for which receiver\? .*", "请选择代表哪个单位签收。"),
    (r"'(\S+)' was not told of it.*", r"未曾通知\1，无须签收。"),
    (r"'(\S+)' has not acknowledged it", r"\1尚未签收。"),
    (r"no proposal waits for anybody.*", "当前没有待签发事项。"),
    (r"(\S+) asked for \S+ by hand.*", "发起人不能签发自己的申请，须由他人签发。"),
    (r"(\S+) has let it pass already.*", "您已签发，还须另一人签发。"),
    (r"\S+ needs the officer on duty", "须由值班人员签发。"),
    (r"\S+ needs two people.*", "须由两名负责人签发。"), (r"\S+ needs a leader.*", "须由负责人签发。"),
    (r"it stands at \S+ already", "已是该级别。"), (r".*takes a leader.*", "须由负责人办理。"),
    (r"what was it in the end", "请选择结论。"), (r"to comment needs a reason", "请填写备注。"),
    (r"on which day did it happen.*", "请填写发生日期。"),
    (r"averted means .*", "选择“化解”须有已完成的处置任务。"),
    (r"the day of the outcome.* lies more than (\d+) days .*", r"发生日期早于预警开始\1天以上。"),
    (r"the day of the outcome.*", "发生日期尚未到来。"), (r"\S+ is never silenced", "该级别不可静默。"),
    (r"\S+ is silenced until (.+) at the latest", r"静默最迟至\1。"),
    (r"(\S+) is open there already.*", "该地此类预警已存在，请调整级别或签发。"),
    (r"'\S+' is (done|declined|void) since (.+)", r"该任务已于\2结束。"),
    (r"'\S+' is accepted already.*", "该任务已被接受。"),
    (r"to \S+( a task| a plan down| down)? ?needs a reason", "请填写理由。"),
    (r"to (stand a plan down|decline a task) needs a reason", "请填写理由。"),
    (r"'\S+' waits for .*", "前一步骤尚未完成。"),
    (r"nobody is named who does it", "请填写姓名。"),
    (r"'(.+)' is no grade, and no change of .*", r"\1既不是级别，也不是该预警的变化编号。"),
    (r"it has moved since .*", "查看后情况已变化，请重新查看后再办。"),
    (r"to take it back altogether, lift or close it", "如须撤销，请解除或办结。"),
    (r"a warning by hand needs a grade", "人工发布须选择级别。"),
    (r"there is no plan '(.+)'", r"没有预案\1。"), (r"there is no task '(.+)'", r"没有任务\1。"),
    (r"'.*' is \S+( \S+)* already", "该预案已启动或已结束。"),
    (r"'.*' is .+: there is nothing to stand down", "该预案未在响应中，无须终止。"),
    (r"no plan under way has the step '(.+)'", r"响应中的预案没有步骤\1。"),
    (r"'.*' is void: its plan was stood down first", "预案已先行终止，该步骤作废。"),
    (r"what failed needs a reason", "请说明未成功的原因。"),
    (r"it is asked of (.+), not of '(.*)'", r"该任务的承办单位是\1，不是\2。"),
    (r"what is there to report", "请填写反馈内容。"),
    (r"that task is not asked of you", "该任务不由贵单位承办。"),
    (r"'(.+)' is the drill of a plan: .*", "这是预案演练，请答复其任务。"),
    (r"'(.+)' has begun this very second.*", "该演练刚刚开始，请稍后再试。"),
    (r"'(.+)' was not told in .*", r"未曾通知\1参加该演练，无须答复。"),
    (
        r"no ground for a warning: .*",
        "预警只针对地点与危害，不针对人员、群体或合法行为：请改写理由，写明何地可能发生何种危害。",
    ),
    (r"no risk of this name is watched", "没有该风险类别。"), (r"'(.+)' is no grade", r"\1不是级别。"),
    (r"'(.+)' is no verdict", r"\1不是结论。"), (r"this is no day; .*", "日期格式应为2026-03-11。"),
    (r"this is no moment; .*", "时间格式应为2026-03-11T18:00。"),
    # of accounts and tokens
    (r"'(.*)' is no name for an account: .*", r"“\1”不能作账号名：限小写字母、数字和. _ -，不含空格。"),
    (r"an account needs at least one role", "至少选择一个角色。"),
    (r"there is an account '(.+)' already, or was: .*", r"账号\1已存在或曾经存在，不可重复使用。"),
    (r"'(.+)' signs in by an identity provider .*", r"\1通过身份提供方登录，本系统无密码。"),
    (r"'(.+)' is the only administrator there is.*", r"\1是唯一的管理员，请先新增管理员。"),
    (r"'(.+)' is known as that already", r"该标识已属于账号\1。"),
    (r"there is no account '(.+)'.*", r"没有账号\1。"), (r"there is no token '(.+)'.*", r"没有令牌\1。"),
    (r"there is no receiver '(.+)'", r"没有接收单位\1。"), (r"there is no area '(.+)'", r"没有区域\1。"),
    (r"'(.*)' is no feed that is pushed.*", r"数据源“\1”不是推送方式，请选择推送的数据源。"),
    (r"a token lasts from (\S+) to (\S+) days.*", r"有效天数为\1至\2，或留空直至撤销。"),
    (r"a token needs a title.*", "请填写令牌名称，以便在列表中识别。"),
    (r"a source's token names its feed.*", "数据源令牌须指定数据源，其他令牌不可指定。"),
    (r"a source only tells.*", "数据源只能推送，不设权限、所有者和区域。"),
    (r"a display can only see", "大屏只能查看。"),
    (r"(\S+) may not (.+), and no token of theirs may", r"\1没有\2权限，其令牌也不能有。"),
    (r"no identity provider is configured .*", "未配置身份提供方。"),
    (r"a password has at least (\S+) signs.*", r"密码至少\1个字符，建议使用多个词语。"),
    (r"a password has at most (\S+) signs", r"密码最多\1个字符。"),
    (r"this password is the first .*", "该密码过于常见，请使用多个词语。"),
    (r"too many sign in at this moment.*", "登录人数过多，请稍候。"),
    (r"it does not fit", "账号或密码不正确。"), (r"not theirs, or not there", "不存在，或无权操作。"),
    (r"no account is known as this, and no grant fits", "没有对应的账号，也不符合任何授权规则。"),
    (r"the account is closed", "账号已停用。"), (r"no grant fits any more", "已不符合任何授权规则。"),
    # of faults, rules and drafts
    (r"no fault (\S+) is open", r"故障\1已不存在。"),
    (r"mend the mistakes first.*", "请先修正错误，无法读取的草稿不能回测。"),
    (r"another rule is being tried.*", "正在回测其他规则，请稍候。"),
    (r"the (name|reason) has \S+ characters, (\S+) at most.*", r"文字过长，最多\2字。"),
]  # fmt: skip


def refusal(said: str, language: str) -> str:
    """Why something was not done, in one language; English where nobody has put it into words."""
    # What to type at the command line is of no use here.
    said = re.split(r"[;?.]?\s*[Ss]ay --|; `forewarn ", said)[0]
    if language != "zh":
        return said[:1].upper() + said[1:] + "."
    for pattern, words in _REFUSALS:
        if re.fullmatch(pattern, said):
            return re.sub(pattern, words, said, count=1)
    return said
