SELECT EXISTS (SELECT FROM signing.credential WHERE application_id = @id)
