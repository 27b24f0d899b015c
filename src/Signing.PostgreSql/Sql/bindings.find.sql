-- Who has the key, and the last change that the statement has seen.
SELECT grantee, (SELECT number FROM signing.change_head) FROM signing.sharing_key_binding WHERE sharing_key_id = @sharing_key_id;
