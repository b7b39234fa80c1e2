"""Forms: JSON Schema 2020-12 with a UI schema and FEEL conditions, filled in page by page."""

from mindu.engines.forms.answers import Filled, asked, checked, taken
from mindu.engines.forms.form import Field, Form, FormError, Page, Source
from mindu.engines.forms.load import load
from mindu.engines.forms.words import Say

__all__ = [
    "Field",
    "Filled",
    "Form",
    "FormError",
    "Page",
    "Say",
    "Source",
    "asked",
    "checked",
    "load",
    "taken",
]
