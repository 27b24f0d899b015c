-- Slots are emptied only after minutes of claims: whether this user may is asked before.
SELECT bool_and(has_table_privilege(slot.oid, 'TRUNCATE')) FROM pg_class AS slot
WHERE slot.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'signing.claim'::regclass);
