-- The store's tables. docs: store/README.md

-- One row a cluster. `revision` is the number of its last write and changes with every commit, so the
-- row is small and its page has room for HOT updates; what is wide stands in cluster_key.
CREATE SEQUENCE cluster_id AS bigint START 2; -- 1 is `host`
CREATE TABLE cluster (
    id         bigint PRIMARY KEY,
    uid        text COLLATE "C" NOT NULL,
    name       text COLLATE "C" NOT NULL,
    state      smallint NOT NULL, -- 0 active, 1 suspended, 2 deleting
    revision   bigint NOT NULL,
    created_us bigint NOT NULL
) WITH (fillfactor = 40);
CREATE UNIQUE INDEX cluster_name ON cluster (name) WHERE state <> 2;
CREATE INDEX cluster_deleting ON cluster (id) WHERE state = 2;

-- The data key, wrapped by the key-encryption key, and what it encrypts first. Deleted with the cluster
-- at once: nothing that is left behind can be read.
CREATE TABLE cluster_key (
    cluster  bigint PRIMARY KEY,
    wrapped  bytea NOT NULL,
    identity bytea NOT NULL
);
ALTER TABLE cluster_key ALTER wrapped SET STORAGE EXTERNAL, ALTER identity SET STORAGE EXTERNAL;

-- The current state of every object. flags: 1 tombstone of a base object, 2 body is encrypted.
CREATE TABLE object (
    cluster  bigint NOT NULL,
    resource text COLLATE "C" NOT NULL,
    ns       text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    flags    smallint NOT NULL,
    body     bytea,
    PRIMARY KEY (cluster, resource, ns, name)
) PARTITION BY HASH (cluster);
ALTER TABLE object ALTER body SET STORAGE EXTERNAL;

-- Every change, append-only: exactly one row a revision of a cluster. `at` (seconds since 1970) chooses the
-- partition; old ones are dropped whole. type: 0 added, 1 modified, 2 deleted.
CREATE TABLE history (
    at       bigint NOT NULL,
    cluster  bigint NOT NULL,
    revision bigint NOT NULL,
    type     smallint NOT NULL,
    flags    smallint NOT NULL,
    resource text COLLATE "C" NOT NULL,
    ns       text COLLATE "C" NOT NULL,
    name     text COLLATE "C" NOT NULL,
    body     bytea
) PARTITION BY RANGE (at);
ALTER TABLE history ALTER body SET STORAGE EXTERNAL;
CREATE INDEX history_key ON history (cluster, revision);

-- What a cluster has in use of each limited thing; changed in the transaction of the write it belongs to.
CREATE TABLE usage (
    cluster bigint NOT NULL,
    counter text COLLATE "C" NOT NULL,
    used    bigint NOT NULL,
    PRIMARY KEY (cluster, counter)
) WITH (fillfactor = 50);

DO $$
BEGIN
    FOR i IN 0..7 LOOP
        EXECUTE format('CREATE TABLE object_%s PARTITION OF object FOR VALUES WITH (MODULUS 8, REMAINDER %s)'
                       ' WITH (fillfactor = 70, toast_tuple_target = 8160)', i, i);
    END LOOP;
    -- Takes what no other partition takes, so that a clock that jumps never stops writes.
    EXECUTE 'CREATE TABLE history_rest PARTITION OF history DEFAULT WITH (toast_tuple_target = 8160)';
END $$;
