SELECT number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome
FROM signing.audit
WHERE (@before::bigint IS NULL OR number < @before) AND (@text::text IS NULL OR strpos(search, @text) > 0)
  AND (@application::text IS NULL OR target = @application OR target IN (SELECT id FROM signing.credential WHERE application_id = @application))
ORDER BY number DESC LIMIT @limit
