-- Bodies are compressed where that makes a row of more than 2 KB shorter, and stay in their row up to 8 KB: half of what a
-- write costs PostgreSQL is pages. The parts of a key never leave the row. Rows that are there stay as they are; new
-- partitions of history are made like their parent. lz4, unless this PostgreSQL was built without it.
DO $$
DECLARE
    t record;
    has_lz4 boolean;
BEGIN
    LOCK TABLE object, history IN ACCESS EXCLUSIVE MODE; -- parents before their parts, as who reads and writes them has it
    SELECT 'lz4' = ANY (enumvals) INTO has_lz4 FROM pg_settings WHERE name = 'default_toast_compression';
    FOR t IN SELECT oid::regclass AS name, relkind FROM pg_class
             WHERE oid IN ('object'::regclass, 'history'::regclass)
                OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent IN ('object'::regclass, 'history'::regclass))
             ORDER BY relname DESC
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER resource SET STORAGE MAIN, ALTER ns SET STORAGE MAIN, ALTER name SET STORAGE MAIN,'
                       ' ALTER body SET STORAGE MAIN', t.name);
        IF has_lz4 THEN
            EXECUTE format('ALTER TABLE %s ALTER body SET COMPRESSION lz4', t.name);
        END IF;
        IF t.relkind = 'r' THEN
            EXECUTE format('ALTER TABLE %s RESET (toast_tuple_target)', t.name);
        END IF;
    END LOOP;
END $$;
