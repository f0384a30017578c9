-- Which kinds of a cluster are encrypted beside Secrets: storage names, "GROUP/*" and "*", parted by blanks. It stands
-- where each batch looks while it locks the cluster, so that nothing is written in the older form once it has changed.
ALTER TABLE cluster ADD COLUMN encrypted text COLLATE "C" NOT NULL DEFAULT '';

-- Clusters whose rows are to be sealed anew, and how far that is. stage: 0 a new data key is wanted, 1 it can be read with
-- and nothing is written with it yet, 2 objects, 3 history, 4 the audit log. server, beat_us: who does it, and when it last got on.
CREATE TABLE reseal (
    cluster   bigint PRIMARY KEY,
    stage     smallint NOT NULL,
    server    text COLLATE "C" NOT NULL DEFAULT '',
    beat_us   bigint NOT NULL DEFAULT 0,
    next_us   bigint NOT NULL DEFAULT 0, -- not before
    begun_us  bigint NOT NULL,
    resource  text COLLATE "C" NOT NULL DEFAULT '', -- done up to here
    ns        text COLLATE "C" NOT NULL DEFAULT '',
    name      text COLLATE "C" NOT NULL DEFAULT '',
    revision  bigint NOT NULL DEFAULT 0,
    total     bigint NOT NULL DEFAULT 0, -- rows, counted at the start
    seen      bigint NOT NULL DEFAULT 0,
    resealed  bigint NOT NULL DEFAULT 0,
    failed    bigint NOT NULL DEFAULT 0,
    error     text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);

-- Now, in microseconds.
CREATE FUNCTION now_us() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8 $$;

-- Is a row not as it shall be? header: how bodies begin that the writing key has sealed; names, groups ("apps/", "" for the
-- core), is_all: the kinds that are encrypted.
CREATE FUNCTION must_reseal(flags smallint, body bytea, resource text, header bytea, names text[], groups text[],
                            is_all smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT body IS NOT NULL AND flags & 1 = 0 AND
          CASE WHEN is_all = 1 OR resource = ANY (names) OR left(resource, strpos(resource, '/')) = ANY (groups)
               THEN flags & 2 = 0 OR substring(body FROM 1 FOR length(header)) <> header
               ELSE flags & 2 <> 0 END $$;
