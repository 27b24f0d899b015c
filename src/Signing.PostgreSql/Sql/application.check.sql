-- What must hold after a change: the workspace, the credentials left behind in another one, the bundle id of another application.
SELECT EXISTS (SELECT FROM signing.workspace WHERE id = @workspace_id),
       EXISTS (SELECT FROM signing.credential WHERE application_id = @id AND workspace_id <> @workspace_id),
       EXISTS (SELECT FROM signing.application WHERE workspace_id = @workspace_id AND bundle_id = @bundle_id AND id <> @id)
