-- A cluster is born at revision 2: what it is born with has it, and revision 1 is too old for every watch.
UPDATE cluster SET revision = 2 WHERE revision < 2;
