-- The client's count first and one part's after it, as everybody takes them, each only below its limit; then the row.
-- Whoever has not got all three rolls back, and with it lets go of what it has waited for in vain: a part that was full
-- meanwhile would be held while another one is waited for, and two such logins would wait for each other.
-- A client holds a quarter at most, so that its endless logins cannot lock out the others, and no more than half of what is
-- free, so that it takes dozens of such clients. Where nothing is free, there is no part, whoever asks.
WITH held_by_all AS (
    SELECT sum(count) AS count FROM signing.token_grant_part
), client AS (
    INSERT INTO signing.token_grant_client AS held (client_key, count) VALUES (@client_key, 1)
    ON CONFLICT (client_key) DO UPDATE SET count = held.count + 1
    WHERE held.count < greatest(1, least(@capacity / 4, (@capacity - (SELECT count FROM held_by_all)) / 2))
        OR @capacity <= (SELECT count FROM held_by_all)
    RETURNING held.count
), place AS (
    SELECT part FROM signing.token_grant_part
    WHERE count < @capacity / 16 + CASE WHEN part < @capacity % 16 THEN 1 ELSE 0 END AND EXISTS (SELECT FROM client)
    ORDER BY (part - @start + 16) % 16
    LIMIT 1
), counted AS (
    UPDATE signing.token_grant_part AS p SET count = p.count + 1 FROM place
    WHERE p.part = place.part AND p.count < @capacity / 16 + CASE WHEN p.part < @capacity % 16 THEN 1 ELSE 0 END
    RETURNING p.part
), stored AS (
    INSERT INTO signing.token_grant (id, client_key, credential_id, application_id, acting_workspace_id, workspace_id, sharing_key_id, scopes, sequence, key_version,
        issued, rotated_at, access_expires, refresh_expires, is_used, revoked_at, revoked_for, forget_at, part)
    SELECT @id, @client_key, @credential_id, @application_id, @acting_workspace_id, @workspace_id, @sharing_key_id, @scopes, @sequence, @key_version,
        @issued, @rotated_at, @access_expires, @refresh_expires, @is_used, @revoked_at, @revoked_for, greatest(@access_expires, @refresh_expires), counted.part
    FROM counted
    ON CONFLICT (id) DO NOTHING
    RETURNING id
)
SELECT EXISTS (SELECT FROM stored), EXISTS (SELECT FROM client), EXISTS (SELECT FROM place) AND NOT EXISTS (SELECT FROM counted);
