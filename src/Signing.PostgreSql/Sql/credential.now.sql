SELECT coalesce(@now, transaction_timestamp())
