"""The phrases of signing in and of accounts."""

from mindu.base.records import Words

SAID: dict[str, Words] = {
    "sign_in": Words("Sign in", "登录"),
    "sign_out": Words("Sign out", "退出"),
    "name": Words("Name", "姓名"),
    "password": Words("Password", "口令"),
    "password_new": Words("New password (at least 10 characters)", "新口令(至少 10 个字符)"),
    "by_passkey": Words("Sign in with a passkey", "用通行密钥登录"),
    "demo_sign_in": Words(
        "The demo's owner signs in by the one-time link that the terminal printed.",
        "演示所有者用终端给出的一次性链接登录。",
    ),
    "carried_says": Words(
        "Your session ended. What you typed is kept and will be shown again after you sign in.",
        "会话已结束。所填内容已保留,登录后可继续提交。",
    ),
    "first": Words("Make the account", "创建账号"),
    "first_says": Words(
        "Whoever holds this one-time link may make this account. Choose a name and a password.",
        "持此一次性链接者可创建账号。请设定姓名与口令。",
    ),
    "resume": Words("Send what you typed", "提交所填内容"),
    "resume_says": Words(
        "Nothing was lost. Read it once more and send it.", "内容未丢失。请再看一遍后提交。"
    ),
    "send_now": Words("Send now", "立即提交"),
    "account": Words("Account", "账号"),
    "passkey": Words("passkey", "通行密钥"),
    "passkeys": Words("Passkeys", "通行密钥"),
    "add_passkey": Words("Add a passkey", "添加通行密钥"),
    "passkey_says": Words(
        "A passkey is bound to the site's name; on this machine use the address with localhost.",
        "通行密钥绑定站点名称;本机请用 localhost 地址。",
    ),
    "save": Words("Save", "保存"),
    "people": Words("People", "人员"),
    "role": Words("Role", "角色"),
    "role_guest": Words("guest", "访客"),
    "role_viewer": Words("viewer", "查看"),
    "role_operator": Words("operator", "值班"),
    "role_approver": Words("approver", "审批"),
    "role_steward": Words("steward", "数据管理员"),
    "role_admin": Words("admin", "管理员"),
    "signs_for": Words(
        "Signs for this department alone (its code; empty: any)",
        "仅代该部门签署(部门代码;空为不限)",
    ),
    "change": Words("Change", "更改"),
    "new_link": Words("New one-time link", "新的一次性链接"),
    "link_says": Words(
        "Give this link to them; it opens once, within a day:",
        "请将此链接交给本人;一日内有效,仅可用一次:",
    ),
    "invite": Words("Invite", "邀请"),
    "remove": Words("Remove", "移除"),
}
