DELETE FROM signing.credential WHERE id = @id
