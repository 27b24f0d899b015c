-- The counts that logins keep up to date, for rows that were imported.
INSERT INTO signing.token_grant_client (client_key, count) SELECT client_key, count(*) FROM signing.token_grant GROUP BY client_key;
UPDATE signing.token_grant_part AS p SET count = (SELECT count(*) FROM signing.token_grant AS g WHERE g.part = p.part);
