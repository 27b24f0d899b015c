SELECT EXISTS (SELECT FROM signing.workspace WHERE id = @grantor_workspace_id),
       EXISTS (SELECT FROM signing.sharing_key WHERE hash = @hash AND id <> @id)
