-- The first end of all, by its index. A condition on a clock that goes on meanwhile would look at every row, at each login.
SELECT (SELECT min(forget_at) FROM signing.token_grant) <= coalesce(@now, clock_timestamp());
