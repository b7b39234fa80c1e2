"""The words of `mindu senses` and `mindu edge`, as the command line reads them."""

import argparse
from pathlib import Path

HTTP, MQTT = 8024, 1884


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both verbs."""
    top = verbs.add_parser("senses", help="readings of devices: doors, register, questions 感知")
    inner = top.add_subparsers(dest="what", required=True, metavar="WHAT")
    _serve(_one(inner, "serve", "open the doors: HTTP, MQTT and what the settings name 开门接数"))
    add = _one(inner, "key", "make a sender's or a device's key 发放密钥")
    add.add_argument("name", help="of the sender, or with --device of a device")
    add.add_argument("--device", action="store_true", help="the key of a device")
    add.add_argument("--group", action="append", default=[], help="only this group's devices")
    add.add_argument("--keeps", action="store_true", help="may change the register")
    add.add_argument("--orders", action="store_true", help="may give commands to devices")
    add.add_argument("--void", action="store_true", help="void the key it has")
    add = _one(inner, "kinds", "declare kinds of devices from JSON 设备类型")
    add.add_argument("file", type=Path, help="one kind or a list of kinds")
    add = _one(inner, "devices", "take devices into the register, in bulk 设备入册")
    add.add_argument("file", type=Path, help=".json (a list), .ndjson or .csv")
    add = _one(inner, "take", "take readings in from files 读入文件")
    add.add_argument("files", type=Path, nargs="+", help=".csv, .json, .ndjson, .arrow")
    _one(inner, "account", "what became of everything received 收支")
    _one(inner, "health", "which devices are silent, flapping, drifting, low on battery 体检")
    _certify(_one(inner, "certify", "a certificate for a device's signing request 设备证书"))
    _window(_one(inner, "window", "the readings of one series 读取时序"))
    _tiers(inner)
    _spread(inner)
    add = verbs.add_parser("edge", help="a small node that hands its readings on 边缘节点")
    add.add_argument("--settings", type=Path, required=True, help="one TOML file")
    _plain(add)


def _tiers(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _one(inner, "tiers", "what is kept where, and what is gone 分层存留")
    add.add_argument("--move", action="store_true", help="move what is due now")
    add.add_argument("--keep-days", type=int, default=0, help="of kinds that declare nothing")
    add = _one(inner, "hold", "let nothing of these be dropped 冻结")
    add.add_argument("name")
    add.add_argument("--why", required=True)
    for what in ("kind", "group", "device"):
        add.add_argument(f"--{what}", default="", help="only this one's readings")
    add = _one(inner, "free", "end a hold 解冻")
    add.add_argument("name")
    add = _one(inner, "cold", "keep what goes cold in another folder 冷存目录")
    add.add_argument("folder", type=Path)


def _spread(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _one(inner, "means", "what many series came to, by many processes or machines 多机汇总")
    add.add_argument("--folder", type=Path, action="append", help="senses of a brain; may repeat")
    add.add_argument("--prop", default="", help="of this property; else all")
    add.add_argument("--group", default="", help="of this group; else all")
    add.add_argument("--since", help="RFC 3339; else a day before")
    add.add_argument("--until", help="RFC 3339; else now")
    add.add_argument("--every", type=int, default=3600, metavar="S", help="seconds of a step")
    hows = ["mean", "sum", "min", "max", "count"]
    add.add_argument("--how", choices=hows, default="mean")
    add.add_argument("--processes", type=int, default=0, help="that count; else one a core")
    add.add_argument(
        "--ray", default="", metavar="ADDRESS", help="a Ray cluster: auto, or its head"
    )
    add = _one(inner, "shard", "deal devices out to brains, one file each 设备分脑")
    add.add_argument("file", type=Path, help=".ndjson of devices")
    add.add_argument("--brain", action="append", required=True)
    add.add_argument("--pin", action="append", default=[], metavar="GROUP=BRAIN")
    add.add_argument("--out", type=Path, required=True, help="folder for the files")
    _size(_one(inner, "size", "what a city to be built will come to 规模推演"))


def _size(add: argparse.ArgumentParser) -> None:
    add.add_argument("--devices", type=int, default=20_000_000)
    add.add_argument("--brains", type=int, default=13)
    add.add_argument("--every", type=float, default=300.0, help="s between reports of a device")
    add.add_argument("--props", type=int, default=1, help="readings in a report")
    add.add_argument("--groups", type=int, default=100, help="groups of a brain")
    add.add_argument("--cores", type=float, default=2.0, help="of a brain")
    add.add_argument("--days", type=int, default=400, help="that readings are kept")
    add.add_argument("--core-year", type=float, default=0.0, help="price of a core for a year")
    add.add_argument("--tb-year", type=float, default=0.0, help="price of a terabyte for a year")
    add.add_argument("--seed", type=int, default=1)


def _window(add: argparse.ArgumentParser) -> None:
    add.add_argument("device")
    add.add_argument("prop")
    add.add_argument("--last", type=int, default=20, metavar="N", help="the newest N")
    add.add_argument("--until", help="up to this instant, RFC 3339")
    add.add_argument("--known", help="as it was known at this instant, RFC 3339")


def _certify(add: argparse.ArgumentParser) -> None:
    add.add_argument("device")
    add.add_argument("request", type=Path, help="a PKCS #10 signing request in PEM")
    add.add_argument("--days", type=int, default=365, help="that it holds")


def _serve(add: argparse.ArgumentParser) -> None:
    add.add_argument("--settings", type=Path, help="a TOML file; else HTTP and MQTT on loopback")
    add.add_argument("--host", default="127.0.0.1")
    add.add_argument("--port", type=int, default=HTTP, help="of HTTP; 0 takes a free one")
    add.add_argument("--mqtt-port", type=int, default=MQTT, help="0 takes a free one")


def _one(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, told: str
) -> argparse.ArgumentParser:
    add = inner.add_parser(name, help=told, description=told)
    _plain(add)
    return add


def _plain(add: argparse.ArgumentParser) -> None:
    add.add_argument("--data", type=Path, help="folder of the senses (default: the user's state)")
    add.add_argument("--json", action="store_true", help="print JSON on standard output")
    add.add_argument("--lang", choices=["zh", "en"])
