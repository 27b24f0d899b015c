-- What is remembered, and the time; without a memory all but the horizon and the time are null.
SELECT memory.floor, memory.cleared, memory.width, memory.length, mark.horizon,
       floor(extract(epoch FROM coalesce(@now, clock_timestamp())))::bigint AS second
FROM signing.claim_mark AS mark
LEFT JOIN signing.claim_memory AS memory ON memory.home = memory.tableoid AND memory.started = pg_postmaster_start_time()
    AND memory.base = (SELECT oid FROM pg_database WHERE datname = current_database());
