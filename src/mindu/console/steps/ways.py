"""Ways: where a browser goes on once its officer has signed in."""

import re
from urllib.parse import urlencode

from starlette.requests import Request

from mindu.console.steps.sitting import lang_of

PAGES = re.compile(r"/(?:|units|papers|papers/[\w-]{1,40}|\d{1,15}/\d{1,15})", re.ASCII)


def wanted(request: Request, root: str) -> str:
    """Return the page of the desk that a browser asked for, to go on to after a sign-in.

    What a form sent in is not done again: its page is shown; what lies elsewhere is the list.
    """
    lang, path = lang_of(request), request.url.path
    here = PAGES.fullmatch(path.removeprefix(root)) if path.startswith(f"{root}/") else None
    if here is None:
        return f"{root}/?lang={lang}"
    kept = {name: value for name, value in request.query_params.items() if name != "lang"}
    return f"{path}?{urlencode({**kept, 'lang': lang})}"
