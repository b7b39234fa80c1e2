"""The store of identities: one SQLite file that only its owner may read; secrets lie as digests."""

from pathlib import Path

from mindu.console.people.store import Store

FILE = "identity.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS subject(id TEXT PRIMARY KEY, name TEXT UNIQUE, kind TEXT, since REAL);
CREATE TABLE IF NOT EXISTS bound(bid TEXT PRIMARY KEY, subject TEXT, how TEXT, since REAL);
CREATE TABLE IF NOT EXISTS signed(digest BLOB PRIMARY KEY, subject TEXT, amr TEXT, at REAL);
CREATE TABLE IF NOT EXISTS office(name TEXT, office TEXT, PRIMARY KEY(name, office));
CREATE TABLE IF NOT EXISTS reach(name TEXT PRIMARY KEY, phone TEXT, mail TEXT);
CREATE TABLE IF NOT EXISTS client(id TEXT PRIMARY KEY, told BLOB);
CREATE TABLE IF NOT EXISTS signing(kid TEXT PRIMARY KEY, pem BLOB, since REAL, until REAL);
CREATE TABLE IF NOT EXISTS pending(digest BLOB PRIMARY KEY, browser BLOB, told BLOB, at REAL);
CREATE TABLE IF NOT EXISTS code(digest BLOB PRIMARY KEY, client TEXT, nonce TEXT, told BLOB,
                                until REAL, spent INTEGER);
CREATE TABLE IF NOT EXISTS family(id TEXT PRIMARY KEY, client TEXT, subject TEXT, told BLOB,
                                  until REAL, ended TEXT);
CREATE TABLE IF NOT EXISTS token(digest BLOB PRIMARY KEY, kind TEXT, family TEXT, until REAL,
                                 spent INTEGER);
CREATE TABLE IF NOT EXISTS consent(subject TEXT, client TEXT, scopes TEXT, until REAL,
                                   PRIMARY KEY(subject, client));
CREATE TABLE IF NOT EXISTS visited(session BLOB, client TEXT, sid TEXT, subject TEXT, at REAL,
                                   PRIMARY KEY(session, client));
CREATE INDEX IF NOT EXISTS visited_sid ON visited(sid);
CREATE TABLE IF NOT EXISTS farewell(id TEXT PRIMARY KEY, client TEXT, subject TEXT, sid TEXT,
                                    next REAL, tries INTEGER);
CREATE TABLE IF NOT EXISTS delegation(id TEXT PRIMARY KEY, principal TEXT, delegate TEXT,
                                      told BLOB);
"""


def opened(folder: Path | None) -> Store:
    """Open the store in a folder, or one in memory."""
    store = Store(None if folder is None else folder / FILE)
    with store.lock:
        list(store.run(_TABLES))
    return store
