"""API keys: held as digests in a table that people lay down, each for one jurisdiction."""

from datetime import date
from hashlib import sha256

from mindu.brain.cases import Role
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer, covers
from mindu.edge.open311.asked import Wrong

TABLE = "api_keys"
COLUMNS = ("client", "digest", "area", "until", "may")


def client(office: Office, key: str, area: str, today: date, *, doing: str = "report") -> str:
    """Return whose key it is.

    Raises:
        Wrong: 403 without a key that holds here, today and for this.
    """
    laid = office.memory.tables.get(TABLE)
    wanted = sha256(key.encode()).hexdigest()
    for name, digest, where, until, may in laid.table.rows if laid and key else ():
        held = not until or today <= date.fromisoformat(until)
        if digest == wanted and held and covers((where or "*",), area) and doing in may.split():
            return name
    raise Wrong(403, "api_key was not provided, or does not hold here")


def officer(client: str, area: str) -> Officer:
    """Return a client as somebody who may add a note to the cases of an area, and nothing more.

    The table lets an operator do more; the doors offer a client nothing but the note.
    """
    return Officer(f"key:{client}", client, roles=(Role.OPERATOR,), areas=(area or "*",))
