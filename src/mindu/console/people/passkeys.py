"""Passkeys: what a browser is asked to make or sign, and whether its answer holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mindu.console.people.challenges import Challenges
from mindu.console.people.keys import Keys, Passkey


class NoPasskey(ValueError):  # noqa: N818 - an answer to a person
    """The answer holds for nobody."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where passkeys are made and used: the name they are bound to, its pages, and one visitor."""

    keys: Keys
    challenges: Challenges
    site: str
    origin: str
    sid: str  # whose challenge it is


def begin_enrol(door: Door, *, name: str, title: str) -> dict[str, Any]:
    """Return what a browser needs to make a passkey."""
    from webauthn import generate_registration_options  # noqa: PLC0415 - loads when asked
    from webauthn.helpers import options_to_json_dict  # noqa: PLC0415
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
    )
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor as Known  # noqa: PLC0415

    # Who signs in types no name: the key itself must know whose it is.
    found = AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED)
    options = generate_registration_options(
        rp_id=door.site,
        rp_name=title,
        user_name=name,
        authenticator_selection=found,
        exclude_credentials=[Known(id=k.id) for k in door.keys.passkeys(name)],
    )
    door.challenges.remember(door.sid, options.challenge)
    return dict(options_to_json_dict(options))


def finish_enrol(door: Door, told: dict[str, Any], *, name: str, now: datetime) -> None:
    """Keep the passkey that the browser made.

    Raises:
        NoPasskey: it does not answer the challenge.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        made = verify_registration_response(
            credential=told,
            expected_challenge=door.challenges.recall(door.sid),
            expected_rp_id=door.site,
            expected_origin=door.origin,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError) as no:
        raise NoPasskey("the passkey was not accepted") from no
    label = str(told.get("label", ""))
    kept = Passkey(made.credential_id, name, made.credential_public_key, made.sign_count, label)
    door.keys.add_passkey(kept, now)


def begin_enter(door: Door) -> dict[str, Any]:
    """Return what a browser needs to sign in by a passkey."""
    from webauthn import generate_authentication_options  # noqa: PLC0415
    from webauthn.helpers import options_to_json_dict  # noqa: PLC0415

    options = generate_authentication_options(rp_id=door.site)
    door.challenges.remember(door.sid, options.challenge)
    return dict(options_to_json_dict(options))


def finish_enter(door: Door, told: dict[str, Any]) -> tuple[str, bool]:
    """Return whose passkey answered the challenge, and whether its holder was verified by it.

    Raises:
        NoPasskey: nobody's, or it is a copy that runs behind.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        known = door.keys.whose(base64url_to_bytes(str(told["id"])))
        done = verify_authentication_response(
            credential=told,
            expected_challenge=door.challenges.recall(door.sid),
            expected_rp_id=door.site,
            expected_origin=door.origin,
            credential_public_key=known.key,
            credential_current_sign_count=known.count,
        )
    except (WebAuthnException, KeyError, ValueError, TypeError) as no:
        raise NoPasskey("the passkey was not accepted") from no
    door.keys.counted(known.id, done.new_sign_count)
    return known.name, done.user_verified
