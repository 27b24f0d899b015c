-- What is checked when it is committed is checked now.
SET CONSTRAINTS ALL IMMEDIATE
