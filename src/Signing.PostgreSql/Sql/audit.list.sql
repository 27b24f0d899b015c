SELECT number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome
FROM signing.audit
WHERE (@before::bigint IS NULL OR number < @before) AND (@text::text IS NULL OR strpos(search, @text) > 0)
ORDER BY number DESC LIMIT @limit
