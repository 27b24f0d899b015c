SELECT coalesce(@now, clock_timestamp())
