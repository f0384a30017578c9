-- How many bytes of a cluster's audit log were written each day (of 86,400 s since 1970). Days go with their partition. docs: docs/audit.md
CREATE TABLE audit_day (
    cluster bigint NOT NULL,
    day     bigint NOT NULL,
    bytes   bigint NOT NULL,
    PRIMARY KEY (cluster, day)
) WITH (fillfactor = 50);

INSERT INTO audit_day (cluster, day, bytes)
SELECT cluster, at / 86400, sum(octet_length(event) + coalesce(octet_length(bodies), 0) + 200) FROM audit GROUP BY 1, 2;
