SELECT EXISTS (SELECT FROM signing.credential WHERE parent_id = @id)
