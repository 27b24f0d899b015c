DELETE FROM signing.application WHERE id = @id
