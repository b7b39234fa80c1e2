"""Writing a build: what was made anew beside what stays as it was, table by table."""

from collections.abc import Sequence
from pathlib import Path

from mindu.data.registers.work import Work

_WHERE = "record NOT IN (FROM touched) AND record NOT IN (SELECT record FROM gone)"
_STAYS = "subject NOT IN (FROM stale)"


def reviewed(work: Work, likely: float) -> int:
    """Find the pairs that a person decides: the surest between each two subjects.

    Returns how many there are; no pair is asked about that a person has decided.
    """
    work.db.execute(
        f"CREATE TABLE now AS SELECT record, subject FROM kept_records WHERE {_WHERE} "  # noqa: S608
        "UNION ALL FROM placed"
    )
    work.db.execute(
        "CREATE TABLE parted AS SELECT DISTINCT least(x.subject, y.subject) AS a, "
        "greatest(x.subject, y.subject) AS b FROM apart JOIN now x ON x.record = apart.a "
        "JOIN now y ON y.record = apart.b"
    )
    work.db.execute(
        "CREATE TABLE review AS SELECT a, b, chance, weight, likeness FROM (SELECT p.*, "
        "least(x.subject, y.subject) AS one, greatest(x.subject, y.subject) AS other FROM pairs p "
        "JOIN now x ON x.record = p.a JOIN now y ON y.record = p.b WHERE p.chance >= $likely "
        "AND x.subject <> y.subject) w WHERE NOT EXISTS (FROM parted t WHERE t.a = w.one AND "
        "t.b = w.other) QUALIFY row_number() OVER (PARTITION BY one, other "
        "ORDER BY weight DESC, a, b) = 1", {"likely": likely},
    )  # fmt: skip
    return work.count("review")


def staled(work: Work) -> None:
    """Find the subjects of the build before that are made anew, or are no more."""
    work.db.execute(
        "CREATE TABLE stale AS SELECT DISTINCT subject FROM kept_records WHERE record IN "
        "(FROM touched) OR record IN (SELECT record FROM gone)"
    )


def tied(work: Work, holders: Sequence[Path]) -> None:
    """Find whom each paper is held by: by its code, else by a name that one firm alone has."""
    every = " UNION ALL ".join(
        f"SELECT subject, tie FROM read_parquet('{_quoted(path)}')"  # noqa: S608 - our own files
        for path in holders
    )
    one = (
        f"SELECT tie, min(subject) AS holder FROM ({every}) GROUP BY tie "  # noqa: S608 - ours
        "HAVING NOT starts_with(tie, '=') OR count(DISTINCT subject) = 1"
    )
    none = "SELECT NULL::VARCHAR AS tie, NULL::VARCHAR AS holder WHERE false"
    ties = f"SELECT subject, tie FROM kept_ties WHERE {_STAYS}"  # noqa: S608
    if "made_ties" in work.names():
        ties += " UNION ALL FROM made_ties"
    work.db.execute(
        f"CREATE TABLE held AS SELECT t.subject, h.holder AS held_by FROM ({ties}) t "  # noqa: S608
        f"JOIN ({one if holders else none}) h USING (tie)"
    )


def untied(work: Work) -> bool:
    """Say whether a paper is held by another one than before."""
    if "held_by" not in work.columns("kept_subjects"):
        return work.count("held") > 0
    return bool(work.count(
        "kept_subjects s LEFT JOIN held h USING (subject) "
        "WHERE s.held_by IS DISTINCT FROM h.held_by"
    ))  # fmt: skip


def tables(work: Work, folder: Path, *, held: bool) -> None:
    """Write the tables of a build into a folder: subjects last, for they say who holds a paper."""
    plain = {"blocks": "FROM blocks", "voids": "FROM voids", "often": "FROM often",
             "pairs": "FROM pairs ORDER BY weight DESC, a, b",
             "review": "FROM review ORDER BY weight DESC, a, b"}  # fmt: skip
    for name, query in plain.items():
        _copy(work, query, folder / f"{name}.parquet")
    for name, stays in {
        "records": _WHERE, "subjects": _STAYS, "origins": _STAYS, "ties": _STAYS,
    }.items():  # fmt: skip
        made, kept = f"made_{name}", f"SELECT * FROM kept_{name} WHERE {stays}"  # noqa: S608
        query = f"{kept} UNION ALL BY NAME FROM {made}" if made in work.names() else kept
        if made in work.names() and not work.count(f"kept_{name}"):
            query = f"FROM {made}"
        if name == "subjects" and held:
            less = " EXCLUDE (held_by)" if "held_by" in work.columns("kept_subjects") else ""
            if query != f"FROM {made}":
                query = query.replace("SELECT *", f"SELECT *{less}", 1)
            query = f"SELECT s.*, h.held_by FROM ({query}) s LEFT JOIN held h USING (subject)"  # noqa: S608
        _copy(work, f"SELECT * FROM ({query}) ORDER BY ALL", folder / f"{name}.parquet")  # noqa: S608


def _copy(work: Work, query: str, path: Path) -> None:
    work.db.execute(f"COPY ({query}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
