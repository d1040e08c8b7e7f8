/** The table and the function that apply a step in PostgreSQL. */

/** What is made in `schema`, which may be a quoted name with a dot behind it, or empty. Long, for it is one text of SQL. */
export function definitionsIn(schema: string): string {
  const table = `${schema}sms2fa_counters`;
  return `
-- A counter: how many, and its stamp: the window's end in microseconds of this server's clock, or minus its beginning
-- where it never ends. The stamp is the window's identity, by which it is given back. A record has rows of its own:
-- "record !" with the step that opened it, "record !step" with what that step took, or "x" where it is undone.
CREATE TABLE IF NOT EXISTS ${table} (
  key text COLLATE "C" PRIMARY KEY,
  n integer NOT NULL,
  stamp bigint NOT NULL,
  taken text
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX IF NOT EXISTS sms2fa_counters_stamp ON ${table} (stamp) WHERE stamp > 0;

-- locks: the scopes that the step writes or rests on, each once, sorted. All steps lock records first, then scopes.
CREATE OR REPLACE FUNCTION ${schema}sms2fa_step_1(
  id text, record text, mode text, life bigint,
  ops text[], keys text[], maxes bigint[], windows bigint[], shares bigint[], locks text[]
) RETURNS text LANGUAGE plpgsql VOLATILE
  -- A plan that was made while the table was empty would read all of it for ever.
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
  SET lock_timeout = '1500ms'
AS $step$
#variable_conflict use_column
DECLARE
  now bigint; mine text; is_open boolean; status text := 'ok'; answer text;
  settled text[]; undone text[]; paid text[];
BEGIN
  -- Under another level what is read below would be older than the locks.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'sms2fa: not read committed' USING ERRCODE = '25001';
  END IF;
  IF ops && ARRAY['G', 'U'] THEN
    -- What was paid from is locked beside what the step names, so the records are locked and read before.
    PERFORM pg_advisory_xact_lock(hashtextextended(s, 2)) FROM (
      SELECT regexp_replace(k, ' [^ ]*$', '') COLLATE "C" AS s FROM unnest(ops, keys) AS e(op, k) WHERE op IN ('G', 'U')
      UNION SELECT record WHERE record <> '' ORDER BY 1 OFFSET 0) AS records;
    undone := array(SELECT k FROM unnest(ops, keys) AS e(op, k) WHERE op = 'U');
    settled := array(
      SELECT t.key FROM unnest(ops, keys) AS e(op, k)
        CROSS JOIN LATERAL (SELECT t.key FROM ${table} AS t WHERE t.key > k || '!' AND t.key < k || '"') AS t
        WHERE op = 'G');
    paid := array(
      SELECT p[1] FROM ${table} AS t, regexp_matches(t.taken, '[+-]([^;]*) [^ ;]* -?[0-9]+;', 'g') AS p
        WHERE t.key = ANY (settled || undone));
    locks := array(SELECT DISTINCT s COLLATE "C" FROM unnest(locks || paid) AS s ORDER BY 1);
  ELSIF record <> '' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(record, 2));
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(s, 1)) FROM unnest(locks) AS s;
  -- The clock and what is read, both from after the locks.
  now := floor(extract(epoch FROM clock_timestamp()) * 1000000);
  IF record <> '' THEN
    SELECT max(t.taken) FILTER (WHERE t.key = record || ' !' || id), coalesce(bool_or(t.key = record || ' !'), false) INTO mine, is_open
      FROM ${table} AS t WHERE t.key IN (record || ' !', record || ' !' || id) AND t.stamp > now;
    IF mine = 'x' THEN RETURN 'undone'; END IF;
    IF mine IS NOT NULL THEN status := 'again';
    ELSIF mode = 'need' AND NOT is_open THEN RETURN 'gone'; END IF;
  END IF;
  WITH e AS MATERIALIZED (
    SELECT e.*, left(e.what, 1) AS op, coalesce(t.n, 0) AS n, coalesce(t.stamp, 0) AS stamp
      FROM unnest(ops, keys, maxes, windows, shares) WITH ORDINALITY AS e(what, key, max, win, share, i)
      LEFT JOIN LATERAL (
        SELECT t.n, t.stamp FROM ${table} AS t WHERE t.key = e.key AND t.n > 0 AND (t.stamp < 0 OR t.stamp > now) LIMIT 1
      ) AS t ON true
  ), d AS MATERIALIZED (
    SELECT e.*,
        op IN ('T', 'C') AND n >= CASE WHEN op = 'T' AND NOT (SELECT coalesce(bool_or(op = 'Q' AND n > 0), false) FROM e) THEN share ELSE max END AS is_full,
        CASE op WHEN 'S' THEN greatest(n, max) ELSE n + 1 END AS new_n,
        CASE WHEN stamp < 0 OR op <> 'S' AND stamp > 0 THEN stamp WHEN win = 0 THEN -now ELSE greatest(now + win * 1000, stamp) END AS new_stamp
      FROM e
  ), f AS MATERIALIZED (
    SELECT CASE WHEN status = 'ok' AND coalesce(bool_or(is_full AND strpos(what, '~') = 0), false) THEN 'full' ELSE status END AS status FROM d
  ), a AS MATERIALIZED (
    SELECT d.* FROM d, f WHERE f.status = 'ok'
  ), written AS (
    INSERT INTO ${table} AS t (key, n, stamp, taken)
      SELECT key, new_n, new_stamp, NULL FROM a WHERE op IN ('T', 'N', 'S')
      UNION ALL
      SELECT record || ' !' || id, 1, now + life * 1000,
          coalesce((SELECT string_agg(CASE WHEN strpos(what, '+') > 0 THEN '+' ELSE '-' END || key || ' ' || new_stamp || ';', '') FROM a WHERE op = 'T'), '')
        FROM f WHERE f.status = 'ok' AND record <> ''
      UNION ALL
      SELECT record || ' !', 1, now + life * 1000, id FROM f WHERE f.status = 'ok' AND mode = 'open' AND record <> '' AND NOT is_open
      ON CONFLICT (key) DO UPDATE SET n = excluded.n, stamp = excluded.stamp, taken = excluded.taken
  ), cleared AS (
    DELETE FROM ${table} AS t WHERE t.key = ANY (array(SELECT key FROM a WHERE what IN ('X', 'Cx')))
  )
  SELECT f.status || coalesce(string_agg(',' ||
      CASE WHEN f.status = 'ok' AND op IN ('T', 'N') THEN new_n || ',' || CASE WHEN new_stamp > 0 THEN (new_stamp - now + 999) / 1000 ELSE -1 END
        ELSE n || ',' || CASE WHEN stamp > 0 THEN (stamp - now + 999) / 1000 WHEN n > 0 THEN -1 ELSE 0 END END
      || CASE WHEN is_full THEN ',1' ELSE ',0' END, '' ORDER BY i), '')
    INTO answer FROM f LEFT JOIN d ON true GROUP BY f.status;
  IF cardinality(paid) > 0 AND left(answer, 2) = 'ok' THEN
    WITH due AS (
      SELECT p[2] AS key, p[3]::bigint AS stamp, count(*) AS n
        FROM ${table} AS t, regexp_matches(t.taken, '([+-])([^;]*) (-?[0-9]+);', 'g') AS p
        WHERE t.key = ANY (settled || undone) AND (p[1] = '+' OR t.key = ANY (undone)) GROUP BY 1, 2
    -- One that falls to nothing has ended, an endless one too.
    ) UPDATE ${table} AS t SET n = greatest(t.n - due.n, 0), stamp = CASE WHEN t.n > due.n THEN t.stamp ELSE abs(t.stamp) END
      FROM due WHERE t.key = due.key AND t.stamp = due.stamp AND t.key = ANY (array(SELECT due.key FROM due));
    -- What is given back goes from the record with it: once.
    UPDATE ${table} AS t SET taken = regexp_replace(t.taken, '[+][^;]*;', '', 'g') WHERE t.key = ANY (settled) AND strpos(t.taken, '+') > 0;
  END IF;
  IF cardinality(undone) > 0 THEN
    -- A step that comes after its undoing finds this.
    INSERT INTO ${table} AS t (key, n, stamp, taken)
      SELECT k, 1, now + w * 1000, 'x' FROM unnest(ops, keys, windows) AS e(op, k, w) WHERE op = 'U'
      ON CONFLICT (key) DO UPDATE SET taken = 'x', stamp = greatest(t.stamp, excluded.stamp);
    DELETE FROM ${table} AS t USING unnest(undone) AS k
      WHERE t.key = regexp_replace(k, ' ![^ ]*$', ' !') AND t.taken = substring(k FROM '!([^ ]*)$');
  END IF;
  RETURN answer;
END
$step$;
`;
}
