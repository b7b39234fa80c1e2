"""Claims: what each scope tells of a person, and under which name each sector knows them."""

import base64
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from mindu.base.records import Words


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client may be told, in the words of the consent page; claim → the vault's field."""

    says: Words
    claims: Mapping[str, str]


SCOPES = {
    "openid": Scope(
        Words("that it is you, under a name of its own for you", "确认是您本人(使用专属代号)"), {}
    ),
    "profile": Scope(
        Words("your name and whether you are a person or a firm", "姓名(名称)及主体类型"),
        {"name": "name", "subject_kind": "kind"},
    ),
    "phone": Scope(Words("your phone number", "手机号码"), {"phone_number": "phone"}),
    "identity": Scope(
        Words("your proved name and identity number, and who proved them",
              "实名姓名、公民身份号码及其核验来源"),
        {"real_name": "real_name", "id_number": "id_number", "verified_by": "proved_by",
         "verified_on": "proved_on"},
    ),
    "firm": Scope(
        Words("the firm's name and its unified credit code", "企业名称与统一社会信用代码"),
        {"org_name": "org_name", "credit_code": "credit_code"},
    ),
    "acting": Scope(
        Words("for whom you act, where somebody let you", "您受托代办的对象与范围"), {}
    ),
    "staff": Scope(Words("your role and your offices at the desk", "岗位角色与所属部门"), {}),
    "offline_access": Scope(
        Words("to ask again while you are away, for 30 days at most", "30日内可在您离开后再次查询"),
        {},
    ),
}  # fmt: skip

CLAIMS = {
    "sub": Words("a name of its own for you", "专属代号"), "name": Words("name", "姓名(名称)"),
    "subject_kind": Words("person or firm", "主体类型"), "phone_number": Words("phone", "手机号码"),
    "real_name": Words("proved name", "实名姓名"),
    "id_number": Words("identity number", "公民身份号码"),
    "verified_by": Words("who proved it", "核验来源"), "verified_on": Words("when", "核验日期"),
    "org_name": Words("firm", "企业名称"), "credit_code": Words("credit code", "统一社会信用代码"),
    "role": Words("role", "岗位角色"), "offices": Words("offices", "所属部门"),
    "on_behalf_of": Words("for whom you act", "代办对象"),
}  # fmt: skip
SUBJECTS = {"person": Words("a person", "个人"), "firm": Words("a firm", "企业"),
            "staff": Words("staff", "工作人员")}  # fmt: skip


def pairwise(secret: str, sector: str, subject: str) -> str:
    """Return the name under which a sector knows a subject; two sectors cannot match theirs."""
    told = f"{sector}|{subject}".encode()
    digest = hmac.new(secret.encode(), told, sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def claims_of(scopes: Collection[str], facts: Mapping[str, object]) -> dict[str, object]:
    """Return the claims that these scopes open; a fact that is not there is no claim."""
    named = [pair for scope in scopes if scope in SCOPES for pair in SCOPES[scope].claims.items()]
    return {claim: facts[field] for claim, field in named if facts.get(field)}
