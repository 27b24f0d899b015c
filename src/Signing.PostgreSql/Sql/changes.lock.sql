-- One writer at a time: what must be unique or exist is judged by rows that nobody else is changing.
SELECT number FROM signing.change_head FOR UPDATE;
