UPDATE signing.token_grant_part AS p SET count = p.count - gone.count
FROM (SELECT part, count(*) AS count FROM unnest(@parts) AS part GROUP BY part) AS gone
WHERE p.part = gone.part;
