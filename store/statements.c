#include "store/statements.h"

// clang-format off
const Statement statements[ST_MAX_] = {
    [ST_BEGIN] = {"begin", "BEGIN"},
    [ST_BEGIN_SNAPSHOT] = {"snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
    [ST_COMMIT] = {"commit", "COMMIT"},
    [ST_ROLLBACK] = {"rollback", "ROLLBACK"},
    [ST_RELAXED] = {"relaxed", "SET LOCAL synchronous_commit = off"},

    /* ---- a batch, first half: lock the clusters, see what is there ---- */
    [ST_CREATE_LOCK] = {"create_lock", "SELECT pg_advisory_xact_lock(4808, 1)"},
    [ST_LOCK] = {"lock",
        "SELECT id, revision, state, name, pg_current_xact_id()::text, key_version, encrypted FROM cluster"
        " WHERE id = ANY($1::int8[]) ORDER BY id FOR UPDATE"},
    [ST_LOCK_NAMES] = {"lock_names",
        "SELECT id, revision, state, name, pg_current_xact_id()::text, key_version, encrypted FROM cluster"
        " WHERE id = ANY($1::int8[]) OR (name = ANY($2::text[]) AND state <> 2)"
        " ORDER BY id FOR UPDATE"},
    [ST_NEXT_IDS] = {"next_ids",
        "SELECT nextval('cluster_id'), pg_current_xact_id()::text FROM generate_series(1, $1::int8)"},
    [ST_KEYS] = {"keys",
        "SELECT k.nth, o.revision, o.flags"
        " FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[])"
        "      WITH ORDINALITY k(cluster, resource, ns, name, nth)"
        " JOIN object o ON o.cluster = k.cluster AND o.resource = k.resource AND o.ns = k.ns"
        "      AND o.name = k.name"},
    [ST_USED] = {"used",
        "SELECT k.nth, u.used FROM unnest($1::int8[], $2::text[]) WITH ORDINALITY k(cluster, counter, nth)"
        " JOIN usage u ON u.cluster = k.cluster AND u.counter = k.counter"},

    /* ---- second half: write what was decided ---- */
    /* Of a key that has no row: the cluster's lock is held, so nobody makes one meanwhile. Arrays are unnested in the
     * select list, where rows are taken as they come; in FROM each array would be copied first. */
    [ST_INSERT] = {"insert",
        "INSERT INTO object (cluster, resource, ns, name, revision, flags, body)"
        " SELECT unnest($1::int8[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::int8[]),"
        " unnest($6::int2[]), unnest($7::bytea[])"},
    [ST_PUT] = {"put",
        "INSERT INTO object (cluster, resource, ns, name, revision, flags, body)"
        " SELECT unnest($1::int8[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::int8[]),"
        " unnest($6::int2[]), unnest($7::bytea[])"
        " ON CONFLICT (cluster, resource, ns, name) DO UPDATE"
        " SET revision = excluded.revision, flags = excluded.flags, body = excluded.body"},
    [ST_DELETE] = {"delete",
        "DELETE FROM object o USING unnest($1::int8[], $2::text[], $3::text[], $4::text[]) k(cluster, resource, ns, name)"
        " WHERE o.cluster = k.cluster AND o.resource = k.resource AND o.ns = k.ns AND o.name = k.name"},
    [ST_HISTORY] = {"history",
        "INSERT INTO history (at, cluster, revision, type, flags, resource, ns, name, body, before)"
        " SELECT $1::int8, unnest($2::int8[]), unnest($3::int8[]), unnest($4::int2[]), unnest($5::int2[]),"
        " unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::bytea[]), unnest($10::int8[])"},
    [ST_REVISIONS] = {"revisions",
        "UPDATE cluster c SET revision = k.revision FROM unnest($1::int8[], $2::int8[]) k(id, revision)"
        " WHERE c.id = k.id"},
    [ST_PUT_USED] = {"put_used",
        "INSERT INTO usage (cluster, counter, used)"
        " SELECT * FROM unnest($1::int8[], $2::text[], $3::int8[])"
        " ON CONFLICT (cluster, counter) DO UPDATE SET used = excluded.used"},
    [ST_CLUSTER_NEW] = {"cluster_new",
        "INSERT INTO cluster (id, uid, name, state, revision, created_us, encrypted)"
        " SELECT id, uid, name, state, $7::int8, $6::int8, encrypted"
        " FROM unnest($1::int8[], $2::text[], $3::text[], $4::int2[], $5::text[]) k(id, uid, name, state, encrypted)"},
    [ST_CLUSTER_KEYS] = {"cluster_keys",
        "INSERT INTO cluster_key (cluster, wrapped, identity, provider, kek, wanted)"
        " SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::text[])"},
    [ST_KEY_ROWS] = {"key_rows",
        "SELECT cluster, wrapped, identity, provider, kek, version, older FROM cluster_key WHERE cluster = ANY($1::int8[])"},
    [ST_KEY_WANTED] = {"key_wanted",
        "UPDATE cluster_key k SET wanted = n.wanted FROM unnest($1::int8[], $2::text[]) n(cluster, wanted)"
        " WHERE k.cluster = n.cluster"},
    [ST_KEY_COUNTS] = {"key_counts",
        "SELECT provider, kek, wanted, count(*) FROM cluster_key GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"},
    /* Those that are not wrapped as they shall be: $1, $2 the providers that are well and their current keys. */
    [ST_REWRAP_PICK] = {"rewrap_pick",
        "SELECT k.cluster, k.wrapped, k.provider, k.kek, w.name FROM cluster_key k"
        " JOIN unnest($1::text[], $2::text[]) w(name, id)"
        "      ON w.name = CASE WHEN k.wanted = '' THEN $3::text ELSE k.wanted END"
        " WHERE k.cluster > $4::int8 AND (k.provider <> w.name OR k.kek <> w.id) ORDER BY k.cluster LIMIT 50"},
    [ST_REWRAP_PUT] = {"rewrap_put",
        "UPDATE cluster_key k SET wrapped = n.wrapped, provider = n.provider, kek = n.kek"
        " FROM unnest($1::int8[], $2::bytea[], $3::text[], $4::text[], $5::bytea[]) n(cluster, wrapped, provider, kek, was)"
        " WHERE k.cluster = n.cluster AND k.wrapped = n.was RETURNING k.cluster, k.provider"},
    /* ---- new data keys, and rows that are sealed anew ---- */
    /* $1: one cluster, or 0 for all. What is at its beginning already stays as it is. */
    [ST_RESEAL_WANT] = {"reseal_want",
        "INSERT INTO reseal AS r (cluster, stage, begun_us)"
        " SELECT k.cluster, 0, now_us() FROM cluster_key k JOIN cluster c ON c.id = k.cluster AND c.state <> 2"
        " WHERE $1::int8 = 0 OR k.cluster = $1::int8 ORDER BY k.cluster"
        " ON CONFLICT (cluster) DO UPDATE SET stage = 0, next_us = 0, begun_us = excluded.begun_us, total = 0, seen = 0,"
        " resealed = 0, failed = 0, error = '' WHERE r.stage > 1"},
    /* Another choice of what is encrypted: the walk begins, or begins again. */
    [ST_RESEAL_KINDS] = {"reseal_kinds",
        "WITH n AS (UPDATE cluster c SET encrypted = k.encrypted FROM unnest($1::int8[], $2::text[]) k(id, encrypted)"
        "           WHERE c.id = k.id AND c.encrypted <> k.encrypted RETURNING c.id)"
        " INSERT INTO reseal AS r (cluster, stage, begun_us) SELECT n.id, 2, now_us() FROM n"
        " ON CONFLICT (cluster) DO UPDATE SET stage = least(r.stage, 2), next_us = 0, resource = '', ns = '', name = '',"
        " revision = 0, total = 0, seen = 0, resealed = 0, failed = 0, error = ''"},
    /* The next piece of work for server $1; that of others when they have not got on for 5 s. */
    [ST_RESEAL_TAKE] = {"reseal_take",
        "WITH t AS (UPDATE reseal r SET server = $1::text, beat_us = now_us() FROM"
        "           (SELECT cluster FROM reseal WHERE (server = $1::text OR beat_us < now_us() - 5000000)"
        "            AND next_us <= now_us() ORDER BY stage DESC, cluster LIMIT 1 FOR UPDATE SKIP LOCKED) n"
        "           WHERE r.cluster = n.cluster RETURNING r.*)"
        " SELECT t.cluster, t.stage, t.resource, t.ns, t.name, t.revision, t.total, t.failed, c.key_version, c.encrypted,"
        "        k.wrapped, k.provider, k.version"
        " FROM t JOIN cluster c ON c.id = t.cluster JOIN cluster_key k ON k.cluster = t.cluster"},
    [ST_RESEAL_COUNT] = {"reseal_count", "SELECT count(*) FROM reseal"},
    /* Before rows: batches lock their clusters first, too. */
    [ST_RESEAL_LOCK] = {"reseal_lock", "SELECT id FROM cluster WHERE id = $1::int8 AND state <> 2 FOR UPDATE"},
    /* The next key, for reading. $8: the wrapping that was read; $9: how long others may take to hear of it. */
    [ST_RESEAL_ADD] = {"reseal_add",
        "WITH k AS (UPDATE cluster_key SET wrapped = $2::bytea, identity = $3::bytea, provider = $4::text, kek = $5::text,"
        "           version = $6::int8, older = $7::bytea"
        "           WHERE cluster = $1::int8 AND wrapped = $8::bytea AND version = $6::int8 - 1 RETURNING cluster)"
        " UPDATE reseal r SET stage = 1, next_us = now_us() + CASE WHEN EXISTS (SELECT 1 FROM pg_stat_activity"
        "        WHERE datname = current_database() AND application_name = 'hostplane-listen' OFFSET 1)"
        "        THEN $9::int8 ELSE 0 END FROM k WHERE r.cluster = k.cluster AND r.stage = 0 RETURNING r.cluster"},
    /* From now on it writes. */
    [ST_RESEAL_SWITCH] = {"reseal_switch",
        "WITH c AS (UPDATE cluster c SET key_version = k.version FROM cluster_key k"
        "           WHERE c.id = $1::int8 AND k.cluster = $1::int8 AND c.state <> 2 RETURNING c.id)"
        " UPDATE reseal r SET stage = 2, resource = '', ns = '', name = '', revision = 0, total = 0 FROM c"
        " WHERE r.cluster = c.id AND r.stage = 1 RETURNING r.cluster"},
    [ST_RESEAL_TOTAL] = {"reseal_total",
        "UPDATE reseal SET total = greatest(1, (SELECT count(*) FROM object WHERE cluster = $1::int8)"
        "                                      + (SELECT count(*) FROM history WHERE cluster = $1::int8)"
        "                                      + (SELECT count(*) FROM audit WHERE cluster = $1::int8))"
        " WHERE cluster = $1::int8"},
    /* What is behind a place: 100 rows, with the bodies of those that are not as they shall be, up to half a MiB. */
    [ST_RESEAL_OBJECTS] = {"reseal_objects",
        "SELECT 0::int8 AS at, revision, flags, resource, ns, name, CASE WHEN must THEN body END, must::int::int2, n FROM ("
        "  SELECT p.*, sum(CASE WHEN must THEN octet_length(body) ELSE 0 END) OVER (ORDER BY resource, ns, name)"
        "         - CASE WHEN must THEN octet_length(body) ELSE 0 END AS before, count(*) OVER () AS n FROM ("
        "    SELECT resource, ns, name, revision, flags, body,"
        "           must_reseal(flags, body, resource, $5::bytea, $6::text[], $7::text[], $8::int2) AS must"
        "    FROM object WHERE cluster = $1::int8 AND (resource, ns, name) > ($2::text, $3::text, $4::text)"
        "    ORDER BY resource, ns, name LIMIT 100) p) x WHERE before < 524288 ORDER BY resource, ns, name"},
    [ST_RESEAL_HISTORY] = {"reseal_history",
        "SELECT at, revision, flags, resource, ns, name, CASE WHEN must THEN body END, must::int::int2, n FROM ("
        "  SELECT p.*, sum(CASE WHEN must THEN octet_length(body) ELSE 0 END) OVER (ORDER BY revision)"
        "         - CASE WHEN must THEN octet_length(body) ELSE 0 END AS before, count(*) OVER () AS n FROM ("
        "    SELECT at, resource, ns, name, revision, flags, body,"
        "           must_reseal(flags, body, resource, $3::bytea, $4::text[], $5::text[], $6::int2) AS must"
        "    FROM history WHERE cluster = $1::int8 AND revision > $2::int8"
        "    ORDER BY revision LIMIT 100) p) x WHERE before < 524288 ORDER BY revision"},
    [ST_RESEAL_AUDIT] = {"reseal_audit",
        "SELECT at, seq, 0::int2, '' AS r, '' AS n, '' AS m, CASE WHEN must THEN bodies END, must::int::int2, n FROM ("
        "  SELECT p.*, sum(CASE WHEN must THEN octet_length(bodies) ELSE 0 END) OVER (ORDER BY seq)"
        "         - CASE WHEN must THEN octet_length(bodies) ELSE 0 END AS before, count(*) OVER () AS n FROM ("
        "    SELECT at, seq, bodies, bodies IS NOT NULL AND substring(bodies FROM 1 FOR length($3::bytea)) <> $3::bytea AS must"
        "    FROM audit WHERE cluster = $1::int8 AND seq > $2::int8 ORDER BY seq LIMIT 100) p) x"
        " WHERE before < 524288 ORDER BY seq"},
    /* Those that are still what was read, while the cluster is: $2 its key, $3 what it encrypts. */
    [ST_RESEAL_PUT_OBJECTS] = {"reseal_put_objects",
        "UPDATE object o SET flags = n.flags, body = n.body FROM cluster c,"
        "       unnest($4::text[], $5::text[], $6::text[], $7::int8[], $8::int2[], $9::bytea[])"
        "       n(resource, ns, name, revision, flags, body)"
        " WHERE c.id = $1::int8 AND c.key_version = $2::int8 AND c.encrypted = $3::text AND o.cluster = $1::int8"
        "       AND o.resource = n.resource AND o.ns = n.ns AND o.name = n.name AND o.revision = n.revision"},
    [ST_RESEAL_PUT_HISTORY] = {"reseal_put_history",
        "UPDATE history h SET flags = n.flags, body = n.body FROM cluster c,"
        "       unnest($4::int8[], $5::int8[], $6::int2[], $7::bytea[]) n(at, revision, flags, body)"
        " WHERE c.id = $1::int8 AND c.key_version = $2::int8 AND c.encrypted = $3::text AND h.cluster = $1::int8"
        "       AND h.at = n.at AND h.revision = n.revision"},
    [ST_RESEAL_PUT_AUDIT] = {"reseal_put_audit",
        "UPDATE audit a SET bodies = n.bodies FROM cluster c, unnest($3::int8[], $4::int8[], $5::bytea[]) n(at, seq, bodies)"
        " WHERE c.id = $1::int8 AND c.key_version = $2::int8 AND a.cluster = $1::int8 AND a.at = n.at AND a.seq = n.seq"},
    /* From stage $5 to $6; $7: resource, namespace, name; $8: revision, rows seen, sealed anew, failed. */
    [ST_RESEAL_STEP] = {"reseal_step",
        "UPDATE reseal r SET stage = $6::int2, resource = ($7::text[])[1], ns = ($7::text[])[2], name = ($7::text[])[3],"
        "       revision = ($8::int8[])[1], seen = seen + ($8::int8[])[2], resealed = resealed + ($8::int8[])[3],"
        "       failed = failed + ($8::int8[])[4], beat_us = now_us() FROM cluster c"
        " WHERE r.cluster = $1::int8 AND r.server = $4::text AND r.stage = $5::int2 AND c.id = $1::int8"
        "       AND c.key_version = $2::int8 AND c.encrypted = $3::text RETURNING r.cluster"},
    /* Nothing needs the older keys any more. */
    [ST_RESEAL_FINISH] = {"reseal_finish",
        "WITH d AS (DELETE FROM reseal r USING cluster c WHERE r.cluster = $1::int8 AND r.server = $4::text AND r.stage = 4"
        "           AND r.failed = 0 AND c.id = $1::int8 AND c.key_version = $2::int8 AND c.encrypted = $3::text"
        "           RETURNING r.cluster)"
        " UPDATE cluster_key k SET older = NULL FROM d WHERE k.cluster = d.cluster AND k.version = $2::int8"
        " RETURNING k.cluster"},
    /* It cannot go on now; $3: microseconds from now. What is in stages 3 and 4 begins again at the objects. */
    [ST_RESEAL_LATER] = {"reseal_later",
        "UPDATE reseal SET next_us = now_us() + $3::int8, error = $4::text, stage = least(stage, 2), resource = '', ns = '',"
        "       name = '', revision = 0, total = 0, seen = 0, resealed = 0, failed = 0"
        " WHERE cluster = $1::int8 AND server = $2::text"},
    /* $1: one cluster, or 0 for all; $2: 1 for those only that have something to do. */
    [ST_DATA_KEYS] = {"data_keys",
        "SELECT c.name, c.key_version, k.version, (k.older IS NOT NULL)::int::int2, c.encrypted, k.provider,"
        "       coalesce(r.stage, -1::int2), coalesce(r.begun_us, 0), coalesce(r.total, 0), coalesce(r.seen, 0),"
        "       coalesce(r.resealed, 0), coalesce(r.failed, 0), coalesce(r.error, '')"
        " FROM cluster c JOIN cluster_key k ON k.cluster = c.id LEFT JOIN reseal r ON r.cluster = c.id"
        " WHERE c.state <> 2 AND ($1::int8 = 0 OR c.id = $1::int8) AND ($2::int2 = 0 OR r.cluster IS NOT NULL)"
        " ORDER BY c.name"},
    [ST_CLUSTER_STATES] = {"cluster_states",
        "UPDATE cluster c SET state = k.state, floor = greatest(c.floor, k.floor), revision = greatest(c.revision, k.floor)"
        " FROM unnest($1::int8[], $2::int2[], $3::int8[]) k(id, state, floor) WHERE c.id = k.id"},
    [ST_CLUSTER_WIPE] = {"cluster_wipe",
        "WITH r AS (DELETE FROM reseal WHERE cluster = ANY($1::int8[]))"
        " DELETE FROM cluster_key WHERE cluster = ANY($1::int8[])"},
    [ST_NOTIFY] = {"notify", "SELECT pg_notify('hostplane', $1::text)"},
    [ST_MARK] = {"mark",
        "INSERT INTO writer_mark (server, batch) VALUES ($1::text, $2::int8)"
        " ON CONFLICT (server) DO UPDATE SET batch = excluded.batch"},
    [ST_STILL_RUNS] = {"still_runs",
        "SELECT count(*) FROM pg_stat_activity WHERE backend_xid = $1::text::xid8::xid"},
    [ST_MARKED] = {"marked", "SELECT batch FROM writer_mark WHERE server = $1::text"},

    /* ---- following other servers ---- */
    [ST_GAPS] = {"gaps",
        "SELECT h.cluster, h.revision, h.type, h.flags, h.resource, h.ns, h.name, h.body"
        " FROM unnest($1::int8[], $2::int8[], $3::int8[]) k(cluster, low, high)"
        " JOIN history h ON h.cluster = k.cluster AND h.revision > k.low AND h.revision <= k.high"
        " ORDER BY h.cluster, h.revision"},
    [ST_CLUSTERS] = {"clusters", SELECT_CLUSTERS " WHERE c.id = ANY($1::int8[])"},
    [ST_USED_OF] = {"used_of", "SELECT cluster, counter, used FROM usage WHERE cluster = ANY($1::int8[])"},
    [ST_POLL] = {"poll", "SELECT id, revision, state, key_version, floor FROM cluster"},
    [ST_PEERS] = {"peers",
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'hostplane-listen' AND pid <> pg_backend_pid()"},
    [ST_FORWARD] = {"forward",
        "UPDATE cluster c SET revision = greatest(c.revision, k.revision)"
        " FROM unnest($1::int8[], $2::int8[]) k(id, revision) WHERE c.id = k.id"},

    /* ---- reading ---- */
    [ST_LOAD_FIRST] = {"load_first",
        "SELECT c.revision, o.ns, o.name, o.revision, o.flags, o.body FROM cluster c"
        " LEFT JOIN (SELECT * FROM object WHERE cluster = $1::int8 AND resource = $2::text"
        "            ORDER BY ns, name LIMIT $3::int8) o ON true"
        " WHERE c.id = $1::int8 ORDER BY o.ns, o.name"},
    [ST_LOAD_MORE] = {"load_more",
        "SELECT 0::int8, ns, name, revision, flags, body FROM object"
        " WHERE cluster = $1::int8 AND resource = $2::text AND (ns, name) > ($4::text, $5::text)"
        " ORDER BY ns, name LIMIT $3::int8"},
    [ST_EVENTS_CHECK] = {"events_check",
        "SELECT c.revision, EXISTS (SELECT 1 FROM history h WHERE h.cluster = c.id AND h.revision = $2::int8 + 1)"
        " FROM cluster c WHERE c.id = $1::int8"},
    /* With the state before each change where that is not among the rows themselves. */
    [ST_EVENTS] = {"events",
        "SELECT h.cluster, h.revision, h.type, h.flags, h.resource, h.ns, h.name, h.body, p.revision, p.flags, p.body"
        " FROM (SELECT * FROM history WHERE cluster = $1::int8 AND revision > $2::int8 AND resource = $3::text"
        "        ORDER BY revision LIMIT $4::int8) h"
        " LEFT JOIN history p ON p.cluster = $1::int8 AND h.before <= $2::int8 AND p.revision = h.before"
        " ORDER BY h.revision"},
    /* As it was at revision $3: what has not changed since, and of what has, the newest row of history up
     * to then. A key changed since without such a row was either absent then or is older than history: that
     * is decided by the caller from the first change after $3 (an ADDED one means absent). */
    [ST_AT] = {"at",
        "SELECT o.ns, o.name, o.revision, o.flags, o.body, 0::int2 AS type, 0::int2 AS is_later FROM object o"
        "  WHERE o.cluster = $1::int8 AND o.resource = $2::text AND o.revision <= $3::int8"
        " UNION ALL"
        " SELECT l.ns, l.name, coalesce(p.revision, l.revision), coalesce(p.flags, l.flags), p.body,"
        "        coalesce(p.type, l.type), (p.revision IS NULL)::int::int2"
        "  FROM (SELECT DISTINCT ON (ns, name) ns, name, revision, type, flags FROM history"
        "         WHERE cluster = $1::int8 AND resource = $2::text AND revision > $3::int8"
        "         ORDER BY ns, name, revision) l"
        "  LEFT JOIN (SELECT DISTINCT ON (ns, name) ns, name, revision, type, flags, body FROM history"
        "         WHERE cluster = $1::int8 AND resource = $2::text AND revision <= $3::int8"
        "         ORDER BY ns, name, revision DESC) p ON p.ns = l.ns AND p.name = l.name"
        " ORDER BY 1, 2"},

    /* ---- house-keeping ---- */
    [ST_RECLAIM_PICK] = {"reclaim_pick", "SELECT id FROM cluster WHERE state = 2 ORDER BY id LIMIT 1"},
    [ST_RECLAIM_OBJECTS] = {"reclaim_objects",
        "DELETE FROM object WHERE cluster = $1::int8 AND (resource, ns, name) IN"
        " (SELECT resource, ns, name FROM object WHERE cluster = $1::int8 LIMIT 500)"},
    [ST_RECLAIM_HISTORY] = {"reclaim_history",
        "DELETE FROM history WHERE cluster = $1::int8 AND revision IN"
        " (SELECT revision FROM history WHERE cluster = $1::int8 LIMIT 500)"},
    [ST_RECLAIM_USAGE] = {"reclaim_usage", "DELETE FROM usage WHERE cluster = $1::int8"},
    [ST_RECLAIM_CLUSTER] = {"reclaim_cluster",
        "DELETE FROM cluster c WHERE id = $1::int8 AND state = 2"
        " AND NOT EXISTS (SELECT 1 FROM object o WHERE o.cluster = $1::int8)"
        " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.cluster = $1::int8)"
        " AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.cluster = $1::int8)"},
    [ST_PARTITIONS] = {"partitions",
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'history'::regclass ORDER BY c.relname"},

    /* Of each cluster $1 the rows above revision $2 and of before $3, $4 at most. Told: the revision up to which there
     * is nothing any more, when the oldest row that is left was written (0: none), and whether there is more to do. */
    [ST_TRIM] = {"trim",
        "WITH f AS MATERIALIZED ("
        "  SELECT k.cluster, k.oldest, c.revision, x.n, x.last, x.left_from, x.left_at"
        "  FROM unnest($1::int8[], $2::int8[], $3::int8[]) k(cluster, oldest, before)"
        "  JOIN cluster c ON c.id = k.cluster"
        "  CROSS JOIN LATERAL (SELECT count(*) AS n, max(y.revision) FILTER (WHERE y.at < k.before) AS last,"
        "      min(y.revision) FILTER (WHERE y.at >= k.before) AS left_from,"
        "      min(y.at) FILTER (WHERE y.at >= k.before) AS left_at"
        "      FROM (SELECT h.revision, h.at FROM history h WHERE h.cluster = k.cluster AND h.revision > k.oldest"
        "            ORDER BY h.revision LIMIT $4::int8) y) x),"
        " gone AS (DELETE FROM history h USING f"
        "          WHERE h.cluster = f.cluster AND h.revision > f.oldest AND h.revision <= f.last)"
        " SELECT cluster, CASE WHEN left_from > coalesce(last, 0) THEN left_from - 1"
        "                      WHEN last IS NOT NULL AND (n = $4::int8 OR left_from IS NOT NULL) THEN last"
        "                      ELSE revision END,"
        "        coalesce(left_at, 0), (n = $4::int8 AND left_from IS NULL)::int::int2 FROM f"},

    /* ---- metering ---- */
    [ST_METER] = {"meter",
        "INSERT INTO meter_change (cluster, counter, at_us, used)"
        " SELECT cluster, counter, $1::int8, used"
        " FROM unnest($2::int8[], $3::text[], $4::int8[]) k(cluster, counter, used)"},
    /* A suspended tenant keeps its storage and nothing else, a deleted one nothing. */
    [ST_METER_STATES] = {"meter_states",
        "INSERT INTO meter_change (cluster, counter, at_us, used)"
        " SELECT k.id, u.counter, $1::int8,"
        "        CASE WHEN k.state IN (0, 3) OR (k.state = 1 AND u.counter = 'storage') THEN u.used ELSE 0 END"
        " FROM unnest($2::int8[], $3::int2[]) k(id, state) JOIN usage u ON u.cluster = k.id"
        "      AND u.counter IN ('cpu', 'memory', 'pods', 'storage')"},
    [ST_METER_NAMES] = {"meter_names",
        "INSERT INTO meter_tenant (cluster, name, uid, deleted_us)"
        " SELECT id, name, uid, $1::int8 FROM cluster WHERE id = ANY($2::int8[])"},
    [ST_METER_ADD] = {"meter_add",
        "INSERT INTO meter_traffic (hour, cluster, counter, amount)"
        " SELECT $1::int8, * FROM unnest($2::int8[], $3::text[], $4::int8[])"
        " ON CONFLICT (hour, cluster, counter) DO UPDATE SET amount = meter_traffic.amount + excluded.amount"},
    /* $3: one tenant's name, or ''; $4: 1 for sums over all hours; $5: now */
    [ST_METER_READ] = {"meter_read",
        "SELECT x.hour, x.name, x.uid, x.counter,"
        "       (CASE WHEN x.counter = 'cpu' THEN round(x.amount / 1000000000, 3)"
        "             WHEN x.counter = 'pods' THEN round(x.amount / 1000000, 3)"
        "             WHEN x.counter IN ('memory', 'storage') THEN round(x.amount / 1000000)"
        "             ELSE x.amount END)::text"
        " FROM (SELECT CASE WHEN $4::int2 = 1 THEN 0 ELSE d.hour END AS hour, coalesce(t.name, c.name) AS name,"
        "              coalesce(t.uid, c.uid) AS uid, d.counter, sum(d.amount) AS amount"
        "       FROM (SELECT hour, cluster, counter, amount FROM meter_hour WHERE hour BETWEEN $1::int8 AND $2::int8"
        "             UNION ALL"
        "             SELECT hour, cluster, counter, amount FROM meter_derive("
        "                 greatest($1::int8, coalesce((SELECT max(hour) + 1 FROM meter_closed), 0)), $2::int8, $5::int8)"
        "             UNION ALL"
        "             SELECT hour, cluster, counter, amount::numeric FROM meter_traffic"
        "             WHERE hour BETWEEN $1::int8 AND $2::int8) d"
        "       LEFT JOIN meter_tenant t ON t.cluster = d.cluster LEFT JOIN cluster c ON c.id = d.cluster"
        "       GROUP BY 1, 2, 3, 4) x"
        " WHERE x.name IS NOT NULL AND ($3::text = '' OR x.name = $3::text) ORDER BY 1, 2, 3, 4"},
    [ST_METER_CLOSE] = {"meter_close",
        "WITH next AS (SELECT coalesce((SELECT max(hour) + 1 FROM meter_closed),"
        "                              (SELECT min(at_us) / 3600000000 FROM meter_change)) AS first),"
        " part AS (SELECT first, least($1::int8, first + 23) AS last FROM next WHERE first <= $1::int8),"
        " kept AS (INSERT INTO meter_hour (hour, cluster, counter, amount)"
        "          SELECT d.* FROM part, meter_derive(part.first, part.last, (part.last + 1) * 3600000000) d)"
        " INSERT INTO meter_closed (hour) SELECT generate_series(first, last) FROM part"},
    [ST_METER_PURGE] = {"meter_purge",
        "WITH until AS (SELECT least($1::int8, (SELECT max(hour) FROM meter_closed) * 3600000000) AS us)"
        " DELETE FROM meter_change m USING until WHERE m.at_us < until.us AND EXISTS (SELECT 1 FROM meter_change n"
        " WHERE n.cluster = m.cluster AND n.counter = m.counter AND n.at_us < until.us"
        "       AND (n.at_us, n.seq) > (m.at_us, m.seq))"},

    /* ---- the audit log ---- */
    [ST_AUDIT_HEADS] = {"audit_heads", 
        "SELECT h.cluster, h.seq, h.hash, CASE WHEN h.cluster = ANY($2::int8[]) THEN"
        " (SELECT coalesce(sum(d.bytes), 0)::int8 FROM audit_day d WHERE d.cluster = h.cluster) ELSE -1 END"
        " FROM audit_head h WHERE h.cluster = ANY($1::int8[])"},
    [ST_AUDIT_PUT] = {"audit_put",
        "INSERT INTO audit (at, cluster, seq, username, verb, resource, ns, event, bodies, hash)"
        " SELECT $1::int8, * FROM unnest($2::int8[], $3::int8[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[],"
        " $8::bytea[], $9::bytea[], $10::bytea[])"},
    [ST_AUDIT_PUT_HEADS] = {"audit_put_heads",
        "WITH d AS (INSERT INTO audit_day (cluster, day, bytes) SELECT x.cluster, $5::int8, x.bytes"
        "             FROM unnest($1::int8[], $4::int8[]) AS x (cluster, bytes)"
        "           ON CONFLICT (cluster, day) DO UPDATE SET bytes = audit_day.bytes + excluded.bytes)"
        "INSERT INTO audit_head (cluster, seq, hash) SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[])"
        " ON CONFLICT (cluster) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"},
    /* $6..$9: '' for all. What is too much for one answer is cut off, but for the first row. */
    [ST_AUDIT_READ] = {"audit_read",
        "SELECT x.seq, x.hash, x.event, x.bodies, x.n FROM ("
        "  SELECT p.*, count(*) OVER () AS n,"
        "         sum(octet_length(event) + coalesce(octet_length(bodies), 0)) OVER (ORDER BY seq)"
        "         - octet_length(event) - coalesce(octet_length(bodies), 0) AS before FROM ("
        "    SELECT seq, hash, event, bodies FROM audit WHERE cluster = $1::int8 AND seq > $2::int8"
        "           AND at >= $4::int8 AND at < $5::int8"
        "           AND ($6::bytea = '' OR username = $6::bytea) AND ($7::bytea = '' OR verb = $7::bytea)"
        "           AND ($8::bytea = '' OR resource = $8::bytea) AND ($9::bytea = '' OR ns = $9::bytea)"
        "    ORDER BY seq LIMIT $3::int8 + 1) p) x"
        " WHERE x.before = 0 OR x.before < 8388608 ORDER BY x.seq LIMIT $3::int8"},
    [ST_AUDIT_ENDS] = {"audit_ends",
        "SELECT h.seq, h.hash, s.seq, s.hash, (SELECT coalesce(sum(d.bytes), 0)::int8 FROM audit_day d WHERE d.cluster = h.cluster)"
        " FROM audit_head h LEFT JOIN audit_start s ON s.cluster = h.cluster"
        " WHERE h.cluster = $1::int8"},
    [ST_AUDIT_CHECKPOINTS] = {"audit_checkpoints",
        "SELECT token FROM audit_checkpoint WHERE cluster = $1::int8 ORDER BY seq DESC LIMIT $2::int8"},
    [ST_AUDIT_CHECKPOINT] = {"audit_checkpoint",
        "INSERT INTO audit_checkpoint (cluster, seq, at, token) VALUES ($1::int8, $2::int8, $3::int8, $4::text)"
        " ON CONFLICT (cluster, seq) DO NOTHING"},
    [ST_AUDIT_PARTITIONS] = {"audit_partitions",
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'audit'::regclass ORDER BY c.relname"},
    /* Before partitions with rows of before $1 go. */
    [ST_AUDIT_STARTS] = {"audit_starts",
        "INSERT INTO audit_start (cluster, seq, hash)"
        " SELECT DISTINCT ON (cluster) cluster, seq, hash FROM audit WHERE at < $1::int8 ORDER BY cluster, seq DESC"
        " ON CONFLICT (cluster) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
        " WHERE excluded.seq > audit_start.seq"},
    [ST_AUDIT_FORGET] = {"audit_forget",
        "WITH d AS (DELETE FROM audit_day WHERE day < $1::int8 / 86400)"
        "DELETE FROM audit_checkpoint c USING audit_start s WHERE s.cluster = c.cluster AND c.seq < s.seq"},
    [ST_RECLAIM_AUDIT] = {"reclaim_audit",
        "DELETE FROM audit WHERE cluster = $1::int8 AND seq IN"
        " (SELECT seq FROM audit WHERE cluster = $1::int8 LIMIT 500)"},
    [ST_RECLAIM_AUDIT_ENDS] = {"reclaim_audit_ends",
        "WITH a AS (DELETE FROM audit_head WHERE cluster = $1::int8), b AS (DELETE FROM audit_start WHERE cluster = $1::int8),"
        " d AS (DELETE FROM audit_day WHERE cluster = $1::int8)"
        " DELETE FROM audit_checkpoint WHERE cluster = $1::int8"},
};
// clang-format on
