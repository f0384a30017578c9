-- Where each data key is wrapped, so that there can be several key-encryption keys and several providers of them.
-- provider: who wrapped it ('': the file of keys, as servers of before did it); kek: that provider's id of the key ('':
-- not noted). wanted: who shall wrap it ('': the server's default). version: of the data key; older: those of before,
-- encrypted with it, for as long as rows need them.
ALTER TABLE cluster_key
    ADD COLUMN provider text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN kek      text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN wanted   text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN version  bigint NOT NULL DEFAULT 1,
    ADD COLUMN older    bytea;
CREATE INDEX cluster_key_kek ON cluster_key (provider, kek);
-- The version again where each batch looks while it locks the cluster: nothing is written with a key that was replaced.
ALTER TABLE cluster ADD COLUMN key_version bigint NOT NULL DEFAULT 1;
