-- The counts need no look: they follow the grants.
SELECT NOT (EXISTS (SELECT FROM signing.token_grant) OR EXISTS (SELECT FROM signing.master_key) OR EXISTS (SELECT FROM signing.sharing_key_binding));
