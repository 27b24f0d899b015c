DELETE FROM signing.sharing_key WHERE id = @id
