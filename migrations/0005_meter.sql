-- What tenants are billed by. docs: docs/metering.md

-- What a tenant had in use of what is billed, each time it changed; written with the change. 0 while it is suspended
-- and from when it is deleted. seq orders what happened within a microsecond.
CREATE TABLE meter_change (
    cluster bigint NOT NULL,
    counter text COLLATE "C" NOT NULL, -- cpu (milli), memory, storage (bytes), pods
    at_us   bigint NOT NULL,
    seq     bigint GENERATED ALWAYS AS IDENTITY,
    used    bigint NOT NULL
);
CREATE INDEX meter_change_key ON meter_change (cluster, counter, at_us, seq);
CREATE INDEX meter_change_at ON meter_change (at_us);

-- Names of tenants that are no more.
CREATE TABLE meter_tenant (
    cluster    bigint PRIMARY KEY,
    name       text COLLATE "C" NOT NULL,
    uid        text COLLATE "C" NOT NULL,
    deleted_us bigint NOT NULL
);

-- Hours (since 1970) that are over, derived from the changes once; amount is in the counter's unit times microseconds.
CREATE TABLE meter_closed (hour bigint PRIMARY KEY);
CREATE TABLE meter_hour (
    hour    bigint NOT NULL,
    cluster bigint NOT NULL,
    counter text COLLATE "C" NOT NULL,
    amount  numeric NOT NULL,
    PRIMARY KEY (hour, cluster, counter)
);

-- Requests and bytes, which leave no history: added up by the servers every few seconds.
CREATE TABLE meter_traffic (
    hour    bigint NOT NULL,
    cluster bigint NOT NULL,
    counter text COLLATE "C" NOT NULL,
    amount  bigint NOT NULL,
    PRIMARY KEY (hour, cluster, counter)
);

CREATE FUNCTION meter_derive(first bigint, last bigint, until_us bigint)
RETURNS TABLE (hour bigint, cluster bigint, counter text, amount numeric) LANGUAGE sql STABLE AS $$
    WITH points AS (
        SELECT s.cluster, s.counter, first * 3600000000 AS at_us, s.seq, s.used FROM (
            SELECT DISTINCT ON (m.cluster, m.counter) m.cluster, m.counter, m.seq, m.used FROM meter_change m
            WHERE m.at_us <= first * 3600000000
            ORDER BY m.cluster, m.counter, m.at_us DESC, m.seq DESC) s
        UNION ALL
        SELECT m.cluster, m.counter, m.at_us, m.seq, m.used FROM meter_change m
        WHERE m.at_us > first * 3600000000 AND m.at_us < (last + 1) * 3600000000
    ), spans AS (
        SELECT p.cluster, p.counter, p.used, p.at_us AS from_us,
               lead(p.at_us, 1, least(until_us, (last + 1) * 3600000000))
                   OVER (PARTITION BY p.cluster, p.counter ORDER BY p.at_us, p.seq) AS to_us
        FROM points p
    )
    SELECT h, s.cluster, s.counter,
           sum(s.used::numeric * (least(s.to_us, (h + 1) * 3600000000) - greatest(s.from_us, h * 3600000000)))
    FROM spans s
    JOIN generate_series(first, last) h ON s.from_us < (h + 1) * 3600000000 AND s.to_us > h * 3600000000
    WHERE s.used <> 0 AND s.to_us > s.from_us
    GROUP BY 1, 2, 3
$$;

INSERT INTO meter_change (cluster, counter, at_us, used)
    SELECT u.cluster, u.counter, (extract(epoch FROM now()) * 1000000)::bigint, u.used
    FROM usage u JOIN cluster c ON c.id = u.cluster AND c.state = 0
    WHERE u.counter IN ('cpu', 'memory', 'pods', 'storage') AND u.used <> 0;
