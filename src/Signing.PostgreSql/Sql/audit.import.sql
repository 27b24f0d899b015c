-- With the numbers that they have; the next event goes on from the last one.
WITH head AS (
    UPDATE signing.audit_head SET number = greatest(number, @last)
)
INSERT INTO signing.audit (number, at, actor, action, target, workspace_id, other_workspace_id, address, outcome, search)
SELECT * FROM unnest(@number, @at, @actor, @action, @target, @workspace_id, @other_workspace_id, @address, @outcome, @search)
