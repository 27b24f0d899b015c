SELECT EXISTS (SELECT FROM signing.application WHERE workspace_id = @id)
    OR EXISTS (SELECT FROM signing.sharing_key WHERE grantor_workspace_id = @id)
