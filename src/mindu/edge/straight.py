"""A straight line over HTTP: no redirection is followed, so a key goes where it was meant to."""

import urllib.request

STRAIGHT = urllib.request.OpenerDirector()
for _part in ("Proxy", "HTTP", "HTTPS", "HTTPDefaultError", "Unknown"):
    STRAIGHT.add_handler(getattr(urllib.request, f"{_part}Handler")())
STRAIGHT.add_handler(urllib.request.HTTPErrorProcessor())
