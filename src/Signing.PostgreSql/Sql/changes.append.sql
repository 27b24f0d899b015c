-- Numbers a change, keeps its notes, and tells every node that listens. The row of change_head stays locked until the
-- transaction ends, so that numbers become visible in their order.
WITH head AS (
    UPDATE signing.change_head SET number = number + 1 RETURNING number
), kept AS (
    INSERT INTO signing.change (number, part, at, kind, subject)
    SELECT head.number, note.part, clock_timestamp(), note.kind, note.subject
    FROM head, unnest(@kinds::smallint[], @subjects::text[]) WITH ORDINALITY AS note (kind, subject, part)
), forgotten AS (
    DELETE FROM signing.change WHERE number <= (SELECT number FROM head) - 10000
)
SELECT head.number, pg_notify(@channel, head.number::text) FROM head;
