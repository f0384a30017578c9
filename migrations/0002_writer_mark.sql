-- The last batch each server has committed: how it finds out whether a COMMIT happened whose answer was lost. A
-- transaction id does not tell: after a crash the same number may be given to another transaction.
CREATE TABLE writer_mark (
    server text COLLATE "C" PRIMARY KEY,
    batch  bigint NOT NULL
) WITH (fillfactor = 10);
