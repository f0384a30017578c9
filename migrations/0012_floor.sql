-- A tenant's objects came here from another cluster: versions up to this one are that cluster's, and revisions begin
-- behind it, so that nobody goes on from them.
ALTER TABLE cluster ADD COLUMN floor bigint NOT NULL DEFAULT 0;
