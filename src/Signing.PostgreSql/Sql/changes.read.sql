-- The number of the last change, the first note of the one that the asker knew last, and the notes of all later ones. By
-- that first note it is seen whether what the asker knew ever happened here: a restored copy may have another history.
-- Every node asks this again and again, so its estimate stays low: one row of change_head, which the planner takes for
-- thousands until it is told, and one range of change. Else the server compiles it each time, which takes longer than all else.
SELECT head.number, change.number, change.kind, change.subject, change.at, extract(epoch FROM clock_timestamp() - change.at)::double precision
FROM (SELECT number FROM signing.change_head LIMIT 1) AS head
LEFT JOIN signing.change
    ON change.number >= least(@applied, head.number)
    AND (change.number > least(@applied, head.number) OR change.part = 1)
ORDER BY change.number, change.part;
