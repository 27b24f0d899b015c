UPDATE signing.token_grant_client AS held SET count = held.count - gone.count
FROM (SELECT client_key, count(*) AS count FROM unnest(@clients) AS client_key GROUP BY client_key) AS gone
WHERE held.client_key = gone.client_key;
DELETE FROM signing.token_grant_client WHERE client_key = ANY (@clients) AND count = 0;
