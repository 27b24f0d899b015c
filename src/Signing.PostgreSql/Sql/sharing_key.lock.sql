-- In the order of the ids, like all who lock several: whoever notes uses changes these rows too.
SELECT id FROM signing.sharing_key WHERE id = ANY (@ids) ORDER BY id FOR NO KEY UPDATE
