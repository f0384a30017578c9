-- What a tenant stores is counted by rows: '#RESOURCE' of each kind, 'objects' and 'bytes' (blocks of 512) of all.
-- A sealed body is longer than its text by 30 bytes and the uid, whose length is its second byte. What pods ask for beyond cpu,
-- memory and their number is counted from now on.
DELETE FROM usage WHERE counter IN ('objects', 'configmaps', 'secrets', 'services');
INSERT INTO usage (cluster, counter, used)
    SELECT cluster, '#' || resource, count(*) FROM object
    WHERE cluster <> 1 AND flags & 1 = 0 AND (resource NOT LIKE 'internal/%' OR resource = 'internal/nodeoverlays')
    GROUP BY cluster, resource;
INSERT INTO usage (cluster, counter, used)
    SELECT cluster, 'objects', sum(used) FROM usage WHERE counter LIKE '#%' GROUP BY cluster;
INSERT INTO usage (cluster, counter, used)
    SELECT cluster, 'bytes', sum((octet_length(body) - CASE WHEN flags & 2 = 2 THEN 30 + get_byte(body, 1) ELSE 0 END + 511) / 512 * 512)
    FROM object WHERE cluster <> 1 AND flags & 1 = 0 GROUP BY cluster;
