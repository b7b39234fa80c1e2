"""Opening (开放): what the public may have, how safe that is, and what the public asks for."""
