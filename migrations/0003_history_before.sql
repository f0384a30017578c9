-- The revision of the object's state before the change, where there was one: what a watch with a selector needs to
-- tell whether the object left what it selects. Rows of before this migration do not say.
ALTER TABLE history ADD COLUMN before bigint;
