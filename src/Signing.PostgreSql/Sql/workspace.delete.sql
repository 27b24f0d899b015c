DELETE FROM signing.workspace WHERE id = @id
