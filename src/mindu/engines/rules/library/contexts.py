"""Built-in functions of contexts."""

from mindu.engines.rules.library.registry import builtin
from mindu.engines.rules.value.run import Refused, Run


@builtin("get value", "m: context, key: string")
def get_value(m: dict[str, object], key: str) -> object:
    """Return the value under a key, null where there is none."""
    return m.get(key)


@builtin("get value", "context: context, keys: list")
def get_value_deep(context: dict[str, object], keys: list[object]) -> object:
    """Return the value under a path of keys."""
    value: object = context
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@builtin("get entries", "m: context")
def get_entries(m: dict[str, object]) -> list[object]:
    """Return a list of contexts of key and value."""
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context", "entries: list")
def context(entries: list[object]) -> dict[str, object]:
    """Return the context that a list of keys and values makes."""
    found: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            raise Refused("arguments", "context", "an entry has no key or no value")
        key = entry.get("key")
        if not isinstance(key, str):
            raise Refused("arguments", "context", "a key is not a string")
        if key in found:
            raise Refused("twice", key)
        found[key] = entry["value"]
    return found


@builtin("context put", "context: context, key: string, value: any")
def context_put(context: dict[str, object], key: str, value: object) -> dict[str, object]:
    """Return the context with a value under a key."""
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_deep(
    run: Run, context: dict[str, object], keys: list[object], value: object
) -> dict[str, object]:
    """Return the context with a value under a path of keys."""
    return _put(run, context, keys, value)


def _put(run: Run, inside: object, keys: list[object], value: object) -> dict[str, object]:
    run.spend(1)
    if not keys or not isinstance(keys[0], str) or not isinstance(inside, dict):
        raise Refused("arguments", "context put", "the keys do not lead through contexts")
    key = keys[0]
    if len(keys) == 1:
        return {**inside, key: value}
    return {**inside, key: _put(run, inside.get(key), keys[1:], value)}


@builtin("context merge", "contexts: list")
def context_merge(contexts: list[object]) -> dict[str, object]:
    """Return one context of many, the later ones winning."""
    found: dict[str, object] = {}
    for one in contexts:
        if not isinstance(one, dict):
            raise Refused("arguments", "context merge", "not all are contexts")
        found.update(one)
    return found
