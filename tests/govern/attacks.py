"""Attacks on the gateway: `NO` are refused; `RAN` run and tell nothing they should not."""

# Each is judged by what comes out: no raw telephone, no name, no row of another district, no file.
NO = """
SELECT phone FROM calls; SELECT 1
SELECT 1; DROP TABLE calls
DROP TABLE calls
DELETE FROM calls
UPDATE calls SET phone = 'x'
INSERT INTO calls VALUES (1)
CREATE TABLE x AS SELECT * FROM calls
CREATE VIEW x AS SELECT * FROM calls
CREATE MACRO f(a) AS a
ALTER TABLE calls ADD COLUMN x INT
TRUNCATE calls
COPY calls TO 'out.csv'
COPY (SELECT * FROM calls) TO 'out.parquet' (FORMAT parquet)
EXPORT DATABASE 'x'
IMPORT DATABASE 'x'
ATTACH 'x.db'
ATTACH ':memory:' AS x
DETACH x
USE memory
SET enable_external_access = true
SET lock_configuration = false
RESET ALL
PRAGMA database_list
PRAGMA table_info('calls')
INSTALL httpfs
LOAD httpfs
CALL pragma_version()
EXPLAIN SELECT * FROM calls
EXPLAIN ANALYZE SELECT * FROM calls
DESCRIBE calls
SUMMARIZE calls
SHOW TABLES
SHOW ALL TABLES
VALUES (1)
PREPARE p AS SELECT 1
EXECUTE p
CHECKPOINT
VACUUM
BEGIN TRANSACTION
PIVOT calls ON topic USING count(*)
UNPIVOT calls ON minutes INTO NAME n VALUE v
SELECT * FROM 'calls.parquet'
SELECT * FROM "calls.parquet"
SELECT * FROM "/etc/passwd"
SELECT * FROM '/etc/passwd'
SELECT * FROM read_parquet('calls.parquet')
SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_csv_auto('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_blob('/etc/passwd')
SELECT * FROM read_json('/etc/passwd')
SELECT * FROM glob('/etc/*')
SELECT * FROM parquet_scan('calls.parquet')
SELECT * FROM parquet_metadata('calls.parquet')
SELECT * FROM sniff_csv('/etc/passwd')
SELECT * FROM query('SELECT 1')
SELECT * FROM query_table('calls')
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_tables
SELECT * FROM duckdb_secrets()
SELECT * FROM information_schema.tables
SELECT * FROM pg_catalog.pg_tables
SELECT * FROM sqlite_master
SELECT * FROM main.calls
SELECT * FROM memory.main.calls
SELECT * FROM system.main.calls
SELECT * FROM range(10)
SELECT * FROM generate_series(1, 10)
SELECT * FROM repeat_row(1, num_rows = 3)
SELECT * FROM unnest([1, 2])
SELECT unnest([1, 2])
SELECT * FROM (VALUES (1)) v(a)
SELECT * FROM test_all_types()
SELECT * FROM calls TABLESAMPLE 10%
SELECT * FROM calls USING SAMPLE 3
SELECT * FROM calls AT (VERSION => 1)
SELECT * FROM calls AT (TIMESTAMP => TIMESTAMP '2020-01-01')
SELECT * FROM calls FOR UPDATE
SELECT calls FROM calls
SELECT c FROM calls c
SELECT c::VARCHAR FROM calls c
SELECT to_json(c) FROM calls c
SELECT json_object('a', phone) FROM calls
SELECT row(phone, caller) FROM calls
SELECT struct_pack(a := phone) FROM calls
SELECT {'a': phone} FROM calls
SELECT [phone] FROM calls
SELECT list(phone) FROM calls
SELECT array_agg(phone) FROM calls
SELECT string_agg(phone, ',') FROM calls
SELECT histogram(phone) FROM calls
SELECT map([phone], [1]) FROM calls
SELECT arg_max(phone, minutes) FROM calls
SELECT first(phone) FROM calls
SELECT any_value(phone) FROM calls
SELECT mode(phone) FROM calls
SELECT approx_top_k(phone, 3) FROM calls
SELECT COLUMNS('ph.*') FROM calls
SELECT COLUMNS(*) FROM calls
SELECT * REPLACE (phone AS topic) FROM calls
SELECT * RENAME (phone AS x) FROM calls
SELECT * LIKE 'ph%' FROM calls
SELECT count(*) FILTER (WHERE minutes > 3) FROM calls
SELECT DISTINCT ON (district) phone FROM calls
SELECT * FROM calls, LATERAL (SELECT phone) l
SELECT * FROM calls NATURAL JOIN calls b
SELECT * FROM calls ASOF JOIN calls b ON calls.opened >= b.opened
SELECT * FROM calls POSITIONAL JOIN calls b
WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT * FROM r
WITH r AS MATERIALIZED (SELECT 1 AS a) SELECT * FROM r
SELECT $1
SELECT ?
SELECT getenv('HOME')
SELECT getvariable('x')
SELECT current_setting('allowed_directories')
SELECT version()
SELECT current_user
SELECT current_database()
SELECT current_schemas(true)
SELECT txid_current()
SELECT random()
SELECT uuid()
SELECT now()
SELECT current_date
SELECT nextval('s')
SELECT repeat('x', 2000000000)
SELECT lpad('x', 2000000000, 'y')
SELECT printf('%s', phone) FROM calls
SELECT format('{}', phone) FROM calls
SELECT regexp_extract(phone, '.*') FROM calls
SELECT regexp_matches(topic, '.*') FROM calls
SELECT sha256(phone) FROM calls
SELECT md5(phone) FROM calls
SELECT hash(phone) FROM calls
SELECT error(phone) FROM calls
SELECT list_transform([1], x -> x)
SELECT phone[1] FROM calls
SELECT calls.phone.x FROM calls
SELECT CAST(phone AS STRUCT(a INT)) FROM calls
SELECT CAST(phone AS BLOB) FROM calls
SELECT CAST(phone AS JSON) FROM calls
SELECT phone::INT[] FROM calls
SELECT rowid FROM calls
SELECT filename FROM calls
SELECT file_row_number FROM calls
SELECT _subject FROM calls
SELECT _who FROM grouped
SELECT "_subject" FROM calls WHERE "_subject" = 'SECRET1-0'
SELECT * FROM calls GROUP BY ALL
SELECT topic FROM calls GROUP BY CUBE (topic)
SELECT topic FROM calls GROUP BY GROUPING SETS ((topic), ())
SELECT * FROM ghosts
SELECT 1
WITH calls AS (SELECT 1 AS a) SELECT * FROM calls
SELECT ghost FROM calls
SELECT t.phone FROM calls
SELECT phone FROM grouped
SELECT caller FROM grouped
SELECT opened FROM grouped
SELECT min(minutes) FROM grouped
SELECT max(minutes) FROM grouped
SELECT median(minutes) FROM grouped
SELECT list(minutes) FROM grouped
SELECT sum(CASE WHEN caller = 'SECRET-alone' THEN minutes END) FROM grouped
SELECT sum(minutes) FROM grouped WHERE caller = 'SECRET-alone'
SELECT sum(minutes) FROM grouped WHERE minutes > 700
SELECT sum(minutes) FILTER (WHERE topic = 'rare') FROM grouped
SELECT topic FROM grouped GROUP BY topic HAVING max(minutes) > 700
SELECT count(DISTINCT caller) FROM grouped
SELECT g.minutes FROM grouped g JOIN calls c ON g.topic = c.topic
WITH "a.csv" AS (SELECT 1 AS x) SELECT * FROM "a.csv"
SELECT 1 AS "x; DROP"
SELECT * FROM (SELECT 1 AS a) "/etc/passwd"
SELECT 1 FROM calls QUALIFY struct_extract({'a': 1}, 'a') = 1
SELECT /* x */ getenv('HOME') -- y
SELECT\u200bphone FROM calls
SELECT phone FROM ｃａｌｌｓ
SELECT ｐhone FROM calls
SELECT phone FROM саlls
SELECT '\u202e' FROM calls
SELECT phone\u0000 FROM calls
SELECT minutes FROM calls WHERE topic = 'ﬁ'
SELECT 1 WHERE EXISTS (SELECT 1 FROM duckdb_tables())
SELECT (SELECT phone FROM "calls.parquet")
SELECT topic FROM calls ORDER BY (SELECT getenv('HOME'))
SELECT topic FROM calls LIMIT (SELECT count(*) FROM ghosts)
SELECT x FROM (SELECT getenv('HOME') AS x)
SELECT 1 UNION ALL SELECT getenv('HOME')
SELECT * FROM calls WHERE topic IN (SELECT name FROM duckdb_tables())
SELECT CASE WHEN getenv('X') = '' THEN 1 END
SELECT coalesce(getenv('X'), 'y')
SELECT 1 FROM calls c1 JOIN read_csv('/etc/passwd') p ON true
SELECT is_histogram_other_bin(1)
"""

RAN = """
SELECT * FROM calls
SELECT topic FROM calls ORDER BY ALL
SELECT calls.* FROM calls
FROM calls
TABLE calls
SELECT * EXCLUDE (topic) FROM calls
SELECT phone, caller FROM calls
SELECT "phone" FROM "calls"
SELECT PHONE FROM CALLS
SELECT phone AS topic FROM calls
SELECT upper(phone) FROM calls
SELECT phone || caller FROM calls
SELECT substring(phone, 4, 4) FROM calls
SELECT left(phone, 11) FROM calls
SELECT CAST(phone AS BIGINT) FROM calls
SELECT TRY_CAST(caller AS INT) FROM calls
SELECT min(phone), max(caller) FROM calls
SELECT DISTINCT phone FROM calls
SELECT * FROM calls WHERE phone LIKE '138%'
SELECT count(*) FROM calls WHERE phone = '13800000003'
SELECT count(*) FROM calls WHERE caller = 'SECRET0-0'
SELECT * FROM calls WHERE district = '350103'
SELECT * FROM calls WHERE district <> '350102' OR 1 = 1
SELECT * FROM calls WHERE NOT (district = '350102')
SELECT topic FROM calls WHERE 1 = 1 OR district = '350103'
SELECT * FROM calls UNION ALL SELECT * FROM calls
SELECT * FROM calls EXCEPT SELECT * FROM calls WHERE district = '350102'
SELECT a.phone FROM calls a JOIN calls b ON a.phone = b.phone AND a.district <> b.district
SELECT a.topic FROM calls a LEFT JOIN calls b ON a.minutes = b.minutes AND b.district = '350103'
SELECT * FROM calls a FULL JOIN calls b ON a.phone = b.phone
SELECT * FROM (SELECT * FROM (SELECT * FROM calls) x) y
WITH c AS (SELECT * FROM calls) SELECT * FROM c
WITH a AS (SELECT * FROM calls), b AS (SELECT * FROM a) SELECT phone FROM b
SELECT (SELECT max(phone) FROM calls)
SELECT * FROM calls WHERE phone IN (SELECT phone FROM calls)
SELECT * FROM calls c WHERE EXISTS (SELECT 1 FROM calls d WHERE d.phone = c.phone)
SELECT phone, row_number() OVER (ORDER BY minutes) FROM calls
SELECT lag(phone) OVER (ORDER BY opened) FROM calls
SELECT topic, count(*) FROM calls GROUP BY topic HAVING max(district) > '350102'
SELECT topic FROM calls ORDER BY phone
SELECT CASE WHEN district = '350103' THEN phone ELSE caller END FROM calls
SELECT sum(CASE WHEN phone = '13800000003' THEN minutes END) FROM calls
SELECT minutes / (minutes - minutes) FROM calls
SELECT CAST(topic AS INT) FROM calls
SELECT 9223372036854775807 + CAST(minutes AS BIGINT) FROM calls
SELECT CAST(minutes AS BIGINT) % (CAST(minutes AS BIGINT) - CAST(minutes AS BIGINT)) FROM calls
SELECT CAST(CASE WHEN district = '350103' THEN 'x' ELSE '1' END AS INT) FROM calls
SELECT phone FROM calls -- ; SELECT
SELECT /* calls */ phone FROM calls
SELECT coalesce(nullif(phone, ''), caller) FROM calls
SELECT trim(phone), length(phone), lower(caller) FROM calls
SELECT concat(phone, '-', caller) FROM calls
SELECT * FROM grouped
SELECT district, count(*), sum(minutes), avg(minutes) FROM grouped GROUP BY district
SELECT sum(minutes) FROM grouped WHERE topic = 'rare'
SELECT count(*) FROM grouped WHERE topic = 'rare'
SELECT sum(minutes) FROM grouped WHERE topic <> 'rare'
SELECT max(minutes_sum) FROM grouped WHERE topic = 'rare'
SELECT sum(CASE WHEN topic = 'rare' THEN minutes_sum END) FROM grouped
SELECT a.topic, sum(b.minutes_sum) FROM grouped a, grouped b, grouped c GROUP BY 1
SELECT g.* FROM grouped g JOIN calls c ON g.topic = c.topic WHERE g.topic = 'rare'
SELECT topic, minutes_sum FROM grouped ORDER BY people LIMIT 1
SELECT avg(minutes) FROM grouped WHERE district = '350102' AND topic = 'rare'
SELECT max(minutes_sum) - min(minutes_sum) FROM grouped
SELECT * FROM stations
SELECT s.id, c.topic FROM stations s CROSS JOIN calls c
"""


def lines(told: str) -> list[str]:
    return [line.encode().decode("unicode_escape") if "\\u" in line else line
            for line in told.strip().splitlines()]  # fmt: skip


REFUSED, HARMLESS = lines(NO), lines(RAN)
