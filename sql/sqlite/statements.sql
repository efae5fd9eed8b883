-- Every statement that the store runs, each under its name; prepared once, all
-- values bound. A block begins with `-- name: x` and ends at the next one.

-- name: batch_add
INSERT INTO batch (known, actor, source, note, hash) VALUES (?1, ?2, ?3, ?4, ?5)
-- name: batch_note
UPDATE batch SET note = ?2 WHERE id = ?1
-- name: batch_scan
SELECT id, known, actor, source, note, hash FROM batch WHERE id > ?1 ORDER BY id
-- name: batch_known
SELECT known FROM batch WHERE id = ?1

-- name: meta_get
SELECT value FROM meta WHERE name = ?1

-- name: series_get
SELECT id FROM series WHERE owner = ?1 AND quantity = ?2 AND role = ?3 AND exponent = ?4 AND step_min = ?5
-- name: series_add
INSERT INTO series (owner, quantity, role, exponent, step_min) VALUES (?1, ?2, ?3, ?4, ?5)
-- name: series_scan
SELECT id, owner, quantity, role, exponent, step_min FROM series ORDER BY id

-- name: day_last
SELECT day, series FROM day ORDER BY day DESC, series DESC LIMIT 1
-- name: day_get
SELECT batch, v FROM day WHERE day = ?1 AND series = ?2
-- name: day_get_known
SELECT d.batch, d.v FROM day AS d JOIN batch AS b ON b.id = d.batch
 WHERE d.day = ?1 AND d.series = ?2 AND b.known <= ?3
-- name: day_was_known
SELECT w.batch, w.v FROM day_was AS w JOIN batch AS b ON b.id = w.batch
 WHERE w.day = ?1 AND w.series = ?2 AND b.known <= ?3 ORDER BY w.batch DESC LIMIT 1
-- name: day_insert
INSERT INTO day (day, series, batch, v) VALUES (?1, ?2, ?3, ?4)
-- name: day_update
UPDATE day SET batch = ?3, v = ?4 WHERE day = ?1 AND series = ?2
-- name: day_keep
INSERT INTO day_was (day, series, batch, v) VALUES (?1, ?2, ?3, ?4)
-- name: days_all
SELECT day, series, batch, v FROM day WHERE day >= ?1 AND day < ?2 ORDER BY day, series
-- name: day_span
SELECT (SELECT min(day) FROM day), (SELECT max(day) FROM day)
-- name: day_has
SELECT 1 FROM day WHERE day = ?1 AND series = ?2
-- name: day_next
SELECT min(day) FROM day WHERE day >= ?1
-- name: day_before
SELECT max(day) FROM day WHERE day <= ?1
-- name: day_blocks
SELECT 'day', d.day, d.series, d.v, s.step_min, b.id FROM day AS d LEFT JOIN series AS s ON s.id = d.series LEFT JOIN batch AS b ON b.id = d.batch
 UNION ALL
SELECT 'day_was', d.day, d.series, d.v, s.step_min, b.id FROM day_was AS d LEFT JOIN series AS s ON s.id = d.series LEFT JOIN batch AS b ON b.id = d.batch

-- name: period_latest
SELECT p.batch, p.quality, p.energy_wh, p.max_w, b.known FROM period AS p JOIN batch AS b ON b.id = p.batch
 WHERE p.point = ?1 AND p.quantity = ?2 AND p.day_from = ?3 AND p.day_to = ?4 ORDER BY p.batch DESC LIMIT 1
-- name: period_add
INSERT INTO period (point, quantity, day_from, day_to, batch, quality, energy_wh, max_w)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
-- name: period_drop
DELETE FROM period WHERE point = ?1 AND quantity = ?2 AND day_from = ?3 AND day_to = ?4 AND batch = ?5
-- name: period_scan
SELECT p.point, p.quantity, p.day_from, p.day_to, p.quality, p.energy_wh, p.max_w, max(p.batch)
  FROM period AS p JOIN batch AS b ON b.id = p.batch
 WHERE p.day_from < ?3 AND p.day_to > ?2 AND b.known <= ?4
 GROUP BY p.point, p.quantity, p.day_from, p.day_to ORDER BY p.point, p.quantity, p.day_from, p.day_to
-- name: period_scan_point
SELECT p.point, p.quantity, p.day_from, p.day_to, p.quality, p.energy_wh, p.max_w, max(p.batch)
  FROM period AS p JOIN batch AS b ON b.id = p.batch
 WHERE p.point = ?1 AND p.day_from < ?3 AND p.day_to > ?2 AND b.known <= ?4
 GROUP BY p.point, p.quantity, p.day_from, p.day_to ORDER BY p.point, p.quantity, p.day_from, p.day_to

-- name: session_get
SELECT charger, depart, need_wh FROM session WHERE vehicle = ?1 AND arrive = ?2
-- name: session_set
INSERT INTO session (vehicle, arrive, charger, depart, need_wh, batch) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (vehicle, arrive) DO UPDATE SET charger = ?3, depart = ?4, need_wh = ?5, batch = ?6
-- name: session_scan
SELECT vehicle, charger, arrive, depart, need_wh FROM session WHERE arrive < ?2 AND depart > ?1
 ORDER BY arrive, vehicle

-- name: model_latest
SELECT m.hash, m.text, u.batch FROM model_use AS u JOIN model AS m ON m.hash = u.hash ORDER BY u.id DESC LIMIT 1
-- name: model_get
SELECT m.hash, m.text, u.batch FROM model AS m JOIN model_use AS u ON u.hash = m.hash
 WHERE m.hash = ?1 ORDER BY u.id DESC LIMIT 1
-- name: model_add
INSERT INTO model (hash, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING
-- name: model_use
INSERT INTO model_use (hash, batch) VALUES (?1, ?2)

-- name: record_latest
SELECT kind, id, version, batch, json FROM record WHERE kind = ?1 AND id = ?2 ORDER BY version DESC LIMIT 1
-- name: record_all
SELECT kind, id, max(version), batch, json FROM record WHERE kind = ?1 GROUP BY kind, id ORDER BY id
-- name: record_versions
SELECT kind, id, version, batch, json FROM record WHERE kind = ?1 AND id = ?2 ORDER BY version
-- name: record_add
INSERT INTO record (kind, id, version, batch, json) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: record_newest
SELECT kind, id, max(version), batch, json FROM record WHERE kind = ?1 AND id < ?2 GROUP BY kind, id ORDER BY id DESC

-- name: secret_one
SELECT kind, id, 1, batch, json FROM secret WHERE kind = ?1 AND id = ?2
-- name: secret_all
SELECT kind, id, 1, batch, json FROM secret WHERE kind = ?1 ORDER BY id
-- name: secret_set
INSERT INTO secret (kind, id, batch, json) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (kind, id) DO UPDATE SET batch = ?3, json = ?4
-- name: secret_drop
DELETE FROM secret WHERE kind = ?1 AND id = ?2

-- name: entry_head
SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1
-- name: entry_add
INSERT INTO entry (seq, batch, day, from_account, to_account, unit, kind, ref, amount, slots, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
-- name: entry_scan
SELECT seq, batch, day, from_account, to_account, unit, kind, ref, amount, slots, hash
  FROM entry WHERE seq > ?1 ORDER BY seq
-- name: entry_days
SELECT seq, batch, day, from_account, to_account, unit, kind, ref, amount, slots, hash
  FROM entry INDEXED BY entry_by_day WHERE day >= ?1 AND day < ?2 ORDER BY day, seq
-- name: entry_ref
SELECT seq, batch, day, from_account, to_account, unit, kind, ref, amount, slots, hash
  FROM entry INDEXED BY entry_by_ref WHERE ref = ?1 ORDER BY seq
-- name: entry_count
SELECT count(*), coalesce(max(seq), 0) FROM entry

-- name: entry_indexes
SELECT (SELECT count(*) FROM entry NOT INDEXED), (SELECT count(*) FROM entry INDEXED BY entry_by_day WHERE day > -9223372036854775807),
       (SELECT count(*) FROM entry INDEXED BY entry_by_ref WHERE ref >= '')

-- name: balance_get
SELECT total, slots FROM balance WHERE day = ?1 AND account = ?2 AND unit = ?3
-- name: balance_set
INSERT INTO balance (day, account, unit, total, slots) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (day, account, unit) DO UPDATE SET total = ?4, slots = ?5
-- name: balance_add
INSERT INTO balance (day, account, unit, total) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (day, account, unit) DO UPDATE SET total = total + ?4
-- name: balance_add_16
INSERT INTO balance (day, account, unit, total)
VALUES (?1, ?2, ?3, ?4), (?5, ?6, ?7, ?8), (?9, ?10, ?11, ?12), (?13, ?14, ?15, ?16),
       (?17, ?18, ?19, ?20), (?21, ?22, ?23, ?24), (?25, ?26, ?27, ?28), (?29, ?30, ?31, ?32),
       (?33, ?34, ?35, ?36), (?37, ?38, ?39, ?40), (?41, ?42, ?43, ?44), (?45, ?46, ?47, ?48),
       (?49, ?50, ?51, ?52), (?53, ?54, ?55, ?56), (?57, ?58, ?59, ?60), (?61, ?62, ?63, ?64)
    ON CONFLICT (day, account, unit) DO UPDATE SET total = total + excluded.total
-- name: balance_new
INSERT INTO balance (day, account, unit, total, slots) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (day, account, unit) DO NOTHING
-- name: balance_scan
SELECT day, account, unit, total, slots FROM balance WHERE day >= ?1 AND day <= ?2 ORDER BY day, account, unit
-- name: balance_wrong
SELECT account, unit, day, total FROM (
    SELECT account, unit, day, total, 0 AS moved FROM balance
     UNION ALL SELECT to_account, unit, day, 0, amount FROM entry
     UNION ALL SELECT from_account, unit, day, 0, -amount FROM entry
     UNION ALL SELECT to_account, unit, 2147483647, 0, amount FROM entry
     UNION ALL SELECT from_account, unit, 2147483647, 0, -amount FROM entry)
 GROUP BY account, unit, day HAVING sum(total) <> sum(moved)

-- name: person_put
INSERT INTO person (id, batch, sealed) VALUES (?1, ?2, ?3)
    ON CONFLICT (id) DO UPDATE SET batch = ?2, sealed = ?3
-- name: person_scan
SELECT id, batch, sealed FROM person WHERE ?1 = '' OR id = ?1 ORDER BY id

-- name: begin
BEGIN IMMEDIATE
-- name: commit
COMMIT
-- name: rollback
ROLLBACK
-- name: snapshot
BEGIN
-- name: look
SELECT count(*) FROM sqlite_schema
-- name: data_version
PRAGMA data_version
-- name: integrity
PRAGMA integrity_check
-- name: quick
PRAGMA quick_check
