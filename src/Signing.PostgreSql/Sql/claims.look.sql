-- Says which signatures of a batch are claimed, and claims none: for keys and nodes at their limit.
SELECT asked.place
FROM unnest(@slots, @fingerprints) WITH ORDINALITY AS asked (slot, fingerprint, place)
WHERE (SELECT true FROM signing.claim WHERE claim.slot = asked.slot AND claim.fingerprint = asked.fingerprint LIMIT 1);
