-- What must hold after a change: its application, its parent, what the parent may do, what its tokens may do (3 is revoked), its name, its Key and hashes.
SELECT EXISTS (SELECT FROM signing.application WHERE id = @application_id AND workspace_id = @workspace_id),
       @parent_id::text IS NULL OR EXISTS (SELECT FROM signing.credential WHERE id = @parent_id AND id <> @id AND kind = 1 AND workspace_id = @workspace_id),
       EXISTS (SELECT FROM signing.credential WHERE id = @parent_id AND NOT @scopes <@ scopes),
       EXISTS (SELECT FROM signing.credential WHERE parent_id = @id AND status <> 3 AND NOT scopes <@ @scopes),
       EXISTS (SELECT FROM signing.credential WHERE workspace_id = @workspace_id AND name_key = @name_key AND id <> @id),
       EXISTS (SELECT FROM signing.credential WHERE key = @key AND id <> @id)
    OR EXISTS (SELECT FROM signing.credential_secret WHERE hash = ANY (@hashes) AND credential_id <> @id)
