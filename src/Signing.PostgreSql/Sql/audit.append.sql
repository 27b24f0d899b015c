-- Numbers follow one another without a gap: whoever appends holds the one row of audit_head until it is committed.
WITH head AS (
    UPDATE signing.audit_head SET number = number + cardinality(@at) RETURNING number - cardinality(@at) AS number
)
INSERT INTO signing.audit (number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome, search)
SELECT head.number + event.position, event.at, event.actor, event.action, event.target, event.workspace_id, event.other_workspace_id, event.address, event.outcome, event.search
FROM head, unnest(@at, @actor, @action, @target, @workspace_id, @other_workspace_id, @address, @outcome, @search) WITH ORDINALITY
     AS event (at, actor, action, target, workspace_id, other_workspace_id, address, outcome, search, position)
