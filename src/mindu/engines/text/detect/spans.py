"""Everything that the mask knows, and credit codes and addresses, each with its place."""

from mindu.engines.text.detect.address import addresses
from mindu.engines.text.detect.credit import codes
from mindu.engines.text.mask.mask import ORDER, Span, claims, settled

KINDS = (*ORDER, "credit", "address")


def spans(text: str) -> list[Span]:
    """Return what stands in a text; where two claims overlap, the earlier of `KINDS` holds."""
    found = list(claims(text))
    found += [Span("credit", start, end) for start, end in codes(text)]
    found += [Span("address", start, end) for start, end in addresses(text)]
    return settled(found, KINDS)
