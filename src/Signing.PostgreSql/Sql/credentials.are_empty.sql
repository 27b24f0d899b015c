-- An event is appended without the lock of all writers: from now on nobody numbers one.
SELECT number = 0 AND NOT (EXISTS (SELECT FROM signing.workspace) OR EXISTS (SELECT FROM signing.application) OR EXISTS (SELECT FROM signing.credential)
    OR EXISTS (SELECT FROM signing.sharing_key))
FROM signing.audit_head FOR UPDATE
