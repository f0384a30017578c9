-- The audit log. docs: docs/audit.md

-- One row a record; seq has no gaps within a cluster, hash chains each row to the one before (audit/chain.h). `at` (seconds
-- since 1970) chooses the partition; old ones are dropped whole. What readers select by stands apart, as bytes: it is what clients sent.
CREATE TABLE audit (
    at       bigint NOT NULL,
    cluster  bigint NOT NULL,
    seq      bigint NOT NULL,
    username bytea NOT NULL,
    verb     bytea NOT NULL,
    resource bytea NOT NULL,
    ns       bytea NOT NULL,
    event    bytea NOT NULL,
    bodies   bytea,
    hash     bytea NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX audit_key ON audit (cluster, seq);

-- The newest record of each cluster; read and written under the lock of the cluster's row.
CREATE TABLE audit_head (
    cluster bigint PRIMARY KEY,
    seq     bigint NOT NULL,
    hash    bytea NOT NULL
) WITH (fillfactor = 50);

-- The newest record of each cluster that went with a partition: where verification begins.
CREATE TABLE audit_start (
    cluster bigint PRIMARY KEY,
    seq     bigint NOT NULL,
    hash    bytea NOT NULL
);

-- Heads as they were signed with the cluster's token key.
CREATE TABLE audit_checkpoint (
    cluster bigint NOT NULL,
    seq     bigint NOT NULL,
    at      bigint NOT NULL,
    token   text COLLATE "C" NOT NULL,
    PRIMARY KEY (cluster, seq)
);

DO $$
BEGIN
    EXECUTE 'CREATE TABLE audit_rest PARTITION OF audit DEFAULT';
END $$;
