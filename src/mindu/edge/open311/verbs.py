"""The verbs of GeoReport v2: each takes one call, and returns a name and what stands under it."""

from mindu.brain.casework.kinds import Attribute
from mindu.brain.casework.office import Wish
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.plain import MOST as LONGEST
from mindu.edge.open311 import keys
from mindu.edge.open311.asked import SPAN, Wrong, answers, offered
from mindu.edge.open311.call import Call
from mindu.edge.open311.cases import updates
from mindu.edge.open311.shape import Plain

SPEC = "http://wiki.open311.org/GeoReport_v2"
Answer = tuple[str, Plain]


def discovery(call: Call) -> Answer:
    """Tell who answers, where keys come from, and where the endpoint lies."""
    city = call.city
    endpoint = {
        "specification": SPEC,
        "url": call.root,
        "changeset": city.changeset,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return "discovery", {
        "changeset": city.changeset,
        "contact": f"{city.contact.zh} {city.contact.en}",
        "key_service": city.key_service,
        "endpoints": [endpoint],
    }


def services(call: Call) -> Answer:
    """List the services of a jurisdiction."""
    return "services", [
        {
            "service_code": service.code,
            "service_name": f"{service.name.zh} {service.name.en}",
            "description": f"{service.says.zh} {service.says.en}",
            "metadata": bool(service.attributes),
            "type": "realtime",
            "keywords": ",".join(service.keywords),
            "group": f"{service.group.zh} {service.group.en}",
        }
        for service in offered(call.city.kind, call.where)
    ]


def definition(call: Call) -> Answer:
    """Tell the questions of a service."""
    service = call.service(call.path["code"])
    if not service.attributes:
        raise Wrong(404, f"service {service.code!r} asks nothing more (metadata is false)")
    asks = [_attribute(order, a) for order, a in enumerate(service.attributes, start=1)]
    return "service_definition", {"service_code": service.code, "attributes": asks}


def listed(call: Call) -> Answer:
    """List service requests."""
    return "service_requests", list(call.shelf.found(call.asked))


def one(call: Call) -> Answer:
    """Return one service request, still as a list of one."""
    shelf = call.shelf
    return "service_requests", [shelf.request(shelf.number(call.path["id"]))]


def token(call: Call) -> Answer:
    """Return the id that a token became; the caller's code is the token."""
    number = call.city.counter.status(call.path["id"], call.address)
    if number is None:
        raise Wrong(404, f"token {call.path['id']!r} was not found")
    return "service_requests", [{"service_request_id": str(number), "token": call.path["id"]}]


def report(call: Call) -> Answer:
    """Take a service request in; it is on disk when its id is told."""
    client, asked = call.client("report"), call.asked
    if not asked.one("service_code"):
        raise Wrong(400, "service_code was not provided")
    service = call.service(asked.one("service_code"))
    point = asked.point()
    if point is None and not (asked.one("address_string") or asked.one("address_id")):
        raise Wrong(400, "one of lat and long, address_string, address_id must be provided")
    if len(asked.one("description")) > LONGEST:
        raise Wrong(400, f"description has at most {LONGEST} characters")
    where = call.where
    facts = {f"attribute.{code}": value for code, value in answers(asked, service).items()}
    if asked.one("media_url"):
        facts["media_url"] = asked.one("media_url")[:500]
    letter = Letter(
        kind=call.city.kind.name, text=asked.one("description") or service.name.zh,
        channel="open311", address=f"key:{client}", phone=asked.one("phone"),
        name=f"{asked.one('last_name')}{asked.one('first_name')}"[:100],
        email=asked.one("email")[:200], service=service.code, area=where.code if where else "",
        place=asked.one("address_string") or asked.one("address_id"), where=point,
        facts=facts, photos=call.photos,
    )  # fmt: skip
    got = call.city.counter.receive(letter)
    notice = f"{got.hand_over.says.zh} {got.hand_over.says.en}" if got.hand_over else None
    # The spec wants an id or a token, never both: matters are taken in at once, so it is the id.
    told = {"service_request_id": str(got.number), "service_notice": notice, "account_id": None}
    return "service_requests", [told]


def changes(call: Call) -> Answer:
    """List updates of service requests (mySociety's extension)."""
    start, end = call.asked.window()
    until = end or call.city.counter.clock.now()
    since = start or until - SPAN
    return "service_request_updates", list(updates(call.shelf, since, until, 1_000))


def update(call: Call) -> Answer:
    """Take an update of a service request: what somebody adds to it."""
    client, shelf = call.client("update"), call.shelf
    number = shelf.number(call.asked.one("service_request_id"))
    said = call.asked.one("description")
    if not said:
        raise Wrong(400, "description was not provided")
    officer = keys.officer(client, shelf.where.code if shelf.where else "")
    wish = Wish(name="note", note=f"{client}: {said}")
    entry = call.city.counter.act(number, wish, officer)
    return "service_request_updates", [{"update_id": str(entry.seq)}]


def _attribute(order: int, asked: Attribute) -> dict[str, Plain]:
    values: list[Plain] = [
        {"key": key, "name": f"{name.zh} {name.en}"} for key, name in asked.values
    ]
    told: dict[str, Plain] = {
        "variable": True,
        "code": asked.code,
        "datatype": asked.datatype,
        "required": asked.required,
        "datatype_description": None,
        "order": order,
        "description": f"{asked.asks.zh} {asked.asks.en}",
    }
    return {**told, "values": values} if values else told
