-- The newest of each workspace by its index, then the newest of these; an event of two of them stands there once.
SELECT number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome
FROM unnest(@workspaces) AS workspace (id) CROSS JOIN LATERAL (
    (SELECT * FROM signing.audit WHERE workspace_id = workspace.id AND (@before::bigint IS NULL OR number < @before) AND (@text::text IS NULL OR strpos(search, @text) > 0)
     AND (@application::text IS NULL OR target = @application OR target IN (SELECT id FROM signing.credential WHERE application_id = @application))
     ORDER BY number DESC LIMIT @limit)
    UNION ALL
    (SELECT * FROM signing.audit WHERE other_workspace_id = workspace.id AND (@before::bigint IS NULL OR number < @before) AND (@text::text IS NULL OR strpos(search, @text) > 0)
     AND (@application::text IS NULL OR target = @application OR target IN (SELECT id FROM signing.credential WHERE application_id = @application))
     ORDER BY number DESC LIMIT @limit)
) AS event
GROUP BY number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome
ORDER BY number DESC LIMIT @limit
