-- As application.tally, for the applications of workspaces, which are not used themselves.
SELECT owner.id, (SELECT count(*)::int FROM signing.application WHERE workspace_id = owner.id), NULL::timestamptz, NULL::text
FROM unnest(@ids) AS owner (id)
