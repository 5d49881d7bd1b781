"""What pages say of signing in, accounts and tokens, in both languages."""

from __future__ import annotations

from engine.model.text import Text

SAID = {
    "sign in": Text("Sign in", "登录"), "sign out": Text("Sign out", "退出"),
    "account": Text("Account", "账号"), "password": Text("Password", "密码"),
    "sign wrong": Text("Account and password do not fit.", "账号或密码不正确。"),
    "sign wait": Text("Too many tries from here. Again in {n} min.", "尝试次数过多，请{n}分钟后再试。"),
    "sign busy": Text("Too many sign in at this moment. Again in a few seconds.", "登录人数过多，请稍候。"),
    "sign help": Text(
        "Accounts are given by an administrator, who can also reset a password.",
        "账号由管理员开通，密码由管理员重置。",
    ),
    "sign there": Text("Sign in by {title}", "通过{title}登录"),
    "sign here": Text("With an account of this console", "使用本系统账号"),
    "elsewhere again": Text("Signing in there did not work. Try again.", "该方式登录未成功，请重试。"),
    "elsewhere away": Text(
        "{title} cannot be reached. Whoever has a password here can sign in by it.",
        "暂时无法连接{title}；有本系统密码的可直接登录。",
    ),
    "elsewhere unknown": Text(
        "{title} knows you, but nobody here has said that you may come in. Ask an administrator.",
        "{title}已确认您的身份，但本系统尚未授权，请联系管理员。",
    ),
    "elsewhere left": Text(
        "You are signed out here. {title} may still have you signed in.",
        "已退出本系统，但{title}可能仍处于登录状态。",
    ),
    "leave there": Text("Sign out of {title} as well", "同时退出{title}"),
    "no password": Text(
        "You sign in by {title}: there is no password here.", "您通过{title}登录，本系统无密码。"
    ),
    "choose password": Text("Choose a password", "设置密码"),
    "one time": Text("the one that was given is good only once", "初始密码仅可使用一次"),
    "old password": Text("Password so far", "原密码"), "new password": Text("New password", "新密码"),
    "again": Text("The same again", "再次输入"), "keep it": Text("Keep it", "确定"),
    "password old": Text("The password so far does not fit.", "原密码不正确。"),
    "password differs": Text("The two differ.", "两次输入不一致。"),
    "password weak": Text(
        "At least {n} signs, not your name, not a few signs again and again; several words make a good one.",
        "至少{n}个字符，不含账号名，不由少数字符重复组成；建议使用多个词语。",
    ),
    "settings": Text("Settings", "设置"), "accounts": Text("Accounts", "账号"),
    "roles": Text("Roles", "角色"),
    "sees": Text("Sees", "可见范围"), "everything": Text("everything", "全部"),
    "is closed": Text("closed", "已停用"),
    "is provisional": Text("one-time password", "初始密码"), "is active": Text("active", "启用"),
    "reset": Text("Reset password", "重置密码"), "close it": Text("Close", "停用"),
    "add account": Text("Add an account", "新增账号"),
    "called": Text("Called", "名称"), "answers for": Text("Answers for", "代表单位"),
    "anybody told": Text("whoever was told", "任一被通知单位"),
    "tokens": Text("Tokens", "令牌"), "scopes": Text("Scopes", "权限"), "used": Text("Used", "最近使用"),
    "is revoked": Text("revoked", "已撤销"), "revoke": Text("Revoke", "撤销"),
    "make token": Text("Make a token", "新建令牌"),
    "opens": Text("Opens", "用途"), "a source": Text("A source that pushes", "推送数据的来源"),
    "days it lasts": Text("Days it lasts (empty: until revoked)", "有效天数（空则直至撤销）"),
    "signed in": Text("Signed in", "在线"), "end it": Text("Sign out", "强制退出"),
    "shown once": Text("It is shown this once; nobody can read it again.", "仅显示一次，此后无法查看。"),
    "known as": Text("Known to {title} as", "在{title}中的标识"),
    "known as help": Text(
        "Whoever is known as this there signs in without a password here.", "以该标识登录者无需本系统密码。"
    ),
    "by grant": Text("by grant", "按授权规则"), "known as it": Text("known as {name}", "标识：{name}"),
}  # fmt: skip
