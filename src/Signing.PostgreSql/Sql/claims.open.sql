-- Empties slots, and lets later times be claimed.
SELECT signing.clear_claims(@slots);
UPDATE signing.claim_memory SET cleared = @cleared WHERE cleared < @cleared;
UPDATE signing.claim_mark SET horizon = @horizon WHERE horizon < @horizon;
