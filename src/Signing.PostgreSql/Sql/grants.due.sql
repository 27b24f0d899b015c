SELECT EXISTS (SELECT FROM signing.token_grant WHERE forget_at <= coalesce(@now, clock_timestamp()));
