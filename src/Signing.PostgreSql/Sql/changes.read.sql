-- The number of the last change, the first note of the one that the asker knew last, and the notes of all later ones. By
-- that first note it is seen whether what the asker knew ever happened here: a restored copy may have another history.
SELECT head.number, change.number, change.kind, change.subject, change.at, extract(epoch FROM clock_timestamp() - change.at)::double precision
FROM signing.change_head AS head
LEFT JOIN signing.change
    ON change.number > least(@applied, head.number)
    OR (change.number = least(@applied, head.number) AND change.part = 1)
ORDER BY change.number, change.part;
